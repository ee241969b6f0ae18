//! The plan against the goal: what existing and new outlets can give, and what remains.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::money::Money;
use crate::publish::report::bridge::{Bridge, BridgeRow, End, Step};
use crate::publish::report::figures::{NOTHING, cents, count, signed, whole};
use crate::publish::report::marts::{Row, grouped_by, sum_of};
use crate::publish::report::scope::Scope;

const SCENARIOS: [&str; 2] = ["goal", "double"];
const REACH: [&str; 3] = ["reachable", "stretch", "out_of_reach"];

#[derive(Debug, Serialize)]
pub(super) struct Plan {
    lead: String,
    net: Option<String>,
    bridge: Vec<BridgeRow>,
    scenarios: Vec<Scenario>,
    reach: Vec<Reach>,
    periods: Vec<Period>,
}

#[derive(Debug, Serialize)]
struct Scenario {
    label: String,
}

#[derive(Debug, Serialize)]
struct Reach {
    key: &'static str,
    label: String,
    /// Dealers in each scenario.
    counts: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Period {
    days: String,
    planned: String,
    vertical: String,
    horizontal: String,
    remaining: String,
}

/// Nothing when the run lacks the mart or has no dealer with a goal.
pub(super) fn plan(scope: &Scope<'_>) -> Option<Plan> {
    let texts = scope.texts;
    let rows = scope.rows("growth_goals")?;
    let by_scenario = grouped_by(rows, "scenario");
    let goals = by_scenario.get("goal")?;
    let shown: Vec<&str> = SCENARIOS.iter().copied().filter(|scenario| by_scenario.contains_key(scenario)).collect();
    let reach = |key: &&'static str| Reach {
        key,
        label: texts.get(key),
        counts: shown.iter().map(|scenario| count(in_reach(by_scenario.get(scenario), key))).collect(),
    };
    Some(Plan {
        lead: lead(scope, goals),
        net: sum_of(goals, "net_active_expected").map(|net| texts.fill("plan_net", &[("net", signed(net))])),
        bridge: bridge(scope, goals),
        scenarios: shown.iter().map(|scenario| Scenario { label: texts.kind("scenario", scenario) }).collect(),
        reach: REACH.iter().map(reach).collect(),
        periods: periods(scope),
    })
}

/// Dealers without sales have no goal.
fn lead(scope: &Scope<'_>, goals: &[Row<'_>]) -> String {
    let factor = goals.first().and_then(|row| row.number("goal_factor"));
    let factor = factor.map_or_else(|| NOTHING.to_owned(), |factor| format!("{:.0} %", factor * 100.0));
    let dealers = goals.iter().filter(|row| row.money("goal_sales").is_some()).count();
    let values = [("factor", factor), ("dealers", count(dealers)), ("all", count(goals.len()))];
    scope.texts.fill("plan_lead", &values)
}

fn in_reach(rows: Option<&Vec<Row<'_>>>, reach: &str) -> usize {
    rows.map_or(0, |rows| rows.iter().filter(|row| row.word("reachability") == reach).count())
}

fn bridge(scope: &Scope<'_>, goals: &[Row<'_>]) -> Vec<BridgeRow> {
    let texts = scope.texts;
    let sum = |column: &str| sum_of(goals, column).unwrap_or_default();
    let (now, vertical, horizontal) = (sum("sales_12w"), sum("vertical_expected"), sum("horizontal_expected"));
    let remaining = sum("goal_sales") - now - vertical - horizontal;
    let step = |label: &str, change: Money, kind: Option<&'static str>| Step {
        label: texts.get(label),
        hint: None,
        change,
        kind,
    };
    let rest = if remaining.0 < 0 { "surplus" } else { "remaining" };
    let steps = vec![
        step("vertical_short", vertical, None),
        step("horizontal_short", horizontal, None),
        step(rest, remaining, Some("rest")),
    ];
    let (first, last) = (End { label: texts.get("now"), kind: "total" }, End { label: texts.get("goal"), kind: "aim" });
    Bridge::new(first, now, steps, last).rows
}

fn periods(scope: &Scope<'_>) -> Vec<Period> {
    let mut by_period: BTreeMap<i64, Vec<Row<'_>>> = BTreeMap::new();
    for row in scope.rows("growth_plan").unwrap_or_default().iter().filter(|row| row.word("scenario") == "goal") {
        by_period.entry(row.integer("period").unwrap_or_default()).or_default().push(*row);
    }
    let day = |rows: &[Row<'_>], column: &str| rows.first().and_then(|row| row.date(column)).unwrap_or_default();
    let sum = |rows: &[Row<'_>], column: &str| whole(sum_of(rows, column));
    let period = |rows: &Vec<Row<'_>>| Period {
        days: format!("{} – {}", day(rows, "starts_on"), day(rows, "ends_on")),
        planned: sum(rows, "planned_sales"),
        vertical: sum(rows, "vertical_value"),
        horizontal: sum(rows, "horizontal_value"),
        remaining: sum(rows, "remaining_value"),
    };
    by_period.values().map(period).collect()
}

/// One row a dealer with a goal, for the page's script.
pub(super) fn plan_rows(scope: &Scope<'_>) -> Vec<Value> {
    let money = |row: &Row<'_>, column: &str| row.money(column).map(cents);
    let row = |row: &Row<'_>| {
        let dealer = scope.place(row.word("dealer_id"))?;
        Some(json!([
            dealer,
            row.word("reachability"),
            money(row, "sales_12w"),
            money(row, "goal_sales"),
            money(row, "gap"),
            money(row, "vertical_expected"),
            money(row, "horizontal_expected"),
            money(row, "remaining"),
            row.word("reason"),
        ]))
    };
    let goals = scope.rows("growth_goals").unwrap_or_default().iter().filter(|row| row.word("scenario") == "goal");
    goals.filter_map(row).collect()
}
