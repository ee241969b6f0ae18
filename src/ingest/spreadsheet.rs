//! Spreadsheet exports (XLSX, XLSM, XLSB, XLS, ODS): the sheet, title rows above the header, and rows that are no records.

use std::fs;
use std::io::{Cursor, Read, Seek};
use std::iter::repeat_n;
use std::path::Path;
use std::sync::Arc;

use calamine::{
    Cell, Data, DataRef, Range, Reader, Sheet, SheetType, SheetVisible, Sheets, open_workbook_auto_from_rs,
};

use crate::config::SourceSection;
use crate::ingest::discover::Export;
use crate::ingest::expansion::{Weight, require_file_fits, require_fits, too_large};
use crate::ingest::header::headings;
use crate::ingest::records::{Nature, Next, Records};
use crate::ingest::row::Cells;
use crate::ingest::sheet_cells::{SheetCell, begins_a_total};
use crate::model::failure::{Failure, Result};
use crate::model::reason::Reason;
use crate::model::shown;

/// Characters of a row without a record that are kept to show it.
const SHOWN: usize = 200;
/// Of the names of sheets in a message, in characters.
const NAMES: usize = 400;

/// The largest rectangle that is read: a sheet of a million rows with 64 columns.
const MOST_CELLS: u64 = 1 << 26;

static EMPTY: Data = Data::Empty;

/// A reader of one sheet; lines are its row numbers.
pub struct SpreadsheetRecords {
    header: Vec<String>,
    /// The used part of the sheet, which need not begin in its first row and column.
    used: Range<Data>,
    /// Of the cells of the row just read.
    natures: Vec<Nature>,
    /// Counted within the used part.
    next_row: usize,
}

impl SpreadsheetRecords {
    /// The sheet is held as a whole, which must not take more of `memory` than is left to it.
    pub fn open(export: &Export, section: &SourceSection, path: &Path, memory: u64) -> Result<Self> {
        // A file that may not be read is no fault of its sender.
        let failed = |error: std::io::Error| Failure::io("cannot read", &export.path, error);
        require_file_fits(export, fs::metadata(path).map_err(failed)?.len(), memory)?;
        let bytes = fs::read(path).map_err(failed)?;
        require_fits(export, &bytes, memory)?;
        let unreadable = |error: calamine::Error| unreadable(export, &error);
        let mut book = open_workbook_auto_from_rs(Cursor::new(Arc::<[u8]>::from(bytes))).map_err(unreadable)?;
        let sheet = choose(export, section, book.sheets_metadata())?.clone();
        let used = match sheet.typ {
            SheetType::WorkSheet => range(export, &mut book, &sheet.name, memory)?,
            // A chart has no cells.
            _ => Range::empty(),
        };
        Self::below_titles(used, section).ok_or_else(|| no_header(export, section, &sheet.name))
    }

    /// `None` where there is no header.
    fn below_titles(used: Range<Data>, section: &SourceSection) -> Option<Self> {
        let mut records = Self { header: Vec::new(), used, natures: Vec::new(), next_row: 0 };
        let first = records.first_row(section)?;
        let labels = |row| records.cells(row).map(|cell| cell.text.into_owned()).collect::<Vec<String>>();
        let header_rows = if section.header { section.header_rows } else { 0 };
        let rows: Vec<Vec<String>> = (first..first + header_rows).map(labels).collect();
        let header = match section.header {
            true => headings(&rows),
            false => (1..=labels(first).len()).map(|position| position.to_string()).collect(),
        };
        records.header = header;
        records.next_row = first + header_rows;
        Some(records)
    }

    /// The row of the header, or the first row of a table without one. Blank rows above it are passed over where the
    /// job file does not say how many rows stand there.
    fn first_row(&self, section: &SourceSection) -> Option<usize> {
        let (above, _) = self.offset();
        let is_filled = |row: &usize| self.cells(*row).any(|cell| !cell.text.is_empty());
        match section.skip_rows {
            skipped if skipped > 0 && section.header => skipped.checked_sub(above).filter(is_filled),
            skipped => (skipped.saturating_sub(above)..self.used.height()).find(is_filled),
        }
    }

    /// Rows above the used part and columns before it.
    fn offset(&self) -> (usize, usize) {
        let (row, column) = self.used.start().unwrap_or_default();
        (row as usize, column as usize)
    }

