//! Cells of published tables as they are printed, each on one line; what is NULL is a dash.

use crate::model::money::Money;
use crate::model::shown;
use crate::publish::RenderedRow;

pub fn text(row: &RenderedRow, column: &str) -> String {
    row.get(column).and_then(Option::as_deref).map_or_else(|| "-".to_owned(), shown::line)
}

pub fn amount(row: &RenderedRow, column: &str) -> Option<Money> {
    Money::from_decimal_text(row.get(column)?.as_deref()?)
}

pub fn money(row: &RenderedRow, column: &str) -> String {
    amount(row, column).map_or_else(|| "-".to_owned(), |amount| amount.rounded_to_cents().to_string())
}

pub fn total<'a>(rows: impl IntoIterator<Item = &'a RenderedRow>, column: &str) -> Money {
    rows.into_iter().filter_map(|row| amount(row, column)).sum()
}

fn number(row: &RenderedRow, column: &str) -> Option<f64> {
    row.get(column)?.as_deref()?.parse().ok()
}

pub fn decimal(row: &RenderedRow, column: &str) -> String {
    number(row, column).map_or_else(|| "-".to_owned(), |number| format!("{number:.2}"))
}

pub fn percent(row: &RenderedRow, column: &str) -> String {
    number(row, column).map_or_else(|| "-".to_owned(), |number| format!("{:.1} %", number * 100.0))
}
