//! Where a night went: what each stage, and each query within it, took.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What one stage took, or one step of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    pub stage: String,
    /// A query, a file or an export; absent for the stage as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    pub milliseconds: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Of the result, as it lay in memory or on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The most that all operators held at once, of other queries too, since the query before it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// What they wrote to disk because the memory limit left no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spilled_bytes: Option<u64>,
}

impl Timing {
    /// A stage as a whole.
    pub fn of_stage(stage: &str, took: Duration) -> Self {
        Self {
            stage: stage.to_owned(),
            step: None,
            milliseconds: milliseconds(took),
            rows: None,
            bytes: None,
            peak_memory_bytes: None,
            spilled_bytes: None,
        }
    }

    /// A step of a stage, of which so far only the time is known.
    pub fn of_step(stage: &str, step: &str, took: Duration) -> Self {
        Self { step: Some(step.to_owned()), ..Self::of_stage(stage, took) }
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// A moment as part of a name: names sort by it.
pub fn stamp(moment: DateTime<Utc>) -> String {
    moment.format("%Y%m%dT%H%M%S%3fZ").to_string()
}

/// Measures how long something takes; what it shows is told and kept, and never enters a result.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn took(&self) -> Duration {
        self.0.elapsed()
    }
}
