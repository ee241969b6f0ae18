//! Ingest as a whole: checksums first, then what staging there is of them, then every new export on its own thread, in the
//! order of the job file afterwards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::config::Job;
use crate::ingest::content::{Content, Format};
use crate::ingest::convert::{Reach, convert};
use crate::ingest::discover::Export;
use crate::ingest::endless::{Lines, endless};
use crate::ingest::sight::Sight;
use crate::ingest::staged::{Kept, StagedFiles, StagingSink};
use crate::model::checksum;
use crate::model::event::{Event, Interrupt, Supervision};
use crate::model::export::{Counts, StagedExport, Staging};
use crate::model::failure::{Failure, Result};
use crate::model::room::Room;
use crate::model::source::Source;

/// Stages the exports of the job, as discovered, into `folder`, with `threads` workers, if there is `room`.
pub fn ingest(
    job: &Job,
    exports: &[Export],
    folder: &Path,
    threads: usize,
    room: &Room,
    supervision: Supervision<'_>,
) -> Result<Staging> {
    let scratch = Scratch::make(folder)?;
    let mut staging = Staging::default();
    let found = in_parallel(exports, threads, |export| {
        supervision.interrupt.check()?;
        Found::read(export)
    })?;
    let once = read_once(found, &mut staging.warnings);
    let plans = in_parallel(&once, threads, |found| Plan::of(job, folder, found))?;
    staging.warnings.extend(plans.iter().filter_map(Plan::warning));
    require_room(&plans, room)?;
    let reach = Reach { limit: None, scratch: &scratch.0, memory: job.memory_limit()? as u64 };
    staging.exports = in_parallel(&plans, threads, |plan| plan.stage(job, reach, supervision))?;
    for export in &staging.exports {
        staging.warnings.extend(guess_warning(export));
    }
    for export in staging.exports.iter().filter(|export| export.counts.rows_read == 0) {
        staging.warnings.push(format!("{} has a header and no rows", export.name));
    }
    refuse_equal_keys(&staging)?;
    Ok(staging)
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
    /// As it was before its checksum was taken.
    sight: Sight,
    content: Content,
    bytes: u64,
    sha256: String,
    rank: u64,
}

impl Found {
    /// Reads an export for its checksum. A text without line ends is not read to its end.
    fn read(export: &Export) -> Result<Self> {
        let (sight, content) = (Sight::of(export)?, Content::of_file(&export.path)?);
        let is_text = !content.is_packed() && Format::of(export, content) == Format::Text;
        let (mut is_ascii, mut lines) = (true, Lines::default());
        let (bytes, sha256) = checksum::of_file_and(&export.path, |block| {
            is_ascii &= block.is_ascii();
            match lines.pass(block).filter(|_| is_text) {
                Some(begin) => Err(endless(&export.name, &export.path, begin)),
                None => Ok(()),
            }
        })?;
        sight.holds(export, bytes)?;
        Ok(Self { export: Export { is_ascii, ..export.clone() }, sight, content, bytes, sha256, rank: 0 })
    }

    /// About what its rows would take as text: packed tables are a fifth of that, those of Parquet and spreadsheets a half.
    const fn text_bytes(&self) -> u64 {
        match self.content {
            Content::Gzip | Content::Zstandard => self.bytes.saturating_mul(5),
            Content::Parquet | Content::Zip => self.bytes.saturating_mul(2),
            Content::Compound | Content::Other => self.bytes,
        }
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
fn in_parallel<'a, T: Sync, R: Send>(
    items: &'a [T],
    threads: usize,
    work: impl Fn(&'a T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
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

/// An export, and what staging there is of it.
struct Plan<'a> {
    found: &'a Found,
    files: StagedFiles,
    kept: Kept,
}

impl<'a> Plan<'a> {
    fn of(job: &Job, folder: &Path, found: &'a Found) -> Result<Self> {
        let Found { export, sha256, .. } = found;
        let files = StagedFiles::of(folder, export.source, export.section(job)?, sha256)?;
        let kept = files.kept();
        Ok(Self { found, files, kept })
    }

    fn warning(&self) -> Option<String> {
        match &self.kept {
            Kept::Damaged(fault) => Some(format!(
                "{} was staged anew, because its staging of an earlier run is damaged: {fault}; if this happens again, \
                 have the disk looked at",
                self.found.export.name
            )),
            Kept::Nothing | Kept::Whole(_) => None,
        }
    }

    /// At least this much is written for it: staging takes about 0.7 of the text, and what is packed is unpacked first.
    fn new_bytes(&self) -> u64 {
        let text = self.found.text_bytes();
        match (&self.kept, self.found.content.is_packed()) {
            (Kept::Whole(_), _) => 0,
            (_, true) => text.saturating_add(text / 2),
            (_, false) => text / 2,
        }
    }

    fn stage(&self, job: &Job, reach: Reach<'_>, supervision: Supervision<'_>) -> Result<StagedExport> {
        supervision.interrupt.check()?;
        let Found { export, bytes, sha256, rank, .. } = self.found;
        let (counts, reused) = match &self.kept {
            Kept::Whole(counts) => (counts.clone(), true),
            Kept::Nothing | Kept::Damaged(_) => (self.write(job, reach, supervision.interrupt)?, false),
        };
        let (source, name) = (export.source, export.name.clone());
        let (rows, rejected) = (counts.rows_read, counts.rows_rejected);
        supervision.watch.notice(Event::ExportStaged { source, name: name.clone(), rows, rejected, reused });
        Ok(StagedExport {
            source,
            name,
            rank: *rank,
            key: self.files.key,
            bytes: *bytes,
            sha256: sha256.clone(),
            counts,
            reused,
            rows_file: self.files.rows.clone(),
            rejections_file: self.files.rejections.clone(),
        })
    }

    /// Staging is sealed only if the export is still what its checksum was taken of.
    fn write(&self, job: &Job, reach: Reach<'_>, interrupt: &Interrupt) -> Result<Counts> {
        let Found { export, sight, bytes, .. } = self.found;
        self.files.discard()?;
        let mut sink = StagingSink::create(export.source, &self.files, interrupt)?;
        let converted = convert(export, export.section(job)?, self.files.key, reach, &mut sink);
        interrupt.check()?;
        // First of all, since a change explains whatever else went wrong.
        sight.holds(export, *bytes)?;
        let counts = converted?;
        self.files.seal(sink.finish()?, counts.clone())?;
        Ok(counts)
    }
}

/// A night in which nothing is staged is let through: it may have nothing to write at all.
fn require_room(plans: &[Plan<'_>], room: &Room) -> Result<()> {
    match plans.iter().map(Plan::new_bytes).fold(0, u64::saturating_add) {
        0 => Ok(()),
        staging => room.holds(staging),
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
