//! What people read in the terminal: a dealer's page, the dictionary, the history, a check, a new job file.

use crate::workdir::{Workdir, snapshots};

/// Two dealers over sixteen months, so that a year ago can be compared with.
fn year() -> Workdir {
    let dealers = ["dealer_id,region,dealer_name", "D1,North,Alpha Trading", "D2,South,Beta Foods"];
    let sales = [
        "sold_on,dealer_id,amount",
        "2023-02-01,D1,10",
        "2023-04-20,D1,80",
        "2023-04-20,D2,250",
        "2024-05-02,D1,-20",
        "2024-05-02,D2,250",
        "2024-05-03,D1,120",
    ];
    let dir = Workdir::new().csv("dealers.csv", &dealers).csv("sales.csv", &sales);
    dir.run(&["run"]).exits(0);
    dir
}

#[test]
fn a_dealer_is_explained_on_a_page() {
    let _filters = snapshots();
    let page = year().run(&["explain", "D1"]).exits(0).stdout;
    insta::assert_snapshot!(page, @"");
}

#[test]
fn an_unknown_dealer_brings_the_one_that_is_near_by_id_or_name() {
    let dealers = ["dealer_id,region,dealer_name", "D1001,North,Alpha Trading", "D2002,South,Beta Foods"];
    let dir = Workdir::new().csv("dealers.csv", &dealers);
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1001,100"]);
    dir.run(&["run"]).exits(0);
    for (typed, meant) in [("D101", "D1001"), ("beta food", "D2002")] {
        let said = dir.run(&["explain", typed]).exits(66).stderr;
        let expected =
            format!("error: there is no dealer \"{typed}\" in the latest run\nhint: did you mean \"{meant}\"?\n");
        assert_eq!(said, expected);
    }
}

#[test]
fn nothing_is_explained_before_the_first_run() {
    Workdir::new()
        .run(&["explain", "D1"])
        .exits(66)
        .stderr_has("nothing is published")
        .stderr_has("run `dealerlens run` first");
}

#[test]
fn the_dictionary_lists_every_published_table() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let listed = dir.run(&["schema"]).exits(0).stdout;
    for table in dir.published().checksums().keys() {
        assert!(listed.lines().any(|line| line.split_whitespace().next() == Some(table)), "no {table} in {listed}");
    }
}

#[test]
fn the_page_of_a_table_has_each_of_its_columns() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let page = dir.run(&["schema", "dealer_scorecard"]).exits(0).stdout;
    let described: Vec<_> = page.lines().skip(3).filter_map(|line| line.split_whitespace().next()).collect();
    let mut columns: Vec<_> = dir.published().rows("dealer_scorecard").remove(0).into_keys().collect();
    assert_eq!(described.len(), columns.len());
    columns.retain(|column| !described.contains(&column.as_str()));
    assert!(columns.is_empty(), "not described: {columns:?}");
    dir.run(&["schema", "dealer_scorcard"]).exits(66).stderr_has("did you mean \"dealer_scorecard\"?");
}

#[test]
fn the_history_lists_published_and_refused_runs() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let published = dir.latest().unwrap();
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount"]);
    dir.run(&["run"]).exits(65);
    let lines: Vec<_> = dir.run(&["history"]).exits(0).stdout.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with(&format!("{published} published  2024-05-03 ")), "{}", lines[1]);
    assert!(lines[2].starts_with(&format!("{} refused ", dir.names("out/refused")[0])), "{}", lines[2]);
}

#[test]
fn completions_and_the_version_are_printed() {
    let _filters = snapshots();
    let dir = Workdir::empty();
    dir.run(&["completions", "bash"]).exits(0).stdout_has("_dealerlens()");
    insta::assert_snapshot!(dir.run(&["--version"]).exits(0).stdout, @"");
}

#[test]
fn a_check_of_a_good_job_reads_everything_and_writes_nothing() {
    let dir = Workdir::new();
    let said = dir.run(&["check"]).exits(0).stdout_has("14 tables agree with their contracts").stdout;
    assert!(
        said.starts_with("source        rows  rejected  export\nsales            3         0  sales.csv\n"),
        "{said}"
    );
    assert_eq!(said.lines().last(), Some("ok"));
    assert_eq!(dir.names("."), ["dealerlens.toml", "dealers.csv", "sales.csv"]);
}

#[test]
fn a_check_shows_the_rows_that_would_be_rejected() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount", "2024-02-30,D1,1", "2024-05-01,D1,2"]);
    dir.run(&["check"])
        .exits(0)
        .stdout_has("line 2: sold_on: not a date of the calendar")
        .stdout_has("ok, with rejected rows in the sample");
}

#[test]
fn a_check_finds_a_wrong_mapping() {
    let dir = Workdir::new().add_to_job("[sources.sales.columns]\nsold_on = \"dealer_id\"");
    let outcome = dir.run(&["check"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @"");
    let dir = dir.edit_job("sold_on = \"dealer_id\"", "sold_on = \"Date\"");
    dir.run(&["check"]).exits(65).stderr_has("there is no column \"Date\" for sales.sold_on");
}
