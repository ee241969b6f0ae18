//! Sales by month of every dealer, added up once for all reports.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::money::Money;
use crate::publish::report::marts::{Row, iso_date};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Month {
    /// Such as `2026-01`.
    pub(super) name: String,
    pub(super) sales: Money,
    pub(super) is_partial: bool,
}

#[derive(Debug, Default)]
pub(super) struct Series<'a> {
    by_dealer: BTreeMap<&'a str, BTreeMap<i32, Money>>,
    partial: BTreeSet<i32>,
}

impl<'a> Series<'a> {
    /// Of the rows of `sales_by_month`, in any order; quick where rows of a dealer and month follow each other.
    pub(super) fn new(rows: &[Row<'a>]) -> Self {
        let mut series = Self::default();
        let mut run: Option<(i32, &'a str, Money)> = None;
        for row in rows {
            let (Some(month), dealer, sales) = (row.days("month"), row.word("dealer_id"), row.amount("sales")) else {
                continue;
            };
            match &mut run {
                Some(run) if run.0 == month && run.1 == dealer => run.2 += sales,
                _ => {
                    series.add(run.replace((month, dealer, sales)));
                    if row.flag("is_partial_month") {
                        series.partial.insert(month);
                    }
                }
            }
        }
        series.add(run);
        series
    }

    fn add(&mut self, run: Option<(i32, &'a str, Money)>) {
        if let Some((month, dealer, sales)) = run {
            *self.by_dealer.entry(dealer).or_default().entry(month).or_default() += sales;
        }
    }

    /// The first days of the months in which one of these dealers has sales.
    pub(super) fn days(&self, dealers: impl Iterator<Item = &'a str>) -> Vec<i32> {
        let known = dealers.filter_map(|dealer| self.by_dealer.get(dealer));
        known.flat_map(|months| months.keys().copied()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The sales of one dealer in these months; nothing when it has none.
    pub(super) fn of(&self, dealer: &str, days: &[i32]) -> Option<Vec<Money>> {
        let months = self.by_dealer.get(dealer)?;
        Some(days.iter().map(|day| months.get(day).copied().unwrap_or_default()).collect())
    }

    /// The sums over these dealers.
    pub(super) fn total(&self, dealers: impl Iterator<Item = &'a str>, days: &[i32]) -> Vec<Month> {
        let mut sums: BTreeMap<i32, Money> = days.iter().map(|day| (*day, Money::default())).collect();
        for (day, sales) in dealers.filter_map(|dealer| self.by_dealer.get(dealer)).flatten() {
            *sums.entry(*day).or_default() += *sales;
        }
        let month = |(day, sales): (i32, Money)| Month {
            name: month_name(day),
            sales,
            is_partial: self.partial.contains(&day),
        };
        sums.into_iter().map(month).collect()
    }
}

/// `2026-01` of the first day of a month.
pub(super) fn month_name(day: i32) -> String {
    let mut name = iso_date(day);
    name.truncate(7);
    name
}
