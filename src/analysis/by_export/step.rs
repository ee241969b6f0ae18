//! One relation on its way: what is kept of it, what is missing, and who computes that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::sql::parser::Statement;
use tokio::task::JoinSet;

use crate::analysis::by_export::bundle::Bundle;
use crate::analysis::by_export::chunks::chunks;
use crate::analysis::by_export::digest::{Digest, has_export_key};
use crate::analysis::by_export::facts::{self, Fact};
use crate::analysis::by_export::lines::{Lines, STAGED};
use crate::analysis::cluster::{Cluster, Home};
use crate::analysis::errors::engine_failure;
use crate::analysis::loader::Query;
use crate::analysis::materialise::without_views;
use crate::analysis::pictures::plain;
use crate::analysis::step::Step;
use crate::model::checksum;
use crate::model::failure::{Failure, Result};
use crate::model::parallel::in_parallel;
use crate::model::removal::remove_file;
use crate::model::timing::{Stopwatch, Timing};

/// What is said of a relation whose rows do not keep to their exports.
pub(super) const FOREIGN: &str = "is computed by export and gave a row of another export";

/// The facts of a relation by bundle.
pub type Facts = BTreeMap<i64, Fact>;

/// A query that is computed export by export, and all it needs.
pub struct ExportStep {
    pub step: Step,
    /// What is planned into it, each after what it reads.
    pub views: Vec<(Query, Statement)>,
    pub tables: BTreeSet<String>,
    pub bundles: Arc<[Bundle]>,
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

/// What the rows of each bundle follow from.
pub(super) struct Roots {
    /// Of each table that is neither staged nor computed by export.
    pub(super) digests: BTreeMap<String, Digest>,
    /// All of it as one word, for each bundle.
    pub(super) keys: BTreeMap<i64, String>,
}

/// What is known before anything is computed.
pub(super) struct Prepared {
    pub(super) schema: SchemaRef,
    pub(super) roots: Roots,
    kept: Facts,
    pub(super) missing: Vec<Bundle>,
    troubles: Vec<String>,
}

impl ExportStep {
    /// Computes what is not kept, and registers the rows of all exports.
    pub async fn run(self) -> Result<Gathered> {
        let watch = Stopwatch::start();
        let prepared = Arc::new(self.prepare().await?);
        let step = Arc::new(self);
        let computed = step.compute_missing(&prepared).await?;
        step.register(&prepared, computed, watch)
    }

    /// The same, but a cluster computes what is not kept, if its plan can be sent there.
    pub async fn run_on(self, cluster: &mut Cluster, home: Home<'_>) -> Result<Gathered> {
        let watch = Stopwatch::start();
        let prepared = self.prepare().await?;
        if prepared.missing.is_empty() {
            return self.register(&prepared, Facts::new(), watch);
        }
        let narrowed = self.narrowed(&prepared.missing);
        let Some(timing) = cluster.compute(&self.step.query, &narrowed, home).await? else {
            return self.run().await;
        };
        let computed = self.split(&prepared).await?;
        if timing.rows != Some(computed.values().map(|fact| fact.rows).sum()) {
            return Err(self.refused(FOREIGN));
        }
        self.register(&prepared, computed, watch)
    }

    async fn prepare(&self) -> Result<Prepared> {
        let schema = without_views(self.step.plan().await?.schema().as_arrow());
        require_export_key(&self.step.query, &schema)?;
        let roots = self.roots().await?;
        let (kept, troubles) = self.kept(&roots.keys)?;
        let missing = self.bundles.iter().filter(|bundle| !kept.contains_key(&bundle.key())).cloned().collect();
        Ok(Prepared { schema, roots, kept, missing, troubles })
    }

    pub(super) async fn roots(&self) -> Result<Roots> {
        let digests = self.digests().await?;
        let words = self.words();
        let key = |bundle: &Bundle| (bundle.key(), self.key(&words, bundle, &bundle.exports, &digests));
        let keys = self.bundles.iter().map(key).collect();
        Ok(Roots { digests, keys })
    }

    async fn digests(&self) -> Result<BTreeMap<String, Digest>> {
        let mut digests = BTreeMap::new();
        for table in self.tables.iter().filter(|table| *table != STAGED && !self.known.contains_key(*table)) {
            let digest = Digest::of(&self.step.context, table).await.map_err(|error| engine_failure(table, &error))?;
            digests.insert(table.clone(), digest);
        }
        Ok(digests)
    }

