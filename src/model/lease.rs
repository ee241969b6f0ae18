//! Folders that a living process works in: it holds a lock on a file there, which ends with the process, however that ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

const LEASE: &str = ".lease";

/// The right to a folder; dropping it gives it up.
#[derive(Debug)]
pub struct Lease {
    _locked: File,
}

impl Lease {
    /// Takes a folder that this process has just made.
    pub fn take(folder: &Path) -> io::Result<Self> {
        let file = File::create(folder.join(LEASE))?;
        file.lock()?;
        Ok(Self { _locked: file })
    }
}

/// Held while such folders are made or removed in `parent`, so that one that has no lease yet does not pass for abandoned.
/// Where a file system cannot lock a folder, nothing is held: then two processes must not begin in the same instant.
pub fn turn(parent: &Path) -> io::Result<File> {
    let folder = File::open(parent)?;
    let _ = folder.lock();
    Ok(folder)
}

/// Whether a living process works in a folder.
pub fn is_leased(folder: &Path) -> bool {
    File::open(folder.join(LEASE)).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_has_its_turn() {
        let parent = tempfile::tempdir().unwrap();
        let first = turn(parent.path()).unwrap();
        let second = File::open(parent.path()).unwrap();
        assert!(matches!(second.try_lock(), Err(TryLockError::WouldBlock)));
        drop(first);
        second.try_lock().unwrap();
    }

    #[test]
    fn a_lease_ends_with_its_holder() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_leased(folder.path()));
        let lease = Lease::take(folder.path()).unwrap();
        assert!(is_leased(folder.path()));
        drop(lease);
        assert!(!is_leased(folder.path()));
    }
}
