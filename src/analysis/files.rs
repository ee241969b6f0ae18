//! How files are written that only the engine itself reads again.

use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::parquet::basic::Encoding;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;

/// Its numbers are as good as drawn by lot.
const HASHED: &str = "order_key";

/// Such files are read as a whole: nothing is skipped by statistics. Texts repeat; whole numbers and days are small or
/// differ little from row to row.
pub fn properties(schema: &Schema) -> WriterProperties {
    let plain =
        WriterProperties::builder().set_statistics_enabled(EnabledStatistics::None).set_dictionary_enabled(false);
    let column = |name: &str| ColumnPath::from(name);
    let written = schema.fields().iter().fold(plain, |builder, field| match field.data_type() {
        DataType::Utf8 => builder.set_column_dictionary_enabled(column(field.name()), true),
        DataType::Date32 | DataType::Int32 | DataType::Int64 if field.name() != HASHED => {
            builder.set_column_encoding(column(field.name()), Encoding::DELTA_BINARY_PACKED)
        }
        _ => builder,
    });
    written.build()
}
