//! What decides the tables of a run. Equal fingerprints give equal tables, so a run that would repeat one is spared.

use crate::analysis::{ENGINE_VERSION, QuerySet};
use crate::config::Job;
use crate::model::checksum;
use crate::model::export::Staging;
use crate::model::failure::{Failure, Result};
use crate::pipeline::settings::Options;

/// Checksums of everything that decides the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    pub job_file_sha256: String,
    pub queries_sha256: String,
    /// All of it in one.
    pub whole: String,
}

impl Fingerprint {
    /// The job file counts by the sections that decide tables or their publication; exports by source, name and
    /// content; `as_of` when it was given by hand.
    pub fn of(options: &Options, job: &Job, set: &QuerySet, staging: &Staging) -> Result<Self> {
        let (_, job_file_sha256) = checksum::of_file(&options.job_file)?;
        let as_of = options.as_of(job)?.map_or("latest".to_owned(), |date| date.to_string());
        let queries_sha256 = set.sha256();
        let documents = (job.publish.report, job.publish.workbook);
        let settings = serde_json::to_string(&(&job.sources, &job.classes, &job.quality, job.job.goal, documents))
            .map_err(|error| Failure::defect(format!("job file: {error}")))?;
        let exports: Vec<String> = staging
            .exports
            .iter()
            .map(|export| format!("{} {} {}", export.source, export.name, export.sha256))
            .collect();
        let version = env!("CARGO_PKG_VERSION");
        let mut parts = vec![version, ENGINE_VERSION, &settings, &queries_sha256, &as_of, options.lang(job).code()];
        parts.extend(exports.iter().map(String::as_str));
        let whole = checksum::of_parts(&parts);
        Ok(Self { job_file_sha256, queries_sha256, whole })
    }
}
