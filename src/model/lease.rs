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

/// Whether a living process works in a folder.
pub fn is_leased(folder: &Path) -> bool {
    File::open(folder.join(LEASE)).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
