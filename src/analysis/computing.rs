//! Relations as they are computed: each after those that it reads, independent ones at the same time, and what later
//! calls will ask for while a core has nothing else to do.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::analysis::cluster::{Home, Narrowed};
use crate::analysis::engine::Analysis;
use crate::analysis::heavy::Reach;
use crate::analysis::loader::Query;
use crate::analysis::parameters::Parameters;
use crate::analysis::pictures::plain;
use crate::analysis::running::Computed;
use crate::analysis::step::Step;
use crate::model::failure::{Failure, Result};
use crate::model::timing::Timing;

/// Hears of each relation with its rows.
pub(super) type Tell<'a> = &'a mut (dyn FnMut(&str, u64) + Send);

/// From here on a relation's memory is worth having back.
const LARGE_BYTES: u64 = 1 << 20;
/// What a relation that reads next to nothing weighs: planning takes its time too.
const LEAST_WEIGHT: u64 = 1 << 20;

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
        let ahead = self.running.ahead.clone();
        let asked: Vec<&str> = names.iter().copied().chain(ahead.iter().map(String::as_str)).collect();
        self.settle(&asked, parameters, tell).await?;
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
            self.start_ready(&mut waiting, parameters, tell).await?;
            if needed.iter().all(|name| self.schedule.is_computed(name)) {
                return Ok(());
            }
            match self.running.ended().await? {
                (name, Ok(computed)) if needed.contains(&name) => self.finish(&name, computed, tell).await?,
                (name, Ok(computed)) => self.finish_ahead(name, computed).await?,
                (name, Err(failure)) => drop(self.running.failed.insert(name, failure)),
            }
        }
    }

    /// What is to be computed: what is needed first, then what can be computed ahead. That is not what a cluster computes,
    /// nor the settled picture before it is known what earlier nights kept of it.
    fn waiting(&self, needed: &[String]) -> Vec<String> {
        let ahead: Vec<&str> = self.running.ahead.iter().map(String::as_str).collect();
        let is_open = |name: &String| self.is_settled || !self.set.queries.get(name).is_some_and(Query::is_settled);
        let is_here = |name: &String| is_open(name) && !self.heavy.contains(name);
        let ahead = self.schedule.missing(&ahead).into_iter().filter(|name| is_here(name) && !needed.contains(name));
        let all = needed.iter().cloned().chain(ahead);
        all.filter(|name| !self.running.weights.contains_key(name) && !self.running.failed.contains_key(name)).collect()
    }

    /// Starts as many as may be computed at the same time; what a cluster computes is there then.
    async fn start_ready(&mut self, waiting: &mut Vec<String>, parameters: &Parameters, tell: Tell<'_>) -> Result<()> {
        while self.running.tasks.len() < self.at_once
            && let Some(place) = waiting.iter().position(|name| self.may_start(name))
        {
            let name = waiting.remove(place);
            if self.heavy.contains(&name) {
                let computed = self.compute_elsewhere(&name, parameters).await?;
                self.finish(&name, computed, tell).await?;
            } else {
                self.start(name, parameters, waiting)?;
            }
        }
        Ok(())
    }

    /// Whether everything that a relation reads is there. One that is computed by export waits for its namesake of the
    /// other picture, since most of what the one computes serves the other.
    fn may_start(&self, name: &str) -> bool {
        let is_namesake = |other: &String| plain(other) == plain(name);
        let is_begun = || self.is_by_export(name) && self.running.weights.keys().any(is_namesake);
        self.schedule.is_ready(name) && !is_begun()
    }

    fn start(&mut self, name: String, parameters: &Parameters, waiting: &[String]) -> Result<()> {
        let weight = self.weight(&name);
        let partitions = self.partitions(weight, waiting);
        self.running.weights.insert(name.clone(), weight);
        if self.is_by_export(&name) {
            let step = self.export_step(&name, parameters)?;
            self.running.tasks.spawn(async move { (name, step.run().await.map(Computed::ByExport)) });
        } else {
            let step = Step { partitions, ..self.step(&name, parameters)? };
            self.running.tasks.spawn(async move { (name, step.run().await.map(Computed::Whole)) });
        }
        Ok(())
    }

    /// How many threads work at a relation: its share of what is computed beside it, by what each reads. To pass rows from
    /// thread to thread costs a fifth of a query, so that is left to what is large, or alone.
    fn partitions(&self, own: u64, waiting: &[String]) -> usize {
        let ready = waiting.iter().filter(|name| self.may_start(name)).map(|name| self.weight(name));
        let mut ready: Vec<u64> = ready.collect();
        ready.sort_unstable_by_key(|weight| Reverse(*weight));
        ready.truncate((self.at_once - 1).saturating_sub(self.running.weights.len()));
        let beside: u64 = self.running.weights.values().chain(&ready).sum();
        let share = self.threads as f64 * own as f64 / (own + beside) as f64;
        (share.round() as usize).max(1)
    }

    /// What a relation reads, in bytes.
    fn weight(&self, name: &str) -> u64 {
        let read = Reach::of(name, &self.set, &self.parsed).tables;
        let known = read.iter().filter_map(|table| self.running.sizes.get(table));
        LEAST_WEIGHT + known.sum::<u64>()
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
        self.running.sizes.insert(name.to_owned(), timing.bytes.unwrap_or_default());
        self.schedule.done(name);
        self.release(name);
        self.timings.extend(timing.rows.is_some().then_some(timing));
        Ok(())
    }

    /// The same of a relation that nobody has asked for yet.
    async fn finish_ahead(&mut self, name: String, computed: Computed) -> Result<()> {
        let mut rows = 0;
        self.finish(&name, computed, &mut |_, told| rows = told).await?;
        self.running.untold.insert(name, rows);
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

#[cfg(test)]
mod tests {
    use datafusion::physical_plan::displayable;

    use super::*;
    use crate::analysis::loader::QuerySet;
    use crate::analysis::planning::physical_plan;
    use crate::analysis::session::Resources;
    use crate::model::export::Staging;

    const QUERIES: [(&str, &str); 4] = [
        ("first", "select 1 as number"),
        ("wanted", "select number from first"),
        ("later", "select number from first union all select number from first"),
        ("broken", "select arrow_cast(arrow_cast(number, 'Utf8') || 'x', 'Int64') as number from first"),
    ];

    fn analysis(folder: &tempfile::TempDir, queries: &[(&str, &str)]) -> Analysis {
        let resources = Resources {
            memory_bytes: 2 << 30,
            threads: 2,
            work_folder: folder.path().to_path_buf(),
            facts_folder: folder.path().join("facts"),
        };
        Analysis::open(QuerySet::of_texts(queries), &Staging::default(), &[], &resources).unwrap()
    }

    async fn told(analysis: &mut Analysis, name: &str) -> Result<Vec<(String, u64)>> {
        let mut told = Vec::new();
        analysis.compute(&[name], &Parameters::default(), &mut |name, rows| told.push((name.to_owned(), rows))).await?;
        Ok(told)
    }

    #[tokio::test]
    async fn what_is_computed_ahead_is_told_once_to_whoever_asks() {
        let folder = tempfile::tempdir().unwrap();
        let mut analysis = analysis(&folder, &QUERIES);
        analysis.look_ahead(vec!["later".to_owned()]);
        let first = told(&mut analysis, "wanted").await.unwrap();
        assert_eq!(first, [("first".to_owned(), 1), ("wanted".to_owned(), 1)]);
        assert!(analysis.schedule.is_computed("later") || analysis.running.weights.contains_key("later"));
        assert_eq!(told(&mut analysis, "later").await.unwrap(), [("later".to_owned(), 2)]);
        assert!(told(&mut analysis, "later").await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn what_fails_ahead_is_nobodys_failure_until_somebody_asks() {
        let folder = tempfile::tempdir().unwrap();
        let mut analysis = analysis(&folder, &QUERIES);
        analysis.look_ahead(vec!["broken".to_owned(), "later".to_owned()]);
        for name in ["wanted", "later"] {
            assert!(told(&mut analysis, name).await.is_ok(), "{name}");
        }
        let failure = told(&mut analysis, "broken").await.unwrap_err();
        assert!(failure.message.contains("broken"), "{failure}");
    }

    #[tokio::test]
    async fn threads_go_to_what_is_alone_or_large() {
        let folder = tempfile::tempdir().unwrap();
        let mut analysis = analysis(&folder, &QUERIES);
        let partitions = |analysis: &Analysis, name: &str| analysis.partitions(analysis.weight(name), &[]);
        assert_eq!(partitions(&analysis, "first"), 2, "alone");
        analysis.running.weights.insert("beside".to_owned(), LEAST_WEIGHT);
        assert_eq!(partitions(&analysis, "first"), 1, "beside another");
        analysis.running.sizes.insert("first".to_owned(), 100 * LEAST_WEIGHT);
        assert_eq!(partitions(&analysis, "later"), 2, "much larger than what is beside it");
    }

    #[tokio::test]
    async fn the_left_side_is_held_in_memory_where_joins_are_as_written() {
        let joined = "select l.number from many as l inner join one as o on o.number = l.number";
        let queries = [
            ("many", "select value as number from generate_series(1, 100000)"),
            ("one", "select 1 as number"),
            ("chosen", joined),
            ("written", &format!("-- joins: as written\n{joined}")),
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut analysis = analysis(&folder, &queries);
        analysis.compute(&["many", "one"], &Parameters::default(), &mut |_, _| ()).await.unwrap();
        for (name, held) in [("chosen", 1), ("written", 100_000)] {
            let step = analysis.step(name, &Parameters::default()).unwrap();
            let plan = physical_plan(&step.state(), step.plan().await.unwrap()).await.unwrap();
            let plan = displayable(plan.as_ref()).set_show_statistics(true).indent(false).to_string();
            let sides: Vec<&str> = plan.lines().skip_while(|line| !line.contains("HashJoin")).skip(1).collect();
            assert!(sides[0].contains(&format!("Rows=Exact({held})")), "{name}: {plan}");
        }
    }

    #[tokio::test]
    async fn two_pictures_of_the_same_exports_follow_each_other() {
        let queries = [
            ("lines", "-- boundary: of the settled picture\nselect export_key, sold_on from staged_sales"),
            ("seen", "-- computed: by export\nselect export_key, sold_on from lines where sold_on <= $as_of"),
            ("days", "select sold_on from lines where sold_on <= $as_of"),
            ("mart", "select s.sold_on from settled.seen as s cross join seen cross join days cross join settled.days"),
        ];
        let folder = tempfile::tempdir().unwrap();
        let mut analysis = analysis(&folder, &queries);
        analysis.schedule.done("lines");
        for name in ["seen", "days"] {
            assert!(analysis.may_start(&format!("settled.{name}")), "{name}");
            analysis.running.weights.insert(name.to_owned(), LEAST_WEIGHT);
        }
        assert!(!analysis.may_start("settled.seen"), "computed by export");
        assert!(analysis.may_start("settled.days"), "computed as a whole");
        analysis.running.weights.clear();
        assert!(analysis.may_start("settled.seen"), "nothing is being computed any more");
    }
}
