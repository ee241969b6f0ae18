//! What a run leaves for whoever watches it: JSON lines, metrics, lineage, the history's figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::workdir::Workdir;

/// Every line as JSON; one that is none fails the test.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// A job that writes both files, beside the job file.
fn monitored() -> Workdir {
    let files = "[operations]\nmetrics = \"metrics/job.prom\"\nlineage = \"lineage.ndjson\"\n\n[publish]";
    Workdir::new().edit_job("[publish]", files)
}

/// Exports of which half is bad, where a tenth is allowed.
fn spoilt(dir: Workdir) -> Workdir {
    dir.edit_job("max_rejected_share = 1.0", "max_rejected_share = 0.1")
        .csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,100", "2024-02-30,D1,5"])
}

/// The samples of a metrics file by name and labels.
fn samples(dir: &Workdir) -> BTreeMap<String, f64> {
    let text = dir.read("metrics/job.prom");
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.replace("job_name=\"test\",", "").replace("{job_name=\"test\"}", ""), value.parse().unwrap())
        })
        .collect()
}

#[track_caller]
fn is_json_of_one_run(said: &str, last: &str) -> Vec<Value> {
    let lines = lines(said);
    for line in &lines {
        let fields: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        for field in ["time", "level", "event", "run_id", "started_at", "stage", "message", "counts"] {
            assert!(fields.contains(&field), "no {field} in {line}");
        }
        assert!(["info", "warning", "error"].contains(&line["level"].as_str().unwrap()), "{line}");
        assert_eq!(line["started_at"], lines[0]["started_at"], "{line}");
        assert!(line["counts"].as_object().unwrap().values().all(Value::is_u64), "{line}");
    }
    assert_eq!(lines.last().unwrap()["event"], last);
    lines
}

