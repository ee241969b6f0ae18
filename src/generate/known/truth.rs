//! The truth: what an outlet sells on average, in each period of the data and in the 12 weeks after it, and how many outlets
//! will open in each cell.

use std::io;
use std::path::Path;

use super::cells::Cell;
use super::company::{DAYS, WINDOW, dealer_id, season};
use super::outlets::Outlet;
use super::world::Behaviour;
use crate::generate::files::write_rows;

/// Days of a period.
const PERIOD: i32 = 28;

/// Writes `truth.csv`, a row an outlet, and `rates.csv`, a row an outlet and period, the last period first; returns the
/// number of files.
pub fn write(behaviour: &Behaviour, outlets: &[Outlet], folder: &Path) -> io::Result<u64> {
    let next = outlets.iter().map(|outlet| next_row(outlet, behaviour));
    write_rows(&folder.join("truth.csv"), "outlet_id,dealer_id,is_other,next_sales", next)?;
    let periods = outlets.iter().flat_map(|outlet| (0..DAYS / PERIOD).map(move |period| (outlet, period)));
    let rates = periods.map(|(outlet, period)| rate_row(outlet, period, behaviour));
    write_rows(&folder.join("rates.csv"), "outlet_id,dealer_id,period,orders,sales", rates)?;
    Ok(2)
}

fn next_row(outlet: &Outlet, behaviour: &Behaviour) -> Vec<String> {
    let is_other = outlet.is_other.last().copied().unwrap_or(false);
    let chance_of_other = if is_other { 1.0 - behaviour.leaves } else { behaviour.enters };
    let days: f64 = (DAYS..DAYS + WINDOW).map(season).sum();
    let orders = outlet.frequency / 28.0 * days * (1.0 - chance_of_other * (1.0 - behaviour.other));
    let next_sales = format!("{:.4}", orders * outlet.value);
    vec![outlet.id(), dealer_id(outlet.dealer), is_other.to_string(), next_sales]
}

fn rate_row(outlet: &Outlet, period: i32, behaviour: &Behaviour) -> Vec<String> {
    let days = DAYS - PERIOD * (period + 1)..DAYS - PERIOD * period;
    let orders: f64 = days.map(|day| outlet.chance_of_order(day, behaviour)).sum();
    let (sales, orders) = (format!("{:.4}", orders * outlet.value), format!("{orders:.6}"));
    vec![outlet.id(), dealer_id(outlet.dealer), period.to_string(), orders, sales]
}

/// Writes `cells.csv`; returns the number of files.
pub fn write_cells(cells: &[Cell], outlets: &[Outlet], folder: &Path) -> io::Result<u64> {
    let rows = cells.iter().map(|cell| cell_row(cell, outlets));
    write_rows(&folder.join("cells.csv"), "territory,channel,uncovered,next_outlets", rows)?;
    Ok(1)
}

/// How many outlets are left at the end, and how many of them will open in the next 12 weeks on average.
fn cell_row(cell: &Cell, outlets: &[Outlet]) -> Vec<String> {
    let is_here = |outlet: &&Outlet| outlet.dealer == cell.dealer && outlet.channel.name == cell.channel.name;
    let uncovered = cell.universe - outlets.iter().filter(is_here).count() as u32;
    let stays_away = (0..WINDOW).fold(1.0, |chance, _| chance * (1.0 - cell.channel.opens));
    let next_outlets = f64::from(uncovered) * (1.0 - stays_away);
    cell.named([uncovered.to_string(), format!("{next_outlets:.4}")])
}
