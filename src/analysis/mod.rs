//! Staging in, marts out: the query set in dependency order, typed parameters, contracts and checks.

mod checks;
mod contracts;
#[cfg(test)]
mod driver_properties;
mod engine;
mod functions;
#[cfg(test)]
mod fuzz;
mod loader;
mod materialise;
mod names;
mod order;
mod parameters;
mod session;
mod sources;

pub use checks::CheckRows;
pub use engine::Analysis;
pub use loader::{Layer, Query, QuerySet};
pub use parameters::Parameters;
pub use session::Resources;
pub use sources::COMPARED;

/// The version of the engine, for the manifest.
pub const ENGINE_VERSION: &str = datafusion::DATAFUSION_VERSION;
