//! The marts of a run, for reading by column: a column or a whole mart that an older run lacks is simply not there.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Float64Type, Int64Type};
use chrono::NaiveDate;

use crate::model::failure::{Blame, Result};
use crate::model::money::Money;
use crate::publish::read::read_table;

/// Without it there is no report; the others may be missing.
pub(super) const SCORECARD: &str = "dealer_scorecard";

const OPTIONAL: [&str; 15] = [
    "backtest",
    "channel_summary",
    "data_quality",
    "dealer_class_history",
    "dim_outlet",
    "growth_drivers",
    "growth_goals",
    "growth_plan",
    "horizontal_opportunities",
    "range_gaps",
    "region_summary",
    "restatements",
    "sales_by_month",
    "suspected_duplicates",
    "vertical_opportunities",
];

/// Days from the first day of the common era to 1970-01-01, where dates in tables begin.
const EPOCH: i32 = 719_163;

/// What was read of a run.
#[derive(Debug)]
pub(super) struct Marts(BTreeMap<&'static str, Vec<RecordBatch>>);

impl Marts {
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut found = BTreeMap::from([(SCORECARD, read_table(folder, SCORECARD)?)]);
        for name in OPTIONAL {
            match read_table(folder, name) {
                Ok(batches) => drop(found.insert(name, batches)),
                Err(failure) if failure.blame == Blame::MissingInput => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(Self(found))
    }

    #[cfg(test)]
    pub(super) fn of_batches(batches: BTreeMap<&'static str, Vec<RecordBatch>>) -> Self {
        Self(batches)
    }
}

/// The rows of each mart, all of them and those of each region.
#[derive(Debug)]
pub(super) struct Tables<'a>(BTreeMap<&'static str, Table<'a>>);

#[derive(Debug, Default)]
struct Table<'a> {
    all: Vec<Row<'a>>,
    by_region: BTreeMap<&'a str, Vec<Row<'a>>>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(marts: &'a Marts) -> Self {
        let cards = marts.0.get(SCORECARD).map(Vec::as_slice).unwrap_or_default();
        let home = |row: Row<'a>| Some((row.text("dealer_id")?, row.text("region")?));
        let homes: BTreeMap<&str, &str> = rows_of(cards).filter_map(home).collect();
        Self(marts.0.iter().map(|(name, batches)| (*name, Table::new(batches, &homes))).collect())
    }

    /// The rows of a mart, of one region where one is named; nothing when the run lacks the mart.
    pub(super) fn of(&self, name: &str, region: Option<&str>) -> Option<&[Row<'a>]> {
        let table = self.0.get(name)?;
        Some(match region {
            None => table.all.as_slice(),
            Some(region) => table.by_region.get(region).map(Vec::as_slice).unwrap_or_default(),
        })
    }

    pub(super) fn regions(&self) -> Vec<&'a str> {
        self.0.get(SCORECARD).map(|table| table.by_region.keys().copied().collect()).unwrap_or_default()
    }
}

impl<'a> Table<'a> {
    /// A mart without the column has the regions of its dealers.
    fn new(batches: &'a [RecordBatch], homes: &BTreeMap<&'a str, &'a str>) -> Self {
        let mut table = Self { all: rows_of(batches).collect(), ..Self::default() };
        for batch in batches {
            let [regions, dealers] = ["region", "dealer_id"].map(|name| texts_of(batch, name));
            for row in (0..batch.num_rows()).map(|at| Row { batch, at }) {
                let home = || homes.get(text_at(dealers, row.at)?).copied();
                if let Some(region) = text_at(regions, row.at).or_else(home) {
                    table.by_region.entry(region).or_default().push(row);
                }
            }
        }
        table
    }
}

fn rows_of(batches: &[RecordBatch]) -> impl Iterator<Item = Row<'_>> {
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |at| Row { batch, at }))
}

fn texts_of<'a>(batch: &'a RecordBatch, column: &str) -> Option<&'a StringArray> {
    batch.column_by_name(column)?.as_string_opt()
}

fn text_at(texts: Option<&StringArray>, at: usize) -> Option<&str> {
    texts.filter(|texts| texts.is_valid(at)).map(|texts| texts.value(at))
}

/// One row of a mart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    batch: &'a RecordBatch,
    at: usize,
}

impl<'a> Row<'a> {
    pub(super) fn text(&self, column: &str) -> Option<&'a str> {
        text_at(texts_of(self.batch, column), self.at)
    }

    /// The text, or nothing as an empty one.
    pub(super) fn word(&self, column: &str) -> &'a str {
        self.text(column).unwrap_or_default()
    }

    pub(super) fn money(&self, column: &str) -> Option<Money> {
        let amounts = self.batch.column_by_name(column)?.as_primitive_opt::<Decimal128Type>()?;
        amounts.is_valid(self.at).then(|| Money(amounts.value(self.at)))
    }

    /// The amount, or nothing as zero: for sums.
    pub(super) fn amount(&self, column: &str) -> Money {
        self.money(column).unwrap_or_default()
    }

    pub(super) fn integer(&self, column: &str) -> Option<i64> {
        let integers = self.batch.column_by_name(column)?.as_primitive_opt::<Int64Type>()?;
        integers.is_valid(self.at).then(|| integers.value(self.at))
    }

    pub(super) fn number(&self, column: &str) -> Option<f64> {
        let numbers = self.batch.column_by_name(column)?.as_primitive_opt::<Float64Type>()?;
        numbers.is_valid(self.at).then(|| numbers.value(self.at)).filter(|number| number.is_finite())
    }

    pub(super) fn flag(&self, column: &str) -> bool {
        let flags = self.batch.column_by_name(column).and_then(|array| array.as_boolean_opt());
        flags.is_some_and(|flags| flags.is_valid(self.at) && flags.value(self.at))
    }

    /// A date as days since 1970-01-01.
    pub(super) fn days(&self, column: &str) -> Option<i32> {
        let dates = self.batch.column_by_name(column)?.as_primitive_opt::<Date32Type>()?;
        dates.is_valid(self.at).then(|| dates.value(self.at))
    }

    /// A date as `2026-01-31`.
    pub(super) fn date(&self, column: &str) -> Option<String> {
        self.days(column).map(iso_date)
    }
}

/// Days since 1970-01-01 as `2026-01-31`.
pub(super) fn iso_date(days: i32) -> String {
    NaiveDate::from_num_days_from_ce_opt(days.saturating_add(EPOCH)).map(|date| date.to_string()).unwrap_or_default()
}

/// The sum over the rows that have the column; nothing when none has it.
pub(super) fn sum_of(rows: &[Row<'_>], column: &str) -> Option<Money> {
    rows.iter().filter_map(|row| row.money(column)).reduce(|sum, amount| sum + amount)
}

/// The same for whole numbers.
pub(super) fn count_of(rows: &[Row<'_>], column: &str) -> Option<i64> {
    rows.iter().filter_map(|row| row.integer(column)).reduce(|sum, count| sum + count)
}

/// The rows by the text of a column, in the order of the mart.
pub(super) fn grouped_by<'a>(rows: &[Row<'a>], column: &str) -> BTreeMap<&'a str, Vec<Row<'a>>> {
    let mut groups: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for row in rows {
        groups.entry(row.word(column)).or_default().push(*row);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso() {
        assert_eq!(iso_date(0), "1970-01-01");
        assert_eq!(iso_date(20_484), "2026-01-31");
    }
}
