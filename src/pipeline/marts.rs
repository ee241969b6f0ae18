//! Writes marts that have been computed, each to its file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tokio::task::JoinSet;

use crate::analysis::{Analysis, Shelf};
use crate::model::failure::{Failure, Result};
use crate::model::manifest::Table;
use crate::publish::{Draft, TableWriter};

/// The marts that describe the input; they are computed first, so that a refused run can show them.
pub const QUALITY_MARTS: [&str; 2] = ["data_quality", "rejected_rows"];

/// Marts on their way to their files: each is sorted and encoded by one thread, beside what is still being computed.
pub(super) struct Writing {
    shelf: Shelf,
    folder: PathBuf,
    tasks: JoinSet<(String, Result<Table>)>,
}

impl Writing {
    pub(super) fn new(analysis: &Analysis, draft: &Draft) -> Self {
        Self { shelf: analysis.shelf(), folder: draft.folder().to_path_buf(), tasks: JoinSet::new() }
    }

    /// Begins with a mart that has been computed.
    pub(super) fn begin(&mut self, name: &str) {
        let (shelf, folder, name) = (self.shelf.clone(), self.folder.clone(), name.to_owned());
        self.tasks.spawn(async move {
            let written = write_mart(&shelf, &folder, &name).await;
            (name, written)
        });
    }

    /// Waits for all of them; of several that failed the first by name is told.
    pub(super) async fn finish(mut self) -> Result<Vec<Table>> {
        let mut written = BTreeMap::new();
        while let Some(ended) = self.tasks.join_next().await {
            let (name, table) = ended.map_err(|error| Failure::defect(format!("writing a mart stopped: {error}")))?;
            written.insert(name, table);
        }
        written.into_values().collect()
    }

    /// Gives up: nothing is written to the draft any more.
    pub(super) async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}

async fn write_mart(shelf: &Shelf, folder: &Path, name: &str) -> Result<Table> {
    let (query, contract) = shelf.mart(name)?;
    let written = async {
        let mut writer = TableWriter::create(folder, name, contract)?;
        shelf.read(name, &mut |batch| writer.write(batch)).await?;
        writer.finish()
    };
    written.await.map_err(|failure| query.blame(failure))
}
