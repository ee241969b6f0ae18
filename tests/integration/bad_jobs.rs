//! Job files and arguments that are wrong: the place, the word that was meant, and nothing published.

use crate::workdir::Workdir;

/// Runs a job that cannot be run, and gives what it says.
fn refusal(dir: &Workdir, code: i32) -> String {
    let outcome = dir.run(&["run"]).exits(code);
    assert_eq!(outcome.stdout, "");
    dir.has_published_nothing();
    outcome.stderr
}

#[test]
fn a_typo_in_a_key_brings_its_place_and_the_nearest_key() {
    let dir = Workdir::new().edit_job("max_rejected_share", "max_rejectd_share");
    insta::assert_snapshot!(refusal(&dir, 78), @r#"
    error: dealerlens.toml:5:1: unknown field `max_rejectd_share`, expected one of `max_rejected_share`, `max_rejected_share_per_export`, `max_rejected_share_by_source`, `max_age_days`, `expect_exports`, `report_within_days`, `max_row_count_change`, `max_export_row_count_change`, `strict`
    hint: did you mean "max_rejected_share"?
    "#);
}

#[test]
fn a_typo_in_the_name_of_a_source_brings_the_nearest_source() {
    let dir = Workdir::new().add_to_job("[sources.tragets]\nfiles = [\"targets.csv\"]");
    let said = refusal(&dir, 78);
    assert!(said.contains("dealerlens.toml:16:10: unknown field `tragets`"), "{said}");
    assert!(said.contains("hint: did you mean \"targets\"?"), "{said}");
}

#[test]
fn a_date_without_quotes_brings_the_way_to_write_it() {
    let said = refusal(&Workdir::new().edit_job("name = \"test\"", "name = \"test\"\nas_of = 2024-05-03"), 78);
    assert!(said.contains("dealerlens.toml:3:9: "), "{said}");
    assert!(said.contains("hint: text and dates stand in quotes, as in as_of = \"2025-12-31\""), "{said}");
}

#[test]
fn text_that_is_no_toml_brings_its_place() {
    let dir = Workdir::new().add_to_job("not toml");
    let said = refusal(&dir, 78);
    assert!(said.starts_with("error: dealerlens.toml:16:5: "), "{said}");
}

#[test]
fn a_mapping_of_an_unknown_column_brings_the_columns() {
    let dir = Workdir::new().add_to_job("[sources.sales.columns]\namonut = \"Net\"");
    insta::assert_snapshot!(refusal(&dir, 78), @r#"
    error: dealerlens.toml: sources.sales.columns.amonut: sales has no such column
    hint: its columns are sold_on, dealer_id, amount, order_id, line_no, outlet_id, product_id, channel, quantity
    hint: did you mean "amount"?
    "#);
}

#[test]
fn a_mapping_that_contradicts_itself_is_refused() {
    let dir = Workdir::new().add_to_job("[sources.sales.columns]\ndealer_id = { value = \"D1\", from = \"Dealer\" }");
    let said = refusal(&dir, 78);
    assert!(said.contains("sources.sales.columns.dealer_id has both `from` and `value`"), "{said}");
}

#[test]
fn a_job_without_dealers_is_told_what_to_add() {
    let dir = Workdir::new().edit_job("[sources.dealers]\nfiles = [\"dealers.csv\"]\n", "");
    insta::assert_snapshot!(refusal(&dir, 78), @r#"
    error: dealerlens.toml: the source dealers is missing, and no job runs without it
    hint: add [sources.dealers] with files = ["..."]
    "#);
}

#[test]
fn a_date_format_that_is_none_is_refused() {
    let dir = Workdir::new().add_to_job("dates = [\"%Y-%m-%d\", \"%Q\"]");
    insta::assert_snapshot!(refusal(&dir, 78), @r#"
    error: sources.sales.dates: "%Q" is no date format
    hint: write it with strftime letters, such as "%d.%m.%Y", or "auto"
    hint: nothing has been published yet
    "#);
}

#[test]
fn a_date_format_that_gives_no_day_is_refused() {
    for (formats, trouble) in
        [("[]", "there is no date format"), ("[\"%H:%M\"]", "\"%H:%M\" is no"), ("[\"iso\"]", "\"iso\" is no")]
    {
        let said = refusal(&Workdir::new().add_to_job(&format!("dates = {formats}")), 78);
        assert!(said.starts_with(&format!("error: sources.sales.dates: {trouble}")), "{said}");
    }
}

#[test]
fn numbers_past_all_sense_are_refused() {
    for (section, trouble) in [
        ("[resources]\nthreads = 100000", "resources.threads = 100000 is more than 1024"),
        ("[sources.sales.columns]\namount = { from = \"amount\", times = 0 }", "amount has `times` = 0"),
    ] {
        let said = refusal(&Workdir::new().add_to_job(section), 78);
        assert!(said.contains(trouble), "{said}");
    }
    let said = refusal(&Workdir::new().edit_job("name = \"test\"", "name = \"test\"\ngoal = 1e6"), 78);
    assert!(said.contains("job.goal = 1000000 is not above 0 and at most 100"), "{said}");
}

#[test]
fn a_folder_instead_of_files_is_told_what_to_write() {
    let dir =
        Workdir::new().edit_job("files = [\"sales*.csv\"]", "files = [\"exports\"]").file("exports/sales.csv", "");
    let said = refusal(&dir, 66);
    assert!(said.contains("hint: it is a folder; write \"exports/*.csv\" for what is in it"), "{said}");
}

#[test]
fn what_reads_a_published_run_takes_no_day_and_no_queries() {
    let dir = Workdir::new();
    for command in [&["explain", "D1"][..], &["report"], &["backtest"], &["history"]] {
        for argument in ["--as-of=2024-05-03", "--queries=queries"] {
            dir.run(&[command, &[argument]].concat()).exits(2).stderr_has("unexpected argument");
        }
    }
}

#[test]
fn a_memory_limit_without_sense_is_refused() {
    let dir = Workdir::new().add_to_job("[resources]\nmemory_limit = \"lots\"");
    insta::assert_snapshot!(refusal(&dir, 78), @r#"
    error: dealerlens.toml: resources.memory_limit = "lots" is no size
    hint: write a number and a unit, such as "512MiB" or "4GiB"
    "#);
}

#[test]
fn equal_signs_for_decimals_and_thousands_are_refused() {
    let dir = Workdir::new().add_to_job("decimal = \",\"\nthousands = \",\"");
    assert!(refusal(&dir, 78).contains("decimal and thousands are the same sign"));
}

#[test]
fn an_as_of_that_is_no_date_is_refused() {
    let dir = Workdir::new().edit_job("name = \"test\"", "name = \"test\"\nas_of = \"today\"");
    assert!(refusal(&dir, 78).contains("as_of = \"today\" is neither \"latest\" nor a date"));
}

#[test]
fn a_file_that_is_not_there_is_a_missing_input() {
    let dir = Workdir::new().without("dealers.csv");
    assert!(refusal(&dir, 66).starts_with("error: sources.dealers.files: nothing matches \"dealers.csv\""));
}

#[test]
fn a_glob_that_matches_nothing_is_a_missing_input() {
    let dir = Workdir::new().without("sales.csv");
    assert!(refusal(&dir, 66).starts_with("error: sources.sales.files: nothing matches \"sales*.csv\""));
}

#[test]
fn an_optional_source_may_be_empty_when_the_job_says_so() {
    let dir = Workdir::new().add_to_job("[sources.outlets]\nfiles = [\"outlets*.csv\"]");
    assert!(refusal(&dir, 66).contains("hint: quality.expect_exports = false lets an optional source be empty"));
    let dir = dir.edit_job("[quality]", "[quality]\nexpect_exports = false");
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().sales_of("D1"), "80.0000");
}

#[test]
fn a_required_source_is_never_empty() {
    let dir = Workdir::new().without("sales.csv").edit_job("[quality]", "[quality]\nexpect_exports = false");
    refusal(&dir, 66);
}

#[test]
fn a_job_file_that_is_not_there_brings_the_command_that_writes_one() {
    let outcome = Workdir::empty().run(&["run", "--job", "nightly.toml"]).exits(78);
    insta::assert_snapshot!(outcome.stderr, @r"
    error: cannot read the job file nightly.toml: No such file or directory (os error 2)
    hint: `dealerlens init FOLDER` writes one for the exports in a folder
    ");
}

#[test]
fn an_unknown_argument_is_a_usage_error() {
    let dir = Workdir::new();
    dir.run(&["run", "--jobb", "x"]).exits(2).stderr_has("a similar argument exists: '--job'");
    dir.run(&["runn"]).exits(2).stderr_has("a similar subcommand exists: 'run'");
    dir.run(&["run", "--as-of", "yesterday"]).exits(2).stderr_has("--as-of");
    dir.run(&[]).exits(2).stderr_has("Usage: dealerlens");
    assert!(!dir.path("out").exists());
}

#[test]
fn a_scheduler_that_cannot_be_reached_is_named() {
    let dir = Workdir::new().add_to_job("[engine]\nscheduler = \"df://127.0.0.1:1\"");
    if cfg!(feature = "cluster") {
        let said = refusal(&dir, 75);
        assert!(said.contains("the scheduler df://127.0.0.1:1 does not answer"), "{said}");
    } else {
        let said = refusal(&dir, 78);
        assert!(said.contains("cargo build --release --locked --features cluster"), "{said}");
        dir.run(&["check"]).exits(78).stderr_has("built without the feature cluster");
    }
}
