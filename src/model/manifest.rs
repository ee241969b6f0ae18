//! The manifest: what a run read, did and published. Written last, so its presence says that the run is complete.

use serde::{Deserialize, Serialize};

use crate::model::export::UsedEncoding;
use crate::model::timing::Timing;

/// The version of this layout; readers refuse a newer one.
pub const MANIFEST_VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub manifest_version: u32,
    pub run_id: String,
    pub status: Status,
    pub job: String,
    /// The language of sentences in its tables, ISO 639-1; runs of older versions do not say it.
    #[serde(default)]
    pub lang: Option<String>,
    /// Equal fingerprints mean equal tables: version, job file, queries, arguments and inputs.
    pub fingerprint: String,
    pub dealerlens_version: String,
    pub engine_version: String,
    pub job_file_sha256: String,
    pub queries_sha256: String,
    pub started_at: String,
    pub finished_at: String,
    pub run_date: String,
    pub as_of: Option<String>,
    pub comparison_base: Option<String>,
    pub newest_sale: Option<String>,
    /// The run that `restatements` compares with; absent for the first one.
    #[serde(default)]
    pub compared_with: Option<Compared>,
    pub inputs: Vec<Input>,
    pub tables: Vec<Table>,
    /// Reports, workbooks and views.
    #[serde(default)]
    pub documents: Vec<Document>,
    pub checks: Vec<CheckResult>,
    /// What could not be computed, and why.
    pub degraded: Vec<Degradation>,
    pub warnings: Vec<String>,
    /// Rows refused only because they lie after the day of the run: they change with the clock.
    pub future_sales: u64,
    /// What each stage took up to the manifest; with `--timings` also each query.
    #[serde(default)]
    pub timings: Vec<Timing>,
}

impl Manifest {
    /// What the run's tables and documents take on disk.
    pub fn bytes(&self) -> u64 {
        let tables = self.tables.iter().map(|table| table.bytes);
        tables.chain(self.documents.iter().map(|document| document.bytes)).fold(0, u64::saturating_add)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Published,
    /// The data was not good enough.
    Refused,
}

/// One export, with what became of its rows. Amounts are decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    pub source: String,
    pub export: String,
    pub bytes: u64,
    pub sha256: String,
    pub rows_read: u64,
    pub rows_accepted: u64,
    pub rows_rejected: u64,
    pub rows_superseded: u64,
    pub amount_read: Option<String>,
    pub amounts_rounded: u64,
    /// Of delimited text.
    pub encoding: Option<UsedEncoding>,
    /// The names of its columns, to notice when they change.
    #[serde(default)]
    pub header: Vec<String>,
    pub staging_reused: bool,
}

/// A file for people beside the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Within the run's folder.
    pub file: String,
    pub bytes: u64,
    pub sha256: String,
}

/// One published table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub file: String,
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

/// One rule of the gate or one check query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    pub name: String,
    /// Runs before it was written had only the ones that passed.
    #[serde(default)]
    pub verdict: Verdict,
    pub observed: String,
    pub allowed: String,
}

/// What a rule says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    #[default]
    Pass,
    /// Somebody should look; refuses the publication only where warnings do.
    Warn,
    /// Refuses the publication.
    Fail,
}

impl Verdict {
    /// `Pass` or `Fail`.
    pub const fn must(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Fail }
    }

    /// `Pass` or `Warn`.
    pub const fn should(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Warn }
    }

    /// As it is printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

impl CheckResult {
    /// The rule in one line, without the verdict.
    pub fn line(&self) -> String {
        format!("{}: {} ({})", self.name, self.observed, self.allowed)
    }
}

/// The earlier run that a run was compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub run_id: String,
    pub as_of: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Degradation {
    pub what: String,
    pub reason: String,
}
