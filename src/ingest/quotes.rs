//! Where quotes stand in the raw text of a row: the CSV reader itself does not tell that one was left open.

use ::csv::Position;

use crate::ingest::dialect::Dialect;

/// Where a scan of delimited text is, by the rules of the CSV reader: a quote opens only at the start of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote that closed the field, or was the first of a doubled one.
    Closed,
    /// Text stands between a closing quote and the delimiter: that quote was meant to open a field.
    Misplaced,
}

/// Where the text of a row ends; `Misplaced` if that happened anywhere in it.
pub fn scan(raw: &[u8], dialect: Dialect) -> Scan {
    let Dialect { delimiter, quote } = dialect;
    let step = |scan: Scan, byte: &u8| match (scan, *byte) {
        (Scan::Misplaced, _) => Scan::Misplaced,
        (Scan::FieldStart | Scan::Closed, byte) if byte == quote => Scan::Quoted,
        (Scan::Quoted, byte) if byte == quote => Scan::Closed,
        (Scan::Quoted, _) => Scan::Quoted,
        (_, byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => Scan::FieldStart,
        (Scan::Closed, _) => Scan::Misplaced,
        _ => Scan::Plain,
    };
    raw.iter().fold(Scan::FieldStart, step)
}

/// The row behind the line ends and blank lines that the reader counts to it, with its place corrected.
pub fn skip_line_ends<'a>(raw: &'a [u8], start: &mut Position) -> &'a [u8] {
    let skipped = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let (ends, row) = raw.split_at_checked(skipped).unwrap_or((&[], raw));
    let lines = ends.iter().filter(|byte| **byte == b'\n').count();
    let (byte, line) = (start.byte() + skipped as u64, start.line() + lines as u64);
    start.set_byte(byte).set_line(line);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Dialect = Dialect { delimiter: b',', quote: b'"' };

    #[test]
    fn doubled_quotes_stay_inside_and_inner_quotes_do_not_open() {
        assert_eq!(scan(b"a,\"b", USUAL), Scan::Quoted);
        assert_eq!(scan(b"a,\"b\"\"c\"", USUAL), Scan::Closed);
        assert_eq!(scan(b"a,5\" pipe", USUAL), Scan::Plain);
        assert_eq!(scan(b"a,\"open,1\nb,\"x\",2", USUAL), Scan::Misplaced);
    }

    #[test]
    fn line_ends_before_a_row_move_its_place() {
        let mut start = Position::new();
        assert_eq!(skip_line_ends(b"\n\r\na,b", &mut start), b"a,b");
        assert_eq!((start.byte(), start.line()), (3, 3));
    }
}
