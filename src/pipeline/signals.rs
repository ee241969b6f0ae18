//! SIGINT and SIGTERM: the first one stops the run, which then cleans up behind itself.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinError;

use crate::model::event::Interrupt;
use crate::model::failure::{Failure, Result};

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

/// Does some work on a runtime of so many threads, until it is done or a signal raises the interrupt. Whatever the work
/// left running has ended then.
pub fn until_stopped<T>(
    threads: usize,
    interrupt: &Arc<Interrupt>,
    work: impl Future<Output = Result<T>>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(|error| Failure::defect(format!("cannot start the runtime: {error}")))?;
    let signals = runtime.spawn(raise_on_signal(interrupt.clone()));
    runtime.block_on(async {
        tokio::select! {
            outcome = work => outcome,
            stopped = signals => Err(stopped_by(stopped)),
        }
    })
}

fn stopped_by(outcome: std::result::Result<Result<()>, JoinError>) -> Failure {
    match outcome {
        Ok(Err(failure)) => failure,
        Ok(Ok(())) => Failure::defect("the signal listener ended without a signal"),
        Err(error) => Failure::defect(format!("the signal listener failed: {error}")),
    }
}

/// Raises the interrupt when a signal comes; runs until then.
async fn raise_on_signal(interrupt: Arc<Interrupt>) -> Result<()> {
    let unavailable = |error: std::io::Error| Failure::defect(format!("cannot listen for signals: {error}"));
    let mut interrupted = signal(SignalKind::interrupt()).map_err(unavailable)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(unavailable)?;
    tokio::select! {
        _ = interrupted.recv() => interrupt.raise(SIGINT),
        _ = terminated.recv() => interrupt.raise(SIGTERM),
    }
    interrupt.check()
}
