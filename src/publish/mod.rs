//! Marts in, published tables out: the gate for BI tools, Parquet files, the manifest, one atomic switch of `latest`,
//! pruning.
//!
//! A run is a [`Draft`] until everything in it is written and synced; then it becomes a [`Release`] that readers see
//! under `latest`, or it is refused and kept for whoever looks into the reason. Nothing here asks for the time: ids and
//! times come as arguments.

mod begin;
mod blocks;
mod delta;
mod disk;
mod gate;
mod lock;
mod manifest_file;
mod operations;
mod order;
mod output;
mod properties;
mod prune;
mod read;
mod regions;
mod release;
mod report;
#[cfg(test)]
mod samples;
mod shape;
mod table;
mod views;
mod workbook;

pub use delta::follow_latest;
pub use gate::require_bi_safe;
pub use lock::Lock;
pub use manifest_file::read as read_manifest;
pub use operations::{Places, append_event, end_event, start_event, write_metrics};
pub use output::Output;
pub use prune::{Keep, prune, prune_facts, prune_staging};
pub use read::{RenderedRow, read_table, render_rows};
pub use regions::folder_of;
pub use release::{Draft, Release};
pub use report::write_reports;
#[cfg(test)]
pub use samples::manifest as sample_manifest;
pub use table::TableWriter;
pub use views::write_views;
pub use workbook::{Book, Workbooks};
