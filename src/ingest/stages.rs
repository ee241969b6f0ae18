//! Ingest as a whole: checksums first, then what staging there is of them, then every new export on its own thread, in the
//! order of the job file afterwards.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tempfile::TempDir;

use crate::config::Job;
use crate::ingest::claim::Claim;
use crate::ingest::convert::convert;
use crate::ingest::discover::Export;
use crate::ingest::formats::Reach;
use crate::ingest::found::{Found, read_once};
use crate::ingest::seen::Seen;
use crate::ingest::staged::{Kept, StagedFiles, StagingSink};
use crate::model::event::{Event, Supervision};
use crate::model::export::{Counts, StagedExport, Staging};
use crate::model::failure::{Failure, Result};
use crate::model::lease::{Lease, is_leased, turn};
use crate::model::parallel::in_parallel;
use crate::model::room::Room;

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
    let bench = Bench { job, staging: folder, scratch: scratch.path(), supervision };
    let mut staging = Staging::default();
    let found = bench.examine(exports, threads, &Seen::load(folder))?;
    let seen = Seen::of(found.iter().map(|found| (found.export.path.as_path(), &found.known)), scratch.made_at());
    let once = read_once(found, &mut staging.warnings);
    let plans = in_parallel(&once, threads, |found| bench.plan(found))?;
    staging.warnings.extend(plans.iter().filter_map(Plan::warning));
    require_room(&plans, room)?;
    staging.exports = in_parallel(&plans, threads, |plan| bench.stage(plan, None))?;
    for export in &staging.exports {
        staging.warnings.extend(guess_warning(export));
    }
    for export in staging.exports.iter().filter(|export| export.counts.rows_read == 0) {
        staging.warnings.push(format!("{} has a header and no rows", export.name));
    }
    refuse_equal_keys(&staging)?;
    seen.keep(folder, scratch.path());
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
    exports: &[Export],
    folder: &Path,
    threads: usize,
    supervision: Supervision<'_>,
) -> Result<PartStaging> {
    let scratch = Scratch::make(folder)?;
    let bench = Bench { job, staging: folder, scratch: scratch.path(), supervision };
    // Other machines know the same files by other numbers, so nothing is remembered here.
    let once = read_once(bench.examine(exports, threads, &Seen::default())?, &mut Vec::new());
    let outcomes = in_parallel(&once, threads, |found| bench.stage_unclaimed(found))?;
    let done = outcomes.iter().flatten();
    let reused = done.clone().filter(|export| export.reused).count();
    let staged = done.count() - reused;
    Ok(PartStaging { staged, reused, elsewhere: outcomes.len() - staged - reused })
}

const SCRATCH: &str = ".decoding";

/// A folder of this process for what is unpacked, transcoded and written; others may be at work beside it.
struct Scratch {
    // In this order: the lease ends before the folder goes.
    _lease: Lease,
    folder: TempDir,
}

impl Scratch {
    fn make(staging: &Path) -> Result<Self> {
        let make = || {
            std::fs::create_dir_all(staging)?;
            let _turn = turn(staging)?;
            remove_abandoned(staging);
            let folder = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(staging)?;
            Ok(Self { _lease: Lease::take(folder.path())?, folder })
        };
        make().map_err(|error: std::io::Error| Failure::io("cannot write to", staging, error))
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// By the clock of the file system, in seconds since 1970; long ago where it does not say so.
    fn made_at(&self) -> i64 {
        self.path().metadata().map_or(0, |about| about.mtime())
    }
}

/// Removes what killed processes left; what cannot be removed only costs disk.
fn remove_abandoned(staging: &Path) {
    for entry in std::fs::read_dir(staging).into_iter().flatten().filter_map(std::result::Result::ok) {
        let is_scratch = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        if is_scratch && !is_leased(&entry.path()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn guess_warning(export: &StagedExport) -> Option<String> {
    let encoding = export.counts.encoding.as_ref().filter(|encoding| encoding.is_guess)?;
    let (name, source, label) = (&export.name, export.source, encoding.name.to_lowercase());
    Some(format!("{name} was read as {label}, which is a guess; sources.{source}.encoding = \"{label}\" makes it sure"))
}

/// An export, and what staging there is of it.
struct Plan<'a> {
    found: &'a Found,
    files: StagedFiles,
    kept: Kept,
}

impl Plan<'_> {
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
    /// Exports with their checksums.
    fn examine(&self, exports: &[Export], threads: usize, seen: &Seen) -> Result<Vec<Found>> {
        in_parallel(exports, threads, |export| {
            self.supervision.interrupt.check()?;
            Found::of(export, seen)
        })
    }

    fn plan<'a>(&self, found: &'a Found) -> Result<Plan<'a>> {
        let Found { export, known, .. } = found;
        let files = StagedFiles::of(self.staging, export.source, export.section(self.job)?, &known.sha256)?;
        let kept = files.kept();
        Ok(Plan { found, files, kept })
    }

    /// Stages an export unless it is staged; `None` when another process is at it.
    fn stage_unclaimed(&self, found: &Found) -> Result<Option<StagedExport>> {
        let plan = self.plan(found)?;
        if matches!(plan.kept, Kept::Whole(_)) {
            return self.stage(&plan, None).map(Some);
        }
        let Some(claim) = Claim::take(&plan.files.claim, self.scratch)? else { return Ok(None) };
        // Whoever had the claim before may have sealed the files since they were looked for.
        self.stage(&self.plan(found)?, Some(claim)).map(Some)
    }

    fn stage(&self, plan: &Plan<'_>, claim: Option<Claim>) -> Result<StagedExport> {
        self.supervision.interrupt.check()?;
        let Found { export, known, rank, .. } = plan.found;
        let (counts, reused) = match &plan.kept {
            Kept::Whole(counts) => (counts.clone(), true),
            Kept::Nothing | Kept::Damaged(_) => (self.write(plan, claim)?, false),
        };
        let (source, name) = (export.source, export.name.clone());
        let (rows, rejected) = (counts.rows_read, counts.rows_rejected);
        self.supervision.watch.notice(Event::ExportStaged { source, name: name.clone(), rows, rejected, reused });
        Ok(StagedExport {
            source,
            name,
            rank: *rank,
            key: plan.files.key,
            bytes: plan.found.bytes(),
            sha256: known.sha256.clone(),
            counts,
            reused,
            rows_file: plan.files.rows.clone(),
            rejections_file: plan.files.rejections.clone(),
        })
    }

    /// Staging is sealed only if the export is still what its checksum was taken of.
    fn write(&self, Plan { found, files, kept }: &Plan<'_>, claim: Option<Claim>) -> Result<Counts> {
        let (export, interrupt) = (&found.export, self.supervision.interrupt);
        if let Kept::Damaged(_) = kept {
            files.discard()?;
        }
        let mut sink = StagingSink::create(export.source, files, self.scratch, claim, interrupt)?;
        let reach = Reach { limit: None, scratch: self.scratch, memory: self.job.memory_limit()? as u64 };
        let converted = convert(export, export.section(self.job)?, files.key, reach, &mut sink);
        interrupt.check()?;
        // First of all, since a change explains whatever else went wrong.
        found.known.sight.holds(export, found.bytes())?;
        let counts = converted?;
        let (sums, _held_until_sealed) = sink.finish()?;
        files.seal(sums, counts.clone(), self.scratch)?;
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
