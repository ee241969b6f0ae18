//! `dealerlens ingest`.

use crate::cli::args::IngestArguments;
use crate::cli::console::Console;
use crate::cli::watch::ConsoleWatch;
use crate::model::failure::Result;
use crate::model::part::Part;
use crate::pipeline;

/// Stages a part of the exports and says what was done.
pub fn ingest(arguments: &IngestArguments, console: &Console) -> Result<()> {
    let (job, options) = (arguments.output.read()?, arguments.output.options());
    let part = arguments.part.unwrap_or(Part::WHOLE);
    let watch = ConsoleWatch::new(console);
    let outcome = pipeline::ingest_part(&job, &options, part, &watch);
    watch.finish();
    let done = outcome?;
    if console.quiet {
        return Ok(());
    }
    console.write(|out| {
        let (staged, reused, elsewhere) = (done.staged, done.reused, done.elsewhere);
        writeln!(out, "part {part}: {staged} exports staged, {reused} were there, {elsewhere} left to another process")
    })
}
