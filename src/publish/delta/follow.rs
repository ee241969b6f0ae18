//! The Delta tables of an output, brought to the run that readers see.

use crate::model::failure::Result;
use crate::model::manifest::Table;
use crate::publish::Output;
use crate::publish::delta::run::Run;
use crate::publish::delta::table::MartTable;
use crate::publish::disk;

/// Commits the run under `latest` to each table that does not show it, and removes what only versions beyond the newest
/// `keep_runs` (at least 1) need. A mart that is published no more keeps its last version. The result is the number of
/// tables that got a version; without a published run there is none.
///
/// # Errors
/// An I/O failure when a table cannot be read or written. The others show the run then, and calling this again makes up
/// for it.
pub async fn follow_latest(output: &Output, keep_runs: usize) -> Result<usize> {
    let (Some(folder), Some(manifest)) = (output.latest_folder(), output.latest()?) else { return Ok(0) };
    let run = Run::of(folder, &manifest)?;
    let (mut committed, mut failure) = (0, None);
    for mart in &manifest.tables {
        match show(output, &run, mart, keep_runs).await {
            Ok(is_new) => committed += usize::from(is_new),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if let Some(mode) = output.permissions().filter(|_| committed > 0) {
        // The next run has to write here, whatever readers may.
        disk::set_permissions(&output.delta_folder(), mode | 0o200)?;
    }
    failure.map_or(Ok(committed), Err)
}

/// Whether the table of a mart got a version.
async fn show(output: &Output, run: &Run, mart: &Table, keep_runs: usize) -> Result<bool> {
    let table = MartTable::open(output.delta_folder().join(&mart.name)).await?;
    let Some(version) = table.show(run, mart).await? else { return Ok(false) };
    table.retain(version, keep_runs).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::manifest::{Manifest, Status};
    use crate::publish::{TableWriter, samples};

    fn publish(output: &Output, id: &str) {
        let mut draft = output.begin(id).unwrap();
        let table = TableWriter::create(draft.folder(), "lines", &samples::contract()).unwrap().finish().unwrap();
        let manifest = Manifest { tables: vec![table], ..samples::manifest(id, Status::Published) };
        draft.complete(&manifest).unwrap();
        draft.switch().unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn tables_follow_with_the_permissions_of_the_output() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap().with_permissions(Some(0o640));
        for id in ["r1", "r2"] {
            publish(&output, id);
            assert_eq!(follow_latest(&output, 14).await, Ok(1));
            assert_eq!(follow_latest(&output, 14).await, Ok(0));
        }
        let mode =
            |name: &str| std::fs::metadata(output.delta_folder().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode("lines"), mode("lines/r1.parquet")], [0o750, 0o640]);
        assert_eq!(mode("lines/_delta_log/00000000000000000001.json"), 0o640);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_is_published_so_nothing_follows() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        assert_eq!(follow_latest(&output, 14).await, Ok(0));
        assert!(!output.delta_folder().exists());
    }
}
