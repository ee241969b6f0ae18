//! The records of an older workbook, as far as it takes to know where its sheets are and how far their cells lie apart.

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const SHEET: u16 = 0x0085;
const EXTENT: u16 = 0x0200;
const ROW_OF_NUMBERS: u16 = 0x00BD;
/// Records of cells begin with their row and their column.
const CELLS: [u16; 8] = [0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, ROW_OF_NUMBERS];

/// Where the sheets of a workbook begin in its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    pub sheets: Vec<usize>,
}

/// How many cells a reader makes room for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Of the rectangle around all cells that there are.
    pub places: u64,
    /// As the sheet says itself.
    pub announced: u64,
}

impl Book {
    pub fn of(stream: &[u8]) -> Self {
        let globals = Records { stream }.take_while(|(kind, _)| *kind != END);
        let sheets = globals.filter(|(kind, _)| *kind == SHEET).filter_map(|(_, data)| long(data, 0));
        Self { sheets: sheets.map(|begin| begin as usize).collect() }
    }
}

/// The extent of the sheet that begins here.
pub fn farthest(stream: &[u8]) -> Extent {
    let (mut rows, mut columns) = (Span::default(), Span::default());
    let (mut announced, mut depth) = (0, 0_u32);
    for (kind, data) in (Records { stream }) {
        match kind {
            // Charts lie within sheets and end by the same sign.
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            EXTENT => announced = announced.max(cells_of(data).unwrap_or_default()),
            kind if CELLS.contains(&kind) => {
                rows.take_in(short(data, 0));
                columns.take_in(short(data, 2));
                let is_row = kind == ROW_OF_NUMBERS;
                columns.take_in(data.len().checked_sub(2).filter(|_| is_row).and_then(|place| short(data, place)));
            }
            _ => {}
        }
    }
    Extent { places: rows.width() * columns.width(), announced }
}

/// The number of cells that a sheet announces: first and last row, first and last column.
fn cells_of(data: &[u8]) -> Option<u64> {
    let (rows, columns) = match data.len() {
        10 => (u64::from(short(data, 2)?), u64::from(short(data, 6)?)),
        _ => (u64::from(long(data, 4)?), u64::from(short(data, 10)?)),
    };
    // Counted from the first row and column of all, which is never too little.
    Some(rows.max(1) * columns.max(1))
}

/// The smallest and the largest of some numbers.
#[derive(Debug, Default)]
struct Span(Option<(u16, u16)>);

impl Span {
    fn take_in(&mut self, number: Option<u16>) {
        let Some(number) = number else { return };
        let (first, last) = self.0.unwrap_or((number, number));
        self.0 = Some((first.min(number), last.max(number)));
    }

    fn width(&self) -> u64 {
        self.0.map_or(0, |(first, last)| u64::from(last - first) + 1)
    }
}

/// Kind and content of the records of a stream, until it ends within one.
struct Records<'a> {
    stream: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.stream, 0)?, usize::from(short(self.stream, 2)?));
        let data = self.stream.get(4..4 + length)?;
        self.stream = self.stream.get(4 + length..)?;
        Some((kind, data))
    }
}

/// Two bytes at a place, the lower one first.
pub fn short(bytes: &[u8], place: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(place..)?.first_chunk()?))
}

/// Four bytes at a place, the lowest one first.
pub fn long(bytes: &[u8], place: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(place..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes()[..], data].concat()
    }

    /// A number cell.
    fn cell(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes()[..], &[0; 10]].concat())
    }

    #[test]
    fn the_farthest_cells_make_the_rectangle() {
        let sheet = [record(BEGIN, &[0; 16]), cell(2, 1), cell(65_535, 255), record(END, &[]), cell(0, 0)].concat();
        assert_eq!(farthest(&sheet), Extent { places: 65_534 * 255, announced: 0 });
        assert_eq!(farthest(&[]), Extent::default());
    }

    #[test]
    fn cells_behind_a_chart_within_the_sheet_count() {
        let chart = [record(BEGIN, &[0; 16]), record(END, &[])].concat();
        let sheet = [record(BEGIN, &[0; 16]), chart, cell(0, 0), cell(9, 9), record(END, &[])].concat();
        assert_eq!(farthest(&sheet).places, 100);
    }

    #[test]
    fn what_a_sheet_announces_counts() {
        let mut data = [0; 14];
        data[4..8].copy_from_slice(&4_000_000_000_u32.to_le_bytes());
        data[10..12].copy_from_slice(&256_u16.to_le_bytes());
        assert_eq!(farthest(&record(EXTENT, &data)).announced, 4_000_000_000 * 256);
    }

    #[test]
    fn sheets_are_found_by_their_records() {
        let stream = [record(SHEET, &7_u32.to_le_bytes()), record(SHEET, &9_u32.to_le_bytes()), record(END, &[])];
        assert_eq!(Book::of(&stream.concat()).sheets, [7, 9]);
    }

    #[test]
    fn a_stream_cut_anywhere_ends() {
        let sheet = [record(BEGIN, &[0; 16]), cell(2, 1), cell(9, 9)].concat();
        assert!((0..sheet.len()).all(|length| farthest(&sheet[..length]).places <= 72));
    }
}
