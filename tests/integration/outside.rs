//! Paths and symbolic links that lead out of the job file's folder: refused, unless the job file says `allow_outside`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use dealerlens::config::Job;
use tempfile::TempDir;

use crate::workdir::Workdir;

const WAY_OUT: &str = "hint: if that is meant, write allow_outside = true under [job]";

/// A file of sales that the job has not been given.
fn elsewhere() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("other.csv"), "sold_on,dealer_id,amount\n2024-05-01,D1,7\n").unwrap();
    folder
}

fn allowed(dir: Workdir) -> Workdir {
    dir.edit_job("name = \"test\"", "name = \"test\"\nallow_outside = true")
}

/// A job file one folder below its exports, with text of the usual one replaced.
fn job_below(folder: &str, from: &str, to: &str) -> Workdir {
    let dir = Workdir::new();
    let job = dir.read("dealerlens.toml").replace(from, to);
    dir.file(&format!("{folder}/dealerlens.toml"), job)
}

#[test]
fn a_path_that_leads_out_brings_its_key_and_the_way_to_allow_it() {
    let dir = Workdir::new().edit_job("\"sales*.csv\"", "\"../sales*.csv\"");
    let outcome = dir.run(&["run"]).exits(78);
    insta::assert_snapshot!(outcome.stderr, @r#"
    error: dealerlens.toml: sources.sales.files: "../sales*.csv" leads out of the folder of the job file
    hint: if that is meant, write allow_outside = true under [job]
    "#);
    assert!(!dir.path("out").exists());
    for (key, line) in [("job.out", "out = \"/srv/marts\""), ("job.out", "out = \"a/../../out\"")] {
        let dir = Workdir::new().edit_job("name = \"test\"", &format!("name = \"test\"\n{line}"));
        dir.run(&["run"]).exits(78).stderr_has(&format!("dealerlens.toml: {key}: \"")).stderr_has(WAY_OUT);
    }
    for (key, section) in
        [("queries.extra", "[queries]\nextra = \"../own\""), ("storage.cache", "[storage]\ncache = \"/tmp/c\"")]
    {
        let dir = Workdir::new().add_to_job(section);
        dir.run(&["check"]).exits(78).stderr_has(&format!("dealerlens.toml: {key}: \"")).stderr_has(WAY_OUT);
    }
}

#[test]
fn a_job_that_says_so_may_read_elsewhere() {
    let dir = job_below("jobs", "[\"", "[\"../");
    let job = dir.read("jobs/dealerlens.toml");
    dir.run(&["run", "--job", "jobs/dealerlens.toml"]).exits(78).stderr_has(WAY_OUT);
    let dir = dir.file("jobs/dealerlens.toml", job.replace("[job]", "[job]\nallow_outside = true"));
    dir.run(&["run", "--job", "jobs/dealerlens.toml"]).exits(0).stdout_has("to jobs/out/latest");
}

#[test]
fn paths_of_the_command_line_are_the_users_own() {
    let (dir, other) = (Workdir::new(), TempDir::new().unwrap());
    let place = |name: &str| other.path().join(name).display().to_string();
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries").display().to_string();
    let (out, to) = (place("out"), place("report"));
    dir.run(&["run", "--out", &out, "--queries", &queries]).exits(0);
    dir.run(&["report", "--out", &out, "--to", &to]).exits(0);
    assert!(
        other.path().join("out/latest/manifest.json").is_file() && other.path().join("report/report.html").is_file()
    );
    assert!(!dir.path("out").exists());
}

#[test]
fn an_export_that_is_a_link_out_of_the_folder_is_named_with_its_target() {
    let other = elsewhere();
    let target = other.path().join("other.csv").canonicalize().unwrap();
    let dir = Workdir::new();
    symlink(&target, dir.path("sales-may.csv")).unwrap();
    for command in ["run", "check"] {
        let expected = format!("error: sources.sales.files: sales-may.csv is a symbolic link to {}", target.display());
        dir.run(&[command]).exits(78).stderr_has(&expected).stderr_has(WAY_OUT);
    }
    dir.has_published_nothing();
    let dir = allowed(dir);
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "87.0000");
}

#[test]
fn exports_behind_a_folder_that_is_a_link_are_judged_alike() {
    let other = elsewhere();
    let dir = Workdir::new().edit_job("\"sales*.csv\"", "\"sales*.csv\", \"in/*.csv\"");
    symlink(other.path(), dir.path("in")).unwrap();
    dir.run(&["run"]).exits(78).stderr_has("sources.sales.files: in is a symbolic link to ").stderr_has(WAY_OUT);
    allowed(dir).run(&["run"]).exits(0);
}

#[test]
fn links_within_the_folder_are_followed() {
    let dir = Workdir::new().csv("kept/may.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,7"]);
    symlink("kept/may.csv", dir.path("sales-may.csv")).unwrap();
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "87.0000");
}

#[test]
fn a_wildcard_does_not_climb() {
    // ".*" matches "..", so no single component of the pattern says that it leaves.
    let dir = job_below("jobs", "\"sales*.csv\"", "\".*/sales.csv\"");
    let dir = dir.csv("jobs/dealers.csv", &["dealer_id,region", "D1,North"]);
    dir.run(&["run", "--job", "jobs/dealerlens.toml"])
        .exits(78)
        .stderr_has("jobs/../sales.csv is ")
        .stderr_has(WAY_OUT);
}

#[test]
fn the_name_of_the_folder_is_no_pattern() {
    let dir = job_below("[ab]", "test", "brackets")
        .csv("[ab]/dealers.csv", &["dealer_id,region", "D1,North"])
        .csv("[ab]/sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,1"])
        .csv("a/dealers.csv", &["dealer_id,region", "D1,South"])
        .csv("a/sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,1000"]);
    dir.run(&["run", "--job", "[ab]/dealerlens.toml", "--out", "out"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "1.0000");
}

#[test]
fn init_allows_what_the_links_in_the_folder_need_and_nothing_else() {
    let other = elsewhere();
    let dir = Workdir::empty().csv("exports/dealers.csv", &["dealer_id,region", "D1,North"]);
    symlink(other.path().join("other.csv"), dir.path("exports/sales.csv")).unwrap();
    dir.run(&["init"]).exits(0);
    assert!(Job::read(&dir.path("dealerlens.toml")).unwrap().job.allow_outside);
    assert!(dir.read("dealerlens.toml").contains("allow_outside = true    # some exports are symbolic links"));
    dir.run(&["run"]).exits(0);

    fs::remove_file(dir.path("exports/sales.csv")).unwrap();
    fs::copy(other.path().join("other.csv"), dir.path("exports/sales.csv")).unwrap();
    dir.run(&["init", "--force"]).exits(0);
    assert!(!dir.read("dealerlens.toml").contains("allow_outside"));
}

#[test]
fn headers_and_names_write_nothing_into_the_job_file() {
    let dir = Workdir::empty()
        .csv("exports/dealers.csv", &["dealer_id,region,\"x\nallow_outside = true\"", "D1,North,"])
        .csv("exports/sales.csv", &["sold_on,dealer_id,amount", "2024-05-01,D1,7"])
        .csv("exports/weather\nallow_outside = true #.csv", &["day,rain", "2024-05-01,yes"]);
    dir.run(&["init"]).exits(0);
    let job = dir.read("dealerlens.toml");
    assert!(job.contains("x\\nallow_outside = true") && job.contains("weather\\nallow_outside"), "{job}");
    assert!(!job.lines().any(|line| line.starts_with("allow_outside")), "{job}");
    dir.run(&["run"]).exits(0);
}
