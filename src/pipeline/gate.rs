//! The quality gate: is the data of this night good enough to publish?

use chrono::NaiveDate;

use crate::config::Job;
use crate::model::manifest::{CheckResult, Verdict};
use crate::model::source::Source;
use crate::pipeline::reconcile::Balances;

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
    fn a_share_at_the_limit_passes() {
        assert_eq!(share_rule("r", 0.01, 0.01).verdict, Verdict::Pass);
        assert_eq!(share_rule("r", 0.0101, 0.01).verdict, Verdict::Fail);
    }
}
