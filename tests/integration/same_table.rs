//! One table of sales in every encoding, packing and format: what ingest stages of it is the same to the byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Date32Array, Decimal128Array, Float64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::datatypes::Int64Type;
use chrono::NaiveDate;
use dealerlens::config::Job;
use dealerlens::ingest::{Export, ingest};
use dealerlens::model::event::{Interrupt, Supervision, Unwatched};
use dealerlens::model::money::{Money, PRECISION, SCALE};
use dealerlens::model::room::Room;
use dealerlens::model::source::Source;
use dealerlens::publish::render_rows;
use encoding_rs::GB18030;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::encodings::{encoded, gzipped, utf16};

const HEADER: [&str; 9] =
    ["sold_on", "dealer_id", "amount", "order_id", "line_no", "outlet_id", "product_id", "channel", "quantity"];

/// Leading zeros, Chinese and German names, delimiters and a quote within cells, returns, and cells that are empty.
/// `tests/fixtures/make_spreadsheets.py` has the same rows.
const TABLE: [[&str; 9]; 6] = [
    ["2024-05-01", "0001", "1234.5", "007", "01", "北京一店", "P 00", "批发", "3"],
    ["2024-05-02", "北京", "-20.25", "", "", "Müller, Söhne", "", "零售;团购", "-1"],
    ["2024-05-03", "Übersee", "0.0001", "A|1", "2", "", "00", "", "1.5"],
    ["2024-05-31", "0001", "99999999.99", "0", "", "Straße 5", "5\" Rohr", "批发", ""],
    ["2024-05-31", "北京", "-0.5", "007", "02", "上海", "P 00", "", "0"],
    ["2024-05-04", "Übersee", "700", "", "", "", "", "", ""],
];

const JOB: &str = r#"[job]
name = "same"

[sources.dealers]
files = ["dealers.csv"]

[sources.sales]
files = ["*"]
"#;

fn delimited(delimiter: &str) -> String {
    let field = |text: &str| match text.contains(delimiter) || text.contains('"') {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    };
    let line = |cells: &[&str; 9]| format!("{}\n", cells.map(field).join(delimiter));
    std::iter::once(&HEADER).chain(&TABLE).map(line).collect()
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/spreadsheets").join(name)).unwrap()
}

