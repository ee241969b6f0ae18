//! A run as a Prometheus text file, for the textfile collector of node_exporter or anything that reads its format.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate};

use crate::model::account::{Account, Ending};
use crate::model::failure::Result;
use crate::model::manifest::{Input, Manifest};
use crate::publish::disk;

const LAST_SUCCESS: &str = "dealerlens_last_success_timestamp_seconds";

/// Replaces the file in one step: a reader sees the old text or the new one.
///
/// # Errors
/// An I/O failure when it cannot be written.
pub fn write_metrics(path: &Path, account: &Account) -> Result<()> {
    let before = fs::read_to_string(path).unwrap_or_default();
    disk::replace_file(path, &render(account, &before))
}

/// The text; `before` is that of the last run, which knows when a run succeeded last.
fn render(account: &Account, before: &str) -> String {
    let mut page = Page::new(&account.job);
    page.run(account, before);
    page.input(account.manifest.as_ref().map(|manifest| manifest.inputs.as_slice()).unwrap_or_default());
    if let Some(visible) = &account.visible {
        page.published(visible, account.run_date);
    }
    page.text
}

/// Labels of a sample beside the job's name, and its value.
type Sample<'a> = (Vec<(&'static str, &'a str)>, f64);

struct Page {
    text: String,
    /// `job_name="..."`: a label `job` is what Prometheus itself puts on everything that it reads from a target.
    job: String,
}

impl Page {
    fn new(job: &str) -> Self {
        Self { text: String::new(), job: format!("job_name=\"{}\"", escaped(job)) }
    }

    fn run(&mut self, account: &Account, before: &str) {
        let success = last_success(account, self.value_in(before, LAST_SUCCESS));
        self.one(LAST_SUCCESS, "When a run last published or found that nothing had changed.", success);
        let ended = account.finished_at.timestamp() as f64;
        self.one("dealerlens_last_run_timestamp_seconds", "When the last run ended, however it ended.", Some(ended));
        let statuses =
            Ending::ALL.map(|ending| (vec![("status", ending.name())], f64::from(u8::from(ending == account.ending))));
        self.metric("dealerlens_run_status", "1 for how the last run ended, 0 for the other ways.", statuses);
        let code = f64::from(account.exit_code);
        self.one("dealerlens_exit_code", "Exit code of the last run.", Some(code));
        self.one("dealerlens_run_duration_seconds", "Duration of the last run.", Some(account.seconds));
        let stages = account.stages.iter().map(|time| (vec![("stage", time.stage.name())], time.seconds));
        self.metric("dealerlens_stage_duration_seconds", "Duration of each stage that the last run began.", stages);
    }

    fn input(&mut self, inputs: &[Input]) {
        let rows = rows_by_outcome(inputs);
        let samples = rows
            .iter()
            .map(|((source, outcome), rows)| (vec![("source", *source), ("outcome", *outcome)], *rows as f64));
        self.metric("dealerlens_rows", "Rows of the exports by what became of them.", samples);
        let read = rows.iter().filter(|((_, outcome), _)| *outcome == "read");
        let shares = read.map(|((source, _), read)| {
            let rejected = rows.get(&(*source, "rejected")).copied().unwrap_or_default();
            (vec![("source", *source)], if *read == 0 { 0.0 } else { rejected as f64 / *read as f64 })
        });
        self.metric("dealerlens_rejected_share", "Rejected rows of the rows read.", shares);
    }

    fn published(&mut self, visible: &Manifest, run_date: NaiveDate) {
        let tables = visible.tables.iter().map(|table| (vec![("table", table.name.as_str())], table.rows as f64));
        self.metric("dealerlens_published_rows", "Rows of each table that readers see.", tables);
        let newest: Option<NaiveDate> = visible.newest_sale.as_deref().and_then(|date| date.parse().ok());
        let days = newest.map(|newest| (run_date - newest).num_days() as f64);
        let help = "Days from the newest sale that readers see to the day of the last run.";
        self.one("dealerlens_freshness_days", help, days);
    }

    fn one(&mut self, name: &str, help: &str, value: Option<f64>) {
        self.metric(name, help, value.map(|value| (Vec::new(), value)));
    }

