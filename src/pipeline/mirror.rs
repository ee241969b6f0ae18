//! An output in a bucket. The bucket is the truth: what readers see is what `latest.json` in it names. The run works on a local
//! copy, which is made equal to the bucket before the night and copied back after it.
//!
//! In the bucket: `runs/<run id>/` with the tables, the manifest last; `staging/`; `latest.json`, switched only if nobody else
//! has switched it since the night began; `latest/` with copies of the tables under names that stay the same; and `work/`, for
//! a cluster and the time of a night.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::failure::{Failure, Result};
use crate::publish::Output;
use crate::storage::{Bucket, Version};

const POINTER: &str = "latest.json";
const MANIFEST: &str = "manifest.json";
/// What a night shows its cluster beside staging is under this name, in a folder of the night's own.
pub const WORK: &str = "work";

/// What `latest.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Pointer {
    run_id: String,
}

/// The local copy of an output in a bucket, and the pointer as it was when the night began.
pub struct Mirror {
    bucket: Bucket,
    output: Output,
    seen: Version,
    /// Objects below `staging/` when the night began. What came since is another machine's.
    staged: Vec<String>,
}

impl Mirror {
    /// Makes the local copy equal to the bucket: the published run with its tables, the manifests of the other runs, staging.
    /// A local run that never reached the bucket goes.
    pub async fn pull(bucket: Bucket, output: Output) -> Result<Self> {
        let (text, seen) = bucket.read(POINTER).await?;
        let pointer = text.map(|text| parse_pointer(&bucket, &text)).transpose()?;
        let mut mirror = Self { bucket, output, seen, staged: Vec::new() };
        mirror.pull_runs(pointer.as_ref()).await?;
        mirror.staged = mirror.pull_staging().await?;
        mirror.output.follow(pointer.as_ref().map(|pointer| pointer.run_id.as_str()))?;
        Ok(mirror)
    }

    pub const fn bucket(&self) -> &Bucket {
        &self.bucket
    }

    /// Copies a complete run, and the staging that it used, to the bucket, and leads readers to it.
    ///
    /// # Errors
    /// A failure to try later when another run has published meanwhile; readers see that one then.
    pub async fn push(&self, run_id: &str, run: &Path) -> Result<()> {
        push_staging(&self.bucket, &self.output).await?;
        let (manifest, tables): (Vec<PathBuf>, Vec<PathBuf>) =
            files_below(run)?.into_iter().partition(|file| file.ends_with(MANIFEST));
        for file in tables.iter().chain(&manifest) {
            self.bucket.put(file, &format!("runs/{run_id}/{}", relative(file, run))).await?;
        }
        let text = serde_json::to_string(&Pointer { run_id: run_id.to_owned() })
            .map_err(|error| Failure::defect(format!("{POINTER}: {error}")))?;
        self.bucket.replace(POINTER, text, self.seen.clone()).await
    }

    /// Renews the copies under `latest/`, and removes from the bucket what was pruned here.
    pub async fn tidy(&self, run_id: &str) -> Result<()> {
        self.renew_latest(run_id).await?;
        let mut pruned: Vec<String> = self.staged.clone();
        pruned.retain(|name| !self.output.root().join(name).is_file());
        let is_kept = |name: &str| run_of(name).is_some_and(|run| self.output.runs_folder().join(run).is_dir());
        let runs = self.bucket.list("runs").await?.into_iter().map(|object| object.name);
        pruned.extend(runs.filter(|name| !is_kept(name)));
        // Another night that is using `work/` cannot publish any more: this one has switched the pointer.
        pruned.extend(self.bucket.list(WORK).await?.into_iter().map(|object| object.name));
        for name in &pruned {
            self.bucket.remove(name).await?;
        }
        Ok(())
    }

    async fn renew_latest(&self, run_id: &str) -> Result<()> {
        let prefix = format!("runs/{run_id}/");
        let objects = self.bucket.list(&format!("runs/{run_id}")).await?;
        let mut names: Vec<&str> = objects.iter().filter_map(|object| object.name.strip_prefix(&prefix)).collect();
        names.sort_by_key(|name| *name == MANIFEST);
        for name in &names {
            self.bucket.copy(&format!("{prefix}{name}"), &format!("latest/{name}")).await?;
        }
        for old in self.bucket.list("latest").await? {
            if old.name.strip_prefix("latest/").is_some_and(|name| !names.contains(&name)) {
                self.bucket.remove(&old.name).await?;
            }
        }
        Ok(())
    }

    async fn pull_runs(&self, pointer: Option<&Pointer>) -> Result<()> {
        let mut objects = self.bucket.list("runs").await?;
        objects.sort_by_key(|object| object.name.ends_with(MANIFEST));
        let complete = objects.iter().filter(|object| object.name.ends_with(MANIFEST));
        let there: BTreeSet<&str> = complete.filter_map(|object| run_of(&object.name)).collect();
        self.output.forget_runs_but(&there)?;
        for object in &objects {
            let Some(run) = run_of(&object.name).filter(|run| there.contains(run)) else { continue };
            let is_published = pointer.is_some_and(|pointer| pointer.run_id == run);
            if is_published || object.name.ends_with(MANIFEST) {
                self.pull_file(&object.name).await?;
            }
        }
        Ok(())
    }

    /// The counts of an export come last: they say that the rest of it is there.
    async fn pull_staging(&self) -> Result<Vec<String>> {
        let objects = self.bucket.list("staging").await?;
        let mut names: Vec<String> = objects.into_iter().map(|object| object.name).collect();
        names.sort_by_key(|name| name.ends_with(".json"));
        for name in &names {
            self.pull_file(name).await?;
        }
        Ok(names)
    }

    async fn pull_file(&self, name: &str) -> Result<()> {
        let local = self.output.root().join(name);
        if local.is_file() { Ok(()) } else { self.bucket.get(name, &local).await }
    }
}

/// Copies what is staged here and not yet in the bucket; the counts of an export come last.
pub async fn push_staging(bucket: &Bucket, output: &Output) -> Result<()> {
    let objects = bucket.list("staging").await?;
    let there: BTreeSet<String> = objects.into_iter().map(|object| object.name).collect();
    let mut files = files_below(&output.staging_folder())?;
    files.sort_by_key(|file| file.extension().is_some_and(|ending| ending == "json"));
    for file in &files {
        let name = relative(file, output.root());
        if !there.contains(&name) {
            bucket.put(file, &name).await?;
        }
    }
    Ok(())
}

fn parse_pointer(bucket: &Bucket, text: &str) -> Result<Pointer> {
    serde_json::from_str(text)
        .map_err(|error| Failure::io("cannot read", Path::new(&bucket.address_of(POINTER)), error))
}

/// The run of an object below `runs/`.
fn run_of(name: &str) -> Option<&str> {
    name.strip_prefix("runs/")?.split_once('/').map(|(run, _)| run)
}

fn relative(file: &Path, folder: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned()
}

/// Every file below a folder, sorted; hidden ones are being written.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let unreadable = |error: std::io::Error| Failure::io("cannot look into", folder, error);
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        match path.is_dir() {
            _ if is_hidden => {}
            true => files.extend(files_below(&path)?),
            false => files.push(path),
        }
    }
    files.sort();
    Ok(files)
}
