//! Exports with their checksums: which of them are to be staged, and in which order they count.

use std::collections::BTreeMap;

use crate::ingest::content::{Content, Format};
use crate::ingest::discover::Export;
use crate::ingest::endless::{Lines, endless};
use crate::ingest::seen::{Known, Seen};
use crate::ingest::sight::Sight;
use crate::model::checksum;
use crate::model::failure::Result;
use crate::model::source::Source;

/// An export with its checksum and its place among the exports of its source.
pub struct Found {
    pub export: Export,
    pub known: Known,
    pub content: Content,
    pub rank: u64,
}

impl Found {
    /// An export that is as it was when its checksum was taken, or is read for it.
    pub fn of(export: &Export, seen: &Seen) -> Result<Self> {
        let (sight, content) = (Sight::of(export)?, Content::of_file(&export.path)?);
        match seen.known(&export.path, &sight) {
            Some(known) => Ok(Self::new(export, content, known.clone())),
            None => Self::read(export, sight, content),
        }
    }

    fn new(export: &Export, content: Content, known: Known) -> Self {
        let export = Export { is_ascii: known.is_ascii, ..export.clone() };
        Self { export, known, content, rank: 0 }
    }

    /// Reads an export for its checksum. A text without line ends is not read to its end.
    fn read(export: &Export, sight: Sight, content: Content) -> Result<Self> {
        let is_text = !content.is_packed() && Format::of(export, content) == Format::Text;
        let (mut is_ascii, mut lines) = (true, Lines::default());
        let (bytes, sha256) = checksum::of_file_and(&export.path, |block| {
            is_ascii &= block.is_ascii();
            match lines.pass(block).filter(|_| is_text) {
                Some(begin) => Err(endless(&export.name, &export.path, begin)),
                None => Ok(()),
            }
        })?;
        sight.holds(export, bytes)?;
        Ok(Self::new(export, content, Known { sight, sha256, is_ascii }))
    }

    pub const fn bytes(&self) -> u64 {
        self.known.sight.bytes()
    }

    /// About what its rows would take as text: packed tables are a fifth of that, those of Parquet and spreadsheets a half.
    pub const fn text_bytes(&self) -> u64 {
        match self.content {
            Content::Gzip | Content::Zstandard => self.bytes().saturating_mul(5),
            Content::Parquet | Content::Zip => self.bytes().saturating_mul(2),
            Content::Compound | Content::Other => self.bytes(),
        }
    }
}

/// Drops exports that repeat the content of an earlier one of the same source, and ranks the rest.
pub fn read_once(found: Vec<Found>, warnings: &mut Vec<String>) -> Vec<Found> {
    let mut seen: BTreeMap<(Source, String), String> = BTreeMap::new();
    let mut ranks: BTreeMap<Source, u64> = BTreeMap::new();
    let mut once = Vec::with_capacity(found.len());
    for mut item in found {
        let content = (item.export.source, item.known.sha256.clone());
        if let Some(first) = seen.get(&content) {
            warnings.push(format!("{} has the same content as {first} and is not read again", item.export.name));
            continue;
        }
        seen.insert(content, item.export.name.clone());
        let rank = ranks.entry(item.export.source).or_default();
        item.rank = *rank;
        *rank += 1;
        once.push(item);
    }
    once
}
