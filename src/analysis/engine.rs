//! Runs the query set: plans everything first, then computes each relation after those that it reads.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::DataFusionError;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::{MemTable, ViewTable};
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{LogicalPlan, col};
use datafusion::prelude::SessionContext;
use tokio_stream::StreamExt;

use crate::analysis::checks::CheckRows;
use crate::analysis::loader::{Layer, Query, QuerySet};
use crate::analysis::order::{Parsed, order, parse_all};
use crate::analysis::parameters::Parameters;
use crate::analysis::session::{self, Resources};
use crate::analysis::{contracts, materialise, sources};
use crate::model::contract::Contract;
use crate::model::export::Staging;
use crate::model::failure::{Blame, Failure, Result};

/// A session over the staging of one run, and what has been computed in it.
pub struct Analysis {
    context: SessionContext,
    set: QuerySet,
    parsed: BTreeMap<String, Parsed>,
    order: Vec<String>,
    work_folder: PathBuf,
    computed: BTreeSet<String>,
}

impl Analysis {
    /// Parses and orders the set, and registers the staging and the rows of `sales_by_export` of the earlier run.
    pub async fn open(
        set: QuerySet,
        staging: &Staging,
        previous: &[RecordBatch],
        resources: &Resources,
    ) -> Result<Self> {
        let analysis = Self::bare(set, resources)?;
        sources::register(&analysis.context, staging).await?;
        sources::register_previous(&analysis.context, &analysis.set, previous)?;
        sources::register_dictionary(&analysis.context, &analysis.set)?;
        Ok(analysis)
    }

    /// Plans every query against empty relations, and compares marts with their contracts. Reads no data.
    pub async fn verify(set: QuerySet, resources: &Resources, parameters: &Parameters) -> Result<()> {
        let analysis = Self::bare(set, resources)?;
        sources::register_empty(&analysis.context)?;
        sources::register_previous(&analysis.context, &analysis.set, &[])?;
        sources::register_dictionary(&analysis.context, &analysis.set)?;
        for query in analysis.ordered() {
            let plan = analysis.plan(query, parameters).await?;
            let schema = plan.schema().inner().clone();
            if let Some(contract) = &query.contract {
                contracts::check(query, contract, &schema)?;
            }
            let empty = MemTable::try_new(schema.clone(), vec![vec![]]).map_err(|error| failed(query, &error))?;
            analysis.register(query, Arc::new(empty))?;
        }
        Ok(())
    }

    /// Computes `name` and everything it reads, unless it is there already.
    pub async fn compute(&mut self, name: &str, parameters: &Parameters) -> Result<()> {
        let mut needed = BTreeSet::new();
        self.collect_needed(name, &mut needed);
        for step in self.order.clone() {
            if needed.contains(&step) && !self.computed.contains(&step) {
                self.compute_one(&step, parameters).await?;
            }
        }
        Ok(())
    }

    /// Passes the rows of a mart, sorted by its key, batch by batch.
    pub async fn read_mart(
        &self,
        name: &str,
        contract: &Contract,
        write: &mut (dyn FnMut(&RecordBatch) -> Result<()> + Send),
    ) -> Result<()> {
        let unreadable = |error: DataFusionError| engine_failure(name, &error);
        let keys = contract.key.iter().map(|key| col(key.as_str()).sort(true, false)).collect();
        let sorted = self.context.table(name).await.and_then(|table| table.sort(keys)).map_err(unreadable)?;
        let mut stream = sorted.execute_stream().await.map_err(unreadable)?;
        while let Some(batch) = stream.next().await {
            write(&batch.map_err(unreadable)?)?;
        }
        Ok(())
    }

    /// All rows of a small relation that has been computed.
    pub async fn rows(&self, name: &str) -> Result<Vec<RecordBatch>> {
        let collected = match self.context.table(name).await {
            Ok(table) => table.collect().await,
            Err(error) => Err(error),
        };
        collected.map_err(|error| engine_failure(name, &error))
    }

    /// Runs one check; the relations that it reads are computed first.
    pub async fn check(&mut self, name: &str, parameters: &Parameters) -> Result<CheckRows> {
        self.compute(name, parameters).await?;
        let rows = self.rows(name).await?;
        let sql = self.set.queries.get(name).map(|query| query.sql.clone()).unwrap_or_default();
        Ok(CheckRows::new(name, &sql, &rows))
    }

    pub const fn queries(&self) -> &QuerySet {
        &self.set
    }

