//! Files of a run for other machines.

use std::path::{Path, PathBuf};
use std::pin::Pin;

use crate::model::failure::{Failure, Result};

/// The address at which another machine reads a file, or will once it has been copied there.
pub type Sharing<'a> = Pin<Box<dyn Future<Output = Result<String>> + Send + 'a>>;

/// Brings files of a run to where other machines read them.
pub trait Share: Send + Sync {
    fn share<'a>(&'a self, file: &'a Path) -> Sharing<'a>;
}

/// The output is on a folder that all machines have under the same path, so nothing is to be done.
#[derive(Debug, Clone, Copy)]
pub struct SharedFolder;

impl Share for SharedFolder {
    fn share<'a>(&'a self, file: &'a Path) -> Sharing<'a> {
        let absolute = std::path::absolute(file).map_err(|error| Failure::io("cannot find", file, error));
        let address = absolute.map(|path: PathBuf| path.to_string_lossy().into_owned());
        Box::pin(std::future::ready(address))
    }
}
