//! Regions, and the heat map of regions (or dealers) by channel.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::money::Money;
use crate::publish::report::figures::{change, count, dealer_link, mood, percent, ratio, whole};
use crate::publish::report::marts::Row;
use crate::publish::report::scope::Scope;
use crate::publish::report::shapes::{CLASSES, class_bar};

/// Channels and dealers in the heat map, those with the highest sales.
const COLUMNS: usize = 10;
const DEALERS: usize = 30;

#[derive(Debug, Serialize)]
pub(super) struct RegionRow {
    name: String,
    href: Option<String>,
    sales: String,
    growth: String,
    mood: &'static str,
    attainment: String,
    outlets: String,
    dealers: String,
    classes: String,
}

/// The regions with links to their own reports.
pub(super) fn regions(scope: &Scope<'_>, links: &BTreeMap<String, String>) -> Vec<RegionRow> {
    let row = |row: &Row<'_>| {
        let dealers = |class: &&'static str| (*class, row.integer(&format!("{class}_dealers")).unwrap_or_default());
        let outlets = |column: &str| count(row.integer(column).unwrap_or_default());
        RegionRow {
            name: row.word("region").to_owned(),
            href: links.get(row.word("region")).cloned(),
            sales: whole(row.money("sales_12w")),
            growth: change(row.number("sales_growth")),
            mood: mood(row.number("sales_growth")),
            attainment: percent(row.number("attainment")),
            outlets: format!("{} / {}", outlets("active_outlets_12w"), outlets("covered_outlets")),
            dealers: count(row.integer("dealers").unwrap_or_default()),
            classes: class_bar(&CLASSES.iter().map(dealers).collect::<Vec<_>>(), scope.texts),
        }
    };
    scope.rows("region_summary").unwrap_or_default().iter().map(row).collect()
}

#[derive(Debug, Serialize)]
pub(super) struct Heat {
    title: String,
    lead: String,
    corner: String,
    columns: Vec<String>,
    rows: Vec<HeatRow>,
    legend: Vec<Tone>,
}

#[derive(Debug, Serialize)]
struct HeatRow {
    name: String,
    href: Option<String>,
    cells: Vec<Cell>,
}

#[derive(Debug, Default, Serialize)]
struct Cell {
    tone: &'static str,
    sales: String,
    growth: String,
}

#[derive(Debug, Serialize)]
struct Tone {
    tone: &'static str,
    label: &'static str,
}

const LEGEND: [Tone; 7] = [
    Tone { tone: "l3", label: "≤ -25 %" },
    Tone { tone: "l2", label: "≤ -10 %" },
    Tone { tone: "l1", label: "≤ -3 %" },
    Tone { tone: "g0", label: "± 3 %" },
    Tone { tone: "g1", label: "≥ 3 %" },
    Tone { tone: "g2", label: "≥ 10 %" },
    Tone { tone: "g3", label: "≥ 25 %" },
];

/// Sales and base by the row of the heat map and the channel.
type Cells<'a> = BTreeMap<(&'a str, &'a str), (Money, Option<Money>)>;

/// The company by region, a region by dealer; nothing when the run lacks the mart.
pub(super) fn heat(scope: &Scope<'_>) -> Option<Heat> {
    let texts = scope.texts;
    let is_company = scope.region.is_none();
    let (mart, key) = if is_company { ("channel_summary", "region") } else { ("growth_drivers", "dealer_id") };
    let rows = scope.rows(mart).filter(|rows| !rows.is_empty())?;
    let cell = |row: &Row<'_>| (row.amount("sales_12w"), row.money("sales_base"));
    let cells: Cells<'_> = rows.iter().map(|row| ((row.word(key), row.word("channel")), cell(row))).collect();
    let columns = columns(&cells);
    let mut lead = texts.get("heat_lead");
    if !is_company && scope.cards.len() > DEALERS {
        lead = format!("{lead}; {}", texts.fill("heat_most", &[("dealers", count(DEALERS))]));
    }
    let rows = lines(scope, &cells).into_iter().map(|(key, name, href)| HeatRow {
        name,
        href,
        cells: columns.iter().map(|channel| shown(cells.get(&(key, *channel)))).collect(),
    });
    Some(Heat {
        title: texts.get(if is_company { "heat_company" } else { "heat_region" }),
        lead,
        corner: texts.get(if is_company { "region" } else { "dealer" }),
        rows: rows.collect(),
        columns: columns.iter().map(|channel| (*channel).to_owned()).collect(),
        legend: LEGEND.into(),
    })
}

