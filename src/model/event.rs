//! What a run tells whoever watches it. Stages report; only `cli` decides how it looks.

use std::sync::atomic::{AtomicI32, Ordering};

use chrono::{DateTime, Utc};

use crate::model::failure::{Blame, Failure, Result};
use crate::model::manifest::Verdict;
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

/// Numbers that a stage gives, by name.
pub type Counts = Vec<(&'static str, u64)>;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The run has the output folder to itself.
    RunStarted {
        started_at: DateTime<Utc>,
    },
    /// The run has its id, which hangs on what its exports hold.
    RunNamed {
        run_id: String,
    },
    /// A stage begins; `steps` is what it will count.
    StageStarted {
        stage: Stage,
        steps: u64,
    },
    /// One step of the running stage is done.
    Step {
        stage: Stage,
        name: String,
    },
    StageFinished {
        stage: Stage,
        /// For people; empty where its verdicts have said enough.
        summary: String,
        counts: Counts,
    },
    /// One export is in staging.
    ExportStaged {
        source: Source,
        name: String,
        rows: u64,
        rejected: u64,
        reused: bool,
    },
    /// A line of the quality gate or of the reconciliation.
    Verdict {
        verdict: Verdict,
        line: String,
    },
    Warning {
        message: String,
    },
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

/// Set once when a signal asks the run to stop; long loops look at it.
#[derive(Debug, Default)]
pub struct Interrupt(AtomicI32);

impl Interrupt {
    pub fn raise(&self, signal: i32) {
        self.0.store(signal, Ordering::Relaxed);
    }

    /// Fails once a signal has come.
    pub fn check(&self) -> Result<()> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(Failure::new(Blame::Signal(signal), format!("stopped by signal {signal}"))),
        }
    }
}

/// Who watches a stage, and who may stop it.
#[derive(Clone, Copy)]
pub struct Supervision<'a> {
    pub watch: &'a dyn Watch,
    pub interrupt: &'a Interrupt,
}
