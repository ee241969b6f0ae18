//! The first screen: sales against base and target, outlets, classes, what moved sales, and who moved most.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::money::Money;
use crate::publish::report::bridge::{Bridge, BridgeRow, End, Step};
use crate::publish::report::figures::{change, count, dealer_link, mood, percent, ratio, signed, signed_units, whole};
use crate::publish::report::marts::{Row, count_of, grouped_by, sum_of};
use crate::publish::report::scope::Scope;
use crate::publish::report::shapes::{class_bar, class_counts, trend};

/// The drivers in the order in which they are shown: columns of `growth_drivers`.
pub(super) const DRIVERS: [&str; 7] =
    ["coverage_effect", "activity_effect", "frequency_effect", "ticket_effect", "entered", "exited", "returns_effect"];
/// Dealers in each list of moves.
const MOVES: usize = 5;

#[derive(Debug, Serialize)]
pub(super) struct Head {
    sales: String,
    against: Vec<Against>,
    notes: Vec<String>,
    trend: Option<TrendView>,
    active: String,
    active_of: String,
    outlet_lines: Vec<Line>,
    class_bar: String,
    classes: Vec<ClassCount>,
}

/// One bar: now, base or target.
#[derive(Debug, Serialize)]
struct Against {
    label: String,
    width: String,
    kind: &'static str,
    value: String,
    share: String,
    mood: &'static str,
}

#[derive(Debug, Serialize)]
struct TrendView {
    svg: String,
    first: String,
    last: String,
}

#[derive(Debug, Serialize)]
struct Line {
    text: String,
    mood: &'static str,
}

#[derive(Debug, Serialize)]
struct ClassCount {
    class: &'static str,
    label: String,
    dealers: String,
}

pub(super) fn head(scope: &Scope<'_>) -> Head {
    let (texts, cards) = (scope.texts, scope.cards);
    let active = count_of(cards, "active_outlets_12w").unwrap_or_default();
    let covered = count_of(cards, "covered_outlets").unwrap_or_default();
    let rate = ratio(Money(i128::from(active)), Money(i128::from(covered)));
    let counts = class_counts(cards);
    let filled = counts.iter().filter(|count| count.1 > 0);
    let class = |pair: &(&'static str, i64)| ClassCount {
        class: pair.0,
        label: texts.kind("class", pair.0),
        dealers: count(pair.1),
    };
    Head {
        sales: whole(Some(sum_of(cards, "sales_12w").unwrap_or_default())),
        against: against(scope),
        notes: notes(scope),
        trend: trend_view(scope),
        active: count(active),
        active_of: texts.fill("active_of", &[("covered", count(covered)), ("rate", percent(rate))]),
        outlet_lines: [
            outlet_line(scope, "active_change", active, "active_outlets_base"),
            outlet_line(scope, "covered_change", covered, "covered_outlets_base"),
        ]
        .into_iter()
        .flatten()
        .collect(),
        class_bar: class_bar(&counts, texts),
        classes: filled.map(class).collect(),
    }
}

/// Dealers whose attainment is known: only their sales are held against their targets.
fn with_target<'a>(scope: &Scope<'a>) -> Vec<Row<'a>> {
    let has_target = |card: &&Row<'a>| card.amount("target_12w").0 > 0 && card.number("attainment").is_some();
    scope.cards.iter().filter(has_target).copied().collect()
}

fn against(scope: &Scope<'_>) -> Vec<Against> {
    let now = sum_of(scope.cards, "sales_12w").unwrap_or_default();
    let base = sum_of(scope.cards, "sales_base");
    let rated = with_target(scope);
    let target = sum_of(&rated, "target_12w");
    let most = [Some(now), base, target].into_iter().flatten().max().unwrap_or_default().0.max(1);
    let row = |label: &str, amount: Money, kind: &'static str| Against {
        label: scope.texts.get(label),
        width: format!("{:.1}", amount.0.max(0) as f64 / most as f64 * 1000.0),
        kind,
        value: whole(Some(amount)),
        share: String::new(),
        mood: "",
    };
    let mut rows = vec![row("now", now, "now")];
    if let Some(base) = base {
        let growth = ratio(now - base, base);
        rows.push(Against { share: change(growth), mood: mood(growth), ..row("base", base, "past") });
    }
    if let Some(target) = target {
        let reached = sum_of(&rated, "sales_12w").unwrap_or_default();
        rows.push(Against { share: percent(ratio(reached, target)), ..row("target", target, "aim") });
    }
    rows
}

fn notes(scope: &Scope<'_>) -> Vec<String> {
    let (rated, silent) =
        (with_target(scope).len(), scope.cards.iter().filter(|card| card.flag("is_not_reported")).count());
    let mut notes = Vec::new();
    if rated == 0 {
        notes.push(scope.texts.get("no_target"));
    } else if rated < scope.cards.len() {
        let values = [("dealers", count(rated)), ("all", count(scope.cards.len()))];
        notes.push(scope.texts.fill("target_note", &values));
    }
    if silent > 0 {
        notes.push(scope.texts.fill("not_reported_note", &[("dealers", count(silent))]));
    }
    notes
}

