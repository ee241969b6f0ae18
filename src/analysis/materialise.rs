//! Stores the result of a query: in memory while it is small, in a Parquet file of the work folder from there on.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::common::{DataFusionError, Result};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use tokio_stream::StreamExt;

/// Where results are kept.
#[derive(Debug, Clone)]
pub struct Storage {
    pub folder: PathBuf,
    /// Results up to this size stay in memory.
    pub memory_bytes: usize,
}

impl Storage {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.parquet"))
    }

    /// Removes the file of a relation that nobody reads any more, if it has one.
    pub fn remove(&self, name: &str) {
        let _ = std::fs::remove_file(self.file(name));
    }
}

/// The size of a stored result.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stored {
    pub rows: u64,
    /// In memory, or of the file.
    pub bytes: u64,
    /// What operators wrote to disk on the way.
    pub spilled_bytes: u64,
}

/// Runs the query and registers its result under `name`.
pub async fn store(context: &SessionContext, name: &str, frame: DataFrame, storage: &Storage) -> Result<Stored> {
    let tasks = Arc::new(frame.task_ctx());
    let plan = frame.create_physical_plan().await?;
    let mut stream = execute_stream(plan.clone(), tasks)?;
    let schema = stream.schema();
    let (mut batches, mut bytes) = (Vec::new(), 0);
    while let Some(batch) = stream.next().await {
        let batch = as_planned(batch?, &schema)?;
        bytes += batch.get_array_memory_size();
        batches.push(batch);
        if bytes > storage.memory_bytes {
            let file = storage.file(name);
            let stored = spill(&file, schema, &batches, &mut stream).await?;
            context.register_parquet(name, file.to_string_lossy(), ParquetReadOptions::default()).await?;
            return Ok(Stored { spilled_bytes: spilled(plan.as_ref()), ..stored });
        }
    }
    let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    context.register_table(name, Arc::new(MemTable::try_new(schema, vec![batches])?))?;
    Ok(Stored { rows, bytes: bytes as u64, spilled_bytes: spilled(plan.as_ref()) })
}

/// What the operators of an executed plan wrote to disk for want of memory.
fn spilled(plan: &dyn ExecutionPlan) -> u64 {
    let own = plan.metrics().and_then(|metrics| metrics.spilled_bytes()).unwrap_or_default() as u64;
    own + plan.children().into_iter().map(|child| spilled(child.as_ref())).sum::<u64>()
}

/// Writes what was gathered and the rest of the stream to a Parquet file.
pub async fn spill(
    file: &Path,
    schema: SchemaRef,
    gathered: &[RecordBatch],
    stream: &mut SendableRecordBatchStream,
) -> Result<Stored> {
    let mut writer = ArrowWriter::try_new(File::create(file)?, schema.clone(), None).map_err(DataFusionError::from)?;
    for batch in gathered {
        writer.write(batch).map_err(DataFusionError::from)?;
    }
    while let Some(batch) = stream.next().await {
        writer.write(&as_planned(batch?, &schema)?).map_err(DataFusionError::from)?;
    }
    let written = writer.close().map_err(DataFusionError::from)?;
    let rows = u64::try_from(written.file_metadata().num_rows()).unwrap_or_default();
    Ok(Stored { rows, bytes: file.metadata()?.len(), spilled_bytes: 0 })
}

/// Executors plan for themselves and may think otherwise of what can be NULL.
fn as_planned(batch: RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    if batch.schema_ref() == schema {
        return Ok(batch);
    }
    let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| cast(column, field.data_type()));
    let columns = columns.collect::<std::result::Result<Vec<_>, ArrowError>>()?;
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}
