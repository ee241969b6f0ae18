//! A run that is told to stop: it stops soon, cleans up behind itself, and readers see what they saw before.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::workdir::{Outcome, Workdir};

/// Enough for a run to be met in the middle of it.
const LINES: usize = 2_000_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// A published job whose next run will be long.
fn long_job() -> Workdir {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    dir.file("sales_big.csv", format!("sold_on,dealer_id,amount\n{}", "2024-05-04,D1,1.25\n".repeat(LINES)))
}

/// Starts a run, sends it a signal once `is_time`, and gives how it ended.
fn stopped(dir: &Workdir, signal: &str, is_time: impl Fn() -> bool) -> Outcome {
    let mut run = dir.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until(&mut run, is_time);
    assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
    Outcome::of(&run.wait_with_output().unwrap(), &dir.path(""))
}

fn wait_until(run: &mut Child, is_time: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_time() {
        assert!(run.try_wait().unwrap().is_none(), "the run ended before its signal");
        assert!(start.elapsed() < PATIENCE, "the run did not come so far");
        sleep(Duration::from_millis(2));
    }
}

/// What a reader, and the next run, find.
fn is_as_before(dir: Workdir, before: Option<String>) {
    assert_eq!(dir.latest(), before);
    assert_eq!(dir.names("out/runs"), [before.unwrap()]);
    assert_eq!(dir.names("out"), [".lock", "latest", "runs", "staging"]);
    assert_eq!(dir.published().sales_of("D1"), "80.0000");
    dir.without("sales_big.csv").run(&["run"]).exits(0).stdout_has("unchanged").stderr_lacks("WARN");
}

#[test]
fn sigterm_while_exports_are_read_leaves_the_last_run_to_its_readers() {
    let dir = long_job();
    let (before, staged) = (dir.latest(), dir.names("out/staging/sales"));
    let outcome = stopped(&dir, "-TERM", || dir.names("out/staging/sales") != staged);
    let outcome = outcome.exits(143).stderr_has("error: stopped by signal 15");
    let last = format!("hint: readers still see run {}", before.as_deref().unwrap());
    assert_eq!(outcome.stderr.lines().last(), Some(last.as_str()));
    is_as_before(dir, before);
}

#[test]
fn sigint_while_tables_are_computed_takes_the_draft_away() {
    let dir = long_job();
    let before = dir.latest();
    let outcome = stopped(&dir, "-INT", || dir.names("out/runs").iter().any(|name| name.starts_with(".draft-")));
    outcome.exits(130).stderr_has("error: stopped by signal 2");
    is_as_before(dir, before);
}
