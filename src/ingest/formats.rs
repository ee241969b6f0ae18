//! The formats of exports, and how one is opened.

use std::path::Path;

use crate::config::SourceSection;
use crate::ingest::csv::CsvRecords;
use crate::ingest::discover::Export;
use crate::ingest::parquet::ParquetRecords;
use crate::ingest::records::Records;
use crate::ingest::spreadsheet::SpreadsheetRecords;
use crate::model::failure::{Failure, Result};

/// Opens an export in its format, which its name decides.
pub fn open(export: &Export, section: &SourceSection, scratch: &Path) -> Result<Box<dyn Records>> {
    match export.ending().as_str() {
        "parquet" => Ok(Box::new(ParquetRecords::open(export)?)),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => Ok(Box::new(SpreadsheetRecords::open(export, section)?)),
        format @ ("zip" | "json" | "pdf") => {
            Err(Failure::data(format!("{}: .{format} files are not read", export.name))
                .hint("export it as CSV, Parquet or a spreadsheet"))
        }
        _ => Ok(Box::new(CsvRecords::open(export, section, scratch)?)),
    }
}
