//! Removing what may be gone already.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::model::failure::{Failure, Result};

/// Removes a folder with all it holds; one that is not there is fine.
///
/// # Errors
/// An I/O failure when it is there and cannot be removed.
pub fn remove_folder(folder: &Path) -> Result<()> {
    absent_is_fine(fs::remove_dir_all(folder)).map_err(|error| Failure::io("cannot remove", folder, error))
}

/// Removes a file or a symbolic link; one that is not there is fine.
///
/// # Errors
/// An I/O failure when it is there and cannot be removed.
pub fn remove_file(path: &Path) -> Result<()> {
    absent_is_fine(fs::remove_file(path)).map_err(|error| Failure::io("cannot remove", path, error))
}

fn absent_is_fine(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
