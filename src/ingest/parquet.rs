//! Parquet exports: every value as the text that a careful CSV export of it would have, so that one set of rules judges both.

use std::fs::File;

use ::csv::ByteRecord;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::ingest::discover::Export;
use crate::ingest::records::{Nature, Next, Records};
use crate::model::failure::{Failure, Result};

const BATCH_ROWS: usize = 8_192;

/// A reader of one Parquet file; lines are row numbers from 1.
pub struct ParquetRecords {
    name: String,
    header: Vec<String>,
    /// Text columns are written as the job file says, all others have a type.
    native: Vec<bool>,
    reader: ParquetRecordBatchReader,
    columns: Vec<ArrayRef>,
    next_in_batch: usize,
    rows_in_batch: usize,
    line: u64,
}

impl ParquetRecords {
    pub fn open(export: &Export) -> Result<Self> {
        let file = File::open(&export.path).map_err(|error| Failure::io("cannot read", &export.path, error))?;
        let damaged = |error: parquet::errors::ParquetError| damaged(&export.name, &error);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let header = builder.schema().fields().iter().map(|field| field.name().trim().to_owned()).collect();
        let native = builder.schema().fields().iter().map(|field| !is_text(field.data_type())).collect();
        let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(damaged)?;
        let name = export.name.clone();
        Ok(Self { name, header, native, reader, columns: Vec::new(), next_in_batch: 0, rows_in_batch: 0, line: 0 })
    }

    /// Loads the next batch that has rows; `false` at the end.
    fn load(&mut self) -> Result<bool> {
        while self.next_in_batch >= self.rows_in_batch {
            let Some(batch) = self.reader.next() else { return Ok(false) };
            let batch = batch.map_err(|error| damaged(&self.name, &error))?;
            self.columns = texts(&self.name, &batch)?;
            (self.next_in_batch, self.rows_in_batch) = (0, batch.num_rows());
        }
        Ok(true)
    }
}

impl Records for ParquetRecords {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn nature(&self, column: usize) -> Nature {
        Nature { is_native: self.native.get(column).copied().unwrap_or_default(), fault: None }
    }

    fn next(&mut self, cells: &mut ByteRecord) -> Result<Next> {
        if !self.load()? {
            return Ok(Next::End);
        }
        cells.clear();
        for column in &self.columns {
            let texts = column.as_string::<i32>();
            let is_null = texts.is_null(self.next_in_batch);
            cells.push_field(if is_null { b"" } else { texts.value(self.next_in_batch).as_bytes() });
        }
        self.next_in_batch += 1;
        self.line += 1;
        Ok(Next::Row { line: self.line })
    }
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        data_type => matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

fn texts(name: &str, batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
    let fields = batch.schema();
    let text = |(column, field): (&ArrayRef, &std::sync::Arc<arrow::datatypes::Field>)| {
        text_of(column).map_err(|error| {
            Failure::data(format!(
                "{name}: column \"{}\" of type {} cannot be read: {error}",
                field.name(),
                field.data_type()
            ))
            .hint("export it as text, number or date")
        })
    };
    batch.columns().iter().zip(fields.fields()).map(text).collect()
}

/// Moments are cut to their day first.
fn text_of(column: &ArrayRef) -> std::result::Result<ArrayRef, arrow::error::ArrowError> {
    let day = match column.data_type() {
        DataType::Timestamp(_, _) | DataType::Date64 => cast(column, &DataType::Date32)?,
        _ => column.clone(),
    };
    cast(&day, &DataType::Utf8)
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> Failure {
    Failure::data(format!("{name}: the Parquet file cannot be read: {error}")).hint("ask for the export again")
}
