//! The part of a dealer's page that says where it can grow: its goal, whom to call, where to open, what to offer.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::cli::cells::{amount, money, text, total};
use crate::model::money::Money;
use crate::pipeline::DealerPage;
use crate::publish::RenderedRow;

const OUTLETS: usize = 10;
const PLACES: usize = 5;
const GAPS: usize = 5;

/// Prints goals, the outlets to call first, and the best places and gaps, with their reasons.
pub fn where_to_grow(out: &mut dyn Write, page: &DealerPage) -> io::Result<()> {
    if !page.goals.is_empty() {
        writeln!(out, "\ngoals for the next 12 weeks")?;
    }
    // By scenario, and "goal" comes behind "double".
    page.goals
        .iter()
        .rev()
        .try_for_each(|goal| writeln!(out, "  {:<7} {}", text(goal, "scenario"), text(goal, "reason")))?;
    let (own, new) = (expected(&page.vertical, "is_growth"), expected(&page.horizontal, "is_lead"));
    writeln!(out, "\nwhere to grow: {own} expected from its outlets, {new} from new ones")?;
    section(out, "outlets to call first", &outlets_to_call(&page.vertical), |row| {
        (
            money(row, "expected_value"),
            format!("{} {} ({})", text(row, "outlet_id"), text(row, "outlet_name"), text(row, "lever")),
        )
    })?;
    section(out, "where to open outlets", &best(&page.horizontal, PLACES), |row| {
        let lead = if text(row, "is_lead") == "true" { "" } else { ", another dealer leads" };
        let place = format!("{}, {} ({}{lead})", text(row, "territory"), text(row, "channel"), text(row, "kind"));
        (money(row, "expected_value"), place)
    })?;
    section(out, "what to offer", &best(&page.gaps, GAPS), |row| {
        (money(row, "expected_value"), format!("{} to {}", text(row, "category"), text(row, "outlet_id")))
    })
}

/// What the flagged rows should bring.
fn expected(rows: &[RenderedRow], flag: &str) -> Money {
    total(rows.iter().filter(|row| text(row, flag) == "true"), "expected_value").rounded_to_cents()
}

fn section(
    out: &mut dyn Write,
    title: &str,
    rows: &[&RenderedRow],
    head: impl Fn(&RenderedRow) -> (String, String),
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    rows.iter().try_for_each(|row| {
        let (value, what) = head(row);
        writeln!(out, "  {value:>12}  {what}\n{:>14}{}", "", text(row, "reason"))
    })
}

/// Each outlet once, with its best lever.
fn outlets_to_call(rows: &[RenderedRow]) -> Vec<&RenderedRow> {
    let mut seen = BTreeSet::new();
    let once = best(rows, rows.len()).into_iter().filter(|row| seen.insert(text(row, "outlet_id")));
    once.take(OUTLETS).collect()
}

/// By expected value; equals stay in the order of the table.
fn best(rows: &[RenderedRow], most: usize) -> Vec<&RenderedRow> {
    let mut rows: Vec<&RenderedRow> = rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(amount(row, "expected_value")));
    rows.truncate(most);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(outlet: &str, value: &str) -> RenderedRow {
        let cells = [("outlet_id", outlet), ("expected_value", value)];
        cells.map(|(name, value)| (name.to_owned(), Some(value.to_owned()))).into()
    }

    #[test]
    fn an_outlet_is_called_once_and_for_its_best_lever() {
        let rows = [row("O1", "5.0000"), row("O2", "7.0000"), row("O1", "9.0000"), row("O3", "1.0000")];
        let called: Vec<String> = outlets_to_call(&rows).into_iter().map(|row| money(row, "expected_value")).collect();
        assert_eq!(called, ["9.00", "7.00", "1.00"]);
    }
}
