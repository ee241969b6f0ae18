//! The two charts of the overview, and the sheet that holds their numbers.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartSolidFill, ChartType, Worksheet,
};

use crate::model::money::Money;
use crate::publish::workbook::cells::{Written, amount, write_money, write_text};
use crate::publish::workbook::formats::{CLASSES, Formats};
use crate::publish::workbook::marts::Part;
use crate::publish::workbook::words::Words;

/// The first row below the headings.
const FIRST: u32 = 4;
/// Columns of the map: class, dealer, name, coverage, performance, sales.
const COVERAGE: u16 = 3;
const PERFORMANCE: u16 = 4;
/// Columns of the two lines of the map: along and up, for each.
const LINES: u16 = 7;
/// Columns of the waterfall: the step, its amount, then one for each of [`PIECES`].
const STEP: u16 = 12;

const RISE: u32 = 0x2E_9E6B;
const FALL: u32 = 0xC9_3C4B;
const TOTAL: u32 = 0x2F_4B7C;
const GREY: u32 = 0x80_8790;
const PALE: u32 = 0xD9_DCE1;
/// Pieces of a bar from the axis outwards, with their colour; the first is not seen. A bar that crosses zero has two.
const PIECES: [(&str, &str, Option<u32>); 6] = [
    ("Below the step", "台阶之下", None),
    ("Total", "合计", Some(TOTAL)),
    ("More", "增加", Some(RISE)),
    ("Less", "减少", Some(FALL)),
    ("More, below zero", "增加（零以下）", Some(RISE)),
    ("Less, below zero", "减少（零以下）", Some(FALL)),
];

/// The drivers from the base to now, as growth_drivers names them.
pub(super) const DRIVERS: [&str; 7] =
    ["coverage_effect", "activity_effect", "frequency_effect", "ticket_effect", "entered", "exited", "returns_effect"];

/// A dealer on the map. Both axes are relative to the dealer's threshold, as peers differ: 1 lies on it.
struct Dot {
    class: &'static str,
    dealer_id: String,
    name: String,
    coverage: f64,
    performance: f64,
    sales: Money,
}

/// One bar of the waterfall.
#[derive(Debug, PartialEq)]
struct Step {
    label: String,
    amount: Money,
    pieces: [Money; 6],
}

/// The numbers behind the charts.
pub(super) struct ChartData {
    dots: Vec<Dot>,
    steps: Vec<Step>,
}

