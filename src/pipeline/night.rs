//! The night on one screen: lock, ingest, gate, analyse, check, publish.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::task::spawn_blocking;

use crate::analysis::{Analysis, Parameters, QuerySet, require_built};
use crate::config::Job;
use crate::ingest;
use crate::model::event::{Event, Interrupt, Stage, Supervision, Watch};
use crate::model::export::Staging;
use crate::model::failure::Result;
use crate::model::manifest::{Manifest, Status, Verdict};
use crate::model::room::Room;
use crate::model::timing::{Stopwatch, Timing, stamp};
use crate::pipeline::buckets;
use crate::pipeline::cluster;
use crate::pipeline::destination::Destination;
use crate::pipeline::documents;
use crate::pipeline::drift::drift;
use crate::pipeline::earlier::Earlier;
use crate::pipeline::fingerprint::Fingerprint;
use crate::pipeline::marts::{QUALITY_MARTS, Writing};
use crate::pipeline::metrics::Metrics;
use crate::pipeline::mirror::Mirror;
use crate::pipeline::outcome::{Outcome, Published};
use crate::pipeline::record::Record;
use crate::pipeline::settings::{Clock, Options, keep, parameters, resources, threads};
use crate::pipeline::signals::until_stopped;
use crate::publish::{Draft, Lock, Output, Release, follow_latest, prune, prune_facts, prune_staging, render_rows};
use crate::storage::Bucket;

/// Runs a night from the job file to the published tables.
pub fn run(job: &Job, options: &Options, clock: Clock, watch: &dyn Watch) -> Result<Outcome> {
    require_built(&job.engine)?;
    let started_at = clock.now();
    let destination = Destination::of(job, options)?;
    let output = Output::open(&destination.folder)?.with_permissions(Some(job.permissions()?));
    let _lock = Lock::acquire(
        &output,
        &format!("process {}, since {}", std::process::id(), started_at.format("%Y-%m-%d %H:%M:%S UTC")),
    )?;
    watch.notice(Event::RunStarted { started_at });
    for removed in output.clean_up()? {
        watch.notice(Event::Warning { message: format!("removed {removed}, left behind by an earlier run") });
    }
    let interrupt = Arc::new(Interrupt::default());
    let night = Night {
        job,
        options,
        clock,
        watch,
        destination: &destination,
        output: &output,
        interrupt: &interrupt,
        started_at,
    };
    let outcome = until_stopped(threads(job), &interrupt, night.run());
    night.remove_work_folder();
    outcome
}

/// What to do about failed checks depends on whose they are.
fn hint_for_checks(record: &Record, set: &QuerySet) -> &'static str {
    let failed = record.checks.iter().filter(|check| check.verdict == Verdict::Fail);
    let own = |name: &str| set.queries.get(name).is_some_and(|query| !query.is_built_in);
    match failed.into_iter().all(|check| own(&check.name)) {
        true => "the check is one of your own: mend what it found, or the check",
        false => "a built-in check that fails is a defect of dealerlens: please report the line above",
    }
}

/// One night, and what it is given.
pub(super) struct Night<'a> {
    pub(super) job: &'a Job,
    pub(super) options: &'a Options,
    pub(super) clock: Clock,
    pub(super) watch: &'a dyn Watch,
    pub(super) destination: &'a Destination,
    pub(super) output: &'a Output,
    pub(super) interrupt: &'a Interrupt,
    pub(super) started_at: DateTime<Utc>,
}

