//! What ingest knows of one export after reading it, and what it handed over.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::money::Money;
use crate::model::source::Source;

/// Rows and money on one side of the conservation equation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub rows: u64,
    /// Sum of the amounts that could be read.
    pub amount: Money,
    /// Rows whose amount could not be read.
    pub unknown_amounts: u64,
}

impl Tally {
    /// Counts one row; `None` is an amount that cannot be read.
    pub fn add(&mut self, amount: Option<Money>) {
        self.rows += 1;
        match amount {
            Some(amount) => self.amount += amount,
            None => self.unknown_amounts += 1,
        }
    }
}

/// The encoding that an export was read with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedEncoding {
    pub name: String,
    /// Neither the job file nor the file itself says so.
    pub is_guess: bool,
}

/// The counts of one export, as written beside its staging file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub rows_read: u64,
    pub amount_read_units: i128,
    pub unknown_amounts: u64,
    pub rows_staged: u64,
    pub rows_rejected: u64,
    /// Amounts with more than four fraction digits.
    pub amounts_rounded: u64,
    /// Of delimited text.
    pub encoding: Option<UsedEncoding>,
    pub header: Vec<String>,
}

/// Local copies of the exports that stand in buckets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// By the pattern of the job file: each object's address and its copy.
    pub by_pattern: BTreeMap<String, Vec<(String, PathBuf)>>,
}

/// One export in staging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedExport {
    pub source: Source,
    /// As the job file leads to it: relative to the job file where possible.
    pub name: String,
    /// Position among the exports of the source; a later one wins over an earlier one.
    pub rank: u64,
    /// Joins staged rows to their export; derived from content and mapping.
    pub key: i64,
    pub bytes: u64,
    pub sha256: String,
    pub counts: Counts,
    /// Staging of an earlier run was used.
    pub reused: bool,
    pub rows_file: PathBuf,
    pub rejections_file: PathBuf,
}

/// Everything that ingest hands over.
#[derive(Debug, Clone, Default)]
pub struct Staging {
    /// Sorted by source and rank.
    pub exports: Vec<StagedExport>,
    pub warnings: Vec<String>,
}

impl Staging {
    pub fn of(&self, source: Source) -> impl Iterator<Item = &StagedExport> {
        self.exports.iter().filter(move |export| export.source == source)
    }

    pub fn has(&self, source: Source) -> bool {
        self.of(source).next().is_some()
    }
}
