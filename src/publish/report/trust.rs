//! How much of what earlier lists promised came true.

use serde::Serialize;

use crate::model::money::Money;
use crate::publish::report::figures::{NOTHING, count, decimal, percent, ratio, whole};
use crate::publish::report::marts::Row;
use crate::publish::report::scope::Scope;
use crate::publish::report::shapes::deciles;

/// The types in the order in which they are shown; others follow.
const KINDS: [&str; 5] = ["grow", "activate", "retain", "horizontal", "range"];

#[derive(Debug, Serialize)]
pub(super) struct Trust {
    lead: String,
    kinds: Vec<Kind>,
    methods: Vec<Method>,
}

#[derive(Debug, Serialize)]
struct Kind {
    title: String,
    ratio: String,
    rows: Vec<Bar>,
    facts: Vec<String>,
    deciles: Option<String>,
}

#[derive(Debug, Serialize)]
struct Bar {
    label: String,
    width: String,
    kind: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct Method {
    kind: String,
    method: String,
    predictions: String,
    predicted: String,
    realised: String,
    error: String,
    lift: String,
    area: String,
}

/// Nothing when the run lacks the mart, or in the report of a region: the backtest is one for all.
pub(super) fn trust(scope: &Scope<'_>) -> Option<Trust> {
    let rows = scope.rows("backtest").filter(|_| scope.region.is_none())?;
    let pooled: Vec<Row<'_>> = rows.iter().filter(|row| row.flag("is_pooled")).copied().collect();
    let origins = pooled.iter().filter_map(|row| row.integer("origins")).max()?;
    let mut types: Vec<&str> = pooled.iter().map(|row| row.word("opportunity_type")).collect();
    types.sort_by_key(|kind| (KINDS.iter().position(|known| known == kind).unwrap_or(KINDS.len()), *kind));
    types.dedup();
    let is_whole = |row: &&Row<'_>| ["all", "listed"].contains(&row.word("scope"));
    Some(Trust {
        lead: scope.texts.fill("trust_lead", &[("origins", count(origins))]),
        kinds: types.iter().filter_map(|kind| view(scope, &pooled, kind)).collect(),
        methods: pooled.iter().filter(is_whole).map(|row| method(scope, row)).collect(),
    })
}

fn view(scope: &Scope<'_>, pooled: &[Row<'_>], kind: &str) -> Option<Kind> {
    let texts = scope.texts;
    let is_ours = |row: &&Row<'_>| row.word("opportunity_type") == kind && row.word("method") == "dealerlens";
    let ours: Vec<Row<'_>> = pooled.iter().filter(is_ours).copied().collect();
    let all = ours.iter().find(|row| row.word("scope") == "all");
    let listed = ours.iter().find(|row| row.word("scope") == "listed").or(all)?;
    let dealers = ours.iter().find(|row| row.word("scope") == "dealer");
    let (promised, came) = (listed.money("predicted"), listed.money("realised"));
    let share = promised.zip(came).and_then(|(promised, came)| ratio(came, promised));
    let said = share.map(|share| texts.fill("trust_ratio", &[("ratio", format!("{:.0} %", share * 100.0))]));
    let mut tenths: Vec<&Row<'_>> = ours.iter().filter(|row| row.word("scope") == "decile").collect();
    tenths.sort_by_key(|row| row.integer("decile"));
    let rates: Vec<f64> = tenths.iter().filter_map(|row| row.number("hit_rate")).collect();
    Some(Kind {
        title: texts.kind("trust", kind),
        ratio: said.unwrap_or_else(|| NOTHING.to_owned()),
        rows: promised.zip(came).map(|(promised, came)| bars(scope, promised, came)).unwrap_or_default(),
        facts: facts(scope, listed, all, dealers),
        deciles: deciles(&rates, all.and_then(|row| row.number("hit_rate")), texts),
    })
}

fn bars(scope: &Scope<'_>, promised: Money, came: Money) -> Vec<Bar> {
    let most = promised.max(came).0.max(1) as f64;
    let bar = |label: &str, kind: &'static str, amount: Money| Bar {
        label: scope.texts.get(label),
        width: format!("{:.1}", amount.0.max(0) as f64 / most * 1000.0),
        kind,
        value: whole(Some(amount)),
    };
    vec![bar("predicted", "past", promised), bar("realised", "now", came)]
}

/// A row that is a yes or no has no interval of 80 %; the sum of a dealer has.
fn facts(scope: &Scope<'_>, listed: &Row<'_>, all: Option<&Row<'_>>, dealers: Option<&Row<'_>>) -> Vec<String> {
    let texts = scope.texts;
    let hits = [
        ("rate", percent(listed.number("hit_rate"))),
        ("rows", count(listed.integer("predictions").unwrap_or_default())),
    ];
    // To be right about an outlet at risk means that it was lost.
    let text = |key: &str| match listed.word("opportunity_type") {
        "retain" => format!("{key}_retain"),
        _ => key.to_owned(),
    };
    let mut facts = vec![texts.fill(&text("trust_hits"), &hits)];
    if let Some(all) = all.filter(|row| row.number("top_decile_lift").is_some()) {
        let values = [
            ("rows", count(all.integer("predictions").unwrap_or_default())),
            ("top", percent(all.number("top_decile_hit_rate"))),
            ("all", percent(all.number("hit_rate"))),
            ("lift", decimal(all.number("top_decile_lift"), 1)),
        ];
        facts.push(texts.fill(&text("trust_lift"), &values));
    }
    if let Some(covered) = listed.number("interval_coverage") {
        facts.push(texts.fill("trust_interval", &[("share", percent(Some(covered)))]));
    } else if let Some(covered) = dealers.and_then(|row| row.number("interval_coverage")) {
        facts.push(texts.fill("trust_interval_dealers", &[("share", percent(Some(covered)))]));
    }
    facts
}

fn method(scope: &Scope<'_>, row: &Row<'_>) -> Method {
    let name = row.word("method");
    let key = if row.word("scope") == "listed" { format!("{name}_listed") } else { name.to_owned() };
    Method {
        kind: scope.texts.kind("trust", row.word("opportunity_type")),
        method: scope.texts.kind("method", &key),
        predictions: count(row.integer("predictions").unwrap_or_default()),
        predicted: whole(row.money("predicted")),
        realised: whole(row.money("realised")),
        error: whole(row.money("absolute_error")),
        lift: decimal(row.number("top_decile_lift"), 2),
        area: decimal(row.number("area_under_curve"), 2),
    }
}
