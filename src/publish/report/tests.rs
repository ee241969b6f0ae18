//! Whole reports of small marts.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
};

use super::*;
use crate::model::failure::Blame;
use crate::model::manifest::{CheckResult, Status, Verdict};
use crate::publish::samples;

const SCRIPT_NAME: &str = "<script>alert('x')</script>";
const AS_OF: i32 = 20_484;

type Column = (&'static str, ArrayRef);

fn texts(name: &'static str, values: &[&str]) -> Column {
    (name, Arc::new(StringArray::from(values.to_vec())) as ArrayRef)
}

fn amounts(name: &'static str, values: &[i128]) -> Column {
    let amounts = values.iter().map(|units| units * 10_000);
    (name, Arc::new(Decimal128Array::from_iter_values(amounts).with_precision_and_scale(18, 4).unwrap()) as ArrayRef)
}

fn counts(name: &'static str, values: &[i64]) -> Column {
    (name, Arc::new(Int64Array::from(values.to_vec())) as ArrayRef)
}

fn shares(name: &'static str, values: &[f64]) -> Column {
    (name, Arc::new(Float64Array::from(values.to_vec())) as ArrayRef)
}

fn flags(name: &'static str, values: &[bool]) -> Column {
    (name, Arc::new(BooleanArray::from(values.to_vec())) as ArrayRef)
}

fn days(name: &'static str, values: &[i32]) -> Column {
    (name, Arc::new(Date32Array::from(values.to_vec())) as ArrayRef)
}

fn mart(columns: Vec<Column>) -> Vec<RecordBatch> {
    vec![RecordBatch::try_from_iter(columns).unwrap()]
}

/// Three dealers: two of the north, one of the south.
fn scorecard() -> Vec<RecordBatch> {
    mart(vec![
        days("as_of", &[AS_OF; 3]),
        texts("dealer_id", &["NORTH-1", "NORTH-2", "SOUTH-1"]),
        texts("dealer_name", &["Northern One", SCRIPT_NAME, "\u{202e}Southern =cmd|' /C calc'!A0"]),
        texts("region", &["North", "North", "South"]),
        texts("dealer_class", &["star", "unrated", "fix"]),
        texts("reason", &["strong; high", "no outlets", "weak; low"]),
        texts("comparison_base", &["year_ago"; 3]),
        amounts("sales_12w", &[1_111, 2_222, 7_777]),
        amounts("sales_base", &[1_000, 2_000, 9_999]),
        counts("covered_outlets", &[11, 22, 88]),
        counts("active_outlets_12w", &[10, 20, 66]),
        shares("coverage_value", &[0.4, 0.1, 0.1]),
        shares("coverage_threshold", &[0.2, 0.2, 0.2]),
        shares("performance_value", &[1.2, 0.1, 0.5]),
        shares("performance_threshold", &[1.0, 1.0, 1.0]),
    ])
}

fn summary() -> Vec<RecordBatch> {
    mart(vec![
        texts("region", &["North", "South"]),
        amounts("sales_12w", &[3_333, 7_777]),
        counts("dealers", &[2, 1]),
        counts("star_dealers", &[1, 0]),
    ])
}

fn drivers() -> Vec<RecordBatch> {
    mart(vec![
        texts("dealer_id", &["NORTH-1", "NORTH-2", "SOUTH-1"]),
        texts("region", &["North", "North", "South"]),
        texts("channel", &["grocery", "grocery", "southern kiosks"]),
        amounts("sales_12w", &[1_111, 2_222, 7_777]),
        amounts("sales_base", &[1_000, 2_000, 9_999]),
        amounts("sales_change", &[111, 222, -2_222]),
        amounts("coverage_effect", &[100, 200, -2_000]),
        amounts("ticket_effect", &[11, 22, -222]),
    ])
}

fn calls() -> Vec<RecordBatch> {
    mart(vec![
        texts("dealer_id", &["NORTH-1", "NORTH-1", "SOUTH-1"]),
        texts("outlet_id", &["ON-1", "ON-2", "OS-1"]),
        texts("outlet_name", &["Corner Shop", "Hill Shop", "Harbour Kiosk"]),
        texts("region", &["North", "North", "South"]),
        texts("channel", &["grocery", "grocery", "southern kiosks"]),
        texts("lever", &["frequency", "retain", "activate"]),
        flags("is_growth", &[true, false, true]),
        counts("rank_in_dealer", &[1, 1, 1]),
        counts("rank_in_region", &[1, 1, 1]),
        amounts("sales_12w", &[50, 60, 0]),
        amounts("expected_value", &[33, 44, 5_151]),
        texts("reason", &["sold more before", "silent", "ordered in spring"]),
    ])
}

/// Without a column of regions: those of the dealers count.
fn goals() -> Vec<RecordBatch> {
    mart(vec![
        texts("dealer_id", &["NORTH-1", "SOUTH-1"]),
        texts("scenario", &["goal", "goal"]),
        shares("goal_factor", &[1.2, 1.2]),
        amounts("sales_12w", &[1_111, 7_777]),
        amounts("goal_sales", &[1_333, 9_332]),
        texts("reachability", &["reachable", "out_of_reach"]),
    ])
}

fn pairs() -> Vec<RecordBatch> {
    mart(vec![
        texts("outlet_id", &["ON-1", "ON-1"]),
        texts("other_outlet_id", &["ON-2", "OS-1"]),
        texts("outlet_name", &["Corner Shop", "Corner Shop"]),
        texts("other_outlet_name", &["Hill Shop", "Harbour Kiosk"]),
        texts("dealer_id", &["NORTH-1", "NORTH-1"]),
        texts("other_dealer_id", &["NORTH-1", "SOUTH-1"]),
        texts("territory", &["T", "T"]),
        texts("reason", &["alike", "alike as OS-1"]),
    ])
}

fn marts() -> Marts {
    Marts::of_batches(BTreeMap::from([
        ("dealer_scorecard", scorecard()),
        ("region_summary", summary()),
        ("growth_drivers", drivers()),
        ("vertical_opportunities", calls()),
        ("growth_goals", goals()),
        ("suspected_duplicates", pairs()),
    ]))
}

fn manifest() -> Manifest {
    let mut manifest = samples::manifest("r1", Status::Published);
    let (observed, allowed) = ("9,876 lines".to_owned(), "at least 1".to_owned());
    manifest.checks.push(CheckResult { name: "some_sales".to_owned(), verdict: Verdict::Warn, observed, allowed });
    manifest.warnings.push("twice-delivered.csv came twice".to_owned());
    manifest
}

fn reports(language: &str) -> BTreeMap<String, String> {
    render(&marts(), &manifest(), language).unwrap()
}

#[test]
fn there_is_a_report_for_the_company_and_for_each_region() {
    let reports = reports("en");
    assert_eq!(
        reports.keys().collect::<Vec<_>>(),
        ["regions/North/report.html", "regions/South/report.html", "report.html"]
    );
    let company = &reports["report.html"];
    for part in ["11,110", "some_sales", "Harbour Kiosk", "twice-delivered.csv", "regions&#x2f;North&#x2f;report.html"]
    {
        assert!(company.contains(part), "{part}");
    }
}

#[test]
fn a_region_sees_nothing_of_another() {
    let reports = reports("en");
    let north = &reports["regions/North/report.html"];
    for own in ["NORTH-1", "Northern One", "3,333", "Corner Shop", "Hill Shop"] {
        assert!(north.contains(own), "{own}");
    }
    // Names, ids and numbers of the south, in any spelling, and what the two have together.
    let foreign = [
        "South",
        "SOUTH",
        "OS-1",
        "Harbour",
        "southern",
        "7777",
        "7,777",
        "9999",
        "9,999",
        "5151",
        "9332",
        "9,332",
        "11,110",
        "12,999",
        "some_sales",
        "9,876",
        "twice-delivered",
    ];
    for text in foreign {
        assert!(!north.contains(text), "{text}");
    }
    let south = &reports["regions/South/report.html"];
    for text in ["North", "NORTH", "ON-1", "Corner", "1111", "1,111", "3,333", "11,110"] {
        assert!(!south.contains(text), "{text}");
    }
}

#[test]
fn hostile_names_are_text_everywhere() {
    for (name, report) in reports("en") {
        let scripts = report.matches("<script").count();
        assert_eq!(scripts, 2, "{name}: a block of data and a script");
        assert!(!report.contains(SCRIPT_NAME), "{name}");
    }
}

#[test]
fn every_dealer_has_a_mark_on_the_map() {
    let reports = reports("en");
    assert_eq!(reports["report.html"].matches("<circle class=\"mark").count(), 3);
    assert_eq!(reports["regions/North/report.html"].matches("<circle class=\"mark").count(), 2);
}

#[test]
fn nothing_is_loaded_and_no_style_is_inline() {
    let reports = reports("en");
    let report = &reports["report.html"];
    assert!(report.contains("content=\"default-src 'none'; style-src 'sha256-"));
    for forbidden in [" style=", " onclick=", " src=", "<link rel=\"stylesheet\"", "url("] {
        assert!(!report.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn chinese_is_spoken_and_equal_input_makes_equal_bytes() {
    let chinese = reports("zh");
    assert!(chinese["report.html"].contains("<html lang=\"zh\">") && chinese["report.html"].contains("经销商"));
    assert_eq!(chinese, reports("zh"));
    assert_ne!(chinese, reports("en"));
}

/// The report of the company with these marts beside the scorecard.
fn report_with(others: impl IntoIterator<Item = (&'static str, Vec<RecordBatch>)>) -> String {
    let marts = [("dealer_scorecard", scorecard())].into_iter().chain(others).collect();
    render(&Marts::of_batches(marts), &manifest(), "en").unwrap().remove("report.html").unwrap()
}

#[test]
fn a_table_that_is_cut_says_so_beside_its_filters() {
    let calls = |rows: usize| {
        let outlets: Vec<String> = (0..rows).map(|row| format!("O{row:04}")).collect();
        mart(vec![
            texts("dealer_id", &vec!["NORTH-1"; rows]),
            texts("outlet_id", &outlets.iter().map(String::as_str).collect::<Vec<_>>()),
            texts("lever", &vec!["frequency"; rows]),
            amounts("expected_value", &vec![10; rows]),
        ])
    };
    let said = "The 200 of 201 rows with the highest expected value";
    assert!(report_with([("vertical_opportunities", calls(201))]).contains(said));
    assert!(!report_with([("vertical_opportunities", calls(200))]).contains("rows with the highest expected value"));
}

#[test]
fn a_dealer_is_told_to_open_what_it_leads() {
    let cells = mart(vec![
        texts("dealer_id", &["NORTH-1", "NORTH-1"]),
        texts("territory", &["Its own field", "Led by another"]),
        texts("channel", &["grocery", "grocery"]),
        texts("kind", &["new_outlets", "new_outlets"]),
        flags("is_lead", &[true, false]),
        counts("rank_in_dealer", &[2, 1]),
        amounts("expected_value", &[10, 20]),
        texts("reason", &["room", "room"]),
    ]);
    let report = report_with([("horizontal_opportunities", cells)]);
    assert!(report.contains("Its own field") && !report.contains("Led by another"));
}

#[test]
fn an_amount_that_cannot_be_read_is_not_zero() {
    let quality = mart(vec![
        texts("source", &["sales", "sales", "sales"]),
        texts("export", &["may.csv", "may.csv", "june.csv"]),
        texts("outcome", &["rejected", "rejected", "rejected"]),
        texts("reason_code", &["bad_amount", "ragged_row", "ragged_row"]),
        counts("rows", &[9, 2, 3]),
        counts("unknown_amount_rows", &[9, 0, 1]),
        amounts("amount", &[0, 70, 30]),
    ]);
    let report = report_with([("data_quality", quality)]);
    assert!(report.contains(">unknown<") && report.contains(">100 + 1 unknown<"));
}

#[test]
fn the_plan_says_who_has_a_goal_and_that_it_is_no_forecast() {
    let goals = mart(vec![
        texts("dealer_id", &["NORTH-1", "SOUTH-1"]),
        texts("scenario", &["goal", "goal"]),
        shares("goal_factor", &[1.2, 1.2]),
        amounts("sales_12w", &[1_111, 7_777]),
        amounts("goal_sales", &[1_333, 9_332]),
        amounts("net_active_expected", &[-40, 10]),
        texts("reachability", &["reachable", "out_of_reach"]),
    ]);
    let report = report_with([("growth_goals", goals)]);
    assert!(report.contains("120 % of the last 12 weeks for 2 of 2 dealers"));
    assert!(report.contains("What is listed is no forecast") && report.contains("-30 is expected beyond their peers"));
}

#[test]
fn what_came_true_names_what_it_is_a_share_of() {
    let backtest = mart(vec![
        texts("opportunity_type", &["retain", "retain"]),
        texts("method", &["dealerlens", "dealerlens"]),
        texts("scope", &["all", "listed"]),
        counts("origin", &[-1, -1]),
        counts("decile", &[0, 0]),
        flags("is_pooled", &[true, true]),
        counts("origins", &[9, 9]),
        counts("predictions", &[2_000, 500]),
        shares("hit_rate", &[0.2, 0.15]),
        shares("top_decile_hit_rate", &[0.6, 0.6]),
        shares("top_decile_lift", &[3.0, 3.0]),
        amounts("predicted", &[100, 50]),
        amounts("realised", &[90, 40]),
    ]);
    let report = report_with([("backtest", backtest)]);
    assert!(report.contains("15.0 % of 500 listed outlets stopped ordering."));
    assert!(report.contains(
        "Of all 2,000 that were predicted, listed or not, 20.0 % stopped ordering, of the worst tenth 60.0 %"
    ));
}

#[test]
fn an_older_run_leaves_sections_out_with_a_sentence() {
    let marts = Marts::of_batches(BTreeMap::from([("dealer_scorecard", scorecard())]));
    let reports = render(&marts, &manifest(), "en").unwrap();
    assert!(reports["report.html"].matches("This run has no table for this section.").count() >= 5);
}

#[test]
fn reports_are_written_where_their_names_say() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(write_reports(folder.path(), folder.path(), &manifest(), "en").unwrap_err().blame, Blame::MissingInput);
    let batch = scorecard().remove(0);
    let file = fs::File::create(folder.path().join("dealer_scorecard.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let written = write_reports(folder.path(), folder.path(), &manifest(), "en").unwrap();
    assert_eq!(written, ["regions/North/report.html", "regions/South/report.html", "report.html"]);
    assert!(written.iter().all(|name| folder.path().join(name).is_file()));
}
