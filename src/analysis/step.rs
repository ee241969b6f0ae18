//! One query on its way from statement to registered relation.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::ViewTable;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement;

use crate::analysis::errors::failed;
use crate::analysis::loader::Query;
use crate::analysis::materialise::{self, Storage};
use crate::analysis::planning;
use crate::analysis::session::Pool;
use crate::model::failure::Result;
use crate::model::timing::{Stopwatch, Timing};

/// A query with its parameters bound, and where it runs. Owns what it needs, so that several can run at once.
pub struct Step {
    pub context: SessionContext,
    pub pool: Arc<Pool>,
    pub query: Query,
    pub statement: Statement,
    pub storage: Storage,
    /// How many threads work at it.
    pub partitions: usize,
}

impl Step {
    /// Runs the query and registers its result; a view is only planned.
    pub async fn run(self) -> Result<Timing> {
        let watch = Stopwatch::start();
        let plan = self.plan().await?;
        if self.query.is_view() {
            self.register(Arc::new(ViewTable::new(plan, Some(self.query.sql.clone()))))?;
            return Ok(Timing::of_step("", &self.query.name, watch.took()));
        }
        let frame = DataFrame::new(self.state(), plan);
        let stored = materialise::store(&self.context, &self.query.name, frame, &self.storage).await;
        let stored = stored.map_err(|error| failed(&self.query, &error))?;
        Ok(Timing {
            rows: Some(stored.rows),
            bytes: Some(stored.bytes),
            peak_memory_bytes: Some(self.pool.take_peak() as u64),
            spilled_bytes: Some(stored.spilled_bytes),
            ..Timing::of_step("", &self.query.name, watch.took())
        })
    }

    /// The session's state as this query wants it.
    pub fn state(&self) -> SessionState {
        let mut state = self.context.state();
        let options = state.config_mut().options_mut();
        options.execution.target_partitions = self.partitions;
        options.optimizer.join_reordering = !self.query.joins_as_written();
        state
    }

    pub async fn plan(&self) -> Result<LogicalPlan> {
        planning::plan(&self.context, &self.query, self.statement.clone()).await
    }

    /// Gives the query's name to a table.
    pub fn register(&self, table: Arc<dyn TableProvider>) -> Result<()> {
        let name = self.query.name.as_str();
        self.context.register_table(name, table).map_err(|error| failed(&self.query, &error))?;
        Ok(())
    }
}
