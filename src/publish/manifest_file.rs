//! `manifest.json`: written last into a run's folder, so a folder that has it is complete.

use std::fs::{self, File, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::Value;

use crate::model::failure::{Blame, Failure, Result};
use crate::model::manifest::{MANIFEST_VERSION, Manifest};

const FILE: &str = "manifest.json";

/// Whether the run in this folder is complete.
pub(super) fn exists(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// Writes and syncs the manifest, with permissions if any are asked for.
pub(super) fn write(folder: &Path, manifest: &Manifest, mode: Option<u32>) -> Result<()> {
    let path = folder.join(FILE);
    let text = serde_json::to_string_pretty(manifest)
        .map_err(|error| Failure::defect(format!("the manifest of run {} is no JSON: {error}", manifest.run_id)))?;
    let write = |mut file: File| {
        writeln!(file, "{text}")?;
        mode.map_or(Ok(()), |mode| file.set_permissions(Permissions::from_mode(mode)))?;
        file.sync_all()
    };
    File::create(&path).and_then(write).map_err(|error| Failure::io("cannot write", &path, error))
}

/// Reads the manifest of a run.
pub fn read(folder: &Path) -> Result<Manifest> {
    let path = folder.join(FILE);
    let text = fs::read_to_string(&path).map_err(|error| Failure::io("cannot read", &path, error))?;
    let content: Value = serde_json::from_str(&text).map_err(|error| damaged(&path, &error))?;
    require_known_version(&path, &content)?;
    serde_json::from_value(content).map_err(|error| damaged(&path, &error))
}

fn require_known_version(path: &Path, content: &Value) -> Result<()> {
    let version = content.get("manifest_version").and_then(Value::as_u64).unwrap_or_default();
    if version <= u64::from(MANIFEST_VERSION) {
        return Ok(());
    }
    let message = format!("{} has version {version}; this dealerlens reads up to {MANIFEST_VERSION}", path.display());
    Err(Failure::new(Blame::Io, message).hint("use the newer dealerlens that wrote it, or another output folder"))
}

fn damaged(path: &Path, error: &serde_json::Error) -> Failure {
    Failure::io("cannot understand", path, error)
        .hint("restore the file, or move the run's folder away; `dealerlens run --force` publishes anew")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::manifest::Status;
    use crate::publish::samples;

    #[test]
    fn comes_back_as_written_and_ends_with_a_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = samples::manifest("r1", Status::Refused);
        assert!(!exists(folder.path()));
        write(folder.path(), &manifest, Some(0o640)).unwrap();
        let mode = fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert!(exists(folder.path()));
        assert_eq!(read(folder.path()).unwrap(), manifest);
        let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
        assert!(text.starts_with("{\n") && text.ends_with("}\n"), "{text}");
    }

    #[test]
    fn a_newer_or_damaged_manifest_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for (text, expected) in
            [("{\"manifest_version\": 99}", "version 99"), ("{", "cannot understand"), ("{}", "field")]
        {
            fs::write(folder.path().join(FILE), text).unwrap();
            let failure = read(folder.path()).unwrap_err();
            assert!(failure.message.contains(expected) && failure.message.contains(FILE), "{failure}");
            assert!(!failure.hints.is_empty());
        }
    }
}
