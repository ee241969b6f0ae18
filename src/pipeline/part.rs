//! Staging alone, on one machine of several. It changes nothing but staging, so it needs no lock: claims keep processes
//! from staging an export twice, and a run that goes on meanwhile stages for itself what it does not find.

use std::sync::Arc;

use crate::config::Job;
use crate::ingest::{self, Export, PartStaging};
use crate::model::event::{Event, Interrupt, Stage, Supervision, Watch};
use crate::model::failure::Result;
use crate::model::part::Part;
use crate::pipeline::buckets;
use crate::pipeline::destination::Destination;
use crate::pipeline::mirror::push_staging;
use crate::pipeline::settings::{Options, threads};
use crate::pipeline::signals::until_stopped;
use crate::publish::Output;
use crate::storage::Bucket;

/// Stages the exports that fall to a part.
pub fn ingest_part(job: &Job, options: &Options, part: Part, watch: &dyn Watch) -> Result<PartStaging> {
    let interrupt = Arc::new(Interrupt::default());
    let work = stage(job, options, part, Supervision { watch, interrupt: &interrupt });
    until_stopped(threads(job), &interrupt, work)
}

/// An output in a bucket gets what was staged here; what others staged is not fetched.
async fn stage(job: &Job, options: &Options, part: Part, supervision: Supervision<'_>) -> Result<PartStaging> {
    let destination = Destination::of(job, options)?;
    let output = Output::open(&destination.folder)?;
    let access = options.access(job);
    let exports = ingest::discover(job, &buckets::fetch_part(job, &access, part).await?)?;
    let mine: Vec<Export> = exports.into_iter().filter(|export| part.has(export.source, &export.name)).collect();
    supervision.watch.notice(Event::StageStarted { stage: Stage::Ingest, steps: mine.len() as u64 });
    let done = ingest::ingest_part(job, &mine, &output.staging_folder(), threads(job), supervision)?;
    if let Some(place) = destination.remote {
        push_staging(&Bucket::open(place, &access)?, &output).await?;
    }
    Ok(done)
}
