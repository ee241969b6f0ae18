//! CSV exports: delimiter, title rows, ragged rows, quotes that never close, and records that never end.
//!
//! Lines without quotes are read as such; the CSV reader has the others, and some behind each of them.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use ::csv::{ByteRecord, Position, Reader, ReaderBuilder};
use memchr::memchr;

use crate::config::SourceSection;
use crate::ingest::decode::{Text, decode};
use crate::ingest::dialect::Dialect;
use crate::ingest::discover::Export;
use crate::ingest::endless::{LONGEST, Rationed, endless};
use crate::ingest::header::{headings, require_width};
use crate::ingest::plain_lines::{Ahead, PlainLines};
use crate::ingest::quotes::{Scan, scan, skip_line_ends};
use crate::ingest::records::{Next, Records};
use crate::ingest::row::Cells;
use crate::ingest::unpack::Unpacked;
use crate::model::export::UsedEncoding;
use crate::model::failure::{Failure, Result};
use crate::model::reason::Reason;

const BUFFER: usize = 1 << 18;
/// What is looked at to tell how the text is cut into fields.
const SAMPLE: u64 = 1 << 12;
/// The byte order mark of UTF-8.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
/// Characters of a damaged row that are kept to show it.
const SHOWN: usize = 200;

/// What the reader came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Record,
    /// More than the longest record was read, and it has not ended.
    Endless,
    End,
}

/// A reader of delimited text.
pub struct CsvRecords {
    name: String,
    text: Text,
    size: u64,
    dialect: Dialect,
    lines: PlainLines,
    reader: Reader<Rationed>,
    record: ByteRecord,
    header: Vec<String>,
    /// Line of the row before.
    last_line: u64,
}

impl CsvRecords {
    /// Opens an export; what has to be transcoded goes to `scratch` first.
    pub fn open(export: &Export, section: &SourceSection, unpacked: Unpacked, scratch: &Path) -> Result<Self> {
        let unreadable = |error: std::io::Error| Failure::unreadable(&export.path, &error);
        let text = decode(export, section, unpacked, scratch)?;
        let mut file = File::open(&text.path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        let start = Start::find(export, section, &text.path, &file)?;
        // The look at the first lines has moved the file's cursor.
        file.rewind().map_err(unreadable)?;
        let dialect = Dialect::of(export.source, section, &start.sample);
        let lines = PlainLines::new(File::open(&text.path).map_err(unreadable)?, dialect);
        let mut reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quote(dialect.quote)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(Rationed::new(file));
        // Else the first seeking would read a record, which may not end.
        reader.set_byte_headers(ByteRecord::new());
        let name = export.name.clone();
        let (record, header) = (ByteRecord::new(), Vec::new());
        let mut records = Self { name, text, size, dialect, lines, reader, record, header, last_line: 0 };
        records.go_to(start.position.clone())?;
        records.header = records.read_header(section, start.position)?;
        Ok(records)
    }

    fn read_header(&mut self, section: &SourceSection, start: Position) -> Result<Vec<String>> {
        if section.header {
            let mut rows = Vec::with_capacity(section.header_rows);
            for _ in 0..section.header_rows {
                self.read_heading()?;
                rows.push(self.record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect());
            }
            self.last_line = start.line() + section.header_rows as u64 - 1;
            return Ok(headings(&rows));
        }
        self.read_heading()?;
        self.go_to(start)?;
        Ok((1..=self.record.len()).map(|position| position.to_string()).collect())
    }

    /// Reads a row that names columns, or the first row of a table without names.
    fn read_heading(&mut self) -> Result<()> {
        if self.read()? == Step::Endless {
            let line = self.record.position().map_or(1, Position::line);
            return Err(Failure::data(format!("{}: a quote opens in line {line} and is not closed", self.name))
                .hint("ask for the export again, or name the sign that quotes in quote"));
        }
        require_width(&self.name, self.record.len())
    }

    fn read(&mut self) -> Result<Step> {
        self.reader.get_mut().refill();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Ok(Step::Record),
            Ok(false) => Ok(Step::End),
            Err(_) if self.reader.get_ref().is_exhausted() => Ok(Step::Endless),
            Err(error) => Err(Failure::io("cannot read", &self.text.path, error)),
        }
    }

