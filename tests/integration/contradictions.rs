//! Rows that are well written and wrong beside other rows, the dealers or the calendar; and restated lines, which are not.

use crate::workdir::Workdir;

const ORDER_LINES: &str = "sold_on,dealer_id,amount,order_id,line_no";

#[test]
fn of_two_rows_for_one_dealer_the_first_counts() {
    let dir = Workdir::new().csv("dealers.csv", &["dealer_id,region", "D1,North", "D2,South", "D1,East"]);
    assert_eq!(dir.run_to_rejected(), ["dealers.csv:4 duplicate_key dealer_id D1"]);
    assert_eq!(dir.published().column("dim_dealer", "region"), ["North", "South"]);
}

#[test]
fn a_sale_of_an_unknown_dealer_is_rejected_and_its_amount_counted() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,100", "2024-05-01,D9,55.5"]);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("sales: read 2 (155.50) = accepted 1 (100.00) + rejected 1 (55.50) + superseded 0 (0.00)");
    assert_eq!(dir.published().rejected(), ["sales.csv:3 unknown_dealer dealer_id D9"]);
    assert_eq!(dir.published().quality("sales.csv", "rejected", "unknown_dealer"), "1 rows, 55.5000");
}

#[test]
fn two_targets_for_one_dealer_and_month_are_both_rejected_and_shown() {
    let lines = ["dealer_id,month,target_amount", "D1,2024-05,100", "D1,2024-05,120", "D2,2024-05,70", "D9,2024-05,5"];
    let dir = Workdir::new().source("targets", &lines);
    let expected = [
        "targets.csv:2 conflicting_rows month D1 2024-05-01",
        "targets.csv:3 conflicting_rows month D1 2024-05-01",
        "targets.csv:5 unknown_dealer dealer_id D9",
    ];
    assert_eq!(dir.run_to_rejected(), expected);
    assert_eq!(dir.published().column("rejected_rows", "amount"), ["100.0000", "120.0000", "5.0000"]);
}

#[test]
fn a_quarter_and_a_month_in_it_contradict_each_other() {
    let lines = ["dealer_id,month,target_amount", "D1,2024Q2,300", "D1,2024-05,100", "D1,2024-07,100"];
    let dir = Workdir::new().source("targets", &lines);
    let expected =
        ["targets.csv:2 conflicting_rows month D1 2024-05-01", "targets.csv:3 conflicting_rows month D1 2024-05-01"];
    assert_eq!(dir.run_to_rejected(), expected);
}

#[test]
fn two_universes_for_one_cell_are_both_rejected() {
    let lines = ["territory,channel,outlets_total", "T1,shop,10", "T1,bar,4", "T1,shop,12"];
    let dir = Workdir::new().source("market", &lines);
    let expected =
        ["market.csv:2 conflicting_rows territory T1 x shop", "market.csv:4 conflicting_rows territory T1 x shop"];
    assert_eq!(dir.run_to_rejected(), expected);
}

#[test]
fn a_sale_after_the_day_of_the_run_is_rejected_and_does_not_move_as_of() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,100", "2099-01-01,D1,55"]);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:3 future_sale sold_on 2099-01-01"]);
    let manifest = dir.published().manifest();
    assert_eq!((&manifest["as_of"], &manifest["future_sales"]), (&"2024-05-01".into(), &1.into()));
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
}

#[test]
fn a_line_that_a_later_export_restates_counts_as_restated() {
    let dir = Workdir::new()
        .csv("sales.csv", &[ORDER_LINES, "2024-05-01,D1,100,A,1", "2024-05-01,D1,40,A,2", "2024-05-01,D2,250,B,1"])
        .csv("sales_late.csv", &[ORDER_LINES, "2024-05-02,D1,90,A,1"]);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("sales: read 4 (480.00) = accepted 3 (380.00) + rejected 0 (0.00) + superseded 1 (100.00)");
    assert_eq!(dir.published().sales_of("D1"), "130.0000");
    assert_eq!(dir.published().quality("sales.csv", "superseded", "restated_line"), "1 rows, 100.0000");
}

#[test]
fn a_line_that_its_own_export_restates_counts_as_stated_last() {
    let lines = [ORDER_LINES, "2024-05-01,D1,100,A,1", "2024-05-01,D1,90,A,1", "2024-05-01,D1,80,A,1"];
    let dir = Workdir::new().csv("sales.csv", &lines);
    assert!(dir.run_to_rejected().is_empty());
    assert_eq!(dir.published().sales_of("D1"), "80.0000");
    assert_eq!(dir.published().quality("sales.csv", "superseded", "restated_line"), "2 rows, 190.0000");
}

#[test]
fn a_rejected_line_restates_nothing() {
    let dir = Workdir::new()
        .csv("sales.csv", &[ORDER_LINES, "2024-05-01,D1,100,A,1"])
        .csv("sales_late.csv", &[ORDER_LINES, "2024-05-02,D9,90,A,1", "2024-05-02,D1,x,A,1"]);
    let expected = ["sales_late.csv:2 unknown_dealer dealer_id D9", "sales_late.csv:3 bad_amount amount x"];
    assert_eq!(dir.run_to_rejected(), expected);
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
}

#[test]
fn a_line_that_another_dealer_restates_is_noted() {
    let dir = Workdir::new()
        .csv("sales.csv", &[ORDER_LINES, "2024-05-01,D1,100,A,1"])
        .csv("sales_late.csv", &[ORDER_LINES, "2024-05-02,D2,90,A,1"]);
    assert!(dir.run_to_rejected().is_empty());
    assert_eq!(dir.published().quality("sales.csv", "note", "superseded_across_dealers"), "1 rows, 100.0000");
}
