//! Whether a disk has room for a night: estimated before the work starts, so that a run does not fail in the middle of it.

use std::path::{Path, PathBuf};

use crate::model::failure::{Blame, Failure, Result};

/// The disk that a run writes to, and what the last run left there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    pub folder: PathBuf,
    /// Bytes of the tables and documents of the last run; this one's will hardly be much smaller.
    pub published: u64,
}

impl Room {
    /// Requires room for this much new staging, in bytes.
    ///
    /// # Errors
    /// An I/O failure with the numbers when the disk is clearly too full.
    pub fn holds(&self, staging: u64) -> Result<()> {
        self.judge(staging, free(&self.folder)?)
    }

    /// What the queries keep aside has been as large as staging; half of it is asked for, because only what cannot go well
    /// is refused.
    fn judge(&self, staging: u64, free: u64) -> Result<()> {
        let work = staging / 2;
        let need = staging.saturating_add(work).saturating_add(self.published);
        if free >= need {
            return Ok(());
        }
        let message = format!(
            "{} has {} MiB free, and the run needs at least {}: {} of staging, {} of work, {} of tables",
            self.folder.display(),
            free >> 20,
            shown(need),
            shown(staging),
            shown(work),
            shown(self.published)
        );
        Err(Failure::new(Blame::Io, message)
            .hint("make room on that disk, lower publish.keep_runs, or choose another out"))
    }
}

/// Bytes that may still be written to the file system of a folder.
fn free(folder: &Path) -> Result<u64> {
    let about = rustix::fs::statvfs(folder)
        .map_err(|error| Failure::io("cannot ask for the free space of", folder, std::io::Error::from(error)))?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}

/// In whole MiB, which is how disks are thought of.
fn shown(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn room(published: u64) -> Room {
        Room { folder: "out".into(), published }
    }

    #[test]
    fn what_just_fits_is_let_through() {
        assert_eq!(room(5 * MIB).judge(10 * MIB, 20 * MIB), Ok(()));
        assert_eq!(room(0).judge(0, 0), Ok(()));
    }

    #[test]
    fn what_cannot_fit_is_refused_with_the_numbers() {
        let failure = room(5 * MIB).judge(10 * MIB, 20 * MIB - 1).unwrap_err();
        assert_eq!(failure.blame, Blame::Io);
        assert_eq!(
            failure.message,
            "out has 19 MiB free, and the run needs at least 20 MiB: 10 MiB of staging, 5 MiB of work, 5 MiB of tables"
        );
    }

    #[test]
    fn an_absurd_need_is_refused_and_does_not_overflow() {
        assert!(room(u64::MAX).judge(u64::MAX, u64::MAX - 1).is_err());
    }

    #[test]
    fn the_disk_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let room = Room { folder: folder.path().to_path_buf(), published: 0 };
        room.holds(0).unwrap();
        assert!(room.holds(u64::MAX).unwrap_err().message.contains("MiB free"));
    }
}
