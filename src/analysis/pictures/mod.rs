//! Two pictures of the same sales by the same queries: today's, and the settled one, whose `$as_of` is the last day of a
//! calendar of 28 days.
//!
//! A relation of the settled picture is named `settled.<name>`. Within that picture every name means its own relation, or the
//! common one where both pictures have the same. What today's picture reads of the settled one is kept from night to night,
//! since it follows from nothing that is younger than that day.

mod expand;
mod keep;
mod reach;
mod schema;

use chrono::{Datelike as _, Days, NaiveDate};

pub use expand::expand;
pub use keep::{Found, Keep};
pub use reach::{Ground, kept, require_grounded};
pub use schema::open;

/// The schema of the settled picture.
const SCHEMA: &str = "settled";
/// Days from one settled day to the next: a period.
const CALENDAR: i32 = 28;

/// The name that a relation has in the settled picture.
fn settled(name: &str) -> String {
    format!("{SCHEMA}.{name}")
}

/// The name that a relation of the settled picture has in its file; `None` for one of today's.
pub fn of_settled(name: &str) -> Option<&str> {
    name.strip_prefix(SCHEMA)?.strip_prefix('.')
}

/// The name of a relation in its file, whatever its picture.
pub fn plain(name: &str) -> &str {
    of_settled(name).unwrap_or(name)
}

/// The last Sunday of the calendar that is not after `as_of`.
pub fn settled_on(as_of: NaiveDate) -> NaiveDate {
    // The first day of the common era is a Monday, so multiples of 28 are Sundays.
    let passed = u64::try_from(as_of.num_days_from_ce().rem_euclid(CALENDAR)).unwrap_or_default();
    as_of.checked_sub_days(Days::new(passed)).unwrap_or(as_of)
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    #[test]
    fn settled_days_are_sundays_four_weeks_apart() {
        let mut days = std::collections::BTreeSet::new();
        for day in NaiveDate::from_ymd_opt(2025, 1, 1).unwrap().iter_days().take(365) {
            let settled = settled_on(day);
            assert!(settled <= day && (day - settled).num_days() < 28 && settled.weekday() == Weekday::Sun);
            assert_eq!(settled_on(settled), settled);
            days.insert(settled);
        }
        let days: Vec<NaiveDate> = days.into_iter().collect();
        assert!(days.windows(2).all(|pair| (pair[1] - pair[0]).num_days() == 28));
    }

    #[test]
    fn names_tell_their_picture() {
        assert_eq!(
            (settled("pairs").as_str(), plain("settled.pairs"), plain("pairs")),
            ("settled.pairs", "pairs", "pairs")
        );
        assert_eq!((of_settled("settled.pairs"), of_settled("settled_pairs")), (Some("pairs"), None));
    }
}
