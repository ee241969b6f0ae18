//! Headers that changed since the published run: columns added, removed, moved or renamed.

use std::collections::BTreeMap;

use crate::model::export::{StagedExport, Staging};
use crate::model::failure::nearest;
use crate::model::manifest::{Input, Manifest};

/// One warning for each new export whose header differs from that of the last export of its source before.
pub fn drift(staging: &Staging, before: &Manifest) -> Vec<String> {
    let last: BTreeMap<&str, &Input> = before.inputs.iter().map(|input| (input.source.as_str(), input)).collect();
    let is_new = |export: &&StagedExport| !before.inputs.iter().any(|input| input.sha256 == export.sha256);
    let changed = |export: &StagedExport| {
        let known = last.get(export.source.name()).filter(|input| !input.header.is_empty())?;
        let changes = changes(&known.header, &export.counts.header);
        let line = format!("{}: the header differs from that of {}: {}", export.name, known.export, changes.join(", "));
        (!changes.is_empty()).then_some(line)
    };
    staging.exports.iter().filter(is_new).filter_map(changed).collect()
}

/// What happened to the columns; a column that went while a like one came was probably renamed.
fn changes(before: &[String], now: &[String]) -> Vec<String> {
    let gone: Vec<&str> = missing(before, now);
    let mut come: Vec<&str> = missing(now, before);
    let mut changes = Vec::new();
    for name in gone {
        match nearest(name, come.iter().copied()) {
            Some(new) => {
                changes.push(format!("\"{name}\" was renamed to \"{new}\""));
                come.retain(|other| *other != new);
            }
            None => changes.push(format!("\"{name}\" was removed")),
        }
    }
    changes.extend(come.into_iter().map(|name| format!("\"{name}\" was added")));
    if changes.is_empty() && before != now {
        changes.push("columns were moved".to_owned());
    }
    changes
}

fn missing<'a>(names: &'a [String], from: &[String]) -> Vec<&'a str> {
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
}
