//! The compound files of older spreadsheets, as far as it takes to know what opening one would hold. Their reader follows
//! chains of sectors without asking whether they end, believes the lengths that it is told, and lays every sheet out as a
//! rectangle up to its farthest cell.

use std::collections::BTreeMap;

use crate::ingest::biff::{Book, farthest, long, short};

const HEADER: usize = 512;
const ENTRY: usize = 128;
const SMALL: usize = 64;
/// Shorter streams lie in the small sectors of the root's stream.
const SHORT: usize = 4_096;
const LAST: u32 = 0xFFFF_FFFE;
/// From here on numbers of sectors are signs.
const SIGNS: u32 = 0xFFFF_FFFA;
/// Sheets of a workbook: a person does not page through more.
const MOST_SHEETS: usize = 1_024;
/// Bytes of a cell as it is gathered, and of its place in the rectangle, with that of its formula.
const CELL: u64 = 40;
const PLACE: u64 = 56;

/// Bytes that a reader of the workbook holds; `None` where the file is damaged, or made to have no end.
pub fn held(bytes: &[u8]) -> Option<u64> {
    let workbook = Compound::of(bytes)?.workbook()?;
    let book = Book::of(&workbook);
    if book.sheets.len() > MOST_SHEETS {
        return None;
    }
    let mut known = BTreeMap::new();
    let mut held = 0_u64;
    for begin in book.sheets {
        let sheet = *known.entry(begin).or_insert_with(|| farthest(workbook.get(begin..).unwrap_or_default()));
        held = held
            .saturating_add(sheet.places.saturating_mul(PLACE))
            .saturating_add(sheet.announced.saturating_mul(CELL));
    }
    Some(held)
}

struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector behind each sector.
    next: Vec<u32>,
    small_next: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
}

/// A stream, or a folder of them.
struct Entry {
    name: String,
    first: u32,
    length: usize,
}

impl<'a> Compound<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector = match short(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut file =
            Self { bytes, sector, next: Vec::new(), small_next: Vec::new(), small: Vec::new(), entries: Vec::new() };
        file.next = file.table()?;
        let folder = file.chain(long(bytes, 48)?, usize::MAX)?;
        file.entries = folder.chunks_exact(ENTRY).map(|entry| Entry::of(entry, sector)).collect::<Option<_>>()?;
        // A stream longer than its file goes round in circles.
        if file.entries.iter().any(|entry| entry.length > bytes.len()) {
            return None;
        }
        let small_sectors = long(bytes, 64)? as usize;
        if small_sectors > file.sectors() {
            return None;
        }
        if small_sectors > 0 {
            let root = file.entries.first()?;
            file.small = file.chain(root.first, root.length)?;
            file.small_next = numbers(&file.chain(long(bytes, 60)?, small_sectors * sector)?);
        }
        Some(file)
    }

    const fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn sector(&self, place: u32) -> Option<&'a [u8]> {
        let begin = self.sector.checked_mul(place as usize + 1)?;
        let end = begin.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(begin..end)
    }

    /// The table of what follows each sector; its own sectors are listed in the header, and then in a chain of lists.
    fn table(&self) -> Option<Vec<u32>> {
        let mut listed = numbers(self.bytes.get(76..HEADER)?);
        let mut list = long(self.bytes, 68)?;
        while list < SIGNS {
            listed.extend(numbers(self.sector(list)?));
            list = listed.pop()?;
            if listed.len() > self.sectors() + HEADER {
                return None;
            }
        }
        let mut table = Vec::new();
        for place in listed.into_iter().filter(|place| *place < SIGNS) {
            table.extend(numbers(self.sector(place)?));
        }
        Some(table)
    }

    /// The bytes of a chain of sectors, as many as are asked for; it has to end.
    fn chain(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        follow(first, &self.next, length, self.sectors(), |place| self.sector(place))
    }

    fn small_chain(&self, first: u32, length: usize) -> Option<Vec<u8>> {
        let small = |place: u32| {
            let begin = (place as usize).checked_mul(SMALL)?;
            self.small.get(begin..self.small.len().min(begin.checked_add(SMALL)?))
        };
        follow(first, &self.small_next, length, self.small.len() / SMALL, small)
    }

    /// The stream of the workbook.
    fn workbook(&self) -> Option<Vec<u8>> {
        let named = |name: &str| self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let entry = named("Workbook").or_else(|| named("Book"))?;
        match entry.length {
            length if length < SHORT => self.small_chain(entry.first, length),
            length => self.chain(entry.first, length),
        }
    }
}

/// Puts sectors together, each followed by the one that the table names, until there are enough bytes or the chain ends.
fn follow<'a>(
    first: u32,
    next: &[u32],
    length: usize,
    most: usize,
    sector: impl Fn(u32) -> Option<&'a [u8]>,
) -> Option<Vec<u8>> {
    let (mut place, mut chain) = (first, Vec::new());
    for _ in 0..=most {
        if place == LAST || chain.len() >= length {
            chain.truncate(length);
            return Some(chain);
        }
        chain.extend_from_slice(sector(place)?);
        // A chain that is long enough need not be continued in the table.
        place = next.get(place as usize).copied().unwrap_or(LAST);
    }
    None
}

impl Entry {
    /// Folders and unused places have no length.
    fn of(bytes: &[u8], sector: usize) -> Option<Self> {
        let letters: Vec<u16> = bytes.get(..64)?.chunks_exact(2).filter_map(|pair| short(pair, 0)).collect();
        let name = letters.into_iter().take_while(|letter| *letter != 0).collect::<Vec<_>>();
        let length = match (*bytes.get(66)?, sector) {
            (0 | 1, _) => 0,
            // The upper half is noise in files with small sectors.
            (_, 512) => long(bytes, 120)? as usize,
            _ => usize::try_from(u64::from_le_bytes(*bytes.get(120..)?.first_chunk()?)).ok()?,
        };
        Some(Self { name: String::from_utf16_lossy(&name), first: long(bytes, 116)?, length })
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|number| long(number, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &[u8] = include_bytes!("../../tests/corpus/xls_plain/Auszug.xls");

    fn with(place: usize, bytes: &[u8]) -> Vec<u8> {
        let mut file = PLAIN.to_vec();
        file[place..place + bytes.len()].copy_from_slice(bytes);
        file
    }

    #[test]
    fn an_honest_workbook_takes_little() {
        assert!(held(PLAIN).is_some_and(|held| held < 1 << 20), "{:?}", held(PLAIN));
    }

    #[test]
    fn a_folder_that_goes_round_in_circles_is_damaged() {
        let folder = long(PLAIN, 48).unwrap();
        let table = long(PLAIN, 76).unwrap() as usize;
        let place = 512 * (table + 1) + 4 * folder as usize;
        assert_eq!(held(&with(place, &folder.to_le_bytes())), None);
    }

    #[test]
    fn a_stream_longer_than_its_file_is_damaged() {
        let root = 512 * (long(PLAIN, 48).unwrap() as usize + 1);
        assert_eq!(held(&with(root + 120, &u32::MAX.to_le_bytes())), None);
    }

    #[test]
    fn what_is_cut_anywhere_is_damaged_or_small() {
        for length in (0..PLAIN.len()).step_by(97) {
            assert!(held(&PLAIN[..length]).is_none_or(|held| held < 1 << 20), "{length}");
        }
    }
}
