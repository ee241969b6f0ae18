//! What a published Parquet file says about itself, in the words of Delta Lake.
//!
//! A table is one file, so there is nothing to skip by smallest and largest values, and money would be rounded in their
//! JSON. Of the statistics only counts are given: rows, and NULLs by column.

use std::fmt::Display;
use std::fs::File;
use std::path::Path;

use arrow::datatypes::{DataType as ArrowType, Field};
use deltalake_core::kernel::{DataType, StructField, StructType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::{FileMetaData, ParquetMetaData};
use serde_json::{Map, Value, json};

use crate::model::failure::{Failure, Result};
use crate::publish::properties::{COLUMNS, PURPOSE};

/// A file that is to be a version of a Delta table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PublishedFile {
    pub schema: StructType,
    /// What the table is for.
    pub purpose: Option<String>,
    /// JSON, as an `add` action has it.
    pub statistics: String,
}

impl PublishedFile {
    /// Reads the footer of a file.
    ///
    /// # Errors
    /// An I/O failure when it cannot be read; a defect when a column has a type that marts do not have.
    pub fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|error| Failure::io("cannot read", path, error))?;
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| Failure::io("cannot read", path, error))?;
        let about = reader.metadata().file_metadata();
        let comments: Map<String, Value> =
            text_of(about, COLUMNS).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let fields = reader.schema().fields().iter().map(|field| column(field, &comments));
        let fields = fields.collect::<Option<Vec<_>>>().ok_or_else(|| unfit(path, "a type that marts do not have"))?;
        Ok(Self {
            schema: StructType::try_new(fields).map_err(|error| unfit(path, error))?,
            purpose: text_of(about, PURPOSE),
            statistics: statistics(reader.metadata()),
        })
    }
}

fn unfit(path: &Path, error: impl Display) -> Failure {
    Failure::defect(format!("{} does not fit a Delta table: {error}", path.display()))
}

fn text_of(about: &FileMetaData, key: &str) -> Option<String> {
    about.key_value_metadata()?.iter().find(|entry| entry.key == key)?.value.clone()
}

/// The column with its description as a comment, which catalogs show.
fn column(field: &Field, comments: &Map<String, Value>) -> Option<StructField> {
    let column = StructField::new(field.name(), kind(field.data_type())?, field.is_nullable());
    let comment = comments.get(field.name()).and_then(comment);
    Some(column.with_metadata(comment.map(|text| ("comment", text))))
}

/// The same words as in the comments of the DuckDB views.
fn comment(about: &Value) -> Option<String> {
    let description = about.get("description")?.as_str()?;
    match about.get("unit").and_then(Value::as_str) {
        Some(unit) => Some(format!("{description} Unit: {unit}.")),
        None => Some(description.to_owned()),
    }
}

fn kind(kind: &ArrowType) -> Option<DataType> {
    match kind {
        ArrowType::Utf8 => Some(DataType::STRING),
        ArrowType::Int64 => Some(DataType::LONG),
        ArrowType::Float64 => Some(DataType::DOUBLE),
        ArrowType::Boolean => Some(DataType::BOOLEAN),
        ArrowType::Date32 => Some(DataType::DATE),
        ArrowType::Decimal128(precision, scale) => DataType::decimal(*precision, u8::try_from(*scale).ok()?).ok(),
        _ => None,
    }
}

fn statistics(metadata: &ParquetMetaData) -> String {
    let columns = metadata.file_metadata().schema_descr().columns().iter().enumerate();
    let nulls: Map<String, Value> = columns
        .filter_map(|(index, column)| Some((column.name().to_owned(), null_count(metadata, index)?.into())))
        .collect();
    json!({ "numRecords": metadata.file_metadata().num_rows(), "nullCount": nulls }).to_string()
}

/// `None` when a row group does not say.
fn null_count(metadata: &ParquetMetaData, column: usize) -> Option<u64> {
    metadata.row_groups().iter().map(|group| group.column(column).statistics()?.null_count_opt()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::{TableWriter, samples};

    #[test]
    fn types_descriptions_and_counts_are_those_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = TableWriter::create(folder.path(), "lines", &samples::contract()).unwrap();
        writer.write(&samples::batch(&samples::rows(0..60)).unwrap()).unwrap();
        writer.finish().unwrap();
        let file = PublishedFile::read(&folder.path().join("lines.parquet")).unwrap();
        assert_eq!(file.purpose.as_deref(), Some("Shows what the writer does"));
        let columns: Vec<_> = file.schema.fields().map(|field| (field.name().as_str(), field.is_nullable())).collect();
        assert_eq!(columns, [("dealer_id", false), ("line", false), ("note", true), ("amount", false)]);
        let money = file.schema.fields().last().unwrap();
        assert_eq!(money.data_type(), &DataType::decimal(18, 4).unwrap());
        let comment = money.metadata().get("comment").map(ToString::to_string);
        assert_eq!(comment.as_deref(), Some("The \"amount\" Unit: money."));
        let found: Value = serde_json::from_str(&file.statistics).unwrap();
        // Of the first fifty rows, those that three does not divide have no note.
        assert_eq!((&found["numRecords"], &found["nullCount"]["note"]), (&json!(60), &json!(33)));
    }

    #[test]
    fn an_empty_table_has_counts_too() {
        let folder = tempfile::tempdir().unwrap();
        TableWriter::create(folder.path(), "lines", &samples::contract()).unwrap().finish().unwrap();
        let file = PublishedFile::read(&folder.path().join("lines.parquet")).unwrap();
        let found: Value = serde_json::from_str(&file.statistics).unwrap();
        assert_eq!((&found["numRecords"], &found["nullCount"]["amount"]), (&json!(0), &json!(0)));
    }

    #[test]
    fn what_is_no_table_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.parquet");
        std::fs::write(&path, "no table").unwrap();
        assert!(PublishedFile::read(&path).unwrap_err().message.contains("lines.parquet"));
    }
}
