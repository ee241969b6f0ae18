//! Writing CSV: comma, LF, quotes only where a field needs them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A CSV file that is being written.
pub struct CsvFile {
    out: BufWriter<File>,
    buffer: Vec<u8>,
}

impl CsvFile {
    /// Creates the file, or replaces it, and writes the header.
    pub fn create(path: &Path, header: &str) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let file = File::create(path).map_err(named)?;
        let mut csv = Self { out: BufWriter::with_capacity(1 << 18, file), buffer: Vec::new() };
        csv.raw(header.as_bytes())?;
        Ok(csv)
    }

    /// Writes a row, with quotes where they are needed.
    pub fn row(&mut self, fields: &[String]) -> io::Result<()> {
        self.buffer.clear();
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                self.buffer.push(b',');
            }
            push_field(&mut self.buffer, field);
        }
        self.buffer.push(b'\n');
        self.out.write_all(&self.buffer)
    }

    /// Writes a line as it is.
    pub fn raw(&mut self, line: &[u8]) -> io::Result<()> {
        self.out.write_all(line)?;
        self.out.write_all(b"\n")
    }

    /// Without it, an error of the last write would go unnoticed.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a whole file.
pub fn write_rows(path: &Path, header: &str, rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut file = CsvFile::create(path, header)?;
    for row in rows {
        file.row(&row)?;
    }
    file.finish()
}

fn push_field(buffer: &mut Vec<u8>, field: &str) {
    if field.contains([',', '"', '\n']) {
        buffer.push(b'"');
        buffer.extend_from_slice(field.replace('"', "\"\"").as_bytes());
        buffer.push(b'"');
    } else {
        buffer.extend_from_slice(field.as_bytes());
    }
}

/// The id of the thing with a number that counts from 0: "D001" for dealer 0.
pub fn code(prefix: char, number: u32, width: usize) -> String {
    let number = number + 1;
    format!("{prefix}{number:0width$}")
}

/// Cents as money with two decimals.
pub fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> String {
        let mut buffer = Vec::new();
        push_field(&mut buffer, text);
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn only_fields_that_need_quotes_get_them() {
        assert_eq!(field("Café Zoë"), "Café Zoë");
        assert_eq!(field("Smith, Jones"), "\"Smith, Jones\"");
        assert_eq!(field("The \"Blue\" Door"), "\"The \"\"Blue\"\" Door\"");
    }

    #[test]
    fn ids_and_money_keep_their_zeros() {
        assert_eq!(code('D', 0, 3), "D001");
        assert_eq!(code('D', 1_233, 3), "D1234");
        assert_eq!(money(1_205), "12.05");
    }
}
