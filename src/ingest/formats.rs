//! The formats of exports, and how one is opened.

use std::path::Path;

use crate::config::SourceSection;
use crate::ingest::content::Format;
use crate::ingest::csv::CsvRecords;
use crate::ingest::discover::Export;
use crate::ingest::guarded::guarded;
use crate::ingest::parquet::ParquetRecords;
use crate::ingest::records::Records;
use crate::ingest::spreadsheet::SpreadsheetRecords;
use crate::ingest::unpack::Unpacked;
use crate::model::failure::{Failure, Result};

/// How far to read, where temporary files may go, and what may be held.
#[derive(Clone, Copy)]
pub struct Reach<'a> {
    /// Rows; `None` is all.
    pub limit: Option<u64>,
    pub scratch: &'a Path,
    /// Bytes that the run may hold; formats that are read as a whole must leave most of it to others.
    pub memory: u64,
}

/// Opens an export in its format.
pub fn open(export: &Export, section: &SourceSection, reach: Reach<'_>) -> Result<Box<dyn Records>> {
    let unpacked = Unpacked::of(export, reach.scratch)?;
    match unpacked.format {
        Format::Foreign => Err(Failure::data(format!("{}: .{} files are not read", export.name, export.ending()))
            .hint("export it as CSV, Parquet or a spreadsheet")),
        Format::Parquet => guarded(export, || ParquetRecords::open(export, section, &unpacked.path)),
        Format::Spreadsheet => {
            guarded(export, || SpreadsheetRecords::open(export, section, &unpacked.path, reach.memory))
        }
        Format::Text => Ok(Box::new(CsvRecords::open(export, section, unpacked, reach.scratch)?)),
    }
}
