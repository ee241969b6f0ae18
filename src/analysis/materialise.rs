//! Stores the result of a query: in memory while it is small, in a Parquet file of the work folder from there on.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::common::{DataFusionError, Result};
use datafusion::dataframe::DataFrame;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{Expr, LogicalPlan, SortExpr, ident};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use tokio_stream::StreamExt;

use crate::analysis::files::properties;
use crate::analysis::planning::physical_plan;
use crate::analysis::sources;

/// Where results are kept.
#[derive(Debug, Clone)]
pub struct Storage {
    pub folder: PathBuf,
    /// Results up to this size stay in memory, as far as the budget of all of them goes.
    pub memory_bytes: usize,
    pub budget: Arc<Budget>,
}

impl Storage {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.parquet"))
    }

    /// Whether a result of this size may stay in memory; if so, its place is taken.
    pub fn holds(&self, name: &str, bytes: usize) -> bool {
        bytes <= self.memory_bytes && self.budget.take(name, bytes)
    }

    /// Forgets a relation that nobody reads any more: what it took in memory, and its file if it has one.
    pub fn remove(&self, name: &str) {
        self.budget.give_back(name);
        let _ = std::fs::remove_file(self.file(name));
    }
}

/// What the results in memory may take in all.
#[derive(Debug)]
pub struct Budget {
    bytes: usize,
    taken: Mutex<BTreeMap<String, usize>>,
}

impl Budget {
    pub const fn new(bytes: usize) -> Self {
        Self { bytes, taken: Mutex::new(BTreeMap::new()) }
    }

    /// Whether a result may stay in memory; if so, its place is taken.
    fn take(&self, name: &str, bytes: usize) -> bool {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = taken.values().sum::<usize>() + bytes <= self.bytes;
        if fits {
            taken.insert(name.to_owned(), bytes);
        }
        fits
    }

    fn give_back(&self, name: &str) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
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

/// Runs a query whose plan is analysed and registers its result under `name`, with the order that the query asks for.
pub async fn store(context: &SessionContext, name: &str, frame: DataFrame, storage: &Storage) -> Result<Stored> {
    let order = order_of(frame.logical_plan());
    let tasks = Arc::new(frame.task_ctx());
    let (state, plan) = frame.into_parts();
    let plan = physical_plan(&state, plan).await?;
    let mut stream = execute_stream(plan.clone(), tasks)?;
    let schema = without_views(&stream.schema());
    let (mut batches, mut bytes) = (Vec::new(), 0);
    while bytes <= storage.memory_bytes
        && let Some(batch) = stream.next().await
    {
        let batch = as_planned(batch?, &schema)?;
        bytes += batch.get_array_memory_size();
        batches.push(batch);
    }
    if !storage.holds(name, bytes) {
        let file = storage.file(name);
        let stored = spill(&file, schema, &batches, &mut stream).await?;
        context
            .register_parquet(name, file.to_string_lossy(), ParquetReadOptions::default().file_sort_order(order))
            .await?;
        return Ok(Stored { spilled_bytes: spilled(plan.as_ref()), ..stored });
    }
    let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    context.register_table(name, sources::in_memory(schema, batches, order)?)?;
    Ok(Stored { rows, bytes: bytes as u64, spilled_bytes: spilled(plan.as_ref()) })
}

/// The columns that a query sorts its result by at last: who reads it need not sort again.
fn order_of(plan: &LogicalPlan) -> Vec<Vec<SortExpr>> {
    let LogicalPlan::Sort(sort) = plan else { return Vec::new() };
    let column = |sorted: &SortExpr| match &sorted.expr {
        Expr::Column(column) => Some(SortExpr { expr: ident(column.name()), ..sorted.clone() }),
        _ => None,
    };
    // What lies behind an expression cannot be told of the columns.
    vec![sort.expr.iter().map_while(column).collect()]
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
    let made = ArrowWriter::try_new(File::create(file)?, schema.clone(), Some(properties(&schema)));
    let mut writer = made.map_err(DataFusionError::from)?;
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

/// The same columns without text views, which some functions return. Batches of views keep more than they show, and
/// Ballista makes too large messages of them.
pub fn without_views(schema: &Schema) -> SchemaRef {
    with_type(schema, &DataType::Utf8View, &DataType::Utf8)
}

/// The same columns with texts as views: for what is read, and not kept.
pub fn with_text_views(schema: &Schema) -> SchemaRef {
    with_type(schema, &DataType::Utf8, &DataType::Utf8View)
}

fn with_type(schema: &Schema, from: &DataType, to: &DataType) -> SchemaRef {
    let other = |field: &Arc<Field>| match field.data_type() == from {
        true => Arc::new(field.as_ref().clone().with_data_type(to.clone())),
        false => field.clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(other).collect::<Vec<_>>()))
}

/// Executors plan for themselves and may think otherwise of what can be NULL.
pub fn as_planned(batch: RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    if batch.schema_ref() == schema {
        return Ok(batch);
    }
    let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| cast(column, field.data_type()));
    let columns = columns.collect::<std::result::Result<Vec<_>, ArrowError>>()?;
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::session::{self, Resources};

    #[tokio::test]
    async fn texts_are_stored_without_views_in_memory_and_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let resources = Resources {
            memory_bytes: 256 << 20,
            threads: 2,
            work_folder: folder.path().to_path_buf(),
            facts_folder: folder.path().join("facts"),
        };
        let (context, _) = session::open(&resources).unwrap();
        let sql = "select substr(column1, 2) as part, cast(column1 as varchar) as whole, arrow_cast(column1, 'Utf8View') as view
            from (values ('one'), ('two'))";
        for (name, memory_bytes, budget) in
            [("in_memory", 1 << 20, 1 << 20), ("too_large", 0, 1 << 20), ("without_budget", 1 << 20, 1)]
        {
            let storage =
                Storage { folder: folder.path().to_path_buf(), memory_bytes, budget: Arc::new(Budget::new(budget)) };
            let plan = context.sql(sql).await.unwrap().into_optimized_plan().unwrap();
            let frame = DataFrame::new(context.state(), plan);
            store(&context, name, frame, &storage).await.unwrap();
            let table = context.table(name).await.unwrap();
            assert!(table.schema().fields().iter().all(|field| field.data_type() == &DataType::Utf8), "{name}");
            assert_eq!(table.count().await.unwrap(), 2);
            assert_eq!(storage.file(name).exists(), name != "in_memory", "{name}");
        }
    }

    #[test]
    fn results_stay_in_memory_within_the_budget() {
        let budget = Budget::new(100);
        assert!(budget.take("first", 60) && !budget.take("second", 41) && budget.take("third", 40));
        budget.give_back("first");
        assert!(budget.take("second", 41));
    }
}
