//! One value into one cell. Text is always written as text, so that no name in an export becomes a formula.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::model::money::Money;
use crate::publish::workbook::marts::Value;

/// What writing gives, or why it failed.
pub(super) type Written<T = ()> = std::result::Result<T, XlsxError>;

/// UTF-16 units that a cell holds at most.
pub(super) const LONGEST: usize = 32_767;
/// Digits of a number that spreadsheets keep.
const DIGITS: u32 = 15;
/// The largest whole number that a spreadsheet keeps exactly.
const EXACT: u64 = 1 << 53;
/// The day 1970-01-01 as spreadsheets count.
const EPOCH: i32 = 25_569;
/// The first day as spreadsheets count that they count right: they believe in a 1900-02-29.
const FIRST_DAY: i32 = 61;

/// Writes text, cut to what a cell holds.
pub(super) fn write_text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Written {
    sheet.write_string_with_format(row, column, fitting(text), format)?;
    Ok(())
}

/// Writes an amount.
pub(super) fn write_money(sheet: &mut Worksheet, row: u32, column: u16, money: Money, format: &Format) -> Written {
    sheet.write_number_with_format(row, column, amount(money), format)?;
    Ok(())
}

/// Writes a value of a mart; NULL leaves the cell empty.
pub(super) fn write_value(sheet: &mut Worksheet, row: u32, column: u16, value: &Value<'_>, format: &Format) -> Written {
    match Content::of(value) {
        Content::Empty => {}
        Content::Text(text) => drop(sheet.write_string_with_format(row, column, text, format)?),
        Content::Number(number) => drop(sheet.write_number_with_format(row, column, number, format)?),
        Content::Boolean(flag) => drop(sheet.write_boolean_with_format(row, column, flag, format)?),
    }
    Ok(())
}

/// The same in the format of the column, which costs less than to find a cell's own among those of the workbook.
pub(super) fn write_in_column(sheet: &mut Worksheet, row: u32, column: u16, value: &Value<'_>) -> Written {
    match Content::of(value) {
        Content::Empty => {}
        Content::Text(text) => drop(sheet.write_string(row, column, text)?),
        Content::Number(number) => drop(sheet.write_number(row, column, number)?),
        Content::Boolean(flag) => drop(sheet.write_boolean(row, column, flag)?),
    }
    Ok(())
}

/// What a cell holds of a value.
enum Content<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(f64),
    Boolean(bool),
}

impl<'a> Content<'a> {
    fn of(value: &Value<'a>) -> Self {
        match value {
            Value::Empty => Self::Empty,
            Value::Text(text) => Self::Text(fitting(text)),
            Value::Money(money) => Self::Number(amount(*money)),
            Value::Integer(number) if number.unsigned_abs() > EXACT => Self::Text(number.to_string().into()),
            Value::Integer(number) => Self::Number(*number as f64),
            Value::Number(number) if !number.is_finite() => Self::Empty,
            Value::Number(number) => Self::Number(*number),
            Value::Boolean(flag) => Self::Boolean(*flag),
            Value::Date(days) => match days.saturating_add(EPOCH) {
                day if day < FIRST_DAY => Self::Text(iso(*days).into()),
                day => Self::Number(f64::from(day)),
            },
        }
    }
}

/// The number that a spreadsheet shows for an amount: at most 15 digits, so that what it keeps is what it was given.
pub(super) fn amount(money: Money) -> f64 {
    let digits = money.0.unsigned_abs().checked_ilog10().map_or(1, |power| power + 1);
    let step = 10_i128.pow(digits.saturating_sub(DIGITS));
    let rounded = (money.0.abs() + step / 2) / step * step * money.0.signum();
    Money(rounded).plain().parse().unwrap_or_default()
}

/// A day, counted from 1970-01-01, as `2026-01-31`.
pub(super) fn iso(days: i32) -> String {
    chrono::NaiveDate::from_epoch_days(days).map(|date| date.to_string()).unwrap_or_default()
}

/// Whether a cell cannot hold the text.
pub(super) fn is_too_long(text: &str) -> bool {
    text.len() > LONGEST && text.encode_utf16().count() > LONGEST
}

/// The text, or its beginning with an ellipsis.
fn fitting(text: &str) -> Cow<'_, str> {
    if !is_too_long(text) {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units < LONGEST
    };
    Cow::Owned(text.chars().take_while(fits).chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_fifteen_digits() {
        assert_eq!(amount(Money(-12_345)), -1.2345);
        assert_eq!(amount(Money(804_505_969_823)), 80_450_596.982_3);
        assert_eq!(amount(Money(123_456_789_012_345_678)), 12_345_678_901_234.6);
        assert_eq!(amount(Money(-999_999_999_999_999_999)), -100_000_000_000_000.0);
        assert_eq!(amount(Money(0)), 0.0);
    }

    #[test]
    fn long_text_ends_with_an_ellipsis() {
        assert_eq!(fitting(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
        let astral = "𝒳".repeat(LONGEST);
        let cut = fitting(&astral);
        assert_eq!(cut.encode_utf16().count(), LONGEST);
        assert!(cut.ends_with('…'));
        assert!(!is_too_long(&"é".repeat(LONGEST)), "bytes are not what counts");
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(iso(0), "1970-01-01");
        assert_eq!(iso(20_484), "2026-01-31");
    }
}
