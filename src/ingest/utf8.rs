//! Whether a file is UTF-8, and if not, by how much.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::ingest::endless::LONGEST;

const BUFFER: usize = 1 << 18;

/// Lines that speak for and against UTF-8; pure ASCII says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    pub invalid_lines: u64,
    pub multibyte_lines: u64,
}

/// Looks at every line of a file, up to one that does not end: whoever reads it will stop there too.
pub fn census(path: &Path) -> std::io::Result<Census> {
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
    let mut census = Census::default();
    let mut rest = Vec::new();
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            break;
        }
        // Whole lines are judged in the buffer; what is left of it waits for its end.
        let end = block.iter().rposition(is_line_end).map_or(0, |place| place + 1);
        let (lines, tail) = block.split_at_checked(end).unwrap_or((block, &[]));
        if !rest.is_empty() && end > 0 {
            let first = lines.iter().position(is_line_end).map_or(lines.len(), |place| place + 1);
            let (head, others) = lines.split_at_checked(first).unwrap_or((lines, &[]));
            rest.extend_from_slice(head);
            judge(&rest, &mut census);
            rest.clear();
            judge(others, &mut census);
        } else {
            judge(lines, &mut census);
        }
        rest.extend_from_slice(tail);
        if rest.len() > LONGEST {
            break;
        }
        let length = block.len();
        reader.consume(length);
    }
    judge(&rest, &mut census);
    Ok(census)
}

/// Old programs end lines with a carriage return alone.
const fn is_line_end(byte: &u8) -> bool {
    matches!(*byte, b'\n' | b'\r')
}

/// A block that is valid as a whole and ASCII needs no look at its lines.
fn judge(block: &[u8], census: &mut Census) {
    if block.is_ascii() {
        return;
    }
    for line in block.split(is_line_end).filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => census.multibyte_lines += 1,
            Err(_) => census.invalid_lines += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_over_the_border_of_blocks_are_judged_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        let long = "é".repeat(BUFFER);
        std::fs::write(&path, [long.as_bytes(), b"\nascii\n\xFF\n", "ü".as_bytes()].concat()).unwrap();
        assert_eq!(census(&path).unwrap(), Census { invalid_lines: 1, multibyte_lines: 2 });
    }
}
