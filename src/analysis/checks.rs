//! Queries that must return no row.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

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
        format!("{}={}", field.name(), value.unwrap_or_default())
    };
    batch.columns().iter().zip(schema.fields()).map(cell).collect::<Vec<_>>().join(", ")
}
