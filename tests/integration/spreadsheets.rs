//! Spreadsheets as people send them: titles above the table, totals in it, days in either date system, cells that lie.
//! The files are made by `tests/fixtures/make_spreadsheets.py`.

use std::fs;
use std::path::Path;

use crate::tables::cell;
use crate::workdir::{Outcome, Workdir};

/// The same table in each of them.
const SALES: [&str; 3] = ["sales.xlsx", "sales.xls", "sales.ods"];

/// Days and signs are those of the cells that are text.
const MAPPING: &str = r#"skip_rows = 3
dates = ["%d.%m.%Y"]
decimal = ","
thousands = "."

[sources.sales.columns]
sold_on = "Date"
dealer_id = "Dealer"
order_id = "Order"
amount = "Amount"
quantity = "Quantity""#;

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/spreadsheets");
    fs::read(folder.join(name)).unwrap()
}

/// A job whose sales are in this one file.
fn job_of(name: &str, content: impl AsRef<[u8]>) -> Workdir {
    Workdir::new().without("sales.csv").edit_job("sales*.csv", name).file(name, content)
}

pub fn mapped(name: &str) -> Workdir {
    job_of(name, fixture(name)).add_to_job(MAPPING)
}

#[track_caller]
fn refused(dir: &Workdir) -> Outcome {
    let outcome = dir.run(&["run"]).exits(65);
    dir.has_published_nothing();
    outcome
}

#[test]
fn numbers_and_days_are_read_as_such_and_as_text() {
    for name in SALES {
        let dir = mapped(name);
        dir.run(&["run"]).exits(0);
        let published = dir.published();
        // 1250.75 - 20.25, and 1.250,25 as text with a sum of binary fractions that shows as 0.3.
        assert_eq!((published.sales_of("D1"), published.sales_of("D2")), ("1230.5000".into(), "1250.5500".into()));
        let scorecard = published.row("dealer_scorecard", "dealer_id", "D2");
        assert_eq!((cell(&scorecard, "first_sold_on"), cell(&scorecard, "as_of")), ("2024-05-02", "2024-05-07"));
    }
}

#[test]
fn rows_that_are_no_records_are_rejected_with_their_row_in_the_sheet() {
    for name in SALES {
        let dir = mapped(name);
        dir.run(&["run"]).exits(0);
        let expected = [
            "9 error_cell amount #N/A",
            "10 damaged_id order_id 1000000000000000",
            "11 damaged_id order_id 1.23457E+15",
            "12 not_a_record NULL Total,,,2480.75,4,,",
            "14 not_a_record NULL 合计,,,2481.05,5,,",
        ];
        assert_eq!(dir.published().rejected(), expected.map(|row| format!("{name}:{row}")));
        let messages = dir.published().column("rejected_rows", "message");
        assert_eq!(messages[0], "amount: the spreadsheet shows an error here");
        assert_eq!(messages[2], "order_id: a spreadsheet turned this id into a rounded number");
    }
}

#[test]
fn every_format_gives_the_same_marts() {
    let [xlsx, xls, ods] = SALES.map(|name| mapped(name).run_to_checksums());
    assert_eq!(xlsx, xls);
    assert_eq!(xlsx, ods);
}

#[test]
fn days_that_count_from_1904_are_the_same_days_as_in_a_text() {
    let name = "sales_1904.xlsx";
    assert_eq!(job_of(name, fixture(name)).run_to_checksums(), Workdir::new().run_to_checksums());
}

#[test]
fn an_extension_in_capitals_is_the_same_format() {
    let shouted = job_of("SALES.XLSX", fixture("sales.xlsx")).add_to_job(MAPPING);
    assert_eq!(shouted.run_to_checksums(), mapped("sales.xlsx").run_to_checksums());
}

#[test]
fn a_sheet_is_found_by_its_name() {
    let name = "sales_1904.xlsx";
    let named = job_of(name, fixture(name)).add_to_job("sheet = \"May\"");
    assert_eq!(named.run_to_checksums(), Workdir::new().run_to_checksums());
}

#[test]
fn an_unknown_sheet_brings_the_name_that_is_near() {
    for name in SALES {
        let dir = job_of(name, fixture(name)).add_to_job("sheet = \"Sals\"");
        refused(&dir)
            .stderr_has(&format!("error: {name}: there is no sheet \"Sals\""))
            .stderr_has("hint: its sheets are: Sales, Notes")
            .stderr_has("hint: did you mean \"Sales\"?");
    }
}

#[test]
fn a_sheet_without_a_table_is_refused() {
    for name in SALES {
        let dir = job_of(name, fixture(name)).add_to_job("sheet = \"Notes\"");
        refused(&dir)
            .stderr_has(&format!("error: {name}: the sheet \"Notes\" ends or is blank at row 1"))
            .stderr_has("check sources.sales.sheet and sources.sales.skip_rows");
    }
}

#[test]
fn title_rows_that_the_job_file_does_not_skip_are_taken_for_the_header() {
    let dir = job_of("sales.xlsx", fixture("sales.xlsx"));
    refused(&dir).stderr_has("its header is: Acme Foods: sales of May 2024");
}

#[test]
fn a_file_that_is_no_spreadsheet_is_refused() {
    for name in SALES {
        refused(&job_of(name, "no table at all"))
            .stderr_has(&format!("error: {name}: the spreadsheet cannot be read"))
            .stderr_has("hint: open it in a spreadsheet program and save it again as XLSX, without a password");
    }
}
