//! The market source: how many outlets there are in each territory and channel, ours or not.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::Company;
use super::chance::{self, Stream};
use super::geography::{CHANNELS, Channel, REGIONS};

/// What an outlet of the market buys against one of ours: others sell to it too.
const MARKET_PER_OUTLET: f64 = 2.2;
/// Money a line brings on average, to turn lines into a believable value of the market.
const MONEY_PER_LINE: f64 = 42.0;

/// A territory and a channel, with the outlets covered there.
struct Cell {
    territory: &'static str,
    channel: &'static Channel,
    covered: u32,
}

/// One row a cell. In one cell the market is smaller than what is covered: lists of outlets are never complete.
pub fn rows(company: &Company) -> Vec<Vec<String>> {
    let mut rng = chance::stream(company.world.seed, Stream::Market);
    let cells = cells(company);
    let incomplete = most_covered(&cells);
    let outlet_value = MARKET_PER_OUTLET * yearly_sales_per_outlet(company);
    let rows = cells.iter().enumerate().map(|(index, cell)| {
        let usual = outlets_total(cell.covered, &mut rng);
        let total = if incomplete == Some(index) { cell.covered * 4 / 5 } else { usual };
        row(cell, total, outlet_value, &mut rng)
    });
    rows.collect()
}

fn cells(company: &Company) -> Vec<Cell> {
    let mut covered: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for outlet in company.outlets.iter().filter(|outlet| outlet.life.closed.is_none()) {
        *covered.entry((outlet.territory, outlet.channel.name)).or_default() += 1;
    }
    let territories = REGIONS.iter().flat_map(|region| region.territories);
    territories
        .flat_map(|territory| CHANNELS.iter().map(move |channel| (*territory, channel)))
        .map(|(territory, channel)| {
            let covered = covered.get(&(territory, channel.name)).copied().unwrap_or(0);
            Cell { territory, channel, covered }
        })
        .collect()
}

/// The first cell is left out: it is the one that comes twice among the defects.
fn most_covered(cells: &[Cell]) -> Option<usize> {
    cells.iter().enumerate().skip(1).max_by_key(|(_, cell)| cell.covered).map(|(index, _)| index)
}

/// A bit more than what is covered, up to three times as much; some outlets also where none is covered.
fn outlets_total(covered: u32, rng: &mut ChaCha8Rng) -> u32 {
    let draw = rng.random::<f64>();
    if covered == 0 {
        return 3 + (draw * 27.0) as u32;
    }
    let total = (f64::from(covered) * (1.05 + 1.95 * draw * draw)) as u32;
    total.max(covered + 1)
}

fn yearly_sales_per_outlet(company: &Company) -> f64 {
    let world = &company.world;
    world.lines as f64 * MONEY_PER_LINE * 12.0 / f64::from(world.months) / f64::from(world.outlets)
}

fn row(cell: &Cell, total: u32, outlet_value: f64, rng: &mut ChaCha8Rng) -> Vec<String> {
    let value = f64::from(total) * outlet_value * cell.channel.ticket * chance::spread(rng, 0.2);
    let hundreds = (value / 100.0).round() as u64;
    let market_value = format!("{}00.00", hundreds.max(1));
    vec![cell.territory.to_owned(), cell.channel.name.to_owned(), total.to_string(), market_value]
}
