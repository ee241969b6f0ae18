//! Where one export is computed alone, its key is the same in every row: to group and join by it would only take time.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{Aggregate, Distinct, Expr, Join, JoinType, LogicalPlan, lit};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

use crate::analysis::by_export::digest::EXPORT_KEY;

/// Groups by the number instead of its column, which the engine then leaves out of the groups, and joins by all but it.
/// In the session of one export only, where every relation has been restricted to that.
#[derive(Debug)]
pub(super) struct OneExport {
    pub(super) key: i64,
}

impl OptimizerRule for OneExport {
    fn name(&self) -> &'static str {
        "one_export"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> Result<Transformed<LogicalPlan>> {
        match plan {
            LogicalPlan::Aggregate(aggregate) => self.grouped(aggregate),
            LogicalPlan::Join(join) => Ok(self.joined(join)),
            other => Ok(Transformed::no(other)),
        }
    }
}

impl OneExport {
    fn grouped(&self, aggregate: Aggregate) -> Result<Transformed<LogicalPlan>> {
        let is_key = |expr: &Expr| matches!(expr, Expr::Column(_)) && self.is_key(expr, &aggregate.input);
        if !aggregate.group_expr.iter().any(is_key) {
            return Ok(Transformed::no(LogicalPlan::Aggregate(aggregate)));
        }
        let groups = aggregate.group_expr.iter().map(|expr| match expr {
            Expr::Column(column) if is_key(expr) => {
                lit(self.key).alias_qualified(column.relation.clone(), column.name.clone())
            }
            other => other.clone(),
        });
        let groups = groups.collect();
        Aggregate::try_new(aggregate.input, groups, aggregate.aggr_expr)
            .map(LogicalPlan::Aggregate)
            .map(Transformed::yes)
    }

    fn joined(&self, mut join: Join) -> Transformed<LogicalPlan> {
        let (left, right) = (join.left.clone(), join.right.clone());
        let others = |(one, other): &&(Expr, Expr)| !(self.is_key(one, &left) && self.is_key(other, &right));
        let kept: Vec<_> = join.on.iter().filter(others).cloned().collect();
        if kept.is_empty() || kept.len() == join.on.len() {
            return Transformed::no(LogicalPlan::Join(join));
        }
        join.on = kept;
        Transformed::yes(LogicalPlan::Join(join))
    }

    /// Whether an expression over these rows is the key of their export.
    fn is_key(&self, expr: &Expr, input: &LogicalPlan) -> bool {
        match expr {
            Expr::Alias(alias) => self.is_key(&alias.expr, input),
            Expr::Literal(ScalarValue::Int64(Some(number)), _) => *number == self.key,
            Expr::Column(column) => {
                input.schema().maybe_index_of_column(column).is_some_and(|place| self.has_key_at(input, place))
            }
            _ => false,
        }
    }

    /// Whether a column of a relation is the key of its export in every row: it comes from a table as it is.
    fn has_key_at(&self, plan: &LogicalPlan, place: usize) -> bool {
        match plan {
            LogicalPlan::TableScan(scan) => {
                let field = scan.projected_schema.field(place);
                scan.source.get_logical_plan().is_none()
                    && field.name() == EXPORT_KEY
                    && field.data_type() == &DataType::Int64
            }
            LogicalPlan::Projection(step) => step.expr.get(place).is_some_and(|expr| self.is_key(expr, &step.input)),
            LogicalPlan::Aggregate(step) => {
                step.group_expr.get(place).is_some_and(|group| self.is_key(group, &step.input))
            }
            LogicalPlan::SubqueryAlias(step) => self.has_key_at(&step.input, place),
            LogicalPlan::Filter(step) => self.has_key_at(&step.input, place),
            LogicalPlan::Distinct(Distinct::All(input)) => self.has_key_at(input, place),
            LogicalPlan::Union(step) => step.inputs.iter().all(|input| self.has_key_at(input, place)),
            LogicalPlan::Join(join) => self.side_has_key_at(join, place),
            _ => false,
        }
    }