    /// The texts, which are the same for all exports.
    pub(super) fn words(&self) -> String {
        let views = self.views.iter().map(|(_, statement)| statement.to_string());
        let texts: Vec<String> = views.chain([self.step.statement.to_string()]).collect();
        checksum::of_parts(&texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What the rows of some exports of a bundle follow from. Facts count as a whole, whichever of its exports they are of.
    pub(super) fn key(
        &self,
        words: &str,
        bundle: &Bundle,
        exports: &[Lines],
        digests: &BTreeMap<String, Digest>,
    ) -> String {
        let mut parts = vec![words.to_owned()];
        parts.extend(exports.iter().map(|export| format!("{:x}", export.key)));
        let mut tables: Vec<&String> = self.tables.iter().collect();
        // The same order in both pictures, since where they agree they share facts.
        tables.sort_by_key(|table| plain(table));
        for table in tables {
            parts.push(plain(table).to_owned());
            let facts = self.known.get(table).and_then(|facts| facts.get(&bundle.key()));
            match (facts, digests.get(table)) {
                (Some(fact), _) => parts.push(fact.content()),
                (None, Some(digest)) => parts.extend(digest.words_of(exports)),
                (None, None) => parts.push(String::new()),
            }
        }
        facts::key_of(&parts)
    }

    /// The facts of an earlier night that are whole, and what is to be said of the others.
    fn kept(&self, keys: &BTreeMap<i64, String>) -> Result<(Facts, Vec<String>)> {
        let there = facts::kept(&self.home())?;
        let found: Vec<(i64, Fact)> =
            keys.iter().filter_map(|(export, key)| Some((*export, there.get(key)?.clone()))).collect();
        let faults = in_parallel(&found, self.threads, |(_, fact)| Ok(fact.fault()))?;
        let (mut kept, mut troubles) = (Facts::new(), Vec::new());
        for ((export, fact), fault) in found.into_iter().zip(faults) {
            if let Some(fault) = fault {
                remove_file(&fact.path)?;
                troubles.push(format!("{} is computed anew for an export: {fault}", self.name()));
            } else {
                kept.insert(export, fact);
            }
        }
        Ok((kept, troubles))
    }

    async fn compute_missing(self: &Arc<Self>, prepared: &Arc<Prepared>) -> Result<Facts> {
        let mut chunks = chunks(&prepared.missing, self.threads).into_iter();
        let (mut running, mut facts) = (JoinSet::new(), Facts::new());
        loop {
            while running.len() < self.threads.max(1)
                && let Some(chunk) = chunks.next()
            {
                let (step, prepared) = (self.clone(), prepared.clone());
                running.spawn(async move { step.compute(&chunk, &prepared).await });
            }
            let Some(finished) = running.join_next().await else { return Ok(facts) };
            facts.extend(finished.map_err(|error| Failure::defect(format!("a query stopped: {error}")))??);
        }
    }

    fn register(&self, prepared: &Prepared, computed: Facts, watch: Stopwatch) -> Result<Gathered> {
        let facts: Facts = prepared.kept.clone().into_iter().chain(computed).collect();
        self.register_facts(&facts, &prepared.schema)?;
        let timing = Timing {
            rows: Some(facts.values().map(|fact| fact.rows).sum()),
            bytes: Some(facts.values().map(Fact::bytes).sum()),
            peak_memory_bytes: Some(self.step.pool.take_peak() as u64),
            ..Timing::of_step("", self.name(), watch.took())
        };
        Ok(Gathered { timing, facts, troubles: prepared.troubles.clone() })
    }

    pub(super) fn name(&self) -> &str {
        &self.step.query.name
    }

    /// Where the facts of this relation are, whatever its picture.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.join(plain(self.name()))
    }

    pub(super) fn refused(&self, trouble: &str) -> Failure {
        refused(&self.step.query, trouble)
    }
}

/// Refuses a relation that does not say of each row which export it is of.
///
/// # Errors
/// A failure of whoever wrote the query.
pub fn require_export_key(query: &Query, schema: &Schema) -> Result<()> {
    match has_export_key(schema) {
        true => Ok(()),
        false => Err(refused(query, "is computed by export and has no column export_key of type bigint")),
    }
}

fn refused(query: &Query, trouble: &str) -> Failure {
    let failure = Failure::defect(format!("{} {trouble}", query.origin));
    query.blame(failure).hint("keep to export_key in it, or take `computed: by export` out of its header")
}
