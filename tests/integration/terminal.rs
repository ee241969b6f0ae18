//! Names and cells that would command a terminal, forge a line of a log, or fill it.

use crate::tables::{cell, text};
use crate::workdir::{Outcome, Workdir};

/// Clears the screen, sets the title, turns red by a C1 control, and turns the direction of writing.
const HOSTILE: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}evil";
const ESCAPED: &str = "\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m\\u202eevil";
/// An export whose name would pass for a line of the quality gate.
const FORGER: &str = "sales\u{1b}[2J\nPASS     everything is fine.csv";

#[track_caller]
fn is_harmless(outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let harmful = text.chars().find(|letter| (letter.is_control() && *letter != '\n') || *letter == '\u{202e}');
        assert_eq!(harmful, None, "in {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("PASS     everything")), "a forged line in {text}");
    }
}

/// Hostile text wherever a user of the files can put it.
fn hostile() -> Workdir {
    let dealers = [
        "dealer_id,region,dealer_name".to_owned(),
        format!("D1,North{HOSTILE},{HOSTILE}"),
        format!("D2{HOSTILE},South,\"Beta\nPASS     everything is fine\""),
    ];
    let dealers: Vec<&str> = dealers.iter().map(String::as_str).collect();
    let (silent, unknown, undated) =
        (format!("2024-01-01,D2{HOSTILE},5"), format!("2024-05-01,D9{HOSTILE},5"), format!("{HOSTILE},D1,5"));
    let header = "sold_on,dealer_id,amount";
    Workdir::new()
        .csv("dealers.csv", &dealers)
        .csv(FORGER, &[header])
        .csv("sales-silent.csv", &[header, &silent])
        .csv("sales.csv", &[header, "2023-05-01,D1,90", "2024-05-01,D1,100", &unknown, &undated])
}

#[test]
fn a_run_and_its_pages_show_hostile_names_as_text() {
    let dir = hostile();
    let run = dir
        .run(&["run"])
        .exits(0)
        .stderr_has("sales\\u001b[2J\\nPASS     everything is fine.csv has a header and no rows");
    is_harmless(&run.stderr_has(&format!("D2{ESCAPED} since 2024-01-01")));
    is_harmless(&dir.run(&["explain", "D1"]).exits(0).stdout_has(ESCAPED));
    for command in ["backtest", "history", "check", "schema"] {
        is_harmless(&dir.run(&[command]).exits(0));
    }
    is_harmless(&dir.run(&["explain", "evil"]).exits(66).stderr_has(ESCAPED));
    is_harmless(&dir.run(&["init", "--force"]).exits(0));
}

#[test]
fn every_line_of_the_json_log_stays_one_with_its_content() {
    let outcome = hostile().run(&["run", "--log-format", "json"]).exits(0);
    is_harmless(&outcome);
    let events: Vec<serde_json::Value> =
        outcome.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().any(|event| event["export"] == FORGER), "{}", outcome.stderr);
}

#[test]
fn a_check_that_fails_shows_its_rows_as_text() {
    let dir = hostile()
        .add_to_job("[queries]\nextra = \"own\"")
        .file("own/checks/nobody.sql", "-- purpose: no dealer\nselect dealer_name from dealers");
    let outcome = dir.run(&["run"]).exits(65).stderr_has("FAIL     nobody: 2 rows, such as dealer_name=");
    is_harmless(&outcome);
    let manifest = dir.refused().manifest();
    let observed: Vec<String> =
        manifest["checks"].as_array().unwrap().iter().map(|rule| text(&rule["observed"])).collect();
    assert!(observed.iter().any(|line| line.contains(ESCAPED)), "{observed:?}");
    assert!(!observed.iter().any(|line| line.contains(char::is_control)), "{observed:?}");
}

#[test]
fn a_long_cell_is_kept_in_part_and_shown_nowhere() {
    let long = "x".repeat(5_000);
    let dir = Workdir::new().csv(
        "sales.csv",
        &[
            "sold_on,dealer_id,amount",
            "2024-05-01,D1,100",
            &format!("2024-05-01,D1,{long}"),
            &format!("2024-05-01,D1,1,{long}"),
            &format!("2024-05-01,{long},1"),
        ],
    );
    let some = "x".repeat(90);
    dir.run(&["check"]).exits(0).stderr_lacks(&some).stdout_lacks(&some);
    dir.run(&["run"]).exits(0).stderr_lacks(&some).stdout_lacks(&some);
    let rejected = dir.published().rows("rejected_rows");
    assert_eq!(rejected.len(), 3);
    for row in &rejected {
        assert!(cell(row, "raw_value").chars().count() <= 200, "{row:?}");
    }
}
