//! `dealerlens check`.

use crate::cli::args::JobArguments;
use crate::cli::clock::clock;
use crate::cli::console::Console;
use crate::config::Job;
use crate::ingest::Inspection;
use crate::model::failure::{Failure, Result};
use crate::model::shown;
use crate::model::source::Source;
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
                shown::line(&found.name)
            )?;
            found.examples.iter().try_for_each(|example| writeln!(out, "{:<29} {}", "", shown::line(example)))?;
        }
        writeln!(out, "{} queries planned, {} tables agree with their contracts", report.queries, report.marts)
    })?;
    refuse_hopeless(&report.inspections)?;
    let warnings = too_many_rejected(&job, &report.inspections);
    warnings.iter().for_each(|warning| console.warning(warning));
    let verdict = if rejected == 0 { "ok" } else { "ok, with rejected rows in the sample" };
    console.write(|out| writeln!(out, "{verdict}"))
}

/// Sources of which a run would refuse as many rows as the sample has.
fn too_many_rejected(job: &Job, inspections: &[Inspection]) -> Vec<String> {
    let mut warnings = Vec::new();
    for source in Source::ALL {
        let of_source = || inspections.iter().filter(|found| found.source == source).map(|found| &found.counts);
        let read: u64 = of_source().map(|counts| counts.rows_read).sum();
        let rejected: u64 = of_source().map(|counts| counts.rows_rejected).sum();
        let (share, allowed) = (rejected as f64 / read.max(1) as f64, job.max_rejected_share(source));
        if share > allowed {
            warnings.push(format!(
                "{source}: {:.2} % of the sample rejected, {:.2} % allowed: a run would publish nothing",
                share * 100.0,
                allowed * 100.0
            ));
        }
    }
    warnings
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
