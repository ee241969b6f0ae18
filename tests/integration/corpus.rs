//! The corpus: every folder of `tests/corpus` holds one source as people send it, and in `expected.toml` what has to
//! come of it, as a person worked it out from the export. `README.md` there says what an `expected.toml` may hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use dealerlens::model::event::Unwatched;
use dealerlens::model::failure::{Blame, Failure};
use dealerlens::model::manifest::Manifest;
use dealerlens::model::money::Money;
use dealerlens::model::reason::Reason;
use dealerlens::model::source::Source;
use dealerlens::pipeline::Published;
use dealerlens::publish::{read_table, render_rows};
use serde::Deserialize;
use toml::{Table, Value};

use crate::cases::entries;
use crate::nights::night;
use crate::tables::{Row, Tables, cell};

const EXPECTED: &str = "expected.toml";
/// The dealers and the sale that a job cannot do without, for cases that bring another source.
const COMMON: &str = "_common";
/// One bad row is a large share of a handful, so everything may be rejected.
const JOB: &str = r#"[job]
name = "corpus"

[quality]
max_rejected_share = 1.0

[publish]
report = false
workbook = false

[resources]
threads = 1

"#;

/// What has to come of a case: rows and money, or a failure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// What is awkward.
    about: String,
    /// The source that the exports of the case are.
    #[serde(rename = "for")]
    source: Source,
    /// What the job file says of that source, but for its files.
    #[serde(default, rename = "source")]
    section: Table,
    #[serde(default)]
    rows_read: u64,
    #[serde(default)]
    rows_accepted: u64,
    #[serde(default)]
    rows_rejected: u64,
    #[serde(default)]
    rows_superseded: u64,
    /// Of the accepted rows, where the source has money.
    amount: Option<String>,
    /// Lines by reason code.
    #[serde(default)]
    rejected: BTreeMap<String, Vec<u64>>,
    /// As the manifest names it.
    encoding: Option<String>,
    #[serde(default)]
    is_guess: bool,
    /// A part of one.
    warning: Option<String>,
    /// Some columns of all rows in staging.
    staged: Option<String>,
    /// A part of the error, its hints included.
    failure: Option<String>,
    exit: Option<u8>,
}

impl Expected {
    fn of(case: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(case.join(EXPECTED)).map_err(|error| format!("{EXPECTED}: {error}"))?;
        toml::from_str(&text).map_err(|error| format!("{EXPECTED}: {error}"))
    }

    /// Contradictions within it, which would let a case say less than it seems to.
    fn complaints(&self) -> Vec<String> {
        let listed: usize = self.rejected.values().map(Vec::len).sum();
        let accounted = self.rows_accepted + self.rows_rejected + self.rows_superseded;
        let has_money = self.source.money_column().is_some();
        let is_decimal = |amount: &str| Money::from_decimal_text(amount).is_some();
        let rules = [
            (!self.about.is_empty(), "about says nothing"),
            (self.failure.is_some() == self.exit.is_some(), "failure and exit go together"),
            (self.failure.is_none() || self.rows_read == 0, "a failure reads no rows"),
            (self.failure.is_some() || self.amount.is_some() == has_money, "amount goes with a source that has money"),
            (self.amount.as_deref().is_none_or(is_decimal), "amount is no decimal"),
            (self.rows_read == accounted, "rows_read is not the sum of what became of them"),
            (self.rows_rejected == listed as u64, "rows_rejected is not the number of lines under [rejected]"),
        ];
        rules.into_iter().filter(|(holds, _)| !holds).map(|(_, complaint)| complaint.to_owned()).collect()
    }

    /// The job file of a folder with these exports.
    fn job(&self, exports: &[String]) -> String {
        let mut sources = Table::new();
        for common in ["dealers", "sales"] {
            sources.insert(common.to_owned(), section(Table::new(), &[format!("{COMMON}/{common}.csv")]));
        }
        sources.insert(self.source.name().to_owned(), section(self.section.clone(), exports));
        let mut job = Table::new();
        job.insert("sources".to_owned(), Value::Table(sources));
        format!("{JOB}{}", toml::to_string(&job).unwrap())
    }
}

