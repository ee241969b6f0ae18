//! Small companies of which the truth is known, so that what a night says can be held against it.
//!
//! Outlets order at random, at most once a day, with a probability that follows the season; what an order is worth
//! varies by half. Beside the exports lies the truth: what each outlet sells on average in the periods of the data and
//! in the 12 weeks after it, and how many outlets will open in each cell.

mod cells;
mod orders;
mod outlets;
#[cfg(test)]
mod tests;
mod truth;

use std::fs;
use std::io;
use std::path::Path;

use chrono::{NaiveDate, TimeDelta};

use super::Written;
use super::files::CsvFile;

/// 104 weeks.
pub const DAYS: i32 = 728;
/// 12 weeks.
pub const WINDOW: i32 = 84;
const REGIONS: [&str; 4] = ["north", "east", "south", "west"];

/// What is known of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownWorld {
    /// All outlets of a channel are the same: every difference is chance.
    Alike,
    /// Outlets differ for good, in frequency and in order value, and never change.
    Stable,
    /// As stable, but in every 12 weeks one outlet in ten orders half as often, and recovers.
    Halved,
    /// As stable, with few orders; in every 12 weeks one outlet in twenty stops, and one stopped in five returns.
    Lapsing,
    /// As stable; outlets that nobody covers become customers, in one channel eight times as soon as in the other.
    Opening,
}

/// The numbers behind a world.
struct Behaviour {
    seed: u64,
    dealers: u32,
    /// Where cells do not say how many there are.
    outlets: u32,
    /// Orders of an average outlet in 28 days.
    orders: f64,
    /// How far outlets differ in frequency and in order value.
    widths: (f64, f64),
    /// The probabilities with which an outlet enters and leaves its other state from one window to the next.
    enters: f64,
    leaves: f64,
    /// What orders are multiplied by in the other state.
    other: f64,
}

impl KnownWorld {
    pub const ALL: [Self; 5] = [Self::Alike, Self::Stable, Self::Halved, Self::Lapsing, Self::Opening];

    pub fn name(self) -> &'static str {
        match self {
            Self::Alike => "alike",
            Self::Stable => "stable",
            Self::Halved => "halved",
            Self::Lapsing => "lapsing",
            Self::Opening => "opening",
        }
    }

    fn behaviour(self) -> Behaviour {
        let stable = Behaviour {
            seed: 12,
            dealers: 20,
            outlets: 1_000,
            orders: 8.0,
            widths: (0.2, 0.8),
            enters: 0.0,
            leaves: 1.0,
            other: 1.0,
        };
        // What happens to few is told from many.
        let many = Behaviour { dealers: 100, outlets: 5_000, orders: 3.0, ..stable };
        match self {
            Self::Alike => Behaviour { seed: 11, widths: (0.0, 0.0), ..stable },
            Self::Stable => stable,
            Self::Halved => Behaviour { seed: 13, orders: 10.0, enters: 0.1, leaves: 0.9, other: 0.5, ..stable },
            Self::Lapsing => Behaviour { seed: 14, enters: 0.05, leaves: 0.2, other: 0.0, ..many },
            Self::Opening => Behaviour { seed: 15, widths: (0.2, 0.4), ..many },
        }
    }
}

/// Writes the exports of a known world into a folder, and the truth beside them: `truth.csv`, `rates.csv` and, where
/// outlets open, `cells.csv`. The same bytes come out every time.
///
/// # Errors
/// What the file system says.
pub fn write_known(world: KnownWorld, folder: &Path) -> io::Result<Written> {
    fs::create_dir_all(folder)?;
    let behaviour = world.behaviour();
    let cells = if world == KnownWorld::Opening { cells::make(&behaviour) } else { Vec::new() };
    let outlets = if cells.is_empty() { outlets::make(&behaviour) } else { outlets::of_cells(&behaviour, &cells) };
    table(folder, "dealers.csv", "dealer_id,region,territory", (0..behaviour.dealers).map(dealer_row))?;
    let header = "outlet_id,dealer_id,channel,territory,opened_on";
    table(folder, "outlets.csv", header, outlets.iter().map(outlets::Outlet::row))?;
    let lines = orders::write(&behaviour, &outlets, folder)?;
    let files = 3 + truth::write(&behaviour, &outlets, folder)? + cells::write(&cells, &outlets, folder)?;
    Ok(Written { files, lines, defects: 0 })
}

fn table(folder: &Path, name: &str, header: &str, rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut file = CsvFile::create(&folder.join(name), header)?;
    for row in rows {
        file.row(&row)?;
    }
    file.finish()
}

fn dealer_row(dealer: u32) -> Vec<String> {
    vec![dealer_id(dealer), region(dealer).to_owned(), territory(dealer)]
}

fn dealer_id(dealer: u32) -> String {
    format!("D{dealer:02}")
}

fn region(dealer: u32) -> &'static str {
    REGIONS.get(dealer as usize % REGIONS.len()).copied().unwrap_or_default()
}

/// Each dealer has one of its own.
fn territory(dealer: u32) -> String {
    format!("{}-{}", region(dealer), dealer as usize / REGIONS.len() + 1)
}

/// The last day, 2025-12-07, ends a period of the calendar by which what is settled is kept.
fn date(day: i32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(2025, 12, 7).unwrap_or_default();
    last.checked_sub_signed(TimeDelta::days(i64::from(DAYS - 1 - day))).unwrap_or(last)
}

/// How busy a day is: sales swing by a fifth over the year, alike for all outlets.
fn season(day: i32) -> f64 {
    let turn = f64::from(day.rem_euclid(364)) / 182.0 - 1.0;
    1.0 + 0.2 * (1.0 - 2.0 * turn.abs())
}
