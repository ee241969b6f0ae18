//! A Parquet file whose bytes depend on its rows alone, not on the batches in which they come.

use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, make_array};
use arrow::compute::BatchCoalescer;
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;

use crate::model::contract::Contract;
use crate::model::failure::{Failure, Result};
use crate::publish::properties;

/// Rows that the Parquet writer gets at once. It looks at its page limits only between parts of what it gets, so the
/// size of batches shows in the file; a fixed size makes it the same. A row group is a whole number of blocks.
const BLOCK: usize = 8_192;

/// Collects rows into blocks and writes them.
#[derive(Debug)]
pub(super) struct BlockWriter {
    path: PathBuf,
    blocks: BatchCoalescer,
    writer: ArrowWriter<File>,
}

impl BlockWriter {
    /// Creates the file, which must not exist.
    pub(super) fn create(path: PathBuf, contract: &Contract) -> Result<Self> {
        let file = File::create_new(&path).map_err(|error| Failure::io("cannot create", &path, error))?;
        let writer = ArrowWriter::try_new_with_options(file, contract.schema(), properties::options(contract))
            .map_err(|error| unwritable(&path, error))?;
        Ok(Self { path, blocks: BatchCoalescer::new(contract.schema(), BLOCK), writer })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends rows of the contract's types; they may stay in memory until a block is full.
    pub(super) fn write(&mut self, batch: RecordBatch) -> Result<()> {
        self.blocks.push_batch(batch).map_err(|error| unwritable(&self.path, error))?;
        self.write_full_blocks()
    }

    /// Writes what is left, ends the file and syncs it; the result is its size in bytes.
    pub(super) fn finish(mut self) -> Result<u64> {
        self.blocks.finish_buffered_batch().map_err(|error| unwritable(&self.path, error))?;
        self.write_full_blocks()?;
        let Self { path, writer, .. } = self;
        let file = writer.into_inner().map_err(|error| unwritable(&path, error))?;
        file.sync_all().map_err(|error| unwritable(&path, error))?;
        let about = file.metadata().map_err(|error| Failure::io("cannot look at", &path, error))?;
        Ok(about.len())
    }

    fn write_full_blocks(&mut self) -> Result<()> {
        while let Some(block) = self.blocks.next_completed_batch() {
            let block = canonical(&block).map_err(|error| unwritable(&self.path, error))?;
            self.writer.write(&block).map_err(|error| unwritable(&self.path, error))?;
        }
        Ok(())
    }
}

/// The block without validity bitmaps in which no row is NULL. Whether there is one depends on how the rows were
/// batched, and the Parquet writer ends pages elsewhere when there is.
fn canonical(block: &RecordBatch) -> std::result::Result<RecordBatch, ArrowError> {
    let columns =
        block.columns().iter().map(without_idle_bitmap).collect::<std::result::Result<Vec<_>, ArrowError>>()?;
    RecordBatch::try_new(block.schema(), columns)
}

fn without_idle_bitmap(array: &ArrayRef) -> std::result::Result<ArrayRef, ArrowError> {
    match array.nulls() {
        Some(nulls) if nulls.null_count() == 0 => Ok(make_array(array.to_data().into_builder().nulls(None).build()?)),
        _ => Ok(Arc::clone(array)),
    }
}

fn unwritable(path: &Path, error: impl Display) -> Failure {
    Failure::io("cannot write", path, error)
        .hint("check the free space and the permissions of its folder, then run again")
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    use super::*;
    use crate::publish::samples;
    use crate::publish::shape::Shape;

    fn narrowed(numbers: Range<i64>) -> RecordBatch {
        let batch = samples::batch(&samples::rows(numbers)).unwrap();
        Shape::new("lines", &samples::contract()).unwrap().narrow(&batch).unwrap()
    }

    fn bytes_of(batches: Vec<RecordBatch>) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.parquet");
        let mut writer = BlockWriter::create(path.clone(), &samples::contract()).unwrap();
        batches.into_iter().for_each(|batch| writer.write(batch).unwrap());
        let bytes = writer.finish().unwrap();
        let content = std::fs::read(path).unwrap();
        assert_eq!(content.len() as u64, bytes);
        content
    }

    #[test]
    fn bytes_do_not_depend_on_batches() {
        // More rows than a row group has, and a nullable column whose later rows are never NULL.
        let count = 150_000;
        let whole = narrowed(0..count);
        let starts = (0..whole.num_rows()).step_by(7_777);
        let slices = starts.map(|start| whole.slice(start, 7_777.min(whole.num_rows() - start))).collect();
        let built = (0..count).step_by(1_000).map(|start| narrowed(start..start + 1_000)).collect();
        let expected = bytes_of(vec![whole.clone()]);
        assert!(bytes_of(slices) == expected, "slices of one batch");
        assert!(bytes_of(built) == expected, "batches built one by one");
    }

    #[test]
    fn the_file_says_what_it_is_and_nothing_of_its_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines.parquet");
        BlockWriter::create(path.clone(), &samples::contract()).unwrap().finish().unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        assert_eq!(reader.schema().fields(), samples::contract().schema().fields());
        let about = reader.metadata().file_metadata();
        assert_eq!((about.created_by(), about.version(), about.num_rows()), (Some("dealerlens"), 1, 0));
        let keys: Vec<_> = about.key_value_metadata().unwrap().iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys, ["dealerlens.purpose", "dealerlens.grain", "dealerlens.columns"]);
    }
}
