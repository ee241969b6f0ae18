//! What the stages share: the types that they exchange, and checksums. Nothing here parses, publishes or computes a mart.

pub mod account;
pub mod checksum;
pub mod contract;
pub mod event;
pub mod export;
pub mod failure;
#[cfg(test)]
pub mod faults;
pub mod lease;
pub mod manifest;
pub mod money;
pub mod parallel;
pub mod part;
pub mod reason;
pub mod removal;
pub mod room;
pub mod share;
pub mod shown;
pub mod source;
pub mod sum;
pub mod timing;
