//! Who may read and write what a run leaves behind: `[publish] permissions`, whatever the process was started with.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::cases::entries;
use crate::workdir::{Outcome, Workdir};

/// The binary under a umask, as a shell, cron or systemd would have set it.
fn run_under(dir: &Workdir, umask: &str, arguments: &[&str]) -> Outcome {
    let script = format!("umask {umask}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.current_dir(dir.path(".")).args(["-c", &script, env!("CARGO_BIN_EXE_dealerlens")]).args(arguments);
    command.env_remove("DEALERLENS_JOB").env_remove("DEALERLENS_LOG_FORMAT");
    Outcome::of(&command.output().unwrap(), &dir.path("."))
}

/// Everything at and below a path with its mode, as `0640 out/latest/manifest.json`; links have none of their own.
fn modes(root: &Path, path: &Path) -> Vec<String> {
    if path.is_symlink() {
        return Vec::new();
    }
    let mode = path.metadata().unwrap().permissions().mode() & 0o7777;
    let shown = path.strip_prefix(root).unwrap().display();
    let below = if path.is_dir() { entries(path) } else { Vec::new() };
    let kind = if path.is_dir() { "folder" } else { "file" };
    let own = format!("{kind} {mode:04o} {shown}");
    std::iter::once(own).chain(below.iter().flat_map(|entry| modes(root, entry))).collect()
}

/// A night that publishes, one that is refused, and the report once more: all that is written.
fn written_under(dir: Workdir, umask: &str) -> Vec<String> {
    let dir = dir.edit_job("report = false\nworkbook = false", "report = true\nworkbook = true");
    run_under(&dir, umask, &["run"]).exits(0);
    run_under(&dir, umask, &["report", "--to", "out/again", "--workbook"]).exits(0);
    let dir = dir.edit_job("max_rejected_share = 1.0", "max_rejected_share = 0.0");
    let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount", "2024-02-30,D1,5", "2024-05-01,D1,5"]);
    run_under(&dir, umask, &["run"]).exits(65);
    let found = modes(&dir.path("."), &dir.path("out"));
    let of_all_kinds = ["/.lock", "/manifest.json", "/report.html", "/dealerlens.xlsx", ".sql", ".rejections.parquet"];
    for name in of_all_kinds.into_iter().chain(["/regions", "/refused", "/staging/sales", "/again/regions/"]) {
        assert!(found.iter().any(|line| line.contains(name)), "nothing is called {name}: {found:#?}");
    }
    found
}

#[track_caller]
fn has_modes(found: &[String], file: &str, folder: &str) {
    let is_right =
        |line: &&String| line.starts_with(&format!("file {file} ")) || line.starts_with(&format!("folder {folder} "));
    let wrong: Vec<&String> = found.iter().filter(|line| !is_right(line)).collect();
    assert!(wrong.is_empty(), "not {file} and {folder}: {wrong:#?}");
}

#[test]
fn owner_and_group_can_read_everything_and_nobody_else_anything() {
    for umask in ["0000", "0022", "0077"] {
        has_modes(&written_under(Workdir::new(), umask), "0640", "0750");
    }
}

#[test]
fn what_is_staged_before_a_run_has_them_too() {
    let dir = Workdir::new();
    run_under(&dir, "0000", &["ingest"]).exits(0);
    has_modes(&modes(&dir.path("."), &dir.path("out")), "0640", "0750");
}

#[test]
fn the_job_file_says_who_else_may_read() {
    let job = |mode: &str| Workdir::new().edit_job("[publish]", &format!("[publish]\npermissions = \"{mode}\""));
    has_modes(&written_under(job("0644"), "0077"), "0644", "0755");
    has_modes(&written_under(job("0600"), "0000"), "0600", "0700");
}

#[test]
fn what_is_read_only_can_be_pruned() {
    let dir = Workdir::new().edit_job("[publish]", "[publish]\npermissions = \"0440\"\nkeep_runs = 1\nkeep_hours = 0");
    dir.run(&["run"]).exits(0);
    let first = dir.latest().unwrap();
    dir.run(&["run", "--force"]).exits(0);
    assert_eq!(dir.names("out/runs"), [dir.latest().unwrap()]);
    assert_ne!(dir.latest().unwrap(), first);
    let published = modes(&dir.path("."), &dir.path("out/runs").join(dir.latest().unwrap()));
    has_modes(&published, "0440", "0750");
}

#[test]
fn a_mode_that_lets_everybody_write_is_refused() {
    let dir = Workdir::new().edit_job("[publish]", "[publish]\npermissions = \"0666\"");
    dir.run(&["run"]).exits(78).stderr_has("dealerlens.toml: publish.permissions = \"0666\" lets everybody write");
    assert!(!dir.path("out").exists());
}
