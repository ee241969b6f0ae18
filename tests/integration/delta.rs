//! Delta Lake tables: versions of a table are runs. What a build without them says.
//!
//! `tests/readers/delta.py` reads them as others do.

use crate::workdir::Workdir;

/// A job that wants Delta tables.
fn job() -> Workdir {
    Workdir::new().edit_job("[publish]", "[publish]\ndelta = true")
}

#[cfg(not(feature = "delta"))]
#[test]
fn a_build_without_them_says_how_to_get_them() {
    let dir = job();
    for command in ["check", "run"] {
        dir.run(&[command])
            .exits(78)
            .stderr_has("error: dealerlens.toml: publish.delta = true: this dealerlens was built without Delta Lake")
            .stderr_has("cargo build --locked --release --features delta");
    }
    dir.has_published_nothing();
    dir.edit_job("delta = true", "delta = false").run(&["run"]).exits(0);
}

#[cfg(feature = "delta")]
mod with_tables {
    use std::fs;

    use serde_json::Value;

    use super::job;
    use crate::tables::text;
    use crate::workdir::Workdir;

    const MAY_FOURTH: [&str; 2] = ["sold_on,dealer_id,amount", "2024-05-04,D1,7"];

    /// The runs in the versions of a table, oldest first.
    fn versions(dir: &Workdir, table: &str) -> Vec<String> {
        commits(dir, table).iter().map(|actions| text(of(actions, "/commitInfo/userMetadata"))).collect()
    }

    /// The actions of each commit, oldest first.
    fn commits(dir: &Workdir, table: &str) -> Vec<Vec<Value>> {
        let log = format!("out/delta/{table}/_delta_log");
        let names = dir.names(&log).into_iter().filter(|name| name.ends_with(".json"));
        let actions =
            |text: String| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
        names.map(|name| actions(dir.read(&format!("{log}/{name}")))).collect()
    }

