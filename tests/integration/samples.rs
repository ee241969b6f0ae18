//! The two sample jobs: totals to the cent, and the identities on every row.

use std::fs;
use std::path::{Path, PathBuf};

use dealerlens::model::event::{Event, Unwatched, Watch};
use dealerlens::model::manifest::{Manifest, Verdict};
use dealerlens::model::money::Money;
use dealerlens::publish::{RenderedRow, read_table, render_rows};

use crate::nights::night;
use crate::workdir::Workdir;

/// A published sample in a folder of its own.
struct Sample {
    manifest: Manifest,
    latest: PathBuf,
    _out: tempfile::TempDir,
}

impl Sample {
    fn run(name: &str) -> Self {
        let out = tempfile::tempdir().unwrap();
        let job_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name).join("dealerlens.toml");
        let published = night(job_file, Some(out.path()), &Unwatched).unwrap();
        let latest = fs::canonicalize(&published.latest).unwrap();
        Self { manifest: published.manifest, latest, _out: out }
    }

    fn rows(&self, mart: &str) -> Vec<RenderedRow> {
        render_rows(&read_table(&self.latest, mart).unwrap(), None).unwrap()
    }

    fn assert_identities(&self) {
        assert!(self.manifest.checks.iter().all(|check| check.verdict == Verdict::Pass), "{:?}", self.manifest.checks);
        for card in self.rows("dealer_scorecard") {
            for (window, base) in [("_12w", ""), ("_base", "_base")] {
                assert_identity(&card, window, base);
            }
        }
        for row in self.rows("growth_drivers") {
            let parts = [
                "entered",
                "exited",
                "coverage_effect",
                "activity_effect",
                "frequency_effect",
                "ticket_effect",
                "returns_effect",
            ];
            let sum: Money = parts.iter().map(|part| money(&row, part)).sum();
            assert_eq!(sum, money(&row, "sales_change"), "{row:?}");
            assert_eq!(money(&row, "sales_12w") - money(&row, "sales_base"), sum);
        }
    }
}

fn text<'a>(row: &'a RenderedRow, column: &str) -> Option<&'a str> {
    row[column].as_deref()
}

fn money(row: &RenderedRow, column: &str) -> Money {
    text(row, column).and_then(Money::from_decimal_text).unwrap_or_default()
}

fn number(row: &RenderedRow, column: &str) -> f64 {
    text(row, column).map_or(0.0, |number| number.parse().unwrap())
}

/// sales = C * (A / C) * (O / A) * (S+ / O) + R, with the published rates.
fn assert_identity(card: &RenderedRow, window: &str, base: &str) {
    let amount = |name: &str| money(card, &format!("{name}{window}")).0 as f64 / 10_000.0;
    let ticket = amount("order_value") / number(card, &format!("orders{window}")).max(1.0);
    let rebuilt = number(card, &format!("covered_outlets{base}"))
        * number(card, &format!("active_rate{base}"))
        * number(card, &format!("orders_per_active_outlet{base}"))
        * ticket
        + amount("returns");
    assert!((amount("sales") - rebuilt).abs() < 0.01, "{window}: {rebuilt} in {card:?}");
}

#[test]
fn adventureworks_is_read_to_the_cent() {
    let sample = Sample::run("adventureworks");
    let quality = sample.rows("data_quality");
    let of = |export: &str, outcome: &str| {
        let row =
            quality.iter().find(|row| text(row, "export") == Some(export) && text(row, "outcome") == Some(outcome));
        row.map(|row| (number(row, "rows") as u64, money(row, "amount")))
    };
    // 80,450,596.98 to the cent; the export has four decimals.
    assert_eq!(of("exports/reseller_sales.csv", "accepted"), Some((60_855, Money(804_505_969_823))));
    assert_eq!(of("exports/reseller_sales.csv", "rejected"), None);
    assert_eq!(of("exports/quotas.csv", "rejected").map(|(rows, _)| rows), Some(20));
    sample.assert_identities();
}

#[test]
fn adventureworks_months_without_orders_stay_zero() {
    let sample = Sample::run("adventureworks");
    let months = sample.rows("sales_by_month");
    for month in ["2011-02-01", "2011-04-01", "2011-06-01"] {
        let rows: Vec<_> = months.iter().filter(|row| text(row, "month") == Some(month)).collect();
        assert!(!rows.is_empty(), "{month} is missing");
        assert!(rows.iter().all(|row| money(row, "sales") == Money(0)), "{month} is not zero");
    }
    let total: Money = months.iter().map(|row| money(row, "sales")).sum();
    assert_eq!(total, Money(804_505_969_823));
}

