//! What is there before any query runs, as relations: what ingest staged, and what the earlier run published.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::catalog::TableProvider;
use datafusion::common::{DFSchema, DataFusionError};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::datasource::{MemTable, ViewTable};
use datafusion::logical_expr::{EmptyRelation, LogicalPlan, SortExpr};
use datafusion::prelude::SessionContext;

use crate::analysis::loader::QuerySet;
use crate::model::contract::ContractColumn;
use crate::model::export::{StagedExport, Staging};
use crate::model::failure::{Failure, Result};
use crate::model::money::SCALE;
use crate::model::reason::rejection_schema;
use crate::model::source::Source;

/// The mart that a run is compared by with an earlier one, and the relation that the earlier one's rows are in.
pub const COMPARED: &str = "sales_by_export";
const PREVIOUS: &str = "previous_sales_by_export";

/// The only table function; the parser takes it for a relation.
pub const TABLE_FUNCTION: &str = "generate_series";

/// Sums of amounts may be wider than one amount.
const SUM_PRECISION: u8 = 38;

/// The names that exist before any query runs.
pub fn names() -> BTreeSet<String> {
    let staged = Source::ALL.into_iter().map(Source::staged_relation);
    let others = ["parse_rejections", "exports", "sources", "contract_columns", PREVIOUS, TABLE_FUNCTION];
    staged.chain(others.map(str::to_owned)).collect()
}

/// Registers everything that ingest handed over.
pub fn register(context: &SessionContext, staging: &Staging) -> Result<()> {
    for source in Source::ALL {
        let files: Vec<String> = staging.of(source).map(|export| address(&export.rows_file)).collect();
        register_files(context, &source.staged_relation(), &source.staging_schema(), &files)?;
    }
    let rejections: Vec<String> = staging.exports.iter().map(|export| address(&export.rejections_file)).collect();
    register_files(context, "parse_rejections", &rejection_schema(), &rejections)?;
    register_batch(context, "exports", exports(&staging.exports))?;
    register_batch(context, "sources", sources(staging))
}

/// Registers the same names without rows, to plan against.
pub fn register_empty(context: &SessionContext) -> Result<()> {
    for source in Source::ALL {
        register_batch(context, &source.staged_relation(), Ok(RecordBatch::new_empty(source.staging_schema())))?;
    }
    register_batch(context, "parse_rejections", Ok(RecordBatch::new_empty(rejection_schema())))?;
    register_batch(context, "exports", exports(&[]))?;
    register_batch(context, "sources", sources(&Staging::default()))
}

/// A local file as the engine is told of it.
pub fn address(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}

/// Registers Parquet files, by their paths or addresses, as one relation.
pub fn register_files(context: &SessionContext, name: &str, schema: &SchemaRef, files: &[String]) -> Result<()> {
    if files.is_empty() {
        return register_batch(context, name, Ok(RecordBatch::new_empty(schema.clone())));
    }
    let defect = |error: DataFusionError| Failure::defect(format!("{name}: {}", error.strip_backtrace()));
    let urls = files.iter().map(ListingTableUrl::parse).collect::<datafusion::common::Result<Vec<_>>>();
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(urls.map_err(defect)?)
        .with_listing_options(options)
        .with_schema(schema.clone());
    let table = ListingTable::try_new(config).map_err(defect)?;
    context.register_table(name, Arc::new(table)).map_err(defect)?;
    Ok(())
}

/// Registers what the earlier run published; without one, a relation without rows. A set without the mart has no such
/// relation.
pub fn register_previous(context: &SessionContext, set: &QuerySet, rows: &[RecordBatch]) -> Result<()> {
    let Some(contract) = set.queries.get(COMPARED).and_then(|query| query.contract.as_ref()) else { return Ok(()) };
    register_rows(context, PREVIOUS, contract.schema(), rows.to_vec())
}

/// Registers the contracts of all marts, one row a column.
pub fn register_dictionary(context: &SessionContext, set: &QuerySet) -> Result<()> {
    register_batch(context, "contract_columns", contract_columns(set))
}

fn contract_columns(set: &QuerySet) -> std::result::Result<RecordBatch, ArrowError> {
    type Described<'a> = (&'a str, i64, &'a ContractColumn);
    let rows: Vec<Described<'_>> = set
        .marts()
        .flat_map(|(query, contract)| {
            (1..).zip(&contract.columns).map(|(place, column)| (query.name.as_str(), place, column))
        })
        .collect();
    let texts = |value: fn(&Described<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(value).collect::<StringArray>())
    };
    let places: ArrayRef = Arc::new(rows.iter().map(|(_, place, _)| Some(*place)).collect::<Int64Array>());
    let nullable: ArrayRef =
        Arc::new(rows.iter().map(|(_, _, column)| Some(column.nullable)).collect::<BooleanArray>());
    RecordBatch::try_from_iter_with_nullable([
        ("table_name", texts(|(table, _, _)| Some((*table).to_owned())), false),
        ("position", places, false),
        ("column_name", texts(|(_, _, column)| Some(column.name.clone())), false),
        ("data_type", texts(|(_, _, column)| Some(column.kind.name().to_owned())), false),
        ("is_nullable", nullable, false),
        ("unit", texts(|(_, _, column)| column.unit.clone()), true),
        ("description", texts(|(_, _, column)| Some(column.description.clone())), false),
    ])
}

