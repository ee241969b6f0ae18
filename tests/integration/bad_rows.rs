//! Rows whose cells cannot be told apart or read: one of them costs itself and nothing else.

use crate::workdir::Workdir;

#[test]
fn rows_with_too_few_and_too_many_fields_are_rejected() {
    let lines = ["sold_on,dealer_id,amount", "2024-05-01,D1", "2024-05-01,D1,1,2", "2024-05-01,D1,100"];
    let dir = Workdir::new().csv("sales.csv", &lines);
    let expected = ["sales.csv:2 ragged_row NULL 2024-05-01,D1", "sales.csv:3 ragged_row NULL 2024-05-01,D1,1,2"];
    assert_eq!(dir.run_to_rejected(), expected);
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
    assert_eq!(
        dir.published().rows("rejected_rows")[0]["message"].as_deref(),
        Some("the row has 2 fields, the header has 3")
    );
}

#[test]
fn a_row_with_too_few_fields_stops_a_job_that_allows_none() {
    let dir = Workdir::new()
        .edit_job("max_rejected_share = 1.0", "max_rejected_share = 0.0")
        .csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1", "2024-05-01,D1,100"]);
    dir.run(&["run"]).exits(65).stderr_has("FAIL     max_rejected_share sales: 50.000 % rejected (at most 0.000 %)");
    assert_eq!(dir.refused().rejected(), ["sales.csv:2 ragged_row NULL 2024-05-01,D1"]);
    dir.has_published_nothing();
}

#[test]
fn a_quote_that_never_closes_costs_its_own_line_only() {
    let lines = ["sold_on,dealer_id,amount", "2024-05-01,\"D1,100", "2024-05-02,D2,250", "2024-05-03,D1,30"];
    let dir = Workdir::new().csv("sales.csv", &lines);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:2 unclosed_quote NULL 2024-05-01,\"D1,100"]);
    assert_eq!((dir.published().sales_of("D1"), dir.published().sales_of("D2")), ("30.0000".into(), "250.0000".into()));
}

#[test]
fn a_quote_that_a_later_row_closes_costs_its_own_line_only() {
    let lines = ["sold_on,dealer_id,amount", "2024-05-01,\"D1,100", "2024-05-02,\"D2\",250", "2024-05-03,D1,30"];
    let dir = Workdir::new().csv("sales.csv", &lines);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:2 unclosed_quote NULL 2024-05-01,\"D1,100"]);
    assert_eq!((dir.published().sales_of("D1"), dir.published().sales_of("D2")), ("30.0000".into(), "250.0000".into()));
}

#[test]
fn open_quotes_in_lines_one_behind_the_other_cost_those_lines_only() {
    let lines = [
        "sold_on,dealer_id,amount",
        "\"2024-05-01,D1,1",
        "\"2024-05-02,D1,2",
        "\"2024-05-03,D1,3",
        "2024-05-04,D1,30",
        "",
    ];
    for end in ["\n", "\r\n"] {
        let dir = Workdir::new().file("sales.csv", lines.join(end));
        let rejected = |line: usize| format!("sales.csv:{} unclosed_quote NULL {}", line + 1, lines[line]);
        assert_eq!(dir.run_to_rejected(), [rejected(1), rejected(2), rejected(3)]);
        assert_eq!(dir.published().sales_of("D1"), "30.0000");
    }
}

#[test]
fn a_quote_that_opens_in_the_last_line_costs_that_line() {
    for end in ["", "\n"] {
        let text = format!("sold_on,dealer_id,amount\n2024-05-01,D1,100\n2024-05-02,D2,\"250{end}");
        let dir = Workdir::new().file("sales.csv", text);
        assert_eq!(dir.run_to_rejected(), ["sales.csv:3 unclosed_quote NULL 2024-05-02,D2,\"250"]);
        assert_eq!(dir.published().sales_of("D1"), "100.0000");
    }
}

