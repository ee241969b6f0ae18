//! The cells of a row, and how a line without quotes is cut into them.

use wide::u8x16;

use crate::ingest::dialect::Dialect;

/// Bytes that are looked at together.
const BLOCK: usize = 16;
/// Stands between cells that were put in one by one, as a delimiter stands between those of a line.
const BETWEEN: u8 = b',';

/// The cells of a row.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Cells {
    /// One after the other, with one byte between two.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Whether anything in it is NUL or no ASCII: one look at a row is quicker than one at each cell.
    is_special: bool,
}

impl Cells {
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.is_special = false;
    }

    pub fn push(&mut self, cell: &[u8]) {
        if !self.ends.is_empty() {
            self.text.push(BETWEEN);
        }
        self.text.extend_from_slice(cell);
        self.ends.push(self.text.len());
        // Of 0 and of what is not ASCII, the byte or the one before it has the highest bit.
        self.is_special |= cell.iter().fold(0, |bits, byte| bits | byte | byte.wrapping_sub(1)) >= 0x80;
    }

    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all cells and between them.
    pub const fn size(&self) -> usize {
        self.text.len()
    }

    #[inline]
    pub fn get(&self, place: usize) -> Option<&[u8]> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        self.text.get(start..end)
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Whether all is ASCII without NUL.
    pub const fn is_plain(&self) -> bool {
        !self.is_special
    }

    /// Takes the cells of a line without its end. False where a quote or a carriage return is in it: what its cells are is
    /// for the CSV reader to say.
    #[inline]
    pub fn cut(&mut self, line: &[u8], signs: &Signs) -> bool {
        self.clear();
        self.text.extend_from_slice(line);
        // No sign ends a line, so what fills the last block is none.
        self.text.resize(line.len().next_multiple_of(BLOCK), b'\n');
        let (mut special, mut high) = (u8x16::ZERO, u8x16::ZERO);
        for (place, block) in self.text.as_chunks::<BLOCK>().0.iter().enumerate() {
            let bytes = u8x16::new(*block);
            special |= bytes.simd_eq(signs.quote) | bytes.simd_eq(signs.carriage_return);
            high |= bytes | (bytes - u8x16::ONE);
            push_places(&mut self.ends, place * BLOCK, bytes.simd_eq(signs.delimiter).to_bitmask());
        }
        self.text.truncate(line.len());
        self.ends.push(line.len());
        self.is_special = high.to_bitmask() != 0;
        special.to_bitmask() == 0
    }
}

/// The places of the bits that are set, from `first` on.
#[inline]
fn push_places(places: &mut Vec<usize>, first: usize, mut bits: u32) {
    while bits != 0 {
        places.push(first + bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// What cuts a line, sixteen times each.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    delimiter: u8x16,
    quote: u8x16,
    carriage_return: u8x16,
}

impl Signs {
    pub const fn of(dialect: Dialect) -> Self {
        Self {
            delimiter: u8x16::splat(dialect.delimiter),
            quote: u8x16::splat(dialect.quote),
            carriage_return: u8x16::splat(b'\r'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> (Vec<String>, bool, bool) {
        let mut cells = Cells::default();
        let is_whole = cells.cut(line.as_bytes(), &Signs::of(Dialect { delimiter: b';', quote: b'"' }));
        let texts = cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        (texts, is_whole, cells.is_plain())
    }

    #[test]
    fn delimiters_cut_at_every_place_of_a_block() {
        for length in 0..70 {
            for place in 0..=length {
                let (before, behind) = ("a".repeat(place), "b".repeat(length - place));
                assert_eq!(cut(&format!("{before};{behind}")), (vec![before, behind], true, true));
            }
        }
        assert_eq!(cut(";;").0, ["", "", ""]);
        assert_eq!(cut("one").0, ["one"]);
    }

    #[test]
    fn quotes_and_carriage_returns_are_for_the_csv_reader() {
        for filled in 0..40 {
            let before = "x".repeat(filled);
            assert!(!cut(&format!("{before}\"")).1 && !cut(&format!("{before}\ra")).1 && cut(&format!("{before}'")).1);
        }
    }

    #[test]
    fn plain_is_ascii_without_nul_however_the_cells_came() {
        for (text, is_plain) in
            [("a;b", true), ("a;\u{7f}", true), ("a\0;b", false), ("a;Caf\u{e9}", false), ("", true)]
        {
            assert_eq!(cut(text).2, is_plain, "{text}");
            let mut cells = Cells::default();
            text.split(';').for_each(|cell| cells.push(cell.as_bytes()));
            assert_eq!(cells.is_plain(), is_plain, "{text}");
        }
    }

    #[test]
    fn cells_that_are_put_in_are_there() {
        let mut cells = Cells::default();
        cells.push(b"");
        cells.push(b"a,b");
        cells.push(b"");
        assert_eq!(cells.iter().collect::<Vec<_>>(), [b"".as_slice(), b"a,b", b""]);
        assert_eq!((cells.len(), cells.get(1), cells.get(3)), (3, Some(b"a,b".as_slice()), None));
        cells.clear();
        assert_eq!((cells.len(), cells.get(0)), (0, None));
    }
}
