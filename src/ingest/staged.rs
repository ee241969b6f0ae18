//! Staging files: where they are, how they are written, and when those of an earlier run serve again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::config::SourceSection;
use crate::ingest::claim::Claim;
use crate::ingest::convert::Sink;
use crate::model::checksum;
use crate::model::event::Interrupt;
use crate::model::export::Counts;
use crate::model::failure::{Failure, Result};
use crate::model::reason::rejection_schema;
use crate::model::source::Source;

/// Changes when the same export would be staged differently by this version of the code.
const LAYOUT: &str = "4";
const ROW_GROUP: usize = 262_144;

/// The files of one export in staging; the counts are written last, so they say that the rest is whole.
#[derive(Debug, Clone)]
pub struct StagedFiles {
    pub key: i64,
    pub rows: PathBuf,
    pub rejections: PathBuf,
    counts: PathBuf,
    /// Held by the process that is staging the export, when several are at work.
    pub claim: PathBuf,
}

impl StagedFiles {
    /// Places derived from content and reading rules: either changing gives new files.
    pub fn of(folder: &Path, source: Source, section: &SourceSection, sha256: &str) -> Result<Self> {
        let rules = serde_json::to_string(&Rules::of(section))
            .map_err(|error| Failure::defect(format!("sources.{source} cannot be written as JSON: {error}")))?;
        let digest = checksum::of_parts(&[LAYOUT, source.name(), &rules, sha256]);
        let short = digest.get(..15).unwrap_or(&digest);
        let key = i64::from_str_radix(short, 16).map_err(|error| Failure::defect(format!("staging key: {error}")))?;
        let folder = folder.join(source.name());
        fs::create_dir_all(&folder).map_err(|error| Failure::io("cannot create", &folder, error))?;
        let file = |suffix: &str| folder.join(format!("{short}.{suffix}"));
        let claim = folder.join(format!(".{short}.claim"));
        Ok(Self { key, rows: file("parquet"), rejections: file("rejections.parquet"), counts: file("json"), claim })
    }

    /// The counts of an earlier run, when all three files are there.
    pub fn counts(&self) -> Option<Counts> {
        let text = fs::read_to_string(&self.counts).ok()?;
        let counts = serde_json::from_str(&text).ok()?;
        (self.rows.is_file() && self.rejections.is_file()).then_some(counts)
    }

    /// Declares the files whole, so that no claim is needed any more. Whatever is written is written in `scratch`, a
    /// folder of this process, and moved.
    pub fn seal(&self, counts: &Counts, scratch: &Path) -> Result<()> {
        let text = serde_json::to_string(counts).map_err(|error| Failure::defect(format!("counts: {error}")))?;
        let aside = aside(&self.counts, scratch);
        let write = || {
            let mut file = File::create(&aside)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&aside, &self.counts)
        };
        write().map_err(|error: std::io::Error| Failure::io("cannot write", &self.counts, error))?;
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

    /// Gives the claim back, to be held until the files are sealed.
    pub fn finish(self) -> Result<Option<Claim>> {
        self.rows.finish()?;
        self.rejections.finish()?;
        Ok(self.claim)
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
    writer: ArrowWriter<File>,
}

impl TableFile {
    fn create(path: &Path, scratch: &Path, schema: SchemaRef) -> Result<Self> {
        let failed = |error: &dyn std::fmt::Display| Failure::io("cannot write", path, error);
        let properties = WriterProperties::builder()
            .set_compression(Compression::UNCOMPRESSED)
            // Staging is read as a whole, so nothing is skipped by statistics; order numbers hardly repeat, and what
            // repeats is small by its dictionaries alone.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_column_dictionary_enabled("order_id".into(), false)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let aside = aside(path, scratch);
        let file = File::create(&aside).map_err(|error| failed(&error))?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(|error| failed(&error))?;
        Ok(Self { path: path.to_path_buf(), aside, writer })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).map_err(|error| Failure::io("cannot write", &self.path, error))
    }

    fn finish(self) -> Result<()> {
        let file = self.writer.into_inner().map_err(|error| Failure::io("cannot write", &self.path, error))?;
        let moved = file.sync_all().and_then(|()| fs::rename(&self.aside, &self.path));
        moved.map_err(|error| Failure::io("cannot write", &self.path, error))
    }
}
