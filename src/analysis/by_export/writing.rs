//! Rows of some exports become facts: each row goes to the file of its export.

use std::collections::BTreeMap;

use datafusion::arrow::array::{AsArray as _, Int64Array, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::compute::kernels::cmp::eq;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::common::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{col, lit};
use tokio_stream::StreamExt;

use crate::analysis::by_export::digest::EXPORT_KEY;
use crate::analysis::by_export::facts::FactWriter;
use crate::analysis::by_export::lines::{Lines, chunks};
use crate::analysis::by_export::step::{ExportStep, FOREIGN, Facts, Prepared};
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::materialise::as_planned;
use crate::analysis::planning::{plan, rows_of};
use crate::model::failure::Result;

type Writers = BTreeMap<i64, FactWriter>;

impl ExportStep {
    /// Computes the facts of some exports.
    pub(super) async fn compute(&self, chunk: &[Lines], prepared: &Prepared) -> Result<Facts> {
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
            let keys = chunk.iter().map(|export| lit(export.key)).collect();
            let rows =
                context.table(self.name()).await.and_then(|all| all.filter(col(EXPORT_KEY).in_list(keys, false)));
            let rows = rows.map_err(refused)?.execute_stream().await.map_err(refused)?;
            facts.extend(self.write(rows, &chunk, prepared).await?);
        }
        context.deregister_table(self.name()).map_err(refused)?;
        self.step.storage.remove(self.name());
        Ok(facts)
    }

    async fn write(&self, mut rows: SendableRecordBatchStream, chunk: &[Lines], prepared: &Prepared) -> Result<Facts> {
        let refused = |error: DataFusionError| failed(&self.step.query, &error);
        let mut writers = self.writers(chunk, prepared)?;
        while let Some(batch) = rows.next().await {
            let batch = as_planned(batch.map_err(refused)?, &prepared.schema).map_err(refused)?;
            self.hand_out(&batch, &mut writers)?;
        }
        let home = self.home();
        writers.into_iter().map(|(export, writer)| Ok((export, writer.finish(&home)?))).collect()
    }

    fn writers(&self, chunk: &[Lines], prepared: &Prepared) -> Result<Writers> {
        let own = chunk.iter().filter_map(|export| Some((export.key, prepared.roots.keys.get(&export.key)?)));
        let writer = |(export, key): (i64, &String)| {
            let aside = self.step.storage.folder.join(format!("{}.{key}.fact", self.name()));
            Ok((export, FactWriter::create(key, aside, &prepared.schema)?))
        };
        own.map(writer).collect()
    }

    /// Every row to the writer of its export.
    fn hand_out(&self, batch: &RecordBatch, writers: &mut Writers) -> Result<()> {
        let broken = |error| engine_failure(self.name(), &DataFusionError::from(error));
        let column = batch.column_by_name(EXPORT_KEY).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let column = column.ok_or_else(|| self.refused("lost its column export_key"))?;
        let mut rows = 0;
        for (export, writer) in writers {
            let own = eq(column, &Int64Array::new_scalar(*export)).map_err(broken)?;
            let count = own.true_count();
            rows += count;
            if count == batch.num_rows() {
                writer.write(batch)?;
            } else if count > 0 {
                writer.write(&filter_record_batch(batch, &own).map_err(broken)?)?;
            }
        }
        if rows < batch.num_rows() {
            return Err(self.refused(FOREIGN));
        }
        Ok(())
    }
}
