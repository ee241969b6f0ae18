//! Small contracts, batches and manifests that the tests of this stage share.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, LargeStringArray, RecordBatch, StringViewArray};
use arrow::error::ArrowError;
use chrono::{DateTime, NaiveDate, Utc};

use crate::model::account::{Account, Ending, StageTime};
use crate::model::contract::{ColumnType, Contract, ContractColumn};
use crate::model::event::Stage;
use crate::model::failure::Result;
use crate::model::manifest::{Input, MANIFEST_VERSION, Manifest, Status, Table};
use crate::publish::{Output, Release};

/// Dealer, line, note, amount in ten-thousandths.
pub(super) type Sample = (String, i64, Option<String>, Option<i128>);

pub(super) fn row(dealer: &str, line: i64, amount: i128) -> Sample {
    (dealer.to_owned(), line, None, Some(amount))
}

/// Rows by number, in the order of the key; only the first fifty may have no note.
pub(super) fn rows(numbers: Range<i64>) -> Vec<Sample> {
    let sample = |number: i64| {
        let note = (number >= 50 || number % 3 == 0).then(|| format!("note {}", number % 700));
        (format!("D{:05}", number / 10), number % 10, note, Some(i128::from(number) * 12_345))
    };
    numbers.map(sample).collect()
}

/// A batch in the types that the query engine delivers.
pub(super) fn batch(samples: &[Sample]) -> std::result::Result<RecordBatch, ArrowError> {
    let dealers = StringViewArray::from_iter_values(samples.iter().map(|sample| &sample.0));
    let lines = Int64Array::from_iter_values(samples.iter().map(|sample| sample.1));
    let notes = LargeStringArray::from_iter(samples.iter().map(|sample| sample.2.as_deref()));
    let amounts = Decimal128Array::from_iter(samples.iter().map(|sample| sample.3));
    RecordBatch::try_from_iter([
        ("dealer_id", Arc::new(dealers) as ArrayRef),
        ("line", Arc::new(lines) as ArrayRef),
        ("note", Arc::new(notes) as ArrayRef),
        ("amount", Arc::new(amounts.with_precision_and_scale(38, 4)?) as ArrayRef),
    ])
}

pub(super) fn contract() -> Contract {
    Contract {
        purpose: "Shows what the writer does".to_owned(),
        grain: "one line of a dealer".to_owned(),
        key: vec!["dealer_id".to_owned(), "line".to_owned()],
        columns: vec![
            column("dealer_id", ColumnType::Text, None),
            column("line", ColumnType::Integer, None),
            ContractColumn { nullable: true, ..column("note", ColumnType::Text, None) },
            column("amount", ColumnType::Money, Some("money")),
        ],
    }
}

fn column(name: &str, kind: ColumnType, unit: Option<&str>) -> ContractColumn {
    ContractColumn {
        name: name.to_owned(),
        kind,
        nullable: false,
        unit: unit.map(str::to_owned),
        description: format!("The \"{name}\""),
    }
}

pub fn manifest(run_id: &str, status: Status) -> Manifest {
    Manifest {
        manifest_version: MANIFEST_VERSION,
        run_id: run_id.to_owned(),
        status,
        job: "north-beverages".to_owned(),
        lang: None,
        fingerprint: "f".to_owned(),
        dealerlens_version: "0.1.0".to_owned(),
        engine_version: "55".to_owned(),
        job_file_sha256: "a".to_owned(),
        queries_sha256: "b".to_owned(),
        started_at: "2026-01-05T02:00:00Z".to_owned(),
        finished_at: "2026-01-05T02:01:00Z".to_owned(),
        run_date: "2026-01-05".to_owned(),
        as_of: None,
        comparison_base: None,
        newest_sale: None,
        compared_with: None,
        documents: Vec::new(),
        inputs: Vec::new(),
        tables: Vec::new(),
        checks: Vec::new(),
        degraded: Vec::new(),
        warnings: Vec::new(),
        future_sales: 0,
        timings: Vec::new(),
    }
}

pub(super) fn publish(output: &Output, run_id: &str) -> Result<Release> {
    let mut draft = output.begin(run_id)?;
    draft.complete(&manifest(run_id, Status::Published))?;
    draft.switch()
}

pub(super) fn refuse(output: &Output, run_id: &str) -> Result<PathBuf> {
    output.begin(run_id)?.refuse(&manifest(run_id, Status::Refused))
}

/// A published run of ten sales lines, two of them rejected.
pub(super) fn account() -> Account {
    let sales = Input {
        source: "sales".to_owned(),
        export: "exports/sales.csv".to_owned(),
        bytes: 512,
        sha256: "c".to_owned(),
        rows_read: 10,
        rows_accepted: 7,
        rows_rejected: 2,
        rows_superseded: 1,
        amount_read: None,
        amounts_rounded: 0,
        encoding: None,
        header: vec!["Date".to_owned(), "Dealer".to_owned()],
        staging_reused: false,
    };
    let table = Table {
        name: "dealer_scorecard".to_owned(),
        file: "dealer_scorecard.parquet".to_owned(),
        rows: 3,
        bytes: 99,
        sha256: "d".to_owned(),
    };
    let mut manifest = manifest("20260105T020000000Z-0a1b2c3d", Status::Published);
    (manifest.inputs, manifest.tables) = (vec![sales], vec![table]);
    manifest.newest_sale = Some("2026-01-01".to_owned());
    Account {
        job: "north".to_owned(),
        run_id: Some(manifest.run_id.clone()),
        started_at: moment(0),
        finished_at: moment(60),
        run_date: NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default(),
        seconds: 60.0,
        stages: vec![StageTime { stage: Stage::Ingest, seconds: 1.5 }],
        ending: Ending::Published,
        exit_code: 0,
        message: None,
        visible: Some(manifest.clone()),
        manifest: Some(manifest),
    }
}

/// So many seconds after the run of the samples began.
pub(super) fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_578_400 + seconds, 0).unwrap_or_default()
}
