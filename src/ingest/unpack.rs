//! What is really in a file: packed files are unpacked, and the first bytes say which format it is, whatever its name says.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::ingest::discover::Export;
use crate::model::failure::{Failure, Result};

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
const ZIP: &[u8] = b"PK\x03\x04";
/// The compound files of older spreadsheets.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
const PARQUET: &[u8] = b"PAR1";

/// An export as an unpacked file.
#[derive(Debug)]
pub struct Unpacked {
    pub path: PathBuf,
    pub content: Content,
    /// Held for its drop, which removes what was unpacked.
    _temporary: Option<TempPath>,
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Parquet,
    /// A ZIP archive or a compound file.
    Spreadsheet,
    Other,
}

impl Unpacked {
    /// Unpacks gzip and Zstandard into `scratch`; everything else stays where it is.
    pub fn of(export: &Export, scratch: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| {
            Failure::data(format!("{}: cannot be unpacked: {error}", export.name)).hint("ask for the export again")
        };
        let file = || File::open(&export.path).map_err(|error| Failure::io("cannot read", &export.path, error));
        let head = head(&export.path)?;
        let temporary = if head.starts_with(GZIP) {
            Some(write_aside(flate2::read::MultiGzDecoder::new(file()?), scratch).map_err(failed)?)
        } else if head.starts_with(ZSTD) {
            let reader = zstd::stream::read::Decoder::new(file()?).map_err(failed)?;
            Some(write_aside(reader, scratch).map_err(failed)?)
        } else if matches!(export.ending().as_str(), "gz" | "zst") {
            return Err(failed(std::io::Error::other("it is not packed, or it is damaged")));
        } else {
            None
        };
        let path = temporary.as_ref().map_or_else(|| export.path.clone(), |file| file.to_path_buf());
        let content = Content::of(&if temporary.is_some() { self::head(&path)? } else { head });
        Ok(Self { path, content, _temporary: temporary })
    }
}

impl Content {
    fn of(head: &[u8]) -> Self {
        match head {
            head if head.starts_with(PARQUET) => Self::Parquet,
            head if head.starts_with(ZIP) || head.starts_with(COMPOUND) => Self::Spreadsheet,
            _ => Self::Other,
        }
    }
}

fn head(path: &Path) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(4).read_to_end(&mut head));
    read.map_err(|error| Failure::io("cannot read", path, error))?;
    Ok(head)
}

fn write_aside(mut reader: impl Read, scratch: &Path) -> std::io::Result<TempPath> {
    let mut file = tempfile::NamedTempFile::new_in(scratch)?;
    std::io::copy(&mut reader, &mut file)?;
    Ok(file.into_temp_path())
}