    fn bare(set: QuerySet, resources: &Resources) -> Result<Self> {
        let parsed = parse_all(&set)?;
        let order = order(&set, &parsed, &sources::names())?;
        let context = session::open(resources)?;
        let work_folder = resources.work_folder.clone();
        Ok(Self { context, set, parsed, order, work_folder, computed: BTreeSet::new() })
    }

    fn ordered(&self) -> impl Iterator<Item = &Query> {
        self.order.iter().filter_map(|name| self.set.queries.get(name))
    }

    fn collect_needed(&self, name: &str, needed: &mut BTreeSet<String>) {
        let Some(parsed) = self.parsed.get(name) else { return };
        if needed.insert(name.to_owned()) {
            parsed.reads.iter().for_each(|read| self.collect_needed(read, needed));
        }
    }

    async fn compute_one(&mut self, name: &str, parameters: &Parameters) -> Result<()> {
        let Some(query) = self.set.queries.get(name) else {
            return Err(Failure::defect(format!("there is no query {name}")));
        };
        let plan = self.plan(query, parameters).await?;
        if query.is_view() {
            self.register(query, Arc::new(ViewTable::new(plan, Some(query.sql.clone()))))?;
        } else {
            let frame = DataFrame::new(self.context.state(), plan);
            let stored = materialise::store(&self.context, name, frame, &self.work_folder).await;
            stored.map_err(|error| failed(query, &error))?;
        }
        self.computed.insert(name.to_owned());
        Ok(())
    }

    /// The plan of a query with its parameters bound; anything but reading is refused.
    async fn plan(&self, query: &Query, parameters: &Parameters) -> Result<LogicalPlan> {
        let Some(parsed) = self.parsed.get(&query.name) else {
            return Err(Failure::defect(format!("{} was not parsed", query.origin)));
        };
        let mut statement = parsed.statement.clone();
        parameters.bind(&mut statement, &query.origin)?;
        let state = self.context.state();
        let plan = state.statement_to_plan(statement).await.map_err(|error| failed(query, &error))?;
        let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        read_only.verify_plan(&plan).map_err(|error| failed(query, &error))?;
        // Types are final only after analysis: until then `case when x then 0 else amount end` passes for an integer.
        let analysed = state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {});
        analysed.map_err(|error| failed(query, &error))
    }

    fn register(&self, query: &Query, table: Arc<dyn datafusion::catalog::TableProvider>) -> Result<()> {
        self.context.register_table(query.name.as_str(), table).map_err(|error| failed(query, &error))?;
        Ok(())
    }
}

/// The failure of a query that the engine refuses.
fn failed(query: &Query, error: &DataFusionError) -> Failure {
    let layer = match query.layer {
        Layer::Check => "check",
        Layer::Mart => "mart",
        Layer::Staging | Layer::Intermediate | Layer::Opportunity => "query",
    };
    query.blame(engine_failure(&format!("{layer} {}", query.origin), error))
}

/// The failure of the engine while it did `what`.
pub(super) fn engine_failure(what: &str, error: &DataFusionError) -> Failure {
    let message = format!("{what}: {}", error.strip_backtrace());
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => Failure::new(Blame::Io, message)
            .hint("raise resources.memory_limit in the job file, or lower resources.threads"),
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) => Failure::new(Blame::Io, message),
        _ if comes_from_io(error) => Failure::new(Blame::Io, message),
        DataFusionError::SQL(..)
        | DataFusionError::SchemaError(..)
        | DataFusionError::Plan(_)
        | DataFusionError::Diagnostic(..) => Failure::job_file(message),
        _ => Failure::defect(message),
    }
}

/// Whether reading or writing failed, however deep below the engine: its Parquet reader wraps that in errors of its own.
fn comes_from_io(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<std::io::Error>() {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::parquet::errors::ParquetError;

    #[test]
    fn a_failure_to_read_is_no_defect_however_deep_it_lies() {
        let wrapped = |error: Box<dyn Error + Send + Sync>| {
            DataFusionError::ParquetError(Box::new(ParquetError::External(error))).context("while reading")
        };
        let unreadable = wrapped(Box::new(std::io::Error::from_raw_os_error(5)));
        assert_eq!(engine_failure("sales", &unreadable).blame, Blame::Io);
        let nonsense = wrapped("something else".into());
        assert_eq!(engine_failure("sales", &nonsense).blame, Blame::Defect);
    }
}
