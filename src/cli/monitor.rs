//! What a run leaves for whoever watches the job from outside: metrics and lineage, on request.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::cli::args::RunArguments;
use crate::cli::clock::now;
use crate::cli::console::Console;
use crate::cli::exit;
use crate::config::Job;
use crate::model::account::{Account, Ending, StageTime};
use crate::model::contract::Contracts;
use crate::model::event::{Event, Stage, Watch};
use crate::model::failure::{Blame, Failure, Result};
use crate::model::manifest::Manifest;
use crate::pipeline::{self, Destination, Options, Outcome};
use crate::publish::{Places, append_event, end_event, start_event, write_metrics};
use crate::storage::is_remote;

/// Listens to a run, and writes the files that were asked for. That one cannot be written is a warning: it says nothing
/// about the run.
pub struct Monitor<'a> {
    console: &'a Console,
    /// Who hears everything next.
    watch: &'a dyn Watch,
    job: &'a Job,
    options: &'a Options,
    metrics: Option<PathBuf>,
    lineage: Option<PathBuf>,
    called_at: DateTime<Utc>,
    called: Instant,
    notes: Mutex<Notes>,
}

/// What has been heard.
#[derive(Debug, Clone, Default)]
struct Notes {
    started_at: Option<DateTime<Utc>>,
    run_id: Option<String>,
    stages: Vec<(Stage, Instant)>,
}

impl<'a> Monitor<'a> {
    /// The arguments go before the job file.
    pub fn new(
        console: &'a Console,
        watch: &'a dyn Watch,
        job: &'a Job,
        options: &'a Options,
        arguments: &RunArguments,
    ) -> Self {
        let file = |given: &Option<PathBuf>, key: &Option<String>| {
            given.clone().or_else(|| key.as_deref().map(|name| job.path(name)))
        };
        let metrics = file(&arguments.metrics, &job.operations.metrics);
        let lineage = file(&arguments.lineage, &job.operations.lineage);
        let (called_at, called, notes) = (now(), Instant::now(), Mutex::default());
        Self { console, watch, job, options, metrics, lineage, called_at, called, notes }
    }

    /// Writes how the run ended. One that found another run at work writes nothing: that one will.
    pub fn ended(&self, outcome: &Result<Outcome>) {
        let notes = self.notes().clone();
        let locked_out = matches!(outcome, Err(failure) if failure.blame == Blame::Locked);
        if (self.metrics.is_none() && self.lineage.is_none()) || (locked_out && notes.started_at.is_none()) {
            return;
        }
        if notes.started_at.is_none() {
            self.write_start(self.called_at);
        }
        let account = self.account(outcome, notes);
        if let Some(path) = &self.metrics {
            self.warn_of(write_metrics(path, &account));
        }
        if let Some(path) = &self.lineage {
            self.warn_of(self.write_end(path, &account));
        }
    }

    fn account(&self, outcome: &Result<Outcome>, notes: Notes) -> Account {
        let folder = Destination::of(self.job, self.options).map(|destination| destination.folder);
        let (runs, visible) = folder.map(|folder| runs(&folder)).unwrap_or_default();
        let manifest_of = |id: &Option<String>| runs.iter().find(|run| id.as_ref() == Some(&run.run_id)).cloned();
        let run_id = match outcome {
            Ok(Outcome::Unchanged { run_id }) => Some(run_id.clone()),
            _ => notes.run_id,
        };
        let (started_at, failure) = (notes.started_at.unwrap_or(self.called_at), outcome.as_ref().err());
        Account {
            job: self.job.job.name.clone(),
            manifest: manifest_of(&run_id),
            visible: manifest_of(&visible),
            run_id,
            started_at,
            finished_at: now(),
            run_date: self.options.run_date(started_at),
            seconds: self.called.elapsed().as_secs_f64(),
            stages: stage_times(&notes.stages, Instant::now()),
            ending: ending(outcome),
            exit_code: failure.map_or(0, |failure| exit::code(failure.blame)),
            message: failure.map(|failure| failure.message.clone()),
        }
    }

    fn write_start(&self, started_at: DateTime<Utc>) {
        if let Some(path) = &self.lineage {
            self.warn_of(append_event(path, &start_event(&self.job.job.name, started_at)));
        }
    }

    fn write_end(&self, path: &Path, account: &Account) -> Result<()> {
        let places = Places {
            exports: absolute(&self.job.path("."))?,
            tables: tables_place(&Destination::of(self.job, self.options)?.shown())?,
        };
        let contracts = match account.ending {
            Ending::Published => {
                pipeline::dictionary(self.options.queries.as_deref(), self.job.extra_queries().as_deref())?
            }
            _ => Contracts::new(),
        };
        append_event(path, &end_event(account, &places, &contracts))
    }

    fn warn_of(&self, written: Result<()>) {
        if let Err(failure) = written {
            self.console.warning(&failure.message);
        }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch for Monitor<'_> {
    fn notice(&self, event: Event) {
        match &event {
            Event::RunStarted { started_at } => {
                self.notes().started_at = Some(*started_at);
                self.write_start(*started_at);
            }
            Event::RunNamed { run_id } => self.notes().run_id = Some(run_id.clone()),
            Event::StageStarted { stage, .. } => self.notes().stages.push((*stage, Instant::now())),
            _ => {}
        }
        self.watch.notice(event);
    }
}

/// The manifests that can be read, and the id of the run that readers see.
fn runs(out: &Path) -> (Vec<Manifest>, Option<String>) {
    let runs = pipeline::history(out).map(|(runs, _)| runs).unwrap_or_default();
    (runs, pipeline::visible_run(out))
}

/// A stage ends where the next one begins.
fn stage_times(stages: &[(Stage, Instant)], end: Instant) -> Vec<StageTime> {
    let ends = stages.iter().skip(1).map(|(_, start)| *start).chain([end]);
    let times = stages.iter().zip(ends);
    times.map(|((stage, start), end)| StageTime { stage: *stage, seconds: (end - *start).as_secs_f64() }).collect()
}

fn ending(outcome: &Result<Outcome>) -> Ending {
    match outcome {
        Ok(Outcome::Published(_)) => Ending::Published,
        Ok(Outcome::Unchanged { .. }) => Ending::Unchanged,
        Err(failure) => match failure.blame {
            Blame::Data => Ending::Refused,
            Blame::Signal(_) => Ending::Stopped,
            _ => Ending::Failed,
        },
    }
}

fn tables_place(shown: &str) -> Result<String> {
    if is_remote(shown) { Ok(shown.to_owned()) } else { absolute(Path::new(shown)) }
}

fn absolute(path: &Path) -> Result<String> {
    let absolute = std::path::absolute(path).map_err(|error| Failure::io("cannot resolve", path, error))?;
    Ok(absolute.to_string_lossy().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_stage_lasts_until_the_next_one() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let times = stage_times(&[(Stage::Ingest, at(0)), (Stage::Gate, at(4))], at(5));
        let times: Vec<_> = times.iter().map(|time| (time.stage, time.seconds)).collect();
        assert_eq!(times, [(Stage::Ingest, 4.0), (Stage::Gate, 1.0)]);
    }

    #[test]
    fn failures_end_as_what_they_are() {
        for (blame, expected) in
            [(Blame::Data, Ending::Refused), (Blame::Signal(15), Ending::Stopped), (Blame::Io, Ending::Failed)]
        {
            assert_eq!(ending(&Err(Failure::new(blame, "x"))), expected);
        }
    }
}
