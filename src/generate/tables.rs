//! The five sources beside the sales: one file each.

use std::io;
use std::path::Path;

use super::files::CsvFile;
use super::spoil;

/// A source that is one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Dealers,
    Outlets,
    Products,
    Market,
    Targets,
}

impl Table {
    pub const ALL: [Self; 5] = [Self::Dealers, Self::Outlets, Self::Products, Self::Market, Self::Targets];

    fn file_name(self) -> &'static str {
        match self {
            Self::Dealers => "dealers.csv",
            Self::Outlets => "outlets.csv",
            Self::Products => "products.csv",
            Self::Market => "market.csv",
            Self::Targets => "targets.csv",
        }
    }

    fn header(self) -> &'static str {
        match self {
            Self::Dealers => "Dealer Code,Dealer Name,Region,Home Territory,Tier,Status,Onboarded,Manager",
            Self::Outlets => "Outlet Code,Dealer Code,Outlet Name,Channel,Territory,Chain,Opened,Closed",
            Self::Products => "sku,product_name,category,brand,list_price",
            Self::Market => "territory,channel,outlets_total,market_value",
            Self::Targets => "dealer_id,month,target_amount",
        }
    }
}

/// Writes a table, with its bad rows at the end if they are wanted, and returns their number.
pub fn write(
    table: Table,
    folder: &Path,
    rows: impl Iterator<Item = Vec<String>>,
    with_defects: bool,
) -> io::Result<u64> {
    let mut file = CsvFile::create(&folder.join(table.file_name()), table.header())?;
    let mut first = Vec::new();
    for row in rows {
        file.row(&row)?;
        if first.is_empty() {
            first = row;
        }
    }
    let defects = if with_defects { spoil::append(&mut file, table, &first)? } else { 0 };
    file.finish()?;
    Ok(defects)
}
