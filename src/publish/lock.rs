//! One run at a time in an output folder.

use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::Path;

use crate::model::failure::{Blame, Failure, Result};
use crate::publish::output::Output;

/// The right to change an output folder, held as long as this value lives. The operating system takes it back when the
/// process ends, however it ends, so a file left behind locks nobody out.
#[derive(Debug)]
pub struct Lock {
    /// Closing it unlocks it.
    _file: File,
}

impl Lock {
    /// Takes the lock, or fails at once. `holder` tells others who has it: one line, such as process id and start time.
    ///
    /// # Errors
    /// [`Blame::Locked`] with the holder's line when another run has the lock; an I/O failure when the file system
    /// cannot lock.
    pub fn acquire(output: &Output, holder: &str) -> Result<Self> {
        let path = output.lock_file();
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(|error| {
                Failure::io("cannot open", &path, error).hint("check that the output folder may be written")
            })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&path)),
            Err(TryLockError::Error(error)) => return Err(unlockable(&path, &error)),
        }
        let written = file.set_len(0).and_then(|()| writeln!(file, "{holder}"));
        written.map_err(|error| Failure::io("cannot write", &path, error))?;
        Ok(Self { _file: file })
    }
}

fn held(path: &Path) -> Failure {
    // The other run may be between taking the lock and writing its name.
    let text = fs::read_to_string(path).unwrap_or_default();
    let holder = text.lines().next().filter(|line| !line.is_empty()).unwrap_or("holder unknown");
    Failure::new(Blame::Locked, format!("another run holds {}: {holder}", path.display()))
        .hint("wait until it has ended, or try later; nothing was changed")
}

fn unlockable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::io("cannot lock", path, error).hint("put the output folder on a file system that supports locks")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        let lock = Lock::acquire(&output, "process 4711 since 2026-01-05T02:00:00Z").unwrap();
        let failure = Lock::acquire(&output, "process 4712").unwrap_err();
        assert_eq!(failure.blame, Blame::Locked);
        assert!(failure.message.ends_with("process 4711 since 2026-01-05T02:00:00Z"), "{failure}");
        drop(lock);
        Lock::acquire(&output, "process 4712").unwrap();
        assert_eq!(fs::read_to_string(output.lock_file()).unwrap(), "process 4712\n");
    }

    #[test]
    fn a_file_left_behind_locks_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        fs::write(output.lock_file(), "process 1, killed long ago\n").unwrap();
        Lock::acquire(&output, "process 2").unwrap();
        assert_eq!(fs::read_to_string(output.lock_file()).unwrap(), "process 2\n");
    }

    #[test]
    fn outputs_do_not_lock_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let one = Output::open(folder.path().join("one")).unwrap();
        let other = Output::open(folder.path().join("other")).unwrap();
        let _held = Lock::acquire(&one, "a").unwrap();
        Lock::acquire(&other, "b").unwrap();
    }
}
