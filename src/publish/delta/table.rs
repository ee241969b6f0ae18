//! One Delta table: which run it shows, and a commit that makes it show another one.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TableReference};
use deltalake_core::kernel::{
    Action, Add, CommitInfo, Metadata, MetadataExt as _, Protocol, Remove, Transaction, Version, new_metadata,
};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaResult, DeltaTable, ensure_table_uri};
use serde_json::json;

use crate::model::failure::{Failure, Result};
use crate::model::manifest;
use crate::publish::delta::file::PublishedFile;
use crate::publish::delta::follow::Run;
use crate::publish::disk;

/// Under this name the transactions of commits bear the numbers of runs.
const APPLICATION: &str = "dealerlens";
/// Commits between two checkpoints, from which readers start instead of the first commit.
const CHECKPOINT_INTERVAL: &str = "10";

/// The Delta table of a mart.
pub(super) struct MartTable {
    pub(super) folder: PathBuf,
    pub(super) table: DeltaTable,
}

impl MartTable {
    /// Opens the table in a folder, which is made where it is missing; a table begins with its first commit.
    pub async fn open(folder: PathBuf) -> Result<Self> {
        disk::create_folders(&folder)?;
        // An absolute path is never taken for the address of a bucket.
        let folder = fs::canonicalize(&folder).map_err(|error| failed("cannot find", &folder, error))?;
        let text = folder.to_str().ok_or_else(|| failed("cannot use", &folder, "its path is not UTF-8"))?;
        let address = ensure_table_uri(text).map_err(|error| failed("cannot use", &folder, error))?;
        let table = DeltaTable::try_from_url(address).await;
        let table = table.map_err(|error| failed("cannot read the Delta table in", &folder, error))?;
        Ok(Self { folder, table })
    }

    /// Makes the table show a mart of a run, unless it does; the result is the version made.
    ///
    /// # Errors
    /// An I/O failure; the table shows what it showed before, unless only the last sync has failed.
    pub async fn show(&self, run: &Run, mart: &manifest::Table) -> Result<Option<Version>> {
        let shown = self.shown().await.map_err(|error| self.failed("cannot read the Delta table in", error))?;
        if shown == Some(run.number) {
            return Ok(None);
        }
        let source = run.folder.join(&mart.file);
        let name = format!("{}.parquet", run.id);
        place(&source, &self.folder.join(&name))?;
        disk::sync(&self.folder)?;
        let version = self.commit(run, mart, &PublishedFile::read(&source)?, &name).await;
        let version = version.map_err(|error| self.failed("cannot write to the Delta table in", error))?;
        disk::sync_all(&self.log_folder())?;
        Ok(Some(version))
    }

    pub(super) fn log_folder(&self) -> PathBuf {
        self.folder.join("_delta_log")
    }

    pub(super) fn failed(&self, doing: &str, error: impl Display) -> Failure {
        failed(doing, &self.folder, error)
    }

    /// The number of the run that was committed last.
    async fn shown(&self) -> DeltaResult<Option<i64>> {
        let Some(state) = &self.table.state else { return Ok(None) };
        state.transaction_version(self.table.log_store().as_ref(), APPLICATION).await
    }

    async fn commit(
        &self,
        run: &Run,
        mart: &manifest::Table,
        file: &PublishedFile,
        name: &str,
    ) -> DeltaResult<Version> {
        let operation = DeltaOperation::Write { mode: SaveMode::Overwrite, partition_by: None, predicate: None };
        let state = self.table.state.as_ref();
        let mut actions = vec![Action::CommitInfo(commit_info(run, &operation))];
        actions.extend(definition(state, mart, file)?);
        actions.extend(removals(state, name, run)?);
        actions.push(Action::Add(addition(name, mart, file, run)));
        // Logs are removed by version, not by the clock.
        let properties = CommitProperties::default()
            .with_cleanup_expired_logs(Some(false))
            .with_application_transaction(Transaction::new(APPLICATION, run.number));
        let reference = state.map(|state| state as &dyn TableReference);
        let commit = CommitBuilder::from(properties).with_actions(actions);
        Ok(commit.build(reference, self.table.log_store(), operation).await?.version)
    }
}

fn failed(doing: &str, folder: &Path, error: impl Display) -> Failure {
    Failure::io(doing, folder, error)
        .hint("the Parquet tables do not depend on it; the next run makes up for the missing version")
        .hint("if the table is damaged, move its folder away: the next run begins it anew")
}

/// The same file under a second name, or a copy where the file system has no second names. It never changes, so one that
/// is there is left alone, unless a killed run left half of it.
fn place(source: &Path, target: &Path) -> Result<()> {
    let size = |path: &Path| fs::metadata(path).map(|about| about.len()).ok();
    if size(target).is_some() && size(target) == size(source) {
        return Ok(());
    }
    disk::remove_file(target)?;
    let placed = fs::hard_link(source, target).or_else(|_| fs::copy(source, target).map(drop));
    placed.map_err(|error| Failure::io("cannot write", target, error))?;
    disk::sync(target)
}

/// The run's id stands where every tool shows it.
fn commit_info(run: &Run, operation: &DeltaOperation) -> CommitInfo {
    let about = [("run_id", Some(&run.id)), ("as_of", run.as_of.as_ref())];
    let about = about.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?))));
    CommitInfo {
        timestamp: Some(run.finished_at),
        user_metadata: Some(run.id.clone()),
        info: about.collect(),
        ..operation.get_commit_info()
    }
}

/// What the table is, in its first version and whenever it changes. The oldest protocol will do.
fn definition(
    state: Option<&DeltaTableState>,
    mart: &manifest::Table,
    file: &PublishedFile,
) -> DeltaResult<Vec<Action>> {
    let purpose = file.purpose.clone().unwrap_or_default();
    let Some(state) = state else {
        let protocol: Protocol = serde_json::from_value(json!({ "minReaderVersion": 1, "minWriterVersion": 2 }))?;
        let settings = [("delta.checkpointInterval", CHECKPOINT_INTERVAL)];
        let metadata = new_metadata(&file.schema, Vec::<String>::new(), settings)?;
        let metadata = metadata.with_name(mart.name.clone())?.with_description(purpose)?;
        return Ok(vec![Action::Protocol(protocol), Action::Metadata(metadata)]);
    };
    let known: &Metadata = state.metadata();
    if *state.schema() == file.schema && known.description() == Some(purpose.as_str()) {
        return Ok(Vec::new());
    }
    let metadata = known.clone().with_schema(&file.schema)?.with_description(purpose)?;
    Ok(vec![Action::Metadata(metadata)])
}

/// What the table shows now goes, whoever put it there.
fn removals(state: Option<&DeltaTableState>, name: &str, run: &Run) -> DeltaResult<Vec<Action>> {
    let Some(state) = state else { return Ok(Vec::new()) };
    let files = state.snapshot().try_log_data()?.into_iter().filter(|file| file.path() != name);
    let removal = |remove: Remove| Remove { deletion_timestamp: Some(run.finished_at), ..remove };
    Ok(files.map(|file| Action::Remove(removal(file.remove_action(true)))).collect())
}

fn addition(name: &str, mart: &manifest::Table, file: &PublishedFile, run: &Run) -> Add {
    Add {
        path: name.to_owned(),
        size: mart.bytes.cast_signed(),
        modification_time: run.finished_at,
        data_change: true,
        stats: Some(file.statistics.clone()),
        ..Add::default()
    }
}
