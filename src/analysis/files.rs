//! How files are written that only the engine itself reads again.

use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;

/// Such files are read as a whole: nothing is skipped by statistics. Numbers hardly repeat; texts do.
pub fn properties(schema: &Schema) -> WriterProperties {
    let texts = schema.fields().iter().filter(|field| field.data_type() == &DataType::Utf8);
    let plain =
        WriterProperties::builder().set_statistics_enabled(EnabledStatistics::None).set_dictionary_enabled(false);
    let column = |name: &str| ColumnPath::from(name);
    texts.fold(plain, |builder, text| builder.set_column_dictionary_enabled(column(text.name()), true)).build()
}
