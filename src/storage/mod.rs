//! Buckets of an S3-compatible server. Only here: object_store.
//!
//! A run works on local files in any case: exports are copied from a bucket before they are read, and what was published is
//! copied to a bucket before readers are led to it.

mod access;
mod bucket;
mod errors;
mod location;
mod secrets;

pub use access::Access;
pub use bucket::{Bucket, Object, Version};
pub use location::{Location, is_remote};