fn section(mut keys: Table, files: &[String]) -> Value {
    keys.insert("files".to_owned(), Value::from(files.to_vec()));
    Value::Table(keys)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The folders that have something to expect; byte code of the script that makes exports is none.
fn cases() -> Vec<PathBuf> {
    let is_case = |path: &PathBuf| path.is_dir() && !name_of(path).starts_with('_');
    entries(&folder()).into_iter().filter(is_case).collect()
}

fn copy(from: &Path, to: &Path) -> Vec<String> {
    fs::create_dir_all(to).unwrap();
    let mut names: Vec<String> = entries(from).iter().map(|path| name_of(path)).collect();
    names.retain(|name| name != EXPECTED);
    for name in &names {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
    names
}

/// Where a case is not as expected, each a line that begins with the name of the case.
fn check_case(case: &Path) -> Vec<String> {
    let differences = match Expected::of(case) {
        Err(complaint) => vec![complaint],
        Ok(expected) => match expected.complaints() {
            complaints if complaints.is_empty() => run_case(case, &expected),
            complaints => complaints,
        },
    };
    differences.into_iter().map(|difference| format!("{}: {difference}", name_of(case))).collect()
}

fn run_case(case: &Path, expected: &Expected) -> Vec<String> {
    let work = tempfile::tempdir().unwrap();
    let exports = copy(case, work.path());
    copy(&folder().join(COMMON), &work.path().join(COMMON));
    let job_file = work.path().join("dealerlens.toml");
    fs::write(&job_file, expected.job(&exports)).unwrap();
    match (night(job_file, None, &Unwatched), &expected.failure) {
        (Err(failure), Some(part)) => check_failure(part, expected.exit, &failure),
        (Err(failure), None) => vec![format!("the run failed: {failure}")],
        (Ok(_), Some(part)) => vec![format!("expected the failure \"{part}\", but the run published")],
        (Ok(published), None) => check_run(expected, &published, work.path()),
    }
}

fn check_failure(part: &str, exit: Option<u8>, failure: &Failure) -> Vec<String> {
    let mut differences = Vec::new();
    if !failure.to_string().contains(part) {
        differences.push(format!("expected the failure \"{part}\", found \"{failure}\""));
    }
    let found = exit_code(failure.blame);
    if exit != Some(found) {
        differences.push(format!("expected the exit code {exit:?}, found {found}: {failure}"));
    }
    differences
}

/// What the command line makes of it; exports can only be bad, missing or described wrongly.
fn exit_code(blame: Blame) -> u8 {
    match blame {
        Blame::Data => 65,
        Blame::MissingInput => 66,
        Blame::JobFile => 78,
        _ => 70,
    }
}

fn check_run(expected: &Expected, published: &Published, work: &Path) -> Vec<String> {
    let tables = Tables::of(published.latest.clone());
    let mut differences = check_balance(expected, &rows_of(&tables, "data_quality", expected.source));
    differences.extend(check_rejected(expected, &rows_of(&tables, "rejected_rows", expected.source)));
    differences.extend(check_manifest(expected, &published.manifest));
    let staging = work.join("out/staging").join(expected.source.name());
    differences.extend(expected.staged.iter().flat_map(|table| check_staged(table, &staging)));
    differences
}

fn rows_of(tables: &Tables, table: &str, source: Source) -> Vec<Row> {
    let mut rows = tables.rows(table);
    rows.retain(|row| cell(row, "source") == source.name());
    rows
}

fn check_balance(expected: &Expected, quality: &[Row]) -> Vec<String> {
    let of = |outcome: &'static str| quality.iter().filter(move |row| cell(row, "outcome") == outcome);
    let rows = |outcome| of(outcome).map(|row| cell(row, "rows").parse::<u64>().unwrap()).sum::<u64>();
    let sides = [
        ("read", expected.rows_read),
        ("accepted", expected.rows_accepted),
        ("rejected", expected.rows_rejected),
        ("superseded", expected.rows_superseded),
    ];
    let mut differences = Vec::new();
    for (outcome, wanted) in sides {
        differences.extend(difference(&format!("rows_{outcome}"), &wanted, &rows(outcome)));
    }
    let found: Money = of("accepted").filter_map(|row| Money::from_decimal_text(cell(row, "amount"))).sum();
    let wanted = expected.amount.as_deref().map(|amount| Money::from_decimal_text(amount).unwrap());
    differences.extend(difference("amount", &wanted.unwrap_or_default().to_string(), &found.to_string()));
    differences
}

fn difference<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, found: &T) -> Option<String> {
    (expected != found).then(|| format!("{what}: expected {expected:?}, found {found:?}"))
}

fn check_rejected(expected: &Expected, rejected: &[Row]) -> Option<String> {
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in rejected {
        found.entry(cell(row, "reason_code").to_owned()).or_default().push(cell(row, "line").parse().unwrap());
    }
    difference("rejected", &expected.rejected, &found)
}

fn check_manifest(expected: &Expected, manifest: &Manifest) -> Vec<String> {
    let mut differences = Vec::new();
    if let Some(name) = &expected.encoding {
        let wanted = Some((name.as_str(), expected.is_guess));
        for input in manifest.inputs.iter().filter(|input| input.source == expected.source.name()) {
            let found = input.encoding.as_ref().map(|encoding| (encoding.name.as_str(), encoding.is_guess));
            differences.extend(difference("encoding", &wanted, &found));
        }
    }
    let warned = |part: &String| manifest.warnings.iter().any(|warning| warning.contains(part));
    let missing = expected.warning.iter().filter(|part| !warned(part));
    differences.extend(missing.map(|part| format!("expected the warning \"{part}\", found {:?}", manifest.warnings)));
    differences
}

/// Compares the rows in any order: the exports of a source are staged side by side.
fn check_staged(table: &str, staging: &Path) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut expected: Vec<Vec<String>> =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    let mut found = staged(staging, &columns);
    expected.sort();
    found.sort();
    difference("staged", &expected, &found).into_iter().collect()
}

