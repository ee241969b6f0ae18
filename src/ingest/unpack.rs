//! Packed exports as plain files.

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::ingest::content::{Content, Format, HEAD};
use crate::ingest::discover::Export;
use crate::ingest::endless::{Lines, endless};
use crate::model::failure::{Failure, Result};

const BUFFER: usize = 1 << 18;
/// What is unpacked may be this many times as large as what it came in. Tables pack to a tenth, dull ones to a
/// hundredth; what packs better than this was made to fill disks.
const MOST_EXPANSION: u64 = 250;
/// Up to this size the expansion does no harm.
const HARMLESS: u64 = 256 << 20;

/// An export as an unpacked file.
#[derive(Debug)]
pub struct Unpacked {
    pub path: PathBuf,
    pub format: Format,
    /// Held for its drop, which removes what was unpacked.
    _temporary: Option<TempPath>,
}

impl Unpacked {
    /// Unpacks gzip and Zstandard into `scratch`; everything else stays where it is.
    pub fn of(export: &Export, scratch: &Path) -> Result<Self> {
        let file = || File::open(&export.path).map_err(|error| Failure::unreadable(&export.path, &error));
        match Content::of_file(&export.path)? {
            Content::Gzip => Self::aside(export, flate2::read::MultiGzDecoder::new(file()?), scratch),
            Content::Zstandard => {
                let reader = zstd::stream::read::Decoder::new(file()?).map_err(|error| damaged(export, &error))?;
                Self::aside(export, reader, scratch)
            }
            _ if matches!(export.ending().as_str(), "gz" | "zst") => {
                Err(damaged(export, &"it is not packed, or it is damaged"))
            }
            content => Ok(Self { path: export.path.clone(), format: Format::of(export, content), _temporary: None }),
        }
    }

    fn aside(export: &Export, mut reader: impl Read, scratch: &Path) -> Result<Self> {
        let mut head = Vec::new();
        reader.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| damaged(export, &error))?;
        let format = Format::of(export, Content::of(&head));
        let temporary = write_aside(export, format, head.as_slice().chain(reader), scratch)?;
        Ok(Self { path: temporary.to_path_buf(), format, _temporary: Some(temporary) })
    }
}

/// Stops as soon as it is clear that no export is being unpacked: what would come could fill any disk.
fn write_aside(export: &Export, format: Format, mut reader: impl Read, scratch: &Path) -> Result<TempPath> {
    let unwritable = |error: std::io::Error| Failure::io("cannot unpack to", scratch, error);
    let packed = std::fs::metadata(&export.path).map_err(|error| Failure::unreadable(&export.path, &error))?.len();
    let most = packed.saturating_mul(MOST_EXPANSION).max(HARMLESS);
    let mut file = NamedTempFile::new_in(scratch).map_err(unwritable)?;
    let (mut lines, mut bytes, mut buffer) = (Lines::default(), 0, vec![0; BUFFER]);
    loop {
        let count = reader.read(&mut buffer).map_err(|error| damaged(export, &error))?;
        let Some(block) = buffer.get(..count).filter(|block| !block.is_empty()) else {
            return Ok(file.into_temp_path());
        };
        file.write_all(block).map_err(unwritable)?;
        bytes += block.len() as u64;
        if let Some(begin) = lines.pass(block).filter(|_| format == Format::Text) {
            return Err(endless(&export.name, file.path(), begin));
        }
        if bytes > most {
            return Err(expands(export, packed));
        }
    }
}

fn damaged(export: &Export, error: &dyn std::fmt::Display) -> Failure {
    Failure::data(format!("{}: cannot be unpacked: {error}", export.name)).hint("ask for the export again")
}

fn expands(export: &Export, packed: u64) -> Failure {
    Failure::data(format!(
        "{}: its {packed} bytes unpack to more than {MOST_EXPANSION} times as many, which no table does",
        export.name
    ))
    .hint("ask for the export again, or unpack it by hand if it is what it should be")
}
