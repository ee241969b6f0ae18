//! What is being computed, over the calls that ask for it: a core that one call leaves idle works ahead for the next.

use std::collections::BTreeMap;

use tokio::task::JoinSet;

use crate::analysis::by_export::Gathered;
use crate::model::failure::{Failure, Result};
use crate::model::timing::Timing;

/// A relation that was computed.
pub(super) enum Computed {
    Whole(Timing),
    ByExport(Gathered),
}

/// What is being computed at the moment, and what has come of relations that nobody had asked for yet.
#[derive(Default)]
pub(super) struct Running {
    pub(super) tasks: JoinSet<(String, Result<Computed>)>,
    /// What each of them reads, in bytes.
    pub(super) weights: BTreeMap<String, u64>,
    /// The bytes of what has been computed.
    pub(super) sizes: BTreeMap<String, u64>,
    /// What later calls will ask for.
    pub(super) ahead: Vec<String>,
    /// The rows of what nobody has asked for yet.
    pub(super) untold: BTreeMap<String, u64>,
    pub(super) failed: BTreeMap<String, Failure>,
}

impl Running {
    /// The next that has ended.
    pub(super) async fn ended(&mut self) -> Result<(String, Result<Computed>)> {
        let ended = self.tasks.join_next().await.ok_or_else(|| Failure::defect("nothing is left to wait for"))?;
        let (name, computed) = ended.map_err(|error| Failure::defect(format!("a query stopped: {error}")))?;
        self.weights.remove(&name);
        Ok((name, computed))
    }

    /// What went wrong ahead with one of those that are needed now.
    pub(super) fn failure(&mut self, needed: &[String]) -> Option<Failure> {
        needed.iter().find_map(|name| self.failed.remove(name))
    }
}
