//! Rows of some exports become facts: each row goes to the file of its bundle.

use std::collections::HashMap;

use datafusion::arrow::array::{AsArray as _, BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{col, lit};
use tokio_stream::StreamExt;

use crate::analysis::by_export::bundle::{Bundle, exports_of};
use crate::analysis::by_export::chunks::chunks;
use crate::analysis::by_export::digest::EXPORT_KEY;
use crate::analysis::by_export::facts::FactWriter;
use crate::analysis::by_export::step::{ExportStep, FOREIGN, Facts, Prepared};
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::materialise::as_planned;
use crate::analysis::planning::{plan, rows_of};
use crate::model::failure::Result;

type Owners = HashMap<i64, usize>;

impl ExportStep {
    /// Computes the facts of some bundles.
    pub(super) async fn compute(&self, chunk: &[Bundle], prepared: &Prepared) -> Result<Facts> {
        let query = &self.step.query;
        let refused = |error: DataFusionError| failed(query, &error);
        let context = self.session(chunk, &prepared.roots).await?;
        let plan = plan(&context, query, self.step.statement.clone()).await?;
        self.write(rows_of(&context, plan).await.map_err(refused)?, chunk, prepared).await
    }

    /// Makes facts of what a cluster gave for the missing exports, some at a time, as files are open meanwhile.
    pub(super) async fn split(&self, prepared: &Prepared) -> Result<Facts> {
        let context = &self.step.context;
        let refused = |error: DataFusionError| failed(&self.step.query, &error);
        let mut facts = Facts::new();
        for chunk in chunks(&prepared.missing, self.threads) {
            let keys = exports_of(&chunk).map(|export| lit(export.key)).collect();
            let rows =
                context.table(self.name()).await.and_then(|all| all.filter(col(EXPORT_KEY).in_list(keys, false)));
            let rows = rows.map_err(refused)?.execute_stream().await.map_err(refused)?;
            facts.extend(self.write(rows, &chunk, prepared).await?);
        }
        context.deregister_table(self.name()).map_err(refused)?;
        self.step.storage.remove(self.name());
        Ok(facts)
    }

    async fn write(&self, mut rows: SendableRecordBatchStream, chunk: &[Bundle], prepared: &Prepared) -> Result<Facts> {
        let refused = |error: DataFusionError| failed(&self.step.query, &error);
        let mut writers = self.writers(chunk, prepared)?;
        let owners = owners(chunk);
        while let Some(batch) = rows.next().await {
            let batch = as_planned(batch.map_err(refused)?, &prepared.schema).map_err(refused)?;
            self.hand_out(&batch, &owners, &mut writers)?;
        }
        let home = self.home();
        let finished = writers.into_iter().map(|writer| writer.finish(&home));
        chunk.iter().zip(finished).map(|(bundle, fact)| Ok((bundle.key(), fact?))).collect()
    }

    /// One for each bundle.
    fn writers(&self, chunk: &[Bundle], prepared: &Prepared) -> Result<Vec<FactWriter>> {
        let writer = |bundle: &Bundle| {
            let key = prepared.roots.keys.get(&bundle.key()).ok_or_else(|| self.refused(FOREIGN))?;
            let aside = self.step.storage.folder.join(format!("{}.{key}.fact", self.name()));
            FactWriter::create(key, aside, &prepared.schema)
        };
        chunk.iter().map(writer).collect()
    }

    /// Every row to the writer of its bundle.
    fn hand_out(&self, batch: &RecordBatch, owners: &Owners, writers: &mut [FactWriter]) -> Result<()> {
        let broken = |error| engine_failure(self.name(), &DataFusionError::from(error));
        let column = batch.column_by_name(EXPORT_KEY).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let keys = column.ok_or_else(|| self.refused("lost its column export_key"))?.values();
        // Rows of an export mostly follow each other.
        let mut last = None;
        let place = |key: &i64| match last {
            Some((same, place)) if same == *key => Some(place),
            _ => {
                last = Some((*key, *owners.get(key)?));
                last.map(|(_, place)| place)
            }
        };
        let places: Vec<usize> = keys.iter().map_while(place).collect();
        if places.len() < batch.num_rows() {
            return Err(self.refused(FOREIGN));
        }
        for (place, writer) in writers.iter_mut().enumerate() {
            let own: BooleanArray = places.iter().map(|owner| Some(*owner == place)).collect();
            match own.true_count() {
                0 => (),
                all if all == batch.num_rows() => writer.write(batch)?,
                _ => writer.write(&filter_record_batch(batch, &own).map_err(broken)?)?,
            }
        }
        Ok(())
    }
}

/// The place of the bundle of each export.
fn owners(chunk: &[Bundle]) -> Owners {
    let keys =
        |(place, bundle): (usize, &Bundle)| bundle.exports.iter().map(move |export| (export.key, place)).collect();
    chunk.iter().enumerate().flat_map::<Vec<_>, _>(keys).collect()
}
