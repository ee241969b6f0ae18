//! Publishing as a transaction: a run is written aside as a [`Draft`], and one rename makes it what readers see.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::model::failure::{Blame, Failure, Result};
use crate::model::manifest::{Manifest, Status};
use crate::publish::output::{Output, require_run_id};
use crate::publish::{disk, manifest_file};

/// A run being written. Dropped before it is published or refused, it takes its folder with it.
#[derive(Debug)]
pub struct Draft {
    output: Output,
    run_id: String,
    /// Where the run is now: aside, later in its place.
    folder: PathBuf,
    settled: bool,
}

/// A published run: readers see it under `latest`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub run_id: String,
    /// `runs/<run id>` in the output folder.
    pub folder: PathBuf,
}

impl Draft {
    /// A run in an empty folder of its own.
    pub(super) fn new(output: Output, run_id: &str, folder: PathBuf) -> Self {
        Self { output, run_id: run_id.to_owned(), folder, settled: false }
    }

    /// Where to write the run's files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Ends the run without a trace, as far as the disk lets it.
    pub fn discard(self) {
        drop(self);
    }

    /// Writes the manifest, syncs everything and moves the run to `runs/`; readers do not see it yet. The link that will
    /// lead them there is made before: while it lies aside, clean-up knows that the run was never seen.
    ///
    /// # Errors
    /// A defect when the manifest is not that of this run, published; an I/O failure. The run is gone then.
    pub fn complete(&mut self, manifest: &Manifest) -> Result<()> {
        self.require_manifest(manifest, Status::Published)?;
        self.output.require_link()?;
        self.output.make_link(&self.run_id)?;
        disk::sync(self.output.root())?;
        self.settle_in(&self.output.runs_folder(), manifest)
    }

    /// Switches `latest` to the run, which is complete.
    ///
    /// # Errors
    /// An I/O failure, after which readers see what they saw before and the run is gone. Only when the last sync fails do
    /// they see the new run.
    pub fn switch(mut self) -> Result<Release> {
        self.output.lead_to(&self.run_id)?;
        self.settled = true;
        disk::sync(self.output.root())?;
        Ok(Release { run_id: self.run_id.clone(), folder: self.folder.clone() })
    }

    /// Keeps the run under `refused/`, complete with its manifest; `latest` stays as it is. The result is its folder.
    ///
    /// # Errors
    /// A defect when the manifest is not that of this run, refused; an I/O failure, after which the run is gone.
    pub fn refuse(mut self, manifest: &Manifest) -> Result<PathBuf> {
        self.require_manifest(manifest, Status::Refused)?;
        let refused = self.output.refused_folder();
        disk::create_folders(&refused)?;
        self.settle_in(&refused, manifest)?;
        self.settled = true;
        disk::sync(self.output.root())?;
        Ok(self.folder.clone())
    }

    fn require_manifest(&self, manifest: &Manifest, status: Status) -> Result<()> {
        if manifest.run_id == self.run_id && manifest.status == status {
            return Ok(());
        }
        let (id, found) = (&manifest.run_id, manifest.status);
        Err(Failure::defect(format!(
            "run {} cannot end as {status:?} with the manifest of {id}, {found:?}",
            self.run_id
        )))
    }

    /// The manifest is written when all else is on disk, so its presence proves the rest, even after a power cut.
    fn settle_in(&mut self, place: &Path, manifest: &Manifest) -> Result<()> {
        let mode = self.output.permissions();
        mode.map_or(Ok(()), |mode| disk::set_permissions(&self.folder, mode))?;
        disk::sync_all(&self.folder)?;
        manifest_file::write(&self.folder, manifest, mode)?;
        disk::sync(&self.folder)?;
        let settled = place.join(&self.run_id);
        disk::rename(&self.folder, &settled)?;
        self.folder = settled;
        disk::sync(place)
    }
}

impl Output {
    /// Leads readers to a complete run, or to none: what another machine has published, or not.
    ///
    /// # Errors
    /// An I/O failure when the id, which comes from elsewhere, is no plain name, or when `latest` cannot be switched.
    pub fn follow(&self, run_id: Option<&str>) -> Result<()> {
        self.require_link()?;
        match run_id {
            Some(run_id) => {
                require_run_id(run_id).map_err(|failure| Failure { blame: Blame::Io, ..failure })?;
                self.make_link(run_id).and_then(|()| self.lead_to(run_id))
            }
            None => disk::remove_file(&self.latest_link()),
        }
    }

    /// Removes the runs that are not among `kept`.
    ///
    /// # Errors
    /// An I/O failure when one cannot be removed.
    pub fn forget_runs_but(&self, kept: &BTreeSet<&str>) -> Result<()> {
        let mut runs = disk::entries(&self.runs_folder())?;
        runs.retain(|run| !kept.contains(disk::name_of(run).as_str()));
        runs.iter().try_for_each(|run| disk::remove_folder(run))
    }

