//! The same exports give the same bytes, whatever the order of the files, the number of threads, the memory and the format.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use dealerlens::generate::{World, write_world};
use dealerlens::model::checksum;
use dealerlens::model::event::Unwatched;
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

use crate::nights::night;
use crate::same_table::{days, decimals, units};
use crate::tables::{Row, Tables};
use crate::workdir::NAME_EXPORTS;

/// The job of the drinks sample, over some of its files and with other resources.
fn job(files: &str, threads: &str, memory: &str) -> String {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/beverages/dealerlens.toml");
    let text = fs::read_to_string(sample).unwrap();
    let all = r#""exports/sales/sales-*.csv""#;
    assert!(text.contains(all), "the sample names its sales otherwise");
    format!("{}\n[resources]\nthreads = {threads}\nmemory_limit = \"{memory}\"\n", text.replace(all, files))
}

/// Checksums of all tables of a run over the exports in `world`.
fn tables(world: &Path, files: &str, threads: &str, memory: &str) -> BTreeMap<String, String> {
    checksums(publish(world, &job(files, threads, memory)).path())
}

/// The output of a run of this job over the exports in `world`.
fn publish(world: &Path, job: &str) -> TempDir {
    let out = tempfile::tempdir().unwrap();
    let job_file = world.join("job.toml");
    fs::write(&job_file, job).unwrap();
    night(job_file, Some(out.path()), &Unwatched).unwrap();
    out
}

fn checksums(out: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(out.join("latest")).unwrap().map(|entry| entry.unwrap().path());
    let parquet = entries.filter(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    parquet
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), checksum::of_file(&path).unwrap().1))
        .collect()
}

fn world(with_defects: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let world = World { lines: 20_000, dealers: 25, outlets: 600, with_defects, ..World::default() };
    write_world(&world, &folder.path().join("exports")).unwrap();
    folder
}

#[test]
fn threads_memory_and_order_of_files_do_not_change_a_byte() {
    let world = world(true);
    let forwards = r#""exports/sales/sales-2024*.csv", "exports/sales/sales-2025*.csv""#;
    let backwards = r#""exports/sales/sales-2025*.csv", "exports/sales/sales-2024*.csv""#;
    let reference = tables(world.path(), forwards, "1", "2GiB");
    assert!(reference.len() >= 14, "{reference:?}");
    for (files, threads, memory) in
        [(forwards, "1", "2GiB"), (backwards, "2", "2GiB"), (forwards, "8", "300MiB"), (backwards, "3", "8GiB")]
    {
        assert_eq!(tables(world.path(), files, threads, memory), reference, "{threads} threads, {memory}, {files}");
    }
}

/// Writes every CSV below `from` as Parquet below `to`, with days, amounts and texts.
fn as_parquet(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => as_parquet(&path, &copy),
            false => fs::write(copy.with_extension("parquet"), typed(&path)).unwrap(),
        }
    }
}

fn typed(csv_file: &Path) -> Vec<u8> {
    let mut reader = csv::Reader::from_path(csv_file).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let columns = header.iter().enumerate().map(|(place, name)| {
        let cells = rows.iter().map(|row| Some(&row[place]).filter(|cell| !cell.is_empty()));
        let array: ArrayRef = match name {
            "Date" | "Opened" | "Closed" | "Onboarded" => {
                Arc::new(cells.map(|cell| cell.map(days)).collect::<Date32Array>())
            }
            "Net Amount" | "target_amount" | "list_price" => Arc::new(decimals(cells.map(|cell| cell.map(units)))),
            _ => Arc::new(cells.collect::<StringArray>()),
        };
        (name, array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// The rows of a table that names exports, with the names that the exports have as CSV.
fn named_alike(out: &Path, table: &str) -> Vec<Row> {
    let mut rows = Tables::of(out.join("latest")).rows(table);
    for name in rows.iter_mut().filter_map(|row| row.get_mut("export")?.as_mut()) {
        *name = name.replace(".parquet", ".csv");
    }
    rows
}

#[test]
fn csv_and_parquet_exports_give_the_same_bytes_on_any_threads_and_memory() {
    let texts = world(false);
    let typed = tempfile::tempdir().unwrap();
    as_parquet(&texts.path().join("exports"), &typed.path().join("exports"));
    let all = r#""exports/sales/sales-*.csv""#;
    let without_names = |out: &Path| {
        let mut tables = checksums(out);
        tables.retain(|file, _| !NAME_EXPORTS.contains(&file.trim_end_matches(".parquet")));
        tables
    };
    let reference = publish(texts.path(), &job(all, "1", "300MB"));
    assert!(without_names(reference.path()).len() >= 20);
    for (threads, memory) in [("1", "8GB"), ("2", "300MB"), ("8", "8GB")] {
        let job = job(all, threads, memory).replace(".csv\"", ".parquet\"");
        let out = publish(typed.path(), &job);
        assert_eq!(without_names(out.path()), without_names(reference.path()), "{threads} threads, {memory}");
        // These say which export a row comes from: all else in them is the same.
        for table in ["data_quality", "sales_by_export"] {
            let expected = named_alike(reference.path(), table);
            assert!(!expected.is_empty(), "{table}");
            assert_eq!(named_alike(out.path(), table), expected, "{table}, {threads} threads, {memory}");
        }
        let rejected = Tables::of(out.path().join("latest")).rows("rejected_rows");
        assert_eq!(rejected, Tables::of(reference.path().join("latest")).rows("rejected_rows"));
    }
}
