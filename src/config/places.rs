//! Where a job file may lead: into its own folder, unless it says otherwise.
//!
//! Whoever may edit a job file, or put a file among its exports, need not be allowed to read and write what its run may. So
//! neither a path nor a symbolic link leads elsewhere without `allow_outside`.

use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

use crate::config::Job;
use crate::model::failure::{Failure, Result};
use crate::model::source::Source;

/// What the addresses of buckets begin with; they are no paths.
pub const BUCKET_SCHEME: &str = "s3://";

/// Folders below that of the extra queries in which there may be queries.
const QUERY_DEPTH: usize = 1;

/// Refuses paths of the job file that lead out of its folder. What globs match is looked at when it is there.
pub fn check_places(job: &Job) -> Result<()> {
    if job.job.allow_outside {
        return Ok(());
    }
    let (folders, globs) = (folders(job), globs(job));
    for (key, path) in folders.iter().chain(&globs) {
        require_below(job, key, path)?;
    }
    for (key, path) in &folders {
        job.require_inside(key, &job.path(path))?;
    }
    let links = job.extra_queries().map(|folder| links_below(&folder, QUERY_DEPTH)).unwrap_or_default();
    links.iter().try_for_each(|link| job.require_inside("queries.extra", link))
}

impl Job {
    /// Refuses a path that symbolic links lead out of the job file's folder. `key` says where the job file asks for it.
    ///
    /// # Errors
    /// A job file failure that names the link and its target.
    pub fn require_inside(&self, key: &str, path: &Path) -> Result<()> {
        if self.job.allow_outside {
            return Ok(());
        }
        let (folder, target) = (real(&self.folder), real(path));
        if target.starts_with(&folder) {
            return Ok(());
        }
        let is_stray = |place: &&Path| place.is_symlink() && !real(place).starts_with(&folder);
        let below = path.ancestors().take_while(|place| *place != self.folder.as_path());
        let link = below.filter(is_stray).last();
        let what = match link {
            Some(link) => format!("{} is a symbolic link to {}", link.display(), real(link).display()),
            None => format!("{} is {}", path.display(), target.display()),
        };
        Err(permitted(Failure::job_file(format!("{key}: {what}, outside of the folder of the job file"))))
    }
}

/// Local folders and files of the job file, by key.
fn folders(job: &Job) -> Vec<(String, &str)> {
    let out = ("job.out", Some(job.job.out.as_str()).filter(|out| !out.starts_with(BUCKET_SCHEME)));
    let others = [
        ("storage.cache", Some(job.storage.cache.as_str())),
        ("queries.extra", job.queries.extra.as_deref()),
        ("operations.metrics", job.operations.metrics.as_deref()),
        ("operations.lineage", job.operations.lineage.as_deref()),
    ];
    let named = std::iter::once(out).chain(others);
    named.filter_map(|(key, path)| Some((key.to_owned(), path?))).collect()
}

/// Local files of the sources, by key.
fn globs(job: &Job) -> Vec<(String, &str)> {
    let sections = Source::ALL.into_iter().filter_map(|source| Some((source, job.source(source)?)));
    let all = sections.flat_map(|(source, section)| section.files.iter().map(move |path| (source, path.as_str())));
    let local = all.filter(|(_, path)| !path.starts_with(BUCKET_SCHEME));
    local.map(|(source, path)| (format!("sources.{source}.files"), path)).collect()
}

fn require_below(job: &Job, key: &str, path: &str) -> Result<()> {
    if plain(&job.path(path)).starts_with(plain(&job.folder)) {
        return Ok(());
    }
    Err(permitted(Failure::job_file(format!("{key}: \"{path}\" leads out of the folder of the job file"))))
}

fn permitted(failure: Failure) -> Failure {
    failure.hint("if that is meant, write allow_outside = true under [job]")
}

/// The empty path is the folder where the command was given.
fn or_here(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new(".") } else { path }
}

