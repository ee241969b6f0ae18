//! Exports in, validated staging out: decoding, typed parsing, rejections with their place, reuse of what did not change.

mod biff;
mod cells;
mod claim;
mod compound;
mod content;
mod convert;
mod csv;
mod dates;
mod decode;
mod dialect;
mod discover;
mod endless;
mod expansion;
mod formats;
mod found;
#[cfg(test)]
mod fuzz;
mod guarded;
mod header;
mod inspect;
mod labels;
mod nulls;
mod numbers;
mod parquet;
mod plain_lines;
#[cfg(test)]
mod properties;
mod quotes;
mod records;
mod rejections;
mod row;
mod seal;
mod seen;
mod sheet_cells;
mod sight;
mod spreadsheet;
mod staged;
mod stages;
mod unpack;
mod utf8;
mod values;
mod wide;

pub use discover::{Export, discover};
pub use inspect::{Inspection, first_header, inspect};
pub use stages::{PartStaging, ingest, ingest_part};

/// What runs once a cell, for benches only.
#[doc(hidden)]
pub mod kernels {
    pub use super::dates::DateFormats;
    pub use super::numbers::NumberFormat;
}
