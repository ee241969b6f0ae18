//! Ingest as a whole: checksums first, then every new export on its own thread, in the order of the job file afterwards.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::config::Job;
use crate::ingest::claim::Claim;
use crate::ingest::convert::{Reach, convert};
use crate::ingest::discover::Export;
use crate::ingest::staged::{StagedFiles, StagingSink};
use crate::model::checksum;
use crate::model::event::{Event, Supervision};
use crate::model::export::{Counts, StagedExport, Staging};
use crate::model::failure::{Failure, Result};
use crate::model::source::Source;

/// Stages the exports of the job, as discovered, into `folder`, with `threads` workers.
pub fn ingest(
    job: &Job,
    exports: Vec<Export>,
    folder: &Path,
    threads: usize,
    supervision: Supervision<'_>,
) -> Result<Staging> {
    let scratch = scratch(folder)?;
    let bench = Bench { job, staging: folder, scratch: scratch.path(), supervision };
    let mut staging = Staging::default();
    let once = examine(exports, threads, &mut staging.warnings)?;
    staging.exports = in_parallel(&once, threads, |found| bench.stage(found, None))?;
    for export in &staging.exports {
        staging.warnings.extend(guess_warning(export));
    }
    for export in staging.exports.iter().filter(|export| export.counts.rows_read == 0) {
        staging.warnings.push(format!("{} has a header and no rows", export.name));
    }
    refuse_equal_keys(&staging)?;
    Ok(staging)
}

/// What one process of several did, in numbers of exports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartStaging {
    pub staged: usize,
    /// In staging already.
    pub reused: usize,
    /// Another process is staging them.
    pub elsewhere: usize,
}

/// Stages some exports of the job while other processes stage others, or the same ones, into the same folder. What
/// there is to warn of, the run will say.
pub fn ingest_part(
    job: &Job,
    exports: Vec<Export>,
    folder: &Path,
    threads: usize,
    supervision: Supervision<'_>,
) -> Result<PartStaging> {
    let scratch = scratch(folder)?;
    let bench = Bench { job, staging: folder, scratch: scratch.path(), supervision };
    let once = examine(exports, threads, &mut Vec::new())?;
    let outcomes = in_parallel(&once, threads, |found| bench.stage_unclaimed(found))?;
    let done = outcomes.iter().flatten();
    let reused = done.clone().filter(|export| export.reused).count();
    let staged = done.count() - reused;
    Ok(PartStaging { staged, reused, elsewhere: outcomes.len() - staged - reused })
}

/// Checksums, and of each content its first export.
fn examine(exports: Vec<Export>, threads: usize, warnings: &mut Vec<String>) -> Result<Vec<Found>> {
    let sums = in_parallel(&exports, threads, |export| {
        let mut is_ascii = true;
        let (bytes, sha256) = checksum::of_file_and(&export.path, |block| is_ascii &= block.is_ascii())?;
        Ok((bytes, sha256, is_ascii))
    })?;
    let found: Vec<Found> = exports.into_iter().zip(sums).map(Found::from).collect();
    Ok(read_once(found, warnings))
}

const SCRATCH: &str = ".decoding";
/// How much older than a new one a folder has to be that a killed process left behind.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder of this process for what is unpacked, transcoded and written; others may be at work beside it.
fn scratch(staging: &Path) -> Result<TempDir> {
    let made = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(staging);
    let made = made.map_err(|error| Failure::io("cannot write to", staging, error))?;
    remove_abandoned(staging, made.path());
    Ok(made)
}

