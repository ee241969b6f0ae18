//! The order of execution, from the tables that each parsed query names; never from a list kept by hand.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast;

use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::parameters::{self, Parameters};
use crate::model::failure::{Failure, Result};
use crate::model::parallel::in_parallel;

/// A query with its statement, the relations that it reads, and the parameters that it names (`$as_of`).
#[derive(Debug, Clone)]
pub struct Parsed {
    pub statement: Statement,
    pub reads: BTreeSet<String>,
    pub parameters: BTreeSet<String>,
}

impl Parsed {
    /// The statement with its parameters bound; `query` is named when it has an unknown one.
    pub fn bound(&self, parameters: &Parameters, query: &Query) -> Result<Statement> {
        let mut statement = self.statement.clone();
        parameters.bind(&mut statement, query)?;
        Ok(statement)
    }
}

/// Parses every query, so many at the same time.
pub fn parse_all(set: &QuerySet, threads: usize) -> Result<BTreeMap<String, Parsed>> {
    let queries: Vec<&Query> = set.queries.values().collect();
    let parsed = in_parallel(&queries, threads, |query| Ok((query.name.clone(), parse(query)?)))?;
    Ok(parsed.into_iter().collect())
}

/// One statement, which reads.
pub fn parse(query: &Query) -> Result<Parsed> {
    let origin = &query.origin;
    let mut statements = DFParser::parse_sql(&query.sql)
        .map_err(|error| Failure::job_file(format!("{origin}: {}", error.strip_backtrace())))?;
    let statement = match (statements.pop_front(), statements.len()) {
        (Some(statement), 0) => statement,
        _ => return Err(Failure::job_file(format!("{origin}: a query file has exactly one statement"))),
    };
    let is_select =
        matches!(&statement, Statement::Statement(inner) if matches!(inner.as_ref(), ast::Statement::Query(_)));
    if !is_select {
        return Err(
            Failure::job_file(format!("{origin}: only a select is a query")).hint("the file name is the relation")
        );
    }
    let (tables, _) = resolve_table_references(&statement, true)
        .map_err(|error| Failure::job_file(format!("{origin}: {}", error.strip_backtrace())))?;
    let reads = tables.iter().map(|table| table.to_string()).collect();
    Ok(Parsed { parameters: parameters::named_in(&statement), statement, reads })
}

/// Names in an order in which each comes after everything it reads; equal sets give equal orders.
pub fn order(set: &QuerySet, parsed: &BTreeMap<String, Parsed>, given: &BTreeSet<String>) -> Result<Vec<String>> {
    if let Some(query) = set.queries.values().find(|query| given.contains(&query.name)) {
        return Err(Failure::job_file(format!("{}: {} is the name of a given relation", query.origin, query.name))
            .hint("give the file another name"));
    }
    let mut walk = Walk { set, parsed, given, done: Vec::new(), path: Vec::new() };
    set.queries.keys().try_for_each(|name| walk.visit(name))?;
    Ok(walk.done)
}

struct Walk<'a> {
    set: &'a QuerySet,
    parsed: &'a BTreeMap<String, Parsed>,
    /// Relations that exist before any query runs.
    given: &'a BTreeSet<String>,
    done: Vec<String>,
    path: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, name: &str) -> Result<()> {
        if self.given.contains(name) || self.done.iter().any(|done| done == name) {
            return Ok(());
        }
        if self.path.iter().any(|passed| passed == name) {
            return Err(self.cycle(name));
        }
        let Some(parsed) = self.parsed.get(name) else { return Err(self.unknown(name)) };
        self.path.push(name.to_owned());
        parsed.reads.iter().try_for_each(|read| self.visit(read))?;
        self.path.pop();
        self.done.push(name.to_owned());
        Ok(())
    }

    fn cycle(&self, name: &str) -> Failure {
        let round = self.path.iter().skip_while(|passed| *passed != name).map(String::as_str);
        let names: Vec<&str> = round.chain([name]).collect();
        Failure::job_file(format!("queries read each other in a circle: {}", names.join(" -> ")))
            .hint("move what they share into a query of its own")
    }

    fn unknown(&self, name: &str) -> Failure {
        let reader = self.path.last().and_then(|reader| self.set.queries.get(reader));
        let origin = reader.map_or("a query", |query| query.origin.as_str());
        let known = self.set.queries.keys().chain(self.given).map(String::as_str);
        Failure::job_file(format!("{origin} reads {name}, and there is no such relation")).hint_near(name, known)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::analysis::loader::Layer;

    fn set(queries: &[(&str, &str)]) -> QuerySet {
        let query = |(name, sql): &(&str, &str)| {
            let (name, sql) = ((*name).to_owned(), (*sql).to_owned());
            let origin = format!("intermediate/{name}.sql");
            (name.clone(), Query { name, layer: Layer::Intermediate, sql, origin, contract: None, is_built_in: true })
        };
        QuerySet { queries: queries.iter().map(query).collect() }
    }

    fn ordered(queries: &[(&str, &str)]) -> Result<Vec<String>> {
        let set = set(queries);
        order(&set, &parse_all(&set, 1)?, &BTreeSet::from(["given".to_owned()]))
    }

    #[test]
    fn readers_come_after_what_they_read() {
        let names = ordered(&[("a", "select x from b"), ("b", "with c as (select x from given) select x from c")]);
        assert_eq!(names.unwrap(), ["b", "a"]);
    }

    #[test]
    fn a_circle_is_shown_as_one() {
        let failure = ordered(&[("a", "select x from b"), ("b", "select x from a")]).unwrap_err();
        assert!(failure.message.ends_with("a -> b -> a"), "{failure}");
    }

    #[test]
    fn an_unknown_relation_is_named_with_its_reader_and_a_near_name() {
        let failure = ordered(&[("a", "select x from gven")]).unwrap_err();
        assert_eq!(failure.message, "intermediate/a.sql reads gven, and there is no such relation");
        assert_eq!(failure.hints, ["did you mean \"given\"?"]);
    }

    #[test]
    fn a_given_name_cannot_be_taken() {
        let failure = ordered(&[("given", "select 1")]).unwrap_err();
        assert!(failure.message.contains("name of a given relation"), "{failure}");
    }

    /// `exists (select 1 from t)` of two relations of 400,000 rows each compares 160 billion times; a count of `t` is one row.
    fn asks_all_rows_whether_any_exists(statement: &Statement) -> bool {
        let Statement::Statement(statement) = statement else { return false };
        let found = ast::visit_expressions(statement.as_ref(), |expr| match expr {
            ast::Expr::Exists { subquery, .. } => match subquery.body.as_ref() {
                ast::SetExpr::Select(select) if select.selection.is_some() => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            },
            _ => ControlFlow::Continue(()),
        });
        found.is_break()
    }

    #[test]
    fn no_query_compares_all_rows_to_see_whether_another_relation_has_any() {
        let own = QuerySet::load(None, None).unwrap();
        for (name, parsed) in parse_all(&own, 1).unwrap() {
            assert!(!asks_all_rows_whether_any_exists(&parsed.statement), "{name}");
        }
        let slow = set(&[("a", "select x from given where exists (select 1 from b)"), ("b", "select 1 as y")]);
        assert!(asks_all_rows_whether_any_exists(&parse_all(&slow, 1).unwrap()["a"].statement));
    }

    #[test]
    fn two_statements_in_a_file_are_refused() {
        assert!(ordered(&[("a", "select 1; select 2")]).unwrap_err().message.contains("exactly one statement"));
    }
}
