//! Properties of reading: no bytes make it panic, and no row or amount gets lost, however broken the export is.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Decimal128Type;
use proptest::prelude::*;

use crate::config::SourceSection;
use crate::ingest::convert::{Sink, convert};
use crate::ingest::discover::Export;
use crate::ingest::formats::Reach;
use crate::model::export::Counts;
use crate::model::failure::Result;
use crate::model::source::Source;

/// What arrived behind the conversion.
#[derive(Default)]
struct Arrived {
    rows: u64,
    rejections: u64,
    amount: i128,
    lines: Vec<i64>,
    /// Rows of the largest batch.
    largest: usize,
}

impl Arrived {
    fn add(&mut self, batch: &RecordBatch) {
        let amounts = batch.column_by_name("amount").unwrap().as_primitive::<Decimal128Type>();
        self.amount += amounts.iter().flatten().sum::<i128>();
        let lines = batch.column_by_name("export_line").unwrap();
        self.lines.extend(lines.as_primitive::<arrow::datatypes::Int64Type>().values());
        assert_eq!(lines.null_count(), 0);
        self.largest = self.largest.max(batch.num_rows());
    }
}

impl Sink for Arrived {
    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.add(batch);
        Ok(())
    }

    fn rejections(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rejections += batch.num_rows() as u64;
        self.add(batch);
        Ok(())
    }
}

fn read(content: &[u8]) -> (Counts, Arrived) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.csv");
    std::fs::write(&path, content).unwrap();
    let section: SourceSection = toml::from_str("files = [\"sales.csv\"]\ndelimiter = \",\"").unwrap();
    let export = Export { source: Source::Sales, path, name: "sales.csv".to_owned(), is_ascii: false };
    let mut arrived = Arrived::default();
    let reach = Reach { limit: None, scratch: folder.path(), memory: 1 << 30 };
    let counts = convert(&export, &section, 1, reach, &mut arrived).unwrap();
    (counts, arrived)
}

/// Rows as they come: good ones, and pieces that break the format in every way.
fn line() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        5 => (1_u32..29, -9_999_i64..9_999).prop_map(|(day, cents)| {
            format!("2024-02-{day:02},d{},{cents}.25\n", day % 3).into_bytes()
        }),
        1 => proptest::collection::vec(prop::sample::select(b"2024-,\"\n\r\0 .d1\xff;".to_vec()), 0..40),
        1 => Just(b"2024-02-01,\"open,1.00\n".to_vec()),
        1 => Just(b"2024-02-01,\"two\nlines\",1.00\n".to_vec()),
        1 => Just(b"2024-02-30,d,1.00\n".to_vec()),
        1 => Just(b"2024-02-01,d,1.234.5\n".to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_row_is_staged_or_rejected_and_every_amount_arrives(lines in proptest::collection::vec(line(), 0..30)) {
        let mut content = b"sold_on,dealer_id,amount\n".to_vec();
        lines.iter().for_each(|line| content.extend_from_slice(line));
        let (counts, arrived) = read(&content);
        prop_assert_eq!(counts.rows_read, counts.rows_staged + counts.rows_rejected);
        prop_assert_eq!((counts.rows_staged, counts.rows_rejected), (arrived.rows, arrived.rejections));
        prop_assert_eq!(counts.amount_read_units, arrived.amount);
        // No line is taken twice.
        let mut places = arrived.lines.clone();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), arrived.lines.len());
    }
}

#[test]
fn an_open_quote_costs_one_line() {
    let (counts, arrived) =
        read(b"sold_on,dealer_id,amount\n2024-01-01,\"d,1.00\n2024-01-02,d,2.00\n2024-01-03,d,3.00\n");
    assert_eq!((counts.rows_staged, counts.rows_rejected), (2, 1));
    assert_eq!(arrived.amount, 50_000);
}

#[test]
fn an_open_quote_in_the_last_line_costs_that_line() {
    let (counts, _) = read(b"sold_on,dealer_id,amount\n2024-01-01,d,1.00\n2024-01-02,d,\"2.00");
    assert_eq!((counts.rows_staged, counts.rows_rejected), (1, 1));
}

#[test]
fn a_quoted_field_may_span_lines() {
    let (counts, _) = read(b"sold_on,dealer_id,amount\n2024-01-01,\"d\n1\",1.00\n2024-01-02,d,2.00\n");
    assert_eq!((counts.rows_staged, counts.rows_rejected), (2, 0));
}

#[test]
fn an_open_quote_costs_its_line_also_far_from_the_end_of_the_file() {
    let rows = b"2024-01-02,d,2.00\n".repeat(400_000);
    let (counts, arrived) = read(&[&b"sold_on,dealer_id,amount\n2024-01-01,\"d,1.00\n"[..], &rows[..]].concat());
    assert_eq!((counts.rows_staged, counts.rows_rejected), (400_000, 1));
    assert_eq!((arrived.lines.iter().min(), arrived.lines.iter().max()), (Some(&2), Some(&400_002)));
}

#[test]
fn blank_lines_may_be_more_than_the_longest_record() {
    let blank = vec![b'\n'; 5 << 20];
    let (counts, mut arrived) = read(
        &[&b"sold_on,dealer_id,amount\n2024-01-01,d,1.00\n"[..], &blank[..], &b"2024-01-02,d,2.00\n"[..]].concat(),
    );
    arrived.lines.sort_unstable();
    assert_eq!((counts.rows_staged, arrived.lines), (2, vec![2, 3 + (5 << 20)]));
}

#[test]
fn damaged_rows_are_handed_on_while_they_come() {
    let (counts, arrived) = read(&[&b"sold_on,dealer_id,amount\n"[..], &b"1,2\n".repeat(50_000)[..]].concat());
    assert_eq!((counts.rows_rejected, arrived.rejections), (50_000, 50_000));
    assert!(arrived.largest < 20_000, "{}", arrived.largest);
}

#[test]
fn long_rows_are_handed_on_before_they_fill_the_memory() {
    let row = [&b"2024-01-01,"[..], &vec![b'd'; 1 << 20][..], &b",1.00\n"[..]].concat();
    let (counts, arrived) = read(&[&b"sold_on,dealer_id,amount\n"[..], &row.repeat(100)[..]].concat());
    assert_eq!((counts.rows_staged, arrived.rows), (100, 100));
    assert!(arrived.largest < 70, "{}", arrived.largest);
}
