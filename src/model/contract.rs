//! The contract of a mart: what each column is, kept beside its query as `<mart>.contract.toml`.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::money;

/// What a published table promises to its readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// What the table is for, in one sentence.
    pub purpose: String,
    /// What one row is.
    pub grain: String,
    /// Columns that identify a row and give the order of the file.
    pub key: Vec<String>,
    #[serde(rename = "column")]
    pub columns: Vec<ContractColumn>,
}

/// The contracts of marts by name.
pub type Contracts = BTreeMap<String, Contract>;

/// One promised column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Whether the column may be NULL; its description says when.
    #[serde(default)]
    pub nullable: bool,
    /// `money`, `outlets`, `days`, `share` ...; absent for names and flags.
    #[serde(default)]
    pub unit: Option<String>,
    pub description: String,
}

/// The types that every BI tool reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    Text,
    /// Int64.
    Integer,
    /// Float64: rates, shares, probabilities; never money.
    Number,
    /// Decimal128(18, 4).
    Money,
    Boolean,
    Date,
}

impl ColumnType {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Money => "money",
            Self::Boolean => "boolean",
            Self::Date => "date",
        }
    }

    /// The Arrow type in the published file.
    pub const fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Money => DataType::Decimal128(money::PRECISION, money::SCALE),
            Self::Boolean => DataType::Boolean,
            Self::Date => DataType::Date32,
        }
    }

    /// Whether a query may deliver `found` for it: views and wide sums are narrowed when the table is written.
    pub fn accepts(self, found: &DataType) -> bool {
        match (self, found) {
            (Self::Text, DataType::Utf8View | DataType::LargeUtf8) => true,
            (Self::Money, DataType::Decimal128(_, scale)) => *scale == money::SCALE,
            (kind, found) => kind.data_type() == *found,
        }
    }
}

impl Contract {
    /// The schema of the published file.
    pub fn schema(&self) -> SchemaRef {
        let field = |column: &ContractColumn| Field::new(&column.name, column.kind.data_type(), column.nullable);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}
