//! The months of the data, and days counted from the first of them.

use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::World;

/// Orders on Monday to Sunday against an average day.
const WEEKDAYS: [f64; 7] = [1.2, 1.1, 1.1, 1.1, 1.3, 0.9, 0.3];

/// One month of the data.
#[derive(Debug, Clone)]
pub struct Month {
    /// Counts from 0.
    pub index: usize,
    /// 0 for January.
    pub of_year: usize,
    /// "2024-01"
    pub label: String,
    /// "2401", the beginning of its order numbers
    pub code: String,
    pub days: Range<i32>,
}

/// Days are counted from the first day of the first month, which is day 0.
#[derive(Debug)]
pub struct Calendar {
    first: NaiveDate,
    pub months: Vec<Month>,
}

impl Calendar {
    pub fn new(world: &World) -> Self {
        let first = world.first_month.with_day(1).unwrap_or(world.first_month);
        let months = (0..world.months).filter_map(|index| month(first, index)).collect();
        Self { first, months }
    }

    pub fn date(&self, day: i32) -> NaiveDate {
        self.first.checked_add_signed(TimeDelta::days(i64::from(day))).unwrap_or(self.first)
    }

    /// The day after the last one of the data.
    pub fn end(&self) -> i32 {
        self.months.last().map_or(0, |month| month.days.end)
    }

    /// "2024-01" for 0; months after the data have one too.
    pub fn label(&self, index: u32) -> String {
        self.first.checked_add_months(Months::new(index)).map(|date| label(&date)).unwrap_or_default()
    }

    /// How busy the day of the week is; 1 on average over a week.
    pub fn weekday_pace(&self, day: i32) -> f64 {
        let weekday = self.date(day).weekday().num_days_from_monday();
        WEEKDAYS.get(weekday as usize).copied().unwrap_or(1.0)
    }
}

fn month(first: NaiveDate, index: u32) -> Option<Month> {
    let start = first.checked_add_months(Months::new(index))?;
    let next = start.checked_add_months(Months::new(1))?;
    Some(Month {
        index: index as usize,
        of_year: start.month0() as usize,
        label: label(&start),
        code: start.format("%y%m").to_string(),
        days: days_between(first, start)..days_between(first, next),
    })
}

fn label(date: &NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

fn days_between(from: NaiveDate, to: NaiveDate) -> i32 {
    to.signed_duration_since(from).num_days() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_a_leap_year() {
        let calendar = Calendar::new(&World::default());
        let february = &calendar.months[1];
        assert_eq!(
            (february.days.clone(), february.label.as_str(), february.code.as_str()),
            (31..60, "2024-02", "2402")
        );
        assert_eq!(calendar.end(), 731);
        assert_eq!(calendar.label(24), "2026-01");
        assert_eq!(calendar.date(-1).to_string(), "2023-12-31");
    }
}