fn trend_view(scope: &Scope<'_>) -> Option<TrendView> {
    let months = scope.months();
    let (first, last) = (months.first()?, months.last()?);
    let shown = scope.texts.fill("trend_partial", &[("month", last.name.clone())]);
    let last_label = if last.is_partial { shown } else { last.name.clone() };
    Some(TrendView { svg: trend(&months, scope.texts)?, first: first.name.clone(), last: last_label })
}

fn outlet_line(scope: &Scope<'_>, text: &str, now: i64, base_column: &str) -> Option<Line> {
    let change = now - count_of(scope.cards, base_column)?;
    let shown = signed_units(i128::from(change));
    Some(Line { text: scope.texts.fill(text, &[("change", shown)]), mood: mood(Some(change as f64)) })
}

#[derive(Debug, Serialize)]
pub(super) struct Waterfall {
    lead: String,
    rows: Vec<BridgeRow>,
}

/// Nothing without a base.
pub(super) fn waterfall(scope: &Scope<'_>) -> Option<Waterfall> {
    let texts = scope.texts;
    let rows = scope.rows("growth_drivers").filter(|rows| !rows.is_empty())?;
    let base = sum_of(rows, "sales_base")?;
    let step = |driver: &&str| Step {
        label: texts.kind("driver", driver),
        hint: Some(texts.kind("hint", driver)),
        change: sum_of(rows, driver).unwrap_or_default(),
        kind: None,
    };
    let steps: Vec<Step> = DRIVERS.iter().map(step).collect();
    let moved = steps.iter().map(|step| step.change).sum::<Money>();
    let (first, last) =
        (End { label: texts.get("base"), kind: "past" }, End { label: texts.get("now"), kind: "total" });
    let bridge = Bridge::new(first, base, steps, last);
    let mut lead = texts.fill("waterfall_lead", &[("change", signed(moved)), ("growth", change(ratio(moved, base)))]);
    if bridge.begin.0 > 0 {
        lead = format!("{lead} {}", texts.fill("axis_from", &[("amount", whole(Some(bridge.begin)))]));
    }
    Some(Waterfall { lead, rows: bridge.rows })
}

/// One of the two lists of moves.
#[derive(Debug, Serialize)]
pub(super) struct Moves {
    title: String,
    mood: &'static str,
    rows: Vec<Move>,
}

#[derive(Debug, Serialize)]
struct Move {
    name: String,
    href: String,
    class: String,
    class_label: String,
    change: String,
    growth: String,
    causes: String,
}

/// Who moved sales most, up and down; nothing without a base.
pub(super) fn moves(scope: &Scope<'_>) -> Option<Vec<Moves>> {
    let rows = scope.rows("growth_drivers").filter(|rows| !rows.is_empty())?;
    let by_dealer = grouped_by(rows, "dealer_id");
    let mut sums: Vec<(Money, &str)> =
        by_dealer.iter().map(|(dealer, rows)| (sum_of(rows, "sales_change").unwrap_or_default(), *dealer)).collect();
    sums.sort_by_key(|(change, dealer)| (-*change, *dealer));
    let up = sums.iter().filter(|pair| pair.0.0 > 0).take(MOVES);
    let mut falling: Vec<_> = sums.iter().filter(|pair| pair.0.0 < 0).collect();
    falling.sort_by_key(|pair| (pair.0, pair.1));
    let list = |title: &str, mood: &'static str, pairs: Vec<&(Money, &str)>| Moves {
        title: scope.texts.get(title),
        mood,
        rows: pairs.into_iter().filter_map(|pair| one_move(scope, pair.0, pair.1, &by_dealer)).collect(),
    };
    let down = falling.into_iter().take(MOVES).collect();
    Some(vec![list("moves_up", "up", up.collect()), list("moves_down", "down", down)])
}

fn one_move(scope: &Scope<'_>, moved: Money, dealer: &str, by_dealer: &BTreeMap<&str, Vec<Row<'_>>>) -> Option<Move> {
    let card = scope.card(dealer)?;
    let rows = by_dealer.get(dealer)?;
    let mut causes: Vec<(Money, &str)> =
        DRIVERS.iter().map(|driver| (sum_of(rows, driver).unwrap_or_default(), *driver)).collect();
    causes.retain(|cause| cause.0.0.signum() == moved.0.signum());
    // Stable: equal effects stay in the order of the drivers.
    causes.sort_by_key(|cause| -cause.0.0.abs());
    let said =
        causes.iter().take(2).map(|cause| format!("{} {}", scope.texts.kind("driver", cause.1), signed(cause.0)));
    let class = card.word("dealer_class");
    Some(Move {
        name: card.word("dealer_name").to_owned(),
        href: dealer_link(dealer),
        class: class.to_owned(),
        class_label: scope.texts.kind("class", class),
        change: signed(moved),
        growth: change(card.number("sales_growth")),
        causes: said.collect::<Vec<_>>().join(" · "),
    })
}
