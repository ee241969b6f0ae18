//! Which format a file has: its first bytes say so, and where they do not, its name.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::ingest::discover::Export;
use crate::model::failure::{Failure, Result};

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
const PARQUET: &[u8] = b"PAR1";
const ZIP: &[u8] = b"PK\x03\x04";
/// The compound files of older spreadsheets.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
/// Bytes that tell a format.
pub const HEAD: u64 = 4;

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Gzip,
    Zstandard,
    Parquet,
    /// Today's spreadsheets, and other archives.
    Zip,
    Compound,
    Other,
}

/// How an unpacked export is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Parquet,
    Spreadsheet,
    /// By its name something that is never read.
    Foreign,
}

impl Content {
    pub fn of(head: &[u8]) -> Self {
        let known = [
            (GZIP, Self::Gzip),
            (ZSTD, Self::Zstandard),
            (PARQUET, Self::Parquet),
            (ZIP, Self::Zip),
            (COMPOUND, Self::Compound),
        ];
        known.into_iter().find(|(magic, _)| head.starts_with(magic)).map_or(Self::Other, |(_, content)| content)
    }

    pub fn of_file(path: &Path) -> Result<Self> {
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
        read.map_err(|error| Failure::unreadable(path, &error))?;
        Ok(Self::of(&head))
    }

    pub const fn is_packed(self) -> bool {
        matches!(self, Self::Gzip | Self::Zstandard)
    }
}

impl Format {
    pub fn of(export: &Export, unpacked: Content) -> Self {
        match (unpacked, export.ending().as_str()) {
            (_, "zip" | "json" | "pdf") => Self::Foreign,
            (Content::Parquet, _) | (Content::Other, "parquet") => Self::Parquet,
            (Content::Zip | Content::Compound, _) | (Content::Other, "xlsx" | "xlsm" | "xlsb" | "xls" | "ods") => {
                Self::Spreadsheet
            }
            _ => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Source;

    fn format(name: &str, head: &[u8]) -> Format {
        let export = Export { source: Source::Sales, path: name.into(), name: name.to_owned(), is_ascii: false };
        Format::of(&export, Content::of(head))
    }

    #[test]
    fn first_bytes_decide_and_then_the_name() {
        assert_eq!(format("a.csv", b"PK\x03\x04..."), Format::Spreadsheet);
        assert_eq!(format("a.xls", COMPOUND), Format::Spreadsheet);
        assert_eq!(format("a.xlsx", b"a,b\n"), Format::Spreadsheet);
        assert_eq!(format("a.csv", b"PAR1"), Format::Parquet);
        assert_eq!(format("a.csv.gz", b"a,b\n"), Format::Text);
        assert_eq!(format("a", b""), Format::Text);
        assert_eq!(format("a.zip", b"PK\x03\x04"), Format::Foreign);
    }

    #[test]
    fn packed_content_is_known() {
        assert!(Content::of(GZIP).is_packed() && Content::of(ZSTD).is_packed());
        assert!(!Content::of(b"\x1F").is_packed() && !Content::of(PARQUET).is_packed());
    }
}
