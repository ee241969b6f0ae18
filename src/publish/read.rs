//! Published tables back into memory, and as text, for showing a few of their rows.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::model::failure::{Failure, Result};
use crate::publish::table::file_name;

/// One row as text by column name; `None` is NULL. Dates are ISO (`2026-01-31`), money has four decimals.
pub type RenderedRow = BTreeMap<String, Option<String>>;

/// All rows of the table `name` in a run's folder, in the order of the file.
///
/// # Errors
/// A missing input when the run has no such table; an I/O failure when it cannot be read.
pub fn read_table(folder: &Path, name: &str) -> Result<Vec<RecordBatch>> {
    let path = folder.join(file_name(name));
    let file = File::open(&path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(folder, name),
        _ => Failure::io("cannot read", &path, error),
    })?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    let batches = reader.map_err(|error| damaged(&path, error))?.collect::<std::result::Result<Vec<_>, ArrowError>>();
    batches.map_err(|error| damaged(&path, error))
}

fn missing(folder: &Path, name: &str) -> Failure {
    Failure::missing_input(format!("the run in {} has no table {name}", folder.display()))
        .hint("publish it with `dealerlens run`")
}

fn damaged(path: &Path, error: impl Display) -> Failure {
    Failure::io("cannot read", path, error).hint("publish it anew with `dealerlens run --force`")
}

/// Every row as text; with a filter of column and value, only the rows whose text column has that value.
///
/// # Errors
/// A defect when the filter's column is missing or no text, or when a value cannot be shown.
pub fn render_rows(batches: &[RecordBatch], filter: Option<(&str, &str)>) -> Result<Vec<RenderedRow>> {
    let mut rendered = Vec::new();
    for batch in batches {
        let rows = selected(batch, filter)?;
        rendered.extend(render(batch, &rows).map_err(|error| Failure::defect(format!("cannot show a row: {error}")))?);
    }
    Ok(rendered)
}

fn selected(batch: &RecordBatch, filter: Option<(&str, &str)>) -> Result<Vec<usize>> {
    let Some((column, value)) = filter else { return Ok((0..batch.num_rows()).collect()) };
    let texts = batch.column_by_name(column).and_then(|array| array.as_string_opt::<i32>());
    let texts = texts.ok_or_else(|| Failure::defect(format!("there is no text column \"{column}\" to look into")))?;
    let rows = texts.iter().enumerate().filter(|(_, text)| *text == Some(value));
    Ok(rows.map(|(row, _)| row).collect())
}

fn render(batch: &RecordBatch, rows: &[usize]) -> std::result::Result<Vec<RenderedRow>, ArrowError> {
    let options = FormatOptions::new();
    let mut rendered = vec![RenderedRow::new(); rows.len()];
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
        for (shown, row) in rendered.iter_mut().zip(rows) {
            let value = if array.is_null(*row) { None } else { Some(formatter.value(*row).try_to_string()?) };
            shown.insert(field.name().clone(), value);
        }
    }
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::failure::Blame;
    use crate::publish::{TableWriter, samples};
    use arrow::array::{ArrayRef, Date32Array, Float64Array};
    use std::sync::Arc;

    #[test]
    fn a_published_table_reads_back_as_text() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = TableWriter::create(folder.path(), "lines", &samples::contract()).unwrap();
        let noted = ("b".to_owned(), 1, Some("call first".to_owned()), Some(-5_000));
        writer.write(&samples::batch(&[samples::row("a", 1, 12_345_000), noted]).unwrap()).unwrap();
        writer.finish().unwrap();
        let batches = read_table(folder.path(), "lines").unwrap();
        let all = render_rows(&batches, None).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!((&all[0]["amount"], &all[0]["note"]), (&Some("1234.5000".to_owned()), &None));
        let found = render_rows(&batches, Some(("dealer_id", "b"))).unwrap();
        assert_eq!(found, all[1..]);
        assert_eq!(found[0]["line"].as_deref(), Some("1"));
        assert!(render_rows(&batches, Some(("dealer_id", "c"))).unwrap().is_empty());
    }

    #[test]
    fn dates_are_iso_and_only_text_is_looked_into() {
        let columns = [
            ("day", Arc::new(Date32Array::from(vec![20_484])) as ArrayRef),
            ("share", Arc::new(Float64Array::from(vec![0.25])) as ArrayRef),
        ];
        let batches = [RecordBatch::try_from_iter(columns).unwrap()];
        let rows = render_rows(&batches, None).unwrap();
        assert_eq!(rows[0]["day"].as_deref(), Some("2026-01-31"));
        assert_eq!(rows[0]["share"].as_deref(), Some("0.25"));
        for column in ["day", "absent"] {
            assert!(render_rows(&batches, Some((column, "x"))).unwrap_err().message.contains(column));
        }
    }

    #[test]
    fn a_missing_or_damaged_table_is_named_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let failure = read_table(folder.path(), "dealer_scorecard").unwrap_err();
        assert_eq!(failure.blame, Blame::MissingInput);
        assert!(failure.to_string().contains("dealer_scorecard") && failure.to_string().contains("dealerlens run"));
        std::fs::write(folder.path().join("lines.parquet"), "no table").unwrap();
        assert_eq!(read_table(folder.path(), "lines").unwrap_err().blame, Blame::Io);
    }
}
