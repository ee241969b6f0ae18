//! Runs the query set: each relation after those that it reads, independent ones at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::DataFusionError;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::col;
use datafusion::prelude::SessionContext;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;

use crate::analysis::by_export::{ExportStep, Facts, Gathered, Lines};
use crate::analysis::checks::CheckRows;
use crate::analysis::cluster::{Cluster, Home, Narrowed};
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::heavy::{Reach, heavy};
use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::materialise::{Budget, Storage};
use crate::analysis::order::{Parsed, order, parse_all};
use crate::analysis::parameters::Parameters;
use crate::analysis::pictures::Keep;
use crate::analysis::schedule::Schedule;
use crate::analysis::session::{self, Pool, Resources};
use crate::analysis::step::Step;
use crate::analysis::{by_export, contracts, pictures, sources};
use crate::model::contract::Contract;
use crate::model::export::Staging;
use crate::model::failure::{Failure, Result};
use crate::model::timing::Timing;

/// A session over the staging of one run, and what has been computed in it.
pub struct Analysis {
    pub(super) context: SessionContext,
    /// The same with the names of the settled picture.
    settled: SessionContext,
    pool: Arc<Pool>,
    pub(super) set: QuerySet,
    pub(super) parsed: BTreeMap<String, Parsed>,
    pub(super) schedule: Schedule,
    storage: Storage,
    /// How many relations are computed at the same time.
    at_once: usize,
    /// Relations whose memory is worth having back.
    large: BTreeSet<String>,
    timings: Vec<Timing>,
    cluster: Option<Cluster>,
    /// What the cluster computes; nothing without one.
    heavy: BTreeSet<String>,
    exports: Arc<[Lines]>,
    /// Of the relations that were computed export by export.
    facts: BTreeMap<String, Arc<Facts>>,
    pub(super) facts_folder: PathBuf,
    threads: usize,
    pub(super) troubles: Vec<String>,
    /// The relations of the settled picture that are kept from night to night.
    pub(super) kept: BTreeSet<String>,
    /// Whether it is known which of them are there.
    pub(super) is_settled: bool,
    /// Those that are not, and where they go.
    pub(super) keeps: BTreeMap<String, Keep>,
    pub(super) kept_files: BTreeSet<PathBuf>,
}

/// Hears of each relation with its rows.
pub(super) type Tell<'a> = &'a mut (dyn FnMut(&str, u64) + Send);

/// A relation that was computed.
enum Computed {
    Whole(Timing),
    ByExport(Gathered),
}

/// Each relation that is being computed may take this much of the memory limit.
const BYTES_EACH: usize = 1 << 30;
/// A result stays in memory up to this size, or up to this share of the memory limit if that is more.
const STORED_BYTES: usize = 64 << 20;
const STORED_SHARE: usize = 32;
/// The share of the memory limit that all results together may take.
const BUDGET_SHARE: usize = 8;
const LARGE_BYTES: u64 = 1 << 20;

impl Analysis {
    /// Parses and orders the set, and registers the staging and the rows of `sales_by_export` of the earlier run.
    pub fn open(set: QuerySet, staging: &Staging, previous: &[RecordBatch], resources: &Resources) -> Result<Self> {
        let mut analysis = Self::bare(set, resources)?;
        analysis.exports = Lines::of(staging).into();
        sources::register(&analysis.context, staging)?;
        sources::register_previous(&analysis.context, &analysis.set, previous)?;
        sources::register_dictionary(&analysis.context, &analysis.set)?;
        Ok(analysis)
    }

    /// From here on a cluster computes the heavy relations.
    pub fn join(&mut self, cluster: Cluster) {
        let own = session::own_functions().iter().map(|function| function.name().to_owned()).collect();
        self.heavy = heavy(&self.set, &self.parsed, &own);
        self.cluster = Some(cluster);
    }

    /// How many relations a cluster computes, and its address.
    pub fn elsewhere(&self) -> Option<(usize, &str)> {
        self.cluster.as_ref().map(|cluster| (self.heavy.len(), cluster.address()))
    }

    /// What went wrong and was tried again, on the cluster or with facts of an earlier night, since this was asked last.
    pub fn take_troubles(&mut self) -> Vec<String> {
        let elsewhere = self.cluster.as_mut().map(Cluster::take_troubles).unwrap_or_default();
        std::mem::take(&mut self.troubles).into_iter().chain(elsewhere).collect()
    }

    /// The files of facts that this run used or wrote.
    pub fn facts_in_use(&self) -> BTreeSet<PathBuf> {
        let of_exports = self.facts.values().flat_map(|facts| facts.values().map(|fact| fact.path.clone()));
        of_exports.chain(self.kept_files.iter().cloned()).collect()
    }

