//! Checksums of exports from night to night: an export of which the file system says nothing new is not read for its
//! checksum again. The history would cost most of what it takes to find one new day in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ingest::sight::Sight;

const FILE: &str = ".seen.json";
/// Changes when something else has to be known of an export.
const LAYOUT: &str = "1";

/// What a reading of an export gave, and how it was before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub sight: Sight,
    pub sha256: String,
    pub is_ascii: bool,
}

/// What was read of exports, by their paths.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    layout: String,
    exports: BTreeMap<PathBuf, Known>,
}

impl Seen {
    /// What the night before left in a folder; nothing, where that cannot be read.
    pub fn load(folder: &Path) -> Self {
        let text = fs::read(folder.join(FILE)).unwrap_or_default();
        let seen = serde_json::from_slice(&text).ok().filter(|seen: &Self| seen.layout == LAYOUT);
        seen.unwrap_or_default()
    }

    /// What is known of an export that is as it was.
    pub fn known(&self, path: &Path, now: &Sight) -> Option<&Known> {
        self.exports.get(path).filter(|known| known.sight == *now)
    }

    /// What was read by a night that began at `begun`, in seconds since 1970. An export that changed just before may change
    /// again without a new time, so it is not among it.
    pub fn of<'a>(read: impl Iterator<Item = (&'a Path, &'a Known)>, begun: i64) -> Self {
        let settled = read.filter(|(_, known)| known.sight.is_settled_at(begun));
        let exports = settled.map(|(path, known)| (path.to_path_buf(), known.clone())).collect();
        Self { layout: LAYOUT.to_owned(), exports }
    }

    /// Leaves it in a folder for the next night. What cannot be kept only costs time.
    pub fn keep(&self, folder: &Path, scratch: &Path) {
        let aside = scratch.join(FILE);
        let text = serde_json::to_vec(self).unwrap_or_default();
        let _ = fs::write(&aside, text).and_then(|()| fs::rename(&aside, folder.join(FILE)));
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::ingest::discover::Export;
    use crate::model::source::Source;

    const LATER: i64 = i64::MAX;

    fn export(folder: &Path, content: &str) -> Export {
        let path = folder.join("sales.csv");
        fs::write(&path, content).unwrap();
        Export { source: Source::Sales, path, name: "sales.csv".to_owned(), is_ascii: false }
    }

    fn known(export: &Export) -> Known {
        Known { sight: Sight::of(export).unwrap(), sha256: "abc".to_owned(), is_ascii: true }
    }

    fn keep(folder: &Path, begun: i64, export: &Export) {
        Seen::of([(export.path.as_path(), &known(export))].into_iter(), begun).keep(folder, folder);
    }

    #[test]
    fn an_export_that_nobody_touched_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let export = export(folder.path(), "a");
        keep(folder.path(), LATER, &export);
        let now = Sight::of(&export).unwrap();
        assert_eq!(Seen::load(folder.path()).known(&export.path, &now), Some(&known(&export)));
        assert_eq!(Seen::load(folder.path()).known(Path::new("other.csv"), &now), None);
    }

    #[test]
    fn as_many_other_bytes_with_the_old_time_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let export = export(folder.path(), "a");
        keep(folder.path(), LATER, &export);
        let written = fs::metadata(&export.path).unwrap().modified().unwrap();
        // Clocks of file systems stand still for some milliseconds.
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::write(&export.path, "b").unwrap();
        File::options().append(true).open(&export.path).unwrap().set_modified(written).unwrap();
        assert_eq!(Seen::load(folder.path()).known(&export.path, &Sight::of(&export).unwrap()), None);
    }

    #[test]
    fn what_changed_just_now_is_not_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let export = export(folder.path(), "a");
        let changed = fs::metadata(&export.path).unwrap().modified().unwrap();
        let changed = changed.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
        let is_known = |begun| {
            keep(folder.path(), begun, &export);
            Seen::load(folder.path()).known(&export.path, &Sight::of(&export).unwrap()).is_some()
        };
        assert!(!is_known(changed) && !is_known(changed + 2) && is_known(changed + 4));
    }

    #[test]
    fn a_damaged_file_or_one_of_another_layout_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let export = export(folder.path(), "a");
        keep(folder.path(), LATER, &export);
        let whole = fs::read_to_string(folder.path().join(FILE)).unwrap();
        let half: String = whole.chars().take(whole.len() / 2).collect();
        for text in [&half, "", "[]", &whole.replace("\"layout\":\"1\"", "\"layout\":\"0\"")] {
            fs::write(folder.path().join(FILE), text).unwrap();
            assert_eq!(Seen::load(folder.path()), Seen::default());
        }
    }
}
