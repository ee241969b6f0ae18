//! The query cases: every folder of `tests/cases` is a job with small exports and the rows that a person computed for them
//! by hand, from the definitions. `README.md` of a case shows the arithmetic.
//!
//! `expected/<mart>.csv` names the columns to compare, the key among them, and lists the rows in the order of the table. An
//! empty cell is NULL. It lists all rows, unless its first line is `# some rows`. `expected/failure.txt` stands instead where
//! the run has to fail, and holds a part of the error.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use dealerlens::analysis::QuerySet;
use dealerlens::model::contract::{ColumnType, Contract, Contracts};
use dealerlens::model::event::Unwatched;
use dealerlens::model::failure::Result;
use dealerlens::publish::{RenderedRow, read_table, render_rows};

use crate::nights::night;

const SOME_ROWS: &str = "# some rows\n";
/// Relative, for rates and probabilities; everything else is compared as text.
const TOLERANCE: f64 = 1e-9;

fn contracts() -> Contracts {
    QuerySet::load(None, None).unwrap().contracts()
}

/// What is in a folder, by name.
pub fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for path in entries(from) {
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, copied).unwrap();
        }
    }
}

/// The folder of the published tables, or the failure.
fn run_copy(folder: &Path) -> Result<PathBuf> {
    night(folder.join("dealerlens.toml"), None, &Unwatched).map(|published| published.latest)
}

/// Where a case is not as expected, each a line that begins with the name of the case.
fn check_case(case: &Path, contracts: &Contracts) -> Vec<String> {
    let work = tempfile::tempdir().unwrap();
    copy(case, work.path());
    let expected = entries(&case.join("expected"));
    let outcome = run_copy(work.path());
    let mut differences = Vec::new();
    if !case.join("README.md").is_file() || expected.is_empty() {
        differences.push("needs README.md and at least one file in expected/".to_owned());
    }
    for path in expected {
        let text = fs::read_to_string(&path).unwrap();
        differences.extend(match (path.ends_with("failure.txt"), &outcome) {
            (true, outcome) => check_failure(text.trim(), outcome),
            (false, Ok(latest)) => check_mart(&name_of(&path), &text, latest, contracts),
            (false, Err(failure)) => vec![format!("{}: the run failed: {failure}", name_of(&path))],
        });
    }
    differences.into_iter().map(|difference| format!("{}: {difference}", name_of(case))).collect()
}

fn check_failure(expected: &str, outcome: &Result<PathBuf>) -> Vec<String> {
    match outcome {
        Err(failure) if failure.to_string().contains(expected) => Vec::new(),
        Err(failure) => vec![format!("expected the failure \"{expected}\", found \"{failure}\"")],
        Ok(_) => vec![format!("expected the failure \"{expected}\", but the run published")],
    }
}

fn check_mart(mart: &str, text: &str, latest: &Path, contracts: &Contracts) -> Vec<String> {
    let Some(contract) = contracts.get(mart) else { return vec![format!("{mart}: there is no such mart")] };
    let found = render_rows(&read_table(latest, mart).unwrap(), None).unwrap();
    let differences = compare(&Expected::parse(text), &found, contract);
    differences.into_iter().map(|difference| format!("{mart}: {difference}")).collect()
}

/// The rows that a case expects of a mart.
struct Expected {
    is_whole: bool,
    columns: Vec<String>,
    rows: Vec<RenderedRow>,
}

impl Expected {
    fn parse(text: &str) -> Self {
        let lines = text.strip_prefix(SOME_ROWS);
        let mut reader = csv::Reader::from_reader(lines.unwrap_or(text).as_bytes());
        let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let cell = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let row = |record: csv::StringRecord| columns.iter().cloned().zip(record.iter().map(cell)).collect();
        let rows = reader.records().map(|record| row(record.unwrap())).collect();
        Self { is_whole: lines.is_none(), columns, rows }
    }
}

fn compare(expected: &Expected, found: &[RenderedRow], contract: &Contract) -> Vec<String> {
    let strange = expected.columns.iter().filter(|name| kind(contract, name).is_none());
    let missing = contract.key.iter().filter(|name| !expected.columns.contains(name));
    let mut differences: Vec<String> = strange.map(|name| format!("there is no column {name}")).collect();
    differences.extend(missing.map(|name| format!("the key column {name} is not listed")));
    if !differences.is_empty() {
        return differences;
    }
    let places: BTreeMap<String, usize> =
        found.iter().enumerate().map(|(place, row)| (key(row, contract), place)).collect();
    let mut next = 0;
    for row in &expected.rows {
        let Some(&place) = places.get(&key(row, contract)) else {
            differences.push(format!("{}: the row is missing", key(row, contract)));
            continue;
        };
        if place < next {
            differences.push(format!("{}: listed twice or not in the order of the key", key(row, contract)));
        }
        next = place + 1;
        differences.extend(compare_row(&expected.columns, row, &found[place], contract));
    }
    let is_listed = |row: &&RenderedRow| expected.rows.iter().any(|listed| key(listed, contract) == key(row, contract));
    if expected.is_whole {
        let extra = found.iter().filter(|row| !is_listed(row));
        differences.extend(extra.map(|row| format!("{}: the row is not expected", key(row, contract))));
    }
    differences
}

