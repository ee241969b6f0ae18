//! Relations computed export by export: what is computed, what serves again, and what is refused.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::parquet::arrow::ArrowWriter;

use crate::analysis::cluster::tests::stand_in;
use crate::analysis::{Analysis, Parameters, QuerySet, Resources};
use crate::model::export::{Counts, StagedExport, Staging};
use crate::model::failure::{Blame, Failure};
use crate::model::money::{PRECISION, SCALE};
use crate::model::source::Source;

/// `sold` is computed by export from lines and from what is left out; `doubled` from it; `total` reads all of it.
const QUERIES: [(&str, &str); 5] = [
    ("left_out", "select column1 as export_key, column2 as export_line from (values (2, 1), (9, 9))"),
    ("factor", "select cast($goal as bigint) as factor"),
    (
        "sold",
        "-- computed: by export\nselect s.export_key, s.dealer_id, sum(s.amount) as amount from staged_sales as s \
         left anti join left_out as l on l.export_key = s.export_key and l.export_line = s.export_line \
         group by s.export_key, s.dealer_id",
    ),
    ("multiplied", "-- computed: by export\nselect export_key, amount * factor as amount from sold cross join factor"),
    ("total", "select count(*) as rows, sum(amount) as amount from multiplied"),
];

/// Two exports: 1 sells 10 and 20, 2 sells 40 and 80, the first of them left out.
fn staging(folder: &Path) -> Staging {
    let exports = [(1, [10, 20]), (2, [40, 80])].map(|(key, amounts)| {
        let rows_file = folder.join(format!("{key}.parquet"));
        write_lines(&rows_file, key, amounts);
        StagedExport {
            source: Source::Sales,
            name: format!("{key}.csv"),
            rank: key.unsigned_abs(),
            key,
            bytes: 0,
            sha256: String::new(),
            counts: Counts { rows_staged: 2, ..Counts::default() },
            reused: false,
            // Nothing here reads what was rejected.
            rejections_file: rows_file.clone(),
            rows_file,
        }
    });
    Staging { exports: exports.to_vec(), warnings: Vec::new() }
}

