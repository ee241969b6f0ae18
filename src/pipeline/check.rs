//! Everything that can be known before a night, in seconds: job file, headers, a sample of rows, planned queries.

use crate::analysis::{Analysis, QuerySet, Resources, require_built};
use crate::config::Job;
use crate::ingest::{self, Inspection};
use crate::model::failure::Result;
use crate::pipeline::buckets;
use crate::pipeline::destination::{Destination, current_thread};
use crate::pipeline::settings::{Clock, Options, parameters, threads};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    pub inspections: Vec<Inspection>,
    pub queries: usize,
    pub marts: usize,
}

/// Rows of each export that are read.
const SAMPLE_ROWS: u64 = 10_000;

/// Checks a job without staging or publishing anything.
pub fn check(job: &Job, options: &Options, clock: Clock) -> Result<CheckReport> {
    require_built(&job.engine)?;
    Destination::of(job, options)?;
    let fetched = current_thread()?.block_on(buckets::fetch(job, &options.access(job)))?;
    let inspections = ingest::inspect(job, &fetched, SAMPLE_ROWS)?;
    let set = QuerySet::load(options.queries.as_deref(), job.extra_queries().as_deref())?;
    let (queries, marts) = (set.queries.len(), set.marts().count());
    plan(job, options, clock, set)?;
    Ok(CheckReport { inspections, queries, marts })
}

fn plan(job: &Job, options: &Options, clock: Clock, set: QuerySet) -> Result<()> {
    let today = options.run_date(clock.now());
    let as_of = options.as_of(job)?.unwrap_or(today);
    let (memory_bytes, threads, nowhere) = (job.memory_limit()?, threads(job), std::env::temp_dir());
    let resources = Resources { memory_bytes, threads, work_folder: nowhere.clone(), facts_folder: nowhere };
    current_thread()?.block_on(Analysis::verify(set, &resources, &parameters(job, options, as_of, today, None)))
}