    /// The cells of a row from the sheet's first column on, so that positions are those of the sheet.
    fn cells(&self, row: usize) -> impl Iterator<Item = SheetCell<'_>> {
        let (_, before) = self.offset();
        let used = (0..self.used.width()).map(move |column| self.used.get((row, column)).unwrap_or(&EMPTY));
        repeat_n(&EMPTY, before).chain(used).map(SheetCell::of)
    }

    /// Reads a row into `cells`; `None` where the row is blank.
    fn read(&mut self, row: usize, cells: &mut Cells) -> Option<Next> {
        let found: Vec<_> = self.cells(row).collect();
        let first = found.iter().find(|cell| !cell.text.is_empty())?;
        let (above, _) = self.offset();
        let line = (above + row + 1) as u64;
        if !first.native && begins_a_total(&first.text) {
            let (reason, message) = (Reason::NotARecord, Reason::NotARecord.description().to_owned());
            return Some(Next::Damaged { line, reason, raw: shown(&found), message });
        }
        cells.clear();
        found.iter().for_each(|cell| cells.push(cell.text.as_bytes()));
        let natures = found.iter().map(|cell| Nature { is_native: cell.native, fault: cell.fault }).collect();
        self.natures = natures;
        Some(Next::Row { line })
    }
}

impl Records for SpreadsheetRecords {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn has_natures(&self) -> bool {
        true
    }

    fn nature(&self, column: usize) -> Nature {
        self.natures.get(column).copied().unwrap_or_default()
    }

    fn next(&mut self, cells: &mut Cells) -> Result<Next> {
        while self.next_row < self.used.height() {
            let row = self.next_row;
            self.next_row += 1;
            if let Some(next) = self.read(row, cells) {
                return Ok(next);
            }
        }
        Ok(Next::End)
    }
}

/// The used part of a sheet. Cells of the older formats were weighed before their file was opened.
fn range<RS: Read + Seek>(export: &Export, book: &mut Sheets<RS>, sheet: &str, memory: u64) -> Result<Range<Data>> {
    let unreadable = |error: &dyn std::fmt::Display| unreadable(export, error);
    match book {
        Sheets::Xlsx(book) => {
            let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
            gather(export, memory, || reader.next_cell().map_err(|error| unreadable(&error)))
        }
        Sheets::Xlsb(book) => {
            let mut reader = book.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
            gather(export, memory, || reader.next_cell().map_err(|error| unreadable(&error)))
        }
        book => book.worksheet_range(sheet).map_err(|error| unreadable(&error)),
    }
}

/// Cells are laid out as a rectangle, so one cell far from all others would take all memory; and one long text may stand
/// in all of them.
fn gather<'a>(
    export: &Export,
    memory: u64,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>>,
) -> Result<Range<Data>> {
    let (mut cells, mut rows, mut columns) = (Vec::new(), 0, 0);
    let mut weight = Weight::within(memory);
    while let Some(cell) = next()? {
        let (row, column) = cell.get_position();
        let data = Data::from(cell.get_value().clone());
        if data == Data::Empty {
            continue;
        }
        (rows, columns) = (row.max(rows), column.max(columns));
        if u64::from(rows) * u64::from(columns) > MOST_CELLS {
            return Err(far_cell(export, row, column));
        }
        weight.add(if let Data::String(text) = &data { text.len() } else { 0 });
        if weight.is_too_much(rows, columns) {
            let why = format!("the cells up to row {} take more than half of it", row + 1);
            return Err(too_large(export, &why, memory));
        }
        cells.push(Cell::new((row, column), data));
    }
    cells.sort_by_key(Cell::get_position);
    Ok(Range::from_sparse(cells))
}

fn far_cell(export: &Export, row: u32, column: u32) -> Failure {
    let place = format!("row {}, column {}", row + 1, column + 1);
    Failure::data(format!("{}: the cell in {place} lies too far from the table", export.name))
        .hint("delete the rows and columns behind the table in a spreadsheet program, and save it again")
}

/// The sheet that the job file names, or the first one that a person sees.
fn choose<'a>(export: &Export, section: &SourceSection, sheets: &'a [Sheet]) -> Result<&'a Sheet> {
    let is_seen = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    match &section.sheet {
        Some(name) => sheets
            .iter()
            .find(|sheet| sheet.name.trim() == name.trim())
            .ok_or_else(|| unknown_sheet(export, name, sheets)),
        None => {
            sheets.iter().find(is_seen).or_else(|| sheets.first()).ok_or_else(|| unreadable(export, &"it has no sheet"))
        }
    }
}

fn unknown_sheet(export: &Export, name: &str, sheets: &[Sheet]) -> Failure {
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    Failure::data(format!("{}: there is no sheet \"{name}\"", export.name))
        .hint(format!("its sheets are: {}", shown::cut(&names.join(", "), NAMES)))
        .hint_near(name, names.iter().copied())
        .hint(format!("correct sources.{}.sheet, or leave it out for the first sheet", export.source))
}