impl ChartData {
    pub(super) fn of(part: &Part<'_>, words: Words) -> Self {
        Self { dots: dots(part), steps: waterfall(part, words).unwrap_or_default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dots.is_empty() && self.steps.is_empty()
    }

    /// The map of all rated dealers, coloured by class, with the thresholds as lines; its numbers are on `sheet`.
    pub(super) fn map(&self, sheet: &str, words: Words) -> Option<Chart> {
        if self.dots.is_empty() {
            return None;
        }
        let mut chart = Chart::new(ChartType::Scatter);
        for (class, color) in CLASSES {
            let Some((first, last)) = self.rows_of(class) else { continue };
            let mut fill = ChartSolidFill::new();
            fill.set_color(color);
            let mut marker = ChartMarker::new();
            marker.set_type(ChartMarkerType::Circle).set_size(8);
            marker.set_format(ChartFormat::new().set_solid_fill(&fill).set_no_border());
            let series = chart.add_series();
            series.set_name(class).set_marker(&marker);
            series.set_categories((sheet, first, COVERAGE, last, COVERAGE));
            series.set_values((sheet, first, PERFORMANCE, last, PERFORMANCE));
        }
        for column in [LINES, LINES + 2] {
            let mut line = ChartLine::new();
            line.set_color(GREY).set_width(1.25).set_dash_type(ChartLineDashType::Dash);
            let series = chart.add_series();
            series.set_name(words.say("Threshold", "阈值"));
            series.set_categories((sheet, FIRST, column, FIRST + 1, column));
            series.set_values((sheet, FIRST, column + 1, FIRST + 1, column + 1));
            series.set_marker(ChartMarker::new().set_none());
            series.set_format(ChartFormat::new().set_line(&line)).delete_from_legend(true);
        }
        chart.title().set_name(words.say("Coverage and performance of every dealer", "各经销商覆盖与业绩"));
        chart.x_axis().set_name(words.say("Coverage, 100 % = threshold", "覆盖（100% = 阈值）")).set_num_format("0%");
        chart.x_axis().set_min(0.0).set_label_position(ChartAxisLabelPosition::Low);
        chart.y_axis().set_name(words.say("Performance, 100 % = threshold", "业绩（100% = 阈值）"));
        chart.y_axis().set_num_format("0%").set_label_position(ChartAxisLabelPosition::Low).set_major_gridlines(false);
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.set_width(760).set_height(480).set_alt_text(words.say(
            "Each dot is a dealer: coverage to the right, performance upwards, both against the dealer's threshold.",
            "每个点是一个经销商：横轴为覆盖，纵轴为业绩，均相对于该经销商的阈值。",
        ));
        Some(chart)
    }

    /// What moved sales from the base to now; its numbers are on `sheet`.
    pub(super) fn waterfall(&self, sheet: &str, words: Words) -> Option<Chart> {
        if self.steps.is_empty() {
            return None;
        }
        let last = FIRST + self.steps.len() as u32 - 1;
        let mut chart = Chart::new(ChartType::ColumnStacked);
        for (column, (english, chinese, color)) in (STEP + 2..).zip(PIECES) {
            let mut format = ChartFormat::new();
            match color {
                Some(color) => format.set_solid_fill(ChartSolidFill::new().set_color(color)),
                None => format.set_no_fill(),
            };
            let series = chart.add_series();
            series.set_name(words.say(english, chinese)).set_gap(40).set_format(format.set_no_border());
            series.set_categories((sheet, FIRST, STEP, last, STEP));
            series.set_values((sheet, FIRST, column, last, column));
            series.delete_from_legend(color.is_none() || column > STEP + 5);
        }
        chart.title().set_name(words.say("Why sales changed", "销售变动原因"));
        chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
        chart.y_axis().set_num_format("#,##0").set_major_gridlines_line(ChartLine::new().set_color(PALE));
        if let Some(least) = self.axis_start() {
            let name = words.say("Net sales (the axis does not begin at 0)", "净销售额（纵轴不从 0 开始）");
            chart.y_axis().set_min(least).set_name(name);
        }
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.set_width(760).set_height(420).set_alt_text(words.say(
            "Bars from the sales of the base window over the seven drivers to the sales of the current window.",
            "从基期销售额经七个动因到本期销售额的柱形。",
        ));
        Some(chart)
    }

    /// Writes the numbers.
    pub(super) fn write(&self, sheet: &mut Worksheet, formats: &Formats, words: Words) -> Written {
        write_text(sheet, 0, 0, words.say("Chart data", "图表数据"), &formats.title)?;
        let note = words.say("The charts of the first sheet show these numbers.", "首个工作表中的图表取自这些数据。");
        write_text(sheet, 1, 0, note, &formats.note)?;
        self.write_dots(sheet, formats, words)?;
        self.write_lines(sheet, formats)?;
        self.write_steps(sheet, formats, words)
    }

    fn write_dots(&self, sheet: &mut Worksheet, formats: &Formats, words: Words) -> Written {
        let headings = [
            words.column("dealer_class"),
            words.column("dealer_id"),
            words.column("dealer_name"),
            words.say("Coverage / threshold", "覆盖 / 阈值").to_owned(),
            words.say("Performance / threshold", "业绩 / 阈值").to_owned(),
            words.column("sales_12w"),
        ];
        for (column, heading) in (0..).zip(&headings) {
            sheet.set_column_width(column, 16)?;
            write_text(sheet, FIRST - 1, column, heading, &formats.heading)?;
        }
        for (row, dot) in (FIRST..).zip(&self.dots) {
            for (column, text) in (0..).zip([dot.class, dot.dealer_id.as_str(), dot.name.as_str()]) {
                write_text(sheet, row, column, text, &formats.text)?;
            }
            sheet.write_number_with_format(row, COVERAGE, dot.coverage, &formats.share)?;
            sheet.write_number_with_format(row, PERFORMANCE, dot.performance, &formats.share)?;
            write_money(sheet, row, PERFORMANCE + 1, dot.sales, &formats.money)?;
        }
        Ok(())
    }

    /// Upright through coverage 1, and level through performance 1.
    fn write_lines(&self, sheet: &mut Worksheet, formats: &Formats) -> Written {
        let most = |axis: fn(&Dot) -> f64| self.dots.iter().map(axis).fold(1.5, f64::max) * 1.05;
        let least = self.dots.iter().map(|dot| dot.performance).fold(0.0, f64::min);
        let ends = [[1.0, least, 0.0, 1.0], [1.0, most(|dot| dot.performance), most(|dot| dot.coverage), 1.0]];
        for (row, numbers) in (FIRST..).zip(ends) {
            for (column, number) in (LINES..).zip(numbers) {
                sheet.write_number_with_format(row, column, number, &formats.share)?;
            }
        }
        Ok(())
    }

    fn write_steps(&self, sheet: &mut Worksheet, formats: &Formats, words: Words) -> Written {
        let mut headings = vec![words.say("Step", "步骤"), words.say("Amount", "金额")];
        headings.extend(PIECES.map(|(english, chinese, _)| words.say(english, chinese)));
        for (column, heading) in (STEP..).zip(headings) {
            sheet.set_column_width(column, if column == STEP { 26 } else { 16 })?;
            write_text(sheet, FIRST - 1, column, heading, &formats.heading)?;
        }
        for (row, step) in (FIRST..).zip(&self.steps) {
            write_text(sheet, row, STEP, &step.label, &formats.text)?;
            for (column, money) in (STEP + 1..).zip([step.amount].into_iter().chain(step.pieces)) {
                write_money(sheet, row, column, money, &formats.money)?;
            }
        }
        Ok(())
    }

    /// The first and the last row of a class.
    fn rows_of(&self, class: &str) -> Option<(u32, u32)> {
        let first = self.dots.iter().position(|dot| dot.class == class)? as u32;
        let count = self.dots.iter().filter(|dot| dot.class == class).count() as u32;
        Some((FIRST + first, FIRST + first + count - 1))
    }

    /// Where the axis of the waterfall begins, so that small steps between large totals can be seen; nothing for 0.
    fn axis_start(&self) -> Option<f64> {
        let steps = self.steps.iter();
        let levels: Vec<f64> = steps.flat_map(|step| ends_of(&step.pieces)).map(amount).collect();
        let least = levels.iter().copied().min_by(f64::total_cmp)?;
        let most = levels.iter().copied().max_by(f64::total_cmp)?;
        let spread = most - least;
        if least <= 0.0 || spread <= 0.0 || spread > 0.5 * most {
            return None;
        }
        let round = 10_f64.powf(spread.log10().floor());
        let start = ((least - spread) / round).floor() * round;
        (start > 0.0).then_some(start)
    }
}

/// Where a bar of one piece above zero begins and ends.
fn ends_of([below, total, rise, fall, ..]: &[Money; 6]) -> [Money; 2] {
    let end = *below + *total + *rise + *fall;
    [if *total == Money(0) { *below } else { end }, end]
}

/// Dealers with both axes known, by class, so that each class is one range of rows.
fn dots(part: &Part<'_>) -> Vec<Dot> {
    let Some((mart, rows)) = part.mart("dealer_scorecard") else { return Vec::new() };
    let relative = |axis: &str, row: usize| {
        let value = mart.number(&format!("{axis}_value"), row)?;
        let threshold = mart.number(&format!("{axis}_threshold"), row).filter(|threshold| *threshold > 0.0)?;
        Some(value / threshold).filter(|relative| relative.is_finite())
    };
    let dot = |class: &'static str, row: usize| {
        let dealer_id = mart.text("dealer_id", row)?;
        Some(Dot {
            class,
            dealer_id: dealer_id.to_owned(),
            name: mart.text("dealer_name", row).unwrap_or(dealer_id).to_owned(),
            coverage: relative("coverage", row)?,
            performance: relative("performance", row)?,
            sales: Money(mart.whole("sales_12w", row).unwrap_or_default()),
        })
    };
    let mut dots = Vec::new();
    for (class, _) in CLASSES {
        let of_class = rows.iter().filter(|row| mart.text("dealer_class", **row) == Some(class));
        dots.extend(of_class.filter_map(|row| dot(class, *row)));
    }
    dots
}