    fn of<'a>(actions: &'a [Value], place: &str) -> &'a Value {
        actions.iter().find_map(|action| action.pointer(place)).unwrap()
    }

    fn tables(dir: &Workdir) -> Vec<String> {
        dir.published().checksums().into_keys().collect()
    }

    #[test]
    fn every_run_is_a_version_of_every_table() {
        let dir = job();
        dir.run(&["run"]).exits(0);
        let first = dir.latest().unwrap();
        let dir = dir.csv("sales_b.csv", &MAY_FOURTH);
        dir.run(&["run"]).exits(0).stderr_has(&format!("{} Delta tables", tables(&dir).len()));
        let second = dir.latest().unwrap();
        assert_eq!(dir.names("out/delta"), tables(&dir));
        for table in tables(&dir) {
            assert_eq!(versions(&dir, &table), [first.as_str(), second.as_str()], "{table}");
            for run in [&first, &second] {
                let content = |path: String| fs::read(dir.path(&path)).unwrap();
                let delta = content(format!("out/delta/{table}/{run}.parquet"));
                assert!(delta == content(format!("out/runs/{run}/{table}.parquet")), "{table} of {run}");
            }
        }
        let newest = commits(&dir, "dealer_scorecard").pop().unwrap();
        assert_eq!(of(&newest, "/commitInfo/as_of"), "2024-05-04");
        assert_eq!(of(&newest, "/add/path"), &format!("{second}.parquet"));
        assert_eq!(of(&newest, "/remove/path"), &format!("{first}.parquet"));
    }

    #[test]
    fn a_run_that_repeats_another_adds_no_version() {
        let dir = job();
        dir.run(&["run"]).exits(0);
        dir.run(&["run"]).exits(0).stdout_has("unchanged");
        assert_eq!(versions(&dir, "region_summary").len(), 1);
    }

    #[test]
    fn what_a_killed_run_did_not_come_to_is_made_up_for() {
        let dir = job();
        dir.run(&["run"]).exits(0);
        let first = dir.latest().unwrap();
        // Killed after the switch, before the last tables.
        for table in ["region_summary", "visit_effect"] {
            fs::remove_dir_all(dir.path(&format!("out/delta/{table}"))).unwrap();
        }
        dir.run(&["run"]).exits(0).stdout_has("unchanged");
        assert_eq!(versions(&dir, "visit_effect"), [first.as_str()]);
        assert_eq!(versions(&dir, "dealer_scorecard"), [first.as_str()]);
        // The same, and the exports have changed since.
        fs::remove_dir_all(dir.path("out/delta/region_summary")).unwrap();
        let dir = dir.csv("sales_b.csv", &MAY_FOURTH);
        dir.run(&["run"]).exits(0);
        let second = dir.latest().unwrap();
        for table in ["region_summary", "dealer_scorecard"] {
            assert_eq!(versions(&dir, table), [first.as_str(), second.as_str()], "{table}");
        }
    }

    #[test]
    fn a_job_that_begins_with_them_begins_with_the_published_run() {
        let dir = Workdir::new();
        dir.run(&["run"]).exits(0);
        assert_eq!(dir.names("out/delta"), Vec::<String>::new());
        let dir = dir.edit_job("[publish]", "[publish]\ndelta = true");
        dir.run(&["run"]).exits(0).stdout_has("unchanged");
        assert_eq!(versions(&dir, "dealer_scorecard"), [dir.latest().unwrap()]);
    }

    #[test]
    fn a_refused_run_is_no_version() {
        let dir = job();
        dir.run(&["run"]).exits(0);
        let dir = dir.csv("sales.csv", &["sold_on,dealer_id,amount"]);
        dir.run(&["run"]).exits(65);
        assert_eq!(versions(&dir, "dealer_scorecard"), [dir.latest().unwrap()]);
    }

    #[test]
    fn data_files_stay_as_long_as_runs() {
        let dir = job().edit_job("[publish]", "[publish]\nkeep_runs = 2\nkeep_hours = 0");
        for _ in 0..3 {
            dir.run(&["run", "--force"]).exits(0);
        }
        let runs = dir.names("out/runs");
        let kept: Vec<String> =
            runs.iter().map(|run| format!("{run}.parquet")).chain(["_delta_log".to_owned()]).collect();
        assert_eq!((runs.len(), versions(&dir, "dealer_scorecard").len()), (2, 3));
        assert_eq!(dir.names("out/delta/dealer_scorecard"), kept);
    }

    #[test]
    fn a_damaged_table_does_not_keep_a_run_from_its_readers() {
        let dir = job();
        dir.run(&["run"]).exits(0);
        let before = dir.latest();
        let dir = dir.file("out/delta/dim_dealer/_delta_log/00000000000000000001.json", "not JSON");
        dir.run(&["run", "--force"])
            .exits(74)
            .stderr_has("out/delta/dim_dealer")
            .stderr_has("move its folder away")
            .stderr_has(&format!("readers still see run {}", dir.latest().unwrap()));
        assert_ne!(dir.latest(), before);
        dir.run(&["run"]).exits(74);
        fs::remove_dir_all(dir.path("out/delta/dim_dealer")).unwrap();
        dir.run(&["run"]).exits(0).stdout_has("unchanged");
        assert_eq!(versions(&dir, "dim_dealer"), [dir.latest().unwrap()]);
        assert_eq!(versions(&dir, "dealer_scorecard"), [before.unwrap(), dir.latest().unwrap()]);
    }

    #[test]
    fn an_output_in_a_bucket_has_none() {
        let dir = job().edit_job("name = \"test\"", "name = \"test\"\nout = \"s3://company/north\"");
        for command in ["check", "run"] {
            dir.run(&[command])
                .exits(78)
                .stderr_has("publish.delta = true: Delta tables are not written to s3://company/north");
        }
        dir.run(&["run", "--out", "here"]).exits(0);
        assert!(!dir.names("here/delta").is_empty());
    }
}
