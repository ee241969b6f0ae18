//! What OpenLineage calls facets: typed descriptions of runs, jobs and datasets, each with the version of its schema.

use serde_json::{Value, json};

use crate::model::contract::{ColumnType, Contract, ContractColumn};
use crate::model::manifest::{Input, Table};

/// Who says so.
pub(super) const PRODUCER: &str = concat!("urn:dealerlens:", env!("CARGO_PKG_VERSION"));

/// An export: its columns, its content, its rows.
pub(super) fn input(namespace: String, name: String, input: &Input) -> Value {
    let mut facets = json!({"version": version(&input.sha256)});
    if let Some(facets) = facets.as_object_mut().filter(|_| !input.header.is_empty()) {
        let fields: Vec<Value> = input.header.iter().map(|name| json!({"name": name})).collect();
        facets.insert("schema".to_owned(), schema(fields));
    }
    let statistics = facet(
        "1-0-0",
        "InputStatisticsInputDatasetFacet",
        json!({
            "rowCount": input.rows_read, "size": input.bytes, "fileCount": 1
        }),
    );
    json!({
        "namespace": namespace, "name": name, "facets": facets, "inputFacets": {"inputStatistics": statistics}
    })
}

/// A table of a run: its columns as its contract has them, its rows.
pub(super) fn output(
    namespace: String,
    name: String,
    table: &Table,
    run_id: &str,
    contract: Option<&Contract>,
) -> Value {
    let mut facets = json!({"version": version(run_id)});
    if let (Some(facets), Some(contract)) = (facets.as_object_mut(), contract) {
        facets.insert("schema".to_owned(), schema(contract.columns.iter().map(field).collect()));
    }
    let statistics = facet(
        "1-0-2",
        "OutputStatisticsOutputDatasetFacet",
        json!({
            "rowCount": table.rows, "size": table.bytes, "fileCount": 1
        }),
    );
    json!({
        "namespace": namespace, "name": name, "facets": facets, "outputFacets": {"outputStatistics": statistics}
    })
}

pub(super) fn job_type() -> Value {
    let about = json!({"processingType": "BATCH", "integration": "DEALERLENS", "jobType": "JOB"});
    facet("2-0-3", "JobTypeJobFacet", about)
}

/// `named` is name and version with a blank between.
pub(super) fn engine(named: &str) -> Value {
    let (name, version) = named.split_once(' ').unwrap_or(("", named));
    facet("1-1-1", "ProcessingEngineRunFacet", json!({"name": name, "version": version}))
}

pub(super) fn error(message: &str) -> Value {
    facet("1-0-1", "ErrorMessageRunFacet", json!({"message": message, "programmingLanguage": "RUST"}))
}

fn version(version: &str) -> Value {
    facet("1-0-1", "DatasetVersionDatasetFacet", json!({"datasetVersion": version}))
}

fn schema(fields: Vec<Value>) -> Value {
    facet("1-1-1", "SchemaDatasetFacet", json!({"fields": fields}))
}

fn field(column: &ContractColumn) -> Value {
    let kind = match column.kind {
        ColumnType::Text => "string",
        ColumnType::Integer => "bigint",
        ColumnType::Number => "double",
        ColumnType::Money => "decimal(18,4)",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
    };
    json!({"name": column.name, "type": kind, "description": column.description})
}

/// Every facet says who made it and which schema it follows.
fn facet(version: &str, name: &str, mut content: Value) -> Value {
    if let Some(fields) = content.as_object_mut() {
        let schema = format!("https://openlineage.io/spec/facets/{version}/{name}.json#/$defs/{name}");
        fields.insert("_producer".to_owned(), PRODUCER.into());
        fields.insert("_schemaURL".to_owned(), schema.into());
    }
    content
}
