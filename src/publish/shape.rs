//! Brings what a query delivers to what the table's contract promises, or says which row breaks the promise.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Decimal128Type, SchemaRef};
use arrow::error::ArrowError;
use arrow::util::display::array_value_to_string;

use crate::model::contract::{Contract, ContractColumn};
use crate::model::failure::{Failure, Result};
use crate::model::money;
use crate::model::shown;
use crate::publish::gate::require_bi_safe;

/// A table's contract, checked, with the places of its key columns.
#[derive(Debug)]
pub(super) struct Shape {
    table: String,
    contract: Contract,
    schema: SchemaRef,
    key: Vec<usize>,
}

impl Shape {
    pub(super) fn new(table: &str, contract: &Contract) -> Result<Self> {
        let schema = contract.schema();
        require_bi_safe(table, &schema)?;
        if contract.key.is_empty() {
            return Err(Failure::defect(format!("table {table}: its contract names no key"))
                .hint("list under `key` the columns that identify a row"));
        }
        let key = contract.key.iter().map(|name| place(table, &schema, name)).collect::<Result<Vec<_>>>()?;
        Ok(Self { table: table.to_owned(), contract: contract.clone(), schema, key })
    }

    pub(super) fn table(&self) -> &str {
        &self.table
    }

    pub(super) fn contract(&self) -> &Contract {
        &self.contract
    }

    pub(super) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    pub(super) fn key_types(&self) -> Vec<DataType> {
        let fields = self.key.iter().filter_map(|place| self.schema.fields().get(*place));
        fields.map(|field| field.data_type().clone()).collect()
    }

    pub(super) fn key_columns(&self, columns: &[ArrayRef]) -> Vec<ArrayRef> {
        self.key.iter().filter_map(|place| columns.get(*place)).map(Arc::clone).collect()
    }

    /// The key of a row for messages: `dealer_id = D1, line = 2`.
    pub(super) fn key_of(&self, columns: &[ArrayRef], row: usize) -> String {
        let keys = self.key_columns(columns);
        let shown = self.contract.key.iter().zip(&keys).map(|(name, array)| format!("{name} = {}", value(array, row)));
        shown.collect::<Vec<_>>().join(", ")
    }

    /// The batch in the contract's types, columns matched by position.
    pub(super) fn narrow(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        self.require_names(batch)?;
        let pairs = self.contract.columns.iter().zip(batch.columns());
        let columns = pairs.map(|(column, array)| self.narrow_column(column, array)).collect::<Result<Vec<_>>>()?;
        self.require_values(&columns)?;
        RecordBatch::try_new(self.schema(), columns)
            .map_err(|error| Failure::defect(format!("table {}: {error}", self.table)))
    }

    fn require_names(&self, batch: &RecordBatch) -> Result<()> {
        let wanted: Vec<&str> = self.contract.columns.iter().map(|column| column.name.as_str()).collect();
        let found: Vec<&str> = batch.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        let length = wanted.len().max(found.len());
        let Some(place) = (0..length).find(|place| wanted.get(*place) != found.get(*place)) else { return Ok(()) };
        let shown = |names: &[&str]| names.get(place).map_or("nothing".to_owned(), |name| format!("\"{name}\""));
        Err(Failure::defect(format!(
            "table {}: column {} is {} in the contract, but the query delivers {}",
            self.table,
            place + 1,
            shown(&wanted),
            shown(&found)
        ))
        .hint("list the same columns in the same order in the query and in its contract"))
    }

    fn narrow_column(&self, column: &ContractColumn, array: &ArrayRef) -> Result<ArrayRef> {
        if !column.kind.accepts(array.data_type()) {
            return Err(self.wrong_type(column, array.data_type()));
        }
        let narrowed = narrow_to(&column.kind.data_type(), array).map_err(|error| self.misfit(column, &error))?;
        if let Some(amounts) = narrowed.as_primitive_opt::<Decimal128Type>() {
            // An engine may compute past the precision that a type states; the file would lose the digits silently.
            amounts.validate_decimal_precision(money::PRECISION).map_err(|error| self.misfit(column, &error))?;
        }
        Ok(narrowed)
    }

    fn wrong_type(&self, column: &ContractColumn, found: &DataType) -> Failure {
        let (table, name, kind) = (&self.table, &column.name, column.kind.name());
        Failure::defect(format!(
            "table {table}: column {name} is {kind} in the contract, but the query delivers {found}"
        ))
        .hint(format!("cast {name} to {} in the query", column.kind.data_type()))
    }

    fn misfit(&self, column: &ContractColumn, error: &ArrowError) -> Failure {
        let (table, name, kind) = (&self.table, &column.name, column.kind.name());
        let cause = shown::value(&error.to_string());
        Failure::data(format!("table {table}: a value of column {name} does not fit {kind}: {cause}"))
            .hint_absurd_amounts()
    }

    fn require_values(&self, columns: &[ArrayRef]) -> Result<()> {
        let mut pairs = self.contract.columns.iter().zip(columns);
        let Some((column, array)) = pairs.find(|(column, array)| !column.nullable && array.null_count() > 0) else {
            return Ok(());
        };
        let row = (0..array.len()).find(|row| array.is_null(*row)).unwrap_or_default();
        let (table, name, key) = (&self.table, &column.name, self.key_of(columns, row));
        Err(Failure::defect(format!("table {table}: column {name} is NULL where {key}, against its contract"))
            .hint("mend the query, or mark the column nullable and say in its description when it is NULL"))
    }
}

fn place(table: &str, schema: &SchemaRef, name: &str) -> Result<usize> {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    schema.index_of(name).map_err(|_| {
        Failure::defect(format!("table {table}: its key names \"{name}\", which is no column")).hint_near(name, names)
    })
}

fn narrow_to(kind: &DataType, array: &ArrayRef) -> std::result::Result<ArrayRef, ArrowError> {
    if array.data_type() == kind {
        return Ok(Arc::clone(array));
    }
    cast_with_options(array, kind, &CastOptions { safe: false, ..CastOptions::default() })
}

fn value(array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return "NULL".to_owned();
    }
    array_value_to_string(array, row).map_or_else(|_| "?".to_owned(), |text| shown::value(&text))
}
