//! The cells of a world in which outlets open: how many outlets exist there, and how soon one becomes a customer.

use std::io;
use std::path::Path;

use rand::RngExt;

use super::company::{CHANNELS, Channel, territory};
use super::world::Behaviour;
use crate::generate::chance::{self, Stream};
use crate::generate::files::write_rows;

/// A middling cell; most have between a third of it and three times as many.
const OUTLETS: f64 = 27.0;

/// A territory, which is that of one dealer, and a channel.
pub struct Cell {
    pub dealer: u32,
    pub channel: &'static Channel,
    /// Outlets that exist.
    pub universe: u32,
    /// Those that are customers on the first day.
    pub covered: u32,
}

/// Two cells a dealer.
pub fn make(behaviour: &Behaviour) -> Vec<Cell> {
    let mut rng = chance::stream(behaviour.seed, Stream::Market);
    let places = (0..behaviour.dealers).flat_map(|dealer| CHANNELS.iter().map(move |channel| (dealer, channel)));
    let cells = places.map(|(dealer, channel)| {
        let universe = (OUTLETS * chance::spread(&mut rng, 0.8)).max(6.0) as u32;
        let share = 0.25 + 0.3 * rng.random::<f64>();
        let covered = (f64::from(universe) * share).max(1.0) as u32;
        Cell { dealer, channel, universe, covered }
    });
    cells.collect()
}

/// Writes the market source; returns the number of files.
pub fn write(cells: &[Cell], folder: &Path) -> io::Result<u64> {
    let header = "territory,channel,outlets_total,market_value";
    write_rows(&folder.join("market.csv"), header, cells.iter().map(Cell::market_row))?;
    Ok(1)
}

impl Cell {
    fn market_row(&self) -> Vec<String> {
        let value = f64::from(self.universe) * self.channel.order_value * 60.0;
        self.named([self.universe.to_string(), format!("{value:.2}")])
    }

    /// Two numbers behind its name.
    pub fn named(&self, numbers: [String; 2]) -> Vec<String> {
        [territory(self.dealer), self.channel.name.to_owned()].into_iter().chain(numbers).collect()
    }
}
