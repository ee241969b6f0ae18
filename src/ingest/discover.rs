//! Which files the globs of the job file mean, in the order in which they count.

use std::path::{Path, PathBuf};

use crate::config::{Job, SourceSection};
use crate::model::export::Fetched;
use crate::model::failure::{Failure, Result};
use crate::model::source::Source;

/// One input file of a source, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub source: Source,
    pub path: PathBuf,
    /// The path from the job file's folder, or the whole path when it lies elsewhere.
    pub name: String,
    /// Every byte of the file is ASCII, as far as it has been read; `false` says nothing.
    pub is_ascii: bool,
}

impl Export {
    /// What the job file says of its source.
    pub fn section<'a>(&self, job: &'a Job) -> Result<&'a SourceSection> {
        let missing = || Failure::defect(format!("{}: its source is not in the job file", self.name));
        job.source(self.source).ok_or_else(missing)
    }

    /// How its name ends, in lower case and without the dot; empty if it does not.
    pub fn ending(&self) -> String {
        self.path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
    }
}

/// The exports of every source of the job, by source and then by name: a later one wins over an earlier one.
/// Those in buckets were fetched before.
///
/// # Errors
/// A missing input when nothing matches; a job file failure for a glob that is none, and for a symbolic link that leads out
/// of the job file's folder.
pub fn discover(job: &Job, fetched: &Fetched) -> Result<Vec<Export>> {
    let mut exports = Vec::new();
    for source in Source::ALL {
        let Some(section) = job.source(source) else { continue };
        let mut found = Vec::new();
        for pattern in &section.files {
            found.extend(matches(job, fetched, source, pattern)?);
        }
        found.sort_by(|left: &Export, right| left.name.cmp(&right.name));
        found.dedup_by(|left, right| left.path == right.path);
        exports.extend(found);
    }
    Ok(exports)
}

fn matches(job: &Job, fetched: &Fetched, source: Source, pattern: &str) -> Result<Vec<Export>> {
    let exports = match fetched.by_pattern.get(pattern) {
        Some(copies) => copies
            .iter()
            .map(|(name, path)| Export { source, path: path.clone(), name: name.clone(), is_ascii: false })
            .collect(),
        None => local_matches(job, source, pattern)?,
    };
    if exports.is_empty() && (job.quality.expect_exports || source.is_required()) {
        return Err(nothing_matches(job, source, pattern));
    }
    Ok(exports)
}

fn local_matches(job: &Job, source: Source, pattern: &str) -> Result<Vec<Export>> {
    // Of the folder nothing is a wildcard, whatever it is called.
    let whole = Path::new(&glob::Pattern::escape(&job.folder.to_string_lossy())).join(pattern);
    let paths = glob::glob(&whole.to_string_lossy())
        .map_err(|error| Failure::job_file(format!("sources.{source}.files: \"{pattern}\" is no glob: {error}")))?;
    let mut exports = Vec::new();
    for path in paths {
        let path = path.map_err(|error| Failure::io("cannot look into", error.path(), error.error()))?;
        if path.is_file() {
            job.require_inside(&format!("sources.{source}.files"), &path)?;
            exports.push(Export { source, name: name_of(&job.folder, &path), path, is_ascii: false });
        }
    }
    Ok(exports)
}

fn name_of(folder: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    relative.to_string_lossy().replace('\\', "/")
}

fn nothing_matches(job: &Job, source: Source, pattern: &str) -> Failure {
    let mut failure = Failure::missing_input(format!("sources.{source}.files: nothing matches \"{pattern}\""));
    if !pattern.contains("://") {
        let whole = job.path(pattern);
        failure = match whole.is_dir() {
            true => failure
                .hint(format!("it is a folder; write \"{}/*.csv\" for what is in it", pattern.trim_end_matches('/'))),
            false => failure.hint(format!("relative paths start at the job file; looked for {}", whole.display())),
        };
    }
    match source.is_required() {
        true => failure,
        false => failure.hint("quality.expect_exports = false lets an optional source be empty"),
    }
}
