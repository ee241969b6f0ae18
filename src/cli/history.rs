//! `dealerlens history`.

use crate::cli::args::OutputArguments;
use crate::cli::console::Console;
use crate::cli::run_drift::{Figures, RULE, drift};
use crate::model::failure::Result;
use crate::model::manifest::Manifest;
use crate::pipeline;

/// Lists the runs that are kept, the oldest first, and holds the newest one against those before it.
pub fn history(arguments: &OutputArguments, console: &Console) -> Result<()> {
    let out = pipeline::refreshed(&arguments.read()?, &arguments.options())?;
    let (runs, unreadable) = pipeline::history(&out)?;
    unreadable.iter().for_each(|failure| console.warning(&failure.message));
    let figures: Vec<Figures> = runs.iter().map(Figures::of).collect();
    let drift = drift(&figures);
    console.write(|out| {
        writeln!(
            out,
            "{:<29} {:<10} {:<11} {:>12} {:>9} {:>12} {:>14} {:>14} {:>8}",
            "run",
            "status",
            "as of",
            "rows read",
            "rejected",
            "sales read",
            "sales accepted",
            "sales rejected",
            "seconds"
        )?;
        runs.iter().zip(&figures).try_for_each(|(run, figures)| writeln!(out, "{}", line(run, figures)))?;
        let Some(lines) = drift else { return Ok(()) };
        writeln!(out)?;
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out, "{RULE}")
    })
}

fn line(run: &Manifest, figures: &Figures) -> String {
    let status = if figures.is_published { "published" } else { "refused" };
    let as_of = run.as_of.as_deref().unwrap_or("-");
    let seconds = figures.seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.0}"));
    format!(
        "{:<29} {status:<10} {as_of:<11} {:>12} {:>9} {:>12} {:>14} {:>12.3} % {seconds:>8}",
        run.run_id,
        figures.read,
        figures.rejected,
        figures.sales_read,
        figures.sales_accepted,
        figures.rejected_percent(),
    )
}
