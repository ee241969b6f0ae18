//! The environment that storage servers' tools share. Everything else comes through clap.

use crate::storage::Access;

/// The `AWS_...` variables.
pub fn storage_access() -> Access {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok().filter(|name| name.starts_with("AWS_"))?;
        Some((name, value.into_string().ok()?))
    });
    Access { variables: variables.collect(), ..Access::default() }
}
