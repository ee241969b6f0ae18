//! What the opportunities add up to; their rows are in the block of data.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::publish::report::data::{LISTED, candidates};
use crate::publish::report::figures::{count, whole};
use crate::publish::report::marts::{Row, sum_of};
use crate::publish::report::scope::Scope;

#[derive(Debug, Serialize)]
pub(super) struct Opportunities {
    has_vertical: bool,
    has_horizontal: bool,
    has_range: bool,
    totals: Vec<Total>,
    /// What is said of a table that does not hold all rows.
    vertical_cut: Option<String>,
    horizontal_cut: Option<String>,
    range_cut: Option<String>,
}

#[derive(Debug, Serialize)]
struct Total {
    title: String,
    value: String,
    detail: String,
}

pub(super) fn opportunities(scope: &Scope<'_>) -> Opportunities {
    let vertical = scope.rows("vertical_opportunities");
    let horizontal = scope.rows("horizontal_opportunities");
    let outlets = ("dealer_id", "outlet_id");
    let cells = ("territory", "channel");
    let growth = |row: &Row<'_>| row.flag("is_growth");
    let lead = |row: &Row<'_>| row.flag("is_lead");
    let protection = |row: &Row<'_>| !row.flag("is_growth");
    let totals = [
        vertical.map(|rows| total(scope, "total_grow", &chosen(rows, growth), outlets)),
        horizontal.map(|rows| total(scope, "total_open", &chosen(rows, lead), cells)),
        vertical.map(|rows| total(scope, "total_keep", &chosen(rows, protection), outlets)),
    ];
    Opportunities {
        has_vertical: vertical.is_some(),
        has_horizontal: horizontal.is_some(),
        has_range: scope.rows("range_gaps").is_some(),
        totals: totals.into_iter().flatten().collect(),
        vertical_cut: cut(scope, "vertical_opportunities"),
        horizontal_cut: cut(scope, "horizontal_opportunities"),
        range_cut: cut(scope, "range_gaps"),
    }
}

/// Filters work on the rows that are there, so whoever uses them has to know that there are others.
fn cut(scope: &Scope<'_>, mart: &str) -> Option<String> {
    let all = candidates(scope, mart).len();
    let values = [("shown", count(LISTED)), ("all", count(all)), ("table", mart.to_owned())];
    (all > LISTED).then(|| scope.texts.fill("table_cut", &values))
}

fn chosen<'a>(rows: &[Row<'a>], choice: impl Fn(&Row<'_>) -> bool) -> Vec<Row<'a>> {
    rows.iter().filter(|row| choice(row) && row.money("expected_value").is_some()).copied().collect()
}

/// The sum, and how many outlets or cells it is of: an outlet may have two levers.
fn total(scope: &Scope<'_>, text: &str, rows: &[Row<'_>], thing: (&str, &str)) -> Total {
    let things: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.word(thing.0), row.word(thing.1))).collect();
    Total {
        title: scope.texts.get(text),
        value: whole(Some(sum_of(rows, "expected_value").unwrap_or_default())),
        detail: scope.texts.fill(&format!("{text}_detail"), &[("rows", count(things.len()))]),
    }
}
