//! Fuzzing of query folders: the built-in queries and contracts, with faults in them. No fault may end in a panic, and
//! every refusal names the file.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::analysis::QuerySet;
use crate::analysis::order::{order, parse_all};
use crate::model::failure::{Blame, Failure};
use crate::model::faults::faulty;

const CONTRACT: &str =
    "purpose = \"p\"\ngrain = \"g\"\nkey = [\"x\"]\n[[column]]\nname = \"x\"\ntype = \"text\"\ndescription = \"d\"\n";

/// Queries that somebody thought of, or that once did harm.
const KNOWN_QUERIES: [&str; 14] = [
    "",
    ";",
    "\0",
    "\u{feff}select 1 as x",
    "select",
    "select 1 as x;;",
    "select 1 as x; drop table exports",
    "drop table exports",
    "copy exports to 'x.csv'",
    "select 'open",
    "select \"open",
    "/* open",
    "select $1, $as_of, $金",
    "with own as (select x from own) select x from own",
];

/// Contracts likewise.
const KNOWN_CONTRACTS: [&str; 8] = [
    "",
    "\0",
    "key = [",
    "purpose = 1",
    "purpose = \"p\"\ngrain = \"g\"\nkey = []\ncolumn = []",
    "purpose = \"p\"\ngrain = \"g\"\nkey = []\n[column]\nname = \"x\"",
    "purpose = \"p\"\ngrain = \"g\"\nkey = []\n[[column]]\nname = \"x\"\ntype = \"blob\"\ndescription = \"\"",
    "purpose = \"p\"\ngrain = \"g\"\nkey = []\ntypo = 1\n[[column]]\nname = \"x\"\ntype = \"text\"\ndescription = \"\"",
];

fn built_in_queries() -> Vec<String> {
    QuerySet::load(None, None).unwrap().queries.into_values().map(|query| query.sql).collect()
}

fn built_in_contracts() -> Vec<String> {
    QuerySet::load(None, None)
        .unwrap()
        .contracts()
        .values()
        .map(|contract| toml::to_string(contract).unwrap())
        .collect()
}

/// Loads a folder with one mart in it, and orders it.
fn judge(sql: &str, contract: &str) -> TestCaseResult {
    let folder = tempfile::tempdir().unwrap();
    let marts = folder.path().join("marts");
    fs::create_dir(&marts).unwrap();
    fs::write(marts.join("own.sql"), sql).unwrap();
    fs::write(marts.join("own.contract.toml"), contract).unwrap();
    let loaded = QuerySet::load(Some(folder.path()), None);
    let ordered = loaded.and_then(|set| order(&set, &parse_all(&set, 1)?, &BTreeSet::from(["exports".to_owned()])));
    match ordered {
        Ok(names) => prop_assert_eq!(names, ["own"]),
        Err(failure) => names_its_file(&failure)?,
    }
    Ok(())
}

/// A circle is named by its relations.
fn names_its_file(failure: &Failure) -> TestCaseResult {
    let Failure { blame, message, .. } = failure;
    prop_assert_eq!(*blame, Blame::JobFile, "{}", failure);
    let is_named = ["own.sql", "own.contract.toml", "in a circle: own"].iter().any(|name| message.contains(name));
    prop_assert!(is_named, "no file in: {}", failure);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_query_with_faults_is_loaded_or_refused_by_name(sql in faulty(built_in_queries())) {
        judge(&sql, CONTRACT)?;
    }

    #[test]
    fn a_contract_with_faults_is_loaded_or_refused_by_name(contract in faulty(built_in_contracts())) {
        judge("select 1 as x", &contract)?;
    }
}

#[test]
fn known_faults_of_queries_and_contracts() {
    for sql in KNOWN_QUERIES {
        judge(sql, CONTRACT).unwrap_or_else(|error| panic!("{sql:?}: {error}"));
    }
    for contract in KNOWN_CONTRACTS {
        judge("select 1 as x", contract).unwrap_or_else(|error| panic!("{contract:?}: {error}"));
    }
}

#[test]
fn a_query_nested_without_end_is_refused() {
    for (open, close) in [("(", ")"), ("(select ", ")"), ("not ", ""), ("- ", ""), ("case when ", " end")] {
        judge(&format!("select {}1{} as x", open.repeat(10_000), close.repeat(10_000)), CONTRACT).unwrap();
    }
}

#[test]
fn a_fault_in_a_contract_has_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let marts = folder.path().join("marts");
    fs::create_dir(&marts).unwrap();
    fs::write(marts.join("own.sql"), "select 1 as x").unwrap();
    fs::write(marts.join("own.contract.toml"), CONTRACT.replace("grain", "grian")).unwrap();
    let failure = QuerySet::load(Some(folder.path()), None).unwrap_err();
    assert!(failure.message.contains("own.contract.toml:2:1: unknown field `grian`"), "{failure}");
    assert_eq!(failure.hints, ["did you mean \"grain\"?"]);
}
