//! Night after night: what is run again, what is reused, what is kept, and what is said.

use std::fs::File;

use crate::tables::{cell, text};
use crate::workdir::{Workdir, snapshots};

#[test]
fn a_first_run_says_what_it_read_judged_and_published() {
    let _filters = snapshots();
    let dir = Workdir::new();
    let outcome = dir.run(&["run"]).exits(0);
    insta::assert_snapshot!(outcome.stdout, @"published: run [run], as of 2024-05-03, in [s], to out/latest");
    // Which checks there are is told elsewhere.
    let is_check = |line: &&str| line.starts_with("PASS") && line.ends_with("(no row)");
    let (checks, others): (Vec<_>, Vec<_>) = outcome.stderr.lines().partition(is_check);
    assert!(checks.len() > 5, "{checks:?}");
    insta::assert_snapshot!(others.join("\n"), @r"
    ingest   2 exports, 0 of them unchanged and reused from staging
    PASS     sales: read 3 (330.00) = accepted 3 (330.00) + rejected 0 (0.00) + superseded 0 (0.00)
    PASS     dealers: read 2 = accepted 2 + rejected 0 + superseded 0
    PASS     some_sales: 3 accepted sales lines (at least 1)
    PASS     max_rejected_share sales: 0.000 % rejected (at most 100.000 %)
    PASS     max_rejected_share dealers: 0.000 % rejected (at most 100.000 %)
    PASS     expect_exports: 2 of 2 sources have exports (all)
    analyse  [n] tables, [n] rows, as of 2024-05-03, base none
    PASS     report_within_days: 0 of 2 dealers have not reported (none for more than 14 days)
    publish  run [run]
    note: the job has no source outlets: coverage counts only outlets that ordered; channel comes from the sales; no prospects
    note: the job has no source products: category is 'unknown'
    note: the job has no source market: numeric and weighted distribution are NULL; the coverage axis counts active outlets
    note: the job has no source targets: target_12w and attainment are NULL; performance is sales per covered outlet
    note: the job has no source promotions: promotion_effect is empty
    note: the job has no source visits: visit_effect is empty
    note: the history is shorter than two windows: all *_base columns, sales_growth and growth_drivers are NULL or empty
    ");
}

#[test]
fn a_second_run_says_that_nothing_changed() {
    let _filters = snapshots();
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let first = dir.latest();
    let outcome = dir.run(&["run"]).exits(0);
    insta::assert_snapshot!(outcome.stdout, @"unchanged: run [run] has published the same inputs, job file and version already (--force runs again)");
    assert_eq!((dir.latest(), dir.names("out/runs").len()), (first, 1));
}

#[test]
fn force_publishes_the_same_again_out_of_staging() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let (first, tables) = (dir.latest(), dir.published().checksums());
    dir.run(&["run", "--force"])
        .exits(0)
        .stdout_has("published: run ")
        .stderr_has("ingest   2 exports, 2 of them unchanged and reused from staging");
    assert_ne!(dir.latest(), first);
    assert_eq!(dir.published().checksums(), tables);
}

#[test]
fn a_changed_export_is_the_only_one_that_is_staged_again() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-04,D1,7"]);
    dir.run(&["run"]).exits(0).stderr_has("ingest   2 exports, 1 of them unchanged and reused from staging");
    let manifest = dir.published().manifest();
    let inputs = manifest["inputs"].as_array().unwrap().iter();
    let reused: Vec<_> = inputs.map(|input| (text(&input["export"]), input["staging_reused"].as_bool())).collect();
    assert_eq!(reused, [("sales.csv".to_owned(), Some(false)), ("dealers.csv".to_owned(), Some(true))]);
    assert_eq!(dir.published().sales_of("D1"), "7.0000");
}

#[test]
fn a_changed_mapping_stages_its_source_again() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let dir = dir.add_to_job("[sources.sales.columns]\namount = { from = \"amount\", times = 1000 }");
    dir.run(&["run"]).exits(0).stderr_has("ingest   2 exports, 1 of them unchanged and reused from staging");
    assert_eq!(dir.published().sales_of("D1"), "80000.0000");
}

#[test]
fn a_change_of_what_is_kept_stages_nothing_again() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let dir = dir.edit_job("[publish]", "[publish]\nkeep_runs = 3");
    dir.run(&["run"]).exits(0).stderr_has("ingest   2 exports, 2 of them unchanged and reused from staging");
}

