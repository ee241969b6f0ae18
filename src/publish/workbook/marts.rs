//! The marts of a run in memory, and the rows of them that a region may see.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Float64Type, Int64Type};

use crate::model::contract::{ColumnType, Contract, ContractColumn, Contracts};
use crate::model::failure::{Blame, Failure, Result};
use crate::model::money::Money;
use crate::publish::read::read_table;

/// One value of a mart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    /// NULL, or no such column.
    Empty,
    Text(&'a str),
    Integer(i64),
    Number(f64),
    Money(Money),
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
}

/// One table with what its contract says.
#[derive(Debug)]
pub(super) struct Mart {
    pub(super) name: String,
    /// What one row is; empty when nobody says so.
    pub(super) grain: String,
    pub(super) columns: Vec<ContractColumn>,
    batch: RecordBatch,
}

/// The tables that workbooks show, as far as the run has them.
#[derive(Debug)]
pub(super) struct Marts {
    tables: BTreeMap<String, Mart>,
    /// The region of each dealer.
    regions: BTreeMap<String, String>,
}

/// What the readers of one workbook may see: one region, or all of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    marts: &'a Marts,
    pub(super) region: Option<&'a str>,
}

impl Mart {
    fn read(folder: &Path, name: &str, contract: Option<&Contract>) -> Result<Option<Self>> {
        let batches = match read_table(folder, name) {
            Err(failure) if failure.blame == Blame::MissingInput => return Ok(None),
            batches => batches?,
        };
        let schema = batches.first().map(RecordBatch::schema).or_else(|| contract.map(Contract::schema));
        let Some(schema) = schema else { return Ok(None) };
        let batch = concat_batches(&schema, &batches)
            .map_err(|error| Failure::defect(format!("table {name} cannot be put together: {error}")))?;
        let columns = schema.fields().iter().map(|field| column_of(field, contract)).collect();
        let grain = contract.map(|contract| contract.grain.clone()).unwrap_or_default();
        Ok(Some(Self { name: name.to_owned(), grain, columns, batch }))
    }

    pub(super) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The place of a column.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    pub(super) fn value(&self, place: usize, row: usize) -> Value<'_> {
        let Some(array) = self.batch.columns().get(place).filter(|array| array.is_valid(row)) else {
            return Value::Empty;
        };
        let value = match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map(|texts| Value::Text(texts.value(row))),
            DataType::Int64 => array.as_primitive_opt::<Int64Type>().map(|numbers| Value::Integer(numbers.value(row))),
            DataType::Float64 => {
                array.as_primitive_opt::<Float64Type>().map(|numbers| Value::Number(numbers.value(row)))
            }
            DataType::Decimal128(_, _) => {
                array.as_primitive_opt::<Decimal128Type>().map(|amounts| Value::Money(Money(amounts.value(row))))
            }
            DataType::Boolean => array.as_boolean_opt().map(|flags| Value::Boolean(flags.value(row))),
            DataType::Date32 => array.as_primitive_opt::<Date32Type>().map(|days| Value::Date(days.value(row))),
            _ => None,
        };
        value.unwrap_or(Value::Empty)
    }

    pub(super) fn named(&self, column: &str, row: usize) -> Value<'_> {
        self.place(column).map_or(Value::Empty, |place| self.value(place, row))
    }

    pub(super) fn text(&self, column: &str, row: usize) -> Option<&str> {
        match self.named(column, row) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self, column: &str, row: usize) -> Option<f64> {
        match self.named(column, row) {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Ten-thousandths of an amount, or a whole number.
    pub(super) fn whole(&self, column: &str, row: usize) -> Option<i128> {
        match self.named(column, row) {
            Value::Money(money) => Some(money.0),
            Value::Integer(number) => Some(i128::from(number)),
            _ => None,
        }
    }

    /// The sum of what [`Self::whole`] gives; nothing when every value is NULL.
    pub(super) fn sum(&self, rows: &[usize], column: &str) -> Option<i128> {
        rows.iter().filter_map(|row| self.whole(column, *row)).reduce(|sum, value| sum + value)
    }

    /// Sorts rows by an amount or a whole number, NULL last; equal ones stay in the order of the table.
    pub(super) fn largest_first(&self, rows: &mut [usize], column: &str) {
        rows.sort_by_cached_key(|row| Reverse(self.whole(column, *row)));
    }

    /// Rows by the text in a column.
    pub(super) fn grouped(&self, rows: &[usize], column: &str) -> BTreeMap<&str, Vec<usize>> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in rows {
            if let Some(text) = self.text(column, *row) {
                groups.entry(text).or_default().push(*row);
            }
        }
        groups
    }
}

