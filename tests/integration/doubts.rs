//! What warns, and what `--strict` makes of it.

use crate::increments::company;
use crate::tables::cell;
use crate::workdir::Workdir;

/// Sales of ten days, a line a dealer and day, from a day of May on.
fn sales(first_day: u32, dealers: &[&str]) -> Vec<String> {
    let line = |day: u32, dealer: &str| format!("2024-05-{day:02},{dealer},100");
    let lines = (first_day..first_day + 10).flat_map(|day| dealers.iter().map(move |dealer| line(day, dealer)));
    std::iter::once("sold_on,dealer_id,amount".to_owned()).chain(lines).collect()
}

fn with_sales(dir: Workdir, name: &str, lines: &[String]) -> Workdir {
    dir.csv(name, &lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn half_as_many_rows_as_before_warn() {
    let dir = with_sales(Workdir::new(), "sales.csv", &sales(1, &["D1", "D2"]));
    dir.run(&["run"]).exits(0).stderr_lacks("row_count");
    let dir = with_sales(dir, "sales.csv", &sales(1, &["D1"]));
    dir.run(&["run"])
        .exits(0)
        .stderr_has("WARN     row_count sales: 10 rows, 20 is the median of 1 earlier runs (15 to 27)");
}

#[test]
fn strict_refuses_what_warns_and_leaves_the_last_run() {
    let dir = with_sales(Workdir::new(), "sales.csv", &sales(1, &["D1", "D2"]));
    dir.run(&["run", "--strict"]).exits(0).stderr_has("PASS     strict: rules that warn: 0, messages: 0 (none)");
    let before = dir.latest();
    let dir = with_sales(dir, "sales.csv", &sales(1, &["D1"]));
    dir.run(&["run", "--strict"]).exits(65).stderr_has("FAIL     strict: rules that warn: 1, messages: 0 (none)");
    assert_eq!(dir.latest(), before);
    let dir = dir.edit_job("[quality]", "[quality]\nstrict = true");
    dir.run(&["run"]).exits(65).stderr_has("nothing was published, because of strict");
}

#[test]
fn a_new_export_is_held_against_the_ones_before_it() {
    let mut dir = Workdir::new().without("sales.csv");
    for week in 1..=3 {
        dir = with_sales(dir, &format!("sales-{week}.csv"), &sales(week, &["D1", "D2"]));
    }
    dir.run(&["run"]).exits(0);
    let dir = dir.csv("sales-4.csv", &["sold_on,dealer_id,amount", "2024-05-20,D1,5", "2024-05-20,D2,5"]);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("WARN     row_count sales-4.csv: 2 rows, 20 is the median of 3 exports before it (5 to 80)");
}

#[test]
fn a_dealer_whose_own_export_stopped_has_not_reported() {
    let dir = Workdir::new().without("sales.csv").edit_job("[quality]", "[quality]\nreport_within_days = 7");
    let dir = with_sales(dir, "sales-d1.csv", &sales(15, &["D1"]));
    let dir = with_sales(dir, "sales-d2.csv", &sales(1, &["D2"]));
    dir.run(&["run"]).exits(0).stderr_has(
        "WARN     report_within_days: 1 of 2 dealers have not reported: D2 since 2024-05-10 (none for more than 7 days)",
    );
    assert_eq!(dir.published().column("dealer_scorecard", "is_not_reported"), ["false", "true"]);
    assert_eq!(dir.published().column("dealer_scorecard", "dealer_class")[1], "unrated");
}

#[test]
fn a_source_without_exports_warns_where_it_is_no_error() {
    let dir = Workdir::new()
        .edit_job("[quality]", "[quality]\nexpect_exports = false")
        .add_to_job("[sources.targets]\nfiles = [\"targets-*.csv\"]");
    dir.run(&["run"]).exits(0).stderr_has("WARN     expect_exports: 2 of 3 sources have exports, not targets (all)");
}

#[test]
fn warnings_are_kept_in_the_manifest() {
    let dir = Workdir::new();
    dir.run(&["run", "--as-of", "2024-06-01"]).exits(0);
    let manifest = dir.read("out/latest/manifest.json");
    assert!(manifest.contains("the newest accepted sale is 2024-05-03, 29 days before as_of 2024-06-01"), "{manifest}");
}

/// Two years of an order every fortnight by each of ten outlets. Each one was silent for 110 days once and came back; the
/// first two are silent for 100 days now, and everything ends `missing` days before the end.
fn two_years(dealer: &str, missing: i64) -> Vec<String> {
    let last = chrono::NaiveDate::from_ymd_opt(2024, 12, 31).unwrap();
    let mut lines = vec!["sold_on,dealer_id,outlet_id,amount".to_owned()];
    for outlet in 0..10 {
        let silent = if outlet < 2 { 100 } else { missing };
        let pause = 150 + 40 * outlet..260 + 40 * outlet;
        for days in (silent.max(missing)..730).step_by(14).filter(|days| !pause.contains(days)) {
            lines.push(format!("{},{dealer},{dealer}-{outlet},{}", last - chrono::Days::new(days as u64), 90 + outlet));
        }
    }
    lines
}

#[test]
fn a_dealer_that_has_not_reported_has_no_opportunities() {
    let listed = |missing: i64| {
        let dir = Workdir::new().without("sales.csv");
        let dir = with_sales(dir, "sales-d1.csv", &two_years("D1", 0));
        let dir = with_sales(dir, "sales-d2.csv", &two_years("D2", missing));
        dir.run(&["run"]).exits(0).stderr_has("PASS     only_reported_dealers");
        let mut dealers = dir.published().column("vertical_opportunities", "dealer_id");
        dealers.dedup();
        dealers
    };
    assert_eq!(listed(0), ["D1", "D2"]);
    assert_eq!(listed(60), ["D1"]);
}

#[test]
fn an_outlet_with_returns_only_has_the_same_sales_wherever_it_stands() {
    let dir = company();
    let outlets = format!(
        "{}\nO888889,D001,Only Returns,grocery,Norhaven,,2020-01-01,\n",
        dir.read("exports/outlets.csv").trim_end()
    );
    let sales = dir.read("exports/sales/sales-2025-12.csv");
    let (header, _) = sales.split_once('\n').unwrap();
    let returned = format!("{header}\nR1,1,2025-12-20,D001,O888889,P0001,-1,-12.50\n");
    let dir = dir.file("exports/outlets.csv", outlets).file("exports/sales/sales-2025-12-returns.csv", returned);
    dir.run(&["run"]).exits(0);
    for table in ["outlet_segments", "vertical_opportunities"] {
        let row = dir.published().row(table, "outlet_id", "O888889");
        assert_eq!([cell(&row, "behaviour"), cell(&row, "sales_12w")], ["prospect", "-12.5000"], "{table}");
    }
}
