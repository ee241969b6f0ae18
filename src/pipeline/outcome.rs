//! How a run ended, for whoever reports it.

use std::path::PathBuf;

use crate::model::manifest::Manifest;

/// The end of a run that did not fail.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Published(Box<Published>),
    /// The same inputs, job file and version are published already.
    Unchanged {
        run_id: String,
    },
}

/// A run that its readers see now.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub manifest: Manifest,
    /// The local folder of what readers see.
    pub latest: PathBuf,
    /// Where readers see it.
    pub shown: String,
    pub seconds: f64,
}
