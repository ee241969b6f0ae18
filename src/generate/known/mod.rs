//! Small companies of which the truth is known, so that what a night says can be held against it.
//!
//! Outlets order at random, at most once a day, with a probability that follows the season; what an order is worth
//! varies by half. Beside the exports lies the truth: what each outlet sells on average in the periods of the data and
//! in the 12 weeks after it, and how many outlets will open in each cell.

mod cells;
mod company;
mod orders;
mod outlets;
#[cfg(test)]
mod tests;
mod truth;
mod world;

use std::fs;
use std::io;
use std::path::Path;

use super::files::write_rows;
use super::written::Written;
use outlets::Outlet;
pub use world::KnownWorld;

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
    let dealers = (0..behaviour.dealers).map(company::dealer_row);
    write_rows(&folder.join("dealers.csv"), "dealer_id,region,territory", dealers)?;
    let header = "outlet_id,dealer_id,channel,territory,opened_on";
    write_rows(&folder.join("outlets.csv"), header, outlets.iter().map(Outlet::row))?;
    let lines = orders::write(&behaviour, &outlets, folder)?;
    let mut files = 3 + truth::write(&behaviour, &outlets, folder)?;
    if !cells.is_empty() {
        files += cells::write(&cells, folder)? + truth::write_cells(&cells, &outlets, folder)?;
    }
    Ok(Written { files, lines, defects: 0 })
}
