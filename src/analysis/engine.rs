//! Runs the query set: each relation after those that it reads, independent ones at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::prelude::SessionContext;

use crate::analysis::by_export::{Bundle, ExportStep, Facts, Lines};
use crate::analysis::checks::CheckRows;
use crate::analysis::cluster::Cluster;
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::heavy::{Reach, heavy};
use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::materialise::{Budget, Storage};
use crate::analysis::order::{Parsed, order, parse_all};
use crate::analysis::parameters::Parameters;
use crate::analysis::pictures::Keep;
use crate::analysis::running::Running;
use crate::analysis::schedule::Schedule;
use crate::analysis::session::{self, Pool, Resources};
use crate::analysis::shelf::Shelf;
use crate::analysis::step::Step;
use crate::analysis::{by_export, contracts, pictures, sources};
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
    pub(super) storage: Storage,
    /// How many relations are computed at the same time.
    pub(super) at_once: usize,
    /// Relations whose memory is worth having back.
    pub(super) large: BTreeSet<String>,
    pub(super) running: Running,
    pub(super) timings: Vec<Timing>,
    pub(super) cluster: Option<Cluster>,
    /// What the cluster computes; nothing without one.
    pub(super) heavy: BTreeSet<String>,
    bundles: Arc<[Bundle]>,
    /// Of the relations that were computed export by export.
    pub(super) facts: BTreeMap<String, Arc<Facts>>,
    pub(super) facts_folder: PathBuf,
    pub(super) threads: usize,
    pub(super) troubles: Vec<String>,
    /// The relations of the settled picture that are kept from night to night.
    pub(super) kept: BTreeSet<String>,
    /// Whether it is known which of them are there.
    pub(super) is_settled: bool,
    /// Those that are not, and where they go.
    pub(super) keeps: BTreeMap<String, Keep>,
    pub(super) kept_files: BTreeSet<PathBuf>,
}

/// Each relation that is being computed may take this much of the memory limit.
const BYTES_EACH: usize = 1 << 30;
/// A result stays in memory up to this size, or up to this share of the memory limit if that is more.
const STORED_BYTES: usize = 64 << 20;
const STORED_SHARE: usize = 32;
/// The share of the memory limit that all results together may take.
const BUDGET_SHARE: usize = 8;

impl Analysis {
    /// Parses and orders the set, and registers the staging and the rows of `sales_by_export` of the earlier run.
    pub fn open(set: QuerySet, staging: &Staging, previous: &[RecordBatch], resources: &Resources) -> Result<Self> {
        let mut analysis = Self::bare(set, resources)?;
        analysis.bundles = Bundle::all(Lines::of(staging)).into();
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
            let empty =
                sources::in_memory(schema, Vec::new(), Vec::new()).map_err(|error| failed(&step.query, &error))?;
            step.register(empty)?;
        }
        Ok(())
    }

    /// The marts, to be read as they are computed.
    pub fn shelf(&self) -> Shelf {
        Shelf::new(&self.context, &self.set)
    }

    /// All rows of a small relation that has been computed.
    pub async fn rows(&self, name: &str) -> Result<Vec<RecordBatch>> {
        let collected = match self.context.table(name).await {
            Ok(table) => table.collect().await,
            Err(error) => Err(error),
        };
        collected.map_err(|error| engine_failure(name, &error))
    }

    /// What a check found that has been computed.
    pub async fn check(&self, name: &str) -> Result<CheckRows> {
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
        let mut parsed = parse_all(&set, resources.threads)?;
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
            running: Running::default(),
            timings: Vec::new(),
            cluster: None,
            heavy: BTreeSet::new(),
            bundles: Arc::default(),
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

    pub(super) fn is_by_export(&self, name: &str) -> bool {
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
            bundles: self.bundles.clone(),
            known: self.facts.clone(),
            folder: self.facts_folder.clone(),
            threads: self.threads,
        })
    }

    /// The query `name`, ready to run.
    pub(super) fn step(&self, name: &str, parameters: &Parameters) -> Result<Step> {
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
            partitions: self.threads.max(1),
        })
    }
}
