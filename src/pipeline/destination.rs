//! Where a job's output is: a local folder, or a bucket with a local copy.

use std::path::PathBuf;

use crate::config::Job;
use crate::model::checksum;
use crate::model::failure::{Failure, Result};
use crate::pipeline::mirror::Mirror;
use crate::pipeline::settings::Options;
use crate::publish::{Lock, Output};
use crate::storage::{Bucket, Location, is_remote};

/// The output of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Where tables are written and read.
    pub folder: PathBuf,
    /// Where they are published, if not there.
    pub remote: Option<Location>,
}

impl Destination {
    /// What the argument says, or else the job file.
    ///
    /// # Errors
    /// A job file failure for an address without a bucket, and for Delta tables in a bucket.
    pub fn of(job: &Job, options: &Options) -> Result<Self> {
        let given = options.out.as_ref().map(|out| out.to_string_lossy().into_owned());
        let out = given.as_deref().unwrap_or(&job.job.out);
        if !is_remote(out) {
            let folder = options.out.clone().unwrap_or_else(|| job.path(&job.job.out));
            return Ok(Self { folder, remote: None });
        }
        if job.publish.delta {
            return Err(Failure::job_file(format!("publish.delta = true: Delta tables are not written to {out}"))
                .hint("choose a local output folder, or remove the key"));
        }
        let digest = checksum::of_parts(&[out.trim_end_matches('/')]);
        let copy = format!("out-{}", digest.get(..8).unwrap_or(&digest));
        let folder = job.path(&job.storage.cache).join(copy);
        Ok(Self { folder, remote: Some(Location::parse(out)?) })
    }

    /// What readers follow.
    pub fn shown(&self) -> String {
        match &self.remote {
            Some(place) => place.address_of("latest"),
            None => self.folder.join("latest").display().to_string(),
        }
    }
}

/// The output folder of a job for reading; one in a bucket is copied first, unless a run is at it.
pub fn refreshed(job: &Job, options: &Options) -> Result<PathBuf> {
    let Destination { folder, remote } = Destination::of(job, options)?;
    if let Some(place) = remote {
        let output = Output::open(&folder)?;
        if let Ok(_lock) = Lock::acquire(&output, "a reader") {
            let bucket = Bucket::open(place, &options.access(job))?;
            current_thread()?.block_on(Mirror::pull(bucket, output))?;
        }
    }
    Ok(folder)
}

/// A runtime for a few steps.
pub fn current_thread() -> Result<tokio::runtime::Runtime> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error| Failure::defect(format!("cannot start the runtime: {error}")))
}
