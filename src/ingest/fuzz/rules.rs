//! Reading rules by lot: how an export is written, and what the job file says of it, which need not agree.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use crate::config::{ColumnSpec, Mapping, SourceSection};
use crate::ingest::fuzz::pieces::{Piece, Script};
use crate::model::source::Source;

/// How columns are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    ByName,
    ByPlace,
    /// The first cell is the dealer and the rest are constants, so that nearly every row can be read.
    FirstCell,
}

/// What one export is read by.
#[derive(Debug, Clone)]
pub struct Rules {
    pub source: Source,
    pub section: SourceSection,
    pub binding: Binding,
    pub script: Script,
    pub delimiter: &'static str,
}

/// Signs of decimals and thousands.
pub const SIGNS: [(&str, &str); 5] = [(".", ""), (",", "."), (".", ","), (",", " "), (".", "'")];
const DATES: [&[&str]; 4] = [&["auto"], &["%d.%m.%Y", "auto"], &["%Y-%m-%d"], &["%m/%d/%Y", "%d %B %Y", "auto"]];
const ENCODINGS: [&str; 9] =
    ["utf-8", "utf-16le", "utf-16be", "gbk", "big5", "shift_jis", "windows-1252", "iso-2022-jp", "euc-kr"];
const DELIMITERS: [&str; 4] = [",", ";", "\t", "|"];

/// A section that says nothing.
static SILENT: LazyLock<SourceSection> = LazyLock::new(|| toml::from_str("files = []").unwrap());

/// A section with these signs and nothing else.
pub fn signed((decimal, thousands): (&str, &str)) -> SourceSection {
    SourceSection { decimal: decimal.to_owned(), thousands: thousands.to_owned(), ..SILENT.clone() }
}

/// Rules for a source whose columns are found in one of these ways.
pub fn rules(source: Source, bindings: &[Binding]) -> impl Strategy<Value = Rules> {
    let binding = select(bindings.to_vec());
    (written(), said(), binding, any::<bool>()).prop_map(move |((script, delimiter), section, binding, is_told)| {
        let mut section = bound(section, source, binding, is_told);
        // Half of the job files say what the export is written with.
        if is_told {
            delimiter.clone_into(&mut section.delimiter);
        }
        if is_told && section.encoding == "auto" {
            script.label().clone_into(&mut section.encoding);
        }
        Rules { source, section, binding, script, delimiter }
    })
}

/// How the export is written.
fn written() -> impl Strategy<Value = (Script, &'static str)> {
    (select(Script::ALL.to_vec()), select(DELIMITERS.to_vec()))
}

/// What the job file says, right or wrong.
fn said() -> impl Strategy<Value = SourceSection> {
    let encoding = prop_oneof![8 => Just("auto"), 1 => select(ENCODINGS.to_vec())];
    let skipped = prop_oneof![3 => Just(0_usize), 1 => 0_usize..3];
    let quote = prop_oneof![8 => Just("auto"), 1 => Just("'"), 1 => Just("\"")];
    let rows = (skipped, prop_oneof![7 => Just(1_usize), 1 => Just(2)]);
    let words = (select(DATES.to_vec()), prop::bool::weighted(0.9));
    (encoding, quote, select(SIGNS.to_vec()), words, rows).prop_map(|(encoding, quote, signs, words, rows)| {
        let ((dates, has_nulls), (skip_rows, header_rows)) = (words, rows);
        let silent = signed(signs);
        let (encoding, quote) = (encoding.to_owned(), quote.to_owned());
        let dates = dates.iter().map(|format| (*format).to_owned()).collect();
        let nulls = if has_nulls { silent.nulls.clone() } else { Vec::new() };
        SourceSection { encoding, quote, dates, nulls, skip_rows, header_rows, ..silent }
    })
}

/// The section with its columns.
fn bound(section: SourceSection, source: Source, binding: Binding, is_thousandfold: bool) -> SourceSection {
    let header = binding == Binding::ByName;
    let mut section = SourceSection { header, ..section };
    if source == Source::Targets {
        section = wide(section);
    }
    let specs = match binding {
        Binding::ByName if source == Source::Targets && is_thousandfold => vec![("target_amount", thousandfold())],
        Binding::ByName => Vec::new(),
        Binding::ByPlace => places(source),
        Binding::FirstCell => {
            vec![("sold_on", constant("2024-02-29")), ("dealer_id", place(1)), ("amount", constant("15"))]
        }
    };
    section.columns = specs.into_iter().map(|(name, spec)| (name.to_owned(), spec)).collect();
    section
}

/// A wide layout; its year stands first, its months behind the dealer.
fn wide(section: SourceSection) -> SourceSection {
    let month = |month: usize| if section.header { format!("M{month}") } else { (month + 2).to_string() };
    let months = (1..=12).map(month).collect();
    let year = Some(if section.header { "Year" } else { "1" }.to_owned());
    SourceSection { layout: "wide".to_owned(), months, year, ..section }
}

fn places(source: Source) -> Vec<(&'static str, ColumnSpec)> {
    match source {
        Source::Targets => vec![("dealer_id", place(2))],
        _ => ["sold_on", "dealer_id", "amount", "order_id", "quantity"].into_iter().zip((1..).map(place)).collect(),
    }
}

fn place(place: usize) -> ColumnSpec {
    ColumnSpec::Header(place.to_string())
}

fn constant(value: &str) -> ColumnSpec {
    ColumnSpec::Mapping(Mapping { value: Some(value.to_owned()), ..Mapping::default() })
}

fn thousandfold() -> ColumnSpec {
    let from = vec!["target_amount".to_owned()];
    ColumnSpec::Mapping(Mapping { from, times: Some(1_000), ..Mapping::default() })
}

impl Rules {
    /// Those of plain sales in UTF-8, of which the job file says the delimiter.
    pub fn of_sales(delimiter: &'static str) -> Self {
        let (encoding, said) = ("utf-8".to_owned(), delimiter.to_owned());
        let section = SourceSection { encoding, delimiter: said, ..signed((".", "")) };
        Self { source: Source::Sales, section, binding: Binding::ByName, script: Script::Utf8, delimiter }
    }

    /// The rows that the rules ask for in front of the table, and its header; without one, a first row that has all of
    /// the fields.
    pub fn opening(&self) -> Vec<Piece> {
        let title = Piece::Row(vec!["Sales of May".to_owned()]);
        let first_row: Vec<String> = self.first_row().into_iter().map(str::to_owned).collect();
        let upper_rows = if self.section.header { self.section.header_rows - 1 } else { 0 };
        let upper_row = Piece::Row(vec![String::new(); first_row.len()]);
        let mut opening = vec![title; self.section.skip_rows];
        opening.extend(vec![upper_row; upper_rows]);
        opening.push(Piece::Row(first_row));
        opening
    }

    fn first_row(&self) -> Vec<&'static str> {
        const MONTHS: [&str; 12] = ["M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M12"];
        match (self.source, self.binding) {
            (Source::Targets, Binding::ByName) => ["Year", "dealer_id"].into_iter().chain(MONTHS).collect(),
            (Source::Targets, _) => ["2024", "D1"].into_iter().chain(["5"; 12]).collect(),
            (_, Binding::ByName) => vec!["sold_on", "dealer_id", "amount", "order_id", "quantity"],
            (_, Binding::ByPlace) => vec!["2024-02-01", "D1", "5", "A1", "1"],
            (_, Binding::FirstCell) => vec!["D1"],
        }
    }
}
