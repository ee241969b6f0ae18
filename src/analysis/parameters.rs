//! Named parameters of queries (`$as_of`), bound as typed literals in the parsed statement, never in its text. The settled
//! picture has some of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::NaiveDate;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Value, visit_expressions, visit_expressions_mut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::analysis::loader::Query;
use crate::analysis::pictures;
use crate::model::failure::{Failure, Result};

/// The parameters that a statement names.
pub fn named_in(statement: &Statement) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Statement::Statement(statement) = statement {
        let _ = visit_expressions(statement, |expression| {
            names.extend(placeholder(expression).map(str::to_owned));
            ControlFlow::<()>::Continue(())
        });
    }
    names
}

fn placeholder(expression: &Expr) -> Option<&str> {
    let Expr::Value(value) = expression else { return None };
    let Value::Placeholder(name) = &value.value else { return None };
    Some(name)
}

/// The typed values of all parameters that queries may use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// Typed SQL literals by name, without the `$`.
    literals: BTreeMap<&'static str, String>,
    /// Those of the settled picture that are others.
    settled: BTreeMap<&'static str, String>,
    settled_on: NaiveDate,
}

impl Parameters {
    /// The day of today's picture, and with it that of the settled one.
    #[must_use]
    pub fn of_day(self, day: NaiveDate) -> Self {
        let settled_on = pictures::settled_on(day);
        let mut parameters = self.date("as_of", Some(day)).with("is_settled", Some("false".to_owned()), "boolean");
        let settled = Self::default().date("as_of", Some(settled_on)).date("previous_as_of", None);
        parameters.settled = settled.with("is_settled", Some("true".to_owned()), "boolean").literals;
        Self { settled_on, ..parameters }
    }

    /// The last day of the settled picture.
    pub const fn settled_on(&self) -> NaiveDate {
        self.settled_on
    }

    /// A date; `None` is a NULL date.
    #[must_use]
    pub fn date(self, name: &'static str, value: Option<NaiveDate>) -> Self {
        self.with(name, value.map(|date| format!("'{date}'")), "date")
    }

    /// A 64-bit number; `None` is a NULL number.
    #[must_use]
    pub fn number(self, name: &'static str, value: Option<f64>) -> Self {
        self.with(name, value.map(|number| format!("{number:?}")), "double")
    }

    #[must_use]
    pub fn text(self, name: &'static str, value: &str) -> Self {
        self.with(name, Some(format!("'{}'", value.replace('\'', "''"))), "varchar")
    }

    fn with(mut self, name: &'static str, literal: Option<String>, data_type: &str) -> Self {
        self.literals.insert(name, format!("cast({} as {data_type})", literal.as_deref().unwrap_or("null")));
        self
    }

    /// Puts the values of a query's picture into its statement.
    pub fn bind(&self, statement: &mut Statement, query: &Query) -> Result<()> {
        let Statement::Statement(statement) = statement else {
            return Err(Failure::job_file(format!("{}: only a select is a query", query.origin)));
        };
        let outcome = visit_expressions_mut(statement, |expression| match self.literal(expression, query) {
            Ok(Some(literal)) => {
                *expression = literal;
                ControlFlow::Continue(())
            }
            Ok(None) => ControlFlow::Continue(()),
            Err(failure) => ControlFlow::Break(failure),
        });
        match outcome {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(failure) => Err(failure),
        }
    }

    fn literal(&self, expression: &Expr, query: &Query) -> Result<Option<Expr>> {
        let Some(name) = placeholder(expression) else { return Ok(None) };
        let of_settled = |name: &str| self.settled.get(name).filter(|_| query.is_settled());
        let known = name.strip_prefix('$').and_then(|name| of_settled(name).or_else(|| self.literals.get(name)));
        let text = known.ok_or_else(|| self.unknown(name, &query.origin))?;
        Parser::new(&GenericDialect {})
            .try_with_sql(text)
            .and_then(|mut parser| parser.parse_expr())
            .map(Some)
            .map_err(|error| Failure::defect(format!("parameter {name} = {text}: {error}")))
    }

    fn unknown(&self, name: &str, origin: &str) -> Failure {
        let known: Vec<String> = self.literals.keys().map(|known| format!("${known}")).collect();
        Failure::job_file(format!("{origin}: there is no parameter {name}"))
            .hint(format!("parameters are {}", known.join(", ")))
            .hint_near(name, known.iter().map(String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use datafusion::sql::parser::DFParser;

    use super::*;

    #[test]
    fn a_parameter_is_named_wherever_it_stands() {
        let sql = "with a as (select x + $goal as y from b where d <= $as_of) \
                   select case when y > 0 then $lang end as z from a where y in (select x from c where e = $as_of) -- $no";
        let statement = DFParser::parse_sql(sql).unwrap().pop_front().unwrap();
        assert_eq!(named_in(&statement), ["$as_of", "$goal", "$lang"].map(str::to_owned).into());
    }
}