#[test]
fn adventureworks_double_quotas_are_shown_and_not_summed() {
    let sample = Sample::run("adventureworks");
    let rejected = sample.rows("rejected_rows");
    assert_eq!(rejected.len(), 20);
    assert!(rejected.iter().all(|row| text(row, "reason_code") == Some("conflicting_rows")));
    assert!(rejected.iter().all(|row| text(row, "raw_value").unwrap().ends_with("2011-07-01")), "{rejected:?}");
}

#[test]
fn the_region_named_na_is_a_region() {
    let sample = Sample::run("adventureworks");
    let regions = sample.rows("region_summary");
    let na = regions.iter().find(|row| text(row, "region") == Some("NA")).unwrap();
    assert_eq!(text(na, "dealers"), Some("3"));
}

#[test]
fn beverages_publishes_with_every_reason_and_every_identity() {
    let sample = Sample::run("beverages");
    sample.assert_identities();
    let rejected = sample.rows("rejected_rows");
    let mut reasons: Vec<&str> = rejected.iter().filter_map(|row| text(row, "reason_code")).collect();
    reasons.sort_unstable();
    reasons.dedup();
    assert!(reasons.len() >= 14, "{reasons:?}");
    let lacking: Vec<&str> = sample.manifest.degraded.iter().map(|lack| lack.what.as_str()).collect();
    assert_eq!(lacking, ["promotion_effect is empty", "visit_effect is empty"]);
}

#[test]
fn the_beverages_exports_are_what_the_generator_writes() {
    let folder = tempfile::tempdir().unwrap();
    dealerlens::generate::write_world(&dealerlens::generate::World::default(), folder.path()).unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/beverages/exports");
    for name in ["dealers.csv", "outlets.csv", "market.csv", "targets.csv", "sales/sales-2025-12.csv"] {
        let (fresh, kept) = (fs::read(folder.path().join(name)).unwrap(), fs::read(sample.join(name)).unwrap());
        assert!(fresh == kept, "{name} differs: run `dealerlens generate sample-data/beverages/exports`");
    }
}

/// Keeps the lines that the command line prints.
#[derive(Default)]
struct Listening(std::sync::Mutex<Vec<String>>);

impl Watch for Listening {
    fn notice(&self, event: Event) {
        let line = match event {
            Event::Verdict { line, .. } => line,
            Event::Warning { message } => message,
            Event::StageFinished { summary, .. } if !summary.is_empty() => summary,
            _ => return,
        };
        self.0.lock().unwrap().push(line);
    }
}

#[test]
fn the_readme_shows_what_the_sample_run_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = tempfile::tempdir().unwrap();
    let job_file = root.join("sample-data/beverages/dealerlens.toml");
    let heard = Listening::default();
    night(job_file, Some(out.path()), &heard).unwrap();
    let said = heard.0.into_inner().unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let shown = [
        "sales-2024-05_copy.csv",
        "29 exports",
        "sales: read",
        "max_rejected_share sales",
        "25 tables",
        "conservation:",
    ];
    for start in shown {
        let line = said.iter().find(|line| line.contains(start)).unwrap_or_else(|| panic!("nothing said {start}"));
        assert!(readme.contains(line.as_str()), "README.md does not show: {line}");
    }
}

/// The sample's own factors are nearly all 1, and a product with 1 hides where a factor was forgotten.
#[test]
fn checks_hold_whatever_the_calibration() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = [
        ("vertical_calibration.sql", "r.origins >= 3 and r.pairs >= 100 and (r.ratio < 0.8 or r.ratio > 1.25)"),
        (
            "opportunity_calibration.sql",
            "origins >= 3 and (hits >= 300 or expected_hits >= 300) and (ratio < 0.8 or ratio > 1.25)",
        ),
    ];
    let (mut dir, mut replaced) = (Workdir::empty(), 0);
    for layer in ["staging", "intermediate", "opportunities", "marts", "checks"] {
        for file in fs::read_dir(root.join("queries").join(layer)).unwrap() {
            let file = file.unwrap();
            let (name, mut text) = (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap());
            for (_, rule) in rules.iter().filter(|(relation, _)| *relation == name) {
                replaced += text.matches(rule).count();
                text = text.replace(rule, "ratio is not null");
            }
            dir = dir.file(&format!("queries/{layer}/{name}"), text);
        }
    }
    assert_eq!(replaced, 2, "a rule is another one");
    let job = root.join("sample-data/beverages/dealerlens.toml").display().to_string();
    let (out, queries) = (dir.path("out").display().to_string(), dir.path("queries").display().to_string());
    dir.run(&["run", "--job", &job, "--out", &out, "--queries", &queries]).exits(0);
    for table in ["vertical_opportunities", "horizontal_opportunities", "range_gaps"] {
        let rows = dir.published().rows(table);
        assert!(rows.iter().any(|row| number(row, "calibration_factor") != 1.0), "{table}");
    }
}
