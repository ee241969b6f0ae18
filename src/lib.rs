//! Reads dealer and channel sales exports, classifies each dealer and publishes tables for BI.
//!
//! A night runs top down: [`cli`] reads arguments, [`pipeline`] orders the stages, [`ingest`] turns exports into validated
//! staging, [`analysis`] turns staging into marts with SQL, [`publish`] puts marts before their readers. [`config`] is the
//! job file and [`model`] the types that all of them share. Imports run in that direction only; a test keeps it so.

#![forbid(unsafe_code)]

pub mod analysis;
pub mod cli;
pub mod config;
pub mod generate;
pub mod ingest;
pub mod model;
pub mod pipeline;
pub mod publish;
pub mod storage;
