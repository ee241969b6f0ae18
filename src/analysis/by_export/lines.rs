//! The exports of sales.

use std::path::PathBuf;

use crate::model::checksum;
use crate::model::export::Staging;
use crate::model::source::Source;

/// The lines of all exports of sales.
pub const STAGED: &str = "staged_sales";

/// One export of sales in staging.
#[derive(Debug, Clone)]
pub struct Lines {
    pub key: i64,
    pub rows: u64,
    /// A number made of its name.
    pub mark: u64,
    pub file: PathBuf,
}

impl Lines {
    pub fn of(staging: &Staging) -> Vec<Self> {
        let lines = staging.of(Source::Sales).map(|export| Self {
            key: export.key,
            rows: export.counts.rows_staged,
            mark: Self::mark_of(&export.name),
            file: export.rows_file.clone(),
        });
        lines.collect()
    }

    pub fn mark_of(name: &str) -> u64 {
        checksum::number(name).cast_unsigned()
    }
}
