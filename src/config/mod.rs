//! The job file: what it may say, checked and with defaults filled in.

mod checks;
mod columns;
mod errors;
#[cfg(test)]
mod fuzz;
mod job;
mod sections;

pub use columns::{ColumnSpec, Mapping};
pub use errors::unreadable;
pub use job::Job;
pub use sections::{ClassSection, JobSection, Language, QualitySection, SourceSection};
