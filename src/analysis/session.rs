//! The one session of a run: memory, threads, spill folder, functions.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::analysis::engine::engine_failure;
use crate::analysis::{functions, names};
use crate::model::failure::Result;

/// What a run may use of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resources {
    pub memory_bytes: usize,
    pub threads: usize,
    /// Spilled and intermediate data; exists.
    pub work_folder: PathBuf,
}

/// The share of the limit that operators may hold; the rest is for batches in flight and the allocator.
const POOL_SHARE: (usize, usize) = (6, 10);
const CONSUMERS_SHOWN: usize = 5;

/// Opens the session.
pub fn open(resources: &Resources) -> Result<SessionContext> {
    let shown = NonZeroUsize::new(CONSUMERS_SHOWN).unwrap_or(NonZeroUsize::MIN);
    let pool = FairSpillPool::new(resources.memory_bytes / POOL_SHARE.1 * POOL_SHARE.0);
    let disk =
        DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![resources.work_folder.clone()]));
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(TrackConsumersPool::new(pool, shown)))
        .with_disk_manager_builder(disk)
        .build_arc()
        .map_err(|error| engine_failure("cannot set up the engine", &error))?;
    let context = SessionContext::new_with_config_rt(config(resources.threads), runtime);
    functions::all().into_iter().chain(names::all()).for_each(|function| context.register_udf(function));
    Ok(context)
}

/// Literals such as 0.8 stay 64-bit numbers: rates need them, and a contract refuses a number where it promises money.
fn config(threads: usize) -> SessionConfig {
    SessionConfig::new().with_target_partitions(threads.max(1))
}
