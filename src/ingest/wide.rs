//! Wide targets: one row a dealer and year, one column a month, read as up to twelve facts of one row.

use crate::config::SourceSection;
use crate::ingest::discover::Export;
use crate::ingest::header::place_of;
use crate::ingest::records::Nature;
use crate::ingest::row::Cells;
use crate::model::failure::Result;

/// Where the year and the months of a wide layout stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wide {
    year: usize,
    months: Vec<usize>,
    /// Columns of the export; the month and its amount are put behind them.
    width: usize,
}

impl Wide {
    /// Finds the columns; `None` for a long layout.
    pub fn bind(export: &Export, section: &SourceSection, header: &[String]) -> Result<Option<Self>> {
        if section.layout != "wide" {
            return Ok(None);
        }
        let year = place_of(export, header, section.year.as_deref().unwrap_or_default(), "year")?;
        let months = section.months.iter().map(|label| place_of(export, header, label, "months"));
        Ok(Some(Self { year, months: months.collect::<Result<_>>()?, width: header.len() }))
    }

    /// The header with the two columns that every fact gets.
    pub fn header(header: &[String]) -> Vec<String> {
        header.iter().cloned().chain(["month", "target_amount"].map(str::to_owned)).collect()
    }

    /// The facts of a row: its cells, and behind them the month and the amount, with the column that the amount is from.
    pub fn facts<'a>(&'a self, cells: &'a Cells) -> impl Iterator<Item = (usize, Cells)> + 'a {
        let year = String::from_utf8_lossy(cells.get(self.year).unwrap_or_default()).trim().to_owned();
        (1_u32..).zip(&self.months).map(move |(month, column)| {
            let mut fact = cells.clone();
            fact.push(format!("{year}-{month:02}").as_bytes());
            fact.push(cells.get(*column).unwrap_or_default());
            (*column, fact)
        })
    }

    /// What is known of a cell of a fact: the month was made here, the amount is as its column is.
    pub fn nature(&self, column: usize, amount_from: usize, in_export: impl Fn(usize) -> Nature) -> Nature {
        match column {
            column if column == self.width => Nature { is_native: true, fault: None },
            column if column > self.width => in_export(amount_from),
            column => in_export(column),
        }
    }
}
