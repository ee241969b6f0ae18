//! What nobody needs any more: data files and commits that only versions beyond the newest `keep_runs` need.
//!
//! Versions count, not days, so the same runs leave the same files. VACUUM of other tools counts days; it is not needed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use deltalake_core::checkpoints::cleanup_expired_logs_for;
use deltalake_core::kernel::Version;
use serde_json::Value;

use crate::model::failure::{Failure, Result};
use crate::publish::delta::table::MartTable;
use crate::publish::disk;

/// The end of the year 9999, in milliseconds: every commit is older.
const ALL_TIME: i64 = 253_402_300_799_000;

impl MartTable {
    /// Removes what only versions before the newest `keep_runs` (at least 1) need. Commits stay from the last checkpoint
    /// on that the oldest kept version can be read from.
    ///
    /// # Errors
    /// An I/O failure. What stays then goes another time.
    pub async fn retain(&self, newest: Version, keep_runs: usize) -> Result<()> {
        let oldest = newest.saturating_sub((keep_runs.max(1) - 1) as Version);
        for name in gone_before(&self.log_folder(), oldest)? {
            disk::remove_file(&self.folder.join(name))?;
        }
        let log = self.table.log_store();
        let cleaned = cleanup_expired_logs_for(oldest, log.as_ref(), ALL_TIME, None).await;
        cleaned.map_err(|error| self.failed("cannot remove old commits of the Delta table in", error))?;
        Ok(())
    }
}

/// The data files that were removed up to version `oldest`, so that neither it nor a later version shows them.
fn gone_before(log: &Path, oldest: Version) -> Result<BTreeSet<String>> {
    let mut gone = BTreeSet::new();
    for (version, path) in commits(log)? {
        let text = fs::read_to_string(&path).map_err(|error| Failure::io("cannot read", &path, error))?;
        for line in text.lines() {
            let action: Value =
                serde_json::from_str(line).map_err(|error| Failure::io("cannot understand", &path, error))?;
            if let Some(name) = data_file(&action, "/remove/path").filter(|_| version <= oldest) {
                gone.insert(name);
            }
            // Somebody led readers back to an older run.
            if let Some(name) = data_file(&action, "/add/path") {
                gone.remove(&name);
            }
        }
    }
    Ok(gone)
}

/// A file of the table's own folder; a path that leads elsewhere is nobody's to remove.
fn data_file(action: &Value, place: &str) -> Option<String> {
    let name = action.pointer(place)?.as_str()?;
    (name.ends_with(".parquet") && !name.contains(['/', '%'])).then(|| name.to_owned())
}

/// The commits that are there, oldest first: `00000000000000000007.json`.
fn commits(log: &Path) -> Result<Vec<(Version, PathBuf)>> {
    let version = |path: &Path| disk::name_of(path).strip_suffix(".json")?.parse().ok();
    Ok(disk::entries(log)?.into_iter().filter_map(|path| Some((version(&path)?, path))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log_of(commits: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (version, actions) in commits.iter().enumerate() {
            let lines: Vec<String> = actions.split_whitespace().map(action_of).collect();
            fs::write(folder.path().join(format!("{version:020}.json")), lines.join("\n")).unwrap();
        }
        fs::write(folder.path().join("_last_checkpoint"), "no commit").unwrap();
        folder
    }

    fn action_of(short: &str) -> String {
        let (kind, path) = short.split_once(':').unwrap();
        serde_json::json!({ kind: { "path": path } }).to_string()
    }

    #[test]
    fn what_a_kept_version_shows_stays() {
        let log = log_of(&[
            "add:r0.parquet",
            "remove:r0.parquet add:r1.parquet",
            "remove:r1.parquet add:r2.parquet",
            "remove:r2.parquet add:r3.parquet",
        ]);
        let gone = |oldest| gone_before(log.path(), oldest).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(gone(0), Vec::<String>::new());
        assert_eq!(gone(2), ["r0.parquet", "r1.parquet"]);
        assert_eq!(gone(3), ["r0.parquet", "r1.parquet", "r2.parquet"]);
    }

    #[test]
    fn what_came_back_stays() {
        let log = log_of(&[
            "add:r0.parquet",
            "remove:r0.parquet add:r1.parquet",
            "remove:r1.parquet add:r0.parquet",
            "remove:r0.parquet add:r2.parquet",
        ]);
        let gone: Vec<String> = gone_before(log.path(), 2).unwrap().into_iter().collect();
        assert_eq!(gone, ["r1.parquet"]);
    }

    #[test]
    fn paths_that_lead_elsewhere_are_left_alone() {
        let log = log_of(&["remove:../../runs/r0.parquet remove:/etc/passwd remove:%2e%2e.parquet remove:_delta_log"]);
        assert_eq!(gone_before(log.path(), 5).unwrap(), BTreeSet::new());
    }
}