/// What cannot be removed only costs disk.
fn remove_abandoned(staging: &Path, made: &Path) {
    let modified = |path: &Path| std::fs::metadata(path).and_then(|about| about.modified()).ok();
    let Some(now) = modified(made) else { return };
    for entry in std::fs::read_dir(staging).into_iter().flatten().filter_map(std::result::Result::ok) {
        let is_scratch = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        let age = modified(&entry.path()).and_then(|then| now.duration_since(then).ok());
        if is_scratch && age.is_some_and(|age| age > ABANDONED_AFTER) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn guess_warning(export: &StagedExport) -> Option<String> {
    let encoding = export.counts.encoding.as_ref().filter(|encoding| encoding.is_guess)?;
    let (name, source, label) = (&export.name, export.source, encoding.name.to_lowercase());
    Some(format!("{name} was read as {label}, which is a guess; sources.{source}.encoding = \"{label}\" makes it sure"))
}

/// An export with its checksum and its place among the exports of its source.
struct Found {
    export: Export,
    bytes: u64,
    sha256: String,
    rank: u64,
}

impl From<(Export, (u64, String, bool))> for Found {
    fn from((export, (bytes, sha256, is_ascii)): (Export, (u64, String, bool))) -> Self {
        Self { export: Export { is_ascii, ..export }, bytes, sha256, rank: 0 }
    }
}

/// Drops exports that repeat the content of an earlier one of the same source, and ranks the rest.
fn read_once(found: Vec<Found>, warnings: &mut Vec<String>) -> Vec<Found> {
    let mut seen: BTreeMap<(Source, String), String> = BTreeMap::new();
    let mut ranks: BTreeMap<Source, u64> = BTreeMap::new();
    let mut once = Vec::with_capacity(found.len());
    for mut item in found {
        let content = (item.export.source, item.sha256.clone());
        if let Some(first) = seen.get(&content) {
            warnings.push(format!("{} has the same content as {first} and is not read again", item.export.name));
            continue;
        }
        seen.insert(content, item.export.name.clone());
        let rank = ranks.entry(item.export.source).or_default();
        item.rank = *rank;
        *rank += 1;
        once.push(item);
    }
    once
}

/// Runs `work` on every item; the results are in the order of the items, and so is the first failure.
fn in_parallel<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                while let Some((place, item)) = take(items, &next) {
                    let result = work(item);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    items.get(place).map(|item| (place, item))
}

/// Where exports are staged, and by which rules.
#[derive(Clone, Copy)]
struct Bench<'a> {
    job: &'a Job,
    staging: &'a Path,
    scratch: &'a Path,
    supervision: Supervision<'a>,
}

impl Bench<'_> {
    /// Stages an export unless it is staged; `None` when another process is at it.
    fn stage_unclaimed(&self, found: &Found) -> Result<Option<StagedExport>> {
        let files = self.files(found)?;
        let claim = match files.counts() {
            Some(_) => None,
            None => match Claim::take(&files.claim, self.scratch)? {
                None => return Ok(None),
                claim => claim,
            },
        };
        self.stage(found, claim).map(Some)
    }

    fn files(&self, found: &Found) -> Result<StagedFiles> {
        StagedFiles::of(self.staging, found.export.source, found.export.section(self.job)?, &found.sha256)
    }

    fn stage(&self, found: &Found, claim: Option<Claim>) -> Result<StagedExport> {
        self.supervision.interrupt.check()?;
        let Found { export, bytes, sha256, rank } = found;
        let files = self.files(found)?;
        // Whoever had the claim before may have sealed the files since they were looked for.
        let (counts, reused) = match files.counts() {
            Some(counts) => (counts, true),
            None => (self.write(export, &files, claim)?, false),
        };
        let (source, name) = (export.source, export.name.clone());
        let (rows, rejected) = (counts.rows_read, counts.rows_rejected);
        self.supervision.watch.notice(Event::ExportStaged { source, name: name.clone(), rows, rejected, reused });
        Ok(StagedExport {
            source,
            name,
            rank: *rank,
            key: files.key,
            bytes: *bytes,
            sha256: sha256.clone(),
            counts,
            reused,
            rows_file: files.rows,
            rejections_file: files.rejections,
        })
    }

    fn write(&self, export: &Export, files: &StagedFiles, claim: Option<Claim>) -> Result<Counts> {
        let section = export.section(self.job)?;
        let mut sink = StagingSink::create(export.source, files, self.scratch, claim, self.supervision.interrupt)?;
        let reach = Reach { limit: None, scratch: self.scratch };
        let counts = convert(export, section, files.key, reach, &mut sink)?;
        let _held_until_sealed = sink.finish()?;
        files.seal(&counts, self.scratch)?;
        Ok(counts)
    }
}

/// Keys join rows to exports, so two exports with one key would mix their rows; 60 bits make that all but impossible.
fn refuse_equal_keys(staging: &Staging) -> Result<()> {
    let mut names = BTreeMap::new();
    for export in &staging.exports {
        if let Some(other) = names.insert(export.key, &export.name) {
            return Err(Failure::defect(format!("{other} and {} have the same staging key", export.name)));
        }
    }
    Ok(())
}
