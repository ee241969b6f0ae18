//! Night after night: what is run again, what is reused, what is kept, and what is said.

use std::fs::File;

use serde_json::Value;

use crate::tables::{cell, text};
use crate::workdir::{Workdir, snapshots};

#[test]
fn a_first_run_says_what_it_read_judged_and_published() {
    let _filters = snapshots();
    let dir = Workdir::new();
    let outcome = dir.run(&["run"]).exits(0);
    insta::assert_snapshot!(outcome.stdout, @"published: run [run], as of 2024-05-03, in [s], to out/latest");
    insta::assert_snapshot!(outcome.stderr, @r"
    ingest   2 exports, 0 of them unchanged and reused from staging
    TRACE    0.014s dealers VmRSS:	   94976 kB VmHWM:	   94976 kB
    TRACE    0.006s rejected_sales VmRSS:	   95232 kB VmHWM:	   95232 kB
    TRACE    0.011s superseded_sales VmRSS:	   95492 kB VmHWM:	   95492 kB
    TRACE    0.000s accepted_sales VmRSS:	   95492 kB VmHWM:	   95492 kB
    TRACE    0.003s sales_span VmRSS:	   95620 kB VmHWM:	   95620 kB
    TRACE    0.009s outlet_master VmRSS:	   95620 kB VmHWM:	   95620 kB
    TRACE    0.008s products VmRSS:	   95620 kB VmHWM:	   95620 kB
    TRACE    0.045s accepted_notes VmRSS:	   98888 kB VmHWM:	   98888 kB
    TRACE    0.007s rejected_market VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.001s market_cells VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.006s stated_target_months VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.014s rejected_targets VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.001s target_months VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.009s accepted_rows VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.007s rejected_masters VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.010s rejections VmRSS:	   99144 kB VmHWM:	   99144 kB
    TRACE    0.013s data_quality VmRSS:	   99272 kB VmHWM:	   99272 kB
    TRACE    0.001s rejected_rows VmRSS:	  103624 kB VmHWM:	  103624 kB
    PASS     sales: read 3 (330.00) = accepted 3 (330.00) + rejected 0 (0.00) + superseded 0 (0.00)
    PASS     dealers: read 2 = accepted 2 + rejected 0 + superseded 0
    PASS     some_sales: 3 accepted sales lines (at least 1)
    PASS     max_rejected_share sales: 0.000 % rejected (at most 100.000 %)
    PASS     max_rejected_share dealers: 0.000 % rejected (at most 100.000 %)
    TRACE    0.000s sales VmRSS:	  103624 kB VmHWM:	  103624 kB
    TRACE    0.010s analysis_window VmRSS:	  103624 kB VmHWM:	  103624 kB
    TRACE    0.000s orders VmRSS:	  103624 kB VmHWM:	  103624 kB
    TRACE    0.017s pair_days VmRSS:	  105672 kB VmHWM:	  105672 kB
    TRACE    0.006s pair_periods VmRSS:	  105672 kB VmHWM:	  105672 kB
    TRACE    0.010s sold_outlets VmRSS:	  105928 kB VmHWM:	  105928 kB
    TRACE    0.002s outlets VmRSS:	  105928 kB VmHWM:	  105928 kB
    TRACE    0.007s pairs VmRSS:	  105928 kB VmHWM:	  105928 kB
    TRACE    0.001s snapshots VmRSS:	  105928 kB VmHWM:	  105928 kB
    TRACE    0.016s pair_snapshots VmRSS:	  107976 kB VmHWM:	  107976 kB
    TRACE    0.006s leaf_snapshots VmRSS:	  107976 kB VmHWM:	  107976 kB
    TRACE    0.016s channel_summary VmRSS:	  107976 kB VmHWM:	  107976 kB
    TRACE    0.001s data_dictionary VmRSS:	  110284 kB VmHWM:	  110284 kB
    TRACE    0.013s dealer_sums VmRSS:	  110344 kB VmHWM:	  110344 kB
    TRACE    0.015s dealer_cells VmRSS:	  110344 kB VmHWM:	  110344 kB
    TRACE    0.003s dealer_distribution VmRSS:	  110344 kB VmHWM:	  110344 kB
    TRACE    0.007s dealer_starts VmRSS:	  110344 kB VmHWM:	  110344 kB
    TRACE    0.007s dealer_targets VmRSS:	  110344 kB VmHWM:	  110344 kB
    TRACE    0.007s run_metrics VmRSS:	  110344 kB VmHWM:	  110344 kB
    TRACE    0.015s axis_values VmRSS:	  112392 kB VmHWM:	  112392 kB
    TRACE    0.013s axis_thresholds VmRSS:	  112648 kB VmHWM:	  112648 kB
    TRACE    0.009s dealer_axes VmRSS:	  112776 kB VmHWM:	  112776 kB
    TRACE    0.008s axis_states VmRSS:	  112840 kB VmHWM:	  112840 kB
    TRACE    0.014s dealer_classes VmRSS:	  112840 kB VmHWM:	  112840 kB
    TRACE    0.015s class_reasons VmRSS:	  113096 kB VmHWM:	  113096 kB
    TRACE    0.016s dealer_class_history VmRSS:	  113104 kB VmHWM:	  113104 kB
    TRACE    0.005s dealer_concentration VmRSS:	  113104 kB VmHWM:	  113104 kB
    TRACE    0.055s dealer_scorecard VmRSS:	  127440 kB VmHWM:	  127440 kB
    TRACE    0.008s dim_dealer VmRSS:	  129488 kB VmHWM:	  129488 kB
    TRACE    0.001s dim_outlet VmRSS:	  129488 kB VmHWM:	  129488 kB
    TRACE    0.007s dim_product VmRSS:	  129488 kB VmHWM:	  129488 kB
    TRACE    0.018s driver_factors VmRSS:	  129488 kB VmHWM:	  129488 kB
    TRACE    0.016s driver_effects VmRSS:	  129488 kB VmHWM:	  129488 kB
    TRACE    0.022s growth_drivers VmRSS:	  129488 kB VmHWM:	  129488 kB
    TRACE    0.015s key_accounts VmRSS:	  129620 kB VmHWM:	  129620 kB
    TRACE    0.022s outlet_value_tiers VmRSS:	  129620 kB VmHWM:	  129620 kB
    TRACE    0.002s pair_history VmRSS:	  129620 kB VmHWM:	  129620 kB
    TRACE    0.016s outlet_segments VmRSS:	  129748 kB VmHWM:	  129748 kB
    TRACE    0.004s region_summary VmRSS:	  129748 kB VmHWM:	  129748 kB
    TRACE    0.023s sales_by_month VmRSS:	  129788 kB VmHWM:	  129788 kB
    analyse  14 tables, 265 rows, as of 2024-05-03, base none
    TRACE    0.002s conservation VmRSS:	  129788 kB VmHWM:	  129788 kB
    TRACE    0.002s drivers_add_up VmRSS:	  129788 kB VmHWM:	  129788 kB
    TRACE    0.005s levels_agree VmRSS:	  129788 kB VmHWM:	  129788 kB
    TRACE    0.006s months_equal_sales VmRSS:	  129788 kB VmHWM:	  129788 kB
    TRACE    0.002s rates_in_range VmRSS:	  129788 kB VmHWM:	  129788 kB
    TRACE    0.003s sales_identity VmRSS:	  129788 kB VmHWM:	  129788 kB
    TRACE    0.004s scorecard_equals_sales VmRSS:	  129788 kB VmHWM:	  129788 kB
    PASS     conservation: read = accepted + rejected + superseded for every export, in rows and in money (no row)
    PASS     drivers_add_up: the drivers of every row add up to its change, and rounding moved less than a cent (no row)
    PASS     levels_agree: outlets, channels and regions add up to the dealers (no row)
    PASS     months_equal_sales: the months add up to all sales up to as_of (no row)
    PASS     rates_in_range: shares and probabilities lie between 0 and 1 (no row)
    PASS     sales_identity: sales = covered x active rate x orders per active outlet x average order value + returns, for every dealer (no row)
    PASS     scorecard_equals_sales: the dealers' sales of the last 12 and 52 weeks are the accepted sales of those days (no row)
    publish  run [run]
    note: the job has no source outlets: coverage counts only outlets that ordered; channel comes from the sales; no prospects
    note: the job has no source products: category is 'unknown'
    note: the job has no source market: numeric and weighted distribution are NULL; the coverage axis counts active outlets
    note: the job has no source targets: target_12w and attainment are NULL; performance is sales per covered outlet
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
    let dir = dir.add_to_job("[publish]\nkeep_runs = 3");
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
    let dir = Workdir::new().add_to_job("[publish]\nkeep_runs = 2");
    let mut published = Vec::new();
    for _ in 0..3 {
        dir.run(&["run", "--force"]).exits(0);
        published.push(dir.latest().unwrap());
    }
    assert_eq!(dir.names("out/runs"), published[1..]);
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
fn json_was_asked_for_and_every_line_is_json() {
    let dir = Workdir::new();
    let events = |said: &str| said.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    let outcome = dir.run(&["run", "--log-format", "json"]).exits(0);
    let staged = events(&outcome.stderr).into_iter().filter(|event| event["event"] == "export_staged").count();
    assert_eq!(staged, 2);

    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,value", "2024-05-01,D1,100"]);
    let outcome = dir.run(&["run", "--log-format", "json"]).exits(65);
    let last = events(&outcome.stderr).pop().unwrap();
    assert_eq!((&last["level"], last["hints"].as_array().unwrap().len()), (&"error".into(), 3));
}