    /// Makes the link that is to become `latest`, aside.
    fn make_link(&self, run_id: &str) -> Result<()> {
        let link = self.link_aside(run_id);
        disk::remove_file(&link)?;
        symlink(Path::new("runs").join(run_id), &link).map_err(|error| {
            Failure::io("cannot make the link", &link, error)
                .hint("the output folder needs a file system with symbolic links")
        })
    }

    /// Leads readers to a run in one step: the link made aside replaces the one they follow.
    fn lead_to(&self, run_id: &str) -> Result<()> {
        disk::rename(&self.link_aside(run_id), &self.latest_link())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        // Moved aside first, so that nobody finds half of it. Best effort: the next run's clean-up removes what stays, and
        // it needs the link to know a complete run that nobody has seen.
        let aside = self.output.draft_folder(&self.run_id);
        if fs::rename(&self.folder, &aside).and_then(|()| fs::remove_dir_all(&aside)).is_ok() {
            let _ = fs::remove_file(self.output.link_aside(&self.run_id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;

    fn names(folder: &Path) -> Vec<String> {
        disk::entries(folder).unwrap().iter().map(|path| disk::name_of(path)).collect()
    }

    #[test]
    fn publishing_switches_what_a_reader_sees() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        for run_id in ["r1", "r2"] {
            let mut draft = output.begin(run_id).unwrap();
            fs::write(draft.folder().join("table.txt"), run_id).unwrap();
            draft.complete(&samples::manifest(run_id, Status::Published)).unwrap();
            assert_ne!(fs::read_to_string(folder.path().join("latest/table.txt")).ok().as_deref(), Some(run_id));
            let release = draft.switch().unwrap();
            assert_eq!(release.folder, output.runs_folder().join(run_id));
            assert_eq!(fs::read_to_string(folder.path().join("latest/table.txt")).unwrap(), run_id);
            assert_eq!(fs::read_link(output.latest_link()).unwrap(), Path::new("runs").join(run_id));
        }
        assert_eq!(names(&output.runs_folder()), ["r1", "r2"]);
        assert_eq!(names(folder.path()), ["latest", "runs", "staging"]);
    }

    #[test]
    fn published_files_have_the_permissions_that_were_asked_for() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap().with_permissions(Some(0o640));
        let mut draft = output.begin("r1").unwrap();
        fs::create_dir(draft.folder().join("regions")).unwrap();
        fs::write(draft.folder().join("regions/table.txt"), "r1").unwrap();
        draft.complete(&samples::manifest("r1", Status::Published)).unwrap();
        let release = draft.switch().unwrap();
        let mode = |name: &str| fs::metadata(release.folder.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            [mode("regions/table.txt"), mode("manifest.json"), mode("regions"), mode(".")],
            [0o640, 0o640, 0o750, 0o750]
        );
    }

    #[test]
    fn nobody_elsewhere_leads_readers_out_of_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r1").unwrap();
        for run_id in ["../../etc", "/etc", "", "..", "a/b"] {
            assert_eq!(output.follow(Some(run_id)).unwrap_err().blame, Blame::Io, "{run_id}");
        }
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r1");
        output.follow(Some("r1")).unwrap();
    }

    #[test]
    fn a_refused_run_is_kept_without_touching_latest() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        samples::publish(&output, "r1").unwrap();
        let kept = samples::refuse(&output, "r2").unwrap();
        assert_eq!(kept, output.refused_folder().join("r2"));
        assert_eq!(names(&kept), ["manifest.json"]);
        assert_eq!(output.latest().unwrap().unwrap().run_id, "r1");
    }

    #[test]
    fn a_draft_that_ends_early_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        drop(output.begin("r1").unwrap());
        output.begin("r1").unwrap().discard();
        let mut complete = output.begin("r1").unwrap();
        complete.complete(&samples::manifest("r1", Status::Published)).unwrap();
        assert_eq!(names(&output.runs_folder()), ["r1"]);
        drop(complete);
        assert_eq!(names(folder.path()), ["runs", "staging"]);
        let wrong = output.begin("r1").unwrap().complete(&samples::manifest("r2", Status::Published));
        assert_eq!(wrong.unwrap_err().blame, Blame::Defect);
        assert_eq!(names(&output.runs_folder()), Vec::<String>::new());
        assert_eq!(output.latest().unwrap(), None);
    }

    #[test]
    fn a_latest_that_is_no_link_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        let mut draft = output.begin("r1").unwrap();
        fs::create_dir(output.latest_link()).unwrap();
        let failure = draft.complete(&samples::manifest("r1", Status::Published)).unwrap_err();
        assert!(failure.message.contains("latest"), "{failure}");
        assert_eq!(output.begin("r1").unwrap_err(), failure);
        assert!(output.latest_link().is_dir() && output.latest().is_err());
    }
}
