//! `dealerlens schema`.

use crate::cli::args::SchemaArguments;
use crate::cli::console::Console;
use crate::config::Job;
use crate::model::contract::{Contract, ContractColumn};
use crate::model::failure::{Failure, Result};
use crate::pipeline;

/// Prints all tables, or the columns of one.
pub fn schema(arguments: &SchemaArguments, console: &Console) -> Result<()> {
    let extra = match &arguments.job {
        Some(path) => Job::read(path)?.extra_queries(),
        None => None,
    };
    let tables = pipeline::dictionary(arguments.queries.as_deref(), extra.as_deref())?;
    let Some(name) = &arguments.table else {
        return console.write(|out| {
            tables.iter().try_for_each(|(name, contract)| writeln!(out, "{name:<22} {}", contract.purpose))?;
            writeln!(out, "\n`dealerlens schema TABLE` shows the columns of one")
        });
    };
    match tables.get(name) {
        Some(contract) => one(name, contract, console),
        None => Err(Failure::missing_input(format!("there is no table \"{name}\""))
            .hint_near(name, tables.keys().map(String::as_str))
            .hint("`dealerlens schema` lists all tables")),
    }
}

fn one(name: &str, contract: &Contract, console: &Console) -> Result<()> {
    console.write(|out| {
        writeln!(out, "{name}: {}\n{}; key {}\n", contract.purpose, contract.grain, contract.key.join(", "))?;
        contract.columns.iter().try_for_each(|column| writeln!(out, "{}", line(column)))
    })
}

fn line(column: &ContractColumn) -> String {
    let unit = column
        .unit
        .as_ref()
        .filter(|unit| *unit != column.kind.name())
        .map(|unit| format!(", {unit}"))
        .unwrap_or_default();
    let nullable = if column.nullable { ", or NULL" } else { "" };
    let kind = format!("{}{unit}{nullable}", column.kind.name());
    format!("{:<31} {kind:<42} {}", column.name, column.description)
}
