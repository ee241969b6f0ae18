//! The job file: what it may say, checked and with defaults filled in.

mod checks;
mod columns;
mod errors;
#[cfg(test)]
mod fuzz;
mod job;
mod places;
mod sections;

pub use columns::{ColumnSpec, Mapping};
pub use errors::unreadable;
pub use job::Job;
pub use places::BUCKET_SCHEME;
pub use sections::{ClassSection, EngineSection, JobSection, Language, QualitySection, SourceSection};
