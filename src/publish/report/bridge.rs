//! From one amount to another in steps: a waterfall whose bars add up, in what is drawn and in what is written.

use serde::Serialize;

use crate::model::money::Money;
use crate::publish::report::figures::{signed_units, units, whole_units};

/// An amount at one end.
#[derive(Debug)]
pub(super) struct End {
    pub(super) label: String,
    /// The colour.
    pub(super) kind: &'static str,
}

/// One change on the way.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) label: String,
    pub(super) hint: Option<String>,
    pub(super) change: Money,
    /// The colour; absent: by the sign.
    pub(super) kind: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct BridgeRow {
    pub(super) label: String,
    pub(super) hint: Option<String>,
    pub(super) kind: &'static str,
    /// In thousandths of the width.
    pub(super) start: String,
    pub(super) width: String,
    pub(super) value: String,
    /// With all its decimals, for machines.
    pub(super) exact: String,
}

#[derive(Debug)]
pub(super) struct Bridge {
    pub(super) rows: Vec<BridgeRow>,
    /// Where the bars begin: above zero when the changes would be too small to see.
    pub(super) begin: Money,
}

struct Scale {
    begin: Money,
    end: Money,
}

impl Bridge {
    /// The last amount is the first one with all steps added.
    pub(super) fn new(first: End, amount: Money, steps: Vec<Step>, last: End) -> Self {
        let mut levels = vec![amount];
        for step in &steps {
            levels.push(levels.last().copied().unwrap_or_default() + step.change);
        }
        let now = levels.last().copied().unwrap_or_default();
        let scale = Scale::new(&levels);
        let mut rows = vec![scale.end_row(first, amount)];
        for (step, (from, to)) in steps.into_iter().zip(levels.iter().zip(levels.iter().skip(1))) {
            rows.push(scale.step_row(step, *from, *to));
        }
        rows.push(scale.end_row(last, now));
        Self { rows, begin: scale.begin }
    }
}

impl Scale {
    fn new(levels: &[Money]) -> Self {
        let low = levels.iter().min().map_or(0, |level| level.0);
        let high = levels.iter().max().map_or(0, |level| level.0);
        let is_narrow = low > 0 && (high - low) * 2 < high;
        let begin = if is_narrow { (low - (high - low) / 2).max(0) } else { low.min(0) };
        Self { begin: Money(begin), end: Money(high.max(0)) }
    }

    fn at(&self, level: Money) -> f64 {
        let room = self.end.0 - self.begin.0;
        if room > 0 { (level.0.max(self.begin.0) - self.begin.0) as f64 / room as f64 * 1000.0 } else { 0.0 }
    }

    fn bar(&self, from: Money, to: Money) -> (String, String) {
        let (from, to) = (self.at(from), self.at(to));
        (format!("{:.1}", from.min(to)), format!("{:.1}", (from - to).abs().max(1.5)))
    }

    fn end_row(&self, end: End, amount: Money) -> BridgeRow {
        let (start, width) = self.bar(Money(0), amount);
        let (value, exact) = (units(whole_units(amount)), amount.plain());
        BridgeRow { label: end.label, hint: None, kind: end.kind, start, width, value, exact }
    }

    /// Written is the difference of the two written levels, so rounding never breaks the sum.
    fn step_row(&self, step: Step, from: Money, to: Money) -> BridgeRow {
        let by_sign = match step.change.0.signum() {
            1 => "gain",
            -1 => "loss",
            _ => "rest",
        };
        let (start, width) = self.bar(from, to);
        let value = signed_units(whole_units(to) - whole_units(from));
        let kind = step.kind.unwrap_or(by_sign);
        BridgeRow { label: step.label, hint: step.hint, kind, start, width, value, exact: step.change.plain() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bridge(amount: i128, changes: &[i128]) -> Bridge {
        let end = |label: &str| End { label: label.to_owned(), kind: "past" };
        let step = |change: &i128| Step { label: String::new(), hint: None, change: Money(*change), kind: None };
        Bridge::new(end("base"), Money(amount), changes.iter().map(step).collect(), end("now"))
    }

    fn shown(row: &BridgeRow) -> i64 {
        row.value.replace([',', '+'], "").parse().unwrap()
    }

    #[test]
    fn bars_add_up_exactly_and_as_written() {
        // Halves of a unit that would each be rounded up on their own.
        let bridge = bridge(10_000, &[5_000, 5_000, 5_000, -2_500, 7_777, 0]);
        let (first, last) = (&bridge.rows[0], &bridge.rows[bridge.rows.len() - 1]);
        let steps = &bridge.rows[1..bridge.rows.len() - 1];
        let exact = |row: &BridgeRow| Money::from_decimal_text(&row.exact).unwrap();
        assert_eq!(exact(first) + steps.iter().map(exact).sum::<Money>(), exact(last));
        assert_eq!(shown(first) + steps.iter().map(shown).sum::<i64>(), shown(last));
        assert_eq!(
            bridge.rows.iter().map(|row| row.kind).collect::<Vec<_>>(),
            ["past", "gain", "gain", "gain", "loss", "gain", "rest", "past"]
        );
    }

    #[test]
    fn bars_end_where_the_next_one_starts() {
        let bridge = bridge(10_000, &[10_000, -5_000]);
        let at = |row: usize| {
            (bridge.rows[row].start.parse::<f64>().unwrap(), bridge.rows[row].width.parse::<f64>().unwrap())
        };
        assert_eq!((at(0), at(1), at(2), at(3)), ((0.0, 500.0), (500.0, 500.0), (750.0, 250.0), (0.0, 750.0)));
        assert_eq!(bridge.begin, Money(0));
    }

    #[test]
    fn small_changes_are_seen_and_negative_amounts_drawn() {
        assert_eq!(bridge(1_000_000, &[10_000]).begin, Money(995_000));
        let below = bridge(-10_000, &[20_000]);
        assert_eq!(
            (below.begin, below.rows[1].start.as_str(), below.rows[1].width.as_str()),
            (Money(-10_000), "0.0", "1000.0")
        );
        assert_eq!(bridge(0, &[]).rows.len(), 2);
    }
}
