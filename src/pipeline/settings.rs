//! What a run is told from outside, and the parameters that queries get from it.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::analysis::{Parameters, Resources};
use crate::config::{Job, Language};
use crate::model::failure::{Failure, Result};
use crate::publish::{Keep, Output};
use crate::storage::Access;

/// Arguments that override or extend the job file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub job_file: PathBuf,
    pub as_of: Option<NaiveDate>,
    /// The day of the run where its people live; without it, the day in UTC. Later sales are of the future.
    pub run_date: Option<NaiveDate>,
    /// A folder or an `s3://` address instead of the job file's.
    pub out: Option<PathBuf>,
    /// Run again although the same has been published.
    pub force: bool,
    /// A query set instead of the built-in one.
    pub queries: Option<PathBuf>,
    /// The language of sentences instead of the job file's.
    pub lang: Option<Language>,
    /// Warnings refuse the publication, whatever the job file says.
    pub strict: bool,
    /// The manifest says what each query took.
    pub timings: bool,
    /// What the environment says of storage servers.
    pub access: Access,
}

/// The clock of the command line; nothing below it reads one.
#[derive(Clone, Copy)]
pub struct Clock(pub fn() -> DateTime<Utc>);

impl Clock {
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl Options {
    /// How buckets are reached: the job file goes before the environment.
    pub fn access(&self, job: &Job) -> Access {
        let storage = &job.storage;
        Access { endpoint: storage.endpoint.clone(), region: storage.region.clone(), ..self.access.clone() }
    }

    /// The day of a run that starts now.
    pub fn run_date(&self, now: DateTime<Utc>) -> NaiveDate {
        self.run_date.unwrap_or_else(|| now.date_naive())
    }

    pub fn lang(&self, job: &Job) -> Language {
        self.lang.unwrap_or(job.job.lang)
    }

    /// The given date; `None` means the latest accepted sale.
    pub fn as_of(&self, job: &Job) -> Result<Option<NaiveDate>> {
        match self.as_of {
            Some(date) => Ok(Some(date)),
            None => job.as_of(),
        }
    }
}

/// The parameters of all queries. Before as_of is known, queries that need it are not run. `previous_as_of` is that of the
/// earlier run.
pub fn parameters(
    job: &Job,
    options: &Options,
    as_of: NaiveDate,
    run_date: NaiveDate,
    previous_as_of: Option<NaiveDate>,
) -> Parameters {
    Parameters::default()
        .date("previous_as_of", previous_as_of)
        .text("lang", options.lang(job).code())
        .number("report_within_days", Some(f64::from(job.quality.report_within_days)))
        .of_day(as_of)
        .date("run_date", Some(run_date))
        .text("performance", &job.classes.performance)
        .number("coverage_threshold", job.classes.coverage_threshold.value())
        .number("performance_threshold", job.classes.performance_threshold.value())
        .number("goal", Some(job.job.goal))
}

/// Memory, threads and the work folder, which is made anew.
pub fn resources(job: &Job, output: &Output) -> Result<Resources> {
    let work_folder = output.work_folder();
    let renew = || {
        if work_folder.exists() {
            std::fs::remove_dir_all(&work_folder)?;
        }
        std::fs::create_dir_all(&work_folder)
    };
    renew().map_err(|error| Failure::io("cannot make the work folder", &work_folder, error))?;
    Ok(Resources {
        memory_bytes: job.memory_limit()?,
        threads: threads(job),
        work_folder,
        facts_folder: output.facts_folder(),
    })
}

/// Which runs stay when pruning at this time.
pub fn keep(job: &Job, now: DateTime<Utc>) -> Keep {
    let hours = TimeDelta::hours(i64::from(job.publish.keep_hours));
    let seen_since = now.checked_sub_signed(hours).unwrap_or(DateTime::<Utc>::MIN_UTC);
    Keep { runs: job.publish.keep_runs, seen_since }
}

/// Threads of the job file, or one a core.
pub fn threads(job: &Job) -> usize {
    match job.resources.threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
        threads => threads,
    }
}