    /// The same of a join: where it adds a row without a partner, the partner's columns are NULL.
    fn side_has_key_at(&self, join: &Join, place: usize) -> bool {
        use JoinType::{Inner, Left, LeftAnti, LeftMark, LeftSemi, Right, RightAnti, RightMark, RightSemi};
        let of_left = join.left.schema().fields().len();
        match join.join_type {
            Inner | Left | LeftSemi | LeftAnti | LeftMark if place < of_left => self.has_key_at(&join.left, place),
            Inner | Right if place >= of_left => self.has_key_at(&join.right, place - of_left),
            RightSemi | RightAnti | RightMark if place < join.right.schema().fields().len() => {
                self.has_key_at(&join.right, place)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::util::pretty::pretty_format_batches;
    use datafusion::prelude::{SessionConfig, SessionContext};

    use super::*;

    /// Three lines of export 7, of which it has two notes and one that names no line.
    async fn session(key: Option<i64>) -> SessionContext {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        if let Some(key) = key {
            context.add_optimizer_rule(Arc::new(OneExport { key }));
        }
        let tables = [
            "create table lines as select column1 as export_key, column2 as line, column3 as dealer \
             from (values (7, 1, 'a'), (7, 2, 'b'), (7, 3, 'a'))",
            "create table notes as select column1 as export_key, column2 as line from (values (7, 1), (7, 3), (7, 9))",
        ];
        for table in tables {
            context.sql(table).await.unwrap().collect().await.unwrap();
        }
        context
    }

    async fn rows(context: &SessionContext, sql: &str) -> String {
        let rows = context.sql(sql).await.unwrap().collect().await.unwrap();
        pretty_format_batches(&rows).unwrap().to_string()
    }

    async fn plan(context: &SessionContext, sql: &str) -> String {
        context.sql(sql).await.unwrap().into_optimized_plan().unwrap().display_indent().to_string()
    }

    const GROUPED: &str = "with seen as (select l.export_key, l.dealer, l.line from lines as l \
        left anti join notes as n on n.export_key = l.export_key and n.line = l.line), \
        days as (select export_key, dealer, line, count(*) as rows from seen group by export_key, dealer, line) \
        select export_key, dealer, sum(rows) as rows from days group by export_key, dealer order by dealer";

    #[tokio::test]
    async fn nothing_is_grouped_or_joined_by_a_key_that_all_rows_have() {
        let (own, plain) = (session(Some(7)).await, session(None).await);
        let (seen, before) = (plan(&own, GROUPED).await, plan(&plain, GROUPED).await);
        let by_key =
            |plan: &str| plan.lines().filter(|line| line.contains("groupBy") && line.contains(EXPORT_KEY)).count();
        assert_eq!((by_key(&before), by_key(&seen)), (2, 0), "{seen}");
        let joined = |plan: &str| plan.lines().any(|line| line.contains("Join") && line.contains(EXPORT_KEY));
        assert!(joined(&before) && !joined(&seen), "{seen}");
        assert_eq!(rows(&own, GROUPED).await, rows(&plain, GROUPED).await);
    }

    #[tokio::test]
    async fn rows_are_those_of_the_plain_plan() {
        let (own, plain) = (session(Some(7)).await, session(None).await);
        let texts = [
            "select export_key, count(*) as rows from lines group by export_key",
            "select export_key, count(*) as rows from lines where dealer = 'c' group by export_key",
            "select distinct export_key, dealer from lines order by dealer",
            "select n.export_key, l.dealer, count(*) as rows from lines as l left join notes as n \
             on n.export_key = l.export_key and n.line = l.line group by n.export_key, l.dealer order by 1, 2",
            "select n.export_key, n.line, count(*) as rows from lines as l full join notes as n \
             on n.export_key = l.export_key and n.line = l.line group by n.export_key, n.line order by 1, 2",
            "select l.dealer from lines as l inner join notes as n on n.export_key = l.export_key order by 1",
            "select export_key, line, count(*) as rows from (select export_key, line from lines union all \
             select export_key, line from notes) group by export_key, line order by line",
            "select export_key, dealer, count(*) as rows from (select line as export_key, dealer from lines) \
             group by export_key, dealer order by 1, 2",
            "select export_key, dealer, sum(line) over (partition by export_key, dealer order by line) as sum from lines \
             order by dealer, sum",
            "select export_key, dealer, count(*) as rows from lines group by grouping sets ((export_key), (dealer)) \
             order by 1, 2",
        ];
        for sql in texts {
            assert_eq!(rows(&own, sql).await, rows(&plain, sql).await, "{sql}");
        }
    }
}
