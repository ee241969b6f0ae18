//! The block of data from which the page's script draws the long tables and the page of one dealer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::money::Money;
use crate::publish::report::figures::{cents, decimal, short, whole_units};
use crate::publish::report::marts::{Row, grouped_by, iso_date, sum_of};
use crate::publish::report::months::month_name;
use crate::publish::report::overview::DRIVERS;
use crate::publish::report::scope::Scope;
use crate::publish::report::shapes::CLASSES;

/// What draws the data in the browser; only what it asks for is written.
pub(super) const SCRIPT: &str = include_str!("templates/report.js");

/// Rows in the tables of opportunities.
pub(super) const LISTED: usize = 200;
/// On the page of a dealer: outlets to call, and cells or gaps.
const CALLS: usize = 10;
const CELLS: usize = 5;
/// Up to so many dealers, every reason is there; beyond, the file would grow past what a browser opens at once.
const FULL: usize = 400;
const SHORTENED: usize = 3_000;

/// Texts that the script looks up by a value of a column.
const KINDS: [&str; 10] = [
    "activate",
    "frequency",
    "new_channel",
    "new_market",
    "new_outlets",
    "out_of_reach",
    "reachable",
    "retain",
    "stretch",
    "ticket",
];

/// An object that leaves out what is not there.
#[derive(Debug, Default)]
struct Entry(Map<String, Value>);

impl Entry {
    fn put(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(key.to_owned(), value.into());
        }
    }

    fn money(&mut self, key: &str, amount: Option<Money>) {
        self.put(key, amount.map(cents));
    }
}

/// What rows look up.
struct Lists<'a> {
    channels: Vec<&'a str>,
    month_days: Vec<i32>,
    /// Of the outlets with range gaps, whose mart may have ids only.
    outlet_names: BTreeMap<&'a str, &'a str>,
}

impl<'a> Lists<'a> {
    fn new(scope: &Scope<'a>) -> Self {
        let marts = ["growth_drivers", "vertical_opportunities", "horizontal_opportunities"];
        let rows = marts.iter().filter_map(|mart| scope.rows(mart)).flatten();
        let channels: BTreeSet<&str> = rows.map(|row| row.word("channel")).collect();
        let gaps = scope.rows("range_gaps").unwrap_or_default().iter();
        let outlets: BTreeSet<&str> = gaps.map(|row| row.word("outlet_id")).collect();
        let known = scope.rows_of_all_regions("dim_outlet").unwrap_or_default().iter();
        let wanted = known.filter(|row| outlets.contains(row.word("outlet_id")));
        let outlet_names = wanted.map(|row| (row.word("outlet_id"), row.word("outlet_name"))).collect();
        Self { channels: channels.into_iter().collect(), month_days: scope.month_days(), outlet_names }
    }

    fn channel(&self, row: &Row<'_>) -> usize {
        self.channels.binary_search(&row.word("channel")).unwrap_or_default()
    }

    fn outlet_name<'b>(&'b self, row: &Row<'b>) -> &'b str {
        let id = row.word("outlet_id");
        row.text("outlet_name").or_else(|| self.outlet_names.get(id).copied()).unwrap_or(id)
    }
}

/// All of it as JSON that can stand in a page.
pub(super) fn data(scope: &Scope<'_>, plan: Vec<Value>) -> String {
    let texts = scope.texts;
    let lists = Lists::new(scope);
    let class_name = |class: &&str| ((*class).to_owned(), Value::from(texts.kind("class", class)));
    let driver_names: Vec<String> = DRIVERS.iter().map(|driver| texts.kind("driver", driver)).collect();
    let months: Vec<String> = lists.month_days.iter().map(|day| month_name(*day)).collect();
    let is_there = |mart: &str| scope.rows(mart).is_some();
    let has = json!({
        "vertical": is_there("vertical_opportunities"),
        "horizontal": is_there("horizontal_opportunities"),
        "range": is_there("range_gaps"),
    });
    let mut all = Entry::default();
    all.put("lang", Some(texts.language()));
    all.put("title", Some(scope.title()));
    all.put("texts", Some(script_texts(scope)));
    all.put("classes", Some(CLASSES.iter().map(class_name).collect::<Map<String, Value>>()));
    all.put("class_order", Some(CLASSES.to_vec()));
    all.put("drivers", Some(driver_names));
    all.put("regions", Some(scope.regions.clone()));
    all.put("channels", Some(lists.channels.clone()));
    all.put("months", Some(months));
    all.put("partial", Some(scope.months().last().is_some_and(|month| month.is_partial)));
    all.put("days", Some(snapshot_days(scope)));
    all.put("has", Some(has));
    all.put("dealers", Some(dealers(scope, &lists)));
    all.put("vertical", Some(listed(scope, "vertical_opportunities", |row| vertical(row, &lists))));
    all.put("horizontal", Some(listed(scope, "horizontal_opportunities", |row| horizontal(row, &lists))));
    all.put("range", Some(listed(scope, "range_gaps", |row| range(row, &lists))));
    all.put("plan", Some(plan));
    harmless(&Value::Object(all.0).to_string())
}

