//! What can stop a publication: the gate over the input, the checks over the tables, and the refusal.

use crate::analysis::{Analysis, Parameters};
use crate::model::event::{Event, Stage};
use crate::model::export::Staging;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::{CheckResult, Status};
use crate::model::source::Source;
use crate::pipeline::gate;
use crate::pipeline::marts::{QUALITY_MARTS, write_mart};
use crate::pipeline::night::Night;
use crate::pipeline::reconcile::Balances;
use crate::pipeline::record::Record;
use crate::publish::{Draft, prune};

impl Night<'_> {
    /// Judges the input; its tables are in the draft then.
    pub(super) async fn gate(
        &self,
        analysis: &mut Analysis,
        parameters: &Parameters,
        draft: &Draft,
        record: &mut Record,
    ) -> Result<bool> {
        self.watch.notice(Event::StageStarted { stage: Stage::Gate, steps: QUALITY_MARTS.len() as u64 });
        for name in QUALITY_MARTS {
            record.tables.push(write_mart(analysis, parameters, draft, name).await?);
            self.watch.notice(Event::Step { stage: Stage::Gate, name: name.to_owned() });
        }
        let balances = Balances::of(&analysis.rows("data_quality").await?)?;
        for (source, balance) in &balances.sources {
            let line = format!("{source}: {}", balance.line(source.money_column().is_some()));
            self.watch.notice(Event::Verdict { passed: balance.holds(), line });
        }
        let sales = balances.sources.get(&Source::Sales);
        record.future_sales = sales.and_then(|balance| balance.reasons.get("future_sale")).copied().unwrap_or_default();
        let verdicts = gate::judge(self.job, &balances, record.newest_sale, self.run_date());
        self.tell(&verdicts);
        let passed = verdicts.iter().all(|verdict| verdict.passed);
        record.checks.extend(verdicts);
        record.balances = balances;
        Ok(passed)
    }

    pub(super) async fn check(
        &self,
        analysis: &mut Analysis,
        parameters: &Parameters,
        record: &mut Record,
    ) -> Result<bool> {
        let names: Vec<String> = analysis.queries().checks().map(|query| query.name.clone()).collect();
        self.watch.notice(Event::StageStarted { stage: Stage::Check, steps: names.len() as u64 });
        let mut verdicts = Vec::with_capacity(names.len());
        for name in &names {
            let found = analysis.check(name, parameters).await?;
            self.watch.notice(Event::Step { stage: Stage::Check, name: name.clone() });
            let observed = match found.rows {
                0 => found.purpose.clone(),
                rows => format!("{rows} rows, such as {}", found.examples.join("; ")),
            };
            verdicts.push(CheckResult {
                name: name.clone(),
                passed: found.passed(),
                observed,
                allowed: "no row".to_owned(),
            });
        }
        self.tell(&verdicts);
        let passed = verdicts.iter().all(|verdict| verdict.passed);
        record.checks.extend(verdicts);
        Ok(passed)
    }

    pub(super) fn tell(&self, verdicts: &[CheckResult]) {
        for verdict in verdicts {
            let line = format!("{}: {} ({})", verdict.name, verdict.observed, verdict.allowed);
            self.watch.notice(Event::Verdict { passed: verdict.passed, line });
        }
    }

    /// Keeps what shows why, and says what failed.
    pub(super) fn refuse(&self, draft: Draft, record: &Record, staging: &Staging) -> Result<Failure> {
        let failed: Vec<&str> =
            record.checks.iter().filter(|check| !check.passed).map(|check| check.name.as_str()).collect();
        let folder = draft.refuse(&record.manifest(self.job, staging, Status::Refused, self.clock))?;
        prune(self.output, self.job.publish.keep_runs)?;
        Ok(Failure::data(format!("nothing was published, because of {}", failed.join(", "))).hint(format!(
            "tables and manifest of the refused run, rejected_rows among them, are in {}",
            folder.display()
        )))
    }
}
