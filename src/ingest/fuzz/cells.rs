//! Cells of any text in any column, and cells of spreadsheets.

use arrow::array::{Array, ArrayRef};
use calamine::{Data, ExcelDateTime, ExcelDateTimeType};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;

use crate::config::Mapping;
use crate::ingest::cells::{Gatherer, Writing};
use crate::ingest::dates::DateFormats;
use crate::ingest::fuzz::numbers::text;
use crate::ingest::fuzz::reading::is_trimmed;
use crate::ingest::fuzz::rules::{SIGNS, signed};
use crate::ingest::fuzz::runner::{KERNEL, hold};
use crate::ingest::header::{Bound, Origin};
use crate::ingest::nulls::Nulls;
use crate::ingest::numbers::{Decimal, NumberFormat};
use crate::ingest::records::Nature;
use crate::ingest::row::Cells;
use crate::ingest::sheet_cells::SheetCell;
use crate::model::reason::Reason;
use crate::model::source::{Column, Source};

fn column() -> impl Strategy<Value = Column> {
    let columns = Source::ALL.into_iter().flat_map(|source| source.columns().iter().copied());
    select(columns.collect::<Vec<_>>())
}

fn nature() -> impl Strategy<Value = Nature> {
    let fault = prop_oneof![9 => Just(None::<Reason>), 1 => Just(Some(Reason::ErrorCell))];
    (any::<bool>(), fault).prop_map(|(is_native, fault)| Nature { is_native, fault })
}

fn writing(signs: (&str, &str)) -> Writing {
    Writing {
        dates: DateFormats::compile(&["%d.%m.%Y".to_owned(), "auto".to_owned()], "sources.sales.dates").unwrap(),
        numbers: NumberFormat::of(&signed(signs)),
        native_dates: DateFormats::iso(),
        nulls: Nulls::of(&["", "NULL", "-"].map(str::to_owned)),
    }
}

fn gatherer(column: Column, writing: &Writing) -> Gatherer {
    let bound = Bound { column, origin: Origin::Cell(0), mapping: Mapping::default() };
    Gatherer::new(bound, "sources.sales.columns", writing).unwrap()
}

/// A refused cell leaves NULL behind, an accepted one of a required column never does.
fn agree(column: Column, arrays: &[ArrayRef], taken: &[bool]) -> TestCaseResult {
    for array in arrays {
        prop_assert_eq!(array.len(), taken.len());
        for (row, is_taken) in taken.iter().enumerate() {
            prop_assert!(*is_taken || array.is_null(row), "row {} is refused and has a value", row);
            prop_assert!(!(*is_taken && column.required && array.is_null(row)), "row {} is accepted as NULL", row);
        }
    }
    is_trimmed(&column, arrays[0].as_ref())
}

#[test]
fn every_cell_becomes_a_value_or_a_refusal() {
    let cells = vec((text(), nature()), 0..6);
    hold(KERNEL, &(column(), cells, select(SIGNS.to_vec())), |(column, cells, signs)| {
        let writing = writing(signs);
        let mut gatherer = gatherer(column, &writing);
        let mut taken = Vec::new();
        for (text, nature) in &cells {
            let mut row = Cells::default();
            row.push(text);
            taken.push(gatherer.append(&row, |_| *nature, &writing.nulls).is_ok());
        }
        agree(column, &gatherer.finish().unwrap(), &taken)
    });
}

/// A cell of a spreadsheet: numbers of any size, days in and out of the calendar, texts.
fn data() -> impl Strategy<Value = Data> {
    let serial = prop_oneof![prop::num::f64::ANY, -10.0..3_000_000.0_f64];
    let words = || text().prop_map(|text| String::from_utf8_lossy(&text).into_owned());
    let kind = prop_oneof![Just(ExcelDateTimeType::DateTime), Just(ExcelDateTimeType::TimeDelta)];
    let moment = (serial, kind, any::<bool>())
        .prop_map(|(serial, kind, is_1904)| Data::DateTime(ExcelDateTime::new(serial, kind, is_1904)));
    prop_oneof![
        prop::num::f64::ANY.prop_map(Data::Float),
        any::<i64>().prop_map(Data::Int),
        moment,
        words().prop_map(Data::String),
        words().prop_map(Data::DateTimeIso),
    ]
}

#[test]
fn no_cell_of_a_sheet_is_too_much() {
    hold(KERNEL, &data(), |data| {
        let cell = SheetCell::of(&data);
        prop_assert_eq!(cell.native, !matches!(data, Data::String(_)));
        prop_assert!(cell.native || cell.text.trim() == cell.text, "{}", cell.text);
        Ok(())
    });
}

#[test]
fn amounts_of_a_sheet_are_exact_to_the_cent() {
    hold(KERNEL, &(-999_999_999_999_999_i64..1_000_000_000_000_000), |cents| {
        let data = Data::Float(cents as f64 / 100.0);
        let cell = SheetCell::of(&data);
        let read = NumberFormat::PLAIN.decimal(cell.text.as_bytes(), 1, Reason::BadAmount);
        let units = i128::from(cents) * 100;
        prop_assert_eq!(read, Ok(Decimal { units, rounded: false }), "{}", cell.text);
        prop_assert_eq!((cell.native, cell.fault), (true, None));
        Ok(())
    });
}