#[test]
fn every_line_of_a_published_run_says_which_run_and_stage() {
    let dir = Workdir::new();
    let lines = is_json_of_one_run(&dir.run(&["run", "--log-format", "json"]).exits(0).stderr, "published");
    assert_eq!((&lines[0]["event"], &lines[0]["run_id"]), (&"run_started".into(), &Value::Null));
    let named = lines.iter().position(|line| line["event"] == "run_named").unwrap();
    let id = Value::from(dir.latest().unwrap());
    assert!(lines[named..].iter().all(|line| line["run_id"] == id), "{lines:?}");
    let finished: Vec<_> = lines.iter().filter(|line| line["event"] == "stage_finished").collect();
    let stages: Vec<_> = finished.iter().map(|line| line["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["ingest", "gate", "analyse", "check", "publish"]);
    assert_eq!(finished[0]["counts"]["exports"], 2);
    assert_eq!(finished[1]["counts"]["failed"], 0);
    let again = dir.run(&["run", "--log-format", "json"]).exits(0).stderr;
    is_json_of_one_run(&again, "unchanged");
}

#[test]
fn every_line_of_a_refusal_and_of_a_failure_is_json() {
    let dir = spoilt(Workdir::new());
    let refusal = dir.run(&["run", "--log-format", "json"]).exits(65).stderr;
    let refusal = is_json_of_one_run(&refusal, "failed");
    let last = refusal.last().unwrap();
    assert_eq!((&last["exit_code"], &last["stage"]), (&65.into(), &"gate".into()));
    assert_eq!(last["run_id"], dir.names("out/refused")[0].as_str());

    let dir = dir.without("sales.csv");
    let failure = dir.run(&["run", "--log-format", "json"]).exits(66).stderr;
    let failure = is_json_of_one_run(&failure, "failed");
    assert_eq!(failure.last().unwrap()["exit_code"], 66);
    let no_job = dir.without("dealerlens.toml").run(&["run", "--log-format", "json"]).exits(78).stderr;
    assert_eq!(is_json_of_one_run(&no_job, "failed").len(), 1);
}

#[test]
fn metrics_tell_success_refusal_and_failure_apart() {
    let dir = monitored();
    dir.run(&["run"]).exits(0);
    let published = samples(&dir);
    assert_eq!(published["dealerlens_run_status{status=\"published\"}"], 1.0);
    assert_eq!(published["dealerlens_exit_code"], 0.0);
    assert_eq!(published["dealerlens_rows{source=\"sales\",outcome=\"read\"}"], 3.0);
    assert_eq!(published["dealerlens_rejected_share{source=\"sales\"}"], 0.0);
    assert_eq!(published["dealerlens_published_rows{table=\"dealer_scorecard\"}"], 2.0);
    assert!(published["dealerlens_freshness_days"] > 600.0);
    assert!(published.contains_key("dealerlens_stage_duration_seconds{stage=\"publish\"}"));
    let success = published["dealerlens_last_success_timestamp_seconds"];

    let dir = spoilt(dir);
    dir.run(&["run"]).exits(65);
    let refused = samples(&dir);
    assert_eq!(refused["dealerlens_run_status{status=\"published\"}"], 0.0);
    assert_eq!(refused["dealerlens_run_status{status=\"refused\"}"], 1.0);
    assert_eq!(refused["dealerlens_exit_code"], 65.0);
    assert_eq!(refused["dealerlens_rejected_share{source=\"sales\"}"], 0.5);
    assert_eq!(refused["dealerlens_last_success_timestamp_seconds"], success);
    assert_eq!(refused["dealerlens_published_rows{table=\"dealer_scorecard\"}"], 2.0);
    assert!(!refused.contains_key("dealerlens_stage_duration_seconds{stage=\"publish\"}"));

    let dir = dir.without("sales.csv");
    dir.run(&["run"]).exits(66);
    let failed = samples(&dir);
    assert_eq!(failed["dealerlens_run_status{status=\"failed\"}"], 1.0);
    assert_eq!(failed["dealerlens_exit_code"], 66.0);
    assert_eq!(failed["dealerlens_last_success_timestamp_seconds"], success);
    assert!(!failed.keys().any(|name| name.starts_with("dealerlens_rows{")), "{failed:?}");
    assert_eq!(dir.names("metrics"), ["job.prom"]);
}

#[test]
fn an_unchanged_run_is_a_success() {
    let dir = monitored();
    dir.run(&["run"]).exits(0);
    dir.run(&["run"]).exits(0).stdout_has("unchanged");
    let found = samples(&dir);
    assert_eq!(found["dealerlens_run_status{status=\"unchanged\"}"], 1.0);
    let times = ["dealerlens_last_success_timestamp_seconds", "dealerlens_last_run_timestamp_seconds"];
    assert_eq!(found[times[0]], found[times[1]]);
    assert_eq!(found["dealerlens_rows{source=\"sales\",outcome=\"accepted\"}"], 3.0);
}

#[test]
fn lineage_has_a_start_and_an_end_for_every_run() {
    let dir = monitored();
    dir.run(&["run"]).exits(0);
    let dir = spoilt(dir);
    dir.run(&["run"]).exits(65);
    let dir = dir.without("sales.csv");
    dir.run(&["run"]).exits(66);
    let events = lines(&dir.read("lineage.ndjson"));
    let kinds: Vec<_> = events.iter().map(|event| event["eventType"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["START", "COMPLETE", "START", "FAIL", "START", "FAIL"]);
    for run in events.chunks(2) {
        assert_eq!(run[0]["run"]["runId"], run[1]["run"]["runId"]);
    }
    assert_ne!(events[0]["run"]["runId"], events[2]["run"]["runId"]);
    let completed = &events[1];
    let names = |list: &str| -> Vec<String> {
        let datasets = completed[list].as_array().unwrap();
        datasets.iter().map(|dataset| dataset["name"].as_str().unwrap().to_owned()).collect()
    };
    let path = |name: &str| dir.path(name).to_string_lossy().into_owned();
    assert_eq!(names("inputs"), [path("sales.csv"), path("dealers.csv")]);
    assert!(names("outputs").contains(&path("out/latest/dealer_scorecard.parquet")), "{:?}", names("outputs"));
    assert_eq!(completed["inputs"][0]["inputFacets"]["inputStatistics"]["rowCount"], 3);
    assert_eq!((&events[3]["outputs"], events[3]["inputs"].as_array().unwrap().len()), (&Value::Array(Vec::new()), 2));
    assert!(events[5]["run"]["facets"]["errorMessage"]["message"].as_str().unwrap().contains("sales"));
}

#[test]
fn arguments_go_before_the_job_file() {
    let dir = monitored();
    dir.run(&["run", "--metrics", "other.prom", "--lineage", "deep/other.ndjson"]).exits(0);
    assert!(dir.read("other.prom").contains("dealerlens_exit_code{job_name=\"test\"} 0\n"));
    assert_eq!(lines(&dir.read("deep/other.ndjson")).len(), 2);
    assert!(!dir.path("metrics").exists() && !dir.path("lineage.ndjson").exists());
}

#[test]
fn files_that_cannot_be_written_are_a_warning_and_change_no_exit_code() {
    let dir = monitored().file("metrics", "a file where a folder should be");
    dir.run(&["run"]).exits(0).stdout_has("published").stderr_has("WARN     cannot create folder");
    let dir = spoilt(dir);
    dir.run(&["run"]).exits(65).stderr_has("WARN     cannot create folder").stderr_has("error: nothing was published");
}

#[test]
fn a_run_that_is_locked_out_leaves_both_files_to_the_other_one() {
    let dir = monitored();
    dir.run(&["run"]).exits(0);
    let before = (dir.read("metrics/job.prom"), dir.read("lineage.ndjson"));
    let lock = std::fs::File::options().write(true).open(dir.path("out/.lock")).unwrap();
    lock.lock().unwrap();
    dir.run(&["run", "--force"]).exits(75);
    assert_eq!((dir.read("metrics/job.prom"), dir.read("lineage.ndjson")), before);
}

#[test]
fn the_history_holds_the_newest_run_against_those_before() {
    let dir = Workdir::new();
    for _ in 0..3 {
        dir.run(&["run", "--force"]).exits(0);
    }
    assert!(!dir.run(&["history"]).exits(0).stdout.contains("rule:"));
    dir.run(&["run", "--force"]).exits(0);
    dir.run(&["history"]).exits(0).stdout_has("PASS     sales read: 3, median 3\n").stdout_has("rule: the newest run");
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,100"]);
    dir.run(&["run"]).exits(0);
    dir.run(&["history"])
        .exits(0)
        .stdout_has("WARN     sales read: 1, median 3\n")
        .stdout_has("PASS     sales rejected: 0.000 %, median 0.000 %\n");
}

/// What stands between backticks in a file of the repository and begins with `start`.
fn quoted_in(file: &str, start: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    text.split('`').skip(1).step_by(2).filter(|word| word.starts_with(start)).map(str::to_owned).collect()
}

#[test]
fn the_document_has_every_metric_and_every_event() {
    let dir = monitored();
    let said = dir.run(&["run", "--log-format", "json"]).exits(0).stderr;
    let names: BTreeSet<String> = samples(&dir).keys().map(|name| name.split('{').next().unwrap().to_owned()).collect();
    assert_eq!(quoted_in("docs/operations.md", "dealerlens_"), names);
    let documented = quoted_in("docs/operations.md", "");
    for line in lines(&said) {
        let event = line["event"].as_str().unwrap();
        assert!(documented.contains(event), "docs/operations.md does not tell of {event}");
        for field in line.as_object().unwrap().keys().chain(line["counts"].as_object().unwrap().keys()) {
            assert!(documented.contains(field), "docs/operations.md does not tell of {field} of {event}");
        }
    }
}

#[test]
fn every_command_has_a_page_with_its_options() {
    let dir = Workdir::empty();
    dir.run(&["man", "man"]).exits(0);
    let pages = dir.names("man");
    assert!(pages.contains(&"dealerlens.1".to_owned()) && pages.contains(&"dealerlens-run.1".to_owned()), "{pages:?}");
    assert!(!pages.iter().any(|page| page.contains("generate")), "{pages:?}");
    let page = dir.read("man/dealerlens-run.1").replace('\\', "");
    for option in ["--force", "--strict", "--metrics", "--lineage", "--as-of", "--log-format"] {
        assert!(page.contains(option), "no {option} in {page}");
    }
    for shell in ["bash", "zsh", "fish"] {
        dir.run(&["completions", shell]).exits(0).stdout_has("metrics");
    }
}