/// The same rows with types: days, decimals, floats and texts, and NULL for empty cells.
fn parquet() -> Vec<u8> {
    let columns = HEADER.iter().enumerate().map(|(place, name)| {
        let cells = TABLE.iter().map(|row| Some(row[place]).filter(|cell| !cell.is_empty()));
        let array: ArrayRef = match *name {
            "sold_on" => Arc::new(cells.map(|cell| cell.map(days)).collect::<Date32Array>()),
            "amount" => Arc::new(decimals(cells.map(|cell| cell.map(units)))),
            "quantity" => Arc::new(cells.map(|cell| cell.map(floating)).collect::<Float64Array>()),
            _ => Arc::new(cells.collect::<StringArray>()),
        };
        (*name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

pub fn days(text: &str) -> i32 {
    let since = text.parse::<NaiveDate>().unwrap() - NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
    i32::try_from(since.num_days()).unwrap()
}

pub fn units(text: &str) -> i128 {
    Money::from_decimal_text(text).unwrap().0
}

fn floating(text: &str) -> f64 {
    text.parse().unwrap()
}

pub fn decimals(units: impl Iterator<Item = Option<i128>>) -> Decimal128Array {
    units.collect::<Decimal128Array>().with_precision_and_scale(PRECISION, SCALE).unwrap()
}

/// What is in staging of one export.
struct Staged {
    rows: RecordBatch,
    /// The bytes of each column in the file.
    bytes: BTreeMap<String, Vec<u8>>,
}

impl Staged {
    /// Stages an export alone; `rules` are keys of the sales.
    fn of(name: &str, content: &[u8], rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (job_file, path) = (folder.path().join("dealerlens.toml"), folder.path().join(name));
        fs::write(&job_file, format!("{JOB}{rules}\n")).unwrap();
        fs::write(&path, content).unwrap();
        let export = Export { source: Source::Sales, path, name: name.to_owned(), is_ascii: false };
        let supervision = Supervision { watch: &Unwatched, interrupt: &Interrupt::default() };
        let job = Job::read(&job_file).unwrap();
        let room = Room { folder: folder.path().to_path_buf(), published: 0 };
        let staging = ingest(&job, &[export], &folder.path().join("staging"), 1, &room, supervision).unwrap();
        let counts = &staging.exports[0].counts;
        assert_eq!((counts.rows_staged, counts.rows_rejected), (TABLE.len() as u64, 0), "{name}");
        Self::read(&staging.exports[0].rows_file)
    }

    fn read(file: &Path) -> Self {
        let content = fs::read(file).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file).unwrap()).unwrap();
        let metadata = reader.metadata().clone();
        assert_eq!(metadata.num_row_groups(), 1);
        let bytes = metadata.row_group(0).columns().iter().map(|column| {
            let (start, length) = column.byte_range();
            let range = usize::try_from(start).unwrap()..usize::try_from(start + length).unwrap();
            (column.column_path().string(), content[range].to_vec())
        });
        let bytes = bytes.collect();
        let schema = reader.schema().clone();
        let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
        Self { rows: concat_batches(&schema, &batches).unwrap(), bytes }
    }

    fn lines(&self) -> Vec<i64> {
        self.rows["export_line"].as_primitive::<Int64Type>().values().to_vec()
    }

    /// The columns of the contract, behind the key and the line.
    fn facts(&self) -> RecordBatch {
        let places: Vec<usize> = (2..self.rows.num_columns()).collect();
        self.rows.project(&places).unwrap()
    }

    /// Its rows and bytes are those of another; the key names the export, and `columns` are not looked at either.
    #[track_caller]
    fn is_same_but(&self, other: &Self, columns: &[&str], name: &str) {
        assert_eq!(self.facts(), other.facts(), "{name}");
        assert_eq!(self.bytes.len(), other.bytes.len(), "{name}");
        for (column, bytes) in &other.bytes {
            let is_own = column == "export_key" || columns.contains(&column.as_str());
            assert!(is_own || self.bytes[column] == *bytes, "{name}: the bytes of {column} differ");
        }
    }
}

/// The table as plain UTF-8, by which all others are judged.
fn reference() -> Staged {
    Staged::of("plain.csv", delimited(",").as_bytes(), "")
}

#[test]
fn the_reference_says_what_the_table_says() {
    let reference = reference();
    let rows = render_rows(&[reference.facts()], None).unwrap();
    for (found, row) in rows.iter().zip(&TABLE) {
        for (name, text) in HEADER.iter().zip(row) {
            let expected = match *name {
                _ if text.is_empty() => None,
                "amount" | "quantity" => Some(Money(units(text)).plain()),
                _ => Some((*text).to_owned()),
            };
            assert_eq!(found[*name], expected, "{name}");
        }
    }
    assert_eq!((rows.len(), reference.bytes.len()), (TABLE.len(), HEADER.len() + 3));
    assert_eq!(reference.lines(), [2, 3, 4, 5, 6, 7]);
}

#[test]
fn every_encoding_and_delimiter_is_staged_the_same() {
    let (reference, text) = (reference(), delimited(","));
    let variants = [
        ("marked.csv", [b"\xEF\xBB\xBF", text.as_bytes()].concat(), ""),
        ("utf16le.csv", utf16(&text, u16::to_le_bytes, true), ""),
        ("utf16be.csv", utf16(&text, u16::to_be_bytes, true), ""),
        ("gb18030.csv", encoded(&text, GB18030), "encoding = \"gb18030\""),
        ("guessed.csv", encoded(&text, GB18030), ""),
        ("semicolon.csv", delimited(";").into_bytes(), ""),
        ("tab.tsv", delimited("\t").into_bytes(), ""),
        ("pipe.txt", delimited("|").into_bytes(), ""),
        ("lines.csv", text.replace('\n', "\r\n").into_bytes(), ""),
    ];
    for (name, content, rules) in variants {
        Staged::of(name, &content, rules).is_same_but(&reference, &[], name);
    }
}

#[test]
fn every_packing_and_format_is_staged_the_same() {
    let (reference, text) = (reference(), delimited(","));
    let variants = [
        ("packed.csv.gz", gzipped(&text)),
        ("packed.csv.zst", zstd::stream::encode_all(text.as_bytes(), 3).unwrap()),
        ("same_table.xlsx", fixture("same_table.xlsx")),
        ("same_table.ods", fixture("same_table.ods")),
    ];
    for (name, content) in variants {
        Staged::of(name, &content, "").is_same_but(&reference, &[], name);
    }
    // Rows of a table are counted from 1, lines of a text and rows of a sheet with their header.
    let typed = Staged::of("table.parquet", &parquet(), "");
    typed.is_same_but(&reference, &["export_line"], "table.parquet");
    assert_eq!(typed.lines(), [1, 2, 3, 4, 5, 6]);
}
