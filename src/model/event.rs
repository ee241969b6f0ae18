//! What a run tells whoever watches it. Stages report; only `cli` decides how it looks.

use crate::model::source::Source;

/// The parts of a night, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Ingest,
    Gate,
    Analyse,
    Check,
    Publish,
}

impl Stage {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Gate => "gate",
            Self::Analyse => "analyse",
            Self::Check => "check",
            Self::Publish => "publish",
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A stage begins; `steps` is what it will count.
    StageStarted { stage: Stage, steps: u64 },
    /// One step of the running stage is done.
    Step { stage: Stage, name: String },
    StageFinished { stage: Stage, summary: String },
    /// One export is in staging.
    ExportStaged { source: Source, name: String, rows: u64, rejected: u64, reused: bool },
    /// A line of the quality gate or of the reconciliation.
    Verdict { passed: bool, line: String },
    Warning { message: String },
}

/// Receives events; called from several threads.
pub trait Watch: Sync {
    fn notice(&self, event: Event);
}

/// Watches nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn notice(&self, _event: Event) {}
}
