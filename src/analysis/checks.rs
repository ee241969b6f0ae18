//! Queries that must return no row.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::model::shown;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRows {
    pub name: String,
    /// Its first comment line.
    pub purpose: String,
    pub rows: usize,
    /// The first offending rows, one line each.
    pub examples: Vec<String>,
}

const EXAMPLES: usize = 3;
/// Columns of an example: enough to find the row, and not the whole row of a wide query.
const COLUMNS: usize = 8;

impl CheckRows {
    pub fn new(name: &str, sql: &str, batches: &[RecordBatch]) -> Self {
        let purpose = sql.lines().next().unwrap_or_default().trim_start_matches("-- purpose:").trim().to_owned();
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        Self { name: name.to_owned(), purpose, rows, examples: examples(batches) }
    }

    pub const fn passed(&self) -> bool {
        self.rows == 0
    }
}

fn examples(batches: &[RecordBatch]) -> Vec<String> {
    let lines = batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| line(batch, row)));
    lines.take(EXAMPLES).collect()
}

fn line(batch: &RecordBatch, row: usize) -> String {
    let options = FormatOptions::default().with_null("NULL");
    let schema = batch.schema();
    let cell = |(column, field): (
        &datafusion::arrow::array::ArrayRef,
        &std::sync::Arc<datafusion::arrow::datatypes::Field>,
    )| {
        let value =
            ArrayFormatter::try_new(column.as_ref(), &options).map(|formatter| formatter.value(row).to_string());
        format!("{}={}", field.name(), shown::value(&value.unwrap_or_default()))
    };
    let mut cells: Vec<String> = batch.columns().iter().zip(schema.fields()).take(COLUMNS).map(cell).collect();
    cells.extend((batch.num_columns() > COLUMNS).then(|| "...".to_owned()));
    cells.join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, StringArray};

    use super::*;

    #[test]
    fn an_example_shows_the_beginning_of_a_row_and_of_its_values() {
        let long = format!("\u{1b}[2J\nPASS {}", "x".repeat(500));
        let column = |number: usize| -> (String, ArrayRef) {
            (format!("c{number}"), Arc::new(StringArray::from(vec![long.as_str()])))
        };
        let batch = RecordBatch::try_from_iter((1..=20).map(column)).unwrap();
        let line = line(&batch, 0);
        assert!(line.starts_with("c1=\\u001b[2J\\nPASS x") && line.ends_with("x ..., ..."), "{line}");
        assert!(line.contains("c8=") && !line.contains("c9=") && line.len() < 800, "{line}");
    }
}
