//! The quality gate: is the data of this night good enough to publish?

use chrono::NaiveDate;

use crate::config::Job;
use crate::model::export::Staging;
use crate::model::manifest::{CheckResult, Verdict};
use crate::model::shown;
use crate::model::source::Source;
use crate::pipeline::reconcile::Balances;
use crate::publish::RenderedRow;

/// Judges every rule of the job file; each gives one line.
pub fn judge(job: &Job, balances: &Balances, newest_sale: Option<NaiveDate>, run_date: NaiveDate) -> Vec<CheckResult> {
    let mut results = vec![some_sales(balances)];
    results.extend(by_source(job, balances));
    results.extend(by_export(job, balances));
    results.extend(job.quality.max_age_days.map(|days| freshness(days, newest_sale, run_date)));
    results
}

/// Age of the newest sale at the day of the run.
pub fn freshness(max_age_days: i64, newest_sale: Option<NaiveDate>, run_date: NaiveDate) -> CheckResult {
    let age = newest_sale.map(|date| (run_date - date).num_days());
    CheckResult {
        name: "max_age_days".to_owned(),
        verdict: Verdict::must(age.is_some_and(|age| age <= max_age_days)),
        observed: age.map_or("no accepted sale".to_owned(), |age| format!("newest sale is {age} days old")),
        allowed: format!("at most {max_age_days} days"),
    }
}

/// Every source that the job names should have exports; without `expect_exports` an empty one is no error.
pub fn expected(job: &Job, staging: &Staging) -> CheckResult {
    let named: Vec<Source> = Source::ALL.into_iter().filter(|source| job.source(*source).is_some()).collect();
    let empty: Vec<&str> = named.iter().filter(|source| !staging.has(**source)).map(|source| source.name()).collect();
    let missing = if empty.is_empty() { String::new() } else { format!(", not {}", empty.join(", ")) };
    CheckResult {
        name: "expect_exports".to_owned(),
        verdict: Verdict::should(empty.is_empty()),
        observed: format!("{} of {} sources have exports{missing}", named.len() - empty.len(), named.len()),
        allowed: "all".to_owned(),
    }
}

/// Under `strict`, whatever asks for a look refuses the publication.
pub fn strict(rules: &[CheckResult], warnings: &[String]) -> CheckResult {
    let doubtful = rules.iter().filter(|rule| rule.verdict == Verdict::Warn).count();
    CheckResult {
        name: "strict".to_owned(),
        verdict: Verdict::must(doubtful + warnings.len() == 0),
        observed: format!("rules that warn: {doubtful}, messages: {}", warnings.len()),
        allowed: "none".to_owned(),
    }
}

/// Dealers whose sales stopped coming are somebody's to ask; `scorecard` is the mart's rows as text.
pub fn all_reported(scorecard: &[RenderedRow], within_days: u32) -> CheckResult {
    const SHOWN: usize = 5;
    let text = |row: &RenderedRow, column: &str| row.get(column).cloned().flatten().unwrap_or_default();
    let silent: Vec<&RenderedRow> = scorecard.iter().filter(|row| text(row, "is_not_reported") == "true").collect();
    let name =
        |row: &&RenderedRow| format!("{} since {}", shown::value(&text(row, "dealer_id")), text(row, "reported_until"));
    let mut names: Vec<String> = silent.iter().take(SHOWN).map(name).collect();
    names.extend((silent.len() > SHOWN).then(|| format!("{} more", silent.len() - SHOWN)));
    let list = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    CheckResult {
        name: "report_within_days".to_owned(),
        verdict: Verdict::should(silent.is_empty()),
        observed: format!("{} of {} dealers have not reported{list}", silent.len(), scorecard.len()),
        allowed: format!("none for more than {within_days} days"),
    }
}

fn some_sales(balances: &Balances) -> CheckResult {
    let rows = balances.sources.get(&Source::Sales).map_or(0, |balance| balance.accepted.rows);
    CheckResult {
        name: "some_sales".to_owned(),
        verdict: Verdict::must(rows > 0),
        observed: format!("{rows} accepted sales lines"),
        allowed: "at least 1".to_owned(),
    }
}

fn by_source<'a>(job: &'a Job, balances: &'a Balances) -> impl Iterator<Item = CheckResult> + 'a {
    balances.sources.iter().map(|(source, balance)| {
        let allowed = job.max_rejected_share(*source);
        share_rule(&format!("max_rejected_share {source}"), balance.rejected_share(), allowed)
    })
}

fn by_export<'a>(job: &'a Job, balances: &'a Balances) -> impl Iterator<Item = CheckResult> + 'a {
    let allowed = job.quality.max_rejected_share_per_export;
    balances.exports.iter().filter_map(move |((_, export), balance)| {
        let name = format!("max_rejected_share_per_export {export}");
        allowed.map(|allowed| share_rule(&name, balance.rejected_share(), allowed))
    })
}

fn share_rule(name: &str, observed: f64, allowed: f64) -> CheckResult {
    CheckResult {
        name: name.to_owned(),
        verdict: Verdict::must(observed <= allowed),
        observed: format!("{:.3} % rejected", observed * 100.0),
        allowed: format!("at most {:.3} %", allowed * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 5, day).unwrap()
    }

    #[test]
    fn age_counts_from_the_newest_sale() {
        assert_eq!(freshness(2, Some(day(25)), day(27)).verdict, Verdict::Pass);
        assert_eq!(freshness(2, Some(day(24)), day(27)).verdict, Verdict::Fail);
        assert_eq!(freshness(2, None, day(27)).verdict, Verdict::Fail);
    }

    #[test]
    fn dealers_that_stopped_reporting_are_named() {
        let row = |id: &str, silent: &str| -> RenderedRow {
            let cells = [("dealer_id", id), ("is_not_reported", silent), ("reported_until", "2024-05-01")];
            cells.into_iter().map(|(name, value)| (name.to_owned(), Some(value.to_owned()))).collect()
        };
        assert_eq!(all_reported(&[row("D1", "false")], 14).verdict, Verdict::Pass);
        let result = all_reported(&[row("D1", "false"), row("D2", "true")], 14);
        assert_eq!(result.verdict, Verdict::Warn);
        assert_eq!(result.observed, "1 of 2 dealers have not reported: D2 since 2024-05-01");
    }

    #[test]
    fn a_share_at_the_limit_passes() {
        assert_eq!(share_rule("r", 0.01, 0.01).verdict, Verdict::Pass);
        assert_eq!(share_rule("r", 0.0101, 0.01).verdict, Verdict::Fail);
    }
}
