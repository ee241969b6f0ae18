//! `init`: from a folder of exports to a job file that runs.

use crate::workdir::Workdir;

/// Exports with the headers that other systems give them.
fn exports() -> Workdir {
    let sales = ["Order No;Line;Date;Dealer Code;SKU;Qty;Net Amount", "A1;1;2024-05-01;D1;P1;2;10.5"];
    let june = ["Order No;Line;Date;Dealer Code;SKU;Qty;Net Amount", "A2;1;2024-06-01;D1;P1;2;11.5"];
    Workdir::empty()
        .csv("exports/sales/sales-2024-05.csv", &sales)
        .csv("exports/sales/sales-2024-06.csv", &june)
        .csv("exports/dealers.csv", &["Dealer Code,Name,Region", "D1,Alpha Trading,North"])
        .csv("exports/targets.tsv", &["dealer\tperiod\ttarget", "D1\t2024-05\t12"])
        .csv("exports/weather.csv", &["day,rain", "2024-05-01,yes"])
}

#[test]
fn init_writes_a_job_that_passes_its_check_and_runs() {
    let dir = exports();
    let outcome = dir.run(&["init"]).exits(0);
    insta::assert_snapshot!(outcome.stdout, @r"
    dealers   exports/dealers.csv
    sales     exports/sales/sales-2024-05.csv
    sales     exports/sales/sales-2024-06.csv
    targets   exports/targets.tsv
    ?         exports/weather.csv
    wrote ./dealerlens.toml; read it, then try `dealerlens check --job ./dealerlens.toml`
    ");
    dir.run(&["check"]).exits(0).stdout_has("ok");
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "22.0000");
    assert_eq!(dir.published().column("dim_dealer", "dealer_name"), ["Alpha Trading"]);
    assert_eq!(dir.published().quality("exports/targets.tsv", "accepted", "accepted"), "1 rows, 12.0000");
}

#[test]
fn init_passes_over_what_is_no_file() {
    let dir = exports();
    let made = std::process::Command::new("mkfifo").arg(dir.path("exports/pipe.csv")).status().unwrap();
    assert!(made.success());
    dir.run(&["init"]).exits(0).stdout_lacks("pipe.csv");
}

#[test]
fn init_maps_what_it_recognises_and_comments_the_rest() {
    let dir = exports();
    dir.run(&["init"]).exits(0);
    let job = dir.read("dealerlens.toml");
    for line in [
        "files = [\"exports/sales/sales*.csv\"]",
        "amount = \"Net Amount\"",
        "# channel = \"...\"",
        "# [sources.market]",
        "# not recognised: exports/weather.csv",
    ] {
        assert!(job.lines().any(|written| written == line), "no {line} in {job}");
    }
}

#[test]
fn init_does_not_replace_a_job_file_unless_it_is_told_to() {
    let dir = exports().job("# mine");
    let said = dir.run(&["init"]).exits(78).stderr_has("dealerlens.toml is there already").stderr;
    assert!(said.ends_with("hint: --force replaces it\n"), "{said}");
    assert_eq!(dir.read("dealerlens.toml"), "# mine");
    dir.run(&["init", "--force"]).exits(0);
    dir.run(&["check"]).exits(0);
}

#[test]
fn init_takes_the_folder_from_its_argument() {
    let dir = exports();
    dir.run(&["init", "exports"]).exits(0).stdout_has("wrote exports/dealerlens.toml");
    dir.run(&["run", "--job", "exports/dealerlens.toml"]).exits(0).stdout_has("to exports/out/latest");
    dir.run(&["init", "nowhere"]).exits(66).stderr_has("there is no folder nowhere");
}

#[test]
fn a_published_run_is_not_taken_for_exports() {
    let dir = exports();
    dir.run(&["init"]).exits(0);
    dir.run(&["run"]).exits(0);
    let before = dir.read("dealerlens.toml");
    dir.run(&["init", "--force"]).exits(0);
    assert_eq!(dir.read("dealerlens.toml"), before);
}
