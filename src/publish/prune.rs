//! Keeps the last runs, and the staging that one of them used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::failure::Result;
use crate::publish::begin::aside;
use crate::publish::disk;
use crate::publish::output::{Output, complete_runs};

/// Deletes the oldest published runs beyond the newest `keep` (at least 1), and as many of the refused ones. The run
/// that readers see is never deleted, however old. The result is the ids of deleted runs, published ones first.
///
/// # Errors
/// An I/O failure when a run cannot be removed.
pub fn prune(output: &Output, keep: usize) -> Result<Vec<String>> {
    let latest = output.latest_folder();
    let is_seen = |run: &Path| latest.is_some() && fs::canonicalize(run).ok() == latest;
    let mut removed = Vec::new();
    for folder in [output.runs_folder(), output.refused_folder()] {
        let runs = complete_runs(&folder)?;
        let excess = runs.len().saturating_sub(keep.max(1));
        for run in runs.iter().take(excess).filter(|run| !is_seen(run)) {
            removed.push(remove_run(output, run)?);
        }
    }
    Ok(removed)
}

/// Moves the run aside first, so that nobody finds half of it.
fn remove_run(output: &Output, run: &Path) -> Result<String> {
    let run_id = disk::name_of(run);
    let moved = aside(output, &run_id);
    disk::remove_folder(&moved)?;
    disk::rename(run, &moved)?;
    disk::remove_folder(&moved)?;
    Ok(run_id)
}

/// Deletes files under `staging/<source>/` that no kept run used, so that going back to a recent set of exports finds
/// its staging. `in_use` are files of the newest run; files beside them that share the name up to the first dot count
/// too. A file's time of change says when it was last used: it is set to that of the newest run while it is in use, and
/// the file goes when it is older than the oldest kept run. The result is the number of deleted files. Without a
/// published run nothing is deleted.
///
/// # Errors
/// An I/O failure when a file cannot be looked at, dated or removed.
pub fn prune_staging(output: &Output, in_use: &BTreeSet<PathBuf>) -> Result<u64> {
    let runs = complete_runs(&output.runs_folder())?;
    let (Some(oldest), Some(newest)) = (runs.first(), runs.last()) else { return Ok(0) };
    let (oldest, newest) = (disk::modified(oldest)?, disk::modified(newest)?);
    let in_use: BTreeSet<_> = in_use.iter().filter_map(|path| export_of(path)).collect();
    let mut removed = 0;
    for file in staged_files(output)? {
        let last_used = disk::modified(&file)?;
        if export_of(&file).is_some_and(|export| in_use.contains(&export)) {
            disk::set_modified(&file, last_used.max(newest))?;
        } else if last_used < oldest {
            disk::remove_file(&file)?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn staged_files(output: &Output) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    // What begins with a dot is another process's, which may be staging meanwhile.
    let is_shown = |path: &PathBuf| !disk::name_of(path).starts_with('.');
    for source in disk::entries(&output.staging_folder())?.into_iter().filter(is_shown) {
        if source.is_dir() {
            files.extend(disk::entries(&source)?.into_iter().filter(|path| is_shown(path) && path.is_file()));
        }
    }
    Ok(files)
}

/// What the files of one staged export share: their folder, links resolved, and their name up to the first dot.
fn export_of(path: &Path) -> Option<(PathBuf, String)> {
    let folder = fs::canonicalize(path.parent()?).ok()?;
    let export = disk::name_of(path).split('.').next().unwrap_or_default().to_owned();
    Some((folder, export))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;
    use std::os::unix::fs::symlink;
    use std::time::{Duration, SystemTime};

    fn names(folder: &Path) -> Vec<String> {
        disk::entries(folder).unwrap().iter().map(|path| disk::name_of(path)).collect()
    }

    fn output_with(folder: &Path, runs: &[&str]) -> Output {
        let output = Output::open(folder).unwrap();
        runs.iter().for_each(|run_id| drop(samples::publish(&output, run_id).unwrap()));
        output
    }

    #[test]
    fn the_newest_runs_stay() {
        let folder = tempfile::tempdir().unwrap();
        let output = output_with(folder.path(), &["r1", "r2", "r3", "r4"]);
        for run_id in ["s1", "s2", "s3"] {
            samples::refuse(&output, run_id).unwrap();
        }
        assert_eq!(prune(&output, 2).unwrap(), ["r1", "r2", "s1"]);
        assert_eq!(names(&output.runs_folder()), ["r3", "r4"]);
        assert_eq!(names(&output.refused_folder()), ["s2", "s3"]);
        assert_eq!(prune(&output, 0).unwrap(), ["r3", "s2"]);
        assert_eq!(prune(&output, 1).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn the_run_that_readers_see_stays() {
        let folder = tempfile::tempdir().unwrap();
        let output = output_with(folder.path(), &["r1", "r2", "r3"]);
        fs::remove_file(output.latest_link()).unwrap();
        symlink("runs/r1", output.latest_link()).unwrap();
        assert_eq!(prune(&output, 1).unwrap(), ["r2"]);
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r1");
    }

    #[test]
    fn staging_stays_while_a_kept_run_used_it() {
        let folder = tempfile::tempdir().unwrap();
        let output = output_with(folder.path(), &["r1"]);
        let sales = output.staging_folder().join("sales");
        fs::create_dir(&sales).unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for name in
            ["used.parquet", "used.rejections.parquet", "used.json", "old.parquet", "old.json", "recent.parquet"]
        {
            fs::write(sales.join(name), name).unwrap();
            let time = if name.starts_with("recent") { disk::modified(&sales).unwrap() } else { long_ago };
            disk::set_modified(&sales.join(name), time).unwrap();
        }
        let in_use = BTreeSet::from([folder.path().join("runs/../staging/sales/used.parquet")]);
        assert_eq!(prune_staging(&output, &in_use).unwrap(), 2);
        let left = ["recent.parquet", "used.json", "used.parquet", "used.rejections.parquet"];
        assert_eq!(names(&sales), left);
        // Last used by the run that is kept, so it stays when the next night does without it.
        assert_eq!(prune_staging(&output, &BTreeSet::new()).unwrap(), 0);
        assert_eq!(names(&sales), left);
    }
}
