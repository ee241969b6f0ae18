//! What it would take to open a spreadsheet, found out before one is opened: its reader holds it as a whole, and a small
//! file can ask for any amount of memory.

use std::io::{self, Cursor, Read as _};

use zip::ZipArchive;

use crate::ingest::compound;
use crate::ingest::content::Content;
use crate::ingest::discover::Export;
use crate::model::failure::{Failure, Result};

/// The shares of the memory limit that may be taken: by the file, by what it unpacks to, by the texts that its cells
/// share, and by its cells.
const OF_FILE: u64 = 4;
const OF_UNPACKED: u64 = 4;
const OF_TEXTS: u64 = 16;
const OF_CELLS: u64 = 2;

/// Refuses a spreadsheet that is too large for the memory limit as a file.
pub fn require_file_fits(export: &Export, bytes: u64, memory: u64) -> Result<()> {
    if bytes <= memory / OF_FILE { Ok(()) } else { Err(too_large(export, &format!("it has {bytes} bytes"), memory)) }
}

/// Refuses a spreadsheet that asks for too much of the memory limit when it is opened.
pub fn require_fits(export: &Export, bytes: &[u8], memory: u64) -> Result<()> {
    match Content::of(bytes) {
        Content::Zip => match excess(bytes, memory / OF_UNPACKED, memory / OF_TEXTS) {
            Some(excess) => Err(too_large(export, &excess, memory)),
            None => Ok(()),
        },
        Content::Compound => match compound::held(bytes) {
            Some(held) if held <= memory / OF_CELLS => Ok(()),
            Some(_) => Err(too_large(export, "its sheets span too many cells", memory)),
            None => Err(Failure::data(format!("{}: the spreadsheet is damaged or has a password", export.name))
                .hint("open it in a spreadsheet program and save it again as XLSX, without a password")),
        },
        _ => Ok(()),
    }
}

/// Counts what the cells of a sheet take while they are gathered.
pub struct Weight {
    gathered: u64,
    most: u64,
}

impl Weight {
    /// A cell with its place, and its share of the rectangle that all of them are laid out in later.
    const CELL: u64 = 40;
    const PLACE: u64 = 32;

    pub const fn within(memory: u64) -> Self {
        Self { gathered: 0, most: memory / OF_CELLS }
    }

    /// Takes in one more cell with a text of so many bytes.
    pub const fn add(&mut self, text: usize) {
        self.gathered = self.gathered.saturating_add(Self::CELL).saturating_add(text as u64);
    }

    /// Whether the cells are too much, laid out in a rectangle that ends in this row and column, both counted from 0.
    pub fn is_too_much(&self, row: u32, column: u32) -> bool {
        let places = (u64::from(row) + 1).saturating_mul(u64::from(column) + 1);
        self.gathered.saturating_add(places.saturating_mul(Self::PLACE)) > self.most
    }
}

/// The failure for a spreadsheet that the memory limit does not allow.
pub fn too_large(export: &Export, why: &str, memory: u64) -> Failure {
    let limit = memory >> 20;
    Failure::data(format!("{}: the spreadsheet is too large for a memory limit of {limit} MiB: {why}", export.name))
        .hint("export it as CSV or Parquet, which are read row by row, or raise resources.memory_limit")
}

/// What is too much about an archive. The sizes that it declares are believed only if they are too large: its entries are
/// unpacked once to nowhere, up to the limit.
fn excess(bytes: &[u8], most: u64, most_texts: u64) -> Option<String> {
    // What is no archive is refused by its reader.
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let too_much = || format!("it unpacks to more than {} MiB", most >> 20);
    if archive.decompressed_size().is_some_and(|declared| declared > u128::from(most)) {
        return Some(too_much());
    }
    let mut total = 0;
    for place in 0..archive.len() {
        let Ok(entry) = archive.by_index(place) else { continue };
        let holds_texts = entry.name_raw().to_ascii_lowercase().windows(13).any(|part| part == b"sharedstrings");
        let limit = if holds_texts { most_texts } else { most };
        let mut counted = Counted::default();
        // A damaged entry is refused by its reader, which holds no more of it than was unpacked here.
        let _ = io::copy(&mut entry.take(limit + 1), &mut counted);
        total += counted.bytes;
        if holds_texts && counted.bytes > most_texts {
            return Some(format!("the texts of its cells unpack to more than {} MiB", most_texts >> 20));
        }
        if total > most {
            return Some(too_much());
        }
    }
    None
}

/// Counts what is written to it.
#[derive(Default)]
struct Counted {
    bytes: u64,
}

impl io::Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.bytes += buffer.len() as u64;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::model::source::Source;

    const MIB: u64 = 1 << 20;

    fn archive(entries: &[(&str, usize)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&vec![b'x'; *bytes]).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn refusal(bytes: &[u8]) -> Option<String> {
        let export = Export { source: Source::Sales, path: "a.xlsx".into(), name: "a.xlsx".into(), is_ascii: false };
        require_fits(&export, bytes, 64 * MIB).err().map(|failure| failure.message)
    }

    #[test]
    fn what_fits_is_let_through() {
        assert_eq!(
            refusal(&archive(&[("xl/worksheets/sheet1.xml", 15 << 20), ("xl/sharedStrings.xml", 1 << 10)])),
            None
        );
        assert_eq!(refusal(b"PK\x03\x04 and nothing more"), None);
    }

    #[test]
    fn an_archive_that_unpacks_to_too_much_is_refused() {
        let bomb = archive(&[("xl/worksheets/sheet1.xml", 17 << 20)]);
        assert!(bomb.len() < 1 << 17, "{}", bomb.len());
        let said = refusal(&bomb).unwrap();
        assert_eq!(
            said,
            "a.xlsx: the spreadsheet is too large for a memory limit of 64 MiB: it unpacks to more than 16 MiB"
        );
        let many: Vec<_> = (0..20).map(|place| format!("xl/worksheets/sheet{place}.xml")).collect();
        let many: Vec<_> = many.iter().map(|name| (name.as_str(), 1 << 20)).collect();
        assert!(refusal(&archive(&many)).is_some());
        assert!(refusal(&archive(&[("xl/sharedStrings.xml", 5 << 20)])).unwrap().contains("the texts of its cells"));
    }

    #[test]
    fn a_declared_size_that_is_too_small_hides_nothing() {
        let mut bomb = archive(&[("xl/worksheets/sheet1.xml", 17 << 20)]);
        let size = u32::to_le_bytes(17 << 20);
        let places: Vec<usize> = (0..bomb.len() - 4).filter(|place| bomb[*place..place + 4] == size).collect();
        assert!(!places.is_empty());
        places.into_iter().for_each(|place| bomb[place..place + 4].copy_from_slice(&7_u32.to_le_bytes()));
        // Spreadsheets are unpacked by the same library, which goes no further than the size declared.
        let mut counted = Counted::default();
        let _ = io::copy(&mut ZipArchive::new(Cursor::new(bomb)).unwrap().by_index(0).unwrap(), &mut counted);
        assert!(counted.bytes <= 16 << 20, "{} bytes", counted.bytes);
    }

    #[test]
    fn cells_weigh_by_their_number_their_texts_and_the_farthest() {
        let mut weight = Weight::within(2_000);
        weight.add(500);
        assert!(!weight.is_too_much(0, 9));
        assert!(weight.is_too_much(0, 15));
        weight.add(500);
        assert!(weight.is_too_much(0, 0));
        assert!(Weight::within(u64::MAX).is_too_much(u32::MAX, u32::MAX));
    }
}
