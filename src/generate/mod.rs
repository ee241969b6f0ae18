//! Makes the main sources of a maker of drinks that does not exist: for demos, tests and load tests; and small companies of
//! which the truth is known.
//!
//! The same [`World`] gives the same bytes on every machine: every draw comes from a seeded ChaCha generator, and no
//! function is used whose last bit depends on the platform. Sales are streamed month by month, so that memory grows
//! with the number of outlets and not with the number of lines.

mod calendar;
mod chance;
mod clerk;
mod dealers;
mod defects;
mod files;
mod geography;
mod habits;
mod known;
mod market;
mod names;
mod orders;
mod outlets;
mod plan;
mod products;
mod restatements;
mod sale_line;
mod sales;
mod sources;
mod spoil;
mod tables;
mod targets;
#[cfg(test)]
mod tests;
mod written;

use std::fs;
use std::io;
use std::path::Path;

use chrono::NaiveDate;

pub use known::{KnownWorld, write_known};
pub use written::Written;

use calendar::Calendar;
use dealers::Dealer;
use outlets::Outlet;
use products::Product;
use sources::Table;

/// What to make.
#[derive(Debug, Clone)]
pub struct World {
    /// Decides every draw.
    pub seed: u64,
    /// Lines of sales over all months, bad and restated ones included; met within 3 % from some thousand lines on.
    pub lines: u64,
    /// Dealers, of which up to three begin in the last two months.
    pub dealers: u32,
    /// Outlets in the master, of all dealers together.
    pub outlets: u32,
    /// Months of data, one export each.
    pub months: u32,
    /// A day of the first month.
    pub first_month: NaiveDate,
    /// Adds bad rows, restated lines and an export that comes twice. Their number does not grow with `lines`.
    pub with_defects: bool,
}

impl Default for World {
    fn default() -> Self {
        Self {
            seed: 7,
            lines: 150_000,
            dealers: 60,
            outlets: 4_000,
            months: 24,
            first_month: NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default(),
            with_defects: true,
        }
    }
}

/// Everything that is known before the first order.
struct Company {
    world: World,
    calendar: Calendar,
    dealers: Vec<Dealer>,
    outlets: Vec<Outlet>,
    products: Vec<Product>,
}

impl Company {
    fn new(world: &World) -> Self {
        let calendar = Calendar::new(world);
        let dealers = dealers::make(world, &calendar);
        let outlets = outlets::make(world, &calendar, &dealers);
        Self { world: world.clone(), calendar, dealers, outlets, products: products::make() }
    }
}

/// Writes sales, dealers, outlets, products, market and targets into a folder and returns what it wrote. Files of the same names are replaced, others are
/// left alone.
pub fn write_world(world: &World, folder: &Path) -> io::Result<Written> {
    refuse_empty(world)?;
    fs::create_dir_all(folder.join(sales::FOLDER))?;
    let company = Company::new(world);
    let sold = sales::write(&company, folder)?;
    let mut defects = sold.defects;
    for table in Table::ALL {
        defects += tables::write(table, folder, table_rows(table, &company, &sold), world.with_defects)?;
    }
    Ok(Written { files: sold.files + Table::ALL.len() as u64, lines: sold.lines, defects })
}

fn table_rows<'c>(
    table: Table,
    company: &'c Company,
    sold: &'c sales::Sold,
) -> Box<dyn Iterator<Item = Vec<String>> + 'c> {
    match table {
        Table::Dealers => Box::new(company.dealers.iter().map(move |dealer| dealer.row(&company.calendar))),
        Table::Outlets => Box::new(company.outlets.iter().map(move |outlet| outlet.row(&company.calendar))),
        Table::Products => Box::new(company.products.iter().map(Product::row)),
        Table::Market => Box::new(market::rows(company).into_iter()),
        Table::Targets => Box::new(targets::rows(company, &sold.totals).into_iter()),
    }
}

fn refuse_empty(world: &World) -> io::Result<()> {
    if world.dealers == 0 || world.outlets == 0 || world.months == 0 {
        let message = "a world needs at least one dealer, one outlet and one month";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    Ok(())
}
