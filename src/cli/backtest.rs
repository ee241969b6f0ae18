//! `dealerlens backtest`: whether past opportunities came true, as a table.

use std::io::{self, Write};

use crate::cli::args::BacktestArguments;
use crate::cli::cells::{decimal, money, percent, text};
use crate::cli::console::Console;
use crate::model::failure::Result;
use crate::pipeline;
use crate::publish::RenderedRow;

/// Prints what was predicted at earlier origins against what happened, and what naive methods would have said.
pub fn backtest(arguments: &BacktestArguments, console: &Console) -> Result<()> {
    let out = pipeline::refreshed(&arguments.output.read()?, &arguments.output.options())?;
    let rows = pipeline::backtest(&out)?;
    // Only dealerlens itself is there by decile.
    let is_shown = |row: &&RenderedRow| {
        let (is_pooled, scope) = (text(row, "is_pooled") == "true", text(row, "scope"));
        match arguments.origins {
            true => !is_pooled && scope == "listed",
            false => is_pooled && (scope == "decile") == arguments.deciles,
        }
    };
    let shown: Vec<&RenderedRow> = rows.iter().filter(is_shown).collect();
    console.write(|out| match shown.is_empty() {
        true => writeln!(out, "nothing to test yet: the history is too short to learn at one day and look 12 weeks on"),
        false => table(out, &shown),
    })
}

fn table(out: &mut dyn Write, rows: &[&RenderedRow]) -> io::Result<()> {
    writeln!(
        out,
        "{:<11} {:<16} {:<7} {:<11} {:>6} {:>7} {:>15} {:>15} {:>15} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8} {:>6}",
        "type",
        "method",
        "scope",
        "origin",
        "decile",
        "n",
        "predicted",
        "realised",
        "absolute error",
        "ratio",
        "from",
        "to",
        "calib.",
        "lift",
        "in 80 %",
        "stretch",
        "AUC"
    )?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row).trim_end()))?;
    writeln!(out, "\n{LEGEND}")
}

fn line(row: &RenderedRow) -> String {
    let origin = match text(row, "is_pooled").as_str() {
        "true" => format!("{} origins", text(row, "origins")),
        _ => text(row, "origin_ends_on"),
    };
    let decile = if text(row, "decile") == "0" { "all".to_owned() } else { text(row, "decile") };
    format!(
        "{:<11} {:<16} {:<7} {origin:<11} {decile:>6} {:>7} {:>15} {:>15} {:>15} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8} {:>6}",
        text(row, "opportunity_type"),
        text(row, "method"),
        text(row, "scope"),
        text(row, "predictions"),
        money(row, "predicted"),
        money(row, "realised"),
        money(row, "absolute_error"),
        decimal(row, "realised_to_predicted"),
        decimal(row, "ratio_low"),
        decimal(row, "ratio_high"),
        decimal(row, "realised_to_calibrated"),
        decimal(row, "top_decile_lift"),
        percent(row, "interval_coverage"),
        percent(row, "share_above_stretch"),
        decimal(row, "area_under_curve"),
    )
}

const LEGEND: &str = "absolute error: summed over predictions; ratio: realised / predicted, 1 is right; from, to: where
80 % of chance leaves it; calib.: the ratio with the factor learned before;
lift: hits in the top decile against all; in 80 %: share within the interval of the row or, in scope dealer, of the sum, 80 % is right;
stretch: share above the stretch value, 25 % is right; AUC: 0.5 is a coin toss";