impl Night<'_> {
    async fn run(&self) -> Result<Outcome> {
        let job = self.job;
        let set = QuerySet::load(self.options.queries.as_deref(), job.extra_queries().as_deref())?;
        let resources = resources(job, self.output)?;
        if self.wants_planning(&set) {
            Analysis::verify(set.clone(), &resources, &self.parameters(self.run_date(), None)).await?;
        }

        let watch = Stopwatch::start();
        let mirror = self.mirror().await?;
        let latest = self.published();
        let mut staging = self.ingest(latest.as_ref()).await?;
        let ingest = Timing::of_stage(Stage::Ingest.name(), watch.took());
        let fingerprint = Fingerprint::of(self.options, job, &set, &staging)?;
        if let Some(latest) = &latest {
            let followed = self.follow_in_delta().await;
            if let Some(outcome) = self.unchanged(latest, &fingerprint)? {
                return followed.map(|_| outcome);
            }
            if let Err(failure) = followed {
                self.watch.notice(Event::Warning { message: failure.message });
            }
            let drifted = drift(&staging, latest);
            drifted.into_iter().for_each(|message| self.warn(&mut staging.warnings, message));
        }
        let earlier = self.earlier(latest.as_ref(), &fingerprint, &set);

        let watch = Stopwatch::start();
        let previous = earlier.as_ref().map_or(&[][..], |earlier| &earlier.rows);
        let mut analysis = Analysis::open(set, &staging, previous, &resources)?;
        cluster::join(job, &mut analysis, mirror.as_ref(), &self.own_name()).await?;
        let mut record = self.record(fingerprint, &staging, &mut analysis).await?;
        record.timings.push(ingest);
        self.watch.notice(Event::RunNamed { run_id: record.run_id.clone() });
        record.compared_with = earlier.as_ref().map(Earlier::compared);
        let parameters = self.parameters(record.as_of, earlier.as_ref().map(|earlier| earlier.as_of));
        let draft = self.output.begin(&record.run_id)?;

        let passed = self.gate(&mut analysis, &parameters, &draft, &staging, &mut record).await?;
        self.clock(&mut record, Stage::Gate, watch, &mut analysis);
        if !passed {
            analysis.stop().await;
            let hint = "mend the exports, or change [quality] in the job file if this is acceptable";
            return Err(self.refuse(draft, &record, &staging)?.hint(hint));
        }
        let watch = Stopwatch::start();
        self.analyse(&mut analysis, &parameters, &draft, &mut record).await?;
        self.clock(&mut record, Stage::Analyse, watch, &mut analysis);
        let watch = Stopwatch::start();
        let passed = self.check(&mut analysis, &parameters, &mut record).await?;
        self.clock(&mut record, Stage::Check, watch, &mut analysis);
        if !passed {
            let hint = hint_for_checks(&record, analysis.queries());
            return Err(self.refuse(draft, &record, &staging)?.hint(hint));
        }
        let troubles = analysis.take_troubles();
        troubles.into_iter().for_each(|trouble| self.warn(&mut record.warnings, trouble));
        self.publish(draft, &record, &staging, analysis, mirror.as_ref()).await
    }

    /// Keeps what a stage took, and what its queries took if that is wanted.
    fn clock(&self, record: &mut Record, stage: Stage, watch: Stopwatch, analysis: &mut Analysis) {
        record.timings.push(Timing::of_stage(stage.name(), watch.took()));
        let queries = analysis.take_timings(stage.name());
        if self.options.timings {
            record.timings.extend(queries);
        }
    }

    pub(super) fn run_date(&self) -> NaiveDate {
        self.options.run_date(self.started_at)
    }

    pub(super) fn parameters(&self, as_of: NaiveDate, previous_as_of: Option<NaiveDate>) -> Parameters {
        parameters(self.job, self.options, as_of, self.run_date(), previous_as_of)
    }

    /// A name that no other night has, on any machine.
    fn own_name(&self) -> String {
        format!("{}-{}", stamp(self.started_at), std::process::id())
    }

    /// Says it now, and keeps it for the manifest.
    pub(super) fn warn(&self, warnings: &mut Vec<String>, message: String) {
        self.watch.notice(Event::Warning { message: message.clone() });
        warnings.push(message);
    }

    /// The local copy of an output in a bucket, as it is now.
    async fn mirror(&self) -> Result<Option<Mirror>> {
        let Some(place) = &self.destination.remote else { return Ok(None) };
        let bucket = Bucket::open(place.clone(), &self.options.access(self.job))?;
        Mirror::pull(bucket, self.output.clone()).await.map(Some)
    }

    async fn ingest(&self, latest: Option<&Manifest>) -> Result<Staging> {
        let fetched = buckets::fetch(self.job, &self.options.access(self.job)).await?;
        let exports = ingest::discover(self.job, &fetched)?;
        self.watch.notice(Event::StageStarted { stage: Stage::Ingest, steps: exports.len() as u64 });
        let supervision = Supervision { watch: self.watch, interrupt: self.interrupt };
        let folder = self.output.staging_folder();
        let room = Room { folder: self.output.root().to_path_buf(), published: latest.map_or(0, Manifest::bytes) };
        let staging = ingest::ingest(self.job, &exports, &folder, threads(self.job), &room, supervision)?;
        for message in &staging.warnings {
            self.watch.notice(Event::Warning { message: message.clone() });
        }
        let reused = staging.exports.iter().filter(|export| export.reused).count();
        let summary = format!("{} exports, {reused} of them unchanged and reused from staging", staging.exports.len());
        let counts = vec![("exports", staging.exports.len() as u64), ("reused", reused as u64)];
        self.watch.notice(Event::StageFinished { stage: Stage::Ingest, summary, counts });
        Ok(staging)
    }

    async fn analyse(
        &self,
        analysis: &mut Analysis,
        parameters: &Parameters,
        draft: &Draft,
        record: &mut Record,
    ) -> Result<()> {
        let names: Vec<String> = analysis.queries().marts().map(|(query, _)| query.name.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !QUALITY_MARTS.contains(name)).collect();
        self.watch.notice(Event::StageStarted { stage: Stage::Analyse, steps: names.len() as u64 });
        let mut writing = Writing::new(analysis, draft);
        let mut tell = |name: &str, rows: u64| {
            if names.contains(&name) {
                writing.begin(name);
                self.watch.notice(Event::Step { stage: Stage::Analyse, name: format!("{name}: {rows} rows") });
            }
        };
        if let Err(failure) = analysis.compute(&names, parameters, &mut tell).await {
            writing.stop().await;
            return Err(failure);
        }
        record.tables.extend(writing.finish().await?);
        record.tables.sort_by(|left, right| left.name.cmp(&right.name));
        let window = render_rows(&analysis.rows("analysis_window").await?, None)?;
        record.comparison_base = window.first().and_then(|row| row.get("comparison_base").cloned().flatten());
        record.metrics = render_rows(&analysis.rows("run_metrics").await?, None)?.first().map(Metrics::of);
        let rows: u64 = record.tables.iter().map(|table| table.rows).sum();
        let base = record.comparison_base.as_deref().unwrap_or("none");
        let elsewhere = analysis.elsewhere().map(|(heavy, address)| format!(", {heavy} relations on {address}"));
        let (tables, elsewhere) = (record.tables.len(), elsewhere.unwrap_or_default());
        let summary = format!("{tables} tables, {rows} rows, as of {}, base {base}{elsewhere}", record.as_of);
        let counts = vec![("tables", tables as u64), ("rows", rows)];
        self.watch.notice(Event::StageFinished { stage: Stage::Analyse, summary, counts });
        Ok(())
    }

    async fn publish(
        &self,
        mut draft: Draft,
        record: &Record,
        staging: &Staging,
        analysis: Analysis,
        mirror: Option<&Mirror>,
    ) -> Result<Outcome> {
        self.watch.notice(Event::StageStarted { stage: Stage::Publish, steps: 1 });
        self.interrupt.check()?;
        let watch = Stopwatch::start();
        let mut manifest = record.manifest(self.job, staging, Status::Published, self.clock);
        let language = self.options.lang(self.job);
        manifest.documents =
            documents::write(self.job, language, draft.folder(), &manifest, &analysis.queries().contracts())?;
        manifest.timings.push(Timing::of_stage(Stage::Publish.name(), watch.took()));
        self.interrupt.check()?;
        let facts = analysis.facts_in_use();
        // It holds thousands of small things: they are let go while the disk is waited for.
        spawn_blocking(move || drop(analysis));
        draft.complete(&manifest)?;
        if let Some(mirror) = mirror {
            mirror.push(&record.run_id, draft.folder()).await?;
        }
        let release = draft.switch()?;
        self.tidy(&release, staging, &facts, mirror).await.map_err(|failure| {
            failure.hint(format!("run {} is published; only tidying up after it failed", release.run_id))
        })?;
        let summary = match self.follow_in_delta().await? {
            0 => format!("run {}", release.run_id),
            tables => format!("run {}, {tables} Delta tables", release.run_id),
        };
        let counts = vec![("tables", manifest.tables.len() as u64), ("documents", manifest.documents.len() as u64)];
        self.watch.notice(Event::StageFinished { stage: Stage::Publish, summary, counts });
        let seconds = (self.clock.now() - self.started_at).as_seconds_f64();
        Ok(Outcome::Published(Box::new(Published {
            manifest,
            latest: self.output.latest_link(),
            shown: self.destination.shown(),
            seconds,
        })))
    }

    /// Makes the Delta tables, where the job has them, show the published run. After the switch, so that they never show
    /// another one; and at the beginning of a night, for a run that was killed before it came to that. The result is how
    /// many had to follow.
    async fn follow_in_delta(&self) -> Result<usize> {
        let publish = &self.job.publish;
        if publish.delta { follow_latest(self.output, publish.keep_runs).await } else { Ok(0) }
    }

    /// Removes what no kept run needs.
    async fn tidy(
        &self,
        release: &Release,
        staging: &Staging,
        facts: &BTreeSet<PathBuf>,
        mirror: Option<&Mirror>,
    ) -> Result<()> {
        prune(self.output, &keep(self.job, self.clock.now()))?;
        let files =
            staging.exports.iter().flat_map(|export| [export.rows_file.clone(), export.rejections_file.clone()]);
        prune_staging(self.output, &files.collect::<BTreeSet<_>>())?;
        prune_facts(self.output, facts)?;
        match mirror {
            Some(mirror) => mirror.tidy(&release.run_id).await,
            None => Ok(()),
        }
    }

    /// Left behind it would only cost disk; the next run makes it anew in any case.
    fn remove_work_folder(&self) {
        let _ = std::fs::remove_dir_all(self.output.work_folder());
    }
}
