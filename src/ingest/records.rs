//! What every export format delivers: a header and then rows of cells, each with its line.

use ::csv::ByteRecord;

use crate::model::export::UsedEncoding;
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

    /// How the text was decoded, where that had to be found out.
    fn encoding(&self) -> Option<UsedEncoding> {
        None
    }

    /// Whether a cell of the row just read comes with a type of its own: then it is an ISO date or a plain decimal,
    /// whatever the job file says of dates and signs.
    fn is_native(&self, column: usize) -> bool;

    /// What is wrong with a cell of the row just read, whatever its column is for; it matters only where the column is used.
    fn fault(&self, _column: usize) -> Option<Reason> {
        None
    }

    /// Reads the next row into `cells`.
    fn next(&mut self, cells: &mut ByteRecord) -> Result<Next>;
}
