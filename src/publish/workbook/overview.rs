//! The first sheet: key numbers, classes, what moved sales, regions, the largest moves.

use rust_xlsxwriter::{Format, Worksheet};

use crate::model::money::{Money, UNITS};
use crate::publish::workbook::cells::{Written, amount, write_text};
use crate::publish::workbook::charts::{ChartData, DRIVERS};
use crate::publish::workbook::formats::{CLASSES, Formats, colour_words};
use crate::publish::workbook::marts::{Mart, Part};
use crate::publish::workbook::words::Words;

/// Moves that are listed in each direction.
const MOVES: usize = 10;
/// Where the charts stand, and how many rows the upper one takes.
const CHARTS: u16 = 6;
const CHART_ROWS: u32 = 26;

/// What the overview is about: a title and a line below it.
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) line: String,
}

/// A number of the overview.
enum Figure {
    Money(Option<i128>),
    Count(Option<i128>),
    Share(Option<f64>),
    Ratio(Option<f64>),
}

/// A sheet that is written downwards.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    words: Words,
    next: u32,
}

/// Writes the sheet; `chart_sheet` is the one that will hold the numbers of the charts.
pub(super) fn write(
    sheet: &mut Worksheet,
    (part, heading): (&Part<'_>, &Heading),
    (charts, chart_sheet): (&ChartData, &str),
    formats: &Formats,
    words: Words,
) -> Written {
    write_text(sheet, 0, 0, &heading.title, &formats.title)?;
    write_text(sheet, 1, 0, &heading.line, &formats.note)?;
    for (column, width) in (0..).zip([34.0, 17.0, 17.0, 15.0, 15.0]) {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page { sheet: &mut *sheet, formats, words, next: 3 };
    if let Some((mart, rows)) = part.mart("dealer_scorecard") {
        page.key_figures(mart, &rows)?;
        page.classes(mart, &rows)?;
        page.drivers(part)?;
        if part.region.is_none() {
            page.regions(mart, &rows)?;
        }
        page.moves(mart, rows)?;
    }
    if let Some(map) = charts.map(chart_sheet, words) {
        sheet.insert_chart(3, CHARTS, &map)?;
    }
    if let Some(waterfall) = charts.waterfall(chart_sheet, words) {
        sheet.insert_chart(3 + CHART_ROWS, CHARTS, &waterfall)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    Ok(())
}

impl Page<'_> {
    fn key_figures(&mut self, mart: &Mart, rows: &[usize]) -> Written {
        let words = self.words;
        self.headings(&[
            words.say("Key figures", "关键指标"),
            words.say("Last 12 weeks", "最近12周"),
            words.say("Base", "基期"),
            words.say("Change", "变动"),
        ])?;
        let with_target: Vec<usize> =
            rows.iter().copied().filter(|row| mart.whole("target_12w", *row).is_some()).collect();
        let sum = |column: &str| mart.sum(rows, column);
        let pair = |name: &str| (sum(&format!("{name}_12w")), sum(&format!("{name}_base")));
        let covered = (sum("covered_outlets"), sum("covered_outlets_base"));
        let (sales, orders, active) = (pair("sales"), pair("orders"), pair("active_outlets"));
        let (value, returns, target) = (pair("order_value"), pair("returns"), mart.sum(&with_target, "target_12w"));
        let name = |column: &str| words.column(column);
        self.figure(&name("sales"), &Figure::Money(sales.0), &Figure::Money(sales.1))?;
        self.figure(&name("returns"), &Figure::Money(returns.0), &Figure::Money(returns.1))?;
        self.figure(&name("covered_outlets"), &Figure::Count(covered.0), &Figure::Count(covered.1))?;
        self.figure(&name("active_outlets"), &Figure::Count(active.0), &Figure::Count(active.1))?;
        let rates = (ratio(active.0, covered.0), ratio(active.1, covered.1));
        self.figure(&name("active_rate"), &Figure::Share(rates.0), &Figure::Share(rates.1))?;
        self.figure(&name("orders"), &Figure::Count(orders.0), &Figure::Count(orders.1))?;
        let rates = (ratio(orders.0, active.0), ratio(orders.1, active.1));
        self.figure(&name("orders_per_active_outlet"), &Figure::Ratio(rates.0), &Figure::Ratio(rates.1))?;
        let rates = (per_order(value.0, orders.0), per_order(value.1, orders.1));
        self.figure(&name("average_order_value"), &Figure::Ratio(rates.0), &Figure::Ratio(rates.1))?;
        let of_some = |column: &str| of_dealers(words, &name(column), with_target.len(), rows.len());
        self.figure(&of_some("target"), &Figure::Money(target), &Figure::Money(None))?;
        let attainment = ratio(mart.sum(&with_target, "sales_12w"), target);
        self.figure(&of_some("attainment"), &Figure::Share(attainment), &Figure::Share(None))?;
        self.figure(&name("sales_52w"), &Figure::Money(sum("sales_52w")), &Figure::Money(None))?;
        self.next += 1;
        Ok(())
    }

    fn classes(&mut self, mart: &Mart, rows: &[usize]) -> Written {
        let words = self.words;
        let sales = words.column("sales_12w");
        self.headings(&[
            words.say("Classes", "类别"),
            words.say("Dealers", "经销商数"),
            sales.as_str(),
            words.say("What to do", "怎么做"),
        ])?;
        let groups = mart.grouped(rows, "dealer_class");
        let first = self.next;
        for (class, _) in CLASSES {
            let Some(dealers) = groups.get(class) else { continue };
            write_text(self.sheet, self.next, 0, class, &self.formats.text)?;
            self.put(1, &Figure::Count(Some(dealers.len() as i128)))?;
            self.put(2, &Figure::Money(mart.sum(dealers, "sales_12w")))?;
            write_text(self.sheet, self.next, 3, what_to_do(class, words), &self.formats.note)?;
            self.next += 1;
        }
        colour_words(self.sheet, "dealer_class", 0, first, self.next.saturating_sub(1))?;
        self.next += 1;
        Ok(())
    }

    /// Every driver with its amount and its share of the base.
    fn drivers(&mut self, part: &Part<'_>) -> Written {
        let Some((mart, rows)) = part.mart("growth_drivers") else { return Ok(()) };
        let Some(base) = mart.sum(&rows, "sales_base") else { return Ok(()) };
        let words = self.words;
        self.headings(&[
            words.say("Why sales changed", "销售变动原因"),
            words.say("Amount", "金额"),
            words.say("Of the base", "占基期"),
        ])?;
        let shown = ["sales_base"].into_iter().chain(DRIVERS).chain(["sales_12w"]);
        for column in shown {
            let sum = mart.sum(&rows, column);
            write_text(self.sheet, self.next, 0, &words.column(column), &self.formats.text)?;
            self.put(1, &Figure::Money(sum))?;
            self.put(2, &Figure::Share(ratio(sum, Some(base))))?;
            self.next += 1;
        }
        self.next += 1;
        Ok(())
    }

    fn regions(&mut self, mart: &Mart, rows: &[usize]) -> Written {
        let words = self.words;
        let columns = ["sales_12w", "sales_growth", "active_rate", "attainment"].map(|name| words.column(name));
        let mut headings = vec![words.say("Regions", "大区")];
        headings.extend(columns.iter().map(String::as_str));
        self.headings(&headings)?;
        let mut regions: Vec<_> = mart.grouped(rows, "region").into_iter().collect();
        regions.sort_by_cached_key(|(_, rows)| std::cmp::Reverse(mart.sum(rows, "sales_12w")));
        for (region, rows) in regions {
            let sum = |column: &str| mart.sum(&rows, column);
            let (sales, base) = (sum("sales_12w"), sum("sales_base"));
            let with_target: Vec<usize> =
                rows.iter().copied().filter(|row| mart.whole("target_12w", *row).is_some()).collect();
            let attainment = ratio(mart.sum(&with_target, "sales_12w"), mart.sum(&with_target, "target_12w"));
            write_text(self.sheet, self.next, 0, region, &self.formats.text)?;
            self.put(1, &Figure::Money(sales))?;
            self.put(2, &Figure::Share(growth(sales, base)))?;
            self.put(3, &Figure::Share(ratio(sum("active_outlets_12w"), sum("covered_outlets"))))?;
            self.put(4, &Figure::Share(attainment))?;
            self.next += 1;
        }
        self.next += 1;
        Ok(())
    }

    fn moves(&mut self, mart: &Mart, rows: Vec<usize>) -> Written {
        let words = self.words;
        let change = |row: usize| Some(mart.whole("sales_12w", row)? - mart.whole("sales_base", row)?);
        let mut moved: Vec<(i128, usize)> = rows.into_iter().filter_map(|row| Some((change(row)?, row))).collect();
        moved.sort_by_key(|(change, row)| (std::cmp::Reverse(*change), *row));
        let up: Vec<_> = moved.iter().filter(|(change, _)| *change > 0).take(MOVES).copied().collect();
        let down: Vec<_> = moved.iter().rev().filter(|(change, _)| *change < 0).take(MOVES).copied().collect();
        let (gains, losses) = (words.say("Largest gains", "增长最多"), words.say("Largest losses", "下降最多"));
        let [name, sales, class] = ["dealer_name", "sales_12w", "dealer_class"].map(|column| words.column(column));
        for (title, listed) in [(gains, up), (losses, down)] {
            let change = words.say("Change", "变动");
            self.headings(&[title, name.as_str(), sales.as_str(), change, class.as_str()])?;
            let first = self.next;
            for (change, row) in listed {
                let text = |column: &str| mart.text(column, row).unwrap_or_default();
                write_text(self.sheet, self.next, 0, text("dealer_id"), &self.formats.text)?;
                write_text(self.sheet, self.next, 1, text("dealer_name"), &self.formats.text)?;
                self.put(2, &Figure::Money(mart.whole("sales_12w", row)))?;
                self.put(3, &Figure::Money(Some(change)))?;
                write_text(self.sheet, self.next, 4, text("dealer_class"), &self.formats.text)?;
                self.next += 1;
            }
            colour_words(self.sheet, "dealer_class", 4, first, self.next.saturating_sub(1))?;
            self.next += 1;
        }
        Ok(())
    }

    fn headings(&mut self, texts: &[&str]) -> Written {
        // Two lines, where a heading is long.
        self.sheet.set_row_height(self.next, 30.0)?;
        for (column, text) in (0..).zip(texts) {
            write_text(self.sheet, self.next, column, text, &self.formats.heading)?;
        }
        self.next += 1;
        Ok(())
    }

    /// A line of the key figures: now, then, and the relative change of amounts and counts.
    fn figure(&mut self, label: &str, now: &Figure, base: &Figure) -> Written {
        write_text(self.sheet, self.next, 0, label, &self.formats.text)?;
        self.put(1, now)?;
        self.put(2, base)?;
        if let (Figure::Money(now), Figure::Money(base)) | (Figure::Count(now), Figure::Count(base)) = (now, base) {
            self.put(3, &Figure::Share(growth(*now, *base)))?;
        }
        self.next += 1;
        Ok(())
    }

    /// Writes a number into the current row; one that is not known leaves the cell empty.
    fn put(&mut self, column: u16, figure: &Figure) -> Written {
        let formats = self.formats;
        let (number, format): (Option<f64>, &Format) = match figure {
            Figure::Money(units) => (units.map(|units| amount(Money(units))), &formats.money),
            Figure::Count(count) => (count.map(|count| count as f64), &formats.integer),
            Figure::Share(share) => (*share, &formats.share),
            Figure::Ratio(ratio) => (*ratio, &formats.number),
        };
        if let Some(number) = number.filter(|number| number.is_finite()) {
            self.sheet.write_number_with_format(self.next, column, number, format)?;
        }
        Ok(())
    }
}

fn ratio(part: Option<i128>, whole: Option<i128>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole != 0)?;
    Some(part? as f64 / whole as f64)
}

/// An amount in the currency for each order.
fn per_order(value: Option<i128>, orders: Option<i128>) -> Option<f64> {
    ratio(value, orders).map(|units| units / UNITS as f64)
}

/// The relative change; nothing where the base is not above zero.
fn growth(now: Option<i128>, base: Option<i128>) -> Option<f64> {
    let base = base.filter(|base| *base > 0)?;
    ratio(now.map(|now| now - base), Some(base))
}

/// A label that says of how many dealers its figure is, where it is not of all: such figures are no quotient of those above.
fn of_dealers(words: Words, name: &str, some: usize, all: usize) -> String {
    if some == all {
        return name.to_owned();
    }
    let label = words.say("{name} ({some} of {all} dealers)", "{name}（{all} 家经销商中的 {some} 家）");
    label.replace("{name}", name).replace("{some}", &some.to_string()).replace("{all}", &all.to_string())
}

fn what_to_do(class: &str, words: Words) -> &'static str {
    match class {
        "star" => words.say("keep, and learn from", "保持，总结经验"),
        "expand" => words.say("grow horizontally: new outlets", "横向增长：新网点"),
        "deepen" => words.say("grow vertically: more from present outlets", "纵向增长：深挖现有网点"),
        "fix" => words.say("diagnose first", "先诊断"),
        "new" => words.say("too new to rate", "时间太短，暂不评级"),
        _ => words.say("a measure is missing: see the reason", "缺少指标：见原因"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_of_some_dealers_says_of_how_many() {
        assert_eq!(of_dealers(Words::of("en"), "Target", 57, 60), "Target (57 of 60 dealers)");
        assert_eq!(of_dealers(Words::of("zh"), "目标", 57, 60), "目标（60 家经销商中的 57 家）");
        assert_eq!(of_dealers(Words::of("en"), "Target", 60, 60), "Target");
    }

    #[test]
    fn rates_of_nothing_are_unknown() {
        assert_eq!(ratio(Some(1), Some(0)), None);
        assert_eq!(ratio(None, Some(2)), None);
        assert_eq!(ratio(Some(1), Some(4)), Some(0.25));
        assert_eq!(growth(Some(30), Some(20)), Some(0.5));
        assert_eq!(growth(Some(30), Some(-20)), None);
        assert_eq!(per_order(Some(25_000), Some(2)), Some(1.25));
    }
}
