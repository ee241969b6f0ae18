//! `dealerlens man FOLDER`: the man pages, for packages.

use std::path::Path;

use clap::CommandFactory as _;

use crate::cli::args::Arguments;
use crate::model::failure::{Failure, Result};

/// Writes `dealerlens.1` and a page for each command that is not hidden.
pub fn man(folder: &Path) -> Result<()> {
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    written.map_err(|error| Failure::io("cannot write the man pages to", folder, error))
}
