//! A night through the library, with a clock that stands still.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use dealerlens::config::Job;
use dealerlens::model::event::Watch;
use dealerlens::model::failure::Result;
use dealerlens::pipeline::{Clock, Options, Outcome, Published, run};

/// The run is of 2026-01-01: later than all sales but those that a test puts into the future.
fn clock() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

/// Runs a job into a fresh folder: `out`, or the one that the job file names.
pub fn night(job_file: PathBuf, out: Option<&Path>, watch: &dyn Watch) -> Result<Published> {
    let job = Job::read(&job_file)?;
    let options = Options { job_file, out: out.map(Path::to_path_buf), ..Options::default() };
    match run(&job, &options, Clock(clock), watch)? {
        Outcome::Published(published) => Ok(*published),
        Outcome::Unchanged { run_id } => panic!("a fresh folder has the run {run_id}"),
    }
}