/// JSON in which nothing can end the block it stands in.
fn harmless(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for sign in json.chars() {
        match sign {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(sign))),
            _ => safe.push(sign),
        }
    }
    safe
}

fn script_texts(scope: &Scope<'_>) -> Map<String, Value> {
    let read = read_by(SCRIPT);
    let is_used = |key: &str| KINDS.contains(&key) || read.contains(key);
    let used = scope.texts.all().iter().filter(|(key, _)| is_used(key));
    used.map(|(key, text)| (key.clone(), Value::from(text.as_str()))).collect()
}

/// The keys that a script reads as `t.<key>`.
fn read_by(script: &str) -> BTreeSet<&str> {
    let ends = |sign: char| !(sign.is_alphanumeric() || sign == '_');
    script.split("t.").skip(1).filter_map(|rest| rest.split(ends).next()).collect()
}

/// The days of the snapshots, by their number.
fn snapshot_days(scope: &Scope<'_>) -> Vec<String> {
    let mut days: BTreeMap<usize, String> = BTreeMap::new();
    for row in scope.rows("dealer_class_history").unwrap_or_default() {
        if let (Some(place), Some(day)) = (snapshot(row), row.days("snapshot_on")) {
            days.entry(place).or_insert_with(|| iso_date(day));
        }
    }
    let last = days.keys().next_back().map_or(0, |last| last + 1);
    (0..last).map(|place| days.remove(&place).unwrap_or_default()).collect()
}

fn snapshot(row: &Row<'_>) -> Option<usize> {
    row.integer("snapshot").and_then(|place| usize::try_from(place).ok()).filter(|place| *place < 1_000)
}

/// The rows of a mart that have an expected value; of the candidates for a cell only the first one counts.
pub(super) fn candidates<'a>(scope: &Scope<'a>, mart: &str) -> Vec<Row<'a>> {
    let is_counted = |row: &Row<'a>| mart != "horizontal_opportunities" || row.flag("is_lead");
    let is_candidate = |row: &&Row<'a>| row.money("expected_value").is_some() && is_counted(row);
    scope.rows(mart).unwrap_or_default().iter().filter(is_candidate).copied().collect()
}

/// The best rows of a mart by expected value.
fn listed<'a>(scope: &Scope<'a>, mart: &str, shown: impl Fn(&Row<'a>) -> Vec<Value>) -> Vec<Value> {
    let mut rows = candidates(scope, mart);
    rows.sort_by_cached_key(|row| {
        (Reverse(row.money("expected_value")), row.integer("rank_in_region"), row.word("dealer_id"))
    });
    let numbered = rows.iter().filter_map(|row| Some((scope.place(row.word("dealer_id"))?, row)));
    numbered.take(LISTED).map(|(dealer, row)| Value::from([vec![Value::from(dealer)], shown(row)].concat())).collect()
}

fn dealers(scope: &Scope<'_>, lists: &Lists<'_>) -> Vec<Value> {
    let drivers = grouped(scope, "growth_drivers");
    let history = grouped(scope, "dealer_class_history");
    let vertical_rows = grouped(scope, "vertical_opportunities");
    let horizontal_rows = grouped(scope, "horizontal_opportunities");
    let gaps = grouped(scope, "range_gaps");
    let kept = kept_reasons(scope.cards.len());
    let dealer = |card: &Row<'_>| {
        let id = card.word("dealer_id");
        let mut entry = figures(card, scope);
        if let Some(rows) = drivers.get(id) {
            entry.put("bridge", Some(bridge(rows)));
            entry.money("change", sum_of(rows, "sales_change"));
            let channel = |row: &Row<'_>| json!([lists.channel(row), cents(row.amount("sales_change"))]);
            entry.put("channels", Some(rows.iter().map(channel).collect::<Vec<_>>()));
        }
        let months = scope.series().of(id, &lists.month_days);
        entry.put("months", months.map(|months| months.into_iter().map(rounded).collect::<Vec<_>>()));
        entry.put("history", history.get(id).map(|rows| steps(rows)));
        entry.put("calls", vertical_rows.get(id).map(|rows| calls(rows, lists, kept)));
        entry.put("cells", horizontal_rows.get(id).map(|rows| cells(rows, lists, kept / 2)));
        entry.put("gaps", gaps.get(id).map(|rows| offers(rows, lists, kept / 2)));
        entry.put("is_shortened", (kept < CALLS).then_some(true));
        Value::Object(entry.0)
    };
    scope.cards.iter().map(dealer).collect()
}

