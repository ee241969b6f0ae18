//! How a run begins, and what a killed one leaves behind.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::model::failure::{Blame, Failure, Result};
use crate::model::lease::{is_leased, turn};
use crate::publish::disk;
use crate::publish::output::{DRAFT, LINK, Output, require_run_id};
use crate::publish::release::Draft;

/// Files that are being written end with this.
const HALF_WRITTEN: &str = ".new";

impl Output {
    /// Begins a run in a fresh folder aside. Run ids sort by time and become folder names: letters, digits, `-`, `_`,
    /// `.`, not beginning with a dot.
    ///
    /// # Errors
    /// A defect when the id is unfit; an I/O failure when a run of this id exists, when `latest` is not ours to switch,
    /// or when the folder cannot be made.
    pub fn begin(&self, run_id: &str) -> Result<Draft> {
        require_run_id(run_id)?;
        self.require_link()?;
        for taken in [self.runs_folder().join(run_id), self.refused_folder().join(run_id)] {
            if taken.exists() {
                let message = format!("a run {run_id} exists already: {}", taken.display());
                return Err(Failure::new(Blame::Io, message).hint("run again: the next run gets another id"));
            }
        }
        let folder = self.draft_folder(run_id);
        disk::remove_folder(&folder)?;
        disk::create_folders(&folder)?;
        Ok(Draft::new(self.clone(), run_id, folder))
    }

    /// Removes what a killed run left behind: drafts, runs that readers were about to be led to, with the links for it,
    /// and temporary files. What a living `ingest` works in stays. Call it while holding the lock. The result is their
    /// names.
    ///
    /// # Errors
    /// An I/O failure when something cannot be removed.
    pub fn clean_up(&self) -> Result<Vec<String>> {
        let mut removed = Vec::new();
        for link in begin_with(LINK, self.root())? {
            removed.extend(self.remove_unseen_run(&link)?);
            disk::remove_file(&link)?;
            removed.push(disk::name_of(&link));
        }
        let staging = self.staging_folder();
        let _turn = turn(&staging).map_err(|error| Failure::io("cannot read", &staging, error))?;
        let mut folders = begin_with(DRAFT, &self.runs_folder())?;
        folders.extend(begin_with(".", &staging)?.into_iter().filter(|folder| !is_leased(folder)));
        folders.push(self.work_folder());
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            disk::remove_folder(folder)?;
            removed.push(disk::name_of(folder));
        }
        for file in self.half_written()? {
            disk::remove_file(&file)?;
            removed.push(disk::name_of(&file));
        }
        Ok(removed)
    }

    /// A link aside means that readers were about to be led to its run: complete, perhaps, but they have never seen it.
    fn remove_unseen_run(&self, link: &Path) -> Result<Option<String>> {
        let name = disk::name_of(link);
        let run_id = name.strip_prefix(LINK).unwrap_or_default();
        let run = self.runs_folder().join(run_id);
        let is_unseen = !run_id.is_empty() && run.is_dir() && !self.leads_to(run_id)?;
        is_unseen.then(|| remove_run(self, &run)).transpose()
    }

    /// Files of staging that have not got their names yet.
    fn half_written(&self) -> Result<Vec<PathBuf>> {
        let sources = disk::entries(&self.staging_folder())?.into_iter().filter(|source| source.is_dir());
        let files = sources.map(|source| disk::entries(&source)).collect::<Result<Vec<_>>>()?;
        Ok(files.into_iter().flatten().filter(|file| disk::name_of(file).ends_with(HALF_WRITTEN)).collect())
    }

    fn leads_to(&self, run_id: &str) -> Result<bool> {
        match fs::read_link(self.latest_link()) {
            Ok(target) => Ok(disk::name_of(&target) == run_id),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Failure::io("cannot read the link", &self.latest_link(), error)),
        }
    }
}

/// The paths in a folder whose names begin so.
fn begin_with(prefix: &str, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = disk::entries(folder)?;
    paths.retain(|path| disk::name_of(path).starts_with(prefix));
    Ok(paths)
}

/// Removes a run and gives its id. It is moved aside first, so that nobody finds half of it.
pub(super) fn remove_run(output: &Output, run: &Path) -> Result<String> {
    let run_id = disk::name_of(run);
    let moved = output.draft_folder(&run_id);
    disk::remove_folder(&moved)?;
    disk::rename(run, &moved)?;
    disk::remove_folder(&moved)?;
    Ok(run_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lease::Lease;
    use crate::model::manifest::Status;
    use crate::publish::samples;
    use std::os::unix::fs::symlink;

    #[test]
    fn clean_up_removes_what_a_killed_run_left() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r1").unwrap();
        std::mem::forget(output.begin("r2").unwrap());
        symlink("runs/r2", folder.path().join(".latest-r2")).unwrap();
        fs::create_dir_all(output.work_folder().join("spilled")).unwrap();
        fs::create_dir(output.staging_folder().join(".decoding")).unwrap();
        fs::create_dir(output.staging_folder().join("sales")).unwrap();
        fs::write(output.staging_folder().join("sales/a1.json.new"), "{").unwrap();
        fs::write(output.staging_folder().join("sales/a1.parquet"), "rows").unwrap();
        assert_eq!(output.clean_up().unwrap(), [".latest-r2", ".draft-r2", ".decoding", ".work", "a1.json.new"]);
        assert!(output.staging_folder().join("sales/a1.parquet").is_file());
        assert_eq!(output.clean_up().unwrap(), Vec::<String>::new());
        assert_eq!(disk::entries(&output.runs_folder()).unwrap(), [output.runs_folder().join("r1")]);
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r1");
    }

    #[test]
    fn clean_up_leaves_alone_what_a_living_ingest_works_in() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        let scratch = output.staging_folder().join(".decoding1");
        fs::create_dir(&scratch).unwrap();
        let lease = Lease::take(&scratch).unwrap();
        assert_eq!(output.clean_up().unwrap(), Vec::<String>::new());
        drop(lease);
        assert_eq!(output.clean_up().unwrap(), [".decoding1"]);
    }

    #[test]
    fn clean_up_removes_a_complete_run_that_nobody_has_seen() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r1").unwrap();
        let mut draft = output.begin("r2").unwrap();
        draft.complete(&samples::manifest("r2", Status::Published)).unwrap();
        std::mem::forget(draft);
        assert_eq!(output.clean_up().unwrap(), ["r2", ".latest-r2"]);
        assert_eq!(disk::entries(&output.runs_folder()).unwrap(), [output.runs_folder().join("r1")]);
        // Readers see r1: a link left beside it takes nothing away from them.
        symlink("runs/r1", folder.path().join(".latest-r1")).unwrap();
        assert_eq!(output.clean_up().unwrap(), [".latest-r1"]);
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r1");
    }

    #[test]
    fn an_id_is_used_once_and_is_a_plain_name() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r1").unwrap();
        assert!(output.begin("r1").unwrap_err().message.contains("exists already"));
        for unfit in ["", ".", "../r2", "a b", ".hidden"] {
            assert_eq!(output.begin(unfit).unwrap_err().blame, Blame::Defect, "{unfit}");
        }
    }

    #[test]
    fn a_draft_begins_empty() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        fs::create_dir(output.draft_folder("r1")).unwrap();
        fs::write(output.draft_folder("r1").join("left.txt"), "of a killed run").unwrap();
        let draft = output.begin("r1").unwrap();
        assert_eq!(draft.folder(), output.draft_folder("r1"));
        assert!(disk::entries(draft.folder()).unwrap().is_empty());
    }
}
