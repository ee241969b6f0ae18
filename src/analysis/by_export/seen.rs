//! What a relation of lines has up to a day, as one number.

use std::collections::BTreeMap;
use std::slice;

use datafusion::arrow::array::{AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::{Date32Type, Int64Type};
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::dataframe::DataFrame;
use datafusion::logical_expr::{col, lit};
use datafusion::prelude::SessionContext;

use crate::analysis::by_export::bundle::{Bundle, exports_of};
use crate::analysis::by_export::chunks::chunks;
use crate::analysis::by_export::digest::{Digest, EXPORT_KEY};
use crate::analysis::by_export::lines::Lines;
use crate::analysis::by_export::step::{ExportStep, Roots};
use crate::analysis::errors::{engine_failure, failed};
use crate::analysis::planning::plan;
use crate::model::checksum;
use crate::model::failure::{Failure, Result};

/// Columns that change whenever an export grows, and that no result shows.
const PLACES: [&str; 2] = [EXPORT_KEY, "export_line"];
const DAY: &str = "sold_on";

/// The first and the last day, in days since 1970, of which an export has rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: i32,
    pub to: i32,
}

impl Span {
    /// The spans that a relation of three columns states: export, first and last day.
    ///
    /// # Errors
    /// A failure of the engine when it cannot be read.
    pub async fn all(context: &SessionContext, relation: &str) -> Result<BTreeMap<i64, Self>> {
        let broken = |error: DataFusionError| engine_failure(relation, &error);
        let rows = context.table(relation).await.map_err(broken)?.collect().await.map_err(broken)?;
        let mut spans = BTreeMap::new();
        for batch in &rows {
            let stated = Self::of_batch(batch);
            spans.extend(stated.ok_or_else(|| Failure::defect(format!("{relation} does not state spans of exports")))?);
        }
        Ok(spans)
    }

    fn of_batch(batch: &RecordBatch) -> Option<Vec<(i64, Self)>> {
        let [keys, from, to] = batch.columns() else { return None };
        let keys = keys.as_primitive_opt::<Int64Type>()?.values();
        let (from, to) =
            (from.as_primitive_opt::<Date32Type>()?.values(), to.as_primitive_opt::<Date32Type>()?.values());
        let spans = keys.iter().zip(from.iter().zip(to));
        Some(spans.map(|(key, (from, to))| (*key, Self { from: *from, to: *to })).collect())
    }
}

impl ExportStep {
    /// The rows up to `day` as a number. Exports that end by then count by what their rows follow from, which is known
    /// without reading them; of exports that go on, the rows are read.
    ///
    /// # Errors
    /// A failure of the engine when they cannot be read.
    pub async fn seen_until(&self, day: i32, spans: &BTreeMap<i64, Span>) -> Result<u128> {
        let roots = self.roots().await?;
        let words = self.words();
        let span = |export: &Lines| spans.get(&export.key).copied();
        let is_whole = |export: &Lines| span(export).is_some_and(|span| span.to <= day);
        let is_cut = |export: &Lines| span(export).is_some_and(|span| span.from <= day && day < span.to);
        let mut number = 0;
        let mut cut = Vec::new();
        for bundle in &*self.bundles {
            for export in bundle.exports.iter().filter(|export| is_whole(export)) {
                let key = self.key(&words, bundle, slice::from_ref(export), &roots.digests);
                number = checksum::wide_number(key.as_bytes()).wrapping_add(number);
            }
            cut.extend(self.part_of(bundle, is_cut));
        }
        for chunk in chunks(&cut, self.threads) {
            let own = exports_of(&chunk).filter(|export| is_cut(export));
            number = self.rows_until(day, &chunk, own, &roots).await?.wrapping_add(number);
        }
        Ok(number)
    }

    /// The exports of a bundle that are `wanted`, if any: all of it where facts are read, which are of all its exports.
    fn part_of(&self, bundle: &Bundle, wanted: impl Fn(&Lines) -> bool) -> Option<Bundle> {
        let exports: Vec<Lines> = bundle.exports.iter().filter(|export| wanted(export)).cloned().collect();
        let reads_facts = self.tables.iter().any(|table| self.known.contains_key(table));
        match exports.is_empty() {
            true => None,
            false if reads_facts => Some(bundle.clone()),
            false => Some(Bundle { exports }),
        }
    }

    /// The rows of some exports of these bundles up to `day`, as a number.
    async fn rows_until(
        &self,
        day: i32,
        chunk: &[Bundle],
        exports: impl Iterator<Item = &Lines>,
        roots: &Roots,
    ) -> Result<u128> {
        let refused = |error: DataFusionError| failed(&self.step.query, &error);
        let context = self.session(chunk, roots).await?;
        let plan = plan(&context, &self.step.query, self.step.statement.clone()).await?;
        let until = col(DAY).lt_eq(lit(ScalarValue::Date32(Some(day))));
        let rows = DataFrame::new(context.state(), plan).filter(until).map_err(refused)?;
        let digest = Digest::of_rows(rows.execute_stream().await.map_err(refused)?, &PLACES).await.map_err(refused)?;
        // Each export by itself: which rows are of one export counts, and what the export is called does not.
        let own = |export: &Lines| checksum::wide_number(&digest.seen_by(export.key).to_le_bytes());
        Ok(exports.map(own).fold(0, u128::wrapping_add))
    }
}
