//! What a run says about the run before it: `tests/fixtures/restatements` holds the exports of two nights, and the rows that
//! a person computed for the second one by hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::tables::{Row, cell};
use crate::workdir::Workdir;

/// An export of the day after the second night's picture.
const NEWS: [&str; 2] = ["sold_on,dealer_id,amount,order_id,line_no", "2025-06-01,D1,3,a5,1"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/restatements").join(name)
}

/// A fresh folder with the job, and the exports of the first night.
fn first_night() -> Workdir {
    let text = |name: &str| fs::read_to_string(fixture(name)).unwrap();
    let dir = Workdir::empty().job(&text("dealerlens.toml")).file("dealers.csv", text("dealers.csv"));
    with_exports(dir, "first")
}

/// Replaces all exports of sales by those of a night.
fn with_exports(dir: Workdir, night: &str) -> Workdir {
    let dir = dir.names("sales").iter().fold(dir, |dir, name| dir.without(&format!("sales/{name}")));
    let exports = fs::read_dir(fixture(night)).unwrap().map(|entry| entry.unwrap().path());
    exports.fold(dir, |dir, path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        dir.file(&format!("sales/{name}"), fs::read(&path).unwrap())
    })
}

/// The columns that a person computed, as the run published them.
fn found(dir: &Workdir, columns: &csv::StringRecord) -> Vec<Vec<String>> {
    let shown = |row: &Row| columns.iter().map(|column| cell(row, column).to_owned()).collect();
    dir.published().rows("restatements").iter().map(shown).collect()
}

fn expected() -> (csv::StringRecord, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(fixture("expected/restatements.csv")).unwrap();
    let columns = reader.headers().unwrap().clone();
    let rows = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
    (columns, rows.collect())
}

/// Kinds of the published rows, each once.
fn kinds(dir: &Workdir) -> BTreeSet<String> {
    dir.published().column("restatements", "kind").into_iter().collect()
}

#[test]
fn a_first_run_has_nothing_to_restate() {
    let dir = first_night();
    dir.run(&["run"]).exits(0).stderr_has("PASS     restatements_add_up");
    assert!(dir.published().rows("restatements").is_empty());
}

#[test]
fn a_second_run_shows_what_it_reads_otherwise() {
    let dir = first_night();
    dir.run(&["run"]).exits(0);
    let dir = with_exports(dir, "second");
    dir.run(&["run"]).exits(0).stderr_has("PASS     restatements_add_up");
    let (columns, rows) = expected();
    assert_eq!(found(&dir, &columns), rows);
}

#[test]
fn the_same_again_is_compared_with_the_same_run() {
    let dir = first_night();
    dir.run(&["run"]).exits(0);
    let dir = with_exports(dir, "second");
    dir.run(&["run"]).exits(0);
    let restatements = dir.published().checksums()["restatements"].clone();
    dir.run(&["run", "--force"]).exits(0);
    assert_eq!(dir.published().checksums()["restatements"], restatements);
}

#[test]
fn news_are_no_restatements() {
    let dir = with_exports(first_night(), "second");
    dir.run(&["run"]).exits(0);
    let dir = dir.csv("sales/day-01.csv", &NEWS);
    dir.run(&["run"]).exits(0).stdout_has("as of 2025-06-01");
    assert!(dir.published().rows("restatements").is_empty());
}

#[test]
fn a_withdrawn_correction_gives_the_lines_back() {
    let dir = with_exports(first_night(), "second").csv("sales/day-01.csv", &NEWS);
    dir.run(&["run"]).exits(0);
    let dir = dir.without("sales/c.csv");
    dir.run(&["run"]).exits(0);
    assert_eq!(kinds(&dir), BTreeSet::from(["removed".to_owned(), "restored".to_owned()]));
}
