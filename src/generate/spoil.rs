//! Turns the list of defects into rows, and decides where they stand.

use std::io;

use super::calendar::Month;
use super::dealers;
use super::defects::{Column, IN_SALES, IN_TABLES, REPEATS, SaleDefect, TableDefect};
use super::files::{CsvFile, code};
use super::outlets::Outlet;
use super::sources::Table;
use super::{Company, World};

/// A bad row of the sales, to be written after the orders of its day.
pub struct BadRow {
    pub day: i32,
    pub bytes: Vec<u8>,
}

/// The bad rows in all sales; whatever the number of lines, this does not grow.
pub fn count_in_sales(world: &World) -> u64 {
    if world.with_defects { IN_SALES.len() as u64 * u64::from(repeats(world)) } else { 0 }
}

/// The bad rows of a month, in the order of their days.
pub fn sales_rows(company: &Company, month: &Month) -> Vec<BadRow> {
    if !company.world.with_defects {
        return Vec::new();
    }
    let kinds = (0_u32..).zip(&IN_SALES).filter(|(kind, _)| comes_in(&company.world, *kind, month));
    kinds.filter_map(|(kind, defect)| sale_row(company, month, kind, defect)).collect()
}

/// In a world of one or two months there is no room for more.
fn repeats(world: &World) -> u32 {
    REPEATS.min(world.months)
}

/// A kind never comes twice in a month: its rows are a third of the data apart.
fn comes_in(world: &World, kind: u32, month: &Month) -> bool {
    let apart = (world.months / REPEATS).max(1);
    (0..repeats(world)).any(|repeat| (kind + repeat * apart) % world.months == month.index as u32)
}

fn sale_row(company: &Company, month: &Month, kind: u32, defect: &SaleDefect) -> Option<BadRow> {
    let day = month.days.start + 1 + kind as i32;
    let outlet = usual_outlet(company, kind)?;
    let fields = [
        (Column::Order, format!("B{}-99{:05}", month.code, kind + 1)),
        (Column::Line, "1".to_owned()),
        (Column::Date, company.calendar.date(day).to_string()),
        (Column::Dealer, code('D', outlet.dealer, 3)),
        (Column::Outlet, code('O', outlet.number, 6)),
        (Column::Product, code('P', kind, 4)),
        (Column::Quantity, "1".to_owned()),
        (Column::Amount, format!("{}.50", kind + 10)),
    ];
    Some(BadRow { day, bytes: join(&fields, defect) })
}

/// The first outlets go round the dealers; those of newcomers are left out, who do not sell over most of the data.
fn usual_outlet(company: &Company, kind: u32) -> Option<&Outlet> {
    let usual = dealers::established(company.world.dealers).min(company.world.outlets).max(1);
    company.outlets.get((kind % usual) as usize)
}

fn join(fields: &[(Column, String)], defect: &SaleDefect) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (column, field) in fields {
        let value = if *column == defect.column { defect.value } else { Some(field.as_bytes()) };
        let Some(value) = value else { continue };
        if *column != Column::Order {
            bytes.push(b',');
        }
        bytes.extend_from_slice(value);
    }
    bytes
}

/// Writes the bad rows of a table, whose first row is given, and returns their number.
pub fn append(file: &mut CsvFile, table: Table, first: &[String]) -> io::Result<u64> {
    let defects: Vec<&TableDefect> =
        IN_TABLES.iter().filter(|(place, _)| *place == table).map(|(_, defect)| defect).collect();
    for defect in &defects {
        match defect {
            TableDefect::FirstRowAgain => file.row(first)?,
            TableDefect::FirstRowWithOther { column } => file.row(&with_other(first, *column))?,
            TableDefect::Row(row) => file.raw(row.as_bytes())?,
        }
    }
    Ok(defects.len() as u64)
}

/// A digit before a number makes another number of it, whatever it was.
fn with_other(row: &[String], column: usize) -> Vec<String> {
    let mut row = row.to_vec();
    if let Some(number) = row.get_mut(column) {
        number.insert(0, '1');
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company() -> Company {
        Company::new(&World { outlets: 200, ..World::default() })
    }

    #[test]
    fn bad_rows_are_few_in_each_month_and_all_are_placed() {
        let company = company();
        let counts: Vec<usize> =
            company.calendar.months.iter().map(|month| sales_rows(&company, month).len()).collect();
        assert!(counts.iter().all(|count| *count <= 4));
        assert_eq!(counts.iter().sum::<usize>() as u64, count_in_sales(&company.world));
    }

    #[test]
    fn a_field_can_be_replaced_or_left_out() {
        let fields = [(Column::Order, "B1".to_owned()), (Column::Dealer, "D1".to_owned())];
        let replaced = SaleDefect { column: Column::Dealer, value: Some(b"D999") };
        let left_out = SaleDefect { column: Column::Dealer, value: None };
        assert_eq!(join(&fields, &replaced), b"B1,D999");
        assert_eq!(join(&fields, &left_out), b"B1");
    }
}