impl Marts {
    /// Reads the named tables of the run in `folder`; those that it does not have are left out.
    pub(super) fn read(folder: &Path, names: &[&str], contracts: &Contracts) -> Result<Self> {
        let mut tables = BTreeMap::new();
        for name in names {
            if let Some(mart) = Mart::read(folder, name, contracts.get(*name))? {
                tables.insert((*name).to_owned(), mart);
            }
        }
        let regions = tables.get("dim_dealer").or_else(|| tables.get("dealer_scorecard")).map(regions_of);
        Ok(Self { tables, regions: regions.unwrap_or_default() })
    }

    /// The names of all regions, sorted.
    pub(super) fn regions(&self) -> BTreeSet<&str> {
        self.regions.values().map(String::as_str).collect()
    }

    /// How many dealers a region has.
    pub(super) fn dealers_of(&self, region: &str) -> usize {
        self.regions.values().filter(|own| *own == region).count()
    }

    /// What a region may see, or everything.
    pub(super) fn part<'a>(&'a self, region: Option<&'a str>) -> Part<'a> {
        Part { marts: self, region }
    }
}

impl<'a> Part<'a> {
    /// A table with the rows that may be seen. Nothing when the run does not have it, or when one region is wanted and
    /// the table does not say whose its rows are.
    pub(super) fn mart(&self, name: &str) -> Option<(&'a Mart, Vec<usize>)> {
        let mart = self.marts.tables.get(name)?;
        let all = 0..mart.rows();
        let Some(region) = self.region else { return Some((mart, all.collect())) };
        let rows = if let Some(place) = mart.place("dealer_id") {
            let is_here = |row: &usize| self.region_of(mart.value(place, *row)) == Some(region);
            all.filter(is_here).collect()
        } else {
            let place = mart.place("region")?;
            all.filter(|row| mart.value(place, *row) == Value::Text(region)).collect()
        };
        Some((mart, rows))
    }

    /// The region of a dealer by its id.
    fn region_of(&self, dealer_id: Value<'_>) -> Option<&'a str> {
        let Value::Text(dealer_id) = dealer_id else { return None };
        self.marts.regions.get(dealer_id).map(String::as_str)
    }
}

fn regions_of(dealers: &Mart) -> BTreeMap<String, String> {
    let pair = |row| Some((dealers.text("dealer_id", row)?.to_owned(), dealers.text("region", row)?.to_owned()));
    (0..dealers.rows()).filter_map(pair).collect()
}

/// What the contract says of a column; its type is that of the file, which may be older.
fn column_of(field: &Field, contract: Option<&Contract>) -> ContractColumn {
    let known = contract.and_then(|contract| contract.columns.iter().find(|column| column.name == *field.name()));
    let column = known.cloned().unwrap_or_else(|| ContractColumn {
        name: field.name().clone(),
        kind: ColumnType::Text,
        nullable: true,
        unit: None,
        description: String::new(),
    });
    ContractColumn { kind: kind_of(field.data_type()), ..column }
}

fn kind_of(data_type: &DataType) -> ColumnType {
    match data_type {
        DataType::Int64 => ColumnType::Integer,
        DataType::Float64 => ColumnType::Number,
        DataType::Decimal128(_, _) => ColumnType::Money,
        DataType::Boolean => ColumnType::Boolean,
        DataType::Date32 => ColumnType::Date,
        _ => ColumnType::Text,
    }
}
