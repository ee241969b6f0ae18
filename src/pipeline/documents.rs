//! What people open beside the tables: reports, workbooks, and the tables as DuckDB views.

use std::path::{Path, PathBuf};

use crate::config::{Job, Language};
use crate::model::checksum;
use crate::model::contract::Contracts;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::{Document, Manifest};
use crate::model::parallel::in_parallel;
use crate::pipeline::settings::threads;
use crate::pipeline::views::dictionary;
use crate::publish::{Book, Output, Workbooks, read_manifest, write_reports, write_views};

/// Writes what the job file asks for into a run's folder.
pub fn write(
    job: &Job,
    language: Language,
    folder: &Path,
    manifest: &Manifest,
    contracts: &Contracts,
) -> Result<Vec<Document>> {
    let wanted = Wanted { report: job.publish.report, workbooks: job.publish.workbook.then_some(contracts) };
    let mut names = wanted.render(folder, folder, manifest, language, threads(job))?;
    let tables: Vec<String> = manifest.tables.iter().map(|table| table.name.clone()).collect();
    names.push(write_views(folder, contracts, &tables)?);
    names.sort();
    in_parallel(&names, threads(job), |file| document(folder, file))
}

fn document(folder: &Path, file: &str) -> Result<Document> {
    let (bytes, sha256) = checksum::of_file(&folder.join(file))?;
    Ok(Document { file: file.to_owned(), bytes, sha256 })
}

/// What is to be rendered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// A published run; without it, the one that readers see.
    pub run_id: Option<String>,
    /// Where reports and workbooks go.
    pub to: PathBuf,
    pub workbook: bool,
    /// The run's own when it is not given.
    pub language: Option<Language>,
}

/// What was rendered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Of the files in the folder.
    pub names: Vec<String>,
    /// The language of sentences that come from the tables, where it is another than the documents'.
    pub kept_language: Option<Language>,
}

/// Renders reports, and workbooks on request, of a published run into a folder.
pub fn render_again(job: &Job, out: &Path, rendering: &Rendering) -> Result<Rendered> {
    let output = Output::look(out);
    let folder = match &rendering.run_id {
        Some(id) => Some(output.runs_folder().join(id)).filter(|folder| folder.is_dir()),
        None => output.latest_folder(),
    };
    let missing =
        || Failure::missing_input("there is no such run").hint("`dealerlens history` lists the runs that are kept");
    let folder = folder.ok_or_else(missing)?;
    let contracts = rendering.workbook.then(|| dictionary(None, job.extra_queries().as_deref())).transpose()?;
    let wanted = Wanted { report: true, workbooks: contracts.as_ref() };
    let manifest = read_manifest(&folder)?;
    let own = manifest.lang.as_deref().and_then(Language::of_code);
    let language = rendering.language.or(own).unwrap_or(job.job.lang);
    let mut names = wanted.render(&folder, &rendering.to, &manifest, language, threads(job))?;
    names.sort();
    Ok(Rendered { names, kept_language: own.filter(|own| *own != language) })
}

/// Which documents are wanted; workbooks describe their columns by contracts.
struct Wanted<'a> {
    report: bool,
    workbooks: Option<&'a Contracts>,
}

/// What one thread does at a time.
enum Work<'a> {
    Reports,
    Book(&'a Workbooks<'a>, Book<'a>),
}

impl Wanted<'_> {
    /// Renders documents of the run in `folder` into `to`, so many at the same time. The result are their names.
    fn render(
        &self,
        folder: &Path,
        to: &Path,
        manifest: &Manifest,
        language: Language,
        threads: usize,
    ) -> Result<Vec<String>> {
        let read = |contracts| Workbooks::read(folder, to, manifest, language.code(), contracts);
        let workbooks = self.workbooks.map(read).transpose()?;
        let mut works = Vec::new();
        if let Some(workbooks) = &workbooks {
            works.extend(workbooks.books()?.into_iter().map(|book| Work::Book(workbooks, book)));
        }
        if self.report {
            // Behind the company's workbook, which takes longest.
            works.insert(works.len().min(1), Work::Reports);
        }
        let written = in_parallel(&works, threads, |work| match work {
            Work::Reports => write_reports(folder, to, manifest, language.code()),
            Work::Book(workbooks, book) => workbooks.save(book).map(|()| vec![book.file.clone()]),
        });
        Ok(written?.concat())
    }
}
