//! The logical inputs and the columns that each one has once it is in staging.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use crate::model::money;

/// A logical input, made of one or more exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Sales,
    Dealers,
    Outlets,
    Products,
    Market,
    Targets,
    Promotions,
    Visits,
}

/// How the text of a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Trimmed, never a number.
    Text,
    Date,
    /// A month or a quarter; staged as its first day (`<name>`) and its length (`<name>s`).
    Month,
    /// Decimal128(18, 4).
    Money,
    /// Decimal128(18, 4), not money.
    Number,
    /// A whole number of 0 or more.
    Count,
}

/// One column of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

const fn required(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: true }
}

const fn optional(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, required: false }
}

const SALES: &[Column] = &[
    required("sold_on", Kind::Date),
    required("dealer_id", Kind::Text),
    required("amount", Kind::Money),
    optional("order_id", Kind::Text),
    optional("line_no", Kind::Text),
    optional("outlet_id", Kind::Text),
    optional("product_id", Kind::Text),
    optional("channel", Kind::Text),
    optional("quantity", Kind::Number),
];
const DEALERS: &[Column] = &[
    required("dealer_id", Kind::Text),
    required("region", Kind::Text),
    optional("dealer_name", Kind::Text),
    optional("territory", Kind::Text),
    optional("tier", Kind::Text),
    optional("status", Kind::Text),
    optional("onboarded_on", Kind::Date),
    optional("manager", Kind::Text),
];
const OUTLETS: &[Column] = &[
    required("outlet_id", Kind::Text),
    optional("dealer_id", Kind::Text),
    optional("outlet_name", Kind::Text),
    optional("channel", Kind::Text),
    optional("territory", Kind::Text),
    optional("account_id", Kind::Text),
    optional("opened_on", Kind::Date),
    optional("closed_on", Kind::Date),
];
const PRODUCTS: &[Column] = &[
    required("product_id", Kind::Text),
    optional("product_name", Kind::Text),
    optional("category", Kind::Text),
    optional("brand", Kind::Text),
    optional("list_price", Kind::Money),
];
const MARKET: &[Column] = &[
    required("territory", Kind::Text),
    required("channel", Kind::Text),
    required("outlets_total", Kind::Count),
    optional("market_value", Kind::Money),
];
const TARGETS: &[Column] = &[
    required("dealer_id", Kind::Text),
    required("month", Kind::Month),
    required("target_amount", Kind::Money),
    optional("channel", Kind::Text),
];

/// What is filled of the scope has to match; nothing filled is everything.
const PROMOTIONS: &[Column] = &[
    required("promotion_id", Kind::Text),
    required("starts_on", Kind::Date),
    required("ends_on", Kind::Date),
    optional("promotion_name", Kind::Text),
    optional("dealer_id", Kind::Text),
    optional("region", Kind::Text),
    optional("territory", Kind::Text),
    optional("channel", Kind::Text),
    optional("category", Kind::Text),
    optional("product_id", Kind::Text),
    optional("cost", Kind::Money),
];
const VISITS: &[Column] = &[
    required("visited_on", Kind::Date),
    optional("visit_id", Kind::Text),
    optional("dealer_id", Kind::Text),
    optional("outlet_id", Kind::Text),
    optional("visit_type", Kind::Text),
    optional("visited_by", Kind::Text),
    optional("cost", Kind::Money),
];

impl Source {
    pub const ALL: [Self; 8] = [
        Self::Sales,
        Self::Dealers,
        Self::Outlets,
        Self::Products,
        Self::Market,
        Self::Targets,
        Self::Promotions,
        Self::Visits,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Dealers => "dealers",
            Self::Outlets => "outlets",
            Self::Products => "products",
            Self::Market => "market",
            Self::Targets => "targets",
            Self::Promotions => "promotions",
            Self::Visits => "visits",
        }
    }

    /// Whether a job cannot run without it.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Sales | Self::Dealers)
    }

    /// The columns of its contract, in staging order.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Sales => SALES,
            Self::Dealers => DEALERS,
            Self::Outlets => OUTLETS,
            Self::Products => PRODUCTS,
            Self::Market => MARKET,
            Self::Targets => TARGETS,
            Self::Promotions => PROMOTIONS,
            Self::Visits => VISITS,
        }
    }

    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// The column whose sum is conserved beside the row count.
    pub const fn money_column(self) -> Option<&'static str> {
        match self {
            Self::Sales => Some("amount"),
            Self::Targets => Some("target_amount"),
            _ => None,
        }
    }

    /// The name under which queries see what ingest staged.
    pub fn staged_relation(self) -> String {
        format!("staged_{}", self.name())
    }

    /// The column that `order_key` is made of, where there is one.
    pub const fn keyed_column(self) -> Option<&'static str> {
        match self {
            Self::Sales => Some("order_id"),
            _ => None,
        }
    }

    /// The schema of its staging files: `export_key`, `export_line`, then the contract's columns, and of sales at last
    /// `order_key`, a number that equal order ids share.
    pub fn staging_schema(self) -> SchemaRef {
        let mut fields =
            vec![Field::new("export_key", DataType::Int64, false), Field::new("export_line", DataType::Int64, false)];
        fields.extend(self.columns().iter().flat_map(Column::fields));
        fields.extend(self.keyed_column().map(|_| Field::new("order_key", DataType::Int64, true)));
        Arc::new(Schema::new(fields))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl Column {
    fn fields(&self) -> Vec<Field> {
        let field = Field::new(self.name, self.kind.data_type(), !self.required);
        match self.kind {
            Kind::Month => vec![field, Field::new(format!("{}s", self.name), DataType::Int64, !self.required)],
            _ => vec![field],
        }
    }
}

impl Kind {
    /// The Arrow type in staging.
    pub const fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Date | Self::Month => DataType::Date32,
            Self::Money | Self::Number => DataType::Decimal128(money::PRECISION, money::SCALE),
            Self::Count => DataType::Int64,
        }
    }
}