#[test]
fn a_quoted_field_over_several_lines_is_a_field() {
    let lines =
        ["sold_on,dealer_id,note,amount", "2024-05-01,D1,\"left at", "the \"\"gate\"\"\",100", "2024-05-02,D2,,x"];
    let dir = Workdir::new().csv("sales.csv", &lines);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:4 bad_amount amount x"]);
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
}

#[test]
fn lines_count_alike_whatever_ends_them() {
    for end in ["\n", "\r\n"] {
        let lines = ["sold_on,dealer_id,amount", "2024-05-01,D1,x", "2024-05-01,D1,100", "2024-05-01,D1,y", ""];
        let dir = Workdir::new().file("sales.csv", lines.join(end));
        assert_eq!(dir.run_to_rejected(), ["sales.csv:2 bad_amount amount x", "sales.csv:4 bad_amount amount y"]);
    }
}

#[test]
fn quotes_inside_a_field_are_letters() {
    let lines = ["dealer_id,dealer_name,region", "D1,5\" Pipes,North", "D2,\"\"\"Best\"\" Foods, Ltd\",South"];
    let dir = Workdir::new().csv("dealers.csv", &lines);
    assert!(dir.run_to_rejected().is_empty());
    assert_eq!(dir.published().column("dim_dealer", "dealer_name"), ["5\" Pipes", "\"Best\" Foods, Ltd"]);
}

#[test]
fn a_nul_byte_rejects_its_row() {
    let dir =
        Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D\x001,100", "2024-05-02,D2,250"]);
    assert_eq!(dir.run_to_rejected(), ["sales.csv:2 nul_byte dealer_id D\\u{0}1"]);
    assert_eq!(dir.published().sales_of("D2"), "250.0000");
}

#[test]
fn bytes_that_are_no_utf8_reject_their_row() {
    let dir = Workdir::new().file("sales.csv", b"sold_on,dealer_id,amount\n2024-05-01,D\xFC,100\n2024-05-02,D2,250\n");
    assert_eq!(dir.run_to_rejected(), ["sales.csv:2 invalid_utf8 dealer_id D\u{FFFD}"]);
    assert_eq!(dir.published().sales_of("D2"), "250.0000");
    assert_eq!(dir.published().quality("sales.csv", "rejected", "invalid_utf8"), "1 rows, 100.0000");
}

#[test]
fn bytes_in_columns_that_nobody_reads_do_no_harm() {
    let dir = Workdir::new().file("sales.csv", b"sold_on,dealer_id,note,amount\n2024-05-01,D1,\xFC\0,100\n");
    assert!(dir.run_to_rejected().is_empty());
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
}

#[test]
fn a_last_row_without_a_line_end_is_a_row() {
    for end in ["\n", "\r\n"] {
        let lines = ["sold_on,dealer_id,amount", "2024-05-01,D1,1", "2024-05-02,D2,50"];
        let dir = Workdir::new().file("sales.csv", lines.join(end));
        assert!(dir.run_to_rejected().is_empty());
    }
}

#[test]
fn blank_lines_are_no_rows() {
    for end in ["\n", "\r\n"] {
        let lines = ["sold_on,dealer_id,amount", "2024-05-01,D1,1", "", "2024-05-02,D2,x", ""];
        let dir = Workdir::new().file("sales.csv", lines.join(end));
        assert_eq!(dir.run_to_rejected(), ["sales.csv:4 bad_amount amount x"]);
    }
}

#[test]
fn a_field_over_several_lines_may_hold_delimiters() {
    for end in ["\n", "\r\n"] {
        let lines = ["dealer_id,address,region", "D1,\"1 Main St", "London, UK\",North", "D2,x,South", ""];
        let dir = Workdir::new().file("dealers.csv", lines.join(end));
        assert!(dir.run_to_rejected().is_empty());
        assert_eq!(dir.published().column("dim_dealer", "dealer_id"), ["D1", "D2"]);
    }
}
