//! Delta Lake tables beside the Parquet files: one table a mart under `delta/<mart>/`, one version a run.
//!
//! They follow `latest`. A run is committed after the switch, so that no table is ever ahead of what is published; a run
//! that was killed between the two is made up for at the beginning of the next one. Each commit carries the run's
//! number as a transaction of the application `dealerlens`: a table that shows a run is not given it again.
//!
//! A version is one data file: the run's own Parquet file under a second name, byte for byte. A table needs nothing but
//! its folder, and a reader of an older version finds its file until `keep_runs` newer versions exist.

#[cfg(feature = "delta")]
mod file;
#[cfg(feature = "delta")]
mod follow;
#[cfg(feature = "delta")]
mod retention;
#[cfg(feature = "delta")]
mod run;
#[cfg(feature = "delta")]
mod table;

#[cfg(feature = "delta")]
pub use follow::follow_latest;

/// A build without the feature has no Delta tables, and refuses a job file that asks for them.
///
/// # Errors
/// None.
#[cfg(not(feature = "delta"))]
pub async fn follow_latest(
    _output: &crate::publish::Output,
    _keep_runs: usize,
) -> crate::model::failure::Result<usize> {
    Ok(0)
}
