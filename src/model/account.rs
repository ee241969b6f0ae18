//! How a run went, for whoever watches the job from outside: metrics and lineage are written from it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::event::Stage;
use crate::model::manifest::Manifest;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Published,
    /// The same is published already.
    Unchanged,
    /// The data was not good enough.
    Refused,
    /// A signal stopped it.
    Stopped,
    /// Anything else.
    Failed,
}

impl Ending {
    pub const ALL: [Self; 5] = [Self::Published, Self::Unchanged, Self::Refused, Self::Stopped, Self::Failed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether readers have what the exports say.
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Published | Self::Unchanged)
    }
}

/// How long a stage took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageTime {
    pub stage: Stage,
    pub seconds: f64,
}

/// A run that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    pub job: String,
    /// Unknown to a run that ended before its exports were read.
    pub run_id: Option<String>,
    pub started_at: DateTime<Utc>,
    pub finished_at: DateTime<Utc>,
    pub run_date: NaiveDate,
    pub seconds: f64,
    /// In the order in which they began; the last one may have been cut short.
    pub stages: Vec<StageTime>,
    pub ending: Ending,
    pub exit_code: u8,
    /// Why it failed.
    pub message: Option<String>,
    /// What the run recorded; of an unchanged run, what the run before it did. A failed run has none.
    pub manifest: Option<Manifest>,
    /// The manifest of the run that readers see.
    pub visible: Option<Manifest>,
}
