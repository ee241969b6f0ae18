//! Exports that stand in buckets: copied to local files before they are read.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::config::Job;
use crate::model::checksum;
use crate::model::export::Fetched;
use crate::model::failure::{Failure, Result};
use crate::model::part::Part;
use crate::model::source::Source;
use crate::storage::{Access, Bucket, Location, Object, is_remote};

/// Copies what the `s3://` patterns of the job match. A copy serves again until the object changes; copies of objects that
/// are no longer wanted go.
pub async fn fetch(job: &Job, access: &Access) -> Result<Fetched> {
    fetch_part(job, access, Part::WHOLE).await
}

/// Copies only those that fall to a part. The others are named too, and their copies need not be there.
pub async fn fetch_part(job: &Job, access: &Access, part: Part) -> Result<Fetched> {
    let folder = job.path(&job.storage.cache).join("exports");
    let mut fetched = Fetched::default();
    for pattern in remote_patterns(job) {
        let is_wanted = |address: &str| sources_of(job, pattern).any(|source| part.has(source, address));
        let copies = fetch_pattern(&folder, pattern, access, &is_wanted).await?;
        fetched.by_pattern.insert(pattern.clone(), copies);
    }
    let wanted =
        fetched.by_pattern.values().flatten().filter_map(|(_, path)| path.parent().map(PathBuf::from)).collect();
    remove_others(&folder, &wanted)?;
    Ok(fetched)
}

fn remote_patterns(job: &Job) -> impl Iterator<Item = &String> {
    let sections = Source::ALL.into_iter().filter_map(|source| job.source(source));
    sections.flat_map(|section| &section.files).filter(|pattern| is_remote(pattern))
}

fn sources_of(job: &Job, pattern: &str) -> impl Iterator<Item = Source> {
    let has = move |source: &Source| {
        job.source(*source).is_some_and(|section| section.files.iter().any(|file| file == pattern))
    };
    Source::ALL.into_iter().filter(has)
}

async fn fetch_pattern(
    folder: &std::path::Path,
    address: &str,
    access: &Access,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, PathBuf)>> {
    let (place, pattern) = Location::parse(address)?.split_at_wildcard();
    let pattern = glob::Pattern::new(&pattern)
        .map_err(|error| Failure::job_file(format!("\"{address}\" is no glob: {error}")))?;
    let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::new() };
    let bucket = Bucket::open(place, access)?;
    let mut copies = Vec::new();
    for object in bucket.list("").await?.into_iter().filter(|object| pattern.matches_with(&object.name, options)) {
        let address = bucket.address_of(&object.name);
        let copy = copy_of(folder, &address, &object);
        if is_wanted(&address) && !copy.is_file() {
            bucket.get(&object.name, &copy).await?;
        }
        copies.push((address, copy));
    }
    Ok(copies)
}

/// A place that changes with the object, so that an old copy is never taken for a new object.
fn copy_of(folder: &std::path::Path, address: &str, object: &Object) -> PathBuf {
    let digest = checksum::of_parts(&[address, &object.tag, &object.bytes.to_string()]);
    let base = object.name.rsplit('/').next().unwrap_or(&object.name);
    folder.join(digest.get(..20).unwrap_or(&digest)).join(base)
}

fn remove_others(folder: &std::path::Path, wanted: &BTreeSet<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.filter_map(std::result::Result::ok).map(|entry| entry.path()) {
        if !wanted.contains(&entry) {
            fs::remove_dir_all(&entry).map_err(|error| Failure::io("cannot remove", &entry, error))?;
        }
    }
    Ok(())
}
