//! The data quality of the night: checks, rejected rows, dealers that do not report, outlets that may be one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::manifest::{CheckResult, Input, Verdict};
use crate::model::money::Money;
use crate::publish::report::figures::{NOTHING, count, dealer_link, signed, signed_units, whole};
use crate::publish::report::marts::Row;
use crate::publish::report::months::month_name;
use crate::publish::report::scope::Scope;

/// Rows of a list or table, before "and more".
const WARNINGS: usize = 50;
const ROWS: usize = 10;

#[derive(Debug, Serialize)]
pub(super) struct Quality {
    lead: String,
    verdicts: Vec<VerdictCount>,
    checks: Vec<Checks>,
    lists: Vec<Sentences>,
    tables: Vec<Table>,
}

#[derive(Debug, Serialize)]
struct VerdictCount {
    mood: &'static str,
    label: &'static str,
    count: String,
}

#[derive(Debug, Serialize)]
struct Checks {
    title: String,
    is_folded: bool,
    rows: Vec<Check>,
}

#[derive(Debug, Serialize)]
struct Check {
    mood: &'static str,
    verdict: &'static str,
    name: String,
    observed: String,
    allowed: String,
}

#[derive(Debug, Serialize)]
struct Sentences {
    title: String,
    rows: Vec<String>,
    more: Option<String>,
}

#[derive(Debug, Serialize)]
struct Table {
    title: String,
    lead: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    more: Option<String>,
}

#[derive(Debug, Serialize)]
struct Column {
    label: String,
    is_number: bool,
}

#[derive(Debug, Serialize)]
struct Cell {
    text: String,
    is_number: bool,
    href: Option<String>,
}

/// Checks, warnings and rejected rows are of whole exports: a region's report leaves them out.
pub(super) fn quality(scope: &Scope<'_>) -> Quality {
    let shared = [not_reported(scope)].into_iter().chain(duplicates(scope)).chain(restated(scope));
    if scope.region.is_some() {
        let lead = scope.texts.get("quality_region");
        return Quality { lead, verdicts: Vec::new(), checks: Vec::new(), lists: Vec::new(), tables: shared.collect() };
    }
    Quality {
        lead: lead(scope),
        verdicts: verdicts(&scope.manifest.checks),
        checks: checks(scope),
        lists: vec![warnings(scope), degraded(scope)],
        tables: rejected(scope).into_iter().chain(shared).collect(),
    }
}

fn lead(scope: &Scope<'_>) -> String {
    let sum = |rows: fn(&Input) -> u64| count(scope.manifest.inputs.iter().map(rows).sum::<u64>());
    let values = [
        ("read", sum(|input| input.rows_read)),
        ("accepted", sum(|input| input.rows_accepted)),
        ("rejected", sum(|input| input.rows_rejected)),
        ("superseded", sum(|input| input.rows_superseded)),
    ];
    scope.texts.fill("quality_company", &values)
}

const fn mood(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::Fail => "fail",
    }
}

fn verdicts(checks: &[CheckResult]) -> Vec<VerdictCount> {
    let found = |verdict: Verdict| checks.iter().filter(|check| check.verdict == verdict).count();
    [Verdict::Fail, Verdict::Warn, Verdict::Pass]
        .map(|verdict| VerdictCount { mood: mood(verdict), label: verdict.word(), count: count(found(verdict)) })
        .into()
}

/// Those that need a look first; those that passed are folded away.
fn checks(scope: &Scope<'_>) -> Vec<Checks> {
    let row = |check: &CheckResult| Check {
        mood: mood(check.verdict),
        verdict: check.verdict.word(),
        name: check.name.clone(),
        observed: check.observed.clone(),
        allowed: check.allowed.clone(),
    };
    let (passed, mut alarms): (Vec<&CheckResult>, Vec<&CheckResult>) =
        scope.manifest.checks.iter().partition(|check| check.verdict == Verdict::Pass);
    alarms.sort_by_key(|check| Reverse(check.verdict));
    [("checks_alarm", alarms, false), ("checks_passed", passed, true)]
        .into_iter()
        .filter(|part| !part.1.is_empty())
        .map(|(title, checks, is_folded)| Checks {
            title: scope.texts.get(title),
            is_folded,
            rows: checks.into_iter().map(row).collect(),
        })
        .collect()
}

fn warnings(scope: &Scope<'_>) -> Sentences {
    let warnings = &scope.manifest.warnings;
    Sentences {
        title: scope.texts.get("warnings"),
        rows: warnings.iter().take(WARNINGS).cloned().collect(),
        more: more(scope, warnings.len(), WARNINGS),
    }
}

fn degraded(scope: &Scope<'_>) -> Sentences {
    let rows = scope.manifest.degraded.iter().map(|part| format!("{}: {}", part.what, part.reason));
    Sentences { title: scope.texts.get("degraded"), rows: rows.collect(), more: None }
}

fn more(scope: &Scope<'_>, all: usize, shown: usize) -> Option<String> {
    let rest = all.checked_sub(shown).filter(|rest| *rest > 0)?;
    Some(scope.texts.fill("and_more", &[("count", count(rest))]))
}

#[derive(Default)]
struct Rejected {
    rows: i64,
    exports: i64,
    amount: Option<Money>,
    /// Rows whose amount cannot be read.
    unknown: i64,
}

