//! What an outlet sells on average: in each period of the data, and in the 12 weeks after it.

use std::io;
use std::path::Path;

use super::outlets::Outlet;
use super::{Behaviour, DAYS, WINDOW, dealer_id, season, table};

/// Days of a period.
const PERIOD: i32 = 28;

/// Writes `truth.csv`, a row an outlet, and `rates.csv`, a row an outlet and period, the last period first; returns the
/// number of files.
pub fn write(behaviour: &Behaviour, outlets: &[Outlet], folder: &Path) -> io::Result<u64> {
    let next = outlets.iter().map(|outlet| next_row(outlet, behaviour));
    table(folder, "truth.csv", "outlet_id,dealer_id,is_other,next_sales", next)?;
    let periods = outlets.iter().flat_map(|outlet| (0..DAYS / PERIOD).map(move |period| (outlet, period)));
    let rates = periods.map(|(outlet, period)| rate_row(outlet, period, behaviour));
    table(folder, "rates.csv", "outlet_id,dealer_id,period,orders,sales", rates)?;
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
