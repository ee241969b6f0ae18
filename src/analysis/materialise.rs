//! Stores the result of a query: in memory while it is small, in a Parquet file of the work folder from there on.

use std::fs::File;
use std::path::Path;
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
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use tokio_stream::StreamExt;

/// Results up to this size stay in memory.
const MEMORY_BYTES: usize = 64 << 20;

/// Runs the query and registers its result under `name`.
pub async fn store(context: &SessionContext, name: &str, frame: DataFrame, folder: &Path) -> Result<()> {
    let mut stream = frame.execute_stream().await?;
    let schema = stream.schema();
    let (mut batches, mut bytes) = (Vec::new(), 0);
    while let Some(batch) = stream.next().await {
        let batch = as_planned(batch?, &schema)?;
        bytes += batch.get_array_memory_size();
        batches.push(batch);
        if bytes > MEMORY_BYTES {
            let file = folder.join(format!("{name}.parquet"));
            spill(&file, schema, &batches, &mut stream).await?;
            context.register_parquet(name, file.to_string_lossy(), ParquetReadOptions::default()).await?;
            return Ok(());
        }
    }
    context.register_table(name, Arc::new(MemTable::try_new(schema, vec![batches])?))?;
    Ok(())
}

/// Writes what was gathered and the rest of the stream to a Parquet file.
pub async fn spill(
    file: &Path,
    schema: SchemaRef,
    gathered: &[RecordBatch],
    stream: &mut SendableRecordBatchStream,
) -> Result<()> {
    let mut writer = ArrowWriter::try_new(File::create(file)?, schema.clone(), None).map_err(DataFusionError::from)?;
    for batch in gathered {
        writer.write(batch).map_err(DataFusionError::from)?;
    }
    while let Some(batch) = stream.next().await {
        writer.write(&as_planned(batch?, &schema)?).map_err(DataFusionError::from)?;
    }
    writer.close().map_err(DataFusionError::from)?;
    Ok(())
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
