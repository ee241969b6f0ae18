//! `dealerlens generate`: exports of a made-up company, for samples and benches.

use crate::cli::args::GenerateArguments;
use crate::cli::console::Console;
use crate::generate::{World, write_world};
use crate::model::failure::{Failure, Result};

/// Writes the six main sources into a folder.
pub fn generate(arguments: &GenerateArguments, console: &Console) -> Result<()> {
    let world = World {
        seed: arguments.seed,
        lines: arguments.lines,
        dealers: arguments.dealers,
        outlets: arguments.outlets,
        months: arguments.months,
        with_defects: !arguments.clean,
        ..World::default()
    };
    let written = write_world(&world, &arguments.folder)
        .map_err(|error| Failure::io("cannot write the exports to", &arguments.folder, error))?;
    let (files, lines, defects) = (written.files, written.lines, written.defects);
    console.write(|out| writeln!(out, "{files} files, {lines} sales lines, {defects} defects"))
}
