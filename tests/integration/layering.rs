//! Imports run one way: cli -> pipeline -> {ingest, analysis, publish, storage} -> config -> model, and within a folder from
//! file to file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The layers from the bottom up; folders of one layer never import each other.
const LAYERS: [&[&str]; 5] =
    [&["model"], &["config", "generate"], &["ingest", "analysis", "publish", "storage"], &["pipeline"], &["cli"]];

/// What only one folder may use, by the text that gives it away.
const ONLY_IN: [(&str, &[&str]); 13] = [
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("rustix::", &["cli", "model"]),
    ("::csv::", &["ingest"]),
    ("calamine::", &["ingest"]),
    ("encoding_rs::", &["ingest"]),
    ("datafusion::", &["analysis"]),
    ("parquet::", &["ingest", "publish", "analysis"]),
    ("statrs::", &["analysis"]),
    ("object_store::", &["storage"]),
    ("deltalake_core::", &["publish"]),
    ("rust_xlsxwriter::", &["publish"]),
    ("minijinja::", &["publish"]),
];

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file of a top-level folder of `src/`, as (folder, path, text).
fn sources() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    for layer in LAYERS.iter().flat_map(|layer| layer.iter()) {
        collect(&source_folder().join(layer), layer, &mut found);
    }
    assert!(found.len() > 50, "only {} source files were found", found.len());
    found
}

fn collect(folder: &Path, layer: &str, found: &mut Vec<(String, PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, layer, found);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            found.push((layer.to_owned(), path, text));
        }
    }
}

fn rank(folder: &str) -> usize {
    LAYERS.iter().position(|layer| layer.contains(&folder)).unwrap_or_else(|| panic!("{folder} is in no layer"))
}

/// The folders that a text imports by `crate::<folder>`; `use crate::{a::.., b::..}` is not the house style and is refused.
fn imports(path: &Path, text: &str) -> Vec<String> {
    assert!(!text.contains("crate::{"), "{}: write one `use crate::folder::...` for each folder", path.display());
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    text.split("crate::").skip(1).map(name).collect()
}

#[test]
fn every_folder_of_src_has_a_layer() {
    for entry in fs::read_dir(source_folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rank(&path.file_name().unwrap().to_string_lossy());
        }
    }
}

#[test]
fn imports_run_downwards_only() {
    for (folder, path, text) in sources() {
        for imported in imports(&path, &text) {
            let allowed = imported == folder || rank(&imported) < rank(&folder);
            assert!(allowed, "{}: {folder} must not import {imported}", path.display());
        }
    }
}

#[test]
fn packages_stay_in_their_folders() {
    for (folder, path, text) in sources() {
        for (package, folders) in ONLY_IN {
            let allowed = folders.contains(&folder.as_str()) || !text.contains(package);
            assert!(allowed, "{}: only {folders:?} may use {package}", path.display());
        }
    }
}

/// A file without its tests, which may look at anything.
fn product(text: &str) -> &str {
    text.split("mod tests {").next().unwrap_or(text)
}

/// The paths that a text of `folder` names behind `crate::` or `super::`, each from `src/` on; of names in braces each one.
fn named(text: &str, folder: &str) -> Vec<String> {
    let text = text.replace("super::", &format!("crate::{folder}::"));
    let ends = |letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | ':'));
    let mut paths = Vec::new();
    for rest in text.split("crate::").skip(1) {
        let (path, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        let listed = behind.strip_prefix('{').and_then(|list| list.split('}').next()).unwrap_or_default();
        paths.extend(listed.split(',').map(|name| format!("{path}{}", name.trim())));
    }
    paths
}

/// The file that a path leads into; of a name that its folder hands on, the folder's own.
fn file_of(path: &str) -> Option<PathBuf> {
    let parts: Vec<&str> = path.split("::").collect();
    let places = (1..=parts.len()).rev().map(|length| source_folder().join(parts[..length].join("/")));
    places.flat_map(|place| [place.with_extension("rs"), place.join("mod.rs")]).find(|file| file.is_file())
}

/// The files that a file imports.
fn imported_files(path: &Path, text: &str) -> BTreeSet<PathBuf> {
    let folder = path.parent().and_then(|folder| folder.strip_prefix(source_folder()).ok()).unwrap();
    let folder = folder.to_string_lossy().replace('/', "::");
    let files = named(product(text), &folder).into_iter().filter_map(|name| file_of(&name));
    files.filter(|file| file != path).collect()
}

fn is_end(path: &PathBuf, left: &BTreeMap<PathBuf, BTreeSet<PathBuf>>) -> bool {
    !left[path].iter().any(|file| left.contains_key(file)) || !left.values().any(|files| files.contains(path))
}

#[test]
fn no_file_imports_itself_by_way_of_others() {
    let files = sources().into_iter().map(|(_, path, text)| (path.clone(), imported_files(&path, &text)));
    let mut left: BTreeMap<PathBuf, BTreeSet<PathBuf>> = files.collect();
    assert!(left.values().map(BTreeSet::len).sum::<usize>() > left.len(), "most files import some");
    // What imports nothing that is left, or is imported by nothing, is in no circle.
    while let Some(path) = left.keys().find(|path| is_end(path, &left)).cloned() {
        left.remove(&path);
    }
    assert!(left.is_empty(), "these import each other in a circle: {:?}", left.keys());
}
