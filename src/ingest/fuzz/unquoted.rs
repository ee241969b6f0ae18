//! Without quotes every line is a row, so what has to arrive is known without the reader: as many rows as lines, and
//! the good ones among them whole.

use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;

use crate::ingest::fuzz::pieces::{STRAY, value};
use crate::ingest::fuzz::reading::{Desk, Packing, amount, conserves};
use crate::ingest::fuzz::rules::Rules;
use crate::ingest::fuzz::runner::hold;
use crate::model::source::Source;

/// The dealer of good rows, whom no broken line names.
const DEALER: &str = "GOOD";

#[derive(Debug, Clone)]
enum Line {
    Good { day: u32, cents: i64 },
    Broken(Vec<u8>),
}

impl Line {
    fn bytes(&self, delimiter: &str) -> Vec<u8> {
        match self {
            Self::Good { day, cents } => {
                let (sign, cents) = (if *cents < 0 { "-" } else { "" }, cents.abs());
                let amount = format!("{sign}{}.{:02}", cents / 100, cents % 100);
                format!("2024-02-{day:02}{delimiter}{DEALER}{delimiter}{amount}").into_bytes()
            }
            Self::Broken(bytes) => bytes.clone(),
        }
    }
}

/// Values, delimiters and stray bytes, but no quote of either kind and no line end.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let sign = select(vec![",", ";", "\t", "|", " ", "\0"]).prop_map(str::as_bytes);
    let part = prop_oneof![value().prop_map(str::as_bytes), sign, select(STRAY.to_vec())];
    let is_inner = |byte: &u8| !matches!(byte, b'\n' | b'\r' | b'"' | b'\'');
    vec(part, 0..8).prop_map(move |parts| parts.concat().into_iter().filter(is_inner).collect())
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        (1_u32..30, -999_999_i64..1_000_000).prop_map(|(day, cents)| Line::Good { day, cents }),
        broken().prop_map(Line::Broken),
    ]
}

fn export(lines: &[Line], delimiter: &str, end: &str) -> Vec<u8> {
    let header = ["sold_on", "dealer_id", "amount"].join(delimiter).into_bytes();
    let lines = lines.iter().map(|line| line.bytes(delimiter));
    std::iter::once(header).chain(lines).flat_map(|line| [line.as_slice(), end.as_bytes()].concat()).collect()
}

/// The accepted rows of the one dealer.
fn good(batch: &RecordBatch) -> RecordBatch {
    let dealers = batch["dealer_id"].as_string::<i32>().iter();
    let is_good: Vec<bool> = dealers.map(|dealer| dealer == Some(DEALER)).collect();
    filter_record_batch(batch, &BooleanArray::from(is_good)).unwrap()
}

fn arrive(desk: &Desk, rules: &Rules, lines: &[Line], end: &str) -> TestCaseResult {
    let content = export(lines, rules.delimiter, end);
    let given = desk.reads(rules, Packing::Plain, &content, 1);
    let (counts, arrived) = given[0].as_ref().map_err(|failure| TestCaseError::fail(failure.to_string()))?;
    conserves(Source::Sales, counts, arrived)?;
    // A line without a byte is none.
    let rows = lines.iter().filter(|line| !line.bytes(rules.delimiter).is_empty()).count();
    prop_assert_eq!(counts.rows_read, rows as u64);
    let cents = |line: &Line| if let Line::Good { cents, .. } = line { Some(i128::from(*cents)) } else { None };
    let sent: Vec<i128> = lines.iter().filter_map(cents).collect();
    let arrived: Vec<RecordBatch> = arrived.rows.iter().map(good).collect();
    prop_assert_eq!(arrived.iter().map(RecordBatch::num_rows).sum::<usize>(), sent.len());
    prop_assert_eq!(amount(&arrived, "amount"), sent.iter().sum::<i128>() * 100);
    Ok(())
}

#[test]
fn good_rows_survive_any_lines_between_them() {
    let desk = Desk::new();
    let delimiters = select(vec![",", ";", "\t", "|"]);
    let ends = select(vec!["\n", "\r\n", "\r"]);
    hold(150, &(vec(line(), 0..12), delimiters, ends), |(lines, delimiter, end)| {
        arrive(&desk, &Rules::of_sales(delimiter), &lines, end)
    });
}
