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
    let page = page.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(page, @r"
    Alpha Trading (D1) - North, -, -
    as of 2024-05-03, run [run]

    class: deepen
      strong coverage: active outlets 1 against 1.0 (P 0.57)
      low performance: sales per outlet 100.00 against 175.00 (P 0.27), 75.00 more sales to reach it

                                    last 12 weeks     base: year_ago
    sales                                  100.00              80.00
    returns                                -20.00               0.00
    covered outlets                             1                  1
    active outlets                              1                  1
    active rate                           100.0 %            100.0 %
    orders per active outlet                 1.00               1.00
    average order value                    120.00              80.00
    target                                      -
    attainment                                  -
    numeric distribution                        -
    growth                                 25.0 %

    why sales changed by 20.00
      channels entered                       0.00
      channels left                          0.00
      covered outlets                        0.00
      active rate                            0.00
      orders per active outlet               0.00
      average order value                   40.00
      returns                              -20.00

    snapshot    class     P coverage P performance  cause of change
    2024-05-03  deepen          0.57         0.27
    2024-04-05  deepen          0.00         0.00
    2024-03-08  deepen          0.00         0.00
    2024-02-09  deepen          0.00         0.00
    2024-01-12  deepen          0.00         0.00
    2023-12-15  deepen          0.00         0.00
    2023-11-17  deepen          0.00         0.00
    2023-10-20  deepen          0.00         0.00
    2023-09-22  deepen          0.00         0.00
    2023-08-25  deepen          0.00         0.00
    2023-07-28  deepen          0.00         0.00
    2023-06-30  deepen          0.57         0.14
    2023-06-02  deepen          0.57         0.14

    goals for the next 12 weeks
      goal    goal 1.2 x 100.00 = 120.00, 20.00 more; no opportunity is listed with an expected value, which counts as 0; 20.00 remain; the history is too short to tell the season, so sales are taken to stay: out of reach; alone it takes 2 covered outlets (now 1), or an active rate of 120.0 % (now 100.0 %; impossible), or 1.20 orders per active outlet (now 1.00), or 144.00 an order (now 120.00); or the other three higher by 6.3 %
      double  goal 2.0 x 100.00 = 200.00, 100.00 more; no opportunity is listed with an expected value, which counts as 0; 100.00 remain; the history is too short to tell the season, so sales are taken to stay: out of reach; alone it takes 2 covered outlets (now 1), or an active rate of 200.0 % (now 100.0 %; impossible), or 2.00 orders per active outlet (now 1.00), or 240.00 an order (now 120.00); or the other three higher by 26.0 %

    where to grow: 0.00 expected from its outlets, 0.00 from new ones
    ");
}

#[test]
fn an_unknown_dealer_brings_the_one_that_is_near_by_id_or_name() {
    let dealers = ["dealer_id,region,dealer_name", "D1001,North,Alpha Trading", "D2002,South,Beta Foods"];
    let dir = Workdir::new().csv("dealers.csv", &dealers);
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1001,100"]);
    dir.run(&["run"]).exits(0);
    for (typed, meant) in [("D101", "D1001"), ("beta food", "D2002")] {
        dir.run(&["explain", typed])
            .exits(66)
            .stderr_has(&format!("error: there is no dealer \"{typed}\" in the latest run"))
            .stderr_has(meant);
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
    let shown = |line: &str| line.split_whitespace().take(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(shown(&lines[1]), [published.as_str(), "published", "2024-05-03"]);
    assert_eq!(shown(&lines[2])[..2], [dir.names("out/refused")[0].clone(), "refused".to_owned()]);
}

#[test]
fn the_history_counts_every_rejected_row() {
    let lines = ["sold_on,dealer_id,amount", "2024-05-01,D1,100", "2024-05-01,D9,1", "2024-05-01,D1,x"];
    let dir = Workdir::new().csv("sales.csv", &lines);
    dir.run(&["run"]).exits(0);
    let listed = dir.run(&["history"]).exits(0).stdout;
    let counts: Vec<_> = listed.lines().skip(1).flat_map(str::split_whitespace).skip(3).take(2).collect();
    assert_eq!(counts, ["5", "2"], "{listed}");
}

#[test]
fn completions_and_the_version_are_printed() {
    let _filters = snapshots();
    let dir = Workdir::empty();
    dir.run(&["completions", "bash"]).exits(0).stdout_has("_dealerlens()");
    insta::assert_snapshot!(dir.run(&["--version"]).exits(0).stdout, @"dealerlens [version]");
}

#[test]
fn a_check_of_a_good_job_reads_everything_and_writes_nothing() {
    let dir = Workdir::new();
    let said = dir.run(&["check"]).exits(0).stdout_has(" tables agree with their contracts").stdout;
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
    insta::assert_snapshot!(outcome.stderr, @r"
    error: sales.csv: no row of the sample can be read; line 2: sold_on: not a date of the calendar in one of the formats of the job file
    hint: check columns, dates, decimal and thousands under [sources.sales] in the job file
    ");
    let dir = dir.edit_job("sold_on = \"dealer_id\"", "sold_on = \"Date\"");
    dir.run(&["check"]).exits(65).stderr_has("there is no column \"Date\" for sales.sold_on");
}

#[test]
fn a_report_in_another_language_says_which_sentences_stay() {
    const KEPT: &str = "sentences from the tables stay as the run wrote them (lang zh)";
    let dir = year();
    dir.run(&["run", "--force", "--lang", "zh"]).exits(0);
    dir.run(&["report", "--to", "own"]).exits(0).stderr_lacks(KEPT);
    dir.run(&["report", "--to", "english", "--lang", "en"]).exits(0).stderr_has(KEPT);
    let page = |folder: &str| dir.read(&format!("{folder}/report.html"));
    assert!(page("own").contains("lang=\"zh\"") && page("english").contains("lang=\"en\""));
}
