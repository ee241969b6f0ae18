//! Staging in, marts out: the query set in dependency order, typed parameters, contracts and checks.

mod by_export;
mod checks;
mod cluster;
mod computing;
mod contracts;
#[cfg(test)]
mod driver_properties;
mod engine;
mod errors;
mod files;
mod functions;
#[cfg(test)]
mod fuzz;
mod heavy;
mod loader;
mod materialise;
mod names;
mod order;
mod parameters;
mod peak_pool;
mod pictures;
mod planning;
mod running;
mod schedule;
mod session;
mod settle;
mod shelf;
mod sources;
mod step;

pub use checks::CheckRows;
pub use cluster::{Cluster, require_built};
pub use engine::Analysis;
pub use loader::{Layer, Query, QuerySet};
pub use parameters::Parameters;
pub use session::Resources;
pub use shelf::Shelf;
pub use sources::COMPARED;

/// The version of the engine, for the manifest.
pub const ENGINE_VERSION: &str = datafusion::DATAFUSION_VERSION;

/// The functions of queries on plain values, for benches only.
#[doc(hidden)]
pub mod kernels {
    pub use super::functions::{beta_survival, gamma_survival, normal_cdf};
    pub use super::names::{name_similarity, normal_name};
}
