//! Staging files: where they are, how they are written, and when those of an earlier run serve again.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::config::SourceSection;
use crate::ingest::claim::Claim;
use crate::ingest::convert::Sink;
use crate::ingest::seal::Seal;
use crate::model::checksum;
use crate::model::event::Interrupt;
use crate::model::export::Counts;
use crate::model::failure::{Failure, Result};
use crate::model::reason::rejection_schema;
use crate::model::removal::remove_file;
use crate::model::source::Source;
use crate::model::sum::{Sum, Summed};

/// Each version stages anew: it may read the same export differently.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Changes when the same export would be staged differently between two versions.
const LAYOUT: &str = "7";
const ROW_GROUP: usize = 262_144;

/// The files of one export in staging; the seal is written last, so it says that the rest is whole.
#[derive(Debug, Clone)]
pub struct StagedFiles {
    pub key: i64,
    pub rows: PathBuf,
    pub rejections: PathBuf,
    seal: PathBuf,
    /// Held by the process that is staging the export, when several are at work.
    pub claim: PathBuf,
}

/// What is there of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    Whole(Counts),
    /// With what is wrong.
    Damaged(String),
}

impl StagedFiles {
    /// Places derived from content, reading rules and the version of the code: any of them changing gives new files.
    pub fn of(folder: &Path, source: Source, section: &SourceSection, sha256: &str) -> Result<Self> {
        Self::of_version(VERSION, folder, source, section, sha256)
    }

    fn of_version(version: &str, folder: &Path, source: Source, section: &SourceSection, sha256: &str) -> Result<Self> {
        let rules = serde_json::to_string(&Rules::of(section))
            .map_err(|error| Failure::defect(format!("sources.{source} cannot be written as JSON: {error}")))?;
        let digest = checksum::of_parts(&[version, LAYOUT, source.name(), &rules, sha256]);
        let short = digest.get(..15).unwrap_or(&digest);
        let key = i64::from_str_radix(short, 16).map_err(|error| Failure::defect(format!("staging key: {error}")))?;
        let folder = folder.join(source.name());
        fs::create_dir_all(&folder).map_err(|error| Failure::io("cannot create", &folder, error))?;
        let file = |suffix: &str| folder.join(format!("{short}.{suffix}"));
        let claim = folder.join(format!(".{short}.claim"));
        Ok(Self { key, rows: file("parquet"), rejections: file("rejections.parquet"), seal: file("json"), claim })
    }

    /// What an earlier run left, every byte of it compared with its seal. Without a seal there is nothing.
    pub fn kept(&self) -> Kept {
        let name = self.seal.file_name().unwrap_or_default().display();
        let seal = match fs::read(&self.seal) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Kept::Nothing,
            Err(error) => return Kept::Damaged(format!("{name} cannot be read: {error}")),
            Ok(text) => serde_json::from_slice::<Seal>(&text),
        };
        match seal {
            Err(error) => Kept::Damaged(format!("{name} cannot be read: {error}")),
            Ok(seal) if seal.key != self.key => Kept::Damaged(format!("{name} is that of other files")),
            Ok(seal) => match seal.rows.fault(&self.rows).or_else(|| seal.rejections.fault(&self.rejections)) {
                Some(fault) => Kept::Damaged(fault),
                None => Kept::Whole(seal.counts),
            },
        }
    }

    /// Removes what is there, the seal first: a new file takes no place on a disk that damaged the old one.
    pub fn discard(&self) -> Result<()> {
        [&self.seal, &self.rows, &self.rejections].into_iter().try_for_each(|path| remove_file(path))
    }

    /// Declares the files whole, so that no claim is needed any more. Whatever is written is written in `scratch`, a
    /// folder of this process, and moved.
    pub fn seal(&self, (rows, rejections): (Sum, Sum), counts: Counts, scratch: &Path) -> Result<()> {
        let seal = Seal { key: self.key, rows, rejections, counts };
        let text = serde_json::to_string(&seal).map_err(|error| Failure::defect(format!("counts: {error}")))?;
        let aside = aside(&self.seal, scratch);
        let written = fs::write(&aside, text).and_then(|()| fs::rename(&aside, &self.seal));
        written.map_err(|error| Failure::io("cannot write", &self.seal, error))?;
        let _ = fs::remove_file(&self.claim);
        Ok(())
    }
}

