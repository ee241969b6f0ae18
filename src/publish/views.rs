//! `dealerlens.sql`: the tables of a run as DuckDB views, with the meaning of every column as a comment.
//!
//! DuckDB looks for files from the working directory of whoever asks, and a script cannot know where it stands. So the
//! views take the folder from a macro, which is part of the database: the reader says it once, in one line, and it
//! holds for every connection and stays in a database file. A session variable would hold for one connection only, and
//! BI servers open many.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::model::contract::{Contract, ContractColumn, Contracts};
use crate::model::failure::{Failure, Result};

const FILE: &str = "dealerlens.sql";

const HEADER: &str = "\
-- The tables of this run as views, for DuckDB 1.0 or newer.
-- In this folder: duckdb -init dealerlens.sql
-- Elsewhere, say first where this folder is, in the same session or database file; the line may be repeated later:
--   create or replace macro dealerlens_folder() as '/data/out/latest';
create macro if not exists dealerlens_folder() as '.';
";

/// Writes the views of `tables` into the run's folder, which holds their files. The result is the name of the file.
///
/// # Errors
/// A defect when a table has no contract; an I/O failure when the file cannot be written.
pub fn write_views(folder: &Path, contracts: &Contracts, tables: &[String]) -> Result<String> {
    let mut text = HEADER.to_owned();
    for table in tables.iter().collect::<BTreeSet<_>>() {
        let missing = || Failure::defect(format!("the table {table} has no contract"));
        text.push('\n');
        text.push_str(&view(table, contracts.get(table).ok_or_else(missing)?));
    }
    let path = folder.join(FILE);
    fs::write(&path, text).map_err(|error| Failure::io("cannot write", &path, error))?;
    Ok(FILE.to_owned())
}

/// The columns are named one by one: a view made by `*` breaks when a later run has one more.
fn view(table: &str, contract: &Contract) -> String {
    let name = identifier(table);
    let columns: Vec<String> = contract.columns.iter().map(|column| identifier(&column.name)).collect();
    let columns = columns.join(",\n    ");
    let file = literal(&format!("/{table}.parquet"));
    let about = comment(&format!("{}; {}", contract.purpose, contract.grain));
    let mut lines = vec![
        format!("create or replace view {name} as\nselect\n    {columns}"),
        format!("from read_parquet(dealerlens_folder() || {file});"),
        format!("comment on view {name} is {about};"),
    ];
    lines.extend(contract.columns.iter().map(|column| column_comment(&name, column)));
    lines.push(String::new());
    lines.join("\n")
}

fn column_comment(view: &str, column: &ContractColumn) -> String {
    let about = match &column.unit {
        Some(unit) => comment(&format!("{} Unit: {unit}.", column.description)),
        None => comment(&column.description),
    };
    format!("comment on column {view}.{} is {about};", identifier(&column.name))
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A literal on one line: shells take a script line by line, and a zero byte ends it for some.
fn comment(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    literal(&plain.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::failure::Blame;
    use crate::publish::samples;

    fn written(contracts: &Contracts, tables: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let tables: Vec<String> = tables.iter().map(|table| (*table).to_owned()).collect();
        assert_eq!(write_views(folder.path(), contracts, &tables).unwrap(), FILE);
        fs::read_to_string(folder.path().join(FILE)).unwrap()
    }

    #[test]
    fn a_view_names_its_columns_and_says_what_they_are() {
        let mut contract = samples::contract();
        contract.columns.retain(|column| ["dealer_id", "amount"].contains(&column.name.as_str()));
        let text = written(&BTreeMap::from([("sample".to_owned(), contract)]), &["sample"]);
        let expected = "
create or replace view \"sample\" as
select
    \"dealer_id\",
    \"amount\"
from read_parquet(dealerlens_folder() || '/sample.parquet');
comment on view \"sample\" is 'Shows what the writer does; one line of a dealer';
comment on column \"sample\".\"dealer_id\" is 'The \"dealer_id\"';
comment on column \"sample\".\"amount\" is 'The \"amount\" Unit: money.';
";
        assert_eq!(text, format!("{HEADER}{expected}"));
    }

    #[test]
    fn quotes_and_line_breaks_end_nothing() {
        let mut contract = samples::contract();
        contract.purpose = "a dealer's\n\n.exit\r\n'; drop view x; --\0x".to_owned();
        let text = written(&BTreeMap::from([("sample".to_owned(), contract)]), &["sample"]);
        let expected = "is 'a dealer''s .exit ''; drop view x; -- x; one line of a dealer';\n";
        assert!(text.contains(expected), "{text}");
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn the_order_in_which_tables_come_does_not_show() {
        let contracts = BTreeMap::from(["a", "b", "unpublished"].map(|name| (name.to_owned(), samples::contract())));
        let text = written(&contracts, &["b", "a"]);
        assert_eq!(text, written(&contracts, &["a", "b", "a"]));
        assert!(text.find("\"a\"") < text.find("\"b\""), "{text}");
        assert!(!text.contains("unpublished"), "{text}");
    }

    #[test]
    fn a_table_without_a_contract_is_a_defect() {
        let folder = tempfile::tempdir().unwrap();
        let failure = write_views(folder.path(), &BTreeMap::new(), &["sample".to_owned()]).unwrap_err();
        assert_eq!(failure.blame, Blame::Defect);
        assert!(failure.message.contains("sample"), "{failure}");
        assert!(!folder.path().join(FILE).exists());
    }
}
