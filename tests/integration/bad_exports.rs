//! Exports that are wrong as a whole: their header, their encoding, their content.

use crate::encodings::gzipped;
use crate::workdir::Workdir;

#[test]
fn a_missing_column_brings_the_line_to_write() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,value", "2024-05-01,D1,100"]);
    let outcome = dir.run(&["run"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @r#"
    error: sales.csv: there is no column "amount" for sales.amount
    hint: its header is: sold_on, dealer_id, value
    hint: write amount = "<header in the export>" under [sources.sales.columns]
    hint: nothing has been published yet
    "#);
    dir.has_published_nothing();
}

#[test]
fn a_renamed_column_brings_the_name_that_is_near() {
    let dir = Workdir::new()
        .add_to_job("[sources.sales.columns]\namount = \"Net Amount\"")
        .csv("sales.csv", &["sold_on,dealer_id,Net Amnt", "2024-05-01,D1,100"]);
    let outcome = dir.run(&["run"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @r#"
    error: sales.csv: there is no column "Net Amount" for sales.amount
    hint: its header is: sold_on, dealer_id, Net Amnt
    hint: write amount = "Net Amnt" under [sources.sales.columns]
    hint: nothing has been published yet
    "#);
    dir.has_published_nothing();
}

#[test]
fn a_header_that_stands_twice_is_refused_when_it_is_mapped() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount,amount", "2024-05-01,D1,100,200"]);
    let outcome = dir.run(&["run"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @r#"
    error: sales.csv: the header has "amount" twice, in columns 3 and 4, and it is not clear which one is meant
    hint: rename one of them in the export, or set header = false and map columns by position ("1", "2" ...)
    hint: nothing has been published yet
    "#);
    dir.has_published_nothing();
}

#[test]
fn a_header_that_stands_twice_does_no_harm_when_nobody_reads_it() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount,note,note", "2024-05-01,D1,100,a,b"]);
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
}

#[test]
fn an_empty_file_is_refused() {
    let dir = Workdir::new().file("sales.csv", "");
    let outcome = dir.run(&["run"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @r"
    error: sales.csv: the file ends or is blank at line 1, where the header should be
    hint: ask for the export again, or check sources.sales.skip_rows
    hint: nothing has been published yet
    ");
    dir.has_published_nothing();
}

#[test]
fn a_header_without_rows_is_a_warning_beside_other_sales() {
    let dir = Workdir::new().csv("sales-2024-06.csv", &["sold_on,dealer_id,amount"]);
    dir.run(&["run"]).exits(0).stderr_has("WARN     sales-2024-06.csv has a header and no rows");
    assert_eq!(dir.published().manifest()["warnings"][0], "sales-2024-06.csv has a header and no rows");
    assert_eq!(dir.published().sales_of("D2"), "250.0000");
}

#[test]
fn sales_without_any_row_are_refused() {
    let dir = Workdir::new().csv("sales.csv", &["sold_on,dealer_id,amount"]);
    dir.run(&["run"])
        .exits(65)
        .stderr_has("FAIL     some_sales: 0 accepted sales lines (at least 1)")
        .stderr_has("nothing was published, because of some_sales");
    dir.has_published_nothing();
}

#[test]
fn the_same_export_twice_is_read_once() {
    let dir = Workdir::new();
    let text = dir.read("sales.csv");
    let dir = dir.file("sales_copy.csv", text);
    dir.run(&["run"])
        .exits(0)
        .stderr_has("WARN     sales_copy.csv has the same content as sales.csv and is not read again");
    let published = dir.published();
    assert_eq!((published.sales_of("D1"), published.sales_of("D2")), ("80.0000".to_owned(), "250.0000".to_owned()));
    assert_eq!(published.quality("sales_copy.csv", "read", "read"), "none");
}

#[test]
fn a_parquet_file_that_is_none_is_refused() {
    let dir = Workdir::new().edit_job("sales*.csv", "sales.parquet").file("sales.parquet", "no table at all");
    dir.run(&["run"])
        .exits(65)
        .stderr_has("error: sales.parquet: the Parquet file cannot be read")
        .stderr_has("hint: ask for the export again");
    dir.has_published_nothing();
}

#[test]
fn every_export_at_fault_is_named_by_its_path_from_the_job_file() {
    let dir =
        Workdir::new().edit_job("sales*.csv", "exports/*/sales.csv").csv("exports/june/sales.csv", &["day,dealer,net"]);
    dir.run(&["run"]).exits(65).stderr_has("error: exports/june/sales.csv: there is no column \"sold_on\"");
    dir.has_published_nothing();
}

#[test]
fn a_line_that_does_not_end_is_refused_with_its_place() {
    let text = format!("sold_on,dealer_id,amount\n2024-05-01,D1,{}", "1".repeat(5 << 20));
    let packed = gzipped(&text);
    let dir = Workdir::new().edit_job("sales*.csv", "sales.csv*").file("sales.csv", text);
    dir.run(&["run"]).exits(65).stderr_has(
        "error: sales.csv: line 2 is longer than 4 MiB\nhint: no record is that long: ask for the export again",
    );
    dir.run(&["check"]).exits(65).stderr_has("error: sales.csv: line 2 is longer than 4 MiB");
    let dir = dir.without("sales.csv").file("sales.csv.gz", packed);
    dir.run(&["run"]).exits(65).stderr_has("error: sales.csv.gz: line 2 is longer than 4 MiB");
    dir.has_published_nothing();
}

#[test]
fn a_header_with_an_open_quote_is_refused_before_the_file_is_read_into_it() {
    let rows = "2024-05-01,D1,1\n".repeat(400_000);
    let dir = Workdir::new().file("sales.csv", format!("sold_on,dealer_id,\"amount\n{rows}"));
    dir.run(&["check"]).exits(65).stderr_has("error: sales.csv: a quote opens in line 1 and is not closed");
}

#[test]
fn more_columns_than_a_spreadsheet_has_are_refused() {
    let names: Vec<String> = (0..100_000).map(|place| format!("column {place}")).collect();
    let dir = Workdir::new().csv("sales.csv", &[&format!("sold_on,dealer_id,amount,{}", names.join(","))]);
    let outcome = dir.run(&["run"]).exits(65);
    insta::assert_snapshot!(outcome.stderr, @r"
    error: sales.csv: the header has 100003 columns, and at most 16384 are read
    hint: ask for an export with one column for each field, or check the delimiter
    hint: nothing has been published yet
    ");
}

#[test]
fn as_many_columns_as_a_spreadsheet_has_are_read() {
    let names: Vec<String> = (3..16_384).map(|place| format!("column {place}")).collect();
    let cells = ",x".repeat(names.len());
    let header = format!("sold_on,dealer_id,amount,{}", names.join(","));
    let dir = Workdir::new().csv("sales.csv", &[&header, &format!("2024-05-01,D1,100{cells}")]);
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "100.0000");
    let header = header.replace("column", "field");
    let dir = dir.csv("sales.csv", &[&header, &format!("2024-05-01,D1,101{cells}")]);
    dir.run(&["run"]).exits(0).stderr_has("32752 more changes");
}
