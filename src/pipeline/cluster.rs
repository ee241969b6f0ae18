//! The cluster of a night: where its machines find the files, and joining it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::analysis::{Analysis, Cluster};
use crate::config::Job;
use crate::model::failure::{Failure, Result};
use crate::model::share::{Share, SharedFolder, Sharing};
use crate::pipeline::mirror::{Mirror, WORK};
use crate::storage::Bucket;

/// Lets the cluster of the job file, if it names one, compute the heavy relations. `night` is a name that no other night
/// has.
pub async fn join(job: &Job, analysis: &mut Analysis, mirror: Option<&Mirror>, night: &str) -> Result<()> {
    if job.engine.scheduler.is_none() {
        return Ok(());
    }
    let share: Arc<dyn Share> = match mirror {
        Some(mirror) => Arc::new(SharedBucket::open(mirror.bucket(), night).await?),
        None => Arc::new(SharedFolder),
    };
    analysis.join(Cluster::open(&job.engine, share).await?);
    Ok(())
}

/// The output is in a bucket, and so is what the cluster reads. Its machines have credentials of their own.
struct SharedBucket {
    bucket: Bucket,
    night: String,
    /// Staging that is in the bucket already.
    there: BTreeSet<String>,
}

impl SharedBucket {
    async fn open(bucket: &Bucket, night: &str) -> Result<Self> {
        let there = bucket.list("staging").await?.into_iter().map(|object| object.name).collect();
        Ok(Self { bucket: bucket.clone(), night: night.to_owned(), there })
    }

    /// `staging/<source>/<file>`, `staging/facts/<relation>/<file>`, or `work/<night>/<file>` for what only this night needs.
    fn name_of(&self, file: &Path) -> Option<String> {
        let name = file.file_name()?.to_string_lossy();
        let folder = file.parent()?;
        let above = folder.parent()?.file_name()?.to_string_lossy();
        let folder = folder.file_name()?.to_string_lossy();
        Some(match above.as_ref() {
            "staging" => format!("staging/{folder}/{name}"),
            "facts" => format!("staging/facts/{folder}/{name}"),
            _ => format!("{WORK}/{}/{name}", self.night),
        })
    }

    async fn bring(&self, file: &Path) -> Result<String> {
        let nameless = || Failure::defect(format!("{} has no place in a bucket", file.display()));
        let name = self.name_of(file).ok_or_else(nameless)?;
        if !self.there.contains(&name) {
            self.bucket.put(file, &name).await?;
        }
        Ok(self.bucket.address_of(&name))
    }
}

impl Share for SharedBucket {
    fn share<'a>(&'a self, file: &'a Path) -> Sharing<'a> {
        Box::pin(self.bring(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Access, Location};

    #[test]
    fn staging_keeps_its_name_and_the_rest_is_the_nights_own() {
        let bucket = Bucket::open(Location::parse("s3://company/out").unwrap(), &Access::default()).unwrap();
        let share = SharedBucket { bucket, night: "n1".to_owned(), there: BTreeSet::new() };
        let name = |file: &str| share.name_of(Path::new(file));
        assert_eq!(name("/a/out/staging/sales/0f.parquet").as_deref(), Some("staging/sales/0f.parquet"));
        assert_eq!(name("/a/out/staging/facts/sold/0f.parquet").as_deref(), Some("staging/facts/sold/0f.parquet"));
        assert_eq!(name("/a/out/.work/dealers.handed.parquet").as_deref(), Some("work/n1/dealers.handed.parquet"));
        assert_eq!(name("dealers.parquet"), None);
    }
}