fn write_lines(file: &Path, key: i64, amounts: [i128; 2]) {
    let schema = Source::Sales.staging_schema();
    let amounts = amounts.map(|amount| amount * 10_i128.pow(SCALE.unsigned_abs().into()));
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        match field.name().as_str() {
            "export_key" => Arc::new(Int64Array::from(vec![key, key])),
            "export_line" => Arc::new(Int64Array::from(vec![1, 2])),
            "sold_on" => Arc::new(Date32Array::from(vec![20_000, 20_001])),
            "dealer_id" => Arc::new(StringArray::from(vec!["D1", "D2"])),
            "amount" => {
                let amounts = Decimal128Array::from(amounts.to_vec());
                Arc::new(amounts.with_precision_and_scale(PRECISION, SCALE).unwrap())
            }
            _ => new_null_array(field.data_type(), 2),
        }
    });
    let batch = RecordBatch::try_new(schema.clone(), columns.collect()).unwrap();
    let mut writer = ArrowWriter::try_new(std::fs::File::create(file).unwrap(), schema, None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// A folder in which nights follow each other.
struct Nights {
    folder: tempfile::TempDir,
}

impl Nights {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn resources(&self) -> Resources {
        let folder = self.folder.path();
        Resources {
            memory_bytes: 256 << 20,
            threads: 2,
            work_folder: folder.to_path_buf(),
            facts_folder: folder.join("facts"),
        }
    }

    fn analysis(&self, queries: &[(&str, &str)]) -> Analysis {
        let (set, staging) = (QuerySet::of_texts(queries), staging(self.folder.path()));
        Analysis::open(set, &staging, &[], &self.resources()).unwrap()
    }

    /// What `total` says, and the facts in use.
    async fn night(&self, queries: &[(&str, &str)], goal: f64) -> (String, BTreeSet<PathBuf>) {
        told(self.analysis(queries), goal).await
    }
}

async fn told(mut analysis: Analysis, goal: f64) -> (String, BTreeSet<PathBuf>) {
    let parameters = Parameters::default().number("goal", Some(goal));
    analysis.compute(&["total"], &parameters, &mut |_, _| ()).await.unwrap();
    assert!(analysis.take_troubles().is_empty());
    let rows = analysis.rows("total").await.unwrap();
    (pretty_format_batches(&rows).unwrap().to_string(), analysis.facts_in_use())
}

fn with(name: &'static str, sql: &'static str) -> Vec<(&'static str, &'static str)> {
    QUERIES.into_iter().map(|(other, text)| if other == name { (name, sql) } else { (other, text) }).collect()
}

fn of(facts: &BTreeSet<PathBuf>, relation: &str) -> BTreeSet<PathBuf> {
    facts.iter().filter(|path| path.parent().is_some_and(|folder| folder.ends_with(relation))).cloned().collect()
}

#[tokio::test]
async fn what_nothing_changed_of_serves_again() {
    let nights = Nights::new();
    let (rows, facts) = nights.night(&QUERIES, 3.0).await;
    assert!(rows.contains("| 3    | 330.0000 |"), "{rows}");
    assert_eq!(facts.len(), 4);
    let written = |facts: &BTreeSet<PathBuf>| {
        facts.iter().map(|path| path.metadata().unwrap().modified().unwrap()).collect::<Vec<_>>()
    };
    let before = written(&facts);
    assert_eq!(nights.night(&QUERIES, 3.0).await, (rows, facts.clone()));
    assert_eq!(written(&facts), before, "nothing was written again");
}

#[tokio::test]
async fn a_row_of_one_export_concerns_that_export_alone() {
    let nights = Nights::new();
    let (_, before) = nights.night(&QUERIES, 3.0).await;
    let other = with("left_out", "select column1 as export_key, column2 as export_line from (values (2, 2), (8, 8))");
    let (rows, after) = nights.night(&other, 3.0).await;
    assert!(rows.contains("| 3    | 210.0000 |"), "{rows}");
    for relation in ["sold", "multiplied"] {
        assert_eq!(of(&after, relation).difference(&of(&before, relation)).count(), 1, "{relation}");
    }
}

#[tokio::test]
async fn rows_without_an_export_concern_all_and_equal_rows_nobody() {
    let nights = Nights::new();
    let (_, before) = nights.night(&QUERIES, 3.0).await;
    let (rows, after) = nights.night(&QUERIES, 2.0).await;
    assert!(rows.contains("| 3    | 220.0000 |"), "{rows}");
    assert_eq!(of(&after, "sold"), of(&before, "sold"));
    assert!(of(&after, "multiplied").is_disjoint(&of(&before, "multiplied")));
    // Other words with the same result: what reads it sees the same.
    let renamed = with(
        "sold",
        "-- computed: by export\nselect s.export_key, s.dealer_id, sum(s.amount) as amount from left_out as l \
         right anti join staged_sales as s on l.export_key = s.export_key and l.export_line = s.export_line \
         group by s.export_key, s.dealer_id",
    );
    let (_, again) = nights.night(&renamed, 2.0).await;
    assert!(of(&again, "sold").is_disjoint(&of(&after, "sold")));
    assert_eq!(of(&again, "multiplied"), of(&after, "multiplied"));
}

#[tokio::test]
async fn a_cluster_computes_only_what_is_missing() {
    let here = Nights::new();
    let expected = here.night(&QUERIES, 3.0).await.0;
    let nights = Nights::new();
    let elsewhere = |queries: &[(&str, &str)]| {
        let mut analysis = nights.analysis(queries);
        analysis.join(stand_in());
        analysis
    };
    let (rows, facts) = told(elsewhere(&QUERIES), 3.0).await;
    assert_eq!(rows, expected);
    // A file that is not needed is not looked for.
    std::fs::remove_file(nights.folder.path().join("1.parquet")).unwrap();
    let other = with("left_out", "select column1 as export_key, column2 as export_line from (values (2, 2), (8, 8))");
    let mut analysis = elsewhere(&other);
    std::fs::remove_file(nights.folder.path().join("1.parquet")).ok();
    let parameters = Parameters::default().number("goal", Some(3.0));
    analysis.compute(&["total"], &parameters, &mut |_, _| ()).await.unwrap();
    assert_eq!(of(&analysis.facts_in_use(), "sold").difference(&of(&facts, "sold")).count(), 1);
}

async fn refused(mut analysis: Analysis) -> Failure {
    let parameters = Parameters::default().number("goal", Some(3.0));
    analysis.compute(&["total"], &parameters, &mut |_, _| ()).await.unwrap_err()
}

#[tokio::test]
async fn rows_that_say_no_export_or_another_are_refused() {
    let nights = Nights::new();
    let nameless = with("sold", "-- computed: by export\nselect dealer_id, amount from staged_sales");
    let failure = refused(nights.analysis(&nameless)).await;
    assert!(failure.message.ends_with("has no column export_key of type bigint"), "{failure}");
    // Before anything is computed, too.
    let parameters = Parameters::default().number("goal", Some(3.0));
    let early = Analysis::verify(QuerySet::of_texts(&nameless), &nights.resources(), &parameters).await.unwrap_err();
    assert_eq!(early.message, failure.message);
    let foreign = with("sold", "-- computed: by export\nselect export_key + 7 as export_key, amount from staged_sales");
    let mut elsewhere = nights.analysis(&foreign);
    elsewhere.join(stand_in());
    for analysis in [nights.analysis(&foreign), elsewhere] {
        let failure = refused(analysis).await;
        assert!(failure.message.ends_with("gave a row of another export"), "{failure}");
        assert_eq!(failure.blame, Blame::Defect);
    }
}