    /// Plans every query against empty relations, and compares marts with their contracts. Reads no data.
    pub async fn verify(set: QuerySet, resources: &Resources, parameters: &Parameters) -> Result<()> {
        let analysis = Self::bare(set, resources)?;
        sources::register_empty(&analysis.context)?;
        sources::register_previous(&analysis.context, &analysis.set, &[])?;
        sources::register_dictionary(&analysis.context, &analysis.set)?;
        for name in analysis.schedule.order() {
            let step = analysis.step(name, parameters)?;
            let schema = step.plan().await?.schema().inner().clone();
            if let Some(contract) = &step.query.contract {
                contracts::check(&step.query, contract, &schema)?;
            }
            if step.query.is_by_export() {
                by_export::require_export_key(&step.query, &schema)?;
            }
            let empty = MemTable::try_new(schema, vec![vec![]]).map_err(|error| failed(&step.query, &error))?;
            step.register(Arc::new(empty))?;
        }
        Ok(())
    }

    /// Computes `names` and everything they read, unless it is there already; `tell` hears of each with its rows.
    pub async fn compute(&mut self, names: &[&str], parameters: &Parameters, tell: Tell<'_>) -> Result<()> {
        self.settle(names, parameters, tell).await?;
        self.compute_missing(names, parameters, tell).await
    }

    pub(super) async fn compute_missing(
        &mut self,
        names: &[&str],
        parameters: &Parameters,
        tell: Tell<'_>,
    ) -> Result<()> {
        let mut waiting = self.schedule.missing(names);
        let mut running = JoinSet::new();
        loop {
            while running.len() < self.at_once
                && let Some(place) = waiting.iter().position(|name| self.schedule.is_ready(name))
            {
                let name = waiting.remove(place);
                if self.heavy.contains(&name) {
                    let computed = self.compute_elsewhere(&name, parameters).await?;
                    self.finish(&name, computed, tell).await?;
                } else if self.is_by_export(&name) {
                    let step = self.export_step(&name, parameters)?;
                    running.spawn(async move { step.run().await.map(|gathered| (name, Computed::ByExport(gathered))) });
                } else {
                    let step = self.step(&name, parameters)?;
                    running.spawn(async move { step.run().await.map(|timing| (name, Computed::Whole(timing))) });
                }
            }
            let Some(finished) = running.join_next().await else { return Ok(()) };
            let (name, computed) = finished.map_err(|error| Failure::defect(format!("a query stopped: {error}")))??;
            self.finish(&name, computed, tell).await?;
        }
    }

    /// Keeps what is known of a relation that was computed export by export.
    fn take(&mut self, name: &str, computed: Computed) -> Timing {
        match computed {
            Computed::Whole(timing) => timing,
            Computed::ByExport(gathered) => {
                self.facts.insert(name.to_owned(), Arc::new(gathered.facts));
                self.troubles.extend(gathered.troubles);
                gathered.timing
            }
        }
    }

    /// Computes a heavy relation on the cluster, or here if it cannot be sent.
    async fn compute_elsewhere(&mut self, name: &str, parameters: &Parameters) -> Result<Computed> {
        let by_export = if self.is_by_export(name) { Some(self.export_step(name, parameters)?) } else { None };
        let (Some(cluster), Some(query)) = (self.cluster.as_mut(), self.set.queries.get(name)) else {
            return Err(Failure::defect(format!("{name} is for a cluster and there is none")));
        };
        let home = Home {
            context: &self.context,
            set: &self.set,
            parsed: &self.parsed,
            schedule: &self.schedule,
            parameters,
            storage: &self.storage,
        };
        if let Some(step) = by_export {
            return step.run_on(cluster, home).await.map(Computed::ByExport);
        }
        match cluster.compute(query, &Narrowed::new(), home).await? {
            Some(timing) => Ok(Computed::Whole(timing)),
            None => self.step(name, parameters)?.run().await.map(Computed::Whole),
        }
    }

    /// Keeps a relation of the settled picture for the next night, if today's reads it.
    async fn keep(&mut self, name: &str) -> Result<()> {
        if let Some(keep) = self.keeps.remove(name) {
            let fact = keep.write(&self.context, &self.storage.folder).await?;
            self.kept_files.insert(fact.path);
        }
        Ok(())
    }

