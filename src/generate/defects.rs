//! The list of everything that is wrong with the exports: one entry a kind, each with the reason code it provokes.
//!
//! Beside these rows one monthly export comes twice under two names: it must be read once.

use super::sources::Table;

/// A column of the sales, in the order of their header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Order,
    Line,
    Date,
    Dealer,
    Outlet,
    Product,
    Quantity,
    Amount,
}

/// A sale that is right but for one field.
#[derive(Debug)]
pub struct SaleDefect {
    pub column: Column,
    /// What stands in the field; without it the field and its comma are left out.
    pub value: Option<&'static [u8]>,
}

const fn with(column: Column, value: &'static [u8]) -> SaleDefect {
    SaleDefect { column, value: Some(value) }
}

const fn without(column: Column) -> SaleDefect {
    SaleDefect { column, value: None }
}

/// How often each kind comes, in as many months.
pub const REPEATS: u32 = 3;

/// Bad and doubtful sales. They come in this order within a month, and the open quote is last: a reader that takes it
/// at its word looks for the end of the quote, and there must be none in the rest of the file.
pub static IN_SALES: [SaleDefect; 20] = [
    // ragged_row: a field is missing
    without(Column::Amount),
    // ragged_row: there is a field too many
    with(Column::Amount, b"10.00,extra"),
    // nul_byte
    with(Column::Product, b"P00\x0001"),
    // invalid_utf8
    with(Column::Outlet, b"O00\xFF001"),
    // missing_value: no dealer
    with(Column::Dealer, b""),
    // missing_value: no amount
    with(Column::Amount, b""),
    // bad_date: not a day of the calendar
    with(Column::Date, b"2024-02-30"),
    // bad_date: another order of day, month and year
    with(Column::Date, b"31.12.2024"),
    // bad_amount: another decimal sign, with thousands
    with(Column::Amount, b"\"1.234,56\""),
    // bad_amount: another decimal sign
    with(Column::Amount, b"\"12,50\""),
    // bad_amount: no number at all
    with(Column::Amount, b"abc"),
    // amount_too_large: fifteen digits
    with(Column::Amount, b"999999999999999.00"),
    // bad_number: a quantity in words
    with(Column::Quantity, b"two"),
    // unknown_dealer, while there are fewer than 999
    with(Column::Dealer, b"D999"),
    // future_sale
    with(Column::Date, b"2099-01-15"),
    // accepted, and reported: the outlet is not in the master (while that has fewer than 999,999)
    with(Column::Outlet, b"O999999"),
    // accepted, and reported: the product is not in the list
    with(Column::Product, b"P9999"),
    // accepted, rounded and counted: more than four decimals
    with(Column::Amount, b"12.345678"),
    // accepted: the dealer's own direct sale has no outlet
    with(Column::Outlet, b""),
    // unclosed_quote
    with(Column::Outlet, b"\"O000001"),
];

/// A bad row at the end of a table.
#[derive(Debug)]
pub enum TableDefect {
    /// The first row once more.
    FirstRowAgain,
    /// The first row once more, with another number in a column.
    FirstRowWithOther { column: usize },
    /// A row of its own.
    Row(&'static str),
}

/// Bad rows of the other sources, each once.
pub static IN_TABLES: [(Table, TableDefect); 10] = [
    // duplicate_key
    (Table::Dealers, TableDefect::FirstRowAgain),
    // duplicate_key
    (Table::Outlets, TableDefect::FirstRowAgain),
    // unknown_dealer
    (Table::Outlets, TableDefect::Row("O999998,D999,Lost Kiosk,convenience,Riverside,,2020-01-01,")),
    // duplicate_key
    (Table::Products, TableDefect::FirstRowAgain),
    // conflicting_rows: two totals for one cell
    (Table::Market, TableDefect::FirstRowWithOther { column: 2 }),
    // bad_integer
    (Table::Market, TableDefect::Row("Free Port,restaurant,about 40,10000.00")),
    // negative_count
    (Table::Market, TableDefect::Row("Free Port,grocery,-5,10000.00")),
    // conflicting_rows: two amounts for one dealer and month
    (Table::Targets, TableDefect::FirstRowWithOther { column: 2 }),
    // unknown_dealer
    (Table::Targets, TableDefect::Row("D999,2024-01,5000.00")),
    // bad_month
    (Table::Targets, TableDefect::Row("D001,2024-13,5000.00")),
];