/// Nothing without a comparison base.
fn waterfall(part: &Part<'_>, words: Words) -> Option<Vec<Step>> {
    let (mart, rows) = part.mart("growth_drivers")?;
    let (base, now) = (mart.sum(&rows, "sales_base")?, mart.sum(&rows, "sales_12w")?);
    let drivers = DRIVERS.map(|name| (words.column(name), mart.sum(&rows, name).unwrap_or_default()));
    Some(steps((words.column("sales_base"), base), &drivers, (words.column("sales_12w"), now)))
}

fn steps(base: (String, i128), drivers: &[(String, i128)], now: (String, i128)) -> Vec<Step> {
    let total = |(label, level): (String, i128)| {
        let pieces = [0, level, 0, 0, 0, 0].map(Money);
        Step { label, amount: Money(level), pieces }
    };
    let mut level = base.1;
    let mut steps = vec![total(base)];
    for (label, change) in drivers {
        let (low, high) = (level.min(level + change), level.max(level + change));
        let below = if low > 0 { low } else { high.min(0) };
        let (above_zero, below_zero) = (high.max(0) - low.max(0), low.min(0) - high.min(0));
        let pieces = if *change >= 0 {
            [below, 0, above_zero, 0, below_zero, 0]
        } else {
            [below, 0, 0, above_zero, 0, below_zero]
        };
        steps.push(Step { label: label.clone(), amount: Money(*change), pieces: pieces.map(Money) });
        level += change;
    }
    steps.push(total(now));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(base: i128, changes: &[i128], now: i128) -> Vec<[i128; 6]> {
        let drivers: Vec<_> = changes.iter().map(|change| (String::new(), *change)).collect();
        let steps = steps((String::new(), base), &drivers, (String::new(), now));
        steps.into_iter().map(|step| step.pieces.map(|piece| piece.0)).collect()
    }

    #[test]
    fn bars_stand_on_the_level_before_or_after() {
        assert_eq!(
            pieces(100, &[20, -30], 90),
            [[0, 100, 0, 0, 0, 0], [100, 0, 20, 0, 0, 0], [90, 0, 0, 30, 0, 0], [0, 90, 0, 0, 0, 0]]
        );
    }

    #[test]
    fn a_bar_across_zero_has_a_piece_on_each_side() {
        assert_eq!(
            pieces(10, &[-30, 5, 25], 10)[1..4],
            [[0, 0, 0, 10, 0, -20], [-15, 0, 0, 0, -5, 0], [0, 0, 10, 0, -15, 0]]
        );
    }

    #[test]
    fn the_axis_begins_near_the_steps_when_they_are_small() {
        let data = |base: i128, change: i128| ChartData {
            dots: Vec::new(),
            steps: steps((String::new(), base), &[(String::new(), change)], (String::new(), base + change)),
        };
        assert_eq!(data(10_000_000, 500_000).axis_start(), Some(950.0));
        assert_eq!(data(10_000_000, 9_000_000_000).axis_start(), None);
        assert_eq!(data(10_000_000, 0).axis_start(), None);
    }
}