    /// Tells of a relation that is there, and lets go of what only it still had to read; marts and whatever is small stay.
    async fn finish(&mut self, name: &str, computed: Computed, tell: Tell<'_>) -> Result<()> {
        let timing = self.take(name, computed);
        self.keep(name).await?;
        tell(name, timing.rows.unwrap_or_default());
        let is_mart = self.set.queries.get(name).is_some_and(|query| query.contract.is_some());
        let is_small = timing.bytes.is_some_and(|bytes| bytes < LARGE_BYTES);
        if !is_mart && !is_small {
            self.large.insert(name.to_owned());
        }
        self.schedule.done(name);
        self.release(name);
        self.timings.extend(timing.rows.is_some().then_some(timing));
        Ok(())
    }

    /// Lets go of what `name` was the last to read.
    pub(super) fn release(&mut self, name: &str) {
        for released in self.schedule.released_by(name) {
            if self.large.remove(&released) {
                let _ = self.context.deregister_table(released.as_str());
                self.storage.remove(&released);
            }
        }
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
        self.compute(&[name], parameters, &mut |_, _| ()).await?;
        let rows = self.rows(name).await?;
        let sql = self.set.queries.get(name).map(|query| query.sql.clone()).unwrap_or_default();
        Ok(CheckRows::new(name, &sql, &rows))
    }

    /// What the queries took that ran since the last call, as steps of `stage`.
    pub fn take_timings(&mut self, stage: &str) -> Vec<Timing> {
        let taken = std::mem::take(&mut self.timings);
        taken.into_iter().map(|timing| Timing { stage: stage.to_owned(), ..timing }).collect()
    }

    pub const fn queries(&self) -> &QuerySet {
        &self.set
    }

    fn bare(mut set: QuerySet, resources: &Resources) -> Result<Self> {
        let mut parsed = parse_all(&set)?;
        pictures::expand(&mut set, &mut parsed)?;
        let order = order(&set, &parsed, &sources::names())?;
        pictures::require_grounded(&set, &parsed)?;
        let reads = parsed.iter().map(|(name, parsed)| (name.clone(), parsed.reads.clone())).collect();
        let views = set.queries.values().filter(|query| query.is_view()).map(|query| query.name.clone()).collect();
        let (context, pool) = session::open(resources)?;
        let settled = pictures::open(&context).map_err(|error| engine_failure("cannot set up the engine", &error))?;
        Ok(Self {
            kept: pictures::kept(&parsed),
            context,
            settled,
            pool,
            set,
            parsed,
            schedule: Schedule::new(order, &reads, views),
            storage: Storage {
                folder: resources.work_folder.clone(),
                memory_bytes: STORED_BYTES.max(resources.memory_bytes / STORED_SHARE),
                budget: Arc::new(Budget::new(resources.memory_bytes / BUDGET_SHARE)),
            },
            at_once: (resources.memory_bytes / BYTES_EACH).clamp(1, resources.threads.max(1)),
            large: BTreeSet::new(),
            timings: Vec::new(),
            cluster: None,
            heavy: BTreeSet::new(),
            exports: Arc::default(),
            facts: BTreeMap::new(),
            facts_folder: resources.facts_folder.clone(),
            threads: resources.threads,
            troubles: Vec::new(),
            is_settled: false,
            keeps: BTreeMap::new(),
            kept_files: BTreeSet::new(),
        })
    }

    /// The relations of today's picture that are computed by export.
    pub fn by_export(&self) -> Vec<String> {
        let queries = self.set.queries.values().filter(|query| query.is_by_export() && !query.is_settled());
        queries.map(|query| query.name.clone()).collect()
    }

    fn is_by_export(&self, name: &str) -> bool {
        self.set.queries.get(name).is_some_and(Query::is_by_export)
    }

    /// The query `name`, ready to be computed export by export.
    pub(super) fn export_step(&self, name: &str, parameters: &Parameters) -> Result<ExportStep> {
        let reach = Reach::of(name, &self.set, &self.parsed);
        let views = self.schedule.order().filter(|view| reach.views.contains(*view));
        let planned = views.map(|view| self.step(view, parameters).map(|step| (step.query, step.statement)));
        Ok(ExportStep {
            step: self.step(name, parameters)?,
            views: planned.collect::<Result<_>>()?,
            tables: reach.tables,
            exports: self.exports.clone(),
            known: self.facts.clone(),
            folder: self.facts_folder.clone(),
            threads: self.threads,
        })
    }

    /// The query `name`, ready to run.
    fn step(&self, name: &str, parameters: &Parameters) -> Result<Step> {
        let (Some(query), Some(parsed)) = (self.set.queries.get(name), self.parsed.get(name)) else {
            return Err(Failure::defect(format!("there is no query {name}")));
        };
        let context = if query.is_settled() { &self.settled } else { &self.context };
        Ok(Step {
            context: context.clone(),
            pool: self.pool.clone(),
            query: query.clone(),
            statement: parsed.bound(parameters, query)?,
            storage: self.storage.clone(),
        })
    }
}
