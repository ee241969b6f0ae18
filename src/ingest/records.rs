//! What every export format delivers: a header and then rows of cells, each with its line.

use crate::ingest::row::Cells;
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

/// What the format of an export says of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nature {
    /// The cell comes with a type of its own: it is an ISO date or a plain decimal, whatever the job file says.
    pub is_native: bool,
    /// What is wrong with it, whatever its column is for; it matters only where the column is used.
    pub fault: Option<Reason>,
}

/// A reader of one export.
pub trait Records {
    /// The names of the columns, trimmed.
    fn header(&self) -> &[String];

    /// How the text was decoded, where that had to be found out.
    fn encoding(&self) -> Option<UsedEncoding> {
        None
    }

    /// Whether the format says anything of single cells.
    fn has_natures(&self) -> bool {
        false
    }

    /// What the format says of a cell of the row just read; most formats have nothing but text.
    fn nature(&self, _column: usize) -> Nature {
        Nature::default()
    }

    /// Reads the next row into `cells`.
    fn next(&mut self, cells: &mut Cells) -> Result<Next>;
}
