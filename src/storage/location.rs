//! Addresses of buckets: `s3://bucket/prefix`.

use crate::config::BUCKET_SCHEME as SCHEME;
use crate::model::failure::{Failure, Result};

/// Whether a path of the job file means a bucket.
pub fn is_remote(path: &str) -> bool {
    path.starts_with(SCHEME)
}

/// A bucket, and a key or the beginning of keys in it, without slashes at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub bucket: String,
    pub key: String,
}

impl Location {
    /// # Errors
    /// A job file failure when the address has no bucket.
    pub fn parse(address: &str) -> Result<Self> {
        let (bucket, key) =
            address.strip_prefix(SCHEME).map(|rest| rest.split_once('/').unwrap_or((rest, ""))).unwrap_or_default();
        if bucket.is_empty() {
            return Err(Failure::job_file(format!("\"{address}\" is no address of a bucket"))
                .hint("write it as s3://bucket/folder"));
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.trim_matches('/').to_owned() })
    }

    /// The folder above the first wildcard, and the rest of the key as a pattern.
    pub fn split_at_wildcard(&self) -> (Self, String) {
        let wild = self.key.find(['*', '?', '[']).unwrap_or(self.key.len());
        let (fixed, _) = self.key.split_at(wild);
        let folder = fixed.rfind('/').map_or("", |slash| fixed.split_at(slash).0);
        let pattern = self.key.strip_prefix(folder).unwrap_or(&self.key).trim_start_matches('/');
        (Self { bucket: self.bucket.clone(), key: folder.to_owned() }, pattern.to_owned())
    }

    /// The address of an object below this place.
    pub fn address_of(&self, name: &str) -> String {
        let folder = if self.key.is_empty() { String::new() } else { format!("{}/", self.key) };
        format!("{SCHEME}{}/{folder}{name}", self.bucket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(bucket: &str, key: &str) -> Location {
        Location { bucket: bucket.to_owned(), key: key.to_owned() }
    }

    #[test]
    fn addresses_are_taken_apart() {
        assert_eq!(Location::parse("s3://sales/north/out/").unwrap(), location("sales", "north/out"));
        assert_eq!(Location::parse("s3://sales").unwrap(), location("sales", ""));
        assert!(Location::parse("s3:///north").is_err());
        assert_eq!(location("sales", "north").address_of("a/b.csv"), "s3://sales/north/a/b.csv");
        assert_eq!(location("sales", "").address_of("b.csv"), "s3://sales/b.csv");
    }

    #[test]
    fn a_pattern_begins_after_the_last_sure_folder() {
        let split = |key: &str| location("b", key).split_at_wildcard();
        assert_eq!(split("in/2024/sales-*.csv"), (location("b", "in/2024"), "sales-*.csv".to_owned()));
        assert_eq!(split("in/*/sales.csv"), (location("b", "in"), "*/sales.csv".to_owned()));
        assert_eq!(split("in/sales.csv"), (location("b", "in"), "sales.csv".to_owned()));
        assert_eq!(split("*.csv"), (location("b", ""), "*.csv".to_owned()));
    }
}
