//! `dealerlens history`.

use crate::cli::args::JobArguments;
use crate::cli::console::Console;
use crate::model::failure::Result;
use crate::model::manifest::{Manifest, Status};
use crate::pipeline;

/// Lists the runs that are kept, the oldest first.
pub fn history(arguments: &JobArguments, console: &Console) -> Result<()> {
    let out = pipeline::refreshed(&arguments.read()?, &arguments.options())?;
    let (runs, unreadable) = pipeline::history(&out)?;
    unreadable.iter().for_each(|failure| console.note(&format!("WARN     {}", failure.message)));
    console.write(|out| {
        writeln!(
            out,
            "{:<29} {:<10} {:<11} {:>12} {:>9} {:>8}",
            "run", "status", "as of", "rows read", "rejected", "seconds"
        )?;
        runs.iter().try_for_each(|run| writeln!(out, "{}", line(run)))
    })
}

fn line(run: &Manifest) -> String {
    let read: u64 = run.inputs.iter().map(|input| input.rows_read).sum();
    let rejected: u64 = run.inputs.iter().map(|input| input.rows_rejected).sum();
    let status = match run.status {
        Status::Published => "published",
        Status::Refused => "refused",
    };
    let as_of = run.as_of.as_deref().unwrap_or("-");
    format!("{:<29} {status:<10} {as_of:<11} {read:>12} {rejected:>9} {:>8}", run.run_id, seconds(run))
}

fn seconds(run: &Manifest) -> String {
    let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    match (time(&run.started_at), time(&run.finished_at)) {
        (Some(start), Some(end)) => (end - start).num_seconds().to_string(),
        _ => "-".to_owned(),
    }
}
