//! The formats of exports, and how one is opened.

use std::path::Path;

use crate::config::SourceSection;
use crate::ingest::csv::CsvRecords;
use crate::ingest::discover::Export;
use crate::ingest::guarded::guarded;
use crate::ingest::parquet::ParquetRecords;
use crate::ingest::records::Records;
use crate::ingest::spreadsheet::SpreadsheetRecords;
use crate::ingest::unpack::{Content, Unpacked};
use crate::model::failure::{Failure, Result};

/// Opens an export in its format, which its first bytes decide, and else its name.
pub fn open(export: &Export, section: &SourceSection, scratch: &Path) -> Result<Box<dyn Records>> {
    let unpacked = Unpacked::of(export, scratch)?;
    match (unpacked.content, export.ending().as_str()) {
        (_, format @ ("zip" | "json" | "pdf")) => {
            Err(Failure::data(format!("{}: .{format} files are not read", export.name))
                .hint("export it as CSV, Parquet or a spreadsheet"))
        }
        (Content::Parquet, _) | (Content::Other, "parquet") => {
            guarded(export, || ParquetRecords::open(export, section, &unpacked.path))
        }
        (Content::Spreadsheet, _) | (Content::Other, "xlsx" | "xlsm" | "xlsb" | "xls" | "ods") => {
            guarded(export, || SpreadsheetRecords::open(export, section, &unpacked.path))
        }
        _ => Ok(Box::new(CsvRecords::open(export, section, unpacked, scratch)?)),
    }
}
