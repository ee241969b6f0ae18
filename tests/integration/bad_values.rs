//! Cells that do not say what their column needs, and cells that only look as if they did not.

use crate::increments::company;
use crate::workdir::Workdir;

/// A job whose only sales export has these rows under the usual header and a quantity.
fn sales(rows: &[&str]) -> Workdir {
    let lines: Vec<_> = ["sold_on,dealer_id,amount,quantity"].iter().chain(rows).copied().collect();
    Workdir::new().csv("sales.csv", &lines)
}

#[test]
fn a_date_that_does_not_exist_is_rejected_with_its_amount() {
    let dir = sales(&["2024-02-30,D1,5.5,", "2023-02-29,D1,6,", "2024-02-29,D1,100,"]);
    let expected = ["sales.csv:2 bad_date sold_on 2024-02-30", "sales.csv:3 bad_date sold_on 2023-02-29"];
    assert_eq!(dir.run_to_rejected(), expected);
    assert_eq!(dir.published().quality("sales.csv", "rejected", "bad_date"), "2 rows, 11.5000");
}

#[test]
fn a_required_cell_that_is_empty_is_rejected() {
    let dir = sales(&["2024-05-01,,5,", "2024-05-01, NULL ,6,", ",D1,7,", "2024-05-01,D1,-,", "2024-05-01,D1,100,"]);
    let expected = [
        "sales.csv:2 missing_value dealer_id ",
        "sales.csv:3 missing_value dealer_id ",
        "sales.csv:4 missing_value sold_on ",
        "sales.csv:5 missing_value amount ",
    ];
    assert_eq!(dir.run_to_rejected(), expected);
}

#[test]
fn an_amount_under_the_wrong_signs_is_rejected_not_guessed() {
    let dir = sales(&["2024-05-01,D1,\"1.234,56\",", "2024-05-01,D1,\"1,234.56\",", "2024-05-01,D1,100,"]);
    let expected = ["sales.csv:2 bad_amount amount 1.234,56", "sales.csv:3 bad_amount amount 1,234.56"];
    assert_eq!(dir.run_to_rejected(), expected);
    assert_eq!(dir.published().quality("sales.csv", "read", "read"), "3 rows, 100.0000, 2 unknown");
    assert_eq!(dir.published().quality("sales.csv", "rejected", "bad_amount"), "2 rows, 0.0000, 2 unknown");
}

#[test]
fn an_amount_under_its_own_signs_is_read() {
    let dir = Workdir::new()
        .add_to_job("decimal = \",\"\nthousands = \".\"")
        .csv("sales.csv", &["sold_on;dealer_id;amount", "2024-05-01;D1;1.234,56", "2024-05-01;D1;12.5"]);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:3 bad_amount amount 12.5"]);
    assert_eq!(dir.published().sales_of("D1"), "1234.5600");
}

#[test]
fn more_than_four_fraction_digits_are_rounded_and_noted() {
    let dir = sales(&["2024-05-01,D1,10.00005,", "2024-05-01,D2,-0.00005,", "2024-05-01,D2,7.10000,"]);
    assert!(dir.run_to_rejected().is_empty());
    let published = dir.published();
    assert_eq!((published.sales_of("D1"), published.sales_of("D2")), ("10.0001".into(), "7.0999".into()));
    assert_eq!(published.quality("sales.csv", "note", "amount_rounded"), "2 rows, NULL");
}

#[test]
fn an_amount_of_fifteen_digits_is_rejected() {
    let dir = sales(&["2024-05-01,D1,100000000000000,", "2024-05-01,D2,250,"]);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:2 amount_too_large amount 100000000000000"]);
}

#[test]
fn a_quantity_that_is_no_number_rejects_the_row_and_an_empty_one_does_not() {
    let dir = sales(&["2024-05-01,D1,100,two", "2024-05-01,D2,250,"]);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:2 bad_number quantity two"]);
    assert_eq!(dir.published().quality("sales.csv", "rejected", "bad_number"), "1 rows, 100.0000");
}

#[test]
fn ids_are_trimmed_texts_and_never_numbers() {
    let dir = sales(&["2024-05-01, 007 ,100,", "2024-05-01,7,250,"])
        .csv("dealers.csv", &["dealer_id,region", " 007,North", "7 ,South"]);
    assert!(dir.run_to_rejected().is_empty());
    let published = dir.published();
    assert_eq!(published.column("dim_dealer", "dealer_id"), ["007", "7"]);
    assert_eq!((published.sales_of("007"), published.sales_of("7")), ("100.0000".into(), "250.0000".into()));
}

#[test]
fn a_number_of_outlets_is_whole_and_not_below_zero() {
    let dir = Workdir::new().source(
        "market",
        &["territory,channel,outlets_total", "T1,shop,-1", "T2,shop,1.5", "T3,shop,12.0", "T4,shop,0"],
    );
    let expected = ["market.csv:2 negative_count outlets_total -1", "market.csv:3 bad_integer outlets_total 1.5"];
    assert_eq!(dir.run_to_rejected(), expected);
    assert_eq!(dir.published().quality("market.csv", "accepted", "accepted"), "2 rows, NULL");
}

#[test]
fn a_month_that_is_none_is_rejected() {
    let dir = Workdir::new().source(
        "targets",
        &["dealer_id,month,target_amount", "D1,2024-13,10", "D1,2024Q5,20", "D1,2024-05,30", "D2,2024Q2,90"],
    );
    assert_eq!(
        dir.run_to_rejected(),
        ["targets.csv:2 bad_month month 2024-13", "targets.csv:3 bad_month month 2024Q5"]
    );
    assert_eq!(dir.published().quality("targets.csv", "rejected", "bad_month"), "2 rows, 30.0000");
    assert_eq!(dir.published().quality("targets.csv", "accepted", "accepted"), "2 rows, 120.0000");
}

#[test]
fn a_channel_and_a_region_may_be_called_by_a_sign_that_means_all_elsewhere() {
    let values = |name: &str| {
        let dir = company();
        let renamed = |dir: Workdir, file: &str, from: &str| {
            let text = dir.read(file);
            assert!(text.contains(from), "{file}");
            dir.file(file, text.replace(from, &format!(",{name},")))
        };
        let dir = renamed(dir, "exports/outlets.csv", ",grocery,");
        let dir = renamed(dir, "exports/market.csv", ",grocery,");
        let dir = renamed(dir, "exports/dealers.csv", ",North,");
        dir.run(&["run"]).exits(0);
        let tables = ["vertical_opportunities", "range_gaps", "horizontal_opportunities", "backtest"];
        tables.map(|table| {
            let column = if table == "backtest" { "predicted" } else { "expected_value" };
            let mut values = dir.published().column(table, column);
            values.sort();
            values
        })
    };
    let plain = values("plain");
    assert!(plain.iter().all(|values| values.len() > 10));
    assert_eq!(plain, values("*"));
}
