//! One Delta table: which run it shows, and a commit that makes it show another one.

use std::error::Error;
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TableReference};
use deltalake_core::kernel::{
    Action, Add, CommitInfo, Metadata, MetadataExt as _, Protocol, Remove, Transaction, Version, new_metadata,
};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaTable, ensure_table_uri};
use serde_json::json;

use crate::model::failure::{Failure, Result};
use crate::model::manifest;
use crate::publish::delta::file::PublishedFile;
use crate::publish::delta::run::Run;
use crate::publish::disk;

/// Under this name the transactions of commits bear the numbers of runs.
const APPLICATION: &str = "dealerlens";
/// Commits between two checkpoints, from which readers start instead of the first commit.
const CHECKPOINT_INTERVAL: &str = "10";

/// What the library makes of it; its errors are of several kinds, and large.
type Attempt<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

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
    async fn shown(&self) -> Attempt<Option<i64>> {
        let Some(state) = &self.table.state else { return Ok(None) };
        Ok(state.transaction_version(self.table.log_store().as_ref(), APPLICATION).await?)
    }

    async fn commit(&self, run: &Run, mart: &manifest::Table, file: &PublishedFile, name: &str) -> Attempt<Version> {
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

/// The library's errors go on with a backtrace after the first line.
fn failed(doing: &str, folder: &Path, error: impl Display) -> Failure {
    let error = error.to_string();
    Failure::io(doing, folder, error.lines().next().unwrap_or_default())
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
fn definition(state: Option<&DeltaTableState>, mart: &manifest::Table, file: &PublishedFile) -> Attempt<Vec<Action>> {
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
fn removals(state: Option<&DeltaTableState>, name: &str, run: &Run) -> Attempt<Vec<Action>> {
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

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use deltalake_core::open_table_with_version;
    use serde_json::Value;

    use super::*;
    use crate::model::contract::Contract;
    use crate::model::manifest::Status;
    use crate::publish::{TableWriter, samples};

    /// A run with one table, in a folder of its own.
    fn run_of(folder: &Path, id: &str, contract: &Contract, rows: Range<i64>) -> (Run, manifest::Table) {
        let place = folder.join("runs").join(id);
        fs::create_dir_all(&place).unwrap();
        let mut writer = TableWriter::create(&place, "lines", contract).unwrap();
        writer.write(&samples::batch(&samples::rows(rows)).unwrap()).unwrap();
        let table = writer.finish().unwrap();
        (Run::of(place, &samples::manifest(id, Status::Published)).unwrap(), table)
    }

    async fn opened(folder: &Path) -> MartTable {
        MartTable::open(folder.join("delta/lines")).await.unwrap()
    }

    fn actions(folder: &Path, version: Version) -> Vec<Value> {
        let path = folder.join(format!("delta/lines/_delta_log/{version:020}.json"));
        fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn texts(actions: &[Value], place: &str) -> Vec<String> {
        let found = actions.iter().filter_map(|action| action.pointer(place)?.as_str());
        found.map(str::to_owned).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        disk::entries(folder).unwrap().iter().map(|path| disk::name_of(path)).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_table_shows_one_run_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let (first, table) = run_of(folder.path(), "r1", &samples::contract(), 0..60);
        assert_eq!(opened(folder.path()).await.show(&first, &table).await.unwrap(), Some(0));
        assert_eq!(opened(folder.path()).await.show(&first, &table).await.unwrap(), None);
        let (second, table) = run_of(folder.path(), "r2", &samples::contract(), 0..70);
        assert_eq!(opened(folder.path()).await.show(&second, &table).await.unwrap(), Some(1));
        assert_eq!(opened(folder.path()).await.show(&second, &table).await.unwrap(), None);

        let commit = actions(folder.path(), 1);
        assert_eq!(texts(&commit, "/commitInfo/userMetadata"), ["r2"]);
        assert_eq!(texts(&commit, "/commitInfo/operation"), ["WRITE"]);
        assert_eq!(texts(&commit, "/remove/path"), ["r1.parquet"]);
        assert_eq!(texts(&commit, "/add/path"), ["r2.parquet"]);
        assert_eq!(texts(&commit, "/metaData/id"), Vec::<String>::new());
        let content = |path: &str| fs::read(folder.path().join(path)).unwrap();
        assert!(content("delta/lines/r1.parquet") == content("runs/r1/lines.parquet"));
        assert!(content("delta/lines/r2.parquet") == content("runs/r2/lines.parquet"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_changed_column_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut changed = samples::contract();
        changed.columns[3].nullable = true;
        for (version, contract) in [samples::contract(), changed.clone(), changed].iter().enumerate() {
            let (run, table) = run_of(folder.path(), &format!("r{}", version + 1), contract, 0..5);
            opened(folder.path()).await.show(&run, &table).await.unwrap();
        }
        let definitions = |version| texts(&actions(folder.path(), version), "/metaData/id");
        assert_eq!(definitions(1), definitions(0), "a table stays the same table");
        assert_eq!((definitions(0).len(), definitions(2).len()), (1, 0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_run_that_readers_were_led_back_to_is_shown_again() {
        let folder = tempfile::tempdir().unwrap();
        let runs = ["r1", "r2"].map(|id| run_of(folder.path(), id, &samples::contract(), 0..5));
        for (version, (run, table)) in [&runs[0], &runs[1], &runs[0]].into_iter().enumerate() {
            let opened = opened(folder.path()).await;
            assert_eq!(opened.show(run, table).await.unwrap(), Some(version as Version));
            opened.retain(version as Version, 1).await.unwrap();
        }
        assert_eq!(names(&folder.path().join("delta/lines")), ["_delta_log", "r1.parquet"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn old_versions_go_and_kept_ones_stay_readable() {
        let folder = tempfile::tempdir().unwrap();
        for number in 1..=25_u64 {
            let (run, table) = run_of(folder.path(), &format!("r{number}"), &samples::contract(), 0..5);
            let opened_table = opened(folder.path()).await;
            assert_eq!(opened_table.show(&run, &table).await.unwrap(), Some(number - 1));
            opened_table.retain(number - 1, 3).await.unwrap();
            // Also where the number comes from a checkpoint.
            assert_eq!(opened(folder.path()).await.show(&run, &table).await.unwrap(), None);
        }
        let place = folder.path().join("delta/lines");
        assert_eq!(names(&place), ["_delta_log", "r23.parquet", "r24.parquet", "r25.parquet"]);
        let log = names(&place.join("_delta_log"));
        assert_eq!(log.iter().filter(|name| name.ends_with(".json")).count(), 6, "{log:?}");
        assert!(log.iter().any(|name| name.starts_with("00000000000000000019.checkpoint")), "{log:?}");
        let address = opened(folder.path()).await.table.table_url().clone();
        for version in 22..=24 {
            let table = open_table_with_version(address.clone(), version).await.unwrap();
            let files: Vec<String> = table.get_file_uris().unwrap().collect();
            assert_eq!(files.len(), 1);
            assert!(files[0].ends_with(&format!("/r{}.parquet", version + 1)), "{files:?}");
        }
    }

    #[test]
    fn half_a_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let [source, target] = ["source", "target"].map(|name| folder.path().join(name));
        fs::write(&source, "whole").unwrap();
        fs::write(&target, "wh").unwrap();
        place(&source, &target).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "whole");
        place(&source, &target).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "whole");
    }
}
