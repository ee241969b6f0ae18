//! The same exports give the same bytes, whatever the order of the files and the number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dealerlens::generate::{World, write_world};
use dealerlens::model::checksum;
use dealerlens::model::event::Unwatched;

use crate::nights::night;

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
    let out = tempfile::tempdir().unwrap();
    let job_file = world.join("job.toml");
    fs::write(&job_file, job(files, threads, memory)).unwrap();
    night(job_file, Some(out.path()), &Unwatched).unwrap();
    let entries = fs::read_dir(out.path().join("latest")).unwrap().map(|entry| entry.unwrap().path());
    let parquet = entries.filter(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    parquet
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), checksum::of_file(&path).unwrap().1))
        .collect()
}

fn world() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let world = World { lines: 20_000, dealers: 25, outlets: 600, ..World::default() };
    write_world(&world, &folder.path().join("exports")).unwrap();
    folder
}

#[test]
fn threads_memory_and_order_of_files_do_not_change_a_byte() {
    let world = world();
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
