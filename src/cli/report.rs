//! `dealerlens report`: the reports of a published run once more.

use crate::cli::args::ReportArguments;
use crate::cli::console::Console;
use crate::model::failure::Result;
use crate::pipeline::{self, Rendering};

/// Renders and prints where the files are.
pub fn report(arguments: &ReportArguments, console: &Console) -> Result<()> {
    let job = arguments.output.read()?;
    let out = pipeline::refreshed(&job, &arguments.output.options())?;
    let rendering = Rendering {
        run_id: arguments.run.clone(),
        to: arguments.to.clone(),
        workbook: arguments.workbook,
        language: arguments.lang.map(Into::into),
    };
    let rendered = pipeline::render_again(&job, &out, &rendering)?;
    if let Some(kept) = rendered.kept_language {
        console.warning(&format!(
            "sentences from the tables stay as the run wrote them (lang {}); `dealerlens run --lang` writes them anew",
            kept.code()
        ));
    }
    console
        .write(|out| rendered.names.iter().try_for_each(|name| writeln!(out, "{}", arguments.to.join(name).display())))
}