fn no_header(export: &Export, section: &SourceSection, sheet: &str) -> Failure {
    Failure::data(format!(
        "{}: the sheet \"{sheet}\" ends or is blank at row {}, where the header should be",
        export.name,
        section.skip_rows + 1
    ))
    .hint(format!("ask for the export again, or check sources.{0}.sheet and sources.{0}.skip_rows", export.source))
}

fn unreadable(export: &Export, error: &dyn std::fmt::Display) -> Failure {
    let cause = shown::value(&error.to_string());
    Failure::data(format!("{}: the spreadsheet cannot be read: {cause}", export.name))
        .hint("open it in a spreadsheet program and save it again as XLSX, without a password")
}

fn shown(found: &[SheetCell<'_>]) -> String {
    let texts: Vec<&str> = found.iter().map(|cell| cell.text.as_ref()).collect();
    texts.join(",").chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sheet with these texts, from a row and a column on, both counted from 0.
    fn sheet(row: u32, column: u32, rows: &[&[&str]]) -> Range<Data> {
        let mut cells = Vec::new();
        for (down, texts) in (row..).zip(rows) {
            for (right, text) in (column..).zip(*texts).filter(|(_, text)| !text.is_empty()) {
                cells.push(Cell::new((down, right), Data::String((*text).to_owned())));
            }
        }
        Range::from_sparse(cells)
    }

    fn section(keys: &str) -> SourceSection {
        toml::from_str(&format!("files = []\n{keys}")).unwrap()
    }

    /// Lines and cells of all rows, refusals by their code.
    fn rows(mut records: SpreadsheetRecords) -> Vec<String> {
        let mut cells = Cells::default();
        let mut rows = Vec::new();
        loop {
            match records.next(&mut cells).unwrap() {
                Next::End => return rows,
                Next::Damaged { line, reason, .. } => rows.push(format!("{line} {}", reason.code())),
                Next::Row { line } => {
                    let texts: Vec<_> = cells.iter().map(String::from_utf8_lossy).collect();
                    rows.push(format!("{line} {}", texts.join(",")));
                }
            }
        }
    }

    #[test]
    fn blank_rows_are_no_rows_and_positions_are_those_of_the_sheet() {
        let used = sheet(2, 1, &[&[" "], &["a", "b"], &["1", "2"], &[], &["3", ""]]);
        let records = SpreadsheetRecords::below_titles(used, &section("")).unwrap();
        assert_eq!(records.header(), ["", "a", "b"]);
        assert_eq!(rows(records), ["5 ,1,2", "7 ,3,"]);
    }

    #[test]
    fn rows_above_the_header_are_counted_from_the_top_of_the_sheet() {
        let titled = || sheet(1, 0, &[&["Sales of May"], &["a"], &["1"]]);
        let records = SpreadsheetRecords::below_titles(titled(), &section("skip_rows = 2")).unwrap();
        assert_eq!(records.header(), ["a"]);
        assert_eq!(rows(records), ["4 1"]);
        let records = SpreadsheetRecords::below_titles(titled(), &section("skip_rows = 2\nheader = false")).unwrap();
        assert_eq!(records.header(), ["1"]);
        assert_eq!(rows(records), ["3 a", "4 1"]);
    }

    #[test]
    fn a_header_may_have_two_rows() {
        let used = sheet(0, 0, &[&["Date", "Sales", ""], &["", "Net", "Gross"], &["1", "2", "3"]]);
        let records = SpreadsheetRecords::below_titles(used, &section("header_rows = 2")).unwrap();
        assert_eq!(records.header(), ["Date", "Sales Net", "Sales Gross"]);
        assert_eq!(rows(records), ["3 1,2,3"]);
    }

    #[test]
    fn a_sheet_without_a_header_has_no_records() {
        let is_none = |used: Range<Data>, keys: &str| SpreadsheetRecords::below_titles(used, &section(keys)).is_none();
        assert!(is_none(Range::empty(), ""));
        assert!(is_none(sheet(0, 0, &[&[" "]]), ""));
        assert!(is_none(sheet(0, 0, &[&["Title"], &[], &["a"]]), "skip_rows = 1"));
        assert!(is_none(sheet(5, 0, &[&["a"]]), "skip_rows = 3"));
        assert!(is_none(sheet(0, 0, &[&["a"]]), "skip_rows = 9"));
    }

    #[test]
    fn only_the_first_text_of_a_row_makes_it_a_total() {
        let used = sheet(0, 0, &[&["a", "b"], &["", "Total"], &["x", "Total"], &["y", "#N/A"], &["z", "1E+15"]]);
        let records = SpreadsheetRecords::below_titles(used, &section("")).unwrap();
        assert_eq!(rows(records), ["2 not_a_record", "3 x,Total", "4 y,#N/A", "5 z,1E+15"]);
    }
}
