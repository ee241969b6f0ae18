//! Facts as a relation: small files are read once, since to open them again for every reader costs more than their rows.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::DataFusionError;

use crate::analysis::by_export::facts::Fact;
use crate::analysis::by_export::small_files::{rows_of_file, together};
use crate::analysis::by_export::step::{ExportStep, Facts};
use crate::analysis::errors::engine_failure;
use crate::analysis::sources;
use crate::model::failure::Result;
use crate::model::parallel::in_parallel;

/// Files below this size, on average, are small.
const SMALL_BYTES: u64 = 256 << 10;

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
        let all: Vec<usize> = (0..schema.fields().len()).collect();
        let read = in_parallel(&files, self.threads, |fact| rows_of_file(&fact.path, schema, &all).map_err(broken))?;
        together(&read.concat(), schema).map_err(|error| broken(error.into()))
    }
}