/// Absolute, without `.` and `..`, whatever is there.
fn plain(path: &Path) -> PathBuf {
    let path = or_here(path);
    let whole = absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut plain = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// The place itself, links resolved; of a path that is not there yet, the nearest folder above it that is.
fn real(path: &Path) -> PathBuf {
    let there = path.ancestors().find_map(|place| fs::canonicalize(or_here(place)).ok());
    there.unwrap_or_else(|| plain(path))
}

/// The symbolic links in a folder and `depth` folders below; none where it cannot be looked into.
fn links_below(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let mut links = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth > 0 {
            links.extend(links_below(&path, depth - 1));
        }
        if path.is_symlink() {
            links.push(path);
        }
    }
    links.sort();
    links
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const SOURCES: &str = "[sources.sales]\nfiles = [\"sales.csv\"]\n[sources.dealers]\nfiles = [\"d.csv\"]\n";

    /// What reading a job file with this key in [job], or with these sections, says.
    fn read(folder: &Path, keys: &str, sections: &str) -> Result<Job> {
        let path = folder.join("dealerlens.toml");
        fs::write(&path, format!("[job]\nname = \"n\"\n{keys}\n{sections}")).unwrap();
        Job::read(&path)
    }

    fn toml(path: &str) -> String {
        toml::Value::String(path.to_owned()).to_string()
    }

    #[test]
    fn paths_that_leave_the_folder_are_refused_by_key_and_path() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["..", "../x", "a/../../x", "./../x", "/etc", "/", "*/../../x", "s3:/../../x", "file:///etc"] {
            let refused = |said: Result<Job>, key: &str| {
                // A colon is a letter of a file name like any other.
                let is_inside = path == "file:///etc";
                assert_eq!(said.is_ok(), is_inside, "{key} = {path}");
                let Err(failure) = said else { return };
                assert!(failure.message.contains(&format!("{key}: \"{path}\" leads out of")), "{failure}");
                assert_eq!(failure.hints, ["if that is meant, write allow_outside = true under [job]"]);
            };
            let quoted = toml(path);
            refused(read(folder.path(), &format!("out = {quoted}"), SOURCES), "job.out");
            refused(read(folder.path(), "", &format!("{SOURCES}[queries]\nextra = {quoted}")), "queries.extra");
            refused(read(folder.path(), "", &format!("{SOURCES}[storage]\ncache = {quoted}")), "storage.cache");
            let sources = SOURCES.replace("\"sales.csv\"", &format!("\"sales.csv\", {quoted}"));
            refused(read(folder.path(), "", &sources), "sources.sales.files");
            read(folder.path(), &format!("allow_outside = true\nout = {quoted}"), &sources).unwrap();
        }
    }

    #[test]
    fn paths_that_stay_in_the_folder_are_as_good_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("out").display().to_string();
        for path in ["out", "./out", "a/../out", "..out", "a..b/*", ".", whole.as_str(), "s3://bucket/../out"] {
            read(folder.path(), &format!("out = {}", toml(path)), SOURCES).unwrap();
        }
    }

    #[test]
    fn a_relative_job_file_is_judged_like_an_absolute_one() {
        assert!(!plain(Path::new("../x")).starts_with(plain(Path::new(""))));
        assert!(plain(Path::new("x/../y")).starts_with(plain(Path::new(""))));
        assert!(plain(Path::new("jobs/../jobs/x")).starts_with(plain(Path::new("jobs"))));
    }

    #[test]
    fn a_link_out_of_the_folder_is_named_with_its_target() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        symlink(elsewhere.path(), folder.path().join("out")).unwrap();
        let failure = read(folder.path(), "", SOURCES).unwrap_err();
        let target = elsewhere.path().canonicalize().unwrap();
        let expected = format!("out is a symbolic link to {}, outside of the folder", target.display());
        assert!(failure.message.contains("job.out: ") && failure.message.contains(&expected), "{failure}");
        read(folder.path(), "allow_outside = true", SOURCES).unwrap();
    }

    #[test]
    fn a_query_may_be_a_link_within_the_folder_only() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let marts = folder.path().join("own/marts");
        fs::create_dir_all(&marts).unwrap();
        fs::write(folder.path().join("inside.sql"), "select 1").unwrap();
        fs::write(elsewhere.path().join("x.sql"), "select 1").unwrap();
        let sections = format!("{SOURCES}[queries]\nextra = \"own\"");
        symlink("../../inside.sql", marts.join("inside.sql")).unwrap();
        read(folder.path(), "", &sections).unwrap();
        symlink(elsewhere.path().join("x.sql"), marts.join("outside.sql")).unwrap();
        let failure = read(folder.path(), "", &sections).unwrap_err();
        assert!(failure.message.contains("queries.extra: ") && failure.message.contains("outside.sql is"), "{failure}");
    }

    #[test]
    fn a_job_file_behind_a_link_has_the_folder_that_it_is_in() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("real");
        fs::create_dir_all(folder.join("out")).unwrap();
        symlink("real", place.path().join("alias")).unwrap();
        read(&place.path().join("alias"), "", SOURCES).unwrap();
    }
}
