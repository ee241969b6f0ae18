//! Small files as a table: each is read at once, where the engine would open it, ask for its size and its footer, and read
//! one column after the other, each time on another thread.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::{FieldRef, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::catalog::{MemTable, Session, TableProvider};
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::physical_plan::ExecutionPlan;

/// Rows of the batches that rows of small files are put together to.
const BATCH_ROWS: usize = 8192;

/// Parquet files of the same columns, few enough to be held in memory by those that are asked for.
#[derive(Debug)]
pub(super) struct SmallFiles {
    pub(super) schema: SchemaRef,
    pub(super) files: Vec<PathBuf>,
}

#[async_trait]
impl TableProvider for SmallFiles {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let places = projection.unwrap_or(&all);
        let mut rows = Vec::new();
        for file in &self.files {
            rows.extend(rows_of_file(file, &self.schema, places)?);
        }
        let schema = Arc::new(self.schema.project(places)?);
        let rows = together(&rows, &schema)?;
        MemTable::try_new(schema, vec![rows])?.scan(state, None, &[], limit).await
    }
}

/// The columns of a file at these places of `schema`, of its types.
pub(super) fn rows_of_file(file: &Path, schema: &SchemaRef, places: &[usize]) -> Result<Vec<RecordBatch>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(fs::read(file)?))?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    let mut read = places.to_vec();
    read.sort_unstable();
    let wanted = Arc::new(schema.project(places)?);
    let as_wanted = |batch: RecordBatch| {
        let column = |(place, field): (&usize, &FieldRef)| {
            cast(batch.column(read.partition_point(|other| other < place)), field.data_type())
        };
        let columns = places.iter().zip(wanted.fields()).map(column).collect::<std::result::Result<Vec<_>, _>>()?;
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(wanted.clone(), columns, &rows)?)
    };
    builder.with_projection(mask).build()?.map(|batch| as_wanted(batch?)).collect()
}

/// The same rows in fewer batches.
pub(super) fn together(
    batches: &[RecordBatch],
    schema: &SchemaRef,
) -> std::result::Result<Vec<RecordBatch>, ArrowError> {
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
    use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray};
    use datafusion::arrow::datatypes::{DataType, Field, Schema};
    use datafusion::arrow::util::pretty::pretty_format_batches;
    use datafusion::parquet::arrow::ArrowWriter;
    use datafusion::prelude::{SessionConfig, SessionContext};

    use super::*;

    fn numbers(from: i64, to: i64) -> RecordBatch {
        let column: ArrayRef = Arc::new(Int64Array::from_iter_values(from..to));
        RecordBatch::try_from_iter([("number", column)]).unwrap()
    }

    #[test]
    fn small_batches_are_put_together_in_their_order() {
        let batches: Vec<RecordBatch> = (0..20).map(|place| numbers(place * 1000, (place + 1) * 1000)).collect();
        let found = together(&batches, &batches[0].schema()).unwrap();
        assert_eq!(found, [numbers(0, 9000), numbers(9000, 18_000), numbers(18_000, 20_000)]);
        assert!(together(&[], &batches[0].schema()).unwrap().is_empty());
    }

    fn write(file: &Path, ids: &[i64], names: &[&str]) {
        let (ids, names): (ArrayRef, ArrayRef) =
            (Arc::new(Int64Array::from(ids.to_vec())), Arc::new(StringArray::from(names.to_vec())));
        let batch = RecordBatch::try_from_iter([("id", ids.clone()), ("name", names), ("twin", ids)]).unwrap();
        let mut writer = ArrowWriter::try_new(fs::File::create(file).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }

    #[tokio::test]
    async fn files_are_one_table_of_the_columns_that_are_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let files = [folder.path().join("1.parquet"), folder.path().join("2.parquet")];
        write(&files[0], &[1, 2], &["a", "b"]);
        write(&files[1], &[3], &["c"]);
        let field = |name, kind| Field::new(name, kind, true);
        let fields = [field("id", DataType::Int64), field("name", DataType::Utf8View), field("twin", DataType::Int64)];
        let schema = Arc::new(Schema::new(fields.to_vec()));
        let context = SessionContext::new_with_config(SessionConfig::new());
        context.register_table("lines", Arc::new(SmallFiles { schema, files: files.to_vec() })).unwrap();
        for (sql, expected) in [
            ("select twin, name from lines where id > 1 order by twin", "2,b 3,c"),
            ("select name, id from lines order by id limit 1", "a,1"),
            ("select count(*) as n from lines", "3"),
            ("select id, name, twin from lines where name = 'c'", "3,c,3"),
        ] {
            let rows = context.sql(sql).await.unwrap().collect().await.unwrap();
            let shown = pretty_format_batches(&rows).unwrap().to_string();
            let cells = |line: &str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>().join(",");
            let rows = shown.lines().skip(3).filter(|line| line.starts_with('|')).map(cells);
            assert_eq!(rows.collect::<Vec<_>>().join(" "), expected, "{sql}");
        }
    }
}
