//! Relations as they are computed: each after those that it reads, independent ones at the same time, and what later
//! calls will ask for while a core has nothing else to do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::analysis::by_export::Gathered;
use crate::analysis::cluster::{Home, Narrowed};
use crate::analysis::engine::Analysis;
use crate::analysis::loader::Query;
use crate::analysis::parameters::Parameters;
use crate::model::failure::{Failure, Result};
use crate::model::timing::Timing;

/// Hears of each relation with its rows.
pub(super) type Tell<'a> = &'a mut (dyn FnMut(&str, u64) + Send);

const LARGE_BYTES: u64 = 1 << 20;

/// A relation that was computed.
enum Computed {
    Whole(Timing),
    ByExport(Gathered),
}

/// What is being computed at the moment, and what has come of relations that nobody had asked for yet.
#[derive(Default)]
pub(super) struct Running {
    tasks: JoinSet<(String, Result<Computed>)>,
    names: BTreeSet<String>,
    /// What later calls will ask for.
    ahead: Vec<String>,
    untold: BTreeMap<String, u64>,
    failed: BTreeMap<String, Failure>,
}

impl Running {
    /// The next that has ended.
    async fn ended(&mut self) -> Result<(String, Result<Computed>)> {
        let ended = self.tasks.join_next().await.ok_or_else(|| Failure::defect("nothing is left to wait for"))?;
        let (name, computed) = ended.map_err(|error| Failure::defect(format!("a query stopped: {error}")))?;
        self.names.remove(&name);
        Ok((name, computed))
    }

    fn failure(&mut self, needed: &[String]) -> Option<Failure> {
        needed.iter().find_map(|name| self.failed.remove(name))
    }
}

impl Analysis {
    /// From here on, cores that have nothing else to do compute these and what they read, with the parameters of the calls
    /// to come. Whoever asks for one of them later hears of it then, also if it failed.
    pub fn look_ahead(&mut self, names: Vec<String>) {
        self.running.ahead = names;
    }

    /// Stops what nobody has asked for.
    pub async fn stop(&mut self) {
        self.running.tasks.shutdown().await;
    }

    /// Computes `names` and everything they read, unless it is there already; `tell` hears of each with its rows.
    pub async fn compute(&mut self, names: &[&str], parameters: &Parameters, tell: Tell<'_>) -> Result<()> {
        for name in names {
            if let Some(rows) = self.running.untold.remove(*name) {
                tell(name, rows);
            }
        }
        self.settle(names, parameters, tell).await?;
        self.compute_missing(names, parameters, tell).await
    }

    pub(super) async fn compute_missing(
        &mut self,
        names: &[&str],
        parameters: &Parameters,
        tell: Tell<'_>,
    ) -> Result<()> {
        let needed = self.schedule.missing(names);
        let mut waiting = self.waiting(&needed);
        loop {
            if let Some(failure) = self.running.failure(&needed) {
                return Err(failure);
            }
            while self.running.tasks.len() < self.at_once
                && let Some(place) = waiting.iter().position(|name| self.schedule.is_ready(name))
            {
                let name = waiting.remove(place);
                if self.heavy.contains(&name) {
                    let computed = self.compute_elsewhere(&name, parameters).await?;
                    self.finish(&name, computed, tell).await?;
                } else {
                    self.start(name, parameters)?;
                }
            }
            if needed.iter().all(|name| self.schedule.is_computed(name)) {
                return Ok(());
            }
            match self.running.ended().await? {
                (name, Ok(computed)) if needed.contains(&name) => self.finish(&name, computed, tell).await?,
                (name, Ok(computed)) => {
                    let mut rows = 0;
                    self.finish(&name, computed, &mut |_, told| rows = told).await?;
                    self.running.untold.insert(name, rows);
                }
                (name, Err(failure)) => drop(self.running.failed.insert(name, failure)),
            }
        }
    }

    /// What is to be computed: what is needed first, then what can be computed ahead. That is neither what earlier nights
    /// may have kept nor what a cluster computes.
    fn waiting(&self, needed: &[String]) -> Vec<String> {
        let ahead: Vec<&str> = self.running.ahead.iter().map(String::as_str).collect();
        let is_here = |name: &String| {
            !self.heavy.contains(name) && !self.set.queries.get(name).is_some_and(Query::is_settled)
        };
        let ahead = self.schedule.missing(&ahead).into_iter().filter(|name| is_here(name) && !needed.contains(name));
        let all = needed.iter().cloned().chain(ahead);
        all.filter(|name| !self.running.names.contains(name) && !self.running.failed.contains_key(name)).collect()
    }

    fn start(&mut self, name: String, parameters: &Parameters) -> Result<()> {
        self.running.names.insert(name.clone());
        if self.is_by_export(&name) {
            let step = self.export_step(&name, parameters)?;
            self.running.tasks.spawn(async move { (name, step.run().await.map(Computed::ByExport)) });
        } else {
            let step = self.step(&name, parameters)?;
            self.running.tasks.spawn(async move { (name, step.run().await.map(Computed::Whole)) });
        }
        Ok(())
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
}