fn rejected(scope: &Scope<'_>) -> Option<Table> {
    let mut sums: BTreeMap<(&str, &str), Rejected> = BTreeMap::new();
    for row in scope.rows("data_quality")?.iter().filter(|row| row.word("outcome") == "rejected") {
        let sum = sums.entry((row.word("source"), row.word("reason_code"))).or_default();
        sum.rows += row.integer("rows").unwrap_or_default();
        sum.exports += 1;
        sum.unknown += row.integer("unknown_amount_rows").unwrap_or_default();
        if let Some(amount) = row.money("amount") {
            sum.amount = Some(sum.amount.unwrap_or_default() + amount);
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(key, sum)| (Reverse(sum.rows), *key));
    let row = |(key, sum): ((&str, &str), Rejected)| {
        let amount = number(rejected_amount(scope, &sum));
        vec![text(key.0), text(key.1), number(count(sum.rows)), number(count(sum.exports)), amount]
    };
    Some(Table {
        title: scope.texts.get("rejected_rows"),
        lead: scope.texts.get("rejected_lead"),
        columns: columns(scope, &["source", "reason", "#rows", "#exports", "#amount"]),
        rows: sums.into_iter().map(row).collect(),
        more: None,
    })
}

/// What cannot be read is not zero.
fn rejected_amount(scope: &Scope<'_>, sum: &Rejected) -> String {
    match sum.amount {
        Some(_) if sum.unknown >= sum.rows => scope.texts.get("amount_unknown"),
        Some(_) if sum.unknown > 0 => {
            let values = [("amount", whole(sum.amount)), ("rows", count(sum.unknown))];
            scope.texts.fill("amount_partly", &values)
        }
        amount => whole(amount),
    }
}

fn not_reported(scope: &Scope<'_>) -> Table {
    let silent: Vec<&Row<'_>> = scope.cards.iter().filter(|card| card.flag("is_not_reported")).collect();
    let row = |card: &&Row<'_>| {
        let until = card.date("reported_until").unwrap_or_else(|| NOTHING.to_owned());
        let dealer = dealer(scope, card.word("dealer_id"), card.word("dealer_name"));
        vec![dealer, text(card.word("region")), text(&until), number(whole(card.money("sales_12w")))]
    };
    Table {
        title: scope.texts.get("not_reported"),
        lead: scope.texts.get("not_reported_lead"),
        columns: columns(scope, &["dealer", "region", "reported_until", "#sales_12w"]),
        rows: silent.iter().take(WARNINGS).map(row).collect(),
        more: more(scope, silent.len(), WARNINGS),
    }
}

/// A pair is in a region's report only if both dealers are the region's.
fn duplicates(scope: &Scope<'_>) -> Option<Table> {
    let is_ours = |row: &&Row<'_>| {
        let is_known = |column: &str| scope.place(row.word(column)).is_some();
        scope.region.is_none() || (is_known("dealer_id") && is_known("other_dealer_id"))
    };
    let pairs: Vec<&Row<'_>> = scope.rows_of_all_regions("suspected_duplicates")?.iter().filter(is_ours).collect();
    let outlet = |row: &Row<'_>, name: &str, id: &str| text(&format!("{} ({})", row.word(name), row.word(id)));
    let row = |row: &&Row<'_>| {
        let id = row.word("dealer_id");
        let name = scope.card(id).map_or(id, |card| card.word("dealer_name"));
        vec![
            outlet(row, "outlet_name", "outlet_id"),
            outlet(row, "other_outlet_name", "other_outlet_id"),
            dealer(scope, id, name),
            text(row.word("territory")),
            text(row.word("reason")),
        ]
    };
    Some(Table {
        title: scope.texts.get("duplicates"),
        lead: scope.texts.get("duplicates_lead"),
        columns: columns(scope, &["outlet", "other_outlet", "dealer", "territory", "reason"]),
        rows: pairs.iter().take(ROWS).map(row).collect(),
        more: more(scope, pairs.len(), ROWS),
    })
}

/// The months of dealers that changed most.
fn restated(scope: &Scope<'_>) -> Option<Table> {
    let mut sums: BTreeMap<(i32, &str), (&str, i64, Money)> = BTreeMap::new();
    for row in scope.rows("restatements")? {
        let key = (row.days("month").unwrap_or_default(), row.word("dealer_id"));
        let sum = sums.entry(key).or_insert((row.word("dealer_name"), 0, Money::default()));
        sum.1 += row.integer("lines_change").unwrap_or_default();
        sum.2 += row.amount("sales_change");
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(key, sum)| (Reverse(sum.2.0.abs()), *key));
    let row = |(key, sum): &((i32, &str), (&str, i64, Money))| {
        let dealer = dealer(scope, key.1, sum.0);
        vec![text(&month_name(key.0)), dealer, number(signed_units(i128::from(sum.1))), number(signed(sum.2))]
    };
    Some(Table {
        title: scope.texts.get("restated"),
        lead: scope.texts.get("restated_lead"),
        columns: columns(scope, &["month", "dealer", "#rows", "#change"]),
        rows: sums.iter().take(ROWS).map(row).collect(),
        more: more(scope, sums.len(), ROWS),
    })
}

/// Headings by their texts; `#` marks a column of numbers.
fn columns(scope: &Scope<'_>, names: &[&str]) -> Vec<Column> {
    let column = |name: &&str| match name.strip_prefix('#') {
        Some(name) => Column { label: scope.texts.get(name), is_number: true },
        None => Column { label: scope.texts.get(name), is_number: false },
    };
    names.iter().map(column).collect()
}

fn text(text: &str) -> Cell {
    Cell { text: text.to_owned(), is_number: false, href: None }
}

fn number(text: String) -> Cell {
    Cell { text, is_number: true, href: None }
}

/// A dealer, with a link if it has a page here.
fn dealer(scope: &Scope<'_>, id: &str, name: &str) -> Cell {
    let name = if name.is_empty() { NOTHING } else { name };
    Cell { href: scope.place(id).map(|_| dealer_link(id)), ..text(name) }
}
