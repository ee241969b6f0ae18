//! What the command line shows of published runs: one dealer, the dictionary, the history.

use std::path::Path;

use crate::analysis::QuerySet;
use crate::ingest;
use crate::model::contract::Contracts;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::Manifest;
use crate::model::shown;
use crate::publish::{Output, RenderedRow, read_table, render_rows};

/// One dealer out of the latest run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealerPage {
    pub manifest: Manifest,
    pub scorecard: RenderedRow,
    /// Snapshots, the latest first.
    pub history: Vec<RenderedRow>,
    /// Channels by name.
    pub drivers: Vec<RenderedRow>,
    /// By scenario. The tables from here on may be missing in runs of older versions.
    pub goals: Vec<RenderedRow>,
    pub vertical: Vec<RenderedRow>,
    pub horizontal: Vec<RenderedRow>,
    pub gaps: Vec<RenderedRow>,
}

/// Reads a dealer's page; an unknown id brings the near ones.
pub fn dealer_page(out: &Path, dealer_id: &str) -> Result<DealerPage> {
    let output = Output::look(out);
    let nothing = || nothing_published(out);
    let manifest = output.latest()?.ok_or_else(nothing)?;
    let folder = output.latest_folder().ok_or_else(nothing)?;
    let scorecards = read_table(&folder, "dealer_scorecard")?;
    let Some(scorecard) = render_rows(&scorecards, Some(("dealer_id", dealer_id)))?.into_iter().next() else {
        return Err(unknown_dealer(dealer_id, &render_rows(&scorecards, None)?));
    };
    let rows = |table: &str| render_rows(&read_table(&folder, table)?, Some(("dealer_id", dealer_id)));
    let newer = |table: &str| match manifest.tables.iter().any(|known| known.name == table) {
        true => rows(table),
        false => Ok(Vec::new()),
    };
    let (goals, gaps) = (newer("growth_goals")?, newer("range_gaps")?);
    let (vertical, horizontal) = (newer("vertical_opportunities")?, newer("horizontal_opportunities")?);
    let (history, drivers) = (rows("dealer_class_history")?, rows("growth_drivers")?);
    Ok(DealerPage { manifest, scorecard, history, drivers, goals, vertical, horizontal, gaps })
}

/// The backtest of the latest run.
pub fn backtest(out: &Path) -> Result<Vec<RenderedRow>> {
    let folder = Output::look(out).latest_folder().ok_or_else(|| nothing_published(out))?;
    render_rows(&read_table(&folder, "backtest")?, None)
}

fn nothing_published(out: &Path) -> Failure {
    Failure::missing_input(format!("nothing is published in {}", out.display())).hint("run `dealerlens run` first")
}

/// Names up to five dealers whose id or name contains what was typed, or else the one that is most alike.
fn unknown_dealer(typed: &str, rows: &[RenderedRow]) -> Failure {
    let text = |row: &RenderedRow, column: &str| row.get(column).cloned().flatten().unwrap_or_default();
    let dealers: Vec<(String, String)> =
        rows.iter().map(|row| (text(row, "dealer_id"), text(row, "dealer_name"))).collect();
    let wanted = typed.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let alike = dealers.iter().filter(|(id, name)| holds(id) || holds(name)).take(5);
    let alike: Vec<String> = alike.map(|(id, name)| format!("{} ({})", shown::value(id), shown::value(name))).collect();
    let failure = Failure::missing_input(format!("there is no dealer \"{typed}\" in the latest run"));
    if alike.is_empty() {
        return failure.hint_near(typed, dealers.iter().map(|(id, _)| id.as_str()));
    }
    failure.hint(format!("dealers like it: {}", alike.join(", ")))
}

/// The id of the run that readers see.
pub fn visible_run(out: &Path) -> Option<String> {
    Some(Output::look(out).latest_folder()?.file_name()?.to_string_lossy().into_owned())
}

/// All marts with their contracts, by name.
pub fn dictionary(queries: Option<&Path>, extra: Option<&Path>) -> Result<Contracts> {
    QuerySet::load(queries, extra).map(|set| set.contracts())
}

/// Published and refused runs, the oldest first, and what is wrong with those that cannot be read.
pub fn history(out: &Path) -> Result<(Vec<Manifest>, Vec<Failure>)> {
    Output::look(out).runs()
}

/// The header of a file, for the proposal of a mapping.
pub fn first_header(path: &Path) -> Result<Vec<String>> {
    ingest::first_header(path)
}