#[test]
fn a_run_beside_another_one_gives_up_at_once() {
    let _filters = snapshots();
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let before = dir.latest();
    let lock = File::options().read(true).write(true).open(dir.path("out/.lock")).unwrap();
    lock.try_lock().unwrap();
    let outcome = dir.run(&["run", "--force"]).exits(75);
    insta::assert_snapshot!(outcome.stderr, @r"
    error: another run holds out/.lock: process [pid], since [time]
    hint: wait until it has ended, or try later; nothing was changed
    hint: readers still see run [run]
    ");
    assert_eq!(dir.latest(), before);
    drop(lock);
    dir.run(&["run", "--force"]).exits(0);
}

#[test]
fn only_the_newest_runs_are_kept() {
    let dir = Workdir::new().edit_job("[publish]", "[publish]\nkeep_runs = 2\nkeep_hours = 0");
    let mut published = Vec::new();
    for _ in 0..3 {
        dir.run(&["run", "--force"]).exits(0);
        published.push(dir.latest().unwrap());
    }
    assert_eq!(dir.names("out/runs"), published[1..]);
}

#[test]
fn runs_that_readers_may_have_open_are_kept_whatever_their_number() {
    let dir = Workdir::new().edit_job("[publish]", "[publish]\nkeep_runs = 1");
    let mut published = Vec::new();
    for _ in 0..3 {
        dir.run(&["run", "--force"]).exits(0);
        published.push(dir.latest().unwrap());
    }
    assert_eq!(dir.names("out/runs"), published);
}

#[test]
fn the_picture_can_be_taken_at_an_earlier_day() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    dir.run(&["run", "--as-of", "2024-05-02"]).exits(0).stdout_has("as of 2024-05-02");
    let published = dir.published();
    assert_eq!((published.sales_of("D1"), published.sales_of("D2")), ("100.0000".into(), "250.0000".into()));
    assert_eq!(published.quality("sales.csv", "note", "after_as_of"), "1 rows, -20.0000");
    assert_eq!(published.quality("sales.csv", "accepted", "accepted"), "3 rows, 330.0000");
}

#[test]
fn the_job_file_can_fix_the_day_too() {
    let dir = Workdir::new().edit_job("name = \"test\"", "name = \"test\"\nas_of = \"2024-05-01\"");
    dir.run(&["run"]).exits(0).stdout_has("as of 2024-05-01");
    dir.run(&["run", "--as-of", "2024-05-03"]).exits(0).stdout_has("as of 2024-05-03");
}

#[test]
fn a_day_before_the_first_sale_is_refused() {
    let dir = Workdir::new();
    dir.run(&["run", "--as-of", "2020-01-01"])
        .exits(65)
        .stderr_has("error: as_of 2020-01-01 lies before the first accepted sale, 2024-05-01");
    dir.has_published_nothing();
}

#[test]
fn without_optional_sources_columns_are_null_with_a_reason() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0).stderr_has("note: the job has no source targets: target_12w and attainment are NULL");
    let manifest = dir.published().manifest();
    let degraded = manifest["degraded"].as_array().unwrap();
    for source in ["outlets", "products", "market", "targets"] {
        let reason = format!("the job has no source {source}");
        assert!(degraded.iter().any(|lack| lack["reason"] == reason.as_str()), "{degraded:?}");
    }
    let card = dir.published().row("dealer_scorecard", "dealer_id", "D1");
    for column in
        ["numeric_distribution", "weighted_distribution", "target_12w", "attainment", "sales_base", "sales_growth"]
    {
        assert_eq!(cell(&card, column), "NULL", "{column}");
    }
    assert_eq!(cell(&card, "attainment_note"), "no target");
    assert_eq!(cell(&card, "distribution_note"), "no market data for the territories of the dealer");
    assert_eq!(cell(&card, "sales_growth_note"), "the history is too short for a base window");
}

#[test]
fn a_quiet_run_that_succeeds_prints_nothing() {
    let dir = Workdir::new();
    for _ in 0..2 {
        let outcome = dir.run(&["run", "--quiet"]).exits(0);
        assert_eq!((outcome.stdout, outcome.stderr), (String::new(), String::new()));
    }
}

#[test]
fn a_quiet_run_that_fails_says_why() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount"]);
    let outcome = dir.run(&["run", "--quiet"]).exits(65).stderr_has("error: nothing was published");
    assert!(outcome.stderr.starts_with("FAIL     some_sales"), "{}", outcome.stderr);
}

#[test]
fn a_header_that_changed_since_the_published_run_is_reported() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let dir = dir.csv("sales_june.csv", &["sold_on,amount,dealer_id,currency", "2024-06-01,10,D1,EUR"]);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("sales_june.csv: the header differs from that of sales.csv: \"currency\" was added");
    let dir = dir.csv("sales_may.csv", &["amount,sold_on,dealer_id,currency", "10,2024-05-31,D1,EUR"]);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("sales_may.csv: the header differs from that of sales_june.csv: columns were moved");
}
