//! The formats of exports, and how one is opened.

use crate::config::SourceSection;
use crate::ingest::csv::CsvRecords;
use crate::ingest::discover::Export;
use crate::ingest::parquet::ParquetRecords;
use crate::ingest::records::Records;
use crate::model::failure::{Failure, Result};

/// Opens an export in its format, which its name decides.
pub fn open(export: &Export, section: &SourceSection) -> Result<Box<dyn Records>> {
    let extension = export.path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("parquet") => Ok(Box::new(ParquetRecords::open(export)?)),
        Some(format @ ("gz" | "zst" | "zip" | "xlsx" | "xls" | "ods" | "json")) => {
            Err(Failure::data(format!("{}: .{format} files are not read", export.name))
                .hint("export it as CSV in UTF-8, or as Parquet"))
        }
        _ => Ok(Box::new(CsvRecords::open(export, section)?)),
    }
}