/// These columns of everything that was staged; NULL is an empty cell.
fn staged(staging: &Path, columns: &[String]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let names: Vec<String> = entries(staging).iter().map(|path| name_of(path)).collect();
    let tables = names.iter().filter_map(|name| name.strip_suffix(".parquet"));
    for table in tables.filter(|table| !table.ends_with(".rejections")) {
        for row in render_rows(&read_table(staging, table).unwrap(), None).unwrap() {
            rows.push(columns.iter().map(|column| row.get(column).cloned().flatten().unwrap_or_default()).collect());
        }
    }
    rows
}

#[test]
fn every_export_of_the_corpus_gives_what_was_expected() {
    let cases = cases();
    let workers = thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let check = |worker: usize| {
        cases.iter().skip(worker).step_by(workers).flat_map(|case| check_case(case)).collect::<Vec<String>>()
    };
    let mut differences: Vec<String> = thread::scope(|scope| {
        let parts: Vec<_> = (0..workers).map(|worker| scope.spawn(move || check(worker))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    differences.sort();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

#[test]
fn every_reason_has_a_case() {
    let cases = cases();
    assert!(cases.len() >= 70, "only {} cases are in {}", cases.len(), folder().display());
    let expected: Vec<Expected> = cases.iter().filter_map(|case| Expected::of(case).ok()).collect();
    let covered: BTreeSet<&str> = expected.iter().flat_map(|case| case.rejected.keys().map(String::as_str)).collect();
    let all: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(covered, all);
}
