//! Exports that change while they are read.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::workdir::Workdir;

const ROW: &str = "2024-05-01,D1,1\n";

/// A sender that is not done: it appends a row each millisecond, for a minute at most.
fn append_until(is_over: &AtomicBool, path: &Path) {
    let mut file = File::options().append(true).open(path).unwrap();
    for _ in 0..60_000 {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        file.write_all(ROW.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn an_export_that_grows_has_to_be_waited_for() {
    let dir = Workdir::new().file("sales.csv", format!("sold_on,dealer_id,amount\n{}", ROW.repeat(200_000)));
    let (path, is_over) = (dir.path("sales.csv"), AtomicBool::new(false));
    let outcome = thread::scope(|scope| {
        scope.spawn(|| append_until(&is_over, &path));
        let outcome = dir.run(&["run"]);
        is_over.store(true, Ordering::Relaxed);
        outcome
    });
    outcome
        .exits(75)
        .stderr_has("error: sales.csv grew from ")
        .stderr_has(" bytes while it was read\nhint: run again when its sender has finished");
    dir.has_published_nothing();
    let sealed = dir.names("out/staging/sales").into_iter().filter(|name| name.ends_with(".json"));
    assert_eq!(sealed.count(), 0, "what was read of a moving file is kept");

    dir.run(&["run"]).exits(0);
    let lines = dir.read("sales.csv").lines().count() - 1;
    assert_eq!(dir.published().quality("sales.csv", "accepted", "accepted"), format!("{lines} rows, {lines}.0000"));
}

/// Left alone long enough, an export is known by what the file system says of it; a new amount in it is seen all the same.
#[test]
fn an_amount_that_was_corrected_in_place_with_the_old_time_is_seen() {
    let dir = Workdir::new().file("sales.csv", format!("sold_on,dealer_id,amount\n{ROW}"));
    thread::sleep(Duration::from_secs(4));
    dir.run(&["run"]).exits(0);
    assert!(dir.read("out/staging/.seen.json").contains("sales.csv"), "the export is not remembered");
    dir.run(&["run"]).exits(0).stdout_has("unchanged");

    let path = dir.path("sales.csv");
    let written = path.metadata().unwrap().modified().unwrap();
    let dir = dir.file("sales.csv", format!("sold_on,dealer_id,amount\n{}", ROW.replace(",1\n", ",2\n")));
    File::options().append(true).open(&path).unwrap().set_modified(written).unwrap();
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().quality("sales.csv", "accepted", "accepted"), "1 rows, 2.0000");
}
