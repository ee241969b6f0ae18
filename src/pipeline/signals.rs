//! SIGINT and SIGTERM: the first one stops the run, which then cleans up behind itself.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};

use crate::model::event::Interrupt;
use crate::model::failure::{Failure, Result};

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

/// Raises the interrupt when a signal comes; runs until then.
pub async fn raise_on_signal(interrupt: Arc<Interrupt>) -> Result<()> {
    let unavailable = |error: std::io::Error| Failure::defect(format!("cannot listen for signals: {error}"));
    let mut interrupted = signal(SignalKind::interrupt()).map_err(unavailable)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(unavailable)?;
    tokio::select! {
        _ = interrupted.recv() => interrupt.raise(SIGINT),
        _ = terminated.recv() => interrupt.raise(SIGTERM),
    }
    interrupt.check()
}