/// Of how many outlets to call the page of a dealer gives the reason; of cells and gaps, half as many.
fn kept_reasons(dealers: usize) -> usize {
    if dealers <= FULL {
        CALLS
    } else if dealers <= SHORTENED {
        2
    } else {
        0
    }
}

fn grouped<'a>(scope: &Scope<'a>, mart: &str) -> BTreeMap<&'a str, Vec<Row<'a>>> {
    grouped_by(scope.rows(mart).unwrap_or_default(), "dealer_id")
}

fn rounded(amount: Money) -> i64 {
    i64::try_from(whole_units(amount)).unwrap_or(i64::MAX)
}

fn figures(card: &Row<'_>, scope: &Scope<'_>) -> Entry {
    let mut entry = Entry::default();
    for (key, column) in [
        ("id", "dealer_id"),
        ("name", "dealer_name"),
        ("territory", "territory"),
        ("tier", "tier"),
        ("status", "status"),
        ("manager", "manager"),
        ("class", "dealer_class"),
        ("reason", "reason"),
        ("growth_note", "sales_growth_note"),
        ("attainment_note", "attainment_note"),
        ("distribution_note", "distribution_note"),
    ] {
        entry.put(key, card.text(column));
    }
    for (key, column) in [
        ("sales", "sales_12w"),
        ("base", "sales_base"),
        ("year", "sales_52w"),
        ("target", "target_12w"),
        ("ticket", "average_order_value"),
        ("ticket_base", "average_order_value_base"),
        ("returns", "returns_12w"),
        ("returns_base", "returns_base"),
    ] {
        entry.money(key, card.money(column));
    }
    for (key, column) in [
        ("covered", "covered_outlets"),
        ("covered_base", "covered_outlets_base"),
        ("active", "active_outlets_12w"),
        ("active_base", "active_outlets_base"),
        ("universe", "universe_outlets"),
    ] {
        entry.put(key, card.integer(column));
    }
    // Shares are shown as percent with one decimal, orders with two.
    for (key, column, digits) in [
        ("growth", "sales_growth", 3),
        ("attainment", "attainment", 3),
        ("distribution", "numeric_distribution", 3),
        ("orders_each", "orders_per_active_outlet", 2),
        ("orders_each_base", "orders_per_active_outlet_base", 2),
    ] {
        entry.put(key, short(card.number(column), digits));
    }
    let region = scope.regions.binary_search(&card.word("region")).unwrap_or_default();
    entry.put("region", Some(region));
    let until = card.date("reported_until").filter(|_| card.flag("is_not_reported"));
    entry.put("until", until);
    entry
}

