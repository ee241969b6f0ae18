//! What people open without a BI tool: reports and workbooks, made from the tables of a run.

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::{Job, Language};
use crate::model::checksum;
use crate::model::contract::Contract;
use crate::model::failure::Result;
use crate::model::manifest::{Document, Manifest};
use crate::publish::{write_reports, write_workbooks};

/// Contracts of all marts by name.
pub type Contracts = BTreeMap<String, Contract>;

/// Writes what the job file asks for into a run's folder.
pub fn write(
    job: &Job,
    language: Language,
    folder: &Path,
    manifest: &Manifest,
    contracts: &Contracts,
) -> Result<Vec<Document>> {
    let mut names = Vec::new();
    if job.publish.report {
        names.extend(write_reports(folder, manifest, language.code())?);
    }
    if job.publish.workbook {
        names.extend(write_workbooks(folder, manifest, language.code(), contracts)?);
    }
    names.sort();
    names.into_iter().map(|file| document(folder, file)).collect()
}

fn document(folder: &Path, file: String) -> Result<Document> {
    let (bytes, sha256) = checksum::of_file(&folder.join(&file))?;
    Ok(Document { file, bytes, sha256 })
}
