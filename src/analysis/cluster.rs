//! Heavy relations on a Ballista cluster.
//!
//! Executors read the staging files where they are. What else a heavy relation reads is handed over as a file beside
//! them, and its rows are fetched and stored like those of any other relation. Only [`remote`] knows Ballista: in the
//! tests a second session of this process stands for the cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error, ErrorKind};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datafusion::common::DataFusionError;
use datafusion::common::tree_node::TreeNode as _;
use datafusion::dataframe::DataFrame;
use datafusion::datasource::ViewTable;
use datafusion::datasource::listing::{ListingTable, ListingTableUrl};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;

use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::heavy::Reach;
use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::materialise::{Storage, Stored};
use crate::analysis::order::Parsed;
use crate::analysis::parameters::Parameters;
use crate::analysis::planning::plan;
use crate::analysis::schedule::Schedule;
use crate::analysis::{materialise, pictures, sources};
use crate::config::EngineSection;
use crate::model::failure::{Blame, Failure, Result};
use crate::model::share::Share;
use crate::model::timing::{Stopwatch, Timing};

/// How long a scheduler may take to answer.
const CONNECT: Duration = Duration::from_secs(5);
/// How often a relation is tried: executors die, and schedulers are started again.
const ATTEMPTS: u32 = 3;
/// Before the second attempt; twice as long before the third.
const PAUSE: Duration = Duration::from_secs(10);
/// Errors of a cluster carry whole plans.
const TROUBLE_LETTERS: usize = 400;

/// A session on a cluster, and what the cluster has been given so far.
pub struct Cluster {
    address: String,
    context: SessionContext,
    /// The same with the names of the settled picture.
    settled: SessionContext,
    share: Arc<dyn Share>,
    patience: Duration,
    pause: Duration,
    /// Relations that the cluster's session has.
    known: BTreeSet<String>,
    troubles: Vec<String>,
}

/// The session of this machine and its queries.
#[derive(Clone, Copy)]
pub struct Home<'a> {
    pub context: &'a SessionContext,
    pub set: &'a QuerySet,
    pub parsed: &'a BTreeMap<String, Parsed>,
    pub schedule: &'a Schedule,
    pub parameters: &'a Parameters,
    pub storage: &'a Storage,
}

/// Files that are a table, and how many rows they have.
#[derive(Debug, Clone)]
pub struct TableFiles {
    pub files: Vec<PathBuf>,
    pub rows: u64,
}

/// Tables that are others for one relation than for the rest, by name.
pub type Narrowed = BTreeMap<String, TableFiles>;

impl Home<'_> {
    /// The plan of a query in the session of this machine or of the cluster.
    async fn plan(&self, context: &SessionContext, query: &Query) -> Result<LogicalPlan> {
        let Some(parsed) = self.parsed.get(&query.name) else {
            return Err(Failure::defect(format!("{} was not parsed", query.origin)));
        };
        plan(context, query, parsed.bound(self.parameters, query)?).await
    }
}

impl Cluster {
    /// Opens a session on the cluster of the job file; its machines read files where `share` brings them.
    ///
    /// # Errors
    /// A failure to try later, with the address, when the scheduler does not answer.
    pub async fn open(engine: &EngineSection, share: Arc<dyn Share>) -> Result<Self> {
        require_built(engine)?;
        let address = engine.scheduler.clone().unwrap_or_default();
        require_answer(&address, engine.host_and_port().unwrap_or_default())?;
        let context = remote(&address, engine.partitions).await?;
        let patience = Duration::from_secs(engine.max_minutes.saturating_mul(60));
        Self::new(address, context, share, patience)
    }

    fn new(address: String, context: SessionContext, share: Arc<dyn Share>, patience: Duration) -> Result<Self> {
        let settled = pictures::open(&context).map_err(|error| engine_failure(&address, &error))?;
        let (known, troubles) = (BTreeSet::new(), Vec::new());
        Ok(Self { address, context, settled, share, patience, pause: PAUSE, known, troubles })
    }

    /// The session in which the names of a query mean what they mean in its picture.
    fn session_of(&self, query: &Query) -> &SessionContext {
        if query.is_settled() { &self.settled } else { &self.context }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// What went wrong on the cluster and was tried again, since this was asked last.
    pub fn take_troubles(&mut self) -> Vec<String> {
        std::mem::take(&mut self.troubles)
    }

    /// Computes a relation on the cluster, over the `narrowed` tables instead of those here, and registers its rows here;
    /// `None` when its plan cannot be sent.
    ///
    /// # Errors
    /// A failure to try later, with the address, when the cluster fails again and again or takes too long.
    pub async fn compute(&mut self, query: &Query, narrowed: &Narrowed, home: Home<'_>) -> Result<Option<Timing>> {
        let patience = self.patience;
        let reach = Reach::of(&query.name, home.set, home.parsed);
        let outcome = tokio::time::timeout(patience, self.compute_patiently(query, &reach, narrowed, home)).await;
        if !narrowed.is_empty() {
            self.forget(narrowed.keys().chain(&reach.views));
        }
        outcome.unwrap_or_else(|_| {
            let trouble = format!("gave no result within {} minutes (engine.max_minutes)", patience.as_secs() / 60);
            Err(self.lost(query, &trouble))
        })
    }

    /// What other relations see otherwise, or may.
    fn forget<'a>(&mut self, names: impl Iterator<Item = &'a String>) {
        for name in names {
            self.known.remove(name);
            let _ = self.context.deregister_table(name.as_str());
        }
    }

