//! `dealerlens generate`: exports of a made-up company, for samples and benches.

use std::io;

use crate::cli::args::GenerateArguments;
use crate::cli::console::Console;
use crate::generate::{World, Written, write_known, write_world};
use crate::model::failure::{Failure, Result};

/// Writes the six main sources into a folder, or a world with its truth.
pub fn generate(arguments: &GenerateArguments, console: &Console) -> Result<()> {
    let written =
        write(arguments).map_err(|error| Failure::io("cannot write the exports to", &arguments.folder, error))?;
    let (files, lines, defects) = (written.files, written.lines, written.defects);
    console.write(|out| writeln!(out, "{files} files, {lines} sales lines, {defects} defects"))
}

fn write(arguments: &GenerateArguments) -> io::Result<Written> {
    if let Some(world) = arguments.world {
        return write_known(world, &arguments.folder);
    }
    let world = World {
        seed: arguments.seed,
        lines: arguments.lines,
        dealers: arguments.dealers,
        outlets: arguments.outlets,
        months: arguments.months,
        with_defects: !arguments.clean,
        ..World::default()
    };
    write_world(&world, &arguments.folder)
}
