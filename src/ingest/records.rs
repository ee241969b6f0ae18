//! What every export format delivers: a header and then rows of cells, each with its line.

use ::csv::ByteRecord;

use crate::config::SourceSection;
use crate::ingest::csv::CsvRecords;
use crate::ingest::discover::Export;
use crate::ingest::parquet::ParquetRecords;
use crate::model::failure::{Failure, Result};
use crate::model::reason::Reason;

/// One step through an export.
pub enum Next {
    /// The cells are in the record that was passed in; the line counts from 1.
    Row {
        line: u64,
    },
    /// A row whose cells cannot be told apart.
    Damaged {
        line: u64,
        reason: Reason,
        raw: String,
        message: String,
    },
    End,
}

/// A reader of one export.
pub trait Records {
    /// The names of the columns, trimmed.
    fn header(&self) -> &[String];

    /// Whether the format has types of its own: then cells come as ISO dates and plain decimals, whatever the job file says.
    fn is_typed(&self) -> bool;

    /// Reads the next row into `cells`.
    fn next(&mut self, cells: &mut ByteRecord) -> Result<Next>;
}

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
