//! What every export format delivers: a header and then rows of cells, each with its line.

use ::csv::ByteRecord;

use crate::model::failure::Result;
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
