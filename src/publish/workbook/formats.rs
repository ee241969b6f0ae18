//! How cells look.

use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Format, FormatAlign, FormatBorder, Worksheet};

use crate::model::contract::{ColumnType, ContractColumn};
use crate::publish::workbook::cells::Written;
use crate::publish::workbook::marts::{Mart, Value};

/// Classes in the order in which they are shown, with the colour of their dots.
pub(super) const CLASSES: [(&str, u32); 6] = [
    ("star", 0x2E_9E6B),
    ("expand", 0x2F_6DB5),
    ("deepen", 0xE0_9F1F),
    ("fix", 0xC9_3C4B),
    ("new", 0x7E_6BB5),
    ("unrated", 0x9A_A0A6),
];
/// Words that colour their cell: the word, its background, its letters.
const COLOURED: [(&str, u32, u32); 9] = [
    ("star", 0xC6_EFCE, 0x00_6100),
    ("expand", 0xDD_EBF7, 0x1F_4E79),
    ("deepen", 0xFF_EB9C, 0x7F_4F00),
    ("fix", 0xFF_C7CE, 0x9C_0006),
    ("new", 0xE4_DFEC, 0x40_3151),
    ("unrated", 0xED_EDED, 0x40_4040),
    ("reachable", 0xC6_EFCE, 0x00_6100),
    ("stretch", 0xFF_EB9C, 0x7F_4F00),
    ("out_of_reach", 0xFF_C7CE, 0x9C_0006),
];
const COLOURED_COLUMNS: [&str; 3] = ["dealer_class", "previous_class", "reachability"];

const GREY: u32 = 0x6B_7280;
const HEADING: u32 = 0x1F_3A5F;
const LINE: u32 = 0x4B_5F80;

/// All formats of a workbook.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) note: Format,
    /// Text over several lines.
    pub(super) wrapped: Format,
    /// The same beside a number.
    pub(super) indented: Format,
    /// Names of columns as programs know them.
    pub(super) technical: Format,
    pub(super) heading: Format,
    pub(super) section: Format,
    pub(super) text: Format,
    pub(super) strong: Format,
    pub(super) integer: Format,
    pub(super) money: Format,
    pub(super) share: Format,
    pub(super) number: Format,
    pub(super) index: Format,
    pub(super) date: Format,
    pub(super) flag: Format,
    /// A sum below amounts.
    pub(super) total: Format,
    pub(super) total_text: Format,
    /// A line to write on.
    pub(super) line: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let plain = || Format::new().set_align(FormatAlign::Top);
        let numeric = |shown: &str| plain().set_num_format(shown);
        let money = "#,##0.00;[Red]-#,##0.00";
        let top = |format: Format| format.set_bold().set_border_top(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(14.0).set_font_color(HEADING),
            note: Format::new().set_font_color(GREY),
            wrapped: plain().set_text_wrap(),
            indented: plain().set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
            technical: plain().set_font_color(GREY).set_font_size(8.0).set_italic().set_text_wrap(),
            heading: Format::new()
                .set_bold()
                .set_font_color(0xFF_FFFF)
                .set_background_color(HEADING)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_border(FormatBorder::Thin)
                .set_border_color(LINE),
            section: Format::new().set_bold().set_font_size(12.0).set_font_color(HEADING),
            text: plain(),
            strong: plain().set_bold(),
            integer: numeric("#,##0;[Red]-#,##0"),
            money: numeric(money),
            share: numeric("0.0%;[Red]-0.0%"),
            number: numeric("#,##0.00;[Red]-#,##0.00"),
            index: numeric("0.000"),
            date: numeric("yyyy-mm-dd").set_align(FormatAlign::Center),
            flag: plain().set_align(FormatAlign::Center),
            total: top(numeric(money)),
            total_text: top(plain()),
            line: Format::new().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(GREY),
        }
    }

    /// The format of a column by its type and unit.
    pub(super) fn of(&self, column: &ContractColumn) -> &Format {
        match (column.kind, column.unit.as_deref()) {
            (ColumnType::Text, _) => &self.text,
            (ColumnType::Integer, _) => &self.integer,
            (ColumnType::Money, _) => &self.money,
            (ColumnType::Number, Some("share" | "probability")) => &self.share,
            (ColumnType::Number, Some("index 0-1")) => &self.index,
            (ColumnType::Number, _) if column.name.ends_with("probability") => &self.share,
            (ColumnType::Number, _) => &self.number,
            (ColumnType::Boolean, _) => &self.flag,
            (ColumnType::Date, _) => &self.date,
        }
    }

    /// The format of one cell.
    pub(super) fn of_cell(&self, mart: &Mart, column: &ContractColumn, row: usize) -> &Format {
        self.of_axis(mart, column, row).unwrap_or_else(|| self.of(column))
    }

    /// The format of one cell that does not follow from its column: what an axis of the classes is measured by differs
    /// from row to row.
    pub(super) fn of_axis(&self, mart: &Mart, column: &ContractColumn, row: usize) -> Option<&Format> {
        column.unit.as_deref().filter(|unit| unit.starts_with("share or"))?;
        let (axis, _) = column.name.split_once('_')?;
        Some(match mart.named(&format!("{axis}_metric"), row) {
            Value::Text("numeric_distribution" | "attainment") => &self.share,
            _ => &self.number,
        })
    }
}

/// Colours the classes in a column, also those that are typed in later.
pub(super) fn colour_words(sheet: &mut Worksheet, name: &str, column: u16, first: u32, last: u32) -> Written {
    if !COLOURED_COLUMNS.contains(&name) || last < first {
        return Ok(());
    }
    for (word, background, letters) in COLOURED {
        let format = Format::new().set_background_color(background).set_font_color(letters);
        let rule = ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::EqualTo(word)).set_format(format);
        sheet.add_conditional_format(first, column, last, column, &rule)?;
    }
    Ok(())
}