fn compare_row(columns: &[String], expected: &RenderedRow, found: &RenderedRow, contract: &Contract) -> Vec<String> {
    let differs = |name: &&String| !is_equal(kind(contract, name), &expected[*name], &found[*name]);
    let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "NULL".to_owned());
    let line = |name: &String| {
        let (expected, found) = (show(&expected[name]), show(&found[name]));
        format!("{name}: expected {expected}, found {found}")
    };
    columns.iter().filter(differs).map(|name| format!("{}: {}", key(found, contract), line(name))).collect()
}

fn is_equal(kind: Option<ColumnType>, expected: &Option<String>, found: &Option<String>) -> bool {
    match (kind, expected, found) {
        (Some(ColumnType::Number), Some(expected), Some(found)) => {
            let (expected, found): (f64, f64) = (expected.parse().unwrap(), found.parse().unwrap());
            (expected - found).abs() <= TOLERANCE * expected.abs().max(found.abs())
        }
        _ => expected == found,
    }
}

fn kind(contract: &Contract, name: &str) -> Option<ColumnType> {
    contract.columns.iter().find(|column| column.name == name).map(|column| column.kind)
}

/// The key of a row in one line.
fn key(row: &RenderedRow, contract: &Contract) -> String {
    let parts: Vec<&str> = contract.key.iter().map(|name| row[name].as_deref().unwrap_or("NULL")).collect();
    parts.join(" | ")
}

#[test]
fn every_case_gives_the_rows_that_were_computed_by_hand() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let cases: Vec<PathBuf> = entries(&folder).into_iter().filter(|path| path.is_dir()).collect();
    assert!(!cases.is_empty(), "there is no case in {}", folder.display());
    let contracts = contracts();
    let workers = thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let check = |cases: &[PathBuf]| cases.iter().flat_map(|case| check_case(case, &contracts)).collect::<Vec<_>>();
    let differences: Vec<String> = thread::scope(|scope| {
        let parts: Vec<_> =
            cases.chunks(cases.len().div_ceil(workers)).map(|part| scope.spawn(move || check(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// Differences of a scorecard of one dealer against expected lines.
fn differences(expected: &str) -> Vec<String> {
    let found = [("dealer_id", "D1"), ("sales_12w", "100.0000"), ("active_rate", "0.3333333333333333")];
    let found = found.map(|(name, value)| (name.to_owned(), Some(value.to_owned())));
    let row: RenderedRow = found.into_iter().chain([("sales_growth".to_owned(), None)]).collect();
    compare(&Expected::parse(expected), &[row], &contracts()["dealer_scorecard"])
}

#[test]
fn numbers_may_differ_by_a_billionth_and_money_by_nothing() {
    assert!(differences("dealer_id,sales_12w,active_rate,sales_growth\nD1,100.0000,0.33333333333,\n").is_empty());
    let lines = differences("dealer_id,sales_12w,active_rate,sales_growth\nD1,100.0001,0.33333333,0\n");
    let expected = [
        "D1: sales_12w: expected 100.0001, found 100.0000",
        "D1: active_rate: expected 0.33333333, found 0.3333333333333333",
        "D1: sales_growth: expected 0, found NULL",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn rows_too_few_and_too_many_are_named() {
    assert_eq!(differences("dealer_id\n"), ["D1: the row is not expected"]);
    assert_eq!(differences("dealer_id\nD1\nD2\n"), ["D2: the row is missing"]);
    assert_eq!(differences("dealer_id\nD1\nD1\n"), ["D1: listed twice or not in the order of the key"]);
}

#[test]
fn some_rows_leave_the_others_alone() {
    assert!(differences("# some rows\ndealer_id\n").is_empty());
    assert_eq!(differences("# some rows\ndealer_id\nD2\n"), ["D2: the row is missing"]);
}

#[test]
fn a_column_that_is_not_there_and_a_key_that_is_not_listed_are_named() {
    let expected = ["there is no column sales", "the key column dealer_id is not listed"];
    assert_eq!(differences("sales\n1\n"), expected);
}
