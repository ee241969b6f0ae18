//! A look at an export without staging it: its header, and what its first rows would give.

use std::path::Path;

use arrow::array::{AsArray, RecordBatch};

use crate::config::{Job, SourceSection};
use crate::ingest::convert::{Sink, convert};
use crate::ingest::discover::{Export, discover};
use crate::ingest::formats::{Reach, open};
use crate::model::export::{Counts, Fetched};
use crate::model::failure::{Failure, Result};
use crate::model::source::Source;

/// What may be held for a file where no job file says so.
const MEMORY: u64 = 4 << 30;

/// What the first rows of an export gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    pub source: Source,
    pub name: String,
    pub counts: Counts,
    /// Messages of the first rejections, with their lines.
    pub examples: Vec<String>,
}

/// Reads up to `rows` rows of every export of the job.
pub fn inspect(job: &Job, fetched: &Fetched, rows: u64) -> Result<Vec<Inspection>> {
    discover(job, fetched)?.iter().map(|export| inspect_one(job, export, rows)).collect()
}

/// The header of a file that no job file names yet.
pub fn first_header(path: &Path) -> Result<Vec<String>> {
    let section: SourceSection =
        toml::from_str("files = []").map_err(|error| Failure::defect(format!("default section: {error}")))?;
    let name = path.display().to_string();
    let export = Export { source: Source::Sales, path: path.to_path_buf(), name, is_ascii: false };
    let scratch = std::env::temp_dir();
    let reach = Reach { limit: Some(0), scratch: &scratch, memory: MEMORY };
    open(&export, &section, reach).map(|records| records.header().to_vec())
}

fn inspect_one(job: &Job, export: &Export, rows: u64) -> Result<Inspection> {
    let section = export.section(job)?;
    let mut examples = Examples::default();
    let scratch = std::env::temp_dir();
    let reach = Reach { limit: Some(rows), scratch: &scratch, memory: job.memory_limit()? as u64 };
    let counts = convert(export, section, 0, reach, &mut examples)?;
    Ok(Inspection { source: export.source, name: export.name.clone(), counts, examples: examples.messages })
}

/// Keeps the first rejections and drops the rows.
#[derive(Default)]
struct Examples {
    messages: Vec<String>,
}

impl Examples {
    const MOST: usize = 3;
}

impl Sink for Examples {
    fn rows(&mut self, _batch: &RecordBatch) -> Result<()> {
        Ok(())
    }

    fn rejections(&mut self, batch: &RecordBatch) -> Result<()> {
        let (Some(lines), Some(messages)) = (batch.column_by_name("export_line"), batch.column_by_name("message"))
        else {
            return Err(Failure::defect("rejections have no line or message"));
        };
        let lines = lines.as_primitive::<arrow::datatypes::Int64Type>().values().iter();
        let messages = messages.as_string::<i32>().iter().flatten();
        let room = Self::MOST.saturating_sub(self.messages.len());
        self.messages.extend(lines.zip(messages).take(room).map(|(line, message)| format!("line {line}: {message}")));
        Ok(())
    }
}
