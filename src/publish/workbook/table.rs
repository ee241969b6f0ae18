//! A sheet that shows a mart: whatever columns it has, in formats that follow from their types and units.

use rust_xlsxwriter::Worksheet;

use crate::model::contract::{ColumnType, ContractColumn};
use crate::publish::workbook::cells::{LONGEST, Written, is_too_long, iso, write_in_column, write_text, write_value};
use crate::publish::workbook::formats::{Formats, colour_words};
use crate::publish::workbook::marts::{Mart, Value};
use crate::publish::workbook::words::Words;

/// Rows that a sheet shows at most. A spreadsheet ends at 1,048,576 rows, and long before that nobody can work with it.
const MOST_ROWS: usize = 200_000;
/// Rows that are looked at to choose the width of a column.
const WIDTH_ROWS: usize = 500;
/// The same on every row, and in the note above.
const LEFT_OUT: &str = "as_of";
const RANK: &str = "rank_in_dealer";

/// What a sheet shows, and in which order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    pub(super) mart: &'static str,
    pub(super) english: &'static str,
    pub(super) chinese: &'static str,
    /// Columns that come first; the others follow in the order of the table.
    pub(super) leading: &'static [&'static str],
    /// The amount that puts the rows into order; without one it is the order of the table.
    pub(super) largest_first: Option<&'static str>,
}

/// A sheet, ready to be written.
pub(super) struct TableSheet<'a> {
    mart: &'a Mart,
    rows: Vec<usize>,
    columns: Vec<usize>,
    title: String,
    /// Lines between the title and the table: a label and a text.
    facts: Vec<(String, String)>,
    notes: Vec<String>,
}

impl<'a> TableSheet<'a> {
    pub(super) fn new(spec: &Spec, mart: &'a Mart, rows: Vec<usize>, words: Words) -> Self {
        Self::with_most(spec, mart, rows, words, MOST_ROWS)
    }

    fn with_most(spec: &Spec, mart: &'a Mart, mut rows: Vec<usize>, words: Words, most: usize) -> Self {
        let all = rows.len();
        let cut = cut(mart, &mut rows, most);
        if let Some(column) = spec.largest_first {
            mart.largest_first(&mut rows, column);
        }
        let mut notes = vec![grain_note(mart, &rows, words)];
        notes.extend(cut.map(|depth| cut_note(mart, rows.len(), all, depth, words)));
        let columns = columns(mart, spec.leading);
        notes.extend(long_note(mart, &rows, &columns, words));
        let title = words.say(spec.english, spec.chinese).to_owned();
        Self { mart, rows, columns, title, facts: Vec::new(), notes }
    }

    /// The same with lines above the table.
    pub(super) fn with_facts(self, facts: Vec<(String, String)>) -> Self {
        Self { facts, ..self }
    }

    /// The same with one more note.
    pub(super) fn with_note(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }

    /// Writes the sheet from top to bottom, as one that is not kept in memory has to be.
    pub(super) fn write(&self, sheet: &mut Worksheet, formats: &Formats, words: Words) -> Written {
        write_text(sheet, 0, 0, &self.title, &formats.title)?;
        let mut next = write_facts(sheet, 1, &self.facts, formats)?;
        for note in &self.notes {
            write_text(sheet, next, 0, note, &formats.note)?;
            next += 1;
        }
        let (technical, heading, first) = (next, next + 1, next + 2);
        sheet.set_row_height(technical, 24.0)?.set_row_height(heading, 45.0)?;
        for (column, about) in self.described() {
            write_text(sheet, technical, column, &about.name, &formats.technical)?;
        }
        for (column, about) in self.described() {
            write_text(sheet, heading, column, &words.column(&about.name), &formats.heading)?;
        }
        let last = self.write_rows(sheet, first, formats)?;
        self.dress(sheet, heading, last, words)
    }

