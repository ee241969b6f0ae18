//! Facts as a relation: small files are read once, since to open them again for every reader costs more than their rows.

use std::fs;

use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::analysis::by_export::facts::Fact;
use crate::analysis::by_export::step::{ExportStep, Facts};
use crate::analysis::errors::engine_failure;
use crate::analysis::materialise::as_planned;
use crate::analysis::sources;
use crate::model::failure::Result;
use crate::model::parallel::in_parallel;

/// Files below this size, on average, are small.
const SMALL_BYTES: u64 = 256 << 10;
/// Rows of the batches that small files are put together to.
const BATCH_ROWS: usize = 8192;

impl ExportStep {
    /// Registers the rows of all exports: as rows where files are small and memory holds them, else as files.
    pub(super) fn register_facts(&self, facts: &Facts, schema: &SchemaRef) -> Result<()> {
        let context = &self.step.context;
        if self.are_small(facts) {
            let rows = self.rows_of(facts, schema)?;
            let bytes = rows.iter().map(RecordBatch::get_array_memory_size).sum();
            if self.step.storage.holds(self.name(), bytes) {
                return sources::register_rows(context, self.name(), schema.clone(), rows);
            }
        }
        let files: Vec<String> = facts.values().map(|fact| sources::address(&fact.path)).collect();
        sources::register_files(context, self.name(), schema, &files)
    }

    fn are_small(&self, facts: &Facts) -> bool {
        let bytes: u64 = facts.values().map(Fact::bytes).sum();
        bytes < SMALL_BYTES * facts.len() as u64 && bytes < self.step.storage.memory_bytes as u64
    }

    fn rows_of(&self, facts: &Facts, schema: &SchemaRef) -> Result<Vec<RecordBatch>> {
        let files: Vec<&Fact> = facts.values().filter(|fact| fact.rows > 0).collect();
        let broken = |error: DataFusionError| engine_failure(self.name(), &error);
        let read = in_parallel(&files, self.threads, |fact| rows_of_file(fact, schema).map_err(broken))?;
        together(&read.concat(), schema).map_err(|error| broken(error.into()))
    }
}

/// Read at once: a reader of a file opens it anew for every page.
fn rows_of_file(fact: &Fact, schema: &SchemaRef) -> datafusion::common::Result<Vec<RecordBatch>> {
    let file = Bytes::from(fs::read(&fact.path)?);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    reader.map(|batch| as_planned(batch?, schema)).collect()
}

/// The same rows in fewer batches.
fn together(batches: &[RecordBatch], schema: &SchemaRef) -> std::result::Result<Vec<RecordBatch>, ArrowError> {
    let (mut whole, mut parts, mut rows) = (Vec::new(), Vec::new(), 0);
    for batch in batches {
        parts.push(batch);
        rows += batch.num_rows();
        if rows >= BATCH_ROWS {
            whole.push(concat_batches(schema, parts.drain(..))?);
            rows = 0;
        }
    }
    if !parts.is_empty() {
        whole.push(concat_batches(schema, parts)?);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Int64Array};

    use super::*;

    #[test]
    fn small_batches_are_put_together_in_their_order() {
        let numbers = |from: i64, to: i64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(from..to)) };
        let batch = |from, to| RecordBatch::try_from_iter([("number", numbers(from, to))]).unwrap();
        let batches: Vec<RecordBatch> = (0..20).map(|place| batch(place * 1000, (place + 1) * 1000)).collect();
        let found = together(&batches, &batches[0].schema()).unwrap();
        assert_eq!(found, [batch(0, 9000), batch(9000, 18_000), batch(18_000, 20_000)]);
        assert!(together(&[], &batches[0].schema()).unwrap().is_empty());
    }
}
