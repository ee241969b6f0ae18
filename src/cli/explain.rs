//! `dealerlens explain DEALER`: one dealer of the latest run as a page.

use std::io::{self, Write};

use crate::cli::args::ExplainArguments;
use crate::cli::cells::{decimal, money, percent, text, total};
use crate::cli::console::Console;
use crate::cli::where_to_grow::where_to_grow;
use crate::model::failure::Result;
use crate::pipeline::{self, DealerPage};
use crate::publish::RenderedRow;

const DRIVERS: [(&str, &str); 7] = [
    ("entered", "channels entered"),
    ("exited", "channels left"),
    ("coverage_effect", "covered outlets"),
    ("activity_effect", "active rate"),
    ("frequency_effect", "orders per active outlet"),
    ("ticket_effect", "average order value"),
    ("returns_effect", "returns"),
];

/// Prints the dealer's class, numbers, drivers and history, and where it can grow.
pub fn explain(arguments: &ExplainArguments, console: &Console) -> Result<()> {
    let out = pipeline::refreshed(&arguments.output.read()?, &arguments.output.options())?;
    let page = pipeline::dealer_page(&out, &arguments.dealer)?;
    console.write(|out| {
        head(out, &page)?;
        numbers(out, &page.scorecard)?;
        drivers(out, &page)?;
        history(out, &page.history)?;
        where_to_grow(out, &page)
    })
}

fn head(out: &mut dyn Write, page: &DealerPage) -> io::Result<()> {
    let card = &page.scorecard;
    let place = [text(card, "region"), text(card, "territory"), text(card, "tier")].join(", ");
    writeln!(out, "{} ({}) - {place}", text(card, "dealer_name"), text(card, "dealer_id"))?;
    writeln!(out, "as of {}, run {}\n", text(card, "as_of"), page.manifest.run_id)?;
    writeln!(out, "class: {}", text(card, "dealer_class"))?;
    text(card, "reason").split("; ").try_for_each(|part| writeln!(out, "  {part}"))
}

fn numbers(out: &mut dyn Write, card: &RenderedRow) -> io::Result<()> {
    writeln!(out, "\n{:<26} {:>18} {:>18}", "", "last 12 weeks", format!("base: {}", text(card, "comparison_base")))?;
    let mut line = |label: &str, now: String, base: String| writeln!(out, "{label:<26} {now:>18} {base:>18}");
    line("sales", money(card, "sales_12w"), money(card, "sales_base"))?;
    line("returns", money(card, "returns_12w"), money(card, "returns_base"))?;
    line("covered outlets", text(card, "covered_outlets"), text(card, "covered_outlets_base"))?;
    line("active outlets", text(card, "active_outlets_12w"), text(card, "active_outlets_base"))?;
    line("active rate", percent(card, "active_rate"), percent(card, "active_rate_base"))?;
    line(
        "orders per active outlet",
        decimal(card, "orders_per_active_outlet"),
        decimal(card, "orders_per_active_outlet_base"),
    )?;
    line("average order value", money(card, "average_order_value"), money(card, "average_order_value_base"))?;
    line("target", money(card, "target_12w"), String::new())?;
    line("attainment", percent(card, "attainment"), String::new())?;
    line("numeric distribution", percent(card, "numeric_distribution"), String::new())?;
    line("growth", percent(card, "sales_growth"), String::new())
}

fn drivers(out: &mut dyn Write, page: &DealerPage) -> io::Result<()> {
    if page.drivers.is_empty() {
        return writeln!(out, "\nno drivers: {}", text(&page.scorecard, "sales_growth_note"));
    }
    writeln!(out, "\nwhy sales changed by {}", total(&page.drivers, "sales_change").rounded_to_cents())?;
    for (column, label) in DRIVERS {
        writeln!(out, "  {label:<24} {:>18}", total(&page.drivers, column).rounded_to_cents().to_string())?;
    }
    Ok(())
}

fn history(out: &mut dyn Write, rows: &[RenderedRow]) -> io::Result<()> {
    writeln!(out, "\n{:<11} {:<9} {:>10} {:>12}  cause of change", "snapshot", "class", "P coverage", "P performance")?;
    for row in rows {
        let (coverage, performance) = (decimal(row, "coverage_probability"), decimal(row, "performance_probability"));
        let (day, class) = (text(row, "snapshot_on"), text(row, "dealer_class"));
        let cause = row.get("change_cause").cloned().flatten().unwrap_or_default();
        writeln!(out, "{}", format!("{day:<11} {class:<9} {coverage:>10} {performance:>12}  {cause}").trim_end())?;
    }
    Ok(())
}
