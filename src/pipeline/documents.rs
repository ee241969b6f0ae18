//! What people open beside the tables: reports, workbooks, and the tables as DuckDB views.

use std::path::{Path, PathBuf};

use crate::config::{Job, Language};
use crate::model::checksum;
use crate::model::contract::Contracts;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::{Document, Manifest};
use crate::pipeline::settings::threads;
use crate::pipeline::views::dictionary;
use crate::publish::{Output, read_manifest, write_reports, write_views, write_workbooks};

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
        names.extend(write_reports(folder, folder, manifest, language.code())?);
    }
    if job.publish.workbook {
        names.extend(write_workbooks(folder, folder, manifest, language.code(), contracts, threads(job))?);
    }
    let tables: Vec<String> = manifest.tables.iter().map(|table| table.name.clone()).collect();
    names.push(write_views(folder, contracts, &tables)?);
    names.sort();
    names.into_iter().map(|file| document(folder, file)).collect()
}

fn document(folder: &Path, file: String) -> Result<Document> {
    let (bytes, sha256) = checksum::of_file(&folder.join(&file))?;
    Ok(Document { file, bytes, sha256 })
}

/// What is to be rendered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// A published run; without it, the one that readers see.
    pub run_id: Option<String>,
    /// Where reports and workbooks go.
    pub to: PathBuf,
    pub workbook: bool,
}

/// Renders reports, and workbooks on request, of a published run into a folder. The result are their names in it.
pub fn render_again(job: &Job, language: Language, out: &Path, rendering: &Rendering) -> Result<Vec<String>> {
    let output = Output::look(out);
    let folder = match &rendering.run_id {
        Some(id) => Some(output.runs_folder().join(id)).filter(|folder| folder.is_dir()),
        None => output.latest_folder(),
    };
    let missing =
        || Failure::missing_input("there is no such run").hint("`dealerlens history` lists the runs that are kept");
    let folder = folder.ok_or_else(missing)?;
    let (manifest, to) = (read_manifest(&folder)?, rendering.to.as_path());
    let mut names = write_reports(&folder, to, &manifest, language.code())?;
    if rendering.workbook {
        let contracts = dictionary(None, job.extra_queries().as_deref())?;
        names.extend(write_workbooks(&folder, to, &manifest, language.code(), &contracts, threads(job))?);
    }
    names.sort();
    Ok(names)
}
