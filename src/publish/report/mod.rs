//! `report.html`: the page that people open in the morning, one for the company and one for each region.
//!
//! Each is one file that loads nothing. What is seen first is written out: text, tables and small drawings; the long
//! tables and the page of a dealer are drawn by a script from a block of data. Equal tables, manifest and language make
//! equal bytes: nothing here asks for the time.

mod bridge;
mod data;
mod figures;
mod map;
mod marts;
mod months;
mod opportunities;
mod overview;
mod page;
mod places;
mod plan;
mod quality;
mod scope;
mod shapes;
#[cfg(test)]
mod tests;
mod texts;
mod trust;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::model::failure::{Failure, Result};
use crate::model::manifest::Manifest;
use crate::publish::disk;
use crate::publish::regions::folder_of;
use crate::publish::report::figures::encoded;
use crate::publish::report::marts::{Marts, Tables};
use crate::publish::report::months::Series;
use crate::publish::report::page::Templates;
use crate::publish::report::scope::Scope;
use crate::publish::report::texts::Texts;

const FILE: &str = "report.html";

/// Writes the reports of the run in `folder` into `to`, which may be the same. The result are their names within it, sorted.
///
/// # Errors
/// A missing input when the run has no scorecard; an I/O failure when a mart cannot be read or a report written.
pub fn write_reports(folder: &Path, to: &Path, manifest: &Manifest, language: &str) -> Result<Vec<String>> {
    let marts = Marts::read(folder)?;
    let mut written = Vec::new();
    for (name, page) in render(&marts, manifest, language)? {
        let path = to.join(&name);
        if let Some(parent) = path.parent() {
            disk::create_folders(parent)?;
        }
        fs::write(&path, page).map_err(|error| Failure::io("cannot write", &path, error))?;
        written.push(name);
    }
    Ok(written)
}

/// Every report by its name within the run's folder.
fn render(marts: &Marts, manifest: &Manifest, language: &str) -> Result<BTreeMap<String, String>> {
    let (texts, templates) = (Texts::new(language)?, Templates::new()?);
    let tables = Tables::new(marts);
    let series = Series::new(tables.of("sales_by_month", None).unwrap_or_default());
    let regions = tables.regions();
    let link = |region: &&str| ((*region).to_owned(), format!("regions/{}/{FILE}", encoded(&folder_of(region))));
    let links: BTreeMap<String, String> = regions.iter().map(link).collect();
    let report = |region| Scope::new(&texts, manifest, (&tables, &series), region);
    let mut pages = BTreeMap::from([(FILE.to_owned(), templates.render(&report(None), &links)?)]);
    for region in regions {
        let page = templates.render(&report(Some(region)), &BTreeMap::new())?;
        pages.insert(format!("regions/{}/{FILE}", folder_of(region)), page);
    }
    Ok(pages)
}