    async fn compute_patiently(
        &mut self,
        query: &Query,
        reach: &Reach,
        narrowed: &Narrowed,
        home: Home<'_>,
    ) -> Result<Option<Timing>> {
        let watch = Stopwatch::start();
        if !narrowed.is_empty() {
            self.forget(narrowed.keys().chain(&reach.views));
        }
        for table in &reach.tables {
            self.hand_over(table, narrowed.get(table), home).await?;
        }
        for view in home.schedule.order().filter(|name| reach.views.contains(*name)) {
            self.define(view, home).await?;
        }
        let plan = home.plan(self.session_of(query), query).await?;
        let optimised = self.context.state().optimize(&plan).map_err(|error| failed(query, &error))?;
        if !can_be_sent(&optimised)? {
            return Ok(None);
        }
        let stored = self.fetch(query, &plan, home).await?;
        Ok(Some(Timing {
            rows: Some(stored.rows),
            bytes: Some(stored.bytes),
            ..Timing::of_step("", &query.name, watch.took())
        }))
    }

    /// Makes a table of this machine known to the cluster, by the files that hold it.
    async fn hand_over(&mut self, name: &str, narrowed: Option<&TableFiles>, home: Home<'_>) -> Result<()> {
        if self.known.contains(name) {
            return Ok(());
        }
        let unreadable = |error: DataFusionError| engine_failure(name, &error);
        let table = home.context.table_provider(name).await.map_err(unreadable)?;
        let TableFiles { files, rows } = match (narrowed, table.downcast_ref::<ListingTable>()) {
            (Some(narrowed), _) => narrowed.clone(),
            (None, listing) => {
                let rows = count(home.context, name).await.map_err(unreadable)?;
                let files = match listing {
                    Some(listing) => files_of(listing)?,
                    None => vec![write(home, name).await.map_err(unreadable)?],
                };
                TableFiles { files, rows }
            }
        };
        let mut addresses = Vec::with_capacity(files.len());
        for file in &files {
            addresses.push(self.share.share(file).await?);
        }
        sources::register_files(&self.context, name, &table.schema(), &addresses)?;
        self.require_seen(name, rows).await?;
        self.known.insert(name.to_owned());
        Ok(())
    }

    /// A file that the scheduler does not find is an empty table to it and no error, so the rows are counted on both
    /// sides. A network file system may show a new file to others a little later.
    async fn require_seen(&self, name: &str, rows: u64) -> Result<()> {
        let mut trouble = String::new();
        for attempt in 1..=ATTEMPTS {
            trouble = match count(&self.context, name).await {
                Ok(seen) if seen == rows => return Ok(()),
                Ok(seen) => format!("it sees {seen} of {rows} rows"),
                Err(error) => shortened(&error),
            };
            self.rest_after(attempt).await;
        }
        Err(Failure::new(Blame::Io, format!("the cluster {} does not read {name} as it is: {trouble}", self.address))
            .hint("the output has to be on a folder that scheduler and executors have under the same path, or in a bucket"))
    }

    async fn define(&mut self, name: &str, home: Home<'_>) -> Result<()> {
        let Some(query) = home.set.queries.get(name).filter(|_| !self.known.contains(name)) else { return Ok(()) };
        let plan = home.plan(self.session_of(query), query).await?;
        let view = Arc::new(ViewTable::new(plan, Some(query.sql.clone())));
        self.context.register_table(name, view).map_err(|error| failed(query, &error))?;
        self.known.insert(name.to_owned());
        Ok(())
    }

    /// Runs a plan and stores its rows. The scheduler gives the tasks of a dead executor to another one; when that fails
    /// too, or the result is lost with its executor, all of the relation is tried again.
    async fn fetch(&mut self, query: &Query, plan: &LogicalPlan, home: Home<'_>) -> Result<Stored> {
        let mut trouble = String::new();
        for attempt in 1..=ATTEMPTS {
            let frame = DataFrame::new(self.context.state(), plan.clone());
            trouble = match materialise::store(home.context, &query.name, frame, home.storage).await {
                Ok(stored) => return Ok(stored),
                Err(error) => shortened(&error),
            };
            let (name, address) = (&query.name, &self.address);
            self.troubles.push(format!("{name}: attempt {attempt} on {address} failed: {trouble}"));
            self.rest_after(attempt).await;
        }
        Err(self.lost(query, &format!("failed {ATTEMPTS} times: {trouble}")))
    }

