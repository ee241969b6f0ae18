//! A fresh folder with a job in it: files go in, the binary runs there, and what it said and published comes out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::tables::Tables;

/// One bad row is a large share of a handful, so everything may be rejected unless a test says otherwise. The sales come
/// last: text behind them is theirs, or begins a section of its own.
const JOB: &str = r#"[job]
name = "test"

[quality]
max_rejected_share = 1.0

[publish]
report = false
workbook = false

[sources.dealers]
files = ["dealers.csv"]

[sources.sales]
files = ["sales*.csv"]
"#;

/// Tables with the names of exports in them.
pub const NAME_EXPORTS: [&str; 4] = ["data_quality", "rejected_rows", "sales_by_export", "restatements"];

/// A job of two dealers and three sales, until a test puts something else there.
pub struct Workdir {
    folder: TempDir,
}

impl Workdir {
    pub fn new() -> Self {
        Self::empty().job(JOB).csv("dealers.csv", &["dealer_id,region", "D1,North", "D2,South"]).csv(
            "sales.csv",
            &["sold_on,dealer_id,amount", "2024-05-01,D1,100", "2024-05-02,D2,250", "2024-05-03,D1,-20"],
        )
    }

    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn csv(self, name: &str, lines: &[&str]) -> Self {
        self.file(name, format!("{}\n", lines.join("\n")))
    }

    pub fn without(self, name: &str) -> Self {
        fs::remove_file(self.path(name)).unwrap();
        self
    }

    /// Replaces the job file.
    pub fn job(self, text: &str) -> Self {
        self.file("dealerlens.toml", text)
    }

    /// Puts text behind the job file: keys of the sales, or sections of its own.
    pub fn add_to_job(self, text: &str) -> Self {
        let job = self.read("dealerlens.toml");
        self.job(&format!("{job}{text}\n"))
    }

    pub fn edit_job(self, from: &str, to: &str) -> Self {
        let job = self.read("dealerlens.toml");
        assert!(job.contains(from), "the job file has no {from}");
        self.job(&job.replace(from, to))
    }

    /// One more source, with an export of its own name.
    pub fn source(self, name: &str, lines: &[&str]) -> Self {
        self.csv(&format!("{name}.csv"), lines).add_to_job(&format!("[sources.{name}]\nfiles = [\"{name}.csv\"]"))
    }

    /// The binary in this folder, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dealerlens"));
        command.current_dir(self.folder.path()).args(arguments);
        command.env_remove("DEALERLENS_JOB").env_remove("DEALERLENS_LOG_FORMAT");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let ended = self.command(arguments).output().unwrap();
        Outcome::of(&ended, self.folder.path())
    }

    /// Runs, and gives the checksums of the tables that do not name exports.
    pub fn run_to_checksums(&self) -> BTreeMap<String, String> {
        self.run(&["run"]).exits(0);
        let mut tables = self.published().checksums();
        tables.retain(|table, _| !NAME_EXPORTS.contains(&table.as_str()));
        tables
    }

    /// Runs, and gives the rejected rows, one line each.
    pub fn run_to_rejected(&self) -> Vec<String> {
        self.run(&["run"]).exits(0);
        self.published().rejected()
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names in a folder, sorted; none when it is not there.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).into_iter().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The run that readers see.
    pub fn latest(&self) -> Option<String> {
        let target = fs::read_link(self.path("out/latest")).ok()?;
        target.file_name().map(|name| name.to_string_lossy().into_owned())
    }

    pub fn published(&self) -> Tables {
        Tables::of(self.path("out/latest"))
    }

    /// What the newest run in another output folder published.
    pub fn tables_in(&self, out: &str) -> Tables {
        Tables::of(self.path(out).join("latest"))
    }

    /// The one run that was refused.
    pub fn refused(&self) -> Tables {
        let names = self.names("out/refused");
        assert_eq!(names.len(), 1, "refused runs: {names:?}");
        Tables::of(self.path("out/refused").join(&names[0]))
    }

    #[track_caller]
    pub fn has_published_nothing(&self) {
        assert_eq!((self.latest(), self.names("out/runs")), (None, Vec::new()));
    }
}

/// How the binary ended and what it said.
#[derive(Debug)]
pub struct Outcome {
    code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn of(ended: &Output, folder: &Path) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*folder.to_string_lossy(), "[dir]");
        Self { code: ended.status.code(), stdout: text(&ended.stdout), stderr: text(&ended.stderr) }
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn stdout_has(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "no \"{text}\" in stdout: {}", self.stdout);
        self
    }

    #[track_caller]
    pub fn stderr_has(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no \"{text}\" in stderr: {}", self.stderr);
        self
    }

    #[track_caller]
    pub fn stdout_lacks(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "\"{text}\" in stdout: {}", self.stdout);
        self
    }

    #[track_caller]
    pub fn stderr_lacks(self, text: &str) -> Self {
        assert!(!self.stderr.contains(text), "\"{text}\" in stderr: {}", self.stderr);
        self
    }
}

/// Snapshots until the guard goes: what differs from run to run is shown as a word. Folders are `[dir]` already.
pub fn snapshots() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{8}T\d{9}Z-[0-9a-f]{8}", "[run]");
    settings.add_filter(r"\d+ tables, \d+ rows", "[n] tables, [n] rows");
    settings.add_filter(r"in \d+\.\d s\b", "in [s]");
    settings.add_filter(r"process \d+, since [^\n]+", "process [pid], since [time]");
    settings.add_filter(r"dealerlens \d+\.\d+\.\d+", "dealerlens [version]");
    settings.bind_to_scope()
}
