//! Named parameters of queries (`$as_of`), bound as typed literals in the parsed statement, never in its text.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use chrono::NaiveDate;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{Expr, Value, visit_expressions_mut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::model::failure::{Failure, Result};

/// The typed values of all parameters that queries may use.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    /// Typed SQL literals by name, without the `$`.
    literals: BTreeMap<&'static str, String>,
}

impl Parameters {
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

    /// Puts the values into a statement; `origin` names its file.
    pub fn bind(&self, statement: &mut Statement, origin: &str) -> Result<()> {
        let Statement::Statement(statement) = statement else {
            return Err(Failure::job_file(format!("{origin}: only a select is a query")));
        };
        let outcome = visit_expressions_mut(statement, |expression| match self.literal(expression, origin) {
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

    fn literal(&self, expression: &Expr, origin: &str) -> Result<Option<Expr>> {
        let Expr::Value(value) = expression else { return Ok(None) };
        let Value::Placeholder(name) = &value.value else { return Ok(None) };
        let known = name.strip_prefix('$').and_then(|name| self.literals.get(name));
        let text = known.ok_or_else(|| self.unknown(name, origin))?;
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
