//! `dealerlens report`: the reports of a published run once more.

use crate::cli::args::ReportArguments;
use crate::cli::console::Console;
use crate::model::failure::Result;
use crate::pipeline::{self, Options, Rendering};

/// Renders and prints where the files are.
pub fn report(arguments: &ReportArguments, console: &Console) -> Result<()> {
    let job = arguments.output.read()?;
    let options = Options { lang: arguments.lang.map(Into::into), ..arguments.output.options() };
    let out = pipeline::refreshed(&job, &options)?;
    let rendering = Rendering { run_id: arguments.run.clone(), to: arguments.to.clone(), workbook: arguments.workbook };
    let names = pipeline::render_again(&job, options.lang(&job), &out, &rendering)?;
    console.write(|out| names.iter().try_for_each(|name| writeln!(out, "{}", arguments.to.join(name).display())))
}