fn register_batch(
    context: &SessionContext,
    name: &str,
    batch: std::result::Result<RecordBatch, ArrowError>,
) -> Result<()> {
    let batch = batch.map_err(|error| Failure::defect(format!("{name}: {error}")))?;
    register_rows(context, name, batch.schema(), vec![batch])
}

/// Registers rows that are there already.
pub fn register_rows(context: &SessionContext, name: &str, schema: SchemaRef, rows: Vec<RecordBatch>) -> Result<()> {
    let defect = |error: DataFusionError| Failure::defect(format!("{name}: {}", error.strip_backtrace()));
    let table = in_memory(schema, rows, Vec::new()).map_err(defect)?;
    context.register_table(name, table).map_err(defect)?;
    Ok(())
}

/// Rows as a table, with the orders that they are in. Without any row it is one that the optimizer sees through: joins with
/// it, and all that comes of nothing, are planned away.
pub fn in_memory(
    schema: SchemaRef,
    rows: Vec<RecordBatch>,
    orders: Vec<Vec<SortExpr>>,
) -> datafusion::common::Result<Arc<dyn TableProvider>> {
    if rows.iter().any(|batch| batch.num_rows() > 0) {
        return Ok(Arc::new(MemTable::try_new(schema, vec![rows])?.with_sort_order(orders)));
    }
    let schema = Arc::new(DFSchema::try_from(schema)?);
    let nothing = LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: false, schema });
    Ok(Arc::new(ViewTable::new(nothing, None)))
}

/// One row an export, with the counts of ingest; `amount_read` is NULL for sources without money.
fn exports(exports: &[StagedExport]) -> std::result::Result<RecordBatch, ArrowError> {
    let texts = |value: fn(&StagedExport) -> String| -> ArrayRef {
        Arc::new(exports.iter().map(|export| Some(value(export))).collect::<StringArray>())
    };
    let counts = |value: fn(&StagedExport) -> u64| -> ArrayRef {
        let count = |export: &StagedExport| i64::try_from(value(export)).unwrap_or(i64::MAX);
        Arc::new(exports.iter().map(|export| Some(count(export))).collect::<Int64Array>())
    };
    let keys: ArrayRef = Arc::new(exports.iter().map(|export| Some(export.key)).collect::<Int64Array>());
    let amount = |export: &StagedExport| export.source.money_column().map(|_| export.counts.amount_read_units);
    let amounts = exports.iter().map(amount).collect::<Decimal128Array>();
    let amounts: ArrayRef = Arc::new(amounts.with_precision_and_scale(SUM_PRECISION, SCALE)?);
    RecordBatch::try_from_iter_with_nullable([
        ("source", texts(|export| export.source.to_string()), false),
        ("export", texts(|export| export.name.clone()), false),
        ("export_key", keys, false),
        ("export_rank", counts(|export| export.rank), false),
        ("rows_read", counts(|export| export.counts.rows_read), false),
        ("amount_read", amounts, true),
        ("unknown_amounts", counts(|export| export.counts.unknown_amounts), false),
        ("amounts_rounded", counts(|export| export.counts.amounts_rounded), false),
    ])
}

/// One row a source: whether the job has it.
fn sources(staging: &Staging) -> std::result::Result<RecordBatch, ArrowError> {
    let schema = Schema::new(vec![
        Field::new("source", DataType::Utf8, false),
        Field::new("is_present", DataType::Boolean, false),
    ]);
    let names: ArrayRef = Arc::new(Source::ALL.into_iter().map(|source| Some(source.name())).collect::<StringArray>());
    let present: ArrayRef =
        Arc::new(Source::ALL.into_iter().map(|source| Some(staging.has(source))).collect::<BooleanArray>());
    RecordBatch::try_new(Arc::new(schema), vec![names, present])
}

#[cfg(test)]
mod tests {
    use datafusion::physical_plan::displayable;
    use datafusion::prelude::SessionConfig;

    use super::*;

    #[tokio::test]
    async fn a_join_with_what_has_no_row_is_planned_away() {
        let context = SessionContext::new_with_config(SessionConfig::new());
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
        let rows = RecordBatch::try_from_iter([("id", ids)]).unwrap();
        register_rows(&context, "left_out", rows.schema(), vec![rows.slice(0, 0)]).unwrap();
        register_rows(&context, "lines", rows.schema(), vec![rows]).unwrap();
        let counted = "select l.id from lines as l left anti join left_out as o on o.id = l.id";
        let plan = context.sql(counted).await.unwrap().create_physical_plan().await.unwrap();
        let shown = displayable(plan.as_ref()).indent(false).to_string();
        assert!(!shown.contains("Join"), "{shown}");
        assert_eq!(context.sql(counted).await.unwrap().count().await.unwrap(), 2);
        let nothing = context.sql("select id, count(*) as n from left_out group by id").await.unwrap();
        assert_eq!(nothing.count().await.unwrap(), 0);
        let all = context.sql("select count(*) as n from left_out").await.unwrap().collect().await.unwrap();
        assert_eq!(all.iter().map(RecordBatch::num_rows).sum::<usize>(), 1, "a count of nothing is a row");
    }
}
