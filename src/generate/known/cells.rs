//! The cells of a world in which outlets open: how many outlets exist there, and how soon one becomes a customer.

use std::io;
use std::path::Path;

use rand::RngExt;

use super::outlets::{CHANNELS, Channel, Outlet};
use super::{Behaviour, WINDOW, table, territory};
use crate::generate::chance::{self, Stream};

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

/// The market source, and what will come of it; returns the number of files.
pub fn write(cells: &[Cell], outlets: &[Outlet], folder: &Path) -> io::Result<u64> {
    if cells.is_empty() {
        return Ok(0);
    }
    let header = "territory,channel,outlets_total,market_value";
    table(folder, "market.csv", header, cells.iter().map(Cell::market_row))?;
    let header = "territory,channel,uncovered,next_outlets";
    table(folder, "cells.csv", header, cells.iter().map(|cell| cell.true_row(outlets)))?;
    Ok(2)
}

impl Cell {
    fn market_row(&self) -> Vec<String> {
        let value = f64::from(self.universe) * self.channel.order_value * 60.0;
        self.named([self.universe.to_string(), format!("{value:.2}")])
    }

    /// How many outlets are left at the end, and how many of them will open in the next 12 weeks on average.
    fn true_row(&self, outlets: &[Outlet]) -> Vec<String> {
        let is_here = |outlet: &&Outlet| outlet.dealer == self.dealer && outlet.channel.name == self.channel.name;
        let uncovered = self.universe - outlets.iter().filter(is_here).count() as u32;
        let stays_away = (0..WINDOW).fold(1.0, |chance, _| chance * (1.0 - self.channel.opens));
        let next_outlets = f64::from(uncovered) * (1.0 - stays_away);
        self.named([uncovered.to_string(), format!("{next_outlets:.4}")])
    }

    fn named(&self, numbers: [String; 2]) -> Vec<String> {
        [territory(self.dealer), self.channel.name.to_owned()].into_iter().chain(numbers).collect()
    }
}
