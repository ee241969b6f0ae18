//! Relations of the settled picture in files, kept from night to night.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};

use datafusion::common::DataFusionError;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::prelude::SessionContext;
use tokio_stream::StreamExt;

use crate::analysis::by_export::{Fact, FactWriter, facts_there, key_of};
use crate::analysis::errors::engine_failure;
use crate::analysis::loader::QuerySet;
use crate::analysis::order::Parsed;
use crate::analysis::parameters::Parameters;
use crate::analysis::pictures::reach::Ground;
use crate::analysis::sources;
use crate::model::failure::{Failure, Result};
use crate::model::removal::remove_file;

/// What an earlier night left of a relation.
pub enum Found {
    /// It is registered.
    Whole(Fact),
    /// It is gone; with what was wrong.
    Damaged(String),
    Nothing,
}

/// One relation, and what its rows follow from.
#[derive(Debug, Clone)]
pub struct Keep {
    name: String,
    key: String,
    folder: PathBuf,
}

impl Keep {
    /// `numbers` are the digests of the boundary, by relation.
    ///
    /// # Errors
    /// A failure of whoever wrote a query with an unknown parameter.
    pub fn new(
        name: &str,
        (set, parsed): (&QuerySet, &BTreeMap<String, Parsed>),
        parameters: &Parameters,
        numbers: &BTreeMap<String, u128>,
        facts_folder: &Path,
    ) -> Result<Self> {
        let ground = Ground::of(name, set, parsed);
        let mut parts = vec![name.to_owned()];
        for name in &ground.queries {
            if let (Some(query), Some(parsed)) = (set.queries.get(name), parsed.get(name)) {
                parts.extend([name.clone(), parsed.bound(parameters, query)?.to_string()]);
            }
        }
        for name in &ground.boundary {
            let number = numbers.get(name).ok_or_else(|| Failure::defect(format!("{name} has no digest")))?;
            parts.extend([name.clone(), format!("{number:x}")]);
        }
        Ok(Self { name: name.to_owned(), key: key_of(&parts), folder: facts_folder.join(name) })
    }

    /// Registers the rows of an earlier night, if they are there and whole.
    ///
    /// # Errors
    /// An I/O failure when the folder cannot be looked into, a file not be read, or a damaged one not be removed.
    pub fn find(&self, context: &SessionContext) -> Result<Found> {
        let Some(fact) = facts_there(&self.folder)?.remove(&self.key) else { return Ok(Found::Nothing) };
        if let Some(fault) = fact.fault() {
            remove_file(&fact.path)?;
            return Ok(Found::Damaged(format!("{} is computed anew: {fault}", self.name)));
        }
        let unreadable = |error: &dyn Display| Failure::io("cannot read", &fact.path, error);
        let file = File::open(&fact.path).map_err(|error| unreadable(&error))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(&error))?;
        sources::register_files(context, &self.name, reader.schema(), &[sources::address(&fact.path)])?;
        Ok(Found::Whole(fact))
    }

    /// Writes the rows that were computed.
    ///
    /// # Errors
    /// An I/O failure when the file cannot be written.
    pub async fn write(&self, context: &SessionContext, work_folder: &Path) -> Result<Fact> {
        let broken = |error: DataFusionError| engine_failure(&self.name, &error);
        let mut rows = context.table(&self.name).await.map_err(broken)?.execute_stream().await.map_err(broken)?;
        let aside = work_folder.join(format!("{}.{}.fact", self.name, self.key));
        let mut writer = FactWriter::create(&self.key, aside, &rows.schema())?;
        while let Some(batch) = rows.next().await {
            writer.write(&batch.map_err(broken)?)?;
        }
        writer.finish(&self.folder)
    }
}
