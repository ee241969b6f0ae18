//! File system steps of publishing, with failures that name the path.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::model::failure::{Failure, Result};
use crate::model::parallel::in_parallel;
pub(super) use crate::model::removal::{remove_file, remove_folder};

/// Threads that wait for the disk, each for one file.
const SYNCED_AT_A_TIME: usize = 8;

pub(super) fn create_folders(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::io("cannot create folder", folder, error)
            .hint("check that the folder above it exists and may be written")
    })
}

/// The paths in a folder, sorted; none when it does not exist.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |error: io::Error| Failure::io("cannot read folder", folder, error);
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listing => listing.map_err(unreadable)?,
    };
    let paths = listing.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>();
    let mut paths = paths.map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

/// The last part of a path.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Moves within one file system: readers see the old place or the new one, never something between.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| Failure::io(&format!("cannot rename {} to", from.display()), to, error))
}

/// Replaces a file, or makes it with its folder: readers see the old text or the new one, even after a power cut.
pub(super) fn replace_file(path: &Path, text: &str) -> Result<()> {
    let folder = folder_of(path);
    create_folders(folder)?;
    replace_in(folder, path, text).map_err(|error| Failure::io("cannot write", path, error))?;
    sync(folder)
}

fn replace_in(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    // Others read it, so the umask decides, as for any new file; temporary files are the owner's alone otherwise.
    let shared = fs::Permissions::from_mode(0o666);
    let mut aside = tempfile::Builder::new().prefix(".dealerlens-").permissions(shared).tempfile_in(folder)?;
    aside.write_all(text.as_bytes())?;
    aside.as_file().sync_all()?;
    aside.persist(path)?;
    Ok(())
}

/// Appends one line to a file, or makes it with its folder. What a power cut left of an earlier line stays alone.
pub(super) fn append_line(path: &Path, line: &str) -> Result<()> {
    create_folders(folder_of(path))?;
    append_to(path, line).map_err(|error| Failure::io("cannot append to", path, error))
}

fn append_to(path: &Path, line: &str) -> io::Result<()> {
    let mut file = File::options().read(true).append(true).create(true).open(path)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let start = if last == [b'\n'] { "" } else { "\n" };
    file.write_all(format!("{start}{line}\n").as_bytes())?;
    file.sync_all()
}

/// The folder of a file; a bare name is in the current one.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Gives a folder and all it holds these permissions; who may read a folder may enter it, and its owner may always change
/// what is in it, or pruning could not remove it.
pub(super) fn set_permissions(path: &Path, mode: u32) -> Result<()> {
    let is_folder = path.is_dir();
    if is_folder {
        entries(path)?.iter().try_for_each(|entry| set_permissions(entry, mode))?;
    }
    let mode = if is_folder { 0o700 | mode | ((mode & 0o444) >> 2) } else { mode };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .map_err(|error| Failure::io("cannot set the permissions of", path, error))
}

/// Waits until a file, or the list of names in a folder, would survive a power cut.
pub(super) fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|opened| opened.sync_all()).map_err(|error| Failure::io("cannot sync", path, error))
}

/// Syncs a folder and everything under it, some at a time: a disk confirms what waits together at once.
pub(super) fn sync_all(folder: &Path) -> Result<()> {
    in_parallel(&all_under(folder)?, SYNCED_AT_A_TIME, |path| sync(path)).map(drop)
}

/// Everything under a folder, and the folder.
fn all_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![folder.to_path_buf()];
    for path in entries(folder)? {
        if path.is_dir() { found.extend(all_under(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

/// When a file or folder last changed.
pub(super) fn modified(path: &Path) -> Result<SystemTime> {
    let time = fs::metadata(path).and_then(|about| about.modified());
    time.map_err(|error| Failure::io("cannot look at", path, error))
}

/// Dates a file's last change.
pub(super) fn set_modified(path: &Path, time: SystemTime) -> Result<()> {
    let dated = File::options().append(true).open(path).and_then(|file| file.set_modified(time));
    dated.map_err(|error| Failure::io("cannot set the time of", path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_has_no_entries_and_can_be_removed() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent");
        assert_eq!(entries(&absent).unwrap(), Vec::<PathBuf>::new());
        remove_folder(&absent).unwrap();
        remove_file(&absent).unwrap();
        assert!(sync(&absent).unwrap_err().message.contains("absent"));
    }

    #[test]
    fn files_that_nobody_may_write_can_be_removed_with_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        fs::create_dir(&run).unwrap();
        fs::write(run.join("table"), "").unwrap();
        set_permissions(&run, 0o440).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&run), mode(&run.join("table"))), (0o750, 0o440));
        remove_folder(&run).unwrap();
    }

    #[test]
    fn entries_are_sorted() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a", ".c"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let names: Vec<_> = entries(folder.path()).unwrap().iter().map(|path| name_of(path)).collect();
        assert_eq!(names, [".c", "a", "b"]);
        sync_all(folder.path()).unwrap();
    }
    #[test]
    fn a_line_is_appended_whole_and_behind_whole_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/lines");
        append_line(&path, "one").unwrap();
        append_line(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        fs::write(&path, "one\ntw").unwrap();
        append_line(&path, "three").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntw\nthree\n");
    }

    #[test]
    fn a_replaced_file_has_the_permissions_of_any_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let (made, replaced) = (folder.path().join("made"), folder.path().join("replaced"));
        fs::write(&made, "").unwrap();
        replace_file(&replaced, "text").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!((mode(&replaced), fs::read_to_string(&replaced).unwrap()), (mode(&made), "text".to_owned()));
    }
}
