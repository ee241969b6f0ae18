//! Digests of relations: whether a relation has the same rows as in an earlier night, whatever their order.

use std::collections::BTreeMap;

use datafusion::arrow::array::{AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Int64Type, Schema};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use tokio_stream::StreamExt;

use crate::analysis::by_export::bundle::{Bundle, exports_of};
use crate::analysis::by_export::lines::Lines;
use crate::model::checksum;

/// The column that says of which export a row is.
pub const EXPORT_KEY: &str = "export_key";

/// The rows of a relation as numbers of 128 bits: sums of the rows' own, so that their order does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Digest {
    /// Of a relation that says of each row which export it is of. Without rows there is no number.
    ByExport(BTreeMap<i64, u128>),
    Whole(u128),
}

impl Digest {
    /// What the rows follow from that an export sees.
    pub fn seen_by(&self, export_key: i64) -> u128 {
        match self {
            Self::ByExport(digests) => digests.get(&export_key).copied().unwrap_or_default(),
            Self::Whole(digest) => *digest,
        }
    }

    /// What the rows follow from that each of these exports sees, as words.
    pub fn words_of(&self, exports: &[Lines]) -> Vec<String> {
        let word = |number: u128| format!("{number:x}");
        match self {
            Self::ByExport(_) => exports.iter().map(|export| word(self.seen_by(export.key))).collect(),
            Self::Whole(digest) => vec![word(*digest)],
        }
    }

    /// All rows as one number, whatever their exports.
    pub fn number(&self) -> u128 {
        match self {
            Self::ByExport(digests) => digests.values().copied().fold(0, u128::wrapping_add),
            Self::Whole(digest) => *digest,
        }
    }

    /// Whether the relation has no row of any export of these bundles.
    pub fn has_nothing_of(&self, bundles: &[Bundle]) -> bool {
        match self {
            Self::ByExport(digests) => exports_of(bundles).all(|export| !digests.contains_key(&export.key)),
            Self::Whole(_) => false,
        }
    }

    /// Reads a relation once.
    pub async fn of(context: &SessionContext, relation: &str) -> Result<Self> {
        Self::of_rows(context.table(relation).await?.execute_stream().await?, &[]).await
    }

    /// Of rows, as if the columns `besides` were not there.
    pub async fn of_rows(mut rows: SendableRecordBatchStream, besides: &[&str]) -> Result<Self> {
        let schema = rows.schema();
        let counts = |place: &usize| !besides.contains(&schema.field(*place).name().as_str());
        let places: Vec<usize> = (0..schema.fields().len()).filter(counts).collect();
        let fields = places.iter().map(|place| SortField::new(schema.field(*place).data_type().clone()));
        let converter = RowConverter::new(fields.collect()).map_err(DataFusionError::from)?;
        let (mut whole, mut by_export) = (0_u128, BTreeMap::new());
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            let counted = batch.project(&places)?;
            let numbers = numbers(&converter, &counted)?;
            match export_keys(&batch) {
                Some(keys) => {
                    keys.iter().zip(numbers).for_each(|(key, number)| add(by_export.entry(*key).or_default(), number))
                }
                None => numbers.for_each(|number| add(&mut whole, number)),
            }
        }
        Ok(if has_export_key(&schema) { Self::ByExport(by_export) } else { Self::Whole(whole) })
    }
}

/// Whether a relation says of each row which export it is of.
pub fn has_export_key(schema: &Schema) -> bool {
    schema.field_with_name(EXPORT_KEY).is_ok_and(|field| field.data_type() == &DataType::Int64)
}

fn export_keys(batch: &RecordBatch) -> Option<&[i64]> {
    let column = batch.column_by_name(EXPORT_KEY)?.as_primitive_opt::<Int64Type>()?;
    Some(column.values())
}

fn add(sum: &mut u128, number: u128) {
    *sum = sum.wrapping_add(number);
}

/// A number for each row; the encoding of rows tells NULL from every value.
fn numbers(converter: &RowConverter, batch: &RecordBatch) -> Result<impl Iterator<Item = u128>> {
    let rows = converter.convert_columns(batch.columns()).map_err(DataFusionError::from)?;
    let numbers: Vec<u128> = rows.iter().map(|row| checksum::wide_number(row.as_ref())).collect();
    Ok(numbers.into_iter())
}

#[cfg(test)]
mod tests {
    use datafusion::prelude::SessionConfig;

    use super::*;

    async fn digest(values: &str, columns: &str) -> Digest {
        let context = SessionContext::new_with_config(SessionConfig::new());
        context.sql(&format!("create view told as select {columns} from (values {values})")).await.unwrap();
        Digest::of(&context, "told").await.unwrap()
    }

    const KEYED: &str = "column1 as export_key, column2 as name";

    #[tokio::test]
    async fn the_order_of_rows_does_not_count_and_each_value_does() {
        let first = digest("(1, 'a'), (2, 'b'), (1, 'c')", KEYED).await;
        assert_eq!(first, digest("(1, 'c'), (1, 'a'), (2, 'b')", KEYED).await);
        let changed = digest("(1, 'a'), (2, 'b'), (1, 'd')", KEYED).await;
        assert_ne!(first.seen_by(1), changed.seen_by(1));
        assert_eq!(first.seen_by(2), changed.seen_by(2), "another export's rows");
        assert_eq!(first.seen_by(3), 0);
        let twice = digest("(1, 'a'), (1, 'a'), (2, 'b'), (1, 'c')", KEYED).await;
        assert_ne!(first.seen_by(1), twice.seen_by(1));
    }

    #[tokio::test]
    async fn null_is_no_value_and_all_rows_count_without_an_export() {
        let plain = "column1 as name, column2 as other";
        let (left, right) = (digest("('a', null)", plain).await, digest("(null, 'a')", plain).await);
        assert_ne!(left, right);
        assert_eq!(left.seen_by(1), left.seen_by(2));
        assert_ne!(digest("('', '')", plain).await, digest("(null, null)", plain).await);
    }
}
