//! An export through the conversion, and what may never happen there.

use std::collections::BTreeSet;
use std::io::Write as _;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Decimal128Type, Int64Type};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use tempfile::TempDir;

use crate::ingest::convert::{Sink, convert};
use crate::ingest::discover::Export;
use crate::ingest::formats::Reach;
use crate::ingest::fuzz::rules::Rules;
use crate::model::export::Counts;
use crate::model::failure::{Blame, Result};
use crate::model::source::{Column, Kind, Source};

/// How an export is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gz,
    Zst,
    /// Its last bytes are missing.
    CutGz,
    CutZst,
}

/// Most exports are read once, some of them twice.
pub fn times() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(1_usize), 1 => Just(2)]
}

pub fn packing() -> impl Strategy<Value = Packing> {
    prop_oneof![
        20 => Just(Packing::Plain),
        1 => Just(Packing::Gz),
        1 => Just(Packing::Zst),
        1 => Just(Packing::CutGz),
        1 => Just(Packing::CutZst),
    ]
}

impl Packing {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "export.csv",
            Self::Gz | Self::CutGz => "export.csv.gz",
            Self::Zst | Self::CutZst => "export.csv.zst",
        }
    }

    fn pack(self, content: &[u8]) -> Vec<u8> {
        let mut packed = match self {
            Self::Plain => return content.to_vec(),
            Self::Gz | Self::CutGz => gzipped(content),
            Self::Zst | Self::CutZst => zstd::stream::encode_all(content, 1).unwrap(),
        };
        if matches!(self, Self::CutGz | Self::CutZst) {
            packed.truncate(packed.len() * 2 / 3);
        }
        packed
    }
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// What arrived behind the conversion.
#[derive(Debug, Default, PartialEq)]
pub struct Arrived {
    pub rows: Vec<RecordBatch>,
    pub rejections: Vec<RecordBatch>,
}

impl Sink for Arrived {
    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows.push(batch.clone());
        Ok(())
    }

    fn rejections(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rejections.push(batch.clone());
        Ok(())
    }
}

/// Counts and rows of an export, or why it is refused.
pub type Given = Result<(Counts, Arrived)>;

/// Where exports lie while they are read.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Reads an export that many times. It is removed behind that: a file that is truncated and written again costs a
    /// hundred times as much as a new one.
    pub fn reads(&self, rules: &Rules, packing: Packing, content: &[u8], times: usize) -> Vec<Given> {
        let name = packing.name();
        let path = self.folder.path().join(name);
        std::fs::write(&path, packing.pack(content)).unwrap();
        let export = Export { source: rules.source, path, name: name.to_owned(), is_ascii: false };
        let given = (0..times).map(|_| self.reads_once(rules, &export)).collect();
        std::fs::remove_file(&export.path).unwrap();
        given
    }

    fn reads_once(&self, rules: &Rules, export: &Export) -> Given {
        let mut arrived = Arrived::default();
        let reach = Reach { limit: None, scratch: self.folder.path(), memory: 1 << 30 };
        let counts = convert(export, &rules.section, 1, reach, &mut arrived)?;
        Ok((counts, arrived))
    }

    /// Everything that has to hold of any export under any rules.
    pub fn judges(&self, rules: &Rules, packing: Packing, content: &[u8], times: usize) -> TestCaseResult {
        let given = self.reads(rules, packing, content, times);
        prop_assert!(given.iter().all(|reading| *reading == given[0]), "two readings differ: {:?}", given);
        match &given[0] {
            Ok((counts, arrived)) => {
                conserves(rules.source, counts, arrived)?;
                keeps_its_contract(rules.source, arrived)
            }
            // Neither a defect nor the disk nor the job file.
            Err(failure) => {
                prop_assert_eq!(failure.blame, Blame::Data, "{}", failure);
                Ok(())
            }
        }
    }
}

/// Every row and every amount is on one side, once.
pub fn conserves(source: Source, counts: &Counts, arrived: &Arrived) -> TestCaseResult {
    let (accepted, rejected) = (lines(&arrived.rows), lines(&arrived.rejections));
    let staged: BTreeSet<i64> = accepted.iter().copied().collect();
    let refused: BTreeSet<i64> = rejected.iter().copied().collect();
    prop_assert_eq!(counts.rows_read, counts.rows_staged + counts.rows_rejected);
    // A wide row is several facts, all of one line.
    prop_assert_eq!(counts.rows_staged, staged.len() as u64);
    prop_assert!(source == Source::Targets || staged.len() == accepted.len(), "a line is accepted twice");
    prop_assert_eq!(counts.rows_rejected, rejected.len() as u64);
    prop_assert_eq!(refused.len(), rejected.len());
    prop_assert!(staged.is_disjoint(&refused), "a line is on both sides");
    let known = amount(&arrived.rows, source.money_column().unwrap()) + amount(&arrived.rejections, "amount");
    prop_assert_eq!(counts.amount_read_units, known);
    let unknown: usize = arrived.rejections.iter().map(|batch| batch["amount"].null_count()).sum();
    prop_assert_eq!(counts.unknown_amounts, unknown as u64);
    Ok(())
}

/// Accepted rows have what is required, and texts without blanks around them.
fn keeps_its_contract(source: Source, arrived: &Arrived) -> TestCaseResult {
    for batch in &arrived.rows {
        for column in source.columns() {
            let array = batch.column_by_name(column.name).unwrap();
            prop_assert!(!column.required || array.null_count() == 0, "{} is missing", column.name);
            is_trimmed(column, array.as_ref())?;
        }
    }
    Ok(())
}

/// A vertical tab is no blank in an ASCII text, but is one in any other.
pub fn is_trimmed(column: &Column, array: &dyn Array) -> TestCaseResult {
    let is_blank = |character: char| character.is_whitespace() && character != '\u{B}';
    if column.kind == Kind::Text {
        for text in array.as_string::<i32>().iter().flatten() {
            prop_assert_eq!(text.trim_matches(is_blank), text, "{}", column.name);
        }
    }
    Ok(())
}

fn lines(batches: &[RecordBatch]) -> Vec<i64> {
    let lines = |batch: &RecordBatch| batch["export_line"].as_primitive::<Int64Type>().values().to_vec();
    batches.iter().flat_map(lines).collect()
}

pub fn amount(batches: &[RecordBatch], column: &str) -> i128 {
    let amount = |batch: &RecordBatch| batch[column].as_primitive::<Decimal128Type>().iter().flatten().sum::<i128>();
    batches.iter().map(amount).sum()
}
