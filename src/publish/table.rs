//! One published table, held to its contract while it is written.

use std::path::Path;

use arrow::array::{ArrayRef, RecordBatch};

use crate::model::checksum;
use crate::model::contract::Contract;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::Table;
use crate::publish::blocks::BlockWriter;
use crate::publish::order::{Misplaced, Order};
use crate::publish::shape::Shape;

/// Writes one table and proves its contract while doing so: types, NULLs, order and uniqueness of the key.
/// Equal rows make equal bytes.
#[derive(Debug)]
pub struct TableWriter {
    shape: Shape,
    order: Order,
    blocks: BlockWriter,
    rows: u64,
}

impl TableWriter {
    /// Creates `<folder>/<name>.parquet`; the folder must exist, the file must not.
    ///
    /// # Errors
    /// A defect when the contract is not fit for BI tools or has no key; an I/O failure when the file cannot be made.
    pub fn create(folder: &Path, name: &str, contract: &Contract) -> Result<Self> {
        let shape = Shape::new(name, contract)?;
        let order = Order::new(shape.key_types()).map_err(|error| Failure::defect(format!("table {name}: {error}")))?;
        let blocks = BlockWriter::create(folder.join(file_name(name)), contract)?;
        Ok(Self { shape, order, blocks, rows: 0 })
    }

    /// Appends rows, their columns in the contract's order. Batches may have any size.
    ///
    /// # Errors
    /// A defect when columns differ from the contract, a promised value is NULL, or rows do not ascend strictly by the
    /// key; a data failure when an amount has more than 18 digits; an I/O failure when the disk does not take it.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let narrowed = self.shape.narrow(batch)?;
        self.require_order(narrowed.columns())?;
        self.rows += narrowed.num_rows() as u64;
        self.blocks.write(narrowed)
    }

    /// Ends the file and syncs it to disk.
    ///
    /// # Errors
    /// An I/O failure when the disk does not take it.
    pub fn finish(self) -> Result<Table> {
        let path = self.blocks.path().to_owned();
        let bytes = self.blocks.finish()?;
        let name = self.shape.table().to_owned();
        let (_, sha256) = checksum::of_file(&path)?;
        Ok(Table { file: file_name(&name), name, rows: self.rows, bytes, sha256 })
    }

    fn require_order(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let misplaced = self.order.follow(&self.shape.key_columns(columns));
        match misplaced.map_err(|error| Failure::defect(format!("table {}: {error}", self.shape.table())))? {
            None => Ok(()),
            Some(Misplaced::Repeated(row)) => Err(self.repeated(&self.shape.key_of(columns, row))),
            Some(Misplaced::Unsorted(row)) => Err(self.unsorted(&self.shape.key_of(columns, row))),
        }
    }

    fn repeated(&self, key: &str) -> Failure {
        let (table, grain) = (self.shape.table(), &self.shape.contract().grain);
        Failure::defect(format!("table {table}: two rows with {key}; a row should be {grain}"))
            .hint("look for a join that multiplies rows, or add to the key what tells them apart")
    }

    fn unsorted(&self, key: &str) -> Failure {
        let (table, columns) = (self.shape.table(), self.shape.contract().key.join(", "));
        Failure::defect(format!("table {table}: the row with {key} comes after a larger key"))
            .hint(format!("sort the query by {columns}, ascending, nulls last"))
    }
}

/// The file of a table within its run folder.
pub(super) fn file_name(table: &str) -> String {
    format!("{table}.parquet")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::failure::Blame;
    use crate::publish::samples::{self, Sample, row};

    fn written(folder: &Path, groups: &[&[Sample]]) -> Result<Table> {
        let mut writer = TableWriter::create(folder, "lines", &samples::contract())?;
        for group in groups {
            let batch = samples::batch(group).map_err(|error| Failure::defect(error.to_string()))?;
            writer.write(&batch)?;
        }
        writer.finish()
    }

    fn refusal(groups: &[&[Sample]]) -> Failure {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path(), groups).unwrap_err()
    }

    #[test]
    fn a_table_is_described_as_it_lies_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let table = written(folder.path(), &[&[row("a", 1, 5), row("a", 2, 5)], &[], &[row("b", 1, -5)]]).unwrap();
        let path = folder.path().join("lines.parquet");
        assert_eq!((table.name.as_str(), table.file.as_str(), table.rows), ("lines", "lines.parquet", 3));
        assert_eq!(table.bytes, std::fs::metadata(&path).unwrap().len());
        assert_eq!(table.sha256, checksum::of_file(&path).unwrap().1);
        assert_eq!(written(folder.path(), &[]).unwrap_err().blame, Blame::Io);
    }

    #[test]
    fn null_where_a_value_is_promised_is_refused_with_its_key() {
        let failure = refusal(&[&[row("a", 1, 5), ("a".to_owned(), 2, None, None)]]);
        assert_eq!(
            failure.message,
            "table lines: column amount is NULL where dealer_id = a, line = 2, against its contract"
        );
    }

    #[test]
    fn rows_out_of_order_are_refused() {
        let failure = refusal(&[&[row("b", 1, 5)], &[row("a", 9, 5)]]);
        assert_eq!(failure.message, "table lines: the row with dealer_id = a, line = 9 comes after a larger key");
        assert_eq!(failure.hints, ["sort the query by dealer_id, line, ascending, nulls last"]);
    }

    #[test]
    fn a_key_twice_is_refused() {
        let failure = refusal(&[&[row("a", 1, 5)], &[row("a", 1, 6)]]);
        assert!(failure.message.contains("two rows with dealer_id = a, line = 1"), "{failure}");
    }

    #[test]
    fn an_amount_of_nineteen_digits_is_refused() {
        written(tempfile::tempdir().unwrap().path(), &[&[row("a", 1, 999_999_999_999_999_999)]]).unwrap();
        let failure = refusal(&[&[row("a", 1, 1_000_000_000_000_000_000)]]);
        assert_eq!(failure.blame, Blame::Data);
        assert!(failure.message.contains("column amount"), "{failure}");
    }
}
