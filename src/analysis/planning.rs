//! From a statement to a plan that can run.

use std::sync::Arc;

use datafusion::common;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::{SQLOptions, SessionState};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement;

use crate::analysis::errors::failed;
use crate::analysis::loader::Query;
use crate::model::failure::Result;

/// The plan of a query in a session, its parameters bound already; anything but reading is refused.
pub async fn plan(context: &SessionContext, query: &Query, statement: Statement) -> Result<LogicalPlan> {
    let state = context.state();
    let refused = |error| failed(query, &error);
    let plan = state.statement_to_plan(statement).await.map_err(refused)?;
    let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    read_only.verify_plan(&plan).map_err(refused)?;
    // Types are final only after analysis: until then `case when x then 0 else amount end` passes for an integer.
    state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {}).map_err(refused)
}

/// How an analysed plan is executed. The engine's own way from the one to the other would analyse it once more.
pub async fn physical_plan(state: &SessionState, plan: LogicalPlan) -> common::Result<Arc<dyn ExecutionPlan>> {
    let optimized = state.optimizer().optimize(plan, state, |_, _| {})?;
    state.query_planner().create_physical_plan(&optimized, state).await
}

/// The rows of an analysed plan.
pub async fn rows_of(context: &SessionContext, plan: LogicalPlan) -> common::Result<SendableRecordBatchStream> {
    let plan = physical_plan(&context.state(), plan).await?;
    execute_stream(plan, context.task_ctx())
}
