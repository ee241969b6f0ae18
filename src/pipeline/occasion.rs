//! Whether there is something to do tonight, after which run, and of which day the picture is.

use chrono::NaiveDate;

use crate::analysis::{Analysis, QuerySet};
use crate::model::event::Event;
use crate::model::export::Staging;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::{Manifest, Verdict};
use crate::model::timing::stamp;
use crate::pipeline::earlier::Earlier;
use crate::pipeline::fingerprint::Fingerprint;
use crate::pipeline::gate;
use crate::pipeline::night::Night;
use crate::pipeline::outcome::Outcome;
use crate::pipeline::reconcile::Balances;
use crate::pipeline::record::{Record, versions};
use crate::publish::render_rows;

impl Night<'_> {
    /// Whether all queries are to be planned before anything else, since a user's typo should stop a run at once. The
    /// built-in set is planned by the tests of every build, and what this machine published last planned what it had.
    pub(super) fn wants_planning(&self, set: &QuerySet) -> bool {
        set.has_own() && !self.output.latest().ok().flatten().is_some_and(|latest| has_planned(&latest, set))
    }

    /// The manifest of the published run. A damaged or older one must not stop the night: it is only needed to spare a
    /// repetition and to notice changes.
    pub(super) fn published(&self) -> Option<Manifest> {
        self.output.latest().unwrap_or_else(|failure| {
            self.watch.notice(Event::Warning { message: failure.message });
            None
        })
    }

    /// The run to compare with. One that cannot be read must not stop the night either.
    pub(super) fn earlier(
        &self,
        latest: Option<&Manifest>,
        fingerprint: &Fingerprint,
        set: &QuerySet,
    ) -> Option<Earlier> {
        Earlier::find(self.output, latest?, &fingerprint.whole, set).unwrap_or_else(|failure| {
            self.watch.notice(Event::Warning { message: failure.message });
            None
        })
    }

    /// Refuses a picture of a day that has not come; warns of one that the sales do not reach.
    fn judge_future(&self, as_of: NaiveDate, newest_sale: Option<NaiveDate>, warnings: &mut Vec<String>) -> Result<()> {
        if as_of > self.run_date() {
            return Err(Failure::job_file(format!("as_of {as_of} lies after the day of the run, {}", self.run_date()))
                .hint("choose an earlier --as-of, or job.as_of in the job file"));
        }
        if let Some(newest) = newest_sale.filter(|newest| *newest < as_of) {
            let days = (as_of - newest).num_days();
            let message = format!("the newest accepted sale is {newest}, {days} days before as_of {as_of}");
            self.warn(warnings, message);
        }
        Ok(())
    }

    /// The published run that this one would repeat. Sales of the future become sales of the past by waiting, and data
    /// gets stale by waiting: both are judged by today's date.
    pub(super) fn unchanged(&self, latest: &Manifest, fingerprint: &Fingerprint) -> Result<Option<Outcome>> {
        let same_day = latest.run_date == self.run_date().to_string();
        let repeats = latest.fingerprint == fingerprint.whole && (latest.future_sales == 0 || same_day);
        if self.options.force || !repeats {
            return Ok(None);
        }
        self.refuse_stale(latest)?;
        Ok(Some(Outcome::Unchanged { run_id: latest.run_id.clone() }))
    }

    fn refuse_stale(&self, latest: &Manifest) -> Result<()> {
        let Some(days) = self.job.quality.max_age_days else { return Ok(()) };
        let newest = latest.newest_sale.as_deref().and_then(|date| date.parse().ok());
        let verdict = gate::freshness(days, newest, self.run_date());
        self.tell(std::slice::from_ref(&verdict));
        if verdict.verdict == Verdict::Pass {
            return Ok(());
        }
        Err(Failure::data(format!("no export has changed, and the {} ({})", verdict.observed, verdict.allowed))
            .hint("find out why no new export has come"))
    }

    pub(super) async fn record(
        &self,
        fingerprint: Fingerprint,
        staging: &Staging,
        analysis: &mut Analysis,
    ) -> Result<Record> {
        let parameters = self.parameters(self.run_date(), None);
        analysis.compute(&["sales_span"], &parameters, &mut |_, _| ()).await?;
        let span = render_rows(&analysis.rows("sales_span").await?, None)?;
        let newest_sale = span.first().and_then(|row| row.get("last_sold_on")?.as_deref()?.parse().ok());
        let as_of = self.options.as_of(self.job)?.or(newest_sale).unwrap_or_else(|| self.run_date());
        let oldest_sale = span.first().and_then(|row| row.get("first_sold_on")?.as_deref()?.parse().ok());
        refuse_before_history(as_of, oldest_sale)?;
        let mut warnings = staging.warnings.clone();
        self.judge_future(as_of, newest_sale, &mut warnings)?;
        let id: String = fingerprint.whole.chars().take(8).collect();
        Ok(Record {
            run_id: format!("{}-{id}", stamp(self.started_at)),
            lang: self.options.lang(self.job),
            started_at: self.started_at,
            run_date: self.run_date(),
            fingerprint,
            as_of,
            newest_sale,
            comparison_base: None,
            metrics: None,
            balances: Balances::default(),
            tables: Vec::new(),
            checks: Vec::new(),
            future_sales: 0,
            warnings,
            compared_with: None,
            timings: Vec::new(),
        })
    }
}

/// Whether a run had the same queries, and the same program to plan them.
fn has_planned(run: &Manifest, set: &QuerySet) -> bool {
    [&run.dealerlens_version, &run.engine_version].into_iter().eq(&versions()) && run.queries_sha256 == set.sha256()
}

/// Tables of a day before the first sale would be empty, and would replace good ones.
fn refuse_before_history(as_of: NaiveDate, oldest_sale: Option<NaiveDate>) -> Result<()> {
    match oldest_sale {
        Some(oldest) if as_of < oldest => {
            Err(Failure::data(format!("as_of {as_of} lies before the first accepted sale, {oldest}"))
                .hint("choose a later --as-of, or job.as_of in the job file"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::manifest::Status;
    use crate::publish::sample_manifest;

    #[test]
    fn a_run_has_planned_what_its_program_read_to_the_last_letter() {
        let mut own = QuerySet::of_texts(&[("mine", "select 1 as one")]);
        let [dealerlens_version, engine_version] = versions();
        let mut run = Manifest {
            dealerlens_version,
            engine_version,
            queries_sha256: own.sha256(),
            ..sample_manifest("1", Status::Published)
        };
        assert!(has_planned(&run, &own));
        own.queries.values_mut().for_each(|query| query.sql.push_str(", 2 as two"));
        assert!(!has_planned(&run, &own), "another text");
        run.queries_sha256 = own.sha256();
        run.dealerlens_version = "0.0.0".to_owned();
        assert!(!has_planned(&run, &own), "another program");
    }
}
