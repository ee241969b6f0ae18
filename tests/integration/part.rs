//! `ingest`: several processes stage into one folder, and a run uses what they staged.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::Duration;

use crate::workdir::{Outcome, Workdir};

/// Twelve exports of sales, large enough that two processes meet.
fn many_exports() -> Workdir {
    let mut work = Workdir::new().without("sales.csv");
    for month in 1..=12 {
        let line = |number: u32| format!("2024-{month:02}-{:02},D{},{number}.50", number % 28 + 1, number % 2 + 1);
        let lines: Vec<String> = (0..4_000).map(line).collect();
        work = work.file(&format!("sales{month:02}.csv"), format!("sold_on,dealer_id,amount\n{}\n", lines.join("\n")));
    }
    work
}

/// Staged, there already, left to another process.
fn counts(outcome: &Outcome) -> (u32, u32, u32) {
    let line = outcome.stdout.lines().last().unwrap_or_else(|| panic!("{outcome:?}"));
    let words = line.split_once(": ").map(|(_, counts)| counts).unwrap_or_default().split(", ");
    let numbers: Vec<u32> = words.map(|word| word.split(' ').next().unwrap().parse().unwrap()).collect();
    (numbers[0], numbers[1], numbers[2])
}

/// Starts the binary once for each list of arguments, all at the same time.
fn together(work: &Workdir, commands: &[&[&str]]) -> Vec<Outcome> {
    let start =
        |arguments: &&[&str]| work.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let started: Vec<_> = commands.iter().map(start).collect();
    let end = |process: std::process::Child| Outcome::of(&process.wait_with_output().unwrap(), &work.path("."));
    started.into_iter().map(|process| end(process).exits(0)).collect()
}

fn published_as_if_by_one_process(work: &Workdir) {
    work.run(&["run"]).exits(0).stderr_has("13 exports, 13 of them unchanged and reused from staging");
    let hidden: Vec<String> =
        work.names("out/staging/sales").into_iter().filter(|name| name.starts_with('.')).collect();
    assert_eq!(hidden, Vec::<String>::new(), "claims were left behind");
    assert_eq!(work.names("out/staging"), [".seen.json", "dealers", "facts", "sales"], "something was left behind");
    assert!(work.published().checksums() == reference(), "the tables differ from those of a run alone");
}

fn reference() -> std::collections::BTreeMap<String, String> {
    let alone = many_exports();
    alone.run(&["run"]).exits(0);
    alone.published().checksums()
}

#[test]
fn two_processes_stage_each_export_once() {
    let work = many_exports();
    let outcomes = together(&work, &[&["ingest"], &["ingest"]]);
    let (first, second) = (counts(&outcomes[0]), counts(&outcomes[1]));
    assert_eq!(first.0 + second.0, 13, "{outcomes:?}");
    for (staged, reused, elsewhere) in [first, second] {
        assert_eq!(staged + reused + elsewhere, 13, "{outcomes:?}");
    }
    published_as_if_by_one_process(&work);
}

#[test]
fn parts_share_the_exports_among_them() {
    let work = many_exports();
    let outcomes =
        together(&work, &[&["ingest", "--part", "1/3"], &["ingest", "--part", "2/3"], &["ingest", "--part", "3/3"]]);
    let all: Vec<_> = outcomes.iter().map(counts).collect();
    assert_eq!(all.iter().map(|(staged, _, _)| staged).sum::<u32>(), 13, "{outcomes:?}");
    assert!(all.iter().all(|(staged, reused, elsewhere)| *staged < 13 && (*reused, *elsewhere) == (0, 0)), "{all:?}");
    assert_eq!(counts(&work.run(&["ingest"]).exits(0)), (0, 13, 0));
    published_as_if_by_one_process(&work);
}

#[test]
fn an_ingest_needs_no_lock_and_a_run_stages_what_it_misses() {
    let work = many_exports();
    let outcomes = together(&work, &[&["run"], &["ingest"]]);
    assert!(outcomes[0].stdout.contains("published"), "{outcomes:?}");
    work.run(&["run"]).exits(0).stdout_has("unchanged");
    assert!(work.published().checksums() == reference());
}

#[test]
fn a_claim_is_respected_until_its_holder_is_dead() {
    let work = Workdir::new();
    work.run(&["ingest"]).exits(0);
    let counts_file = work.names("out/staging/sales").into_iter().find(|name| name.ends_with(".json")).unwrap();
    let key = counts_file.trim_end_matches(".json");
    let claim = work.path(&format!("out/staging/sales/.{key}.claim"));
    fs::remove_file(work.path(&format!("out/staging/sales/{counts_file}"))).unwrap();
    fs::write(&claim, "process 1\n").unwrap();
    assert_eq!(counts(&work.run(&["ingest"]).exits(0)), (0, 1, 1));
    let file = File::options().append(true).open(&claim).unwrap();
    let last_sign = file.metadata().unwrap().modified().unwrap();
    file.set_modified(last_sign - Duration::from_secs(3600)).unwrap();
    assert_eq!(counts(&work.run(&["ingest"]).exits(0)), (1, 1, 0));
    assert!(!claim.exists());
}

#[test]
fn a_run_waits_for_no_claim() {
    let work = Workdir::new();
    work.run(&["ingest"]).exits(0);
    let counts_file = work.names("out/staging/sales").into_iter().find(|name| name.ends_with(".json")).unwrap();
    let claim = work.path(&format!("out/staging/sales/.{}.claim", counts_file.trim_end_matches(".json")));
    fs::remove_file(work.path(&format!("out/staging/sales/{counts_file}"))).unwrap();
    fs::write(&claim, "process 1\n").unwrap();
    work.run(&["run"]).exits(0).stderr_has("2 exports, 1 of them unchanged and reused from staging");
    assert!(!claim.exists());
}

#[test]
fn what_is_no_part_is_refused() {
    Workdir::new().run(&["ingest", "--part", "3/2"]).exits(2).stderr_has("write it as 1/4");
}
