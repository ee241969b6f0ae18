//! Puts the manifest of a run together.

use chrono::{NaiveDate, SecondsFormat};

use crate::analysis::ENGINE_VERSION;
use crate::config::{Job, Language};
use crate::model::export::{StagedExport, Staging};
use crate::model::manifest::{CheckResult, Compared, Degradation, Input, MANIFEST_VERSION, Manifest, Status, Table};
use crate::model::money::Money;
use crate::model::source::Source;
use crate::model::timing::Timing;
use crate::pipeline::fingerprint::Fingerprint;
use crate::pipeline::metrics::Metrics;
use crate::pipeline::reconcile::Balances;
use crate::pipeline::settings::Clock;

/// The program and its engine, as manifests name them.
pub(super) fn versions() -> [String; 2] {
    [env!("CARGO_PKG_VERSION").to_owned(), format!("datafusion {ENGINE_VERSION}")]
}

/// What is known about a run while it goes on.
pub struct Record {
    pub run_id: String,
    pub lang: Language,
    pub started_at: chrono::DateTime<chrono::Utc>,
    pub fingerprint: Fingerprint,
    pub run_date: NaiveDate,
    pub as_of: NaiveDate,
    pub newest_sale: Option<NaiveDate>,
    pub comparison_base: Option<String>,
    /// What the class axes are measured by, when the analysis has come that far.
    pub metrics: Option<Metrics>,
    pub balances: Balances,
    pub tables: Vec<Table>,
    pub checks: Vec<CheckResult>,
    pub future_sales: u64,
    pub warnings: Vec<String>,
    pub compared_with: Option<Compared>,
    pub timings: Vec<Timing>,
}

impl Record {
    /// The manifest of the run as it stands.
    pub fn manifest(&self, job: &Job, staging: &Staging, status: Status, clock: Clock) -> Manifest {
        let moment = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let [dealerlens_version, engine_version] = versions();
        Manifest {
            manifest_version: MANIFEST_VERSION,
            run_id: self.run_id.clone(),
            status,
            job: job.job.name.clone(),
            lang: Some(self.lang.code().to_owned()),
            fingerprint: self.fingerprint.whole.clone(),
            dealerlens_version,
            engine_version,
            job_file_sha256: self.fingerprint.job_file_sha256.clone(),
            queries_sha256: self.fingerprint.queries_sha256.clone(),
            started_at: moment(self.started_at),
            finished_at: moment(clock.now()),
            run_date: self.run_date.to_string(),
            as_of: Some(self.as_of.to_string()),
            comparison_base: self.comparison_base.clone(),
            newest_sale: self.newest_sale.map(|date| date.to_string()),
            compared_with: self.compared_with.clone(),
            inputs: staging.exports.iter().map(|export| self.input(export)).collect(),
            tables: self.tables.clone(),
            documents: Vec::new(),
            checks: self.checks.clone(),
            degraded: self.degraded(job, staging),
            warnings: self.warnings.clone(),
            future_sales: self.future_sales,
            timings: self.timings.clone(),
        }
    }

    fn input(&self, export: &StagedExport) -> Input {
        let balance = self.balances.exports.get(&(export.source, export.name.clone())).cloned().unwrap_or_default();
        let amount = export.source.money_column().map(|_| Money(export.counts.amount_read_units).plain());
        Input {
            source: export.source.to_string(),
            export: export.name.clone(),
            bytes: export.bytes,
            sha256: export.sha256.clone(),
            rows_read: export.counts.rows_read,
            rows_accepted: balance.accepted.rows,
            rows_rejected: balance.rejected.rows,
            rows_superseded: balance.superseded.rows,
            amount_read: amount,
            amounts_rounded: export.counts.amounts_rounded,
            encoding: export.counts.encoding.clone(),
            header: export.counts.header.clone(),
            staging_reused: export.reused,
        }
    }

    /// What the tables lack because the job has no such source, too little history or no current targets.
    fn degraded(&self, job: &Job, staging: &Staging) -> Vec<Degradation> {
        let absent = Source::ALL.into_iter().filter(|source| !staging.has(*source));
        let mut degraded: Vec<Degradation> = absent.filter_map(|source| without(job, source)).collect();
        if self.comparison_base.as_deref() == Some("none") {
            degraded.push(Degradation {
                what: "all *_base columns, sales_growth and growth_drivers are NULL or empty".to_owned(),
                reason: "the history is shorter than two windows".to_owned(),
            });
        }
        if let Some(metrics) = &self.metrics {
            degraded.extend(metrics.not_measured(job, staging));
        }
        degraded
    }
}

fn without(job: &Job, source: Source) -> Option<Degradation> {
    let what = match source {
        Source::Sales | Source::Dealers => return None,
        Source::Outlets => "coverage counts only outlets that ordered; channel comes from the sales; no prospects",
        Source::Products => "category is 'unknown'",
        Source::Market => "numeric and weighted distribution are NULL; the coverage axis counts active outlets",
        Source::Promotions => "promotion_effect is empty",
        Source::Visits => "visit_effect is empty",
        Source::Targets => "target_12w and attainment are NULL; performance is sales per covered outlet",
    };
    let reason = match job.source(source) {
        Some(_) => format!("the source {source} has no export"),
        None => format!("the job has no source {source}"),
    };
    Some(Degradation { what: what.to_owned(), reason })
}
