//! Why a row was not accepted. Codes are stable: dashboards and mails to dealers depend on them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::model::money;

/// The schema of rejected rows in staging: one row a rejected row of an export, with its first fault.
/// `amount` is NULL where it could not be read or the source has none.
pub fn rejection_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("export_key", DataType::Int64, false),
        Field::new("export_line", DataType::Int64, false),
        Field::new("column_name", DataType::Utf8, true),
        Field::new("raw_value", DataType::Utf8, true),
        Field::new("reason_code", DataType::Utf8, false),
        Field::new("message", DataType::Utf8, false),
        Field::new("amount", DataType::Decimal128(money::PRECISION, money::SCALE), true),
    ]))
}

/// The reason of a rejection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    RaggedRow,
    UnclosedQuote,
    NulByte,
    InvalidUtf8,
    MissingValue,
    BadDate,
    BadMonth,
    BadAmount,
    BadNumber,
    BadInteger,
    NegativeCount,
    AmountTooLarge,
    UnknownDealer,
    FutureSale,
    DuplicateKey,
    ConflictingRows,
    NotARecord,
    ErrorCell,
    DamagedId,
}

impl Reason {
    pub const ALL: [Self; 19] = [
        Self::RaggedRow,
        Self::UnclosedQuote,
        Self::NulByte,
        Self::InvalidUtf8,
        Self::MissingValue,
        Self::BadDate,
        Self::BadMonth,
        Self::BadAmount,
        Self::BadNumber,
        Self::BadInteger,
        Self::NegativeCount,
        Self::AmountTooLarge,
        Self::UnknownDealer,
        Self::FutureSale,
        Self::DuplicateKey,
        Self::ConflictingRows,
        Self::NotARecord,
        Self::ErrorCell,
        Self::DamagedId,
    ];

    /// The stable name in tables and manifests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RaggedRow => "ragged_row",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NulByte => "nul_byte",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::MissingValue => "missing_value",
            Self::BadDate => "bad_date",
            Self::BadMonth => "bad_month",
            Self::BadAmount => "bad_amount",
            Self::BadNumber => "bad_number",
            Self::BadInteger => "bad_integer",
            Self::NegativeCount => "negative_count",
            Self::AmountTooLarge => "amount_too_large",
            Self::UnknownDealer => "unknown_dealer",
            Self::FutureSale => "future_sale",
            Self::DuplicateKey => "duplicate_key",
            Self::ConflictingRows => "conflicting_rows",
            Self::NotARecord => "not_a_record",
            Self::ErrorCell => "error_cell",
            Self::DamagedId => "damaged_id",
        }
    }

    /// What it means, for the person who has to mend the export.
    pub const fn description(self) -> &'static str {
        match self {
            Self::RaggedRow => "the row has more or fewer fields than the header",
            Self::UnclosedQuote => "a quote opens in this line and is not closed where the row ends",
            Self::NulByte => "the row contains a NUL byte",
            Self::InvalidUtf8 => "the row cannot be decoded",
            Self::MissingValue => "a required column is empty",
            Self::BadDate => "not a date of the calendar in one of the formats of the job file",
            Self::BadMonth => "not a month or quarter",
            Self::BadAmount => "not an amount under the decimal and thousands signs of the job file",
            Self::BadNumber => "not a number under the decimal and thousands signs of the job file",
            Self::BadInteger => "not a whole number",
            Self::NegativeCount => "a count below zero",
            Self::AmountTooLarge => "more than 14 digits before the decimal sign",
            Self::UnknownDealer => "the dealer is not in the dealers source",
            Self::FutureSale => "the sale is dated after the day of the run",
            Self::DuplicateKey => "another row has the same key; the first one counts",
            Self::ConflictingRows => "several rows state the same fact differently; none counts",
            Self::NotARecord => "a total or footer line, not a record",
            Self::ErrorCell => "the spreadsheet shows an error here",
            Self::DamagedId => "a spreadsheet turned this id into a rounded number",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_lower_snake_case() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '8')));
    }
}