    /// The result is the last row of the table: its heading when it is empty.
    fn write_rows(&self, sheet: &mut Worksheet, first: u32, formats: &Formats) -> Written<u32> {
        for (column, about) in self.described() {
            sheet.set_column_format(column, formats.of(about))?;
        }
        let mut last = first - 1;
        for (line, row) in (first..).zip(&self.rows) {
            for ((column, about), place) in self.described().zip(&self.columns) {
                let value = self.mart.value(*place, *row);
                match formats.of_axis(self.mart, about, *row) {
                    Some(format) => write_value(sheet, line, column, &value, format)?,
                    None => write_in_column(sheet, line, column, &value)?,
                }
            }
            last = line;
        }
        Ok(last)
    }

    /// Filter, frozen heading, widths, colours, paper.
    fn dress(&self, sheet: &mut Worksheet, heading: u32, last: u32, words: Words) -> Written {
        for (column, about) in self.described() {
            sheet.set_column_width(column, self.width(about, words))?;
            colour_words(sheet, &about.name, column, heading + 1, last)?;
        }
        if let Some((column, _)) = self.described().last() {
            sheet.autofilter(heading, 0, last, column)?;
        }
        sheet.set_freeze_panes(heading + 1, 2)?.set_repeat_rows(heading, heading)?;
        sheet.set_landscape().set_paper_size(9);
        Ok(())
    }

    /// The columns of the sheet with what the contract says of them.
    fn described(&self) -> impl Iterator<Item = (u16, &ContractColumn)> {
        (0..).zip(self.columns.iter().filter_map(|place| self.mart.columns.get(*place)))
    }

    /// Wide enough for the longest word of the heading and for the values.
    fn width(&self, column: &ContractColumn, words: Words) -> f64 {
        let longest_word = words.column(&column.name).split_whitespace().map(letters).max().unwrap_or_default() + 3;
        let values = match column.kind {
            ColumnType::Text => self.longest_text(&column.name).min(60) + 2,
            ColumnType::Money => 16,
            ColumnType::Number | ColumnType::Date => 12,
            ColumnType::Integer | ColumnType::Boolean => 10,
        };
        longest_word.min(24).max(values) as f64
    }

    fn longest_text(&self, column: &str) -> usize {
        let texts = self.rows.iter().take(WIDTH_ROWS).filter_map(|row| self.mart.text(column, *row));
        texts.map(letters).max().unwrap_or_default()
    }
}

/// Writes lines of a label and a text; the result is the row after them, one left free.
pub(super) fn write_facts(
    sheet: &mut Worksheet,
    first: u32,
    facts: &[(String, String)],
    formats: &Formats,
) -> Written<u32> {
    let mut next = first;
    for (label, text) in facts {
        write_text(sheet, next, 0, label, &formats.strong)?;
        write_text(sheet, next, 1, text, &formats.text)?;
        next += 1;
    }
    Ok(if facts.is_empty() { next } else { next + 1 })
}

/// The width of text in letters; those of Chinese, Japanese and Korean take two.
pub(super) fn letters(text: &str) -> usize {
    text.chars().map(|letter| if letter >= '\u{1100}' { 2 } else { 1 }).sum()
}

/// The places of the columns, leading ones first.
fn columns(mart: &Mart, leading: &[&str]) -> Vec<usize> {
    let mut places: Vec<usize> = leading.iter().filter_map(|name| mart.place(name)).collect();
    let others = mart.columns.iter().enumerate().filter(|(_, column)| column.name != LEFT_OUT);
    let others: Vec<usize> = others.map(|(place, _)| place).filter(|place| !places.contains(place)).collect();
    places.extend(others);
    places
}

/// Leaves at most `most` rows: the best ranks of every dealer, or else the first ones. The result, when rows had to go,
/// is the last rank that is left, if that was the measure.
fn cut(mart: &Mart, rows: &mut Vec<usize>, most: usize) -> Option<Option<i128>> {
    if rows.len() <= most {
        return None;
    }
    let mut ranks: Vec<i128> = rows.iter().filter_map(|row| mart.whole(RANK, *row)).collect();
    ranks.sort_unstable();
    let first_out = ranks.get(most).copied().filter(|rank| ranks.len() == rows.len() && *rank > 1);
    match first_out {
        Some(rank) => rows.retain(|row| mart.whole(RANK, *row) < Some(rank)),
        None => rows.truncate(most),
    }
    Some(first_out.map(|rank| rank - 1))
}