/// The effect of each driver in cents; rounded at the levels between them, so that base and effects add up to now.
fn bridge(rows: &[Row<'_>]) -> Vec<i64> {
    let mut level = sum_of(rows, "sales_base").unwrap_or_default();
    let mut effects = Vec::with_capacity(DRIVERS.len());
    for driver in DRIVERS {
        let next = level + sum_of(rows, driver).unwrap_or_default();
        effects.push(cents(next) - cents(level));
        level = next;
    }
    effects
}

/// Snapshot, class and cause of a change, newest first.
fn steps(rows: &[Row<'_>]) -> Vec<Value> {
    let mut steps: Vec<(usize, &str, &str)> = rows
        .iter()
        .filter_map(|row| Some((snapshot(row)?, row.word("dealer_class"), row.word("change_cause"))))
        .collect();
    steps.sort_unstable();
    steps.into_iter().map(|(place, class, cause)| json!([place, class, cause])).collect()
}

/// The outlets with the highest expected value, each with its best lever only.
fn calls(rows: &[Row<'_>], lists: &Lists<'_>, kept: usize) -> Vec<Value> {
    let mut best: Vec<Row<'_>> = rows.iter().filter(|row| row.money("expected_value").is_some()).copied().collect();
    best.sort_by_cached_key(|row| (Reverse(row.money("expected_value")), row.word("outlet_id"), row.word("lever")));
    let mut seen = BTreeSet::new();
    best.retain(|row| seen.insert(row.word("outlet_id")));
    best.truncate(CALLS);
    best.iter().enumerate().map(|(place, row)| Value::from(with_reason(vertical(row, lists), place < kept))).collect()
}

/// Territory and channel where to open outlets, best first; those that another dealer leads are not this one's to open.
fn cells(rows: &[Row<'_>], lists: &Lists<'_>, kept: usize) -> Vec<Value> {
    let shown = |(place, row): (usize, &Row<'_>)| Value::from(with_reason(horizontal(row, lists), place < kept));
    let led: Vec<Row<'_>> = rows.iter().filter(|row| row.flag("is_lead")).copied().collect();
    ranked(&led).iter().enumerate().map(shown).collect()
}

/// What to offer to which outlet, best first.
fn offers(rows: &[Row<'_>], lists: &Lists<'_>, kept: usize) -> Vec<Value> {
    let shown = |(place, row): (usize, &Row<'_>)| Value::from(with_reason(range(row, lists), place < kept));
    ranked(rows).iter().enumerate().map(shown).collect()
}

fn ranked<'a>(rows: &[Row<'a>]) -> Vec<Row<'a>> {
    let mut best = rows.to_vec();
    // Stable: rows of one rank stay in the order of the mart, which is that of its key.
    best.sort_by_cached_key(|row| row.integer("rank_in_dealer").unwrap_or(i64::MAX));
    best.truncate(CELLS);
    best
}

fn with_reason(mut row: Vec<Value>, is_kept: bool) -> Vec<Value> {
    if let Some(reason) = row.last_mut().filter(|_| !is_kept) {
        *reason = Value::from("");
    }
    row
}

fn vertical(row: &Row<'_>, lists: &Lists<'_>) -> Vec<Value> {
    let mut cells = vec![
        Value::from(row.word("outlet_id")),
        Value::from(row.text("outlet_name").unwrap_or(row.word("outlet_id"))),
        Value::from(lists.channel(row)),
        Value::from(row.word("lever")),
    ];
    cells.extend(["sales_12w", "expected_value", "low_value", "high_value"].map(|column| money(row, column)));
    cells.push(Value::from(row.word("reason")));
    cells
}

fn horizontal(row: &Row<'_>, lists: &Lists<'_>) -> Vec<Value> {
    let mut cells = vec![
        Value::from(row.word("territory")),
        Value::from(lists.channel(row)),
        Value::from(row.word("kind")),
        Value::from(decimal(row.number("expected_outlets"), 1)),
    ];
    cells.extend(["expected_value", "low_value", "high_value"].map(|column| money(row, column)));
    cells.push(Value::from(row.word("reason")));
    cells
}

fn money(row: &Row<'_>, column: &str) -> Value {
    row.money(column).map_or(Value::Null, |amount| Value::from(cents(amount)))
}

fn range(row: &Row<'_>, lists: &Lists<'_>) -> Vec<Value> {
    vec![
        Value::from(row.word("outlet_id")),
        Value::from(lists.outlet_name(row)),
        Value::from(row.word("category")),
        short(row.number("adoption_probability"), 3).map_or(Value::Null, Value::from),
        money(row, "expected_value"),
        Value::from(row.word("reason")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_ends_its_block() {
        let hostile = json!(["</script><script>alert(1)</script>", "<!--", "a & b", "\u{2028}"]);
        let safe = harmless(&hostile.to_string());
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']), "{safe}");
        assert_eq!(serde_json::from_str::<Value>(&safe).unwrap(), hostile);
    }

    #[test]
    fn reasons_become_fewer_with_the_number_of_dealers() {
        assert_eq!([10, 400, 1_000, 10_000].map(kept_reasons), [10, 10, 2, 0]);
        let row = || vec![Value::from(1), Value::from("why")];
        assert_eq!(with_reason(row(), true), row());
        assert_eq!(with_reason(row(), false), [Value::from(1), Value::from("")]);
    }

    #[test]
    fn the_script_gets_the_texts_it_reads() {
        assert_eq!(read_by("x(t.low, 1) + t.lower"), BTreeSet::from(["low", "lower"]));
        assert!(read_by(SCRIPT).is_superset(&BTreeSet::from(["rows_shown", "shortened"])));
    }
}