    /// The next row if it is a line without quotes; else the CSV reader stands before it.
    fn next_line(&mut self, cells: &mut Cells) -> Result<Option<Next>> {
        if self.lines.is_detour() {
            return Ok(None);
        }
        let found = self.lines.next(self.reader.position(), cells);
        match found.map_err(|error| Failure::io("cannot read", &self.text.path, error))? {
            Ahead::Line(begun) => {
                let line = self.line_of(begun);
                Ok(Some(self.row(line, cells)))
            }
            Ahead::Other(begin) => self.go_to(begin).map(|()| None),
        }
    }

    /// The next row as the CSV reader sees it.
    fn next_record(&mut self, cells: &mut Cells) -> Result<Next> {
        self.lines.pass();
        let mut start = loop {
            let step = self.read()?;
            let Some(start) = self.record.position().cloned() else {
                return Err(Failure::defect(format!("{}: a row without a position", self.name)));
            };
            match step {
                Step::End => return Ok(Next::End),
                Step::Record => break start,
                Step::Endless => {
                    if let Some(next) = self.pass_endless(start)? {
                        return Ok(next);
                    }
                }
            }
        };
        let end = self.reader.position();
        // By its count of lines alone a record of two that end with CR LF passes for one, where the reader began with it.
        let spans_lines = end.line() > start.line() + 1 || memchr(b'\n', self.record.as_slice()).is_some();
        let is_last = end.byte() >= self.size;
        let mut more_lines = 0;
        if spans_lines || is_last {
            let raw = self.raw(start.byte(), end.byte())?;
            let raw = skip_line_ends(&raw, &mut start);
            if self.has_swallowed(raw, self.record.len()) {
                return self.reject_first_line(start, raw);
            }
            more_lines = raw.trim_ascii_end().iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        let line = self.line_of(start.line());
        self.last_line += more_lines;
        cells.clear();
        self.record.iter().for_each(|cell| cells.push(cell));
        Ok(self.row(line, cells))
    }

    /// Behind a record that does not end: its first line is given up. A line that does not end itself ends the reading.
    /// `None` where blank lines stood before the record: without them it may end.
    fn pass_endless(&mut self, mut start: Position) -> Result<Option<Next>> {
        let before = start.byte();
        let raw = self.raw(before, before + LONGEST as u64)?;
        let raw = skip_line_ends(&raw, &mut start);
        if start.byte() > before {
            self.go_to(start)?;
            return Ok(None);
        }
        if !raw.contains(&b'\n') {
            return Err(endless(&self.name, &self.text.path, start.byte()));
        }
        self.reject_first_line(start, raw).map(Some)
    }

    /// The line of a row that begins in a line by LF. Rows may end at a lone CR too, so that is a lower bound.
    fn line_of(&mut self, begun: u64) -> u64 {
        self.last_line = begun.max(self.last_line + 1);
        self.last_line
    }

    /// Also where the reader stands already: behind a failure it has to begin anew.
    fn go_to(&mut self, position: Position) -> Result<()> {
        let place = SeekFrom::Start(position.byte());
        self.reader.seek_raw(place, position).map_err(|error| Failure::io("cannot seek in", &self.text.path, error))
    }

    /// The bytes of the record that was just read.
    fn raw(&self, from: u64, to: u64) -> Result<Vec<u8>> {
        let read = || {
            let mut file = File::open(&self.text.path)?;
            file.seek(SeekFrom::Start(from))?;
            let mut raw = Vec::new();
            file.take(to.saturating_sub(from)).read_to_end(&mut raw)?;
            Ok(raw)
        };
        read().map_err(|error: std::io::Error| Failure::io("cannot read", &self.text.path, error))
    }

    /// Whether a row took in lines that are rows of their own, because a quote opens in it that never closes. An honest
    /// field over several lines closes before a delimiter or the end of the row.
    fn has_swallowed(&self, raw: &[u8], fields: usize) -> bool {
        let lines = raw.trim_ascii_end().split(|byte| *byte == b'\n');
        let is_row =
            |line: &[u8]| !line.contains(&self.dialect.quote) && self.dialect.fields(line).len() == self.header.len();
        let mut continued = lines.skip(1).peekable();
        match scan(raw, self.dialect) {
            Scan::Quoted => true,
            Scan::Misplaced => continued.peek().is_some(),
            _ => fields != self.header.len() && self.header.len() > 1 && continued.any(is_row),
        }
    }

    /// Gives up the first line only and goes on with the next one, so that one open quote does not cost the rest.
    fn reject_first_line(&mut self, start: Position, raw: &[u8]) -> Result<Next> {
        let line = raw.split_inclusive(|byte| *byte == b'\n').next().unwrap_or(raw);
        let mut next = Position::new();
        next.set_byte(start.byte() + line.len() as u64).set_line(start.line() + 1).set_record(start.record() + 1);
        self.go_to(next)?;
        Ok(Next::Damaged {
            line: self.line_of(start.line()),
            reason: Reason::UnclosedQuote,
            raw: shown(line),
            message: "a quote opens in this line and is not closed where the row ends".to_owned(),
        })
    }

    /// A row as it is, or why it is none.
    fn row(&self, line: u64, cells: &Cells) -> Next {
        if cells.len() == self.header.len() {
            return Next::Row { line };
        }
        let delimiter = char::from(self.dialect.delimiter).to_string();
        // Each cell takes at least its delimiter, so more cells than signs are never shown.
        let raw: Vec<_> = cells.iter().take(SHOWN).map(String::from_utf8_lossy).collect();
        Next::Damaged {
            line,
            reason: Reason::RaggedRow,
            raw: raw.join(&delimiter).chars().take(SHOWN).collect(),
            message: format!("the row has {} fields, the header has {}", cells.len(), self.header.len()),
        }
    }
}

impl Records for CsvRecords {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn encoding(&self) -> Option<UsedEncoding> {
        Some(UsedEncoding { name: self.text.encoding.to_owned(), is_guess: self.text.is_guess })
    }

