//! Relations that are computed export by export.
//!
//! Where the header of a query says `-- computed: by export`, the rows of an export follow from what the relations that it
//! reads have of that export, and from all rows of those that do not tell exports apart. So they are computed for some
//! exports at a time, on one thread each, kept as [`facts`], and computed again only when what they follow from changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::{AsArray as _, Int64Array, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::compute::kernels::cmp::eq;
use datafusion::arrow::datatypes::{Int64Type, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::common::DataFusionError;
use datafusion::datasource::{MemTable, ViewTable};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;

use crate::analysis::ENGINE_VERSION;
use crate::analysis::cluster::{Cluster, Home, Narrowed, TableFiles};
use crate::analysis::digest::{Digest, EXPORT_KEY, has_export_key};
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::facts::{self, Fact, FactWriter};
use crate::analysis::lines::{Lines, chunks};
use crate::analysis::loader::Query;
use crate::analysis::materialise::{as_planned, without_views};
use crate::analysis::step::{Step, plan};
use crate::analysis::{session, sources};
use crate::model::checksum;
use crate::model::failure::{Failure, Result};
use crate::model::timing::{Stopwatch, Timing};

/// Each version computes anew: it may mean something else by the same words.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The lines of all exports of sales.
const STAGED: &str = "staged_sales";

/// The facts of a relation by export.
pub type Facts = BTreeMap<i64, Fact>;

/// A query that is computed export by export, and all it needs.
pub struct ExportStep {
    pub step: Step,
    /// What is planned into it, each after what it reads.
    pub views: Vec<(Query, Statement)>,
    pub tables: BTreeSet<String>,
    pub exports: Arc<[Lines]>,
    /// Of the relations that were computed export by export before.
    pub known: BTreeMap<String, Arc<Facts>>,
    /// Where the facts of all relations are.
    pub folder: PathBuf,
    pub threads: usize,
}

/// What computing a relation export by export gave.
pub struct Gathered {
    pub timing: Timing,
    pub facts: Facts,
    /// Facts of an earlier night that could not serve.
    pub troubles: Vec<String>,
}

/// What is known before anything is computed.
struct Prepared {
    schema: SchemaRef,
    digests: BTreeMap<String, Digest>,
    kept: Facts,
    missing: Vec<Lines>,
    troubles: Vec<String>,
}

impl ExportStep {
    /// Computes what is not kept, and registers the rows of all exports.
    pub async fn run(self) -> Result<Gathered> {
        let watch = Stopwatch::start();
        let mut prepared = self.prepare().await?;
        let shared = Arc::new(self);
        let computed = shared.compute_missing(&prepared).await?;
        prepared.kept.extend(computed);
        shared.register(prepared, watch)
    }

    /// The same, but a cluster computes what is not kept, if its plan can be sent there.
    pub async fn run_on(self, cluster: &mut Cluster, home: Home<'_>) -> Result<Gathered> {
        let watch = Stopwatch::start();
        let mut prepared = self.prepare().await?;
        if !prepared.missing.is_empty() {
            let narrowed = self.narrowed(&prepared.missing);
            if cluster.compute(&self.step.query, &narrowed, home).await?.is_none() {
                return self.run().await;
            }
            prepared.kept.extend(self.split(&prepared).await?);
        }
        self.register(prepared, watch)
    }

    async fn prepare(&self) -> Result<Prepared> {
        let schema = without_views(self.step.plan().await?.schema().as_arrow());
        if !has_export_key(&schema) {
            return Err(self.refused("is computed by export and has no column export_key of type bigint"));
        }
        let (digests, mut troubles) = (self.digests().await?, Vec::new());
        let kept = self.kept(&digests, &mut troubles)?;
        let missing = self.exports.iter().filter(|export| !kept.contains_key(&export.key)).cloned().collect();
        Ok(Prepared { schema, digests, kept, missing, troubles })
    }

    fn register(&self, prepared: Prepared, watch: Stopwatch) -> Result<Gathered> {
        let Prepared { schema, kept: facts, troubles, .. } = prepared;
        let files: Vec<String> = facts.values().map(|fact| fact.path.to_string_lossy().into_owned()).collect();
        sources::register_files(&self.step.context, self.name(), &schema, &files)?;
        let timing = Timing {
            rows: Some(facts.values().map(|fact| fact.rows).sum()),
            bytes: Some(facts.values().map(Fact::bytes).sum()),
            peak_memory_bytes: Some(self.step.pool.take_peak() as u64),
            ..Timing::of_step("", self.name(), watch.took())
        };
        Ok(Gathered { timing, facts, troubles })
    }

    /// The files of what has one for each export, for some exports.
    fn narrowed(&self, exports: &[Lines]) -> Narrowed {
        let files = |table: &String| match self.known.get(table) {
            Some(facts) => {
                let own: Vec<&Fact> = exports.iter().filter_map(|export| facts.get(&export.key)).collect();
                let rows = own.iter().map(|fact| fact.rows).sum();
                Some((table.clone(), TableFiles { files: own.iter().map(|fact| fact.path.clone()).collect(), rows }))
            }
            None if table == STAGED => {
                let rows = exports.iter().map(|export| export.rows).sum();
                Some((
                    table.clone(),
                    TableFiles { files: exports.iter().map(|export| export.file.clone()).collect(), rows },
                ))
            }
            None => None,
        };
        self.tables.iter().filter_map(files).collect()
    }

    /// What the cluster gave for the missing exports, as facts.
    async fn split(&self, prepared: &Prepared) -> Result<Facts> {
        let context = &self.step.context;
        let refused = |error: DataFusionError| failed(&self.step.query, &error);
        let rows = context.table(self.name()).await.map_err(refused)?.execute_stream().await.map_err(refused)?;
        let keys = self.keys(&prepared.missing, &prepared.digests);
        let facts = self.write(rows, keys, &prepared.schema).await?;
        context.deregister_table(self.name()).map_err(refused)?;
        self.step.storage.remove(self.name());
        Ok(facts)
    }

    fn name(&self) -> &str {
        &self.step.query.name
    }

    fn refused(&self, trouble: &str) -> Failure {
        self.step.query.blame(Failure::defect(format!("{} {trouble}", self.step.query.origin)))
    }

    /// Of what is neither staged nor computed by export.
    async fn digests(&self) -> Result<BTreeMap<String, Digest>> {
        let mut digests = BTreeMap::new();
        for table in self.tables.iter().filter(|table| *table != STAGED && !self.known.contains_key(*table)) {
            let digest = Digest::of(&self.step.context, table).await.map_err(|error| engine_failure(table, &error))?;
            digests.insert(table.clone(), digest);
        }
        Ok(digests)
    }

    /// What the rows of an export follow from, as one word.
    fn key(&self, export: &Lines, digests: &BTreeMap<String, Digest>) -> String {
        let mut parts = vec![VERSION.to_owned(), ENGINE_VERSION.to_owned(), format!("{:x}", export.key)];
        parts.extend(self.views.iter().map(|(_, statement)| statement.to_string()));
        parts.push(self.step.statement.to_string());
        for table in &self.tables {
            let fact = self.known.get(table).and_then(|facts| facts.get(&export.key));
            let digest = digests.get(table).map(|digest| format!("{:x}", digest.seen_by(export.key)));
            parts.extend([table.clone(), fact.map(Fact::content).or(digest).unwrap_or_default()]);
        }
        let mut key = checksum::of_parts(&parts.iter().map(String::as_str).collect::<Vec<_>>());
        key.truncate(32);
        key
    }

    fn home(&self) -> PathBuf {
        self.folder.join(self.name())
    }

    /// The facts of an earlier night that are whole.
    fn kept(&self, digests: &BTreeMap<String, Digest>, troubles: &mut Vec<String>) -> Result<Facts> {
        let mut there = facts::kept(&self.home())?;
        let mut whole = Facts::new();
        for export in self.exports.iter() {
            let Some(fact) = there.remove(&self.key(export, digests)) else { continue };
            match fact.fault() {
                None => drop(whole.insert(export.key, fact)),
                Some(fault) => {
                    facts::discard(&fact)?;
                    troubles.push(format!("{} is computed anew for an export: {fault}", self.name()));
                }
            }
        }
        Ok(whole)
    }

    fn keys(&self, exports: &[Lines], digests: &BTreeMap<String, Digest>) -> BTreeMap<i64, String> {
        exports.iter().map(|export| (export.key, self.key(export, digests))).collect()
    }

    async fn compute_missing(self: &Arc<Self>, prepared: &Prepared) -> Result<Facts> {
        let mut chunks = chunks(prepared.missing.clone(), self.threads).into_iter();
        let (mut running, mut facts) = (JoinSet::new(), Facts::new());
        loop {
            while running.len() < self.threads.max(1)
                && let Some(chunk) = chunks.next()
            {
                let (step, schema) = (self.clone(), prepared.schema.clone());
                let keys = self.keys(&chunk, &prepared.digests);
                let rowless = self.rowless(&chunk, &prepared.digests);
                running.spawn(async move { step.compute(&chunk, &rowless, keys, &schema).await });
            }
            let Some(finished) = running.join_next().await else { return Ok(facts) };
            facts.extend(finished.map_err(|error| Failure::defect(format!("a query stopped: {error}")))??);
        }
    }

    /// The relations that have nothing of these exports: most exports have no row that anything is wrong with.
    fn rowless(&self, chunk: &[Lines], digests: &BTreeMap<String, Digest>) -> BTreeSet<String> {
        let has_rows = |digest: &Digest| match digest {
            Digest::Whole(_) => true,
            Digest::ByExport(digests) => chunk.iter().any(|export| digests.contains_key(&export.key)),
        };
        digests.iter().filter(|(_, digest)| !has_rows(digest)).map(|(name, _)| name.clone()).collect()
    }

    /// The facts of some exports.
    async fn compute(
        &self,
        chunk: &[Lines],
        rowless: &BTreeSet<String>,
        keys: BTreeMap<i64, String>,
        schema: &SchemaRef,
    ) -> Result<Facts> {
        let query = &self.step.query;
        let context = self.session(chunk, rowless).await?;
        let plan = plan(&context, query, self.step.statement.clone()).await?;
        let refused = |error: DataFusionError| failed(query, &error);
        let frame = context.execute_logical_plan(plan).await.map_err(refused)?;
        self.write(frame.execute_stream().await.map_err(refused)?, keys, schema).await
    }

    /// Writes the rows of some exports to their files.
    async fn write(
        &self,
        mut rows: SendableRecordBatchStream,
        keys: BTreeMap<i64, String>,
        schema: &SchemaRef,
    ) -> Result<Facts> {
        let refused = |error: DataFusionError| failed(&self.step.query, &error);
        let mut writers = self.writers(keys, schema)?;
        while let Some(batch) = rows.next().await {
            let batch = as_planned(batch.map_err(refused)?, schema).map_err(refused)?;
            self.hand_out(&batch, &mut writers)?;
        }
        let home = self.home();
        writers.into_iter().map(|(export, writer)| Ok((export, writer.finish(&home)?))).collect()
    }

    /// A session of one partition in which every relation has only what it has of these exports.
    async fn session(&self, chunk: &[Lines], rowless: &BTreeSet<String>) -> Result<SessionContext> {
        let context = session::of_one_partition(&self.step.context);
        for table in &self.tables {
            self.restrict(&context, table, chunk, rowless.contains(table)).await?;
        }
        for (query, statement) in &self.views {
            let plan = plan(&context, query, statement.clone()).await?;
            let view = Arc::new(ViewTable::new(plan, None));
            context.register_table(query.name.as_str(), view).map_err(|error| failed(query, &error))?;
        }
        Ok(context)
    }

    async fn restrict(&self, context: &SessionContext, name: &str, chunk: &[Lines], is_rowless: bool) -> Result<()> {
        let broken = |error: DataFusionError| engine_failure(name, &error);
        let provider = self.step.context.table_provider(name).await.map_err(broken)?;
        if let Some(narrowed) = self.narrowed(chunk).get(name) {
            let files: Vec<String> = narrowed.files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
            return sources::register_files(context, name, &provider.schema(), &files);
        }
        let table: Arc<dyn TableProvider> = if is_rowless {
            Arc::new(MemTable::try_new(provider.schema(), vec![vec![]]).map_err(broken)?)
        } else if has_export_key(&provider.schema()) {
            let keys = chunk.iter().map(|export| lit(export.key)).collect();
            let rows = self.step.context.table(name).await.map_err(broken)?;
            let own = rows.filter(col(EXPORT_KEY).in_list(keys, false)).map_err(broken)?;
            // As rows, since their number decides how they are joined.
            Arc::new(MemTable::try_new(provider.schema(), vec![own.collect().await.map_err(broken)?]).map_err(broken)?)
        } else {
            provider
        };
        context.register_table(name, table).map_err(broken)?;
        Ok(())
    }

    fn writers(&self, keys: BTreeMap<i64, String>, schema: &SchemaRef) -> Result<BTreeMap<i64, FactWriter>> {
        let writer = |(export, key): (i64, String)| {
            let aside = self.step.storage.folder.join(format!("{}.{key}.fact", self.name()));
            Ok((export, FactWriter::create(&key, aside, schema)?))
        };
        keys.into_iter().map(writer).collect()
    }

    /// Every row to the writer of its export.
    fn hand_out(&self, batch: &RecordBatch, writers: &mut BTreeMap<i64, FactWriter>) -> Result<()> {
        let broken = |error| engine_failure(self.name(), &DataFusionError::from(error));
        let column = batch.column_by_name(EXPORT_KEY).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let column = column.ok_or_else(|| self.refused("lost its column export_key"))?;
        let mut rows = 0;
        for (export, writer) in writers {
            let own = eq(column, &Int64Array::new_scalar(*export)).map_err(broken)?;
            let count = own.true_count();
            rows += count;
            if count == batch.num_rows() {
                writer.write(batch)?;
            } else if count > 0 {
                writer.write(&filter_record_batch(batch, &own).map_err(broken)?)?;
            }
        }
        if rows < batch.num_rows() {
            return Err(self.refused("is computed by export and gave a row of another export"));
        }
        Ok(())
    }
}
