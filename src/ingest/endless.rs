//! Lines and records that do not end: a reader would hold all of one, and it can be as long as the file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::model::failure::Failure;

/// The longest line and the longest record that is read, in bytes. An honest one is a thousand times shorter.
pub const LONGEST: usize = 4 << 20;

/// Follows the lines of a text, block by block.
#[derive(Debug, Default)]
pub struct Lines {
    /// Of the line that has not ended yet.
    length: u64,
    at: u64,
}

impl Lines {
    /// Where the line begins that is too long, once one is. Blocks are small beside the limit, so a line that ends in its
    /// block is not measured.
    pub fn pass(&mut self, block: &[u8]) -> Option<u64> {
        self.at += block.len() as u64;
        self.length = match block.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(place) => (block.len() - place - 1) as u64,
            None => self.length + block.len() as u64,
        };
        (self.length > LONGEST as u64).then(|| self.at - self.length)
    }
}

/// The failure for a line that begins there in a text and does not end.
pub fn endless(name: &str, text: &Path, begin: u64) -> Failure {
    let line = match ends_before(text, begin) {
        Ok(ends) => ends + 1,
        Err(error) => return Failure::io("cannot read", text, error),
    };
    Failure::data(format!("{name}: line {line} is longer than {} MiB", LONGEST >> 20))
        .hint("no record is that long: ask for the export again")
}

/// Lines that end before a place, by whichever sign ends them.
fn ends_before(text: &Path, place: u64) -> io::Result<u64> {
    let mut reader = BufReader::new(File::open(text)?.take(place));
    let (mut feeds, mut returns) = (0_u64, 0_u64);
    loop {
        let block = reader.fill_buf()?;
        if block.is_empty() {
            return Ok(feeds.max(returns));
        }
        let count = |sign: u8| block.iter().filter(|byte| **byte == sign).count() as u64;
        feeds += count(b'\n');
        returns += count(b'\r');
        let length = block.len();
        reader.consume(length);
    }
}

/// A file that gives so many bytes and then fails, until it is given more: a record without an end is not read to the
/// end of the file.
pub struct Rationed {
    file: File,
    left: usize,
}

impl Rationed {
    pub const fn new(file: File) -> Self {
        Self { file, left: LONGEST }
    }

    /// Enough for one more record.
    pub const fn refill(&mut self) {
        self.left = LONGEST;
    }

    pub const fn is_exhausted(&self) -> bool {
        self.left == 0
    }
}

impl Read for Rationed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_exhausted() {
            return Err(io::Error::other("a record does not end"));
        }
        let most = buffer.len().min(self.left);
        let count = self.file.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left -= count;
        Ok(count)
    }
}

impl Seek for Rationed {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.file.seek(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_over_blocks() {
        let block = vec![b'x'; 1 << 18];
        let mut lines = Lines::default();
        assert_eq!(lines.pass(b"first\nsecond"), None);
        let stopped = (0..100).find_map(|_| lines.pass(&block));
        assert_eq!(stopped, Some(6));
    }

    #[test]
    fn lines_that_end_may_go_on_for_ever() {
        let block = [vec![b'x'; 1 << 18], b"\r".to_vec()].concat();
        let mut lines = Lines::default();
        assert!((0..100).all(|_| lines.pass(&block).is_none()));
    }

    #[test]
    fn the_line_is_named_whatever_ends_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        for (text, line) in [("a\nb\nc", 3), ("a\rb\rc", 3), ("a\r\nb\r\nc", 3), ("c", 1)] {
            std::fs::write(&path, text).unwrap();
            let failure = endless("a.csv", &path, text.len() as u64 - 1);
            assert_eq!(failure.message, format!("a.csv: line {line} is longer than 4 MiB"));
        }
    }

    #[test]
    fn rations_end_and_are_refilled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, vec![b'x'; LONGEST + 2]).unwrap();
        let mut file = Rationed::new(File::open(&path).unwrap());
        let mut all = Vec::new();
        assert!(file.read_to_end(&mut all).is_err());
        assert_eq!((all.len(), file.is_exhausted()), (LONGEST, true));
        file.refill();
        assert_eq!(file.read_to_end(&mut all).unwrap(), 2);
    }
}
