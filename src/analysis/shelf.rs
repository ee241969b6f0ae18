//! Marts that have been computed, to be read while others still are.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::col;
use datafusion::prelude::SessionContext;
use tokio_stream::StreamExt;

use crate::analysis::errors::engine_failure;
use crate::analysis::loader::{Query, QuerySet};
use crate::model::contract::Contract;
use crate::model::failure::{Failure, Result};

/// The marts of a run; a copy reads the same ones.
#[derive(Clone)]
pub struct Shelf {
    context: SessionContext,
    marts: Arc<BTreeMap<String, Query>>,
}

impl Shelf {
    pub(super) fn new(context: &SessionContext, set: &QuerySet) -> Self {
        let marts = set.marts().map(|(query, _)| (query.name.clone(), query.clone())).collect();
        Self { context: context.clone(), marts: Arc::new(marts) }
    }

    /// A mart with its contract.
    ///
    /// # Errors
    /// A defect when the set has no such mart.
    pub fn mart(&self, name: &str) -> Result<(&Query, &Contract)> {
        let found = self.marts.get(name).and_then(|query| Some((query, query.contract.as_ref()?)));
        found.ok_or_else(|| Failure::defect(format!("there is no mart {name}")))
    }

    /// Passes the rows of a mart that has been computed, sorted by its key, batch by batch.
    ///
    /// # Errors
    /// A failure of the engine, or the one that `write` gave.
    pub async fn read(&self, name: &str, write: &mut (dyn FnMut(&RecordBatch) -> Result<()> + Send)) -> Result<()> {
        let unreadable = |error: DataFusionError| engine_failure(name, &error);
        let (_, contract) = self.mart(name)?;
        let keys = contract.key.iter().map(|key| col(key.as_str()).sort(true, false)).collect();
        let sorted = self.context.table(name).await.and_then(|table| table.sort(keys)).map_err(unreadable)?;
        let mut stream = sorted.execute_stream().await.map_err(unreadable)?;
        while let Some(batch) = stream.next().await {
            write(&batch.map_err(unreadable)?)?;
        }
        Ok(())
    }
}
