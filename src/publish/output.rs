//! The output folder: where things are, what is published, which runs there were.

use std::fs;
use std::path::{Path, PathBuf};

use crate::model::failure::{Blame, Failure, Result};
use crate::model::manifest::Manifest;
use crate::publish::{disk, manifest_file};

/// Runs that are being written, or removed, bear this before their id.
pub(super) const DRAFT: &str = ".draft-";
/// A link that is about to become `latest` bears this before the run's id.
pub(super) const LINK: &str = ".latest-";

/// The output folder of a job: `latest` leads to the run that readers see, `runs/` holds the published runs, `refused/`
/// those whose data was not good enough, `staging/` what was read from exports.
#[derive(Debug, Clone)]
pub struct Output {
    root: PathBuf,
    mode: Option<u32>,
}

impl Output {
    /// Creates the folder with `runs/` and `staging/` where they are missing.
    ///
    /// # Errors
    /// An I/O failure when one cannot be created.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let output = Self::look(root);
        disk::create_folders(&output.runs_folder())?;
        disk::create_folders(&output.staging_folder())?;
        Ok(output)
    }

    /// Looks at a folder that a run made, or has not made yet; creates nothing.
    pub fn look(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), mode: None }
    }

    /// Published files get these permissions, and their folders the same with the right to enter.
    #[must_use]
    pub fn with_permissions(self, mode: Option<u32>) -> Self {
        Self { mode, ..self }
    }

    pub(super) const fn permissions(&self) -> Option<u32> {
        self.mode
    }

    /// The output folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `runs/`: one folder for each published run, named by its id.
    pub fn runs_folder(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// `refused/`: one folder for each refused run, named by its id. It may not exist.
    pub fn refused_folder(&self) -> PathBuf {
        self.root.join("refused")
    }

    /// `staging/`: a folder for each source, a few files for each export.
    pub fn staging_folder(&self) -> PathBuf {
        self.root.join("staging")
    }

    /// `staging/facts/`: what relations have of single exports.
    pub fn facts_folder(&self) -> PathBuf {
        self.staging_folder().join("facts")
    }

    /// `.work/`: temporary files of a run, gone after it.
    pub fn work_folder(&self) -> PathBuf {
        self.root.join(".work")
    }

    /// `latest`: the symbolic link that readers follow.
    pub fn latest_link(&self) -> PathBuf {
        self.root.join("latest")
    }

    /// `delta/`: a folder for each mart, if the job has Delta tables. It may not exist.
    pub fn delta_folder(&self) -> PathBuf {
        self.root.join("delta")
    }

    pub(super) fn lock_file(&self) -> PathBuf {
        self.root.join(".lock")
    }

    /// Where a run lies that is being written, or removed.
    pub(super) fn draft_folder(&self, run_id: &str) -> PathBuf {
        self.runs_folder().join(format!("{DRAFT}{run_id}"))
    }

    /// The link that is to become `latest`.
    pub(super) fn link_aside(&self, run_id: &str) -> PathBuf {
        self.root.join(format!("{LINK}{run_id}"))
    }

    /// The folder of the run that readers see, links resolved; `None` when nothing is published, or when `latest` leads
    /// nowhere.
    pub fn latest_folder(&self) -> Option<PathBuf> {
        let link = self.latest_link();
        if link.is_symlink() { fs::canonicalize(link).ok() } else { None }
    }

    /// The manifest of the run that readers see; `None` in the same cases as [`Self::latest_folder`].
    ///
    /// # Errors
    /// An I/O failure when the manifest is damaged or of a newer version, or when `latest` is no link.
    pub fn latest(&self) -> Result<Option<Manifest>> {
        self.require_link()?;
        self.latest_folder().map(|folder| manifest_file::read(&folder)).transpose()
    }

    /// The manifests of all published and refused runs, sorted by run id, and what is wrong with those that cannot be
    /// read.
    ///
    /// # Errors
    /// An I/O failure when the folders cannot be looked into.
    pub fn runs(&self) -> Result<(Vec<Manifest>, Vec<Failure>)> {
        let mut folders = complete_runs(&self.runs_folder())?;
        folders.extend(complete_runs(&self.refused_folder())?);
        let (mut manifests, mut unreadable) = (Vec::new(), Vec::new());
        for folder in &folders {
            match manifest_file::read(folder) {
                Ok(manifest) => manifests.push(manifest),
                Err(failure) => unreadable.push(failure),
            }
        }
        manifests.sort_by(|left, right| left.run_id.cmp(&right.run_id));
        Ok((manifests, unreadable))
    }

    /// Refuses a `latest` that somebody else put there: switching would destroy it.
    pub(super) fn require_link(&self) -> Result<()> {
        let link = self.latest_link();
        if link.is_symlink() || !link.exists() {
            return Ok(());
        }
        let message = format!("{} is not the symbolic link that dealerlens makes, so it is left alone", link.display());
        Err(Failure::new(Blame::Io, message).hint("move it away, or choose another output folder"))
    }
}

/// The folders of complete runs, sorted by run id. What begins with a dot is being written or removed.
pub(super) fn complete_runs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut runs = disk::entries(folder)?;
    runs.retain(|run| !disk::name_of(run).starts_with('.') && manifest_file::exists(run));
    Ok(runs)
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

    #[test]
    fn a_new_output_has_published_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path().join("deep/out")).unwrap();
        assert!(output.runs_folder().is_dir() && output.staging_folder().is_dir());
        assert_eq!(output.latest().unwrap(), None);
        assert_eq!(output.latest_folder(), None);
        assert_eq!(output.runs().unwrap(), (Vec::new(), Vec::new()));
    }

    #[test]
    fn runs_are_sorted_whatever_became_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r3").unwrap();
        samples::refuse(&output, "r2").unwrap();
        samples::publish(&output, "r1").unwrap();
        fs::create_dir(output.runs_folder().join("without a manifest")).unwrap();
        let ids: Vec<_> = output.runs().unwrap().0.into_iter().map(|manifest| manifest.run_id).collect();
        assert_eq!(ids, ["r1", "r2", "r3"]);
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r1");
    }

    #[test]
    fn a_link_that_leads_nowhere_publishes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        let release = samples::publish(&output, "r1").unwrap();
        fs::remove_dir_all(release.folder).unwrap();
        assert_eq!(output.latest().unwrap(), None);
        samples::publish(&output, "r2").unwrap();
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r2");
    }
}
