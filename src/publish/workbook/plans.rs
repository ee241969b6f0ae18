//! A sheet for each dealer to print, to agree on and to sign.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Worksheet};

use crate::model::money::Money;
use crate::publish::workbook::cells::{Written, iso, write_money, write_text, write_value};
use crate::publish::workbook::formats::Formats;
use crate::publish::workbook::marts::{Mart, Part, Value};
use crate::publish::workbook::table::letters;
use crate::publish::workbook::words::Words;

/// Sheets to print that a workbook holds at most: of a region, of the company. Nobody leafs through more tabs.
const MOST_IN_REGION: usize = 250;
const MOST_IN_COMPANY: usize = 30;
/// Columns of the page.
const WIDTHS: [f64; 7] = [30.0, 15.0, 15.0, 15.0, 15.0, 15.0, 15.0];
const LAST: u16 = 6;
/// The scenario that is split by channel and period.
const SCENARIO: &str = "goal";
/// Columns of growth_goals that the head of the page says, or that stand below the figures.
const NOT_FIGURES: [&str; 7] = ["as_of", "dealer_id", "dealer_name", "region", "scenario", "reason", "comparison_base"];
/// Parts of the plan that are summed below it.
const PARTS: [&str; 3] = ["vertical_value", "horizontal_value", "remaining_value"];
/// Ruled lines for what is agreed.
const LINES: u32 = 4;
/// Opportunities that are listed: the mart, how many, what names a row, and what says of which kind it is.
const LEVERS: [(&str, usize, &[&str], &str); 3] = [
    ("vertical_opportunities", 6, &["outlet_name", "outlet_id"], "lever"),
    ("horizontal_opportunities", 3, &["territory", "channel"], "kind"),
    ("range_gaps", 3, &["outlet_name", "outlet_id"], "category"),
];

/// Rows of a mart by dealer.
type ByDealer<'a> = BTreeMap<&'a str, Vec<usize>>;

/// All that plan sheets are made from.
pub(super) struct Plans<'a> {
    goals: (&'a Mart, ByDealer<'a>),
    plan: Option<(&'a Mart, ByDealer<'a>)>,
    levers: Vec<(&'a Mart, ByDealer<'a>, usize)>,
    /// The dealers that get a sheet, sorted, and how many there are.
    pub(super) dealers: Vec<&'a str>,
    all: usize,
}

impl<'a> Plans<'a> {
    /// Nothing when the run has no goals.
    pub(super) fn of(part: &Part<'a>) -> Option<Self> {
        let by_dealer = |name: &str| {
            let (mart, rows) = part.mart(name)?;
            let grouped = mart.grouped(&rows, "dealer_id");
            Some((mart, grouped))
        };
        let goals = by_dealer("growth_goals")?;
        let levers = (0..).zip(LEVERS).filter_map(|(place, (name, ..))| {
            let (mart, rows) = by_dealer(name)?;
            Some((mart, rows, place))
        });
        let most = if part.region.is_some() { MOST_IN_REGION } else { MOST_IN_COMPANY };
        let mut dealers: Vec<(&str, Option<i128>)> =
            goals.1.iter().map(|(dealer, rows)| (*dealer, largest(goals.0, rows, "sales_12w"))).collect();
        let all = dealers.len();
        dealers.sort_by_key(|(_, sales)| std::cmp::Reverse(*sales));
        let mut dealers: Vec<&str> = dealers.into_iter().take(most).map(|(dealer, _)| dealer).collect();
        dealers.sort_unstable();
        let levers = levers.collect();
        Some(Self { goals, plan: by_dealer("growth_plan"), levers, dealers, all })
    }

    /// Says which dealers have a sheet, when not all of them have one.
    pub(super) fn note(&self, words: Words) -> Option<String> {
        let note = words.say(
            "CUT: sheets to print are here for the {shown} dealers with the largest sales of {all}; \
             the workbook of a region has more of its own.",
            "已截断：共 {all} 个经销商，此处仅含销售额最大的 {shown} 个的打印页；各大区的工作簿中有更多。",
        );
        let (shown, all) = (self.dealers.len(), self.all);
        (shown < all).then(|| note.replace("{shown}", &shown.to_string()).replace("{all}", &all.to_string()))
    }

    /// Writes the sheet of one dealer.
    pub(super) fn write(&self, dealer: &str, sheet: &mut Worksheet, formats: &Formats, words: Words) -> Written {
        for (column, width) in (0..).zip(WIDTHS) {
            sheet.set_column_width(column, width)?;
        }
        let mut page = Page { sheet: &mut *sheet, formats, words, next: 0 };
        if let Some(rows) = self.goals.1.get(dealer) {
            page.head(self.goals.0, dealer, rows)?;
            page.figures(self.goals.0, rows)?;
        }
        if let Some((mart, by_dealer)) = &self.plan
            && let Some(rows) = by_dealer.get(dealer)
        {
            page.split(mart, rows)?;
        }
        for (mart, by_dealer, place) in &self.levers {
            if let (Some(rows), Some(listed)) = (by_dealer.get(dealer), LEVERS.get(*place)) {
                page.levers(mart, rows, *listed)?;
            }
        }
        page.signatures()?;
        sheet.set_portrait().set_paper_size(9).set_print_fit_to_pages(1, 1).set_print_center_horizontally(true);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3).set_screen_gridlines(false);
        sheet.set_footer("&R&P / &N");
        Ok(())
    }
}

