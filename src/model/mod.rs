//! Types that the stages exchange. Nothing here reads, writes or computes a mart.

pub mod contract;
pub mod event;
pub mod export;
pub mod failure;
pub mod manifest;
pub mod money;
pub mod reason;
pub mod source;
