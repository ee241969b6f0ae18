//! The few things that a run does with a bucket.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path as LocalPath;
use std::sync::Arc;

use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};
use tokio::io::AsyncWriteExt as _;
use tokio_stream::StreamExt as _;

use crate::model::failure::{Failure, Result};
use crate::storage::access::Access;
use crate::storage::errors::failed;
use crate::storage::location::Location;
use crate::storage::secrets::Secrets;

/// A place in a bucket. Names are relative to it.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    place: Location,
    secrets: Secrets,
}

/// One object below a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// From the place on.
    pub name: String,
    pub bytes: u64,
    /// Changes with the content.
    pub tag: String,
}

/// The state of an object at the time it was read; no version: it was not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version(Option<UpdateVersion>);

impl Bucket {
    /// Reaches for nothing yet.
    ///
    /// # Errors
    /// A job file failure when the settings make no client.
    pub fn open(place: Location, access: &Access) -> Result<Self> {
        let secrets = Secrets::of(access);
        let store = access.client(&place).map_err(|error| {
            let cause = secrets.removed_from(&error.to_string());
            Failure::job_file(format!("storage of s3://{}: {cause}", place.bucket))
        })?;
        Ok(Self { store: Arc::new(store), place, secrets })
    }

    pub fn address_of(&self, name: &str) -> String {
        self.place.address_of(name)
    }

    /// Every object below `folder`, by name.
    pub async fn list(&self, folder: &str) -> Result<Vec<Object>> {
        let below = self.path(folder);
        let mut listing = self.store.list(Some(&below));
        let mut objects = Vec::new();
        while let Some(found) = listing.next().await {
            let meta = found.map_err(|error| self.failed("cannot list", &self.address_of(folder), &error))?;
            let name = meta.location.as_ref().strip_prefix(self.place.key.as_str()).unwrap_or_default();
            let tag = meta.e_tag.unwrap_or_else(|| meta.last_modified.to_rfc3339());
            objects.push(Object { name: name.trim_start_matches('/').to_owned(), bytes: meta.size, tag });
        }
        objects.sort();
        Ok(objects)
    }

    /// Copies an object to a local file, which is there as a whole or not at all.
    pub async fn get(&self, name: &str, to: &LocalPath) -> Result<()> {
        let address = self.address_of(name);
        let unwritable = |error: std::io::Error| Failure::io("cannot write", to, error);
        let aside = to.with_added_extension("part");
        to.parent().map_or(Ok(()), fs::create_dir_all).map_err(unwritable)?;
        let mut file = File::create(&aside).map_err(unwritable)?;
        let unreadable = |error: Error| self.failed("cannot read", &address, &error);
        let mut content = self.store.get(&self.path(name)).await.map_err(unreadable)?.into_stream();
        while let Some(bytes) = content.next().await {
            file.write_all(&bytes.map_err(unreadable)?).map_err(unwritable)?;
        }
        fs::rename(&aside, to).map_err(unwritable)
    }

    /// Copies a local file to an object, which is there as a whole or not at all; a large one goes in parts.
    pub async fn put(&self, from: &LocalPath, name: &str) -> Result<()> {
        let address = self.address_of(name);
        let refused = |error: std::io::Error| match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(error) => self.failed("cannot write", &address, error),
            None => Failure::io("cannot write", LocalPath::new(&address), error),
        };
        let mut file = tokio::fs::File::open(from).await.map_err(|error| Failure::io("cannot read", from, error))?;
        let mut writer = BufWriter::new(self.store.clone(), self.path(name));
        tokio::io::copy(&mut file, &mut writer).await.map_err(refused)?;
        writer.shutdown().await.map_err(refused)
    }

    /// Copies one object to another within the server.
    pub async fn copy(&self, from: &str, to: &str) -> Result<()> {
        let copied = self.store.copy(&self.path(from), &self.path(to)).await;
        copied.map_err(|error| self.failed("cannot write", &self.address_of(to), &error))
    }

    /// Removes an object; one that is not there is fine.
    pub async fn remove(&self, name: &str) -> Result<()> {
        match self.store.delete(&self.path(name)).await {
            Err(error) if !matches!(error, Error::NotFound { .. }) => {
                Err(self.failed("cannot remove", &self.address_of(name), &error))
            }
            _ => Ok(()),
        }
    }

    /// A small object as text, with its version; `None` when it is not there.
    pub async fn read(&self, name: &str) -> Result<(Option<String>, Version)> {
        let unreadable = |error: Error| self.failed("cannot read", &self.address_of(name), &error);
        let found = match self.store.get(&self.path(name)).await {
            Err(Error::NotFound { .. }) => return Ok((None, Version::default())),
            found => found.map_err(unreadable)?,
        };
        let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
        let bytes = found.bytes().await.map_err(unreadable)?;
        Ok((Some(String::from_utf8_lossy(&bytes).into_owned()), Version(Some(version))))
    }

    /// Writes a small object if it is still as it was read; of two that try at once, one gets a failure to try later.
    pub async fn replace(&self, name: &str, text: String, seen: Version) -> Result<()> {
        let mode = seen.0.map_or(PutMode::Create, PutMode::Update);
        let put = self.store.put_opts(&self.path(name), PutPayload::from(text), PutOptions::from(mode)).await;
        put.map(|_| ()).map_err(|error| self.failed("cannot write", &self.address_of(name), &error))
    }

    fn failed(&self, doing: &str, address: &str, error: &Error) -> Failure {
        failed(doing, address, error, &self.secrets)
    }

    fn path(&self, name: &str) -> Path {
        let key = format!("{}/{name}", self.place.key);
        // What a listing brought is a path already; only names of our own may need escapes.
        Path::parse(&key).unwrap_or_else(|_| Path::from(key))
    }
}
