//! What the command line shows of published runs: one dealer, the dictionary, the history.

use std::path::Path;

use crate::analysis::QuerySet;
use crate::ingest;
use crate::model::contract::Contract;
use crate::model::failure::{Failure, Result, nearest};
use crate::model::manifest::Manifest;
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
}

/// Reads a dealer's page; an unknown id brings the near ones.
pub fn dealer_page(out: &Path, dealer_id: &str) -> Result<DealerPage> {
    let output = Output::open(out)?;
    let nothing = || {
        Failure::missing_input(format!("nothing is published in {}", out.display())).hint("run `dealerlens run` first")
    };
    let manifest = output.latest()?.ok_or_else(nothing)?;
    let folder = output.latest_folder().ok_or_else(nothing)?;
    let scorecards = read_table(&folder, "dealer_scorecard")?;
    let Some(scorecard) = render_rows(&scorecards, Some(("dealer_id", dealer_id)))?.into_iter().next() else {
        return Err(unknown_dealer(dealer_id, &render_rows(&scorecards, None)?));
    };
    let rows = |table: &str| render_rows(&read_table(&folder, table)?, Some(("dealer_id", dealer_id)));
    Ok(DealerPage { manifest, scorecard, history: rows("dealer_class_history")?, drivers: rows("growth_drivers")? })
}

fn unknown_dealer(dealer_id: &str, rows: &[RenderedRow]) -> Failure {
    let known = |name: &str| rows.iter().filter_map(|row| row.get(name)?.as_deref()).collect::<Vec<_>>();
    let failure = Failure::missing_input(format!("there is no dealer \"{dealer_id}\" in the latest run"));
    let by_name = nearest(dealer_id, known("dealer_name")).and_then(|near| {
        rows.iter().find(|row| row.get("dealer_name").and_then(|name| name.as_deref()) == Some(near))?.get("dealer_id")?.clone()
    });
    match by_name {
        Some(id) => failure.hint(format!("did you mean \"{id}\"?")),
        None => failure.hint_near(dealer_id, known("dealer_id")),
    }
}

/// All marts with their contracts, by name.
pub fn dictionary(queries: Option<&Path>, extra: Option<&Path>) -> Result<Vec<(String, Contract)>> {
    let set = QuerySet::load(queries, extra)?;
    Ok(set.marts().map(|(query, contract)| (query.name.clone(), contract.clone())).collect())
}

/// Published and refused runs, the oldest first.
pub fn history(out: &Path) -> Result<Vec<Manifest>> {
    Output::open(out)?.runs()
}

/// The header of a file, for the proposal of a mapping.
pub fn first_header(path: &Path) -> Result<Vec<String>> {
    ingest::first_header(path)
}
