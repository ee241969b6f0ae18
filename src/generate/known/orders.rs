//! The sales of a known world: one line an order.

use std::io;
use std::path::Path;

use rand::RngExt;

use super::company::{DAYS, date, dealer_id};
use super::outlets::Outlet;
use super::world::Behaviour;
use crate::generate::chance::{self, Stream};
use crate::generate::files::{CsvFile, money};

/// Order values vary by half.
const WIDTH: f64 = 0.472;
/// The mean of a [`chance::spread`] of this width: (sinh(width) / width)^3.
const MEAN: f64 = 1.116_8;

/// Writes the sales, outlet by outlet, and returns their number.
pub fn write(behaviour: &Behaviour, outlets: &[Outlet], folder: &Path) -> io::Result<u64> {
    let mut rng = chance::stream(behaviour.seed, Stream::Orders);
    let mut file = CsvFile::create(&folder.join("sales.csv"), "sold_on,dealer_id,outlet_id,order_id,amount")?;
    let mut orders = 0_u64;
    for outlet in outlets {
        for day in 0..DAYS {
            // Whoever becomes a customer does so with an order.
            let has_order = rng.random_bool(outlet.chance_of_order(day, behaviour)) || day == outlet.opened;
            if has_order {
                orders += 1;
                let cents = (100.0 * outlet.value * chance::spread(&mut rng, WIDTH) / MEAN).max(100.0) as u64;
                let number = format!("N{orders:07}");
                file.row(&[date(day).to_string(), dealer_id(outlet.dealer), outlet.id(), number, money(cents)])?;
            }
        }
    }
    file.finish()?;
    Ok(orders)
}