/// Where a staging file is written before it is moved to its place.
fn aside(path: &Path, scratch: &Path) -> PathBuf {
    scratch.join(path.file_name().unwrap_or_default())
}

/// The part of a source's section that decides how a row is read; which files it names does not matter.
#[derive(serde::Serialize)]
struct Rules<'a> {
    encoding: &'a str,
    delimiter: &'a str,
    quote: &'a str,
    header: (bool, usize),
    decimal: &'a str,
    thousands: &'a str,
    dates: &'a [String],
    nulls: &'a [String],
    sheet: &'a Option<String>,
    skip_rows: usize,
    wide: (&'a str, &'a [String], &'a Option<String>),
    columns: &'a std::collections::BTreeMap<String, crate::config::ColumnSpec>,
}

impl<'a> Rules<'a> {
    fn of(section: &'a SourceSection) -> Self {
        Self {
            encoding: &section.encoding,
            delimiter: &section.delimiter,
            quote: &section.quote,
            header: (section.header, section.header_rows),
            decimal: &section.decimal,
            thousands: &section.thousands,
            dates: &section.dates,
            nulls: &section.nulls,
            sheet: &section.sheet,
            skip_rows: section.skip_rows,
            wide: (&section.layout, &section.months, &section.year),
            columns: &section.columns,
        }
    }
}

/// Writes rows and rejections of one export.
pub struct StagingSink<'a> {
    interrupt: &'a Interrupt,
    claim: Option<Claim>,
    rows: TableFile,
    rejections: TableFile,
}

impl<'a> StagingSink<'a> {
    pub fn create(
        source: Source,
        files: &StagedFiles,
        scratch: &Path,
        claim: Option<Claim>,
        interrupt: &'a Interrupt,
    ) -> Result<Self> {
        Ok(Self {
            interrupt,
            claim,
            rows: TableFile::create(&files.rows, scratch, source.staging_schema())?,
            rejections: TableFile::create(&files.rejections, scratch, rejection_schema())?,
        })
    }

    /// The sums of both files, and the claim, to be held until they are sealed.
    pub fn finish(self) -> Result<((Sum, Sum), Option<Claim>)> {
        Ok(((self.rows.finish()?, self.rejections.finish()?), self.claim))
    }
}

impl Sink for StagingSink<'_> {
    fn rows(&mut self, batch: &RecordBatch) -> Result<()> {
        self.interrupt.check()?;
        self.claim.as_mut().map_or(Ok(()), Claim::beat)?;
        self.rows.write(batch)
    }

    fn rejections(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rejections.write(batch)
    }
}

struct TableFile {
    path: PathBuf,
    aside: PathBuf,
    writer: ArrowWriter<Summed<File>>,
}

