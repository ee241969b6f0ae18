//! The gate before every published file: only what all BI tools read.

use std::collections::BTreeSet;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};

use crate::model::failure::{Failure, Result};
use crate::model::money;

const NAMES: &str = "use a to z, 0 to 9 and _, beginning with a letter";

/// Lets a table pass when each BI tool can read it: flat columns of type Boolean, Int32, Int64, Float64,
/// Decimal128 (at most 18 digits), Utf8, Date32 or Timestamp (microseconds, UTC), with unique lower_snake_case names.
///
/// # Errors
/// A defect that names the table, and the column and its type when one is at fault.
pub fn require_bi_safe(table: &str, schema: &Schema) -> Result<()> {
    if !is_snake_case(table) {
        return Err(Failure::defect(format!("table \"{table}\" cannot be published under this name")).hint(NAMES));
    }
    if schema.fields().is_empty() {
        return Err(Failure::defect(format!("table {table} has no column")).hint("select at least one column"));
    }
    let mut seen = BTreeSet::new();
    for field in schema.fields() {
        require_column(table, field)?;
        if !seen.insert(field.name()) {
            return Err(at_fault(table, field, "appears twice").hint("give each column a name of its own"));
        }
    }
    Ok(())
}

fn require_column(table: &str, field: &Field) -> Result<()> {
    if !is_snake_case(field.name()) {
        return Err(at_fault(table, field, "has a name that BI tools spell in different ways").hint(NAMES));
    }
    if !is_bi_safe(field.data_type()) {
        return Err(at_fault(table, field, "has a type that not every BI tool reads")
            .hint("cast it to text, integer, number, money, boolean or date in the query"));
    }
    Ok(())
}

fn at_fault(table: &str, field: &Field, what: &str) -> Failure {
    Failure::defect(format!("table {table}: column \"{}\" ({}) {what}", field.name(), field.data_type()))
}

fn is_snake_case(name: &str) -> bool {
    let mut letters = name.bytes();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_')
}

fn is_bi_safe(kind: &DataType) -> bool {
    match kind {
        DataType::Boolean | DataType::Int32 | DataType::Int64 | DataType::Float64 => true,
        DataType::Utf8 | DataType::Date32 => true,
        DataType::Decimal128(precision, scale) => (1..=money::PRECISION).contains(precision) && *scale >= 0,
        DataType::Timestamp(TimeUnit::Microsecond, Some(zone)) => zone.as_ref() == "UTC",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(columns: &[(&str, DataType)]) -> Result<()> {
        let fields = columns.iter().map(|(name, kind)| Field::new(*name, kind.clone(), true));
        require_bi_safe("dealers", &Schema::new(fields.collect::<Vec<_>>()))
    }

    #[test]
    fn every_safe_type_passes() {
        let zone = Some("UTC".into());
        let kinds = [
            ("a", DataType::Boolean),
            ("b", DataType::Int32),
            ("c", DataType::Int64),
            ("d", DataType::Float64),
            ("e", DataType::Decimal128(18, 4)),
            ("f", DataType::Utf8),
            ("g", DataType::Date32),
            ("h_1", DataType::Timestamp(TimeUnit::Microsecond, zone)),
        ];
        gate(&kinds).unwrap();
    }

    #[test]
    fn every_other_type_is_refused_by_name() {
        let item = Field::new("item", DataType::Int64, true);
        let kinds = [
            DataType::UInt64,
            DataType::Int16,
            DataType::Float32,
            DataType::Utf8View,
            DataType::LargeUtf8,
            DataType::Binary,
            DataType::Null,
            DataType::Date64,
            DataType::Decimal128(19, 4),
            DataType::Decimal128(10, -2),
            DataType::Decimal256(18, 4),
            DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            DataType::Timestamp(TimeUnit::Microsecond, None),
            DataType::Timestamp(TimeUnit::Microsecond, Some("+01:00".into())),
            DataType::Time64(TimeUnit::Microsecond),
            DataType::List(item.clone().into()),
            DataType::Struct(vec![item].into()),
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        ];
        for kind in kinds {
            let failure = gate(&[("good", DataType::Utf8), ("bad", kind.clone())]).unwrap_err();
            assert!(failure.message.contains("dealers: column \"bad\""), "{failure}");
            assert!(failure.message.contains(&kind.to_string()), "{failure}");
        }
    }

    #[test]
    fn names_and_their_number_matter() {
        for name in ["", "Sales", "1st", "_a", "net sales", "größe", "a-b"] {
            assert!(gate(&[(name, DataType::Utf8)]).is_err(), "{name}");
        }
        assert!(gate(&[]).unwrap_err().message.contains("no column"));
        let twice = gate(&[("a", DataType::Utf8), ("a", DataType::Int64)]).unwrap_err();
        assert!(twice.message.contains("appears twice"), "{twice}");
        assert!(require_bi_safe("../dealers", &Schema::empty()).is_err());
    }
}
