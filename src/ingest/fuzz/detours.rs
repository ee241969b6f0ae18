//! A line is the same row whether it is cut where it stands or read by the CSV reader: a quote in front of it leaves the next
//! 64 rows to that one.

use arrow::array::{Int64Array, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::compute::kernels::cmp::gt;
use arrow::util::pretty::pretty_format_batches;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::ingest::fuzz::pieces::{Piece, sales, written};
use crate::ingest::fuzz::reading::{Arrived, Desk, Packing};
use crate::ingest::fuzz::rules::Rules;
use crate::ingest::fuzz::runner::hold;

/// What arrived behind so many lines, in words. Only lines that all end alike are counted exactly.
fn behind(lines: i64, arrived: &Arrived, is_counted: bool) -> String {
    let behind = |batch: &RecordBatch| {
        let (lines, place) = (Int64Array::new_scalar(lines), batch.schema().index_of("export_line").unwrap());
        let mut batch = filter_record_batch(batch, &gt(&batch["export_line"], &lines).unwrap()).unwrap();
        if !is_counted {
            batch.remove_column(place);
        }
        batch
    };
    let batches: Vec<RecordBatch> = arrived.rows.iter().chain(&arrived.rejections).map(behind).collect();
    batches.iter().map(|batch| pretty_format_batches(std::slice::from_ref(batch)).unwrap().to_string()).collect()
}

/// A byte order mark is taken off wherever the CSV reader begins, and is part of the row elsewhere.
fn unmarked(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.retain(|piece| *piece != Piece::Text("\u{FEFF}") && *piece != Piece::Bytes(b"\xEF\xBB\xBF"));
    pieces
}

/// The text with all its lines ended alike.
fn ended(text: &[u8], end: &str) -> Vec<u8> {
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| line.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>());
    lines.collect::<Vec<_>>().join(end.as_bytes())
}

#[test]
fn a_line_is_the_same_row_on_either_way() {
    let desk = Desk::new();
    let content = vec(sales(), 1..10).prop_map(|parts| unmarked(parts.concat()));
    let ends = select(vec![Some("\n"), Some("\r\n"), None]);
    hold(100, &(content, select(vec![",", ";", "\t", "|"]), ends), |(content, delimiter, end)| {
        let mut rules = Rules::of_sales(delimiter);
        "\"".clone_into(&mut rules.section.quote);
        let row = |dealer: &str| Piece::Row(["2024-02-01", dealer, "1.00", "", ""].map(str::to_owned).to_vec());
        // The first row is the CSV reader's in any case.
        let told = |second: Piece| {
            let rows = [rules.opening(), vec![row("D1"), second], content.clone()].concat();
            let text = written(&rows, rules.script, delimiter);
            let text = end.map_or_else(|| text.clone(), |end| ended(&text, end));
            let given = desk.reads(&rules, Packing::Plain, &text, 1).remove(0);
            given
                .map(|(counts, arrived)| (counts.rows_read, behind(3, &arrived, end.is_some())))
                .map_err(|failure| failure.message)
        };
        prop_assert_eq!(told(row("D1")), told(row("\"D1\"")));
        Ok(())
    });
}