/// A page that is written downwards.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    formats: &'a Formats,
    words: Words,
    next: u32,
}

impl Page<'_> {
    fn head(&mut self, goals: &Mart, dealer: &str, rows: &[usize]) -> Written {
        let words = self.words;
        let first = rows.first().copied().unwrap_or_default();
        let name = goals.text("dealer_name", first).filter(|name| *name != dealer);
        let title = words.say("Plan for the next 12 weeks", "未来12周计划");
        let who = name.map_or(dealer.to_owned(), |name| format!("{dealer}  {name}"));
        write_text(self.sheet, self.next, 0, title, &self.formats.title)?;
        write_text(self.sheet, self.next + 1, 0, &who, &self.formats.section)?;
        let region = goals.text("region", first).map(|region| format!("{}: {region}", words.column("region")));
        let as_of = match goals.named("as_of", first) {
            Value::Date(days) => Some(format!("{}: {}", words.column("as_of"), iso(days))),
            _ => None,
        };
        let line: Vec<String> = region.into_iter().chain(as_of).collect();
        write_text(self.sheet, self.next + 2, 0, &line.join("   "), &self.formats.note)?;
        self.next += 4;
        Ok(())
    }

    /// Every figure of the goals, a column for each scenario, and the reason below.
    fn figures(&mut self, goals: &Mart, rows: &[usize]) -> Written {
        let words = self.words;
        let mut headings = vec![words.say("Goal", "目标")];
        headings.extend(rows.iter().map(|row| goals.text("scenario", *row).unwrap_or_default()));
        self.headings(&headings)?;
        for (place, column) in goals.columns.iter().enumerate() {
            if NOT_FIGURES.contains(&column.name.as_str()) {
                continue;
            }
            write_text(self.sheet, self.next, 0, &words.column(&column.name), &self.formats.text)?;
            for (to, row) in (1..=LAST).zip(rows) {
                let format = self.formats.of_cell(goals, column, *row);
                write_value(self.sheet, self.next, to, &goals.value(place, *row), format)?;
            }
            self.next += 1;
        }
        for row in rows {
            if let Some(reason) = goals.text("reason", *row) {
                self.paragraph(0, reason)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    /// The plan by channel and period with its sums, which are those of the amounts shown.
    fn split(&mut self, plan: &Mart, rows: &[usize]) -> Written {
        let words = self.words;
        let is_goal = |row: &usize| plan.text("scenario", *row).is_none_or(|scenario| scenario == SCENARIO);
        let rows: Vec<usize> = rows.iter().copied().filter(is_goal).collect();
        let mut periods: BTreeMap<i128, Vec<usize>> = BTreeMap::new();
        for row in &rows {
            periods.entry(plan.whole("period", *row).unwrap_or_default()).or_default().push(*row);
        }
        let mut headings = vec![words.say("By channel and period", "按渠道和期次").to_owned()];
        headings.extend(periods.iter().map(|(period, rows)| period_name(plan, *period, rows)));
        headings.push(words.say("Sum", "合计").to_owned());
        self.headings(&headings.iter().map(String::as_str).collect::<Vec<_>>())?;
        let formats = self.formats;
        for (channel, of_channel) in plan.grouped(&rows, "channel") {
            write_text(self.sheet, self.next, 0, channel, &formats.text)?;
            self.sums(plan, &of_channel, &periods, "planned_sales", &formats.money)?;
        }
        write_text(self.sheet, self.next, 0, words.say("Sum", "合计"), &formats.total_text)?;
        self.sums(plan, &rows, &periods, "planned_sales", &formats.total)?;
        for part in PARTS {
            if plan.place(part).is_some() {
                write_text(self.sheet, self.next, 0, &words.column(part), &formats.note)?;
                self.sums(plan, &rows, &periods, part, &formats.money)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    /// A line of sums: one for each period, then all of them.
    fn sums(
        &mut self,
        plan: &Mart,
        rows: &[usize],
        periods: &BTreeMap<i128, Vec<usize>>,
        column: &str,
        format: &Format,
    ) -> Written {
        let of_period = periods.values().map(|members| {
            let shared: Vec<usize> = rows.iter().copied().filter(|row| members.contains(row)).collect();
            plan.sum(&shared, column)
        });
        for (to, sum) in (1..=LAST).zip(of_period.chain([plan.sum(rows, column)])) {
            write_money(self.sheet, self.next, to, Money(sum.unwrap_or_default()), format)?;
        }
        self.next += 1;
        Ok(())
    }

    /// The best opportunities of the dealer with their reasons.
    fn levers(
        &mut self,
        mart: &Mart,
        rows: &[usize],
        (name, most, names, kind): (&str, usize, &[&str], &str),
    ) -> Written {
        let words = self.words;
        let title = match name {
            "vertical_opportunities" => words.say("More from present outlets", "深挖现有网点"),
            "horizontal_opportunities" => words.say("New outlets", "开拓新网点"),
            _ => words.say("What to offer", "可推荐品类"),
        };
        // A cell that another dealer leads is not this one's to open, and in no sum of the page.
        let is_own = |row: &usize| mart.named("is_lead", *row) != Value::Boolean(false);
        let mut best: Vec<usize> = rows.iter().copied().filter(is_own).collect();
        if best.is_empty() {
            return Ok(());
        }
        mart.largest_first(&mut best, "expected_value");
        best.truncate(most);
        let [kind_name, value, reason] = [kind, "expected_value", "reason"].map(|column| words.column(column));
        self.headings(&[title, kind_name.as_str(), value.as_str(), reason.as_str(), "", "", ""])?;
        for row in best {
            let parts: Vec<&str> = names.iter().filter_map(|name| mart.text(name, row)).collect();
            write_text(self.sheet, self.next, 0, &parts.join(", "), &self.formats.wrapped)?;
            write_text(self.sheet, self.next, 1, mart.text(kind, row).unwrap_or_default(), &self.formats.wrapped)?;
            write_value(self.sheet, self.next, 2, &mart.named("expected_value", row), &self.formats.money)?;
            self.paragraph(3, mart.text("reason", row).unwrap_or_default())?;
        }
        self.next += 1;
        Ok(())
    }

    /// Lines to write on, and who signs.
    fn signatures(&mut self) -> Written {
        let words = self.words;
        self.headings(&[words.say("Agreed steps", "约定事项"), "", "", "", "", "", ""])?;
        for _ in 0..LINES {
            self.sheet.set_row_height(self.next, 24.0)?;
            self.rule(0, LAST)?;
            self.next += 1;
        }
        self.next += 1;
        for who in [words.say("Dealer", "经销商"), words.say("Regional manager", "大区经理")] {
            self.sheet.set_row_height(self.next, 30.0)?;
            write_text(self.sheet, self.next, 0, who, &self.formats.strong)?;
            self.rule(1, 3)?;
            write_text(self.sheet, self.next, 4, words.say("Date", "日期"), &self.formats.strong)?;
            self.rule(5, LAST)?;
            self.next += 1;
        }
        Ok(())
    }

    fn rule(&mut self, first: u16, last: u16) -> Written {
        for column in first..=last {
            self.sheet.write_blank(self.next, column, &self.formats.line)?;
        }
        Ok(())
    }

    /// Text from a column to the edge of the page, as high as it needs; the next row follows.
    fn paragraph(&mut self, first: u16, text: &str) -> Written {
        let width: f64 = WIDTHS.iter().skip(usize::from(first)).sum();
        let lines = (letters(text) as f64 / width).ceil().clamp(1.0, 12.0);
        let formats = self.formats;
        let format = if first == 0 { &formats.wrapped } else { &formats.indented };
        self.sheet.set_row_height(self.next, 15.0 * lines + 3.0)?;
        self.sheet.merge_range(self.next, first, self.next, LAST, "", format)?;
        write_text(self.sheet, self.next, first, text, format)?;
        self.next += 1;
        Ok(())
    }

    fn headings(&mut self, texts: &[&str]) -> Written {
        let is_long = texts.iter().zip(WIDTHS).any(|(text, width)| letters(text) as f64 > width - 2.0);
        self.sheet.set_row_height(self.next, if is_long { 32.0 } else { 18.0 })?;
        for (column, text) in (0..=LAST).zip(texts) {
            write_text(self.sheet, self.next, column, text, &self.formats.heading)?;
        }
        self.next += 1;
        Ok(())
    }
}

/// `1: 2026-01-01 - 2026-01-28`, as far as it is known.
fn period_name(plan: &Mart, period: i128, rows: &[usize]) -> String {
    let first = rows.first().copied().unwrap_or_default();
    match (plan.named("starts_on", first), plan.named("ends_on", first)) {
        (Value::Date(start), Value::Date(end)) => format!("{period}: {} - {}", iso(start), iso(end)),
        _ => period.to_string(),
    }
}

fn largest(mart: &Mart, rows: &[usize], column: &str) -> Option<i128> {
    rows.iter().filter_map(|row| mart.whole(column, *row)).max()
}
