//! Whether an export stayed as it was while it was read: its checksum and its rows have to be of the same bytes.
//!
//! A file is read more than once: for its checksum, and then to be parsed. What the file system says of it before the
//! first reading has to be true after each of them.

use std::fs::{Metadata, metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;

use serde::{Deserialize, Serialize};

use crate::ingest::discover::Export;
use crate::model::failure::{Blame, Failure, Result};

/// Seconds to which the coarsest file systems keep times.
const COARSEST: i64 = 2;

/// An export as its file system saw it at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    bytes: u64,
    /// Device and inode: another file of the same name has others.
    place: (u64, u64),
    /// Seconds and nanoseconds of the last write. Whoever writes can set it back.
    written: (i64, i64),
    /// The same of the last change of any kind, renaming included. Nobody can set that back.
    changed: (i64, i64),
}

impl Sight {
    /// Looks at an export.
    ///
    /// # Errors
    /// An I/O failure when it cannot be looked at.
    pub fn of(export: &Export) -> Result<Self> {
        let about = metadata(&export.path).map_err(|error| Failure::unreadable(&export.path, &error))?;
        Ok(Self::from(&about))
    }

    /// Requires that the export is as it was, and that `read` bytes are all of it.
    ///
    /// # Errors
    /// A failure to try later, which says what changed.
    pub fn holds(&self, export: &Export, read: u64) -> Result<()> {
        let change = match metadata(&export.path) {
            Ok(about) => self.change(&Self::from(&about), read),
            Err(error) if error.kind() == ErrorKind::NotFound => Some("was removed".to_owned()),
            Err(error) => return Err(Failure::unreadable(&export.path, &error)),
        };
        change.map_or(Ok(()), |change| Err(unsettled(export, &change)))
    }

    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether a change from this moment on, in seconds since 1970, would have another time than the last one.
    pub const fn is_settled_at(&self, moment: i64) -> bool {
        self.changed.0.saturating_add(COARSEST) < moment
    }

    fn change(&self, now: &Self, read: u64) -> Option<String> {
        let (before, after) = (self.bytes, now.bytes);
        if now.place != self.place {
            return Some("was replaced by another file".to_owned());
        }
        if after > before {
            return Some(format!("grew from {before} to {after} bytes"));
        }
        if after < before {
            return Some(format!("shrank from {before} to {after} bytes"));
        }
        if (now.written, now.changed) != (self.written, self.changed) {
            return Some("was written to, or renamed".to_owned());
        }
        (read != before).then(|| format!("gave {read} bytes where it has {before}"))
    }
}

impl From<&Metadata> for Sight {
    fn from(about: &Metadata) -> Self {
        Self {
            bytes: about.len(),
            place: (about.dev(), about.ino()),
            written: (about.mtime(), about.mtime_nsec()),
            changed: (about.ctime(), about.ctime_nsec()),
        }
    }
}

fn unsettled(export: &Export, change: &str) -> Failure {
    Failure::new(Blame::Unsettled, format!("{} {change} while it was read", export.name)).hint(
        "run again when its sender has finished; a sender that renames a finished file into place is never in the way",
    )
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::model::source::Source;

    const CONTENT: &[u8] = b"sold_on,dealer_id,amount\n";

    /// What is said of an export that `alter` changes between two looks.
    fn said(alter: impl FnOnce(&Export)) -> Option<Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sales.csv");
        fs::write(&path, CONTENT).unwrap();
        // Long ago, so that no change falls into the same tick of the file system's clock.
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options().append(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        let export = Export { source: Source::Sales, path, name: "sales.csv".to_owned(), is_ascii: false };
        let sight = Sight::of(&export).unwrap();
        alter(&export);
        sight.holds(&export, CONTENT.len() as u64).err()
    }

    fn message(alter: impl FnOnce(&Export)) -> String {
        let failure = said(alter).expect("the change was not seen");
        assert_eq!(failure.blame, Blame::Unsettled);
        failure.message
    }

    #[test]
    fn what_is_only_read_stays_as_it_was() {
        assert_eq!(said(|export| drop(fs::read(&export.path).unwrap())), None);
    }

    #[test]
    fn every_change_is_named() {
        let grown = message(|export| fs::write(&export.path, CONTENT.repeat(2)).unwrap());
        assert_eq!(grown, "sales.csv grew from 25 to 50 bytes while it was read");
        let cut = message(|export| File::options().write(true).open(&export.path).unwrap().set_len(7).unwrap());
        assert_eq!(cut, "sales.csv shrank from 25 to 7 bytes while it was read");
        let replaced = message(|export| {
            let aside = export.path.with_extension("new");
            fs::write(&aside, CONTENT).unwrap();
            fs::rename(aside, &export.path).unwrap();
        });
        assert_eq!(replaced, "sales.csv was replaced by another file while it was read");
        let removed = message(|export| fs::remove_file(&export.path).unwrap());
        assert_eq!(removed, "sales.csv was removed while it was read");
    }

    #[test]
    fn other_bytes_of_the_same_length_are_a_change() {
        let other = CONTENT.to_ascii_uppercase();
        let written = message(|export| fs::write(&export.path, &other).unwrap());
        assert_eq!(written, "sales.csv was written to, or renamed while it was read");
    }

    #[test]
    fn a_time_that_was_set_back_hides_nothing() {
        let sight = |written: i64, changed: i64| Sight {
            bytes: 25,
            place: (1, 2),
            written: (written, 0),
            changed: (changed, 0),
        };
        assert!(sight(5, 5).change(&sight(5, 6), 25).is_some());
        assert_eq!(sight(5, 5).change(&sight(5, 5), 25), None);
    }

    #[test]
    fn bytes_that_were_not_all_read_are_a_change() {
        let sight = Sight { bytes: 25, place: (1, 2), written: (5, 0), changed: (5, 0) };
        assert_eq!(sight.change(&sight, 20).unwrap(), "gave 20 bytes where it has 25");
    }
}
