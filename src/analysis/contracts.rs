//! A mart's plan against its contract: the same columns, in the same order, of the promised types.

use datafusion::arrow::datatypes::Schema;

use crate::analysis::loader::Query;
use crate::model::contract::Contract;
use crate::model::failure::{Failure, Result};

/// Compares the plan of a mart with its contract, and the contract with itself.
pub fn check(query: &Query, contract: &Contract, plan: &Schema) -> Result<()> {
    check_keys(query, contract)?;
    let promised: Vec<&str> = contract.columns.iter().map(|column| column.name.as_str()).collect();
    let found: Vec<&str> = plan.fields().iter().map(|field| field.name().as_str()).collect();
    if promised != found {
        return Err(Failure::job_file(format!(
            "{}: the query does not have the columns of its contract",
            query.origin
        ))
        .hint(format!("only in the contract: {}", missing_from(&found, &promised)))
        .hint(format!("only in the query: {}", missing_from(&promised, &found)))
        .hint("the order counts too"));
    }
    for (column, field) in contract.columns.iter().zip(plan.fields()) {
        if !column.kind.accepts(field.data_type()) {
            let (promised, found) = (column.kind.name(), field.data_type());
            return Err(Failure::job_file(format!("{}: {} is {found}, not {promised}", query.origin, column.name))
                .hint(format!("cast it in the query to {}", column.kind.data_type())));
        }
    }
    Ok(())
}

fn check_keys(query: &Query, contract: &Contract) -> Result<()> {
    let nullable =
        |name: &String| contract.columns.iter().find(|column| &column.name == name).is_none_or(|c| c.nullable);
    match contract.key.iter().find(|name| nullable(name)) {
        Some(name) => Err(Failure::job_file(format!("{}: the key column {name} is missing or nullable", query.origin))),
        None if contract.key.is_empty() => Err(Failure::job_file(format!("{}: the contract has no key", query.origin))),
        None => Ok(()),
    }
}

fn missing_from(have: &[&str], wanted: &[&str]) -> String {
    let missing: Vec<&str> = wanted.iter().filter(|name| !have.contains(name)).copied().collect();
    if missing.is_empty() { "nothing".to_owned() } else { missing.join(", ") }
}