    fn next(&mut self, cells: &mut Cells) -> Result<Next> {
        match self.next_line(cells)? {
            Some(next) => Ok(next),
            None => self.next_record(cells),
        }
    }
}

/// Where the table begins, behind a byte order mark and title rows.
struct Start {
    position: Position,
    /// The header and the lines behind it, as far as they are looked at.
    sample: Vec<u8>,
}

impl Start {
    fn find(export: &Export, section: &SourceSection, text: &Path, file: &File) -> Result<Self> {
        let mut reader = BufReader::new(file);
        let mut position = Position::new();
        let mut first_line = Vec::new();
        for skipped in 0..=section.skip_rows {
            first_line.clear();
            let count = reader
                .by_ref()
                .take(LONGEST as u64 + 1)
                .read_until(b'\n', &mut first_line)
                .map_err(|error| Failure::io("cannot read", &export.path, error))?;
            match count {
                0 => return Err(no_header(export, skipped)),
                count if count > LONGEST => return Err(endless(&export.name, text, position.byte())),
                _ => {}
            }
            if skipped < section.skip_rows {
                let (byte, line) = (position.byte() + count as u64, position.line() + 1);
                position.set_byte(byte).set_line(line);
            }
        }
        let is_blank = first_line.strip_prefix(MARK).unwrap_or(&first_line).iter().all(u8::is_ascii_whitespace);
        if is_blank && section.header {
            return Err(no_header(export, section.skip_rows));
        }
        let mut sample = first_line;
        let rest = reader.take(SAMPLE).read_to_end(&mut sample);
        rest.map_err(|error| Failure::io("cannot read", &export.path, error))?;
        Ok(Self { position, sample })
    }
}

fn no_header(export: &Export, line: usize) -> Failure {
    Failure::data(format!(
        "{}: the file ends or is blank at line {}, where the header should be",
        export.name,
        line + 1
    ))
    .hint(format!("ask for the export again, or check sources.{}.skip_rows", export.source))
}

fn shown(raw: &[u8]) -> String {
    String::from_utf8_lossy(raw).trim_end().chars().take(SHOWN).collect()
}
