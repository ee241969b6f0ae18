//! Which relations are heavy: those that read sales lines, all orders, or what pairs bought day by day. A cluster computes
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, visit_expressions};

use crate::analysis::loader::{Query, QuerySet};
use crate::analysis::order::Parsed;
use crate::analysis::sources::TABLE_FUNCTION;

/// What grows with the number of sales lines.
const LINES: [&str; 3] = ["staged_sales", "export_orders", "export_pair_days"];

/// What a relation is made of: the views that are planned into it, and the tables that it and they read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    pub views: BTreeSet<String>,
    pub tables: BTreeSet<String>,
}

impl Reach {
    pub fn of(name: &str, set: &QuerySet, parsed: &BTreeMap<String, Parsed>) -> Self {
        let mut reach = Self::default();
        reach.follow(name, set, parsed);
        reach
    }

    fn follow(&mut self, name: &str, set: &QuerySet, parsed: &BTreeMap<String, Parsed>) {
        for read in parsed.get(name).map(|parsed| &parsed.reads).into_iter().flatten() {
            if !set.queries.get(read).is_some_and(Query::is_view) {
                self.tables.insert(read.clone());
            } else if self.views.insert(read.clone()) {
                self.follow(read, set, parsed);
            }
        }
    }
}

/// The heavy relations, but those that need one of the functions `own`: executors do not have them.
pub fn heavy(set: &QuerySet, parsed: &BTreeMap<String, Parsed>, own: &BTreeSet<String>) -> BTreeSet<String> {
    let is_heavy = |query: &&Query| {
        let reach = Reach::of(&query.name, set, parsed);
        let reads_lines = LINES.iter().any(|lines| reach.tables.contains(*lines));
        !query.is_view() && reads_lines && travels(&query.name, &reach, parsed, own)
    };
    set.queries.values().filter(is_heavy).map(|query| query.name.clone()).collect()
}

fn travels(name: &str, reach: &Reach, parsed: &BTreeMap<String, Parsed>, own: &BTreeSet<String>) -> bool {
    let mut statements =
        std::iter::once(name).chain(reach.views.iter().map(String::as_str)).filter_map(|name| parsed.get(name));
    // It makes its rows where it is planned, so it cannot be sent anywhere.
    !reach.tables.contains(TABLE_FUNCTION) && !statements.any(|parsed| calls_one_of(&parsed.statement, own))
}

fn calls_one_of(statement: &Statement, functions: &BTreeSet<String>) -> bool {
    let Statement::Statement(statement) = statement else { return false };
    let found = visit_expressions(statement.as_ref(), |expression: &Expr| match expression {
        Expr::Function(call) if functions.contains(&call.name.to_string().to_lowercase()) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::order::parse_all;
    use crate::analysis::pictures::expand;
    use crate::analysis::session::own_functions;

    fn own() -> BTreeSet<String> {
        own_functions().iter().map(|function| function.name().to_owned()).collect()
    }

    #[test]
    fn no_built_in_relation_that_reads_lines_needs_a_function_of_our_own() {
        let mut set = QuerySet::load(None, None).unwrap();
        let mut parsed = parse_all(&set, 1).unwrap();
        expand(&mut set, &mut parsed).unwrap();
        let sent = heavy(&set, &parsed, &own());
        assert_eq!(sent, heavy(&set, &parsed, &BTreeSet::new()), "an executor has no such function");
        for name in ["contested_orders", "export_pair_days", "period_sums", "export_sales", "export_categories"] {
            assert!(sent.contains(name), "{name} is not heavy: {sent:?}");
        }
        for query in set.queries.values().filter(|query| !query.is_view() && !sent.contains(&query.name)) {
            let reach = Reach::of(&query.name, &set, &parsed);
            let reads_lines = LINES.iter().any(|lines| reach.tables.contains(*lines));
            assert!(!reads_lines, "{} stays here and reads lines", query.name);
        }
    }

    #[test]
    fn views_are_looked_through_and_what_cannot_be_sent_stays() {
        let queries = [
            ("lines", "-- stored: no\nselect amount from staged_sales"),
            ("named", "-- stored: no\nselect normal_name(dealer_id) as name from staged_sales"),
            ("total", "select sum(amount) as amount from lines"),
            ("reader", "select amount from total"),
            ("names", "select name from named"),
            ("numbers", "select amount from lines cross join generate_series(1, 2)"),
        ];
        let set = QuerySet::of_texts(&queries);
        let parsed = parse_all(&set, 1).unwrap();
        assert_eq!(heavy(&set, &parsed, &own()), BTreeSet::from(["total".to_owned()]));
        let reach = Reach::of("total", &set, &parsed);
        assert_eq!(reach.views, BTreeSet::from(["lines".to_owned()]));
        assert_eq!(reach.tables, BTreeSet::from(["staged_sales".to_owned()]));
    }
}
