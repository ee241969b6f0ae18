//! Do the exports hold about as many rows as they use to? Half an export is read without an error.

use crate::config::QualitySection;
use crate::model::export::{StagedExport, Staging};
use crate::model::manifest::{CheckResult, Manifest, Status, Verdict};
use crate::model::source::Source;

/// Earlier runs, or exports, that a count is compared with.
const COMPARED: usize = 7;
/// A new export is compared with at least so many; fewer say nothing of what is usual.
const LEAST_EXPORTS: usize = 3;

/// One line a source against the earlier runs, and one a new export against the exports before it. `runs` are sorted by
/// time; without a published one there is nothing to compare with.
pub fn judge(quality: &QualitySection, staging: &Staging, runs: &[Manifest]) -> Vec<CheckResult> {
    let published: Vec<&Manifest> =
        runs.iter().rev().filter(|run| run.status == Status::Published).take(COMPARED).collect();
    let by_source = Source::ALL.into_iter().filter_map(|source| source_rule(quality, staging, source, &published));
    let latest = published.first();
    let is_new =
        |export: &&StagedExport| latest.is_some_and(|run| !run.inputs.iter().any(|input| input.export == export.name));
    let by_export = staging.exports.iter().filter(is_new).filter_map(|export| export_rule(quality, staging, export));
    by_source.chain(by_export).collect()
}

fn source_rule(quality: &QualitySection, staging: &Staging, source: Source, runs: &[&Manifest]) -> Option<CheckResult> {
    let counts = runs.iter().filter_map(|run| rows_of(run, source)).collect();
    let rows = staging.of(source).map(|export| export.counts.rows_read).sum();
    let compared = staging.has(source).then(|| compared("earlier runs", counts))?;
    compared.map(|compared| compared.rule(format!("row_count {source}"), rows, quality.max_row_count_change))
}

fn rows_of(run: &Manifest, source: Source) -> Option<u64> {
    let counts: Vec<u64> =
        run.inputs.iter().filter(|input| input.source == source.name()).map(|input| input.rows_read).collect();
    (!counts.is_empty()).then(|| counts.iter().sum())
}

fn export_rule(quality: &QualitySection, staging: &Staging, export: &StagedExport) -> Option<CheckResult> {
    let before = staging.of(export.source).filter(|other| other.rank < export.rank);
    let mut counts: Vec<u64> = before.map(|other| other.counts.rows_read).collect();
    let counts = counts.split_off(counts.len().saturating_sub(COMPARED));
    let compared = (counts.len() >= LEAST_EXPORTS).then(|| compared("exports before it", counts)).flatten()?;
    let name = format!("row_count {}", export.name);
    Some(compared.rule(name, export.counts.rows_read, quality.max_export_row_count_change))
}

/// What a count is compared with.
struct Compared {
    what: &'static str,
    number: usize,
    median: u64,
}

fn compared(what: &'static str, mut counts: Vec<u64>) -> Option<Compared> {
    counts.sort_unstable();
    let median = counts.get(counts.len() / 2).copied()?;
    Some(Compared { what, number: counts.len(), median })
}

impl Compared {
    /// A change of c is a fall to 1 - c of the median, or a rise to 1 / (1 - c) of it.
    fn rule(&self, name: String, rows: u64, change: f64) -> CheckResult {
        let least = (self.median as f64 * (1.0 - change)).floor();
        let most = (self.median as f64 / (1.0 - change)).ceil();
        CheckResult {
            name,
            verdict: Verdict::should((least..=most).contains(&(rows as f64))),
            observed: format!("{rows} rows, {} is the median of {} {}", self.median, self.number, self.what),
            allowed: format!("{least} to {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_held_against_the_median() {
        let compared = compared("earlier runs", vec![90, 1_000, 100]).unwrap();
        let verdict = |rows| compared.rule("row_count sales".to_owned(), rows, 0.25).verdict;
        assert_eq!(
            [verdict(75), verdict(74), verdict(134), verdict(135)],
            [Verdict::Pass, Verdict::Warn, Verdict::Pass, Verdict::Warn]
        );
    }

    #[test]
    fn without_anything_before_there_is_no_rule() {
        assert!(compared("earlier runs", Vec::new()).is_none());
        assert!(judge(&QualitySection::default(), &Staging::default(), &[]).is_empty());
    }
}
