//! What can stop a publication: the gate over the input, the checks over the tables, and the refusal.

use crate::analysis::{Analysis, Parameters};
use crate::model::event::{Counts, Event, Stage};
use crate::model::export::Staging;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::{CheckResult, Status, Verdict};
use crate::model::source::Source;
use crate::pipeline::gate;
use crate::pipeline::marts::{QUALITY_MARTS, Writing};
use crate::pipeline::night::Night;
use crate::pipeline::reconcile::Balances;
use crate::pipeline::record::Record;
use crate::pipeline::row_counts;
use crate::pipeline::settings::keep;
use crate::publish::{Draft, prune, render_rows};

impl Night<'_> {
    /// Judges the input; its tables are in the draft then.
    pub(super) async fn gate(
        &self,
        analysis: &mut Analysis,
        parameters: &Parameters,
        draft: &Draft,
        staging: &Staging,
        record: &mut Record,
    ) -> Result<bool> {
        self.watch.notice(Event::StageStarted { stage: Stage::Gate, steps: QUALITY_MARTS.len() as u64 });
        // What is computed by export occupies every core, which the queries of the gate do not: they leave some to the marts.
        analysis.look_ahead(analysis.queries().marts().map(|(query, _)| query.name.clone()).collect());
        let by_export = analysis.by_export();
        let names: Vec<&str> = QUALITY_MARTS.into_iter().chain(by_export.iter().map(String::as_str)).collect();
        analysis.compute(&names, parameters, &mut |_, _| ()).await?;
        let mut writing = Writing::new(analysis, draft);
        QUALITY_MARTS.iter().for_each(|name| writing.begin(name));
        record.tables = writing.finish().await?;
        for name in QUALITY_MARTS {
            self.watch.notice(Event::Step { stage: Stage::Gate, name: name.to_owned() });
        }
        let balances = Balances::of(&analysis.rows("data_quality").await?)?;
        for (source, balance) in &balances.sources {
            let line = format!("{source}: {}", balance.line(source.money_column().is_some()));
            self.watch.notice(Event::Verdict { verdict: Verdict::must(balance.holds()), line });
        }
        let sales = balances.sources.get(&Source::Sales);
        record.future_sales = sales.and_then(|balance| balance.reasons.get("future_sale")).copied().unwrap_or_default();
        let mut rules = gate::judge(self.job, &balances, record.newest_sale, self.run_date());
        rules.push(gate::expected(self.job, staging));
        rules.extend(row_counts::judge(&self.job.quality, staging, &self.output.runs()?.0));
        record.balances = balances;
        Ok(self.settle(Stage::Gate, rules, record))
    }

    pub(super) async fn check(
        &self,
        analysis: &mut Analysis,
        parameters: &Parameters,
        record: &mut Record,
    ) -> Result<bool> {
        let names: Vec<String> = analysis.queries().checks().map(|query| query.name.clone()).collect();
        self.watch.notice(Event::StageStarted { stage: Stage::Check, steps: names.len() as u64 });
        let mut verdicts = vec![self.reported(analysis).await?];
        let mut tell = |name: &str, _| {
            if names.iter().any(|check| check == name) {
                self.watch.notice(Event::Step { stage: Stage::Check, name: name.to_owned() });
            }
        };
        let asked: Vec<&str> = names.iter().map(String::as_str).collect();
        analysis.compute(&asked, parameters, &mut tell).await?;
        for name in &names {
            let found = analysis.check(name).await?;
            let observed = match found.rows {
                0 => found.purpose.clone(),
                rows => format!("{rows} rows, such as {}", found.examples.join("; ")),
            };
            verdicts.push(CheckResult {
                name: name.clone(),
                verdict: Verdict::must(found.passed()),
                observed,
                allowed: "no row".to_owned(),
            });
        }
        Ok(self.settle(Stage::Check, verdicts, record))
    }

    async fn reported(&self, analysis: &Analysis) -> Result<CheckResult> {
        let scorecard = render_rows(&analysis.rows("dealer_scorecard").await?, None)?;
        Ok(gate::all_reported(&scorecard, self.job.quality.report_within_days))
    }

    /// Tells and records the rules of a stage; true when none of them refuses the publication.
    fn settle(&self, stage: Stage, mut rules: Vec<CheckResult>, record: &mut Record) -> bool {
        if self.options.strict || self.job.quality.strict {
            rules.push(gate::strict(&rules, &record.warnings));
        }
        self.tell(&rules);
        self.watch.notice(Event::StageFinished { stage, summary: String::new(), counts: by_verdict(&rules) });
        let passed = rules.iter().all(|rule| rule.verdict != Verdict::Fail);
        record.checks.extend(rules);
        passed
    }

    pub(super) fn tell(&self, verdicts: &[CheckResult]) {
        for verdict in verdicts {
            self.watch.notice(Event::Verdict { verdict: verdict.verdict, line: verdict.line() });
        }
    }

    /// Keeps what shows why, and says what failed.
    pub(super) fn refuse(&self, draft: Draft, record: &Record, staging: &Staging) -> Result<Failure> {
        let failed: Vec<&str> = record
            .checks
            .iter()
            .filter(|check| check.verdict == Verdict::Fail)
            .map(|check| check.name.as_str())
            .collect();
        let folder = draft.refuse(&record.manifest(self.job, staging, Status::Refused, self.clock))?;
        prune(self.output, &keep(self.job, self.clock.now()))?;
        Ok(Failure::data(format!("nothing was published, because of {}", failed.join(", "))).hint(format!(
            "tables and manifest of the refused run, rejected_rows among them, are in {}",
            folder.display()
        )))
    }
}

fn by_verdict(rules: &[CheckResult]) -> Counts {
    let count = |verdict| rules.iter().filter(|rule| rule.verdict == verdict).count() as u64;
    vec![("passed", count(Verdict::Pass)), ("warned", count(Verdict::Warn)), ("failed", count(Verdict::Fail))]
}
