//! What all known worlds share: days, dealers and channels.

use chrono::{NaiveDate, TimeDelta};

/// 104 weeks.
pub const DAYS: i32 = 728;
/// 12 weeks.
pub const WINDOW: i32 = 84;
const REGIONS: [&str; 4] = ["north", "east", "south", "west"];

/// A kind of outlet.
pub struct Channel {
    pub name: &'static str,
    /// What a middling order is worth.
    pub order_value: f64,
    /// The probability that an outlet which nobody covers becomes a customer on a day.
    pub opens: f64,
}

pub static CHANNELS: [Channel; 2] = [
    Channel { name: "grocery", order_value: 40.0, opens: 0.000_5 },
    Channel { name: "restaurant", order_value: 90.0, opens: 0.000_06 },
];

/// Its row in the dealers source.
pub fn dealer_row(dealer: u32) -> Vec<String> {
    vec![dealer_id(dealer), region(dealer).to_owned(), territory(dealer)]
}

pub fn dealer_id(dealer: u32) -> String {
    format!("D{dealer:02}")
}

fn region(dealer: u32) -> &'static str {
    REGIONS.get(dealer as usize % REGIONS.len()).copied().unwrap_or_default()
}

/// Each dealer has one of its own.
pub fn territory(dealer: u32) -> String {
    format!("{}-{}", region(dealer), dealer as usize / REGIONS.len() + 1)
}

/// The last day, 2025-12-07, ends a period of the calendar by which what is settled is kept.
pub fn date(day: i32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(2025, 12, 7).unwrap_or_default();
    last.checked_sub_signed(TimeDelta::days(i64::from(DAYS - 1 - day))).unwrap_or(last)
}

/// How busy a day is: sales swing by a fifth over the year, alike for all outlets.
pub fn season(day: i32) -> f64 {
    let turn = f64::from(day.rem_euclid(364)) / 182.0 - 1.0;
    1.0 + 0.2 * (1.0 - 2.0 * turn.abs())
}
