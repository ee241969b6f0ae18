//! `dealerlens check`.

use crate::cli::args::JobArguments;
use crate::cli::console::Console;
use crate::cli::run::clock;
use crate::ingest::Inspection;
use crate::model::failure::{Failure, Result};
use crate::pipeline;

/// Checks a job and prints what was found.
pub fn check(arguments: &JobArguments, console: &Console) -> Result<()> {
    let job = arguments.read()?;
    let report = pipeline::check(&job, &arguments.options(), clock())?;
    let rejected: u64 = report.inspections.iter().map(|found| found.counts.rows_rejected).sum();
    console.write(|out| {
        writeln!(out, "{:<9} {:>8} {:>9}  export", "source", "rows", "rejected")?;
        for found in &report.inspections {
            writeln!(
                out,
                "{:<9} {:>8} {:>9}  {}",
                found.source.name(),
                found.counts.rows_read,
                found.counts.rows_rejected,
                found.name
            )?;
            found.examples.iter().try_for_each(|example| writeln!(out, "{:<29} {example}", ""))?;
        }
        writeln!(out, "{} queries planned, {} tables agree with their contracts", report.queries, report.marts)
    })?;
    refuse_hopeless(&report.inspections)?;
    let verdict = if rejected == 0 { "ok" } else { "ok, with rejected rows in the sample" };
    console.write(|out| writeln!(out, "{verdict}"))
}

/// An export of which not one row can be read was mapped wrongly, whatever the job file allows.
fn refuse_hopeless(inspections: &[Inspection]) -> Result<()> {
    let hopeless = |found: &&Inspection| found.counts.rows_read > 0 && found.counts.rows_staged == 0;
    match inspections.iter().find(hopeless) {
        None => Ok(()),
        Some(found) => {
            let first = found.examples.first().map_or("", String::as_str);
            Err(Failure::data(format!("{}: no row of the sample can be read; {first}", found.name)).hint(format!(
                "check columns, dates, decimal and thousands under [sources.{}] in the job file",
                found.source
            )))
        }
    }
}
