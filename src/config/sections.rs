//! The sections of the job file, one struct each, with their defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::columns::ColumnSpec;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobSection {
    pub name: String,
    /// `latest`, or a date.
    #[serde(default = "latest")]
    pub as_of: String,
    #[serde(default = "out")]
    pub out: String,
    /// Sales of the next window against the current one.
    #[serde(default = "goal")]
    pub goal: f64,
    /// Of the sentences in the tables.
    #[serde(default)]
    pub lang: Language,
    /// Paths and symbolic links may lead out of the job file's folder.
    #[serde(default)]
    pub allow_outside: bool,
}

/// The languages that sentences in tables and reports are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Zh,
}

impl Language {
    /// The ISO 639-1 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        [Self::En, Self::Zh].into_iter().find(|language| language.code() == code)
    }
}

/// One source: where its exports are and how they are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSection {
    pub files: Vec<String>,
    /// `auto`, or a label such as `utf-8`, `utf-16le`, `gb18030`, `windows-1252`.
    #[serde(default = "auto")]
    pub encoding: String,
    #[serde(default = "auto")]
    pub delimiter: String,
    /// `auto`, or the one sign that surrounds a field with delimiters in it.
    #[serde(default = "auto")]
    pub quote: String,
    #[serde(default = "header")]
    pub header: bool,
    /// Rows that make up the header; an upper heading counts for the blank cells behind it.
    #[serde(default = "one")]
    pub header_rows: usize,
    #[serde(default = "dot")]
    pub decimal: String,
    #[serde(default)]
    pub thousands: String,
    #[serde(default = "auto_dates")]
    pub dates: Vec<String>,
    #[serde(default = "nulls")]
    pub nulls: Vec<String>,
    /// Of a spreadsheet; absent: the first one.
    #[serde(default)]
    pub sheet: Option<String>,
    #[serde(default)]
    pub skip_rows: usize,
    /// `long`: one row a fact. `wide`: targets with one row a dealer and year, one column a month.
    #[serde(default = "long")]
    pub layout: String,
    /// Headers of the twelve months of a wide layout, January first.
    #[serde(default)]
    pub months: Vec<String>,
    /// Header of the year of a wide layout.
    #[serde(default)]
    pub year: Option<String>,
    #[serde(default)]
    pub columns: BTreeMap<String, ColumnSpec>,
}

/// All sources; which ones must be there is checked with a better message than serde has.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcesSection {
    pub sales: Option<SourceSection>,
    pub dealers: Option<SourceSection>,
    pub outlets: Option<SourceSection>,
    pub products: Option<SourceSection>,
    pub market: Option<SourceSection>,
    pub targets: Option<SourceSection>,
    pub promotions: Option<SourceSection>,
    pub visits: Option<SourceSection>,
}

/// When the data is too bad to publish.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QualitySection {
    /// Of the rows of a source.
    pub max_rejected_share: f64,
    /// Of the rows of one export; absent: not judged.
    pub max_rejected_share_per_export: Option<f64>,
    /// Overrides `max_rejected_share` for a source by name.
    pub max_rejected_share_by_source: BTreeMap<String, f64>,
    /// Age of the newest sale at the day of the run, in days; absent: not judged.
    pub max_age_days: Option<i64>,
    /// A glob that matches nothing is an error.
    pub expect_exports: bool,
    /// Days without news of a dealer, after which it counts as not reported.
    pub report_within_days: u32,
    /// How far the rows of a source may lie from the median of the earlier runs, as a share of it.
    pub max_row_count_change: f64,
    /// The same for the rows of a new export against the exports before it.
    pub max_export_row_count_change: f64,
    /// Warnings refuse the publication.
    pub strict: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassSection {
    /// `auto`, `attainment` or `sales_per_outlet`.
    pub performance: String,
    pub coverage_threshold: Threshold,
    pub performance_threshold: Threshold,
}

/// `"peers"` or a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Threshold {
    Named(String),
    Value(f64),
}

