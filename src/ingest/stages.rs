//! Ingest as a whole: checksums first, then every new export on its own thread, in the order of the job file afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::config::{Job, SourceSection};
use crate::ingest::convert::{Reach, convert};
use crate::ingest::discover::Export;
use crate::ingest::staged::{StagedFiles, StagingSink};
use crate::model::checksum;
use crate::model::event::{Event, Interrupt, Supervision};
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
    let scratch = Scratch::make(folder)?;
    let sums = in_parallel(&exports, threads, |export| {
        let mut is_ascii = true;
        let (bytes, sha256) = checksum::of_file_and(&export.path, |block| is_ascii &= block.is_ascii())?;
        Ok((bytes, sha256, is_ascii))
    })?;
    let mut staging = Staging::default();
    let found: Vec<Found> = exports.into_iter().zip(sums).map(Found::from).collect();
    let once = read_once(found, &mut staging.warnings);
    staging.exports = in_parallel(&once, threads, |found| {
        stage(job, Folders { staging: folder, scratch: &scratch.0 }, found, supervision)
    })?;
    for export in &staging.exports {
        staging.warnings.extend(guess_warning(export));
    }
    for export in staging.exports.iter().filter(|export| export.counts.rows_read == 0) {
        staging.warnings.push(format!("{} has a header and no rows", export.name));
    }
    refuse_equal_keys(&staging)?;
    Ok(staging)
}

/// Where staging files and temporary ones go.
#[derive(Clone, Copy)]
struct Folders<'a> {
    staging: &'a Path,
    scratch: &'a Path,
}

/// The folder of unpacked and transcoded exports, for the time of one ingest.
struct Scratch(PathBuf);

impl Scratch {
    fn make(staging: &Path) -> Result<Self> {
        let folder = staging.join(".decoding");
        // Left by a run that was killed.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).map_err(|error| Failure::io("cannot create", &folder, error))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
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

fn stage(job: &Job, folders: Folders<'_>, found: &Found, supervision: Supervision<'_>) -> Result<StagedExport> {
    supervision.interrupt.check()?;
    let Found { export, bytes, sha256, rank } = found;
    let section = export.section(job)?;
    let files = StagedFiles::of(folders.staging, export.source, section, sha256)?;
    let (counts, reused) = match files.counts() {
        Some(counts) => (counts, true),
        None => (write(export, section, &files, folders.scratch, supervision.interrupt)?, false),
    };
    let (source, name) = (export.source, export.name.clone());
    let (rows, rejected) = (counts.rows_read, counts.rows_rejected);
    supervision.watch.notice(Event::ExportStaged { source, name: name.clone(), rows, rejected, reused });
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

fn write(
    export: &Export,
    section: &SourceSection,
    files: &StagedFiles,
    scratch: &Path,
    interrupt: &Interrupt,
) -> Result<Counts> {
    let mut sink = StagingSink::create(export.source, files, interrupt)?;
    let counts = convert(export, section, files.key, Reach { limit: None, scratch }, &mut sink)?;
    sink.finish()?;
    files.seal(&counts)?;
    Ok(counts)
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