impl TableFile {
    fn create(path: &Path, scratch: &Path, schema: SchemaRef) -> Result<Self> {
        let failed = |error: &dyn std::fmt::Display| Failure::io("cannot write", path, error);
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            // Staging is read as a whole, so nothing is skipped by statistics but a channel that no line states; order
            // numbers and amounts hardly repeat, lines follow each other, and what repeats is small by its dictionaries.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_statistics_enabled("channel".into(), EnabledStatistics::Chunk)
            .set_column_dictionary_enabled("order_id".into(), false)
            .set_column_encoding("order_id".into(), Encoding::DELTA_BYTE_ARRAY)
            .set_column_dictionary_enabled("order_key".into(), false)
            .set_column_dictionary_enabled("amount".into(), false)
            .set_column_dictionary_enabled("export_line".into(), false)
            .set_column_encoding("export_line".into(), Encoding::DELTA_BINARY_PACKED)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let aside = aside(path, scratch);
        let file = File::create(&aside).map_err(|error| failed(&error))?;
        let writer =
            ArrowWriter::try_new(Summed::new(file), schema, Some(properties)).map_err(|error| failed(&error))?;
        Ok(Self { path: path.to_path_buf(), aside, writer })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).map_err(|error| Failure::io("cannot write", &self.path, error))
    }

    fn finish(self) -> Result<Sum> {
        let written = self.writer.into_inner().map_err(|error| Failure::io("cannot write", &self.path, error))?;
        let (file, sum) = written.finish();
        // Closed, so that other machines see all of it, and not synced: what a power cut takes the seal's sum misses.
        drop(file);
        fs::rename(&self.aside, &self.path).map_err(|error| Failure::io("cannot write", &self.path, error))?;
        Ok(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section() -> SourceSection {
        toml::from_str("files = []").unwrap()
    }

    fn files_in(folder: &Path) -> StagedFiles {
        StagedFiles::of(folder, Source::Sales, &section(), "a checksum").unwrap()
    }

    /// Staging of an export without rows.
    fn staged_in(folder: &Path) -> StagedFiles {
        let (files, interrupt) = (files_in(folder), Interrupt::default());
        let scratch = tempfile::tempdir_in(folder).unwrap();
        let sink = StagingSink::create(Source::Sales, &files, scratch.path(), None, &interrupt).unwrap();
        files.seal(sink.finish().unwrap().0, Counts::default(), scratch.path()).unwrap();
        files
    }

    #[test]
    fn what_is_sealed_and_whole_serves_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(files_in(folder.path()).kept(), Kept::Nothing);
        let files = staged_in(folder.path());
        assert_eq!(files.kept(), Kept::Whole(Counts::default()));
        files.discard().unwrap();
        assert_eq!(files.kept(), Kept::Nothing);
        assert!(!files.rows.exists() && !files.rejections.exists());
    }

    #[test]
    fn files_without_a_seal_are_left_by_a_killed_run() {
        let folder = tempfile::tempdir().unwrap();
        let files = staged_in(folder.path());
        fs::remove_file(&files.seal).unwrap();
        assert_eq!(files.kept(), Kept::Nothing);
    }

    #[test]
    fn damage_of_any_of_the_files_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let files = staged_in(folder.path());
        for path in [&files.rows, &files.rejections, &files.seal] {
            let whole = fs::read(path).unwrap();
            for damage in [&whole[..whole.len() / 2], &b""[..], &b"something else"[..]] {
                fs::write(path, damage).unwrap();
                assert!(matches!(files.kept(), Kept::Damaged(_)), "{} holds {damage:?}", path.display());
            }
            fs::write(path, whole).unwrap();
            assert_eq!(files.kept(), Kept::Whole(Counts::default()));
        }
        fs::remove_file(&files.rows).unwrap();
        assert!(matches!(files.kept(), Kept::Damaged(_)));
    }

    #[test]
    fn whole_files_of_another_export_do_not_serve() {
        let folder = tempfile::tempdir().unwrap();
        let files = staged_in(folder.path());
        let other = StagedFiles::of(folder.path(), Source::Sales, &section(), "another checksum").unwrap();
        for (from, to) in
            [(&files.rows, &other.rows), (&files.rejections, &other.rejections), (&files.seal, &other.seal)]
        {
            fs::copy(from, to).unwrap();
        }
        assert!(matches!(other.kept(), Kept::Damaged(fault) if fault.ends_with("is that of other files")));
    }

    #[test]
    fn staging_of_another_version_is_not_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let files = staged_in(folder.path());
        let newer = StagedFiles::of_version("99.0.0", folder.path(), Source::Sales, &section(), "a checksum").unwrap();
        assert_ne!(newer.key, files.key);
        assert_eq!(newer.kept(), Kept::Nothing);
    }
}
