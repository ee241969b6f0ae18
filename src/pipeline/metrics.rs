//! What the class axes were measured by, and why that was not the first choice.

use crate::config::Job;
use crate::model::export::Staging;
use crate::model::manifest::Degradation;
use crate::model::source::Source;
use crate::publish::RenderedRow;

/// The row of `run_metrics` as text.
pub struct Metrics {
    coverage: String,
    performance: String,
    dealers: String,
    dealers_with_universe: String,
    dealers_with_target: String,
}

impl Metrics {
    pub fn of(row: &RenderedRow) -> Self {
        let text = |name: &str| row.get(name).cloned().flatten().unwrap_or_default();
        Self {
            coverage: text("coverage_metric"),
            performance: text("performance_metric"),
            dealers: text("dealers"),
            dealers_with_universe: text("dealers_with_universe"),
            dealers_with_target: text("dealers_with_target"),
        }
    }

    /// Axes that took their second metric although the job has the source of the first.
    pub fn not_measured(&self, job: &Job, staging: &Staging) -> Vec<Degradation> {
        let mut degraded = Vec::new();
        let reason = |what: &str, dealers: &str| format!("{what} for {dealers} of {} dealers that sold", self.dealers);
        if staging.has(Source::Market) && self.coverage != "numeric_distribution" {
            degraded.push(Degradation {
                what: "the coverage axis counts active outlets instead of numeric distribution".to_owned(),
                reason: reason("the market source has cells", &self.dealers_with_universe),
            });
        }
        let is_free = staging.has(Source::Targets) && job.classes.performance == "auto";
        if is_free && self.performance != "attainment" {
            degraded.push(Degradation {
                what: "performance is sales per covered outlet instead of attainment".to_owned(),
                reason: reason("targets fill the current window", &self.dealers_with_target),
            });
        }
        degraded
    }
}
