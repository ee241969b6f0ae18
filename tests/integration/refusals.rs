//! Data that is not good enough: nothing is published, the reason is kept, and readers see what they saw before.

use crate::workdir::{Workdir, snapshots};

/// Two bad rows of four, where a tenth is allowed.
fn spoilt(dir: Workdir) -> Workdir {
    let lines =
        ["sold_on,dealer_id,amount", "2024-05-01,D1,100", "2024-02-30,D1,5", "2024-05-02,D9,6", "2024-05-03,D2,250"];
    dir.edit_job("max_rejected_share = 1.0", "max_rejected_share = 0.1").csv("sales.csv", &lines)
}

#[test]
fn too_many_rejected_rows_publish_nothing_and_show_why() {
    let _filters = snapshots();
    let dir = spoilt(Workdir::new());
    let outcome = dir.run(&["run"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @r"
    ingest   2 exports, 0 of them unchanged and reused from staging
    PASS     sales: read 4 (361.00) = accepted 2 (350.00) + rejected 2 (11.00) + superseded 0 (0.00)
    PASS     dealers: read 2 = accepted 2 + rejected 0 + superseded 0
    PASS     some_sales: 2 accepted sales lines (at least 1)
    FAIL     max_rejected_share sales: 50.000 % rejected (at most 10.000 %)
    PASS     max_rejected_share dealers: 0.000 % rejected (at most 10.000 %)
    PASS     expect_exports: 2 of 2 sources have exports (all)
    error: nothing was published, because of max_rejected_share sales
    hint: tables and manifest of the refused run, rejected_rows among them, are in out/refused/[run]
    hint: mend the exports, or change [quality] in the job file if this is acceptable
    hint: nothing has been published yet
    ");
    assert_eq!(outcome.stdout, "");
    dir.has_published_nothing();
    assert_eq!(
        dir.refused().rejected(),
        ["sales.csv:3 bad_date sold_on 2024-02-30", "sales.csv:4 unknown_dealer dealer_id D9"]
    );
    assert_eq!(dir.refused().quality("sales.csv", "rejected", "unknown_dealer"), "1 rows, 6.0000");
    assert_eq!(dir.refused().manifest()["status"], "refused");
}

#[test]
fn the_last_good_run_stays_and_is_named_in_the_last_line() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let good = dir.latest().unwrap();
    let before = dir.published().checksums();

    let dir = spoilt(dir);
    let outcome = dir.run(&["run"]).exits(65);
    assert_eq!(outcome.stderr.lines().last(), Some(format!("hint: readers still see run {good}").as_str()));
    assert_eq!((dir.latest(), dir.names("out/runs")), (Some(good.clone()), vec![good]));
    assert_eq!(dir.published().checksums(), before);
    assert_eq!(dir.published().sales_of("D1"), "80.0000");
}

#[test]
fn a_refused_run_is_published_once_the_exports_are_mended() {
    let dir = spoilt(Workdir::new());
    dir.run(&["run"]).exits(65);
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,100"]);
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
}

#[test]
fn a_share_can_be_allowed_for_one_source() {
    let dir = spoilt(Workdir::new());
    let dir = dir.edit_job("[quality]", "[quality]\nmax_rejected_share_by_source = { sales = 0.5 }");
    dir.run(&["run"]).exits(0).stderr_has("PASS     max_rejected_share sales: 50.000 % rejected (at most 50.000 %)");
}

#[test]
fn a_share_can_be_refused_for_one_export() {
    let dir = Workdir::new()
        .edit_job("[quality]", "[quality]\nmax_rejected_share_per_export = 0.2")
        .csv("sales_june.csv", &["sold_on,dealer_id,amount", "2024-06-31,D1,5", "2024-06-30,D1,5"]);
    dir.run(&["run"]).exits(65).stderr_has("because of max_rejected_share_per_export sales_june.csv");
    dir.has_published_nothing();
}

#[test]
fn old_data_is_refused_on_the_first_night_and_on_a_night_without_new_exports() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let dir = dir.edit_job("[quality]", "[quality]\nmax_age_days = 100000");
    dir.run(&["run"]).exits(0).stderr_has("PASS     max_age_days: newest sale is ");
    dir.run(&["run"]).exits(0).stderr_has("PASS     max_age_days: newest sale is ").stdout_has("unchanged");
    let dir = dir.edit_job("max_age_days = 100000", "max_age_days = 2");
    dir.run(&["run"]).exits(65).stderr_has("because of max_age_days").stderr_has("readers still see run ");
}
