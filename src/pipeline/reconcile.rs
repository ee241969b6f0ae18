//! Read = accepted + rejected + superseded, by source, out of the data_quality mart.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;

use crate::model::failure::{Failure, Result};
use crate::model::money::{Money, grouped};
use crate::model::source::Source;
use crate::publish::{RenderedRow, render_rows};

/// Rows and money of one outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub rows: u64,
    pub amount: Money,
}

/// What became of the rows of one source or export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balance {
    pub read: Sum,
    pub accepted: Sum,
    pub rejected: Sum,
    pub superseded: Sum,
    /// Rejected rows by reason.
    pub reasons: BTreeMap<String, u64>,
}

/// Balances by source and by export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances {
    pub sources: BTreeMap<Source, Balance>,
    pub exports: BTreeMap<(Source, String), Balance>,
}

impl Balance {
    /// Rejected rows of all rows; an export without rows has none rejected.
    pub fn rejected_share(&self) -> f64 {
        if self.read.rows == 0 { 0.0 } else { self.rejected.rows as f64 / self.read.rows as f64 }
    }

    /// Whether nothing was lost and nothing came from nowhere.
    pub fn holds(&self) -> bool {
        let sides = [&self.accepted, &self.rejected, &self.superseded];
        self.read.rows == sides.iter().map(|side| side.rows).sum::<u64>()
            && self.read.amount == sides.iter().map(|side| side.amount).sum::<Money>()
    }

    /// The equation in words; `with_money` when the source has amounts.
    pub fn line(&self, with_money: bool) -> String {
        let show = |sum: &Sum| match with_money {
            true => format!("{} ({})", grouped(u128::from(sum.rows)), sum.amount),
            false => grouped(u128::from(sum.rows)),
        };
        let [read, accepted, rejected, superseded] =
            [&self.read, &self.accepted, &self.rejected, &self.superseded].map(show);
        format!("read {read} = accepted {accepted} + rejected {rejected} + superseded {superseded}")
    }

    fn add(&mut self, outcome: &str, reason: &str, sum: Sum) {
        let side = match outcome {
            "read" => &mut self.read,
            "accepted" => &mut self.accepted,
            "superseded" => &mut self.superseded,
            "rejected" => {
                *self.reasons.entry(reason.to_owned()).or_default() += sum.rows;
                &mut self.rejected
            }
            _ => return,
        };
        side.rows += sum.rows;
        side.amount += sum.amount;
    }
}

impl Balances {
    /// Sums the rows of the data_quality mart.
    pub fn of(data_quality: &[RecordBatch]) -> Result<Self> {
        let mut balances = Self::default();
        for row in render_rows(data_quality, None)? {
            balances.add(&row)?;
        }
        Ok(balances)
    }

    fn add(&mut self, row: &RenderedRow) -> Result<()> {
        let text = |name: &str| row.get(name).cloned().flatten();
        let source = text("source").and_then(|name| Source::ALL.into_iter().find(|source| source.name() == name));
        let (Some(source), Some(export), Some(outcome)) = (source, text("export"), text("outcome")) else {
            return Err(Failure::defect("data_quality has a row without source, export or outcome"));
        };
        let rows = text("rows").and_then(|rows| rows.parse().ok()).unwrap_or_default();
        let amount = text("amount").and_then(|amount| Money::from_decimal_text(&amount)).unwrap_or_default();
        let reason = text("reason_code").unwrap_or_default();
        let sum = Sum { rows, amount };
        self.sources.entry(source).or_default().add(&outcome, &reason, sum);
        self.exports.entry((source, export)).or_default().add(&outcome, &reason, sum);
        Ok(())
    }
}
