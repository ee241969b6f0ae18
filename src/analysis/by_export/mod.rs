//! Relations that are computed export by export.
//!
//! Where the header of a query says `-- computed: by export`, the rows of an export follow from what the relations that it
//! reads have of that export, and from all rows of those that do not tell exports apart. So they are computed for some
//! exports at a time, on one thread each, kept as facts, and computed again only when what they follow from changes. Small
//! exports share a fact.

mod bundle;
mod chunks;
mod digest;
mod facts;
mod lines;
mod one_export;
mod reading;
mod seen;
mod session;
mod small_files;
mod step;
#[cfg(test)]
mod tests;
mod writing;

pub use bundle::Bundle;
pub use digest::Digest;
pub use facts::{Fact, FactWriter, kept as facts_there, key_of};
pub use lines::{Lines, STAGED};
pub use seen::Span;
pub use step::{ExportStep, Facts, Gathered, require_export_key};