    fn lost(&self, query: &Query, trouble: &str) -> Failure {
        Failure::new(Blame::Locked, format!("{}: the cluster {} {trouble}", query.origin, self.address))
            .hint("look into the logs of the scheduler and the executors, and try again later")
            .hint("without engine.scheduler in the job file the night runs on this machine alone")
    }

    async fn rest_after(&self, attempt: u32) {
        if attempt < ATTEMPTS {
            tokio::time::sleep(self.pause * attempt).await;
        }
    }
}

/// Refuses a scheduler in the job file that this build cannot speak to.
///
/// # Errors
/// A job file failure that says how to build.
pub fn require_built(engine: &EngineSection) -> Result<()> {
    match &engine.scheduler {
        Some(address) if !cfg!(feature = "cluster") => Err(Failure::job_file(format!(
            "engine.scheduler = \"{address}\": this dealerlens was built without the feature cluster"
        ))
        .hint("build it with `cargo build --release --locked --features cluster`")
        .hint("without engine.scheduler in the job file the night runs on this machine alone")),
        _ => Ok(()),
    }
}

fn require_answer(address: &str, host_and_port: &str) -> Result<()> {
    let silent = |error: Error| {
        Failure::new(Blame::Locked, format!("the scheduler {address} does not answer: {error}"))
            .hint("start it, or correct engine.scheduler in the job file, and try again")
            .hint("without engine.scheduler the night runs on this machine alone")
    };
    let mut last = Error::new(ErrorKind::NotFound, "its name has no address");
    for socket in host_and_port.to_socket_addrs().map_err(silent)? {
        match TcpStream::connect_timeout(&socket, CONNECT) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(silent(last))
}

/// A session whose queries run on the cluster. It reaches for nothing yet.
#[cfg(feature = "cluster")]
async fn remote(address: &str, partitions: usize) -> Result<SessionContext> {
    use ballista::prelude::{SessionConfigExt as _, SessionContextExt as _};
    use datafusion::execution::session_state::SessionStateBuilder;
    use datafusion::prelude::SessionConfig;

    // Adaptive planning of Ballista 55.0 gives tasks of a union plans of different lengths; the scheduler then loses their
    // results, and the query never ends.
    let config = SessionConfig::new_with_ballista()
        .with_target_partitions(partitions)
        .with_ballista_job_name("dealerlens")
        .with_ballista_adaptive_query_planner(false);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let opened = SessionContext::remote_with_state(address, state).await;
    opened.map_err(|error| Failure::defect(format!("{address}: {}", error.strip_backtrace())))
}

#[cfg(not(feature = "cluster"))]
async fn remote(address: &str, _partitions: usize) -> Result<SessionContext> {
    Err(Failure::defect(format!("{address}: built without the feature cluster")))
}

/// Where a condition can never hold, a plan has a relation without rows, whose columns are lost on the way to the scheduler.
fn can_be_sent(plan: &LogicalPlan) -> Result<bool> {
    let loses_columns =
        |node: &LogicalPlan| Ok(matches!(node, LogicalPlan::EmptyRelation(empty) if !empty.schema.fields().is_empty()));
    plan.exists(loses_columns).map(|found| !found).map_err(|error| engine_failure("a plan", &error))
}

fn files_of(table: &ListingTable) -> Result<Vec<PathBuf>> {
    let file = |url: &ListingTableUrl| {
        url.get_url().to_file_path().map_err(|()| Failure::defect(format!("{} is no local file", url.as_str())))
    };
    table.table_paths().iter().map(file).collect()
}

fn shortened(error: &DataFusionError) -> String {
    error.strip_backtrace().chars().take(TROUBLE_LETTERS).collect()
}

async fn count(context: &SessionContext, table: &str) -> datafusion::common::Result<u64> {
    context.table(table).await?.count().await.map(|rows| rows as u64)
}

/// Writes a table that is in memory to a file of the work folder.
async fn write(home: Home<'_>, name: &str) -> datafusion::common::Result<PathBuf> {
    let file = home.storage.folder.join(format!("{name}.handed.parquet"));
    let mut rows = home.context.table(name).await?.execute_stream().await?;
    materialise::spill(&file, rows.schema(), &[], &mut rows).await?;
    Ok(file)
}

#[cfg(test)]
pub mod tests {
    use std::path::Path;

    use datafusion::arrow::util::pretty::pretty_format_batches;
    use datafusion::prelude::SessionConfig;

    use super::*;
    use crate::analysis::{Analysis, Resources};
    use crate::model::export::Staging;
    use crate::model::share::{SharedFolder, Sharing};

    const QUERIES: [(&str, &str); 6] = [
        (
            "export_orders",
            "select column1 as outlet_id, cast(column2 as decimal(18, 4)) as sales
            from (values ('O1', 1.5), ('O1', 2), ('O2', 7))",
        ),
        ("names", "select cast('O1' as varchar) as outlet_id, 'first' as outlet_name"),
        ("doubled", "-- stored: no\nselect outlet_id, 2 * sales as sales from export_orders where sales < $goal"),
        (
            "outlet_sums",
            "select d.outlet_id, n.outlet_name, sum(d.sales) as sales
            from doubled as d left join names as n on n.outlet_id = d.outlet_id group by d.outlet_id, n.outlet_name",
        ),
        ("broken", "select 1 / (count(*) - 3) as ratio from export_orders"),
        ("sorted", "select outlet_id, outlet_name, sales from outlet_sums order by outlet_id"),
    ];

    fn analysis(work_folder: &Path) -> Analysis {
        let set = QuerySet::of_texts(&QUERIES);
        let resources = Resources {
            memory_bytes: 256 << 20,
            threads: 2,
            work_folder: work_folder.to_path_buf(),
            facts_folder: work_folder.join("facts"),
        };
        Analysis::open(set, &Staging::default(), &[], &resources).unwrap()
    }

    /// A second session of this process, which sees the same files.
    pub fn stand_in() -> Cluster {
        cluster(Arc::new(SharedFolder))
    }

    fn cluster(share: Arc<dyn Share>) -> Cluster {
        let context = SessionContext::new_with_config(SessionConfig::new());
        let cluster = Cluster::new("df://elsewhere:1".to_owned(), context, share, Duration::from_secs(60)).unwrap();
        Cluster { pause: Duration::ZERO, ..cluster }
    }

    async fn rows(mut analysis: Analysis) -> String {
        analysis.compute(&["sorted"], &Parameters::default().number("goal", Some(5.0)), &mut |_, _| ()).await.unwrap();
        pretty_format_batches(&analysis.rows("sorted").await.unwrap()).unwrap().to_string()
    }

    #[tokio::test]
    async fn a_heavy_relation_computed_elsewhere_has_the_same_rows() {
        let folder = tempfile::tempdir().unwrap();
        let here = rows(analysis(folder.path())).await;
        assert!(here.contains("first") && here.contains("7.0000"), "{here}");
        let mut joined = analysis(folder.path());
        joined.join(stand_in());
        assert_eq!(joined.elsewhere(), Some((2, "df://elsewhere:1")));
        assert_eq!(rows(joined).await, here);
        for name in ["export_orders", "names"] {
            assert!(folder.path().join(format!("{name}.handed.parquet")).is_file(), "{name} was not handed over");
        }
    }

    /// Says that files are where none is.
    struct Nowhere;

    impl Share for Nowhere {
        fn share<'a>(&'a self, file: &'a Path) -> Sharing<'a> {
            let address: Result<String> = Ok(format!("{}.lost.parquet", file.display()));
            Box::pin(std::future::ready(address))
        }
    }

    #[tokio::test]
    async fn a_folder_that_the_cluster_does_not_see_stops_the_run() {
        let folder = tempfile::tempdir().unwrap();
        let mut joined = analysis(folder.path());
        joined.join(cluster(Arc::new(Nowhere)));
        let failure = joined
            .compute(&["sorted"], &Parameters::default().number("goal", Some(5.0)), &mut |_, _| ())
            .await
            .unwrap_err();
        assert_eq!(failure.blame, Blame::Io);
        assert!(failure.message.contains("it sees 0 of 3 rows"), "{failure}");
    }

    #[tokio::test]
    async fn a_relation_that_fails_again_and_again_stops_the_run_and_names_the_cluster() {
        let folder = tempfile::tempdir().unwrap();
        let mut joined = analysis(folder.path());
        joined.join(stand_in());
        let failure = joined.compute(&["broken"], &Parameters::default(), &mut |_, _| ()).await.unwrap_err();
        assert_eq!(failure.blame, Blame::Locked);
        assert!(failure.message.contains("the cluster df://elsewhere:1 failed 3 times"), "{failure}");
        assert_eq!(joined.take_troubles().len(), 3);
    }

    #[test]
    fn a_silent_scheduler_is_named() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let failure = require_answer(&format!("df://{closed}"), &closed).unwrap_err();
        assert_eq!(failure.blame, Blame::Locked);
        assert!(failure.message.contains(&format!("df://{closed} does not answer")), "{failure}");
    }
}
