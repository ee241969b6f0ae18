//! How a run begins, and what a killed one leaves behind.

use std::path::PathBuf;

use crate::model::failure::{Blame, Failure, Result};
use crate::publish::disk;
use crate::publish::output::Output;
use crate::publish::release::{Draft, LINK};

/// Runs that are being written, or removed, bear this before their id.
const DRAFT: &str = ".draft-";

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
        let folder = aside(self, run_id);
        disk::remove_folder(&folder)?;
        disk::create_folders(&folder)?;
        Ok(Draft::new(self.clone(), run_id, folder))
    }

    /// Removes what a killed run left behind: drafts and half-made links. Call it while holding the lock. The result is
    /// their names.
    ///
    /// # Errors
    /// An I/O failure when something cannot be removed.
    pub fn clean_up(&self) -> Result<Vec<String>> {
        let mut drafts = disk::entries(&self.runs_folder())?;
        drafts.retain(|path| disk::name_of(path).starts_with(DRAFT));
        drafts.iter().try_for_each(|draft| disk::remove_folder(draft))?;
        let mut links = disk::entries(self.root())?;
        links.retain(|path| disk::name_of(path).starts_with(LINK));
        links.iter().try_for_each(|link| disk::remove_file(link))?;
        Ok(drafts.iter().chain(&links).map(|path| disk::name_of(path)).collect())
    }
}

/// Where a run lies that is being written, or removed.
pub(super) fn aside(output: &Output, run_id: &str) -> PathBuf {
    output.runs_folder().join(format!("{DRAFT}{run_id}"))
}

/// Refuses what is no plain name: an id becomes part of paths.
pub(super) fn require_run_id(run_id: &str) -> Result<()> {
    let fit = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if run_id.is_empty() || run_id.starts_with('.') || !run_id.chars().all(fit) {
        return Err(Failure::defect(format!("\"{run_id}\" cannot name the folder of a run")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn clean_up_removes_what_a_killed_run_left() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r1").unwrap();
        std::mem::forget(output.begin("r2").unwrap());
        symlink("runs/r2", folder.path().join(".latest-r2")).unwrap();
        assert_eq!(output.clean_up().unwrap(), [".draft-r2", ".latest-r2"]);
        assert_eq!(output.clean_up().unwrap(), Vec::<String>::new());
        assert_eq!(disk::entries(&output.runs_folder()).unwrap(), [output.runs_folder().join("r1")]);
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
        fs::create_dir(aside(&output, "r1")).unwrap();
        fs::write(aside(&output, "r1").join("left.txt"), "of a killed run").unwrap();
        let draft = output.begin("r1").unwrap();
        assert_eq!(draft.folder(), aside(&output, "r1"));
        assert!(disk::entries(draft.folder()).unwrap().is_empty());
    }
}