    /// A metric without a sample is left out with its heading.
    fn metric<'a>(&mut self, name: &str, help: &str, samples: impl IntoIterator<Item = Sample<'a>>) {
        let mut lines = String::new();
        for (labels, value) in samples {
            let labels = labels
                .iter()
                .fold(self.job.clone(), |text, (label, value)| format!("{text},{label}=\"{}\"", escaped(value)));
            // Writing to a String cannot fail.
            let _ = writeln!(lines, "{name}{{{labels}}} {value}");
        }
        if !lines.is_empty() {
            let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} gauge\n{lines}");
        }
    }

    /// The value of this job in an earlier text.
    fn value_in(&self, before: &str, name: &str) -> Option<f64> {
        let start = format!("{name}{{{}}} ", self.job);
        before.lines().find_map(|line| line.strip_prefix(&start)?.trim().parse().ok())
    }
}

/// Now, if this run is one; else the later of what the last text says and the end of the run that readers see.
fn last_success(account: &Account, before: Option<f64>) -> Option<f64> {
    if account.ending.is_success() {
        return Some(account.finished_at.timestamp() as f64);
    }
    let visible = account.visible.as_ref().and_then(|run| DateTime::parse_from_rfc3339(&run.finished_at).ok());
    let visible = visible.map(|time| time.timestamp() as f64);
    [before, visible].into_iter().flatten().reduce(f64::max)
}

fn rows_by_outcome(inputs: &[Input]) -> BTreeMap<(&str, &'static str), u64> {
    let mut rows = BTreeMap::new();
    for input in inputs {
        let outcomes = [
            ("read", input.rows_read),
            ("accepted", input.rows_accepted),
            ("rejected", input.rows_rejected),
            ("superseded", input.rows_superseded),
        ];
        for (outcome, count) in outcomes {
            *rows.entry((input.source.as_str(), outcome)).or_default() += count;
        }
    }
    rows
}

/// The text of a label, as the format wants it between quotes.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::manifest::Status;
    use crate::publish::samples;

    fn refused(message: &str) -> Account {
        let refused = Account { ending: Ending::Refused, exit_code: 65, ..samples::account() };
        Account { message: Some(message.to_owned()), visible: None, manifest: None, ..refused }
    }

    #[test]
    fn a_published_run_has_every_metric() {
        let text = render(&samples::account(), "");
        for line in [
            "dealerlens_last_success_timestamp_seconds{job_name=\"north\"} 1767578460",
            "dealerlens_run_status{job_name=\"north\",status=\"published\"} 1",
            "dealerlens_run_status{job_name=\"north\",status=\"refused\"} 0",
            "dealerlens_exit_code{job_name=\"north\"} 0",
            "dealerlens_stage_duration_seconds{job_name=\"north\",stage=\"ingest\"} 1.5",
            "dealerlens_rows{job_name=\"north\",source=\"sales\",outcome=\"rejected\"} 2",
            "dealerlens_rejected_share{job_name=\"north\",source=\"sales\"} 0.2",
            "dealerlens_published_rows{job_name=\"north\",table=\"dealer_scorecard\"} 3",
            "dealerlens_freshness_days{job_name=\"north\"} 4",
        ] {
            assert!(text.lines().any(|written| written == line), "no {line} in {text}");
        }
    }

    #[test]
    fn a_failure_keeps_the_time_of_the_last_success() {
        let before = "dealerlens_last_success_timestamp_seconds{job_name=\"north\"} 1767500000\n";
        let line = "dealerlens_last_success_timestamp_seconds{job_name=\"north\"} ";
        assert!(render(&refused("bad"), before).contains(&format!("{line}1767500000\n")));
        // Never succeeded, or the file is of another job: no time is better than a wrong one.
        assert!(!render(&refused("bad"), "").contains(LAST_SUCCESS));
        assert!(!render(&refused("bad"), &before.replace("north", "south")).contains(LAST_SUCCESS));
        // The file is gone: the run that readers see knows.
        let visible = Some(samples::manifest("r1", Status::Published));
        let text = render(&Account { visible, ..refused("bad") }, "");
        assert!(text.contains(&format!("{line}1767578460\n")), "{text}");
    }

    #[test]
    fn labels_are_escaped() {
        let text = render(&Account { job: "a\\b \"c\"\nd".to_owned(), ..samples::account() }, "");
        assert!(text.contains("{job_name=\"a\\\\b \\\"c\\\"\\nd\"} "), "{text}");
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("dealerlens_")), "{text}");
    }

    #[test]
    fn the_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics/dealerlens.prom");
        write_metrics(&path, &samples::account()).unwrap();
        write_metrics(&path, &refused("bad")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("dealerlens_exit_code{job_name=\"north\"} 65\n"), "{text}");
        assert!(text.contains("dealerlens_last_success_timestamp_seconds{job_name=\"north\"} 1767578460\n"), "{text}");
        assert_eq!(disk::entries(path.parent().unwrap()).unwrap(), [path]);
    }
}
