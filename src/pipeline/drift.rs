//! Headers that changed since the published run: columns added, removed, moved or renamed.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::export::{StagedExport, Staging};
use crate::model::failure::nearest;
use crate::model::manifest::{Input, Manifest};
use crate::model::shown;

/// Changes that one warning names.
const SHOWN: usize = 10;

/// Columns that come and go up to which it is asked which one was renamed to which: a table with more is another table.
const MOST_RENAMED: usize = 100;
/// One warning for each new export whose header differs from that of the last export of its source before.
pub fn drift(staging: &Staging, before: &Manifest) -> Vec<String> {
    let last: BTreeMap<&str, &Input> = before.inputs.iter().map(|input| (input.source.as_str(), input)).collect();
    let is_new = |export: &&StagedExport| !before.inputs.iter().any(|input| input.sha256 == export.sha256);
    let changed = |export: &StagedExport| {
        let known = last.get(export.source.name()).filter(|input| !input.header.is_empty())?;
        let changes = changes(&known.header, &export.counts.header);
        let line = format!("{}: the header differs from that of {}: {}", export.name, known.export, list(&changes));
        (!changes.is_empty()).then_some(line)
    };
    staging.exports.iter().filter(is_new).filter_map(changed).collect()
}

/// What happened to the columns; a column that went while a like one came was probably renamed.
fn changes(before: &[String], now: &[String]) -> Vec<String> {
    let gone: Vec<&str> = missing(before, now);
    let mut come: Vec<&str> = missing(now, before);
    let mut changes = Vec::new();
    let is_comparable = gone.len().max(come.len()) <= MOST_RENAMED;
    for name in gone {
        match is_comparable.then(|| nearest(name, come.iter().copied())).flatten() {
            Some(new) => {
                changes.push(format!("\"{}\" was renamed to \"{}\"", shown::value(name), shown::value(new)));
                come.retain(|other| *other != new);
            }
            None => changes.push(format!("\"{}\" was removed", shown::value(name))),
        }
    }
    changes.extend(come.into_iter().map(|name| format!("\"{}\" was added", shown::value(name))));
    if changes.is_empty() && before != now {
        changes.push("columns were moved".to_owned());
    }
    changes
}

fn list(changes: &[String]) -> String {
    let more = changes.len().saturating_sub(SHOWN);
    let mut shown: Vec<String> = changes.iter().take(SHOWN).cloned().collect();
    shown.extend((more > 0).then(|| format!("{more} more changes")));
    shown.join(", ")
}

fn missing<'a>(names: &'a [String], from: &[String]) -> Vec<&'a str> {
    let from: BTreeSet<&String> = from.iter().collect();
    names.iter().filter(|name| !from.contains(name)).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_kind_of_change_is_named() {
        let before = header(&["Date", "Dealer Code", "Amount", "Note"]);
        let now = header(&["Date", "DealerCode", "Amount", "Currency"]);
        assert_eq!(
            changes(&before, &now),
            ["\"Dealer Code\" was renamed to \"DealerCode\"", "\"Note\" was removed", "\"Currency\" was added"]
        );
        assert_eq!(changes(&before, &header(&["Dealer Code", "Date", "Amount", "Note"])), ["columns were moved"]);
        assert!(changes(&before, &before).is_empty());
    }

    #[test]
    fn a_header_that_is_no_header_fills_no_log() {
        let wild: Vec<String> = (0..50).map(|number| format!("{number}\u{1b}{}", "x".repeat(5_000))).collect();
        let line = list(&changes(&header(&["Date"]), &wild));
        assert!(line.ends_with(", 41 more changes") && line.len() < 2_000 && !line.contains('\u{1b}'), "{line}");
    }

    #[test]
    fn another_table_is_not_compared_column_by_column() {
        let names = |word: &str| (0..16_384).map(|place| format!("{word} {place}")).collect::<Vec<_>>();
        let changes = changes(&names("before"), &names("now"));
        assert_eq!((changes.len(), changes[0].as_str()), (32_768, "\"before 0\" was removed"));
    }
}
