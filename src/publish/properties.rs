//! How Parquet files are written: one place for every setting that a BI tool can stumble over.

use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use serde_json::{Map, Value};

use crate::model::contract::{Contract, ContractColumn};

/// Rows in a row group: enough to compress well, few enough for readers that take one at a time.
const ROW_GROUP: usize = 131_072;

/// The options of a published file. Arrow's own schema is left out: it would keep view and dictionary types alive in
/// some readers. The library's version is left out too, so that equal rows are equal bytes.
pub(super) fn options(contract: &Contract) -> ArrowWriterOptions {
    let properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(true)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_bloom_filter_enabled(false)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_created_by("dealerlens".to_owned())
        .set_key_value_metadata(Some(metadata(contract)))
        .build();
    ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true)
}

/// Keys of what a file says about itself: two texts, and a JSON object of its columns.
pub(super) const PURPOSE: &str = "dealerlens.purpose";
pub(super) const GRAIN: &str = "dealerlens.grain";
pub(super) const COLUMNS: &str = "dealerlens.columns";

fn metadata(contract: &Contract) -> Vec<KeyValue> {
    vec![
        KeyValue::new(PURPOSE.to_owned(), contract.purpose.clone()),
        KeyValue::new(GRAIN.to_owned(), contract.grain.clone()),
        KeyValue::new(COLUMNS.to_owned(), columns(contract)),
    ]
}

/// A JSON object of the columns. Put together by hand: a JSON map of the library may sort its names.
fn columns(contract: &Contract) -> String {
    let entries: Vec<String> = contract.columns.iter().map(entry).collect();
    format!("{{{}}}", entries.join(","))
}

fn entry(column: &ContractColumn) -> String {
    // In alphabetical order, so that a sorting map and an inserting one write the same.
    let about = Map::from_iter([
        ("description".to_owned(), Value::from(column.description.as_str())),
        ("unit".to_owned(), Value::from(column.unit.as_deref())),
    ]);
    format!("{}:{}", Value::from(column.name.as_str()), Value::Object(about))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;

    #[test]
    fn columns_keep_their_order_and_escape_quotes() {
        let mut contract = samples::contract();
        contract.columns.reverse();
        contract.columns.truncate(2);
        contract.purpose = "a \"quoted\" purpose".to_owned();
        let text = columns(&contract);
        let expected = concat!(
            "{\"amount\":{\"description\":\"The \\\"amount\\\"\",\"unit\":\"money\"},",
            "\"note\":{\"description\":\"The \\\"note\\\"\",\"unit\":null}}"
        );
        assert_eq!(text, expected);
        assert!(serde_json::from_str::<Value>(&text).is_ok());
    }
}