fn grain_note(mart: &Mart, rows: &[usize], words: Words) -> String {
    let as_of = rows.first().and_then(|row| match mart.named(LEFT_OUT, *row) {
        Value::Date(days) => Some(iso(days)),
        _ => None,
    });
    let as_of = as_of.map(|day| words.say("As of {}. ", "截至 {}。").replace("{}", &day)).unwrap_or_default();
    let grain = if mart.grain.is_empty() { String::new() } else { format!(" ({}: {})", mart.name, mart.grain) };
    let note = words.say("What each column means is on the sheet Definitions", "各列含义见“数据定义”工作表");
    format!("{as_of}{note}{grain}")
}

fn cut_note(mart: &Mart, shown: usize, all: usize, depth: Option<i128>, words: Words) -> String {
    let which = match depth {
        Some(rank) => {
            words.say("the first {} of every dealer", "每个经销商的前 {} 行").replace("{}", &rank.to_string())
        }
        None => words.say("the first ones", "最前面的行").to_owned(),
    };
    let note = words.say(
        "CUT: {shown} of {all} rows are here, {which}. All of them are in the table {table}.",
        "已截断：共 {all} 行，此处为 {shown} 行（{which}）。全部数据见表 {table}。",
    );
    note.replace("{shown}", &shown.to_string())
        .replace("{all}", &all.to_string())
        .replace("{which}", &which)
        .replace("{table}", &mart.name)
}

/// Says how many texts a cell cannot hold.
fn long_note(mart: &Mart, rows: &[usize], columns: &[usize], words: Words) -> Option<String> {
    let is_text = |place: &usize| mart.columns.get(*place).is_some_and(|column| column.kind == ColumnType::Text);
    let texts: Vec<usize> = columns.iter().copied().filter(is_text).collect();
    let is_long = |row: usize, place: usize| matches!(mart.value(place, row), Value::Text(text) if is_too_long(text));
    let count: usize = rows.iter().map(|row| texts.iter().filter(|place| is_long(*row, **place)).count()).sum();
    let note = words
        .say("CUT: {count} texts are longer than {longest} letters.", "已截断：{count} 个文本超过 {longest} 个字符。");
    (count > 0).then(|| note.replace("{count}", &count.to_string()).replace("{longest}", &LONGEST.to_string()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::publish::workbook::marts::Marts;
    use crate::publish::{TableWriter, samples};

    const SPEC: Spec =
        Spec { mart: "lines", english: "Lines", chinese: "行", leading: &["amount"], largest_first: Some("amount") };

    fn sheet_of(count: i64, most: usize) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = TableWriter::create(folder.path(), "lines", &samples::contract()).unwrap();
        writer.write(&samples::batch(&samples::rows(0..count)).unwrap()).unwrap();
        writer.finish().unwrap();
        let contracts = BTreeMap::from([("lines".to_owned(), samples::contract())]);
        let marts = Marts::read(folder.path(), &["lines"], &contracts).unwrap();
        let (mart, rows) = marts.part(None).mart("lines").unwrap();
        let sheet = TableSheet::with_most(&SPEC, mart, rows, Words::of("en"), most);
        let columns = sheet.described().map(|(_, column)| column.name.clone()).collect();
        (columns, sheet.notes)
    }

    #[test]
    fn leading_columns_come_first_and_the_others_follow() {
        assert_eq!(sheet_of(3, 10).0, ["amount", "dealer_id", "line", "note"]);
    }

    #[test]
    fn what_is_cut_is_said() {
        assert_eq!(sheet_of(3, 3).1.len(), 1);
        let notes = sheet_of(5, 3).1;
        assert_eq!(
            notes.last().unwrap(),
            "CUT: 3 of 5 rows are here, the first ones. All of them are in the table lines."
        );
    }
}