impl Threshold {
    /// The fixed threshold, if there is one.
    pub const fn value(&self) -> Option<f64> {
        match self {
            Self::Named(_) => None,
            Self::Value(value) => Some(*value),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublishSection {
    pub keep_runs: usize,
    /// A run that readers were led to less than this many hours ago is kept too.
    pub keep_hours: u32,
    /// `report.html`, one for the company and one for each region.
    pub report: bool,
    /// `dealerlens.xlsx`, likewise.
    pub workbook: bool,
    /// Of every file that a run makes, octal; folders get the right to enter in addition.
    pub permissions: String,
    /// A Delta Lake table beside each Parquet table, with one version a run.
    pub delta: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResourceSection {
    /// Such as `4GiB` or `512MiB`.
    pub memory_limit: String,
    /// 0: all cores.
    pub threads: usize,
}

/// The server of `s3://` addresses; without a setting, what the environment says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorageSection {
    /// Such as `http://127.0.0.1:9000`.
    pub endpoint: Option<String>,
    pub region: Option<String>,
    /// The folder for local copies.
    pub cache: String,
}

/// A cluster for the queries that read sales lines; without a scheduler everything runs on this machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineSection {
    /// Of Ballista, such as `df://host:50050`.
    pub scheduler: Option<String>,
    /// Into how many parts the cluster cuts a query; about two a core of all executors.
    pub partitions: usize,
    /// A relation that takes longer, attempts after failures included, is given up.
    pub max_minutes: u64,
}

impl EngineSection {
    /// The scheduler as `host:port`; `None` when there is none, or when the address is no such one.
    pub fn host_and_port(&self) -> Option<&str> {
        let rest = self.scheduler.as_deref()?.strip_prefix("df://")?;
        let (host, port) = rest.rsplit_once(':')?;
        (!host.is_empty() && port.parse::<u16>().is_ok()).then_some(rest)
    }
}

impl Default for EngineSection {
    fn default() -> Self {
        Self { scheduler: None, partitions: 16, max_minutes: 60 }
    }
}

impl Default for StorageSection {
    fn default() -> Self {
        Self { endpoint: None, region: None, cache: ".dealerlens".to_owned() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuerySection {
    /// A folder with marts of the user's own.
    pub extra: Option<String>,
}

/// Files for whoever watches the job; absent: not written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OperationsSection {
    /// A Prometheus text file, replaced after each run.
    pub metrics: Option<String>,
    /// OpenLineage events, one line each, appended.
    pub lineage: Option<String>,
}

impl Default for QualitySection {
    fn default() -> Self {
        Self {
            max_rejected_share: 0.01,
            max_rejected_share_per_export: None,
            max_rejected_share_by_source: BTreeMap::new(),
            max_age_days: None,
            expect_exports: true,
            report_within_days: 14,
            max_row_count_change: 0.25,
            max_export_row_count_change: 0.75,
            strict: false,
        }
    }
}

impl Default for ClassSection {
    fn default() -> Self {
        let peers = || Threshold::Named("peers".to_owned());
        Self { performance: auto(), coverage_threshold: peers(), performance_threshold: peers() }
    }
}

impl Default for PublishSection {
    fn default() -> Self {
        Self {
            keep_runs: 14,
            keep_hours: 24,
            report: true,
            workbook: true,
            permissions: "0640".to_owned(),
            delta: false,
        }
    }
}

impl Default for ResourceSection {
    fn default() -> Self {
        Self { memory_limit: "4GiB".to_owned(), threads: 0 }
    }
}

fn latest() -> String {
    "latest".to_owned()
}

fn out() -> String {
    "out".to_owned()
}

const fn goal() -> f64 {
    1.20
}

fn auto() -> String {
    "auto".to_owned()
}

const fn header() -> bool {
    true
}

const fn one() -> usize {
    1
}

fn long() -> String {
    "long".to_owned()
}

fn dot() -> String {
    ".".to_owned()
}

fn auto_dates() -> Vec<String> {
    vec![auto()]
}

fn nulls() -> Vec<String> {
    ["", "NULL", "-", "N/A", "#N/A"].map(str::to_owned).to_vec()
}
