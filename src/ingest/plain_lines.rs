//! Lines without quotes, which are most of all texts: they are cut where they stand, and only the others are left to the
//! CSV reader, which looks at every byte by itself.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use ::csv::Position;
use memchr::memchr;

use crate::ingest::dialect::Dialect;
use crate::ingest::row::{Cells, Signs};

/// A line that is no shorter is left to the CSV reader.
const BUFFER: usize = 1 << 18;
/// Rows that the CSV reader reads before lines are tried again; twice as many each time, since it begins anew each time.
const FIRST_DETOUR: u64 = 64;
const LONGEST_DETOUR: u64 = 1 << 16;

/// What comes next.
pub enum Ahead {
    /// A line, by its number.
    Line(u64),
    /// What has to be left to the CSV reader, by its beginning.
    Other(Position),
}

/// A reader of such lines.
pub struct PlainLines {
    file: File,
    signs: Signs,
    buffer: Vec<u8>,
    /// Of the bytes in the buffer those that are read, and where they end.
    read: usize,
    filled: usize,
    /// Where the next line begins; `None` while the CSV reader is ahead.
    position: Option<Position>,
    /// Rows that are still the CSV reader's.
    detour: u64,
    next_detour: u64,
}

impl PlainLines {
    /// The first row is the CSV reader's: it knows what may stand before it.
    pub const fn new(file: File, dialect: Dialect) -> Self {
        let (signs, next_detour) = (Signs::of(dialect), FIRST_DETOUR);
        Self { file, signs, buffer: Vec::new(), read: 0, filled: 0, position: None, detour: 1, next_detour }
    }

    /// Whether the next row is the CSV reader's.
    pub const fn is_detour(&self) -> bool {
        self.detour > 0
    }

    /// One row of a detour is behind.
    pub const fn pass(&mut self) {
        self.detour = self.detour.saturating_sub(1);
    }

    /// Reads the next line that is not empty; `here` is where the CSV reader stands.
    pub fn next(&mut self, here: &Position, cells: &mut Cells) -> io::Result<Ahead> {
        let mut position = match self.position.take() {
            Some(position) => position,
            None => self.go_to(here)?,
        };
        while let Some(length) = self.line()? {
            let line = without_end(self.buffer.get(self.read..self.read + length).unwrap_or_default());
            if !line.is_empty() && !cells.cut(line, &self.signs) {
                break;
            }
            let (number, is_row) = (position.line(), !line.is_empty());
            self.read += length;
            position.set_byte(position.byte() + length as u64).set_line(number + 1);
            if is_row {
                self.position = Some(position);
                return Ok(Ahead::Line(number));
            }
        }
        self.detour = self.next_detour;
        self.next_detour = (self.next_detour * 2).min(LONGEST_DETOUR);
        Ok(Ahead::Other(position))
    }

    fn go_to(&mut self, position: &Position) -> io::Result<Position> {
        self.buffer.resize(BUFFER, 0);
        self.file.seek(SeekFrom::Start(position.byte()))?;
        (self.read, self.filled) = (0, 0);
        Ok(position.clone())
    }

    /// The bytes of the next line with its end; `None` where none ends within a buffer.
    fn line(&mut self) -> io::Result<Option<usize>> {
        loop {
            let ahead = self.buffer.get(self.read..self.filled).unwrap_or_default();
            if let Some(place) = memchr(b'\n', ahead) {
                return Ok(Some(place + 1));
            }
            self.buffer.copy_within(self.read..self.filled, 0);
            (self.read, self.filled) = (0, self.filled - self.read);
            let count = self.file.read(self.buffer.get_mut(self.filled..).unwrap_or_default())?;
            if count == 0 {
                return Ok(None);
            }
            self.filled += count;
        }
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
