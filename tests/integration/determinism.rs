//! The same exports give the same bytes, whatever the order of the files and the number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use dealerlens::config::Job;
use dealerlens::generate::{World, write_world};
use dealerlens::model::checksum;
use dealerlens::model::event::Unwatched;
use dealerlens::pipeline::{Clock, Options, run};

const JOB: &str = r#"
[job]
name = "determinism"

[sources.sales]
files = [FILES]
[sources.sales.columns]
sold_on = "Date"
dealer_id = "Dealer Code"
amount = "Net Amount"
order_id = "Order No"
line_no = "Line"
outlet_id = "Outlet Code"
product_id = "SKU"
quantity = "Qty"

[sources.dealers]
files = ["exports/dealers.csv"]
[sources.dealers.columns]
dealer_id = "Dealer Code"
dealer_name = "Dealer Name"
region = "Region"
territory = "Home Territory"
tier = "Tier"
onboarded_on = "Onboarded"

[sources.outlets]
files = ["exports/outlets.csv"]
[sources.outlets.columns]
outlet_id = "Outlet Code"
dealer_id = "Dealer Code"
outlet_name = "Outlet Name"
channel = "Channel"
territory = "Territory"
account_id = "Chain"
opened_on = "Opened"
closed_on = "Closed"

[sources.products]
files = ["exports/products.csv"]
[sources.products.columns]
product_id = "sku"

[sources.market]
files = ["exports/market.csv"]

[sources.targets]
files = ["exports/targets.csv"]

[quality]
max_rejected_share = 0.2

[resources]
threads = THREADS
memory_limit = "MEMORY"
"#;

fn clock() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

/// Checksums of all tables of a run over the exports in `world`.
fn tables(world: &Path, files: &str, threads: &str, memory: &str) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().unwrap();
    let job_file = world.join("job.toml");
    fs::write(&job_file, JOB.replace("FILES", files).replace("THREADS", threads).replace("MEMORY", memory)).unwrap();
    let job = Job::read(&job_file).unwrap();
    let options = Options { job_file, out: Some(out.path().to_path_buf()), ..Options::default() };
    run(&job, &options, Clock(clock), &Unwatched).unwrap();
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
