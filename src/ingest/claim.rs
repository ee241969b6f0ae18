//! Who is staging an export, when several machines work on one staging folder.
//!
//! A claim is a file beside the staging files that only one process can create. While its holder lives it writes to the
//! file now and then; a file that has not changed for long belongs to nobody. Ages are differences of two times of the
//! file system, so the clocks of the machines do not matter. Claims spare work and no more: whoever stages an export
//! without one writes aside and renames, and the same export gives the same files.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::failure::{Failure, Result};

/// A holder that has not written for so long is dead.
pub const DEAD_AFTER: Duration = Duration::from_secs(15 * 60);
/// Batches of rows between two signs of life: a second or so.
const BATCHES: u32 = 64;

/// The right to stage an export; dropping it gives it up.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    file: File,
    batches: u32,
}

impl Claim {
    /// Claims an export by the path of its claim; `None` when a living process has it. `scratch` is a folder of this
    /// process on the same file system.
    pub fn take(path: &Path, scratch: &Path) -> Result<Option<Self>> {
        if let Some(claim) = Self::create(path)? {
            return Ok(Some(claim));
        }
        if !is_dead(path, scratch)? || !bury(path, scratch)? {
            return Ok(None);
        }
        Self::create(path)
    }

    fn create(path: &Path) -> Result<Option<Self>> {
        let unwritable = |error: std::io::Error| Failure::io("cannot claim", path, error);
        let mut file = match File::options().append(true).create_new(true).open(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(None),
            opened => opened.map_err(unwritable)?,
        };
        writeln!(file, "process {}", std::process::id()).map_err(unwritable)?;
        Ok(Some(Self { path: path.to_path_buf(), file, batches: 0 }))
    }

    /// Shows every so many batches that the holder lives.
    pub fn beat(&mut self) -> Result<()> {
        self.batches += 1;
        if !self.batches.is_multiple_of(BATCHES) {
            return Ok(());
        }
        let written = self.file.write_all(b".").and_then(|()| self.file.sync_data());
        written.map_err(|error| Failure::io("cannot write", &self.path, error))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether nobody has written to a claim for long. One that has just been given up is not dead: its export is staged.
fn is_dead(path: &Path, scratch: &Path) -> Result<bool> {
    let modified = |path: &Path| fs::metadata(path).and_then(|about: Metadata| about.modified());
    let Ok(last_sign) = modified(path) else { return Ok(false) };
    let clock = named_after(path, "now", scratch);
    let now = fs::write(&clock, "now").and_then(|()| modified(&clock));
    let now = now.map_err(|error| Failure::io("cannot write", &clock, error))?;
    Ok(now.duration_since(last_sign).is_ok_and(|age| age > DEAD_AFTER))
}

/// Moves a dead claim away. Of several that find it dead one succeeds; who comes late may have moved the claim of that
/// one, sees so by its age, and puts it back.
fn bury(path: &Path, scratch: &Path) -> Result<bool> {
    let grave = named_after(path, "dead", scratch);
    match fs::rename(path, &grave) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        moved => moved.map_err(|error| Failure::io("cannot take over", path, error))?,
    }
    let was_dead = is_dead(&grave, scratch)?;
    if !was_dead {
        let _ = fs::hard_link(&grave, path);
    }
    let _ = fs::remove_file(&grave);
    Ok(was_dead)
}

/// A file of this process for one claim: its threads look at several at a time.
fn named_after(path: &Path, what: &str, scratch: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    scratch.join(format!("{what}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_has_a_claim_until_it_gives_it_up() {
        let folder = tempfile::tempdir().unwrap();
        let (path, scratch) = (folder.path().join(".a.claim"), folder.path());
        let claim = Claim::take(&path, scratch).unwrap().unwrap();
        assert!(Claim::take(&path, scratch).unwrap().is_none());
        drop(claim);
        assert!(Claim::take(&path, scratch).unwrap().is_some());
        assert!(!path.exists(), "a claim outlives its holder");
    }

    #[test]
    fn a_dead_claim_is_taken_over_and_a_living_one_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let (path, scratch) = (folder.path().join(".a.claim"), folder.path());
        let mut claim = Claim::take(&path, scratch).unwrap().unwrap();
        assert!(!bury(&path, scratch).unwrap());
        assert!(path.is_file());
        let last_sign = claim.file.metadata().unwrap().modified().unwrap();
        claim.file.set_modified(last_sign - 2 * DEAD_AFTER).unwrap();
        assert!(is_dead(&path, scratch).unwrap());
        for _ in 0..BATCHES {
            claim.beat().unwrap();
        }
        assert!(!is_dead(&path, scratch).unwrap());
        claim.file.set_modified(last_sign - 2 * DEAD_AFTER).unwrap();
        let heir = Claim::take(&path, scratch).unwrap().unwrap();
        assert!(Claim::take(&path, scratch).unwrap().is_none());
        drop(heir);
    }
}
