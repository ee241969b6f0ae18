//! The one session of a run: memory, threads, spill folder, functions.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::analysis::errors::engine_failure;
use crate::analysis::peak_pool::PeakPool;
use crate::analysis::{functions, names};
use crate::model::failure::Result;

/// What a run may use of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resources {
    pub memory_bytes: usize,
    pub threads: usize,
    /// Spilled and intermediate data; exists.
    pub work_folder: PathBuf,
    /// What relations have of single exports, kept for the next night.
    pub facts_folder: PathBuf,
}

/// The share of the limit that operators may hold; the rest is for batches in flight and the allocator.
const POOL_SHARE: (usize, usize) = (6, 10);
const CONSUMERS_SHOWN: usize = 5;
/// Of the memory limit.
const MERGE_SHARE: usize = 20;

/// Rules of the optimizer that would go through every plan in vain: tables are flat, and nothing is grouped or sorted by
/// the same column twice.
const IDLE_RULES: [&str; 4] =
    ["eliminate_duplicated_expr", "eliminate_join", "extract_leaf_expressions", "push_down_leaf_projections"];

/// The pool that all operators of a session share.
pub type Pool = PeakPool<TrackConsumersPool<FairSpillPool>>;

/// Opens the session, with its pool.
pub fn open(resources: &Resources) -> Result<(SessionContext, Arc<Pool>)> {
    let shown = NonZeroUsize::new(CONSUMERS_SHOWN).unwrap_or(NonZeroUsize::MIN);
    let shared = FairSpillPool::new(resources.memory_bytes / POOL_SHARE.1 * POOL_SHARE.0);
    let pool = Arc::new(PeakPool::new(TrackConsumersPool::new(shared, shown)));
    let disk =
        DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![resources.work_folder.clone()]));
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(pool.clone())
        .with_disk_manager_builder(disk)
        .build_arc()
        .map_err(|error| engine_failure("cannot set up the engine", &error))?;
    Ok((prepared(config(resources), runtime), pool))
}

/// A session over the same memory and disk that does everything in one partition: nothing is passed from thread to thread.
/// One that wants few lines reads the columns of a join first, and of the others only what the join keeps.
pub fn of_one_partition(session: &SessionContext, wants_few: bool) -> SessionContext {
    let mut config = session.copied_config().with_target_partitions(1).with_create_default_catalog_and_schema(true);
    config.options_mut().execution.parquet.pushdown_filters = wants_few;
    prepared(config, session.runtime_env())
}

/// A session with the functions and the rules of ours.
fn prepared(config: SessionConfig, runtime: Arc<RuntimeEnv>) -> SessionContext {
    let session = SessionContext::new_with_config_rt(config, runtime);
    own_functions().into_iter().for_each(|function| session.register_udf(function));
    for rule in IDLE_RULES {
        session.remove_optimizer_rule(rule);
    }
    session
}

/// The functions that dealerlens adds to those of the engine.
pub fn own_functions() -> Vec<ScalarUDF> {
    functions::all().into_iter().chain(names::all()).collect()
}

/// Literals such as 0.8 stay 64-bit numbers: rates need them, and a contract refuses a number where it promises money.
/// Texts are no views, but where lines of an export are read: a batch of views keeps the buffers of all batches it was made
/// from, so a few joins in a row multiply them, past any memory limit.
fn config(resources: &Resources) -> SessionConfig {
    let threads = resources.threads.max(1);
    let mut default = SessionConfig::new().with_target_partitions(threads);
    default.options_mut().execution.parquet.schema_force_view_types = false;
    default.options_mut().sql_parser.map_string_types_to_utf8view = false;
    // Each thread sets as much aside for merging what it spilled; all of them together leave most of the pool to sorting.
    let spare = resources.memory_bytes / threads / MERGE_SHARE;
    let merging = spare.min(default.options().execution.sort_spill_reservation_bytes);
    default.with_sort_spill_reservation_bytes(merging)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_are_left_out_are_rules_of_the_engine() {
        let session = SessionContext::new_with_config(SessionConfig::new());
        assert!(IDLE_RULES.iter().all(|rule| session.remove_optimizer_rule(rule)));
    }
}
