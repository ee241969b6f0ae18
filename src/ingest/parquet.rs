//! Parquet exports: every value as the text that a careful CSV export of it would have, so that one set of rules judges both.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Float64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::config::SourceSection;
use crate::ingest::discover::Export;
use crate::ingest::header::require_width;
use crate::ingest::labels::{is_same, wanted};
use crate::ingest::records::{Nature, Next, Records};
use crate::ingest::row::Cells;
use crate::ingest::sheet_cells::number_text;
use crate::model::failure::{Failure, Result};
use crate::model::shown;

const BATCH_ROWS: usize = 8_192;

/// A reader of one Parquet file; lines are row numbers from 1.
pub struct ParquetRecords {
    name: String,
    header: Vec<String>,
    /// Text columns are written as the job file says, all others have a type.
    native: Vec<bool>,
    /// Columns that are read.
    used: Vec<bool>,
    reader: ParquetRecordBatchReader,
    /// Those of the batch, as text.
    columns: Vec<ArrayRef>,
    next_in_batch: usize,
    rows_in_batch: usize,
    line: u64,
}

impl ParquetRecords {
    /// Only the columns that the source can use are read.
    pub fn open(export: &Export, section: &SourceSection, path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| Failure::unreadable(&export.path, &error))?;
        let damaged = |error: parquet::errors::ParquetError| damaged(&export.name, &error);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let fields = builder.schema().fields();
        require_width(&export.name, fields.len())?;
        let header: Vec<String> = fields.iter().map(|field| field.name().trim().to_owned()).collect();
        let native = fields.iter().map(|field| !is_text(field.data_type())).collect();
        let wanted = wanted(export.source, section);
        let is_used = |label: &String| wanted.iter().any(|name| is_same(label, name));
        let used: Vec<bool> = header.iter().map(is_used).collect();
        let places = (0..).zip(&used).filter(|(_, used)| **used).map(|(place, _)| place);
        let projection = ProjectionMask::roots(builder.parquet_schema(), places);
        let reader = builder.with_projection(projection).with_batch_size(BATCH_ROWS).build().map_err(damaged)?;
        let name = export.name.clone();
        Ok(Self {
            name,
            header,
            native,
            used,
            reader,
            columns: Vec::new(),
            next_in_batch: 0,
            rows_in_batch: 0,
            line: 0,
        })
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

    fn has_natures(&self) -> bool {
        true
    }

    fn nature(&self, column: usize) -> Nature {
        Nature { is_native: self.native.get(column).copied().unwrap_or_default(), fault: None }
    }

    fn next(&mut self, cells: &mut Cells) -> Result<Next> {
        if !self.load()? {
            return Ok(Next::End);
        }
        cells.clear();
        let mut columns = self.columns.iter();
        for used in &self.used {
            let texts = used.then(|| columns.next()).flatten().map(|column| column.as_string::<i32>());
            let text =
                texts.filter(|texts| texts.is_valid(self.next_in_batch)).map(|texts| texts.value(self.next_in_batch));
            cells.push(text.unwrap_or_default().as_bytes());
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
    let text = |(column, field): (&ArrayRef, &Arc<arrow::datatypes::Field>)| {
        text_of(column).map_err(|error| {
            Failure::data(format!(
                "{name}: column \"{}\" of type {} cannot be read: {}",
                shown::value(field.name()),
                shown::value(&field.data_type().to_string()),
                shown::value(&error.to_string())
            ))
            .hint("export it as text, number or date")
        })
    };
    batch.columns().iter().zip(fields.fields()).map(text).collect()
}

/// Moments are cut to their day, and binary fractions lose their noise.
fn text_of(column: &ArrayRef) -> std::result::Result<ArrayRef, arrow::error::ArrowError> {
    let day = match column.data_type() {
        DataType::Timestamp(_, _) | DataType::Date64 => cast(column, &DataType::Date32)?,
        DataType::Float64 => return Ok(numbers(column.as_primitive::<Float64Type>().iter(), number_text)),
        DataType::Float16 | DataType::Float32 => {
            let single = cast(column, &DataType::Float32)?;
            return Ok(numbers(single.as_primitive::<Float32Type>().iter(), |value| value.to_string()));
        }
        _ => column.clone(),
    };
    cast(&day, &DataType::Utf8)
}

fn numbers<T>(values: impl Iterator<Item = Option<T>>, text: impl Fn(T) -> String) -> ArrayRef {
    Arc::new(values.map(|value| value.map(&text)).collect::<StringArray>())
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> Failure {
    let cause = shown::value(&error.to_string());
    Failure::data(format!("{name}: the Parquet file cannot be read: {cause}")).hint("ask for the export again")
}