/// The channels with the highest sales, highest first.
fn columns<'a>(cells: &Cells<'a>) -> Vec<&'a str> {
    let mut sums: BTreeMap<&str, Money> = BTreeMap::new();
    for ((_, channel), (sales, _)) in cells {
        *sums.entry(*channel).or_default() += *sales;
    }
    let mut columns: Vec<&str> = sums.keys().copied().collect();
    columns.sort_by_key(|channel| (Reverse(sums.get(channel).copied()), *channel));
    columns.truncate(COLUMNS);
    columns
}

/// Key, name and link of each row.
fn lines<'a>(scope: &Scope<'a>, cells: &Cells<'a>) -> Vec<(&'a str, String, Option<String>)> {
    if scope.region.is_none() {
        let mut regions: Vec<&str> = cells.keys().map(|key| key.0).collect();
        regions.dedup();
        return regions.into_iter().map(|region| (region, region.to_owned(), None)).collect();
    }
    let mut cards: Vec<Row<'a>> = scope.cards.to_vec();
    cards.sort_by_cached_key(|card| (Reverse(card.amount("sales_12w")), card.word("dealer_id")));
    let line = |card: &Row<'a>| {
        let dealer = card.word("dealer_id");
        (dealer, card.word("dealer_name").to_owned(), Some(dealer_link(dealer)))
    };
    cards.iter().take(DEALERS).map(line).collect()
}

fn shown(cell: Option<&(Money, Option<Money>)>) -> Cell {
    match cell {
        None => Cell::default(),
        Some((sales, base)) if sales.0 == 0 && base.unwrap_or_default().0 == 0 => Cell::default(),
        Some((sales, base)) => {
            let growth = base.and_then(|base| ratio(*sales - base, base));
            let said = growth.map_or_else(String::new, |growth| change(Some(growth)));
            Cell { tone: tone(growth), sales: whole(Some(*sales)), growth: said }
        }
    }
}

fn tone(growth: Option<f64>) -> &'static str {
    match growth {
        None => "",
        Some(growth) if growth <= -0.25 => "l3",
        Some(growth) if growth <= -0.10 => "l2",
        Some(growth) if growth <= -0.03 => "l1",
        Some(growth) if growth < 0.03 => "g0",
        Some(growth) if growth < 0.10 => "g1",
        Some(growth) if growth < 0.25 => "g2",
        Some(_) => "g3",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_growth_has_a_tone_of_the_legend() {
        for growth in [-2.0, -0.25, -0.2, -0.05, 0.0, 0.03, 0.1, 0.25, 9.0] {
            assert!(LEGEND.iter().any(|step| step.tone == tone(Some(growth))), "{growth}");
        }
        assert_eq!((tone(None), tone(Some(0.0))), ("", "g0"));
    }

    #[test]
    fn a_cell_without_sales_is_empty() {
        assert_eq!(shown(None).sales, "");
        assert_eq!(shown(Some(&(Money(0), Some(Money(0))))).sales, "");
        let cell = shown(Some(&(Money(120_000), Some(Money(100_000)))));
        assert_eq!((cell.tone, cell.sales.as_str(), cell.growth.as_str()), ("g2", "12", "+20.0 %"));
        assert_eq!(shown(Some(&(Money(10_000), None))).growth, "");
    }
}
