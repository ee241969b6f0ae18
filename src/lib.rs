pub mod analysis;
pub mod config;
pub mod generate;
pub mod ingest;
pub mod model;
pub mod publish;
