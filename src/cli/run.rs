//! `dealerlens run`.

use serde_json::json;

use crate::cli::args::{LogFormat, RunArguments};
use crate::cli::clock::clock;
use crate::cli::console::Console;
use crate::cli::monitor::Monitor;
use crate::cli::timings;
use crate::cli::watch::ConsoleWatch;
use crate::model::failure::{Failure, Result};
use crate::model::timing::Timing;
use crate::pipeline::{self, Destination, Options, Outcome, Published};

/// Runs the night; the last line says which run its readers see.
pub fn run(arguments: &RunArguments, console: &Console) -> Result<()> {
    let job = arguments.job.read()?;
    let options = Options {
        force: arguments.force,
        strict: arguments.strict,
        timings: arguments.timings,
        lang: arguments.lang.map(Into::into),
        ..arguments.job.options()
    };
    let watch = ConsoleWatch::new(console);
    let monitor = Monitor::new(console, &watch, &job, &options, arguments);
    let outcome = pipeline::run(&job, &options, clock(), &monitor);
    watch.finish();
    monitor.ended(&outcome);
    match outcome {
        Ok(Outcome::Published(published)) => tell_published(&published, console),
        Ok(Outcome::Unchanged { run_id }) => tell_unchanged(&run_id, console),
        Err(failure) => Err(still_visible(failure, &Destination::of(&job, &options)?.folder)),
    }
}

fn tell_published(published: &Published, console: &Console) -> Result<()> {
    let manifest = &published.manifest;
    tell_timings(&manifest.timings, console)?;
    let notes = manifest.degraded.iter().map(|lack| format!("note: {}: {}", lack.reason, lack.what));
    let notes: Vec<String> = notes.collect();
    match console.format {
        _ if console.quiet => {}
        LogFormat::Text => notes.iter().for_each(|note| console.note(note)),
        LogFormat::Json => {
            let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
            console.json(json!({
                "event": "published", "message": format!("to {}", published.shown), "as_of": manifest.as_of,
                "notes": notes, "seconds": published.seconds,
                "counts": {"tables": manifest.tables.len(), "rows": rows}
            }));
        }
    }
    let as_of = manifest.as_of.as_deref().unwrap_or("unknown");
    let (run, shown) = (&manifest.run_id, &published.shown);
    tell(console, &format!("published: run {run}, as of {as_of}, in {:.1} s, to {shown}", published.seconds))
}

/// Only a run that was asked for its timings has those of queries.
fn tell_timings(timings: &[Timing], console: &Console) -> Result<()> {
    let is_wanted = timings.iter().any(|timing| timing.step.is_some());
    match console.format {
        _ if !is_wanted || console.quiet => Ok(()),
        LogFormat::Text => console.write(|out| timings::print(timings, out)),
        LogFormat::Json => {
            console.json(json!({"event": "timings", "timings": timings}));
            Ok(())
        }
    }
}

fn tell_unchanged(run_id: &str, console: &Console) -> Result<()> {
    let said = format!("run {run_id} has published the same inputs, job file and version already (--force runs again)");
    if !console.quiet && console.format == LogFormat::Json {
        console.json(json!({"event": "unchanged", "run_id": run_id, "message": said}));
    }
    tell(console, &format!("unchanged: {said}"))
}

fn tell(console: &Console, line: &str) -> Result<()> {
    if console.quiet {
        return Ok(());
    }
    console.write(|out| writeln!(out, "{line}"))
}

/// Whatever failed, readers still see the last good run; which one that is belongs to the message.
fn still_visible(failure: Failure, out: &std::path::Path) -> Failure {
    match pipeline::visible_run(out) {
        Some(run) => failure.hint(format!("readers still see run {run}")),
        None => failure.hint("nothing has been published yet"),
    }
}
