//! Rejected rows of one export as an Arrow table.

use std::sync::Arc;

use arrow::array::{ArrayBuilder as _, ArrayRef, Decimal128Builder, Int64Builder, RecordBatch, StringBuilder};

use crate::model::failure::{Failure, Result};
use crate::model::money::{Money, PRECISION, SCALE};
use crate::model::reason::{Reason, rejection_schema};

/// Longest raw value that is kept, in characters.
const LONGEST: usize = 200;

/// One row that was not accepted, with the first fault found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub line: u64,
    pub column: Option<&'static str>,
    pub raw: String,
    pub reason: Reason,
    pub message: String,
    pub amount: Option<Money>,
}

/// Gathers rejections of one export.
pub struct Rejections {
    key: i64,
    keys: Int64Builder,
    lines: Int64Builder,
    columns: StringBuilder,
    raws: StringBuilder,
    codes: StringBuilder,
    messages: StringBuilder,
    amounts: Decimal128Builder,
}

impl Rejections {
    pub fn new(key: i64) -> Self {
        Self {
            key,
            keys: Int64Builder::new(),
            lines: Int64Builder::new(),
            columns: StringBuilder::new(),
            raws: StringBuilder::new(),
            codes: StringBuilder::new(),
            messages: StringBuilder::new(),
            amounts: Decimal128Builder::new(),
        }
    }

    pub fn append(&mut self, rejection: &Rejection) {
        self.keys.append_value(self.key);
        self.lines.append_value(i64::try_from(rejection.line).unwrap_or(i64::MAX));
        self.columns.append_option(rejection.column);
        self.raws.append_value(printable(&rejection.raw));
        self.codes.append_value(rejection.reason.code());
        self.messages.append_value(&rejection.message);
        self.amounts.append_option(rejection.amount.map(|amount| amount.0));
    }

    /// How many are gathered.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The gathered rows, and starts anew.
    pub fn finish(&mut self) -> Result<RecordBatch> {
        let defect = |error: arrow::error::ArrowError| Failure::defect(format!("rejections: {error}"));
        let amounts = self.amounts.finish().with_precision_and_scale(PRECISION, SCALE).map_err(defect)?;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.keys.finish()),
            Arc::new(self.lines.finish()),
            Arc::new(self.columns.finish()),
            Arc::new(self.raws.finish()),
            Arc::new(self.codes.finish()),
            Arc::new(self.messages.finish()),
            Arc::new(amounts),
        ];
        RecordBatch::try_new(rejection_schema(), columns).map_err(defect)
    }
}

/// Control characters shown as their names, so that no viewer stumbles over them.
fn printable(raw: &str) -> String {
    let shown = |character: char| match character {
        character if character.is_control() => character.escape_default().to_string(),
        character => character.to_string(),
    };
    raw.chars().take(LONGEST).map(shown).collect()
}
