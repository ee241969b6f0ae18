//! Facts: the rows that a relation has of the exports of a bundle, kept in a file from night to night.
//!
//! A file bears what it was made of and what it has to be in its name, and is moved to it when it is whole. So nothing else
//! has to be written, and a file that a killed night left half done is never looked at.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::errors::ParquetError;

use crate::analysis::ENGINE_VERSION;
use crate::analysis::files::properties;
use crate::model::checksum;
use crate::model::failure::{Failure, Result};
use crate::model::sum::{Sum, Summed};

/// Each version computes anew: it may mean something else by the same words.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Hexadecimal digits of a key: 128 bits.
const KEY_DIGITS: usize = 32;

/// What rows follow from, as one word.
pub fn key_of(parts: &[String]) -> String {
    let versions = [VERSION, ENGINE_VERSION].into_iter();
    let mut key = checksum::of_parts(&versions.chain(parts.iter().map(String::as_str)).collect::<Vec<_>>());
    key.truncate(KEY_DIGITS);
    key
}

/// One file: what a relation gave for the exports of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What the rows follow from: equal keys have equal rows.
    pub key: String,
    pub rows: u64,
    pub path: PathBuf,
    sum: Sum,
}

impl Fact {
    fn of_path(path: PathBuf) -> Option<Self> {
        let parts: Vec<&str> = path.file_name()?.to_str()?.split('.').collect();
        let [key, rows, sum, "parquet"] = parts.as_slice() else { return None };
        let (key, rows, sum) = ((*key).to_owned(), rows.parse().ok()?, Sum::of_text(sum)?);
        Some(Self { key, rows, path, sum })
    }

    /// What is in it: equal rows that came about otherwise are the same to who reads them.
    pub fn content(&self) -> String {
        format!("{}.{}", self.rows, self.sum)
    }

    pub const fn bytes(&self) -> u64 {
        self.sum.bytes()
    }

    /// What is wrong with the file.
    pub fn fault(&self) -> Option<String> {
        self.sum.fault(&self.path)
    }
}

/// The facts of a relation that are there, by their keys.
///
/// # Errors
/// An I/O failure when the folder cannot be made or looked into.
pub fn kept(folder: &Path) -> Result<BTreeMap<String, Fact>> {
    fs::create_dir_all(folder).map_err(|error| Failure::io("cannot create", folder, error))?;
    let entries = fs::read_dir(folder).map_err(|error| Failure::io("cannot look into", folder, error))?;
    let facts = entries.filter_map(|entry| Fact::of_path(entry.ok()?.path()));
    Ok(facts.map(|fact| (fact.key.clone(), fact)).collect())
}

/// Writes one fact, aside until it is whole.
pub struct FactWriter {
    key: String,
    rows: u64,
    aside: PathBuf,
    writer: ArrowWriter<Summed<File>>,
}

impl FactWriter {
    pub fn create(key: &str, aside: PathBuf, schema: &SchemaRef) -> Result<Self> {
        let file = File::create(&aside).map_err(|error| Failure::io("cannot write", &aside, error))?;
        let writer = ArrowWriter::try_new(Summed::new(file), schema.clone(), Some(properties(schema)))
            .map_err(|error| unwritten(&aside, &error))?;
        Ok(Self { key: key.to_owned(), rows: 0, aside, writer })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).map_err(|error| unwritten(&self.aside, &error))
    }

    /// Moves the file to its place in `folder`.
    pub fn finish(self, folder: &Path) -> Result<Fact> {
        let Self { key, rows, aside, writer } = self;
        let written = writer.into_inner().map_err(|error| unwritten(&aside, &error))?;
        let (_, sum) = written.finish();
        let path = folder.join(format!("{key}.{rows}.{sum}.parquet"));
        fs::rename(&aside, &path).map_err(|error| Failure::io("cannot write", &path, error))?;
        Ok(Fact { key, rows, path, sum })
    }
}

fn unwritten(path: &Path, error: &ParquetError) -> Failure {
    Failure::io("cannot write", path, std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Int64Array};

    use super::*;
    use crate::model::removal::remove_file;

    fn written(folder: &Path, key: &str) -> Fact {
        let rows: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        let batch = RecordBatch::try_from_iter([("number", rows)]).unwrap();
        let mut writer = FactWriter::create(key, folder.join("aside"), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish(folder).unwrap()
    }

    #[test]
    fn what_was_written_is_found_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let fact = written(folder.path(), "abc");
        assert_eq!((fact.rows, fact.fault()), (3, None));
        assert_eq!(kept(folder.path()).unwrap(), BTreeMap::from([("abc".to_owned(), fact)]));
    }

    #[test]
    fn damage_is_found_and_other_files_are_no_facts() {
        let folder = tempfile::tempdir().unwrap();
        let fact = written(folder.path(), "abc");
        fs::write(&fact.path, "something else").unwrap();
        assert!(kept(folder.path()).unwrap()["abc"].fault().is_some());
        remove_file(&fact.path).unwrap();
        remove_file(&fact.path).unwrap();
        for name in ["aside", "abc.parquet", "abc.three.4-5.parquet", "abc.3.4.parquet", "abc.3.4-00000005.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert!(kept(folder.path()).unwrap().is_empty());
    }
}
