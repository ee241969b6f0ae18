//! The settled picture in a night: what earlier nights kept of it serves again, and what nobody needs then is left out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::analysis::by_export::{Digest, STAGED, Span};
use crate::analysis::computing::Tell;
use crate::analysis::engine::Analysis;
use crate::analysis::errors::engine_failure;
use crate::analysis::heavy::Reach;
use crate::analysis::parameters::Parameters;
use crate::analysis::pictures::{Found, Ground, Keep};
use crate::model::failure::Result;

/// Says of each export from which day to which it has sales.
const SPANS: &str = "export_spans";

impl Analysis {
    /// Looks once, as soon as something of the settled picture is needed for `names`, for what earlier nights kept of it.
    pub(super) async fn settle(&mut self, names: &[&str], parameters: &Parameters, tell: Tell<'_>) -> Result<()> {
        let is_asked = self.schedule.missing(names).iter().any(|name| self.kept.contains(name));
        if self.is_settled || !is_asked {
            return Ok(());
        }
        let numbers = self.boundary_numbers(parameters, tell).await?;
        self.is_settled = true;
        for name in self.kept.clone() {
            let queries = (&self.set, &self.parsed);
            let keep = Keep::new(&name, queries, parameters, &numbers, &self.facts_folder)?;
            match keep.find(&self.context)? {
                Found::Whole(fact) => {
                    self.schedule.done(&name);
                    self.kept_files.insert(fact.path);
                    continue;
                }
                Found::Damaged(trouble) => self.troubles.push(trouble),
                Found::Nothing => (),
            }
            self.keeps.insert(name, keep);
        }
        self.skip_unneeded();
        Ok(())
    }

    /// What the settled picture begins with, as a number for each relation.
    async fn boundary_numbers(&mut self, parameters: &Parameters, tell: Tell<'_>) -> Result<BTreeMap<String, u128>> {
        let grounds = self.kept.iter().map(|name| Ground::of(name, &self.set, &self.parsed));
        let boundary: BTreeSet<String> = grounds.flat_map(|ground| ground.boundary).collect();
        let needed: Vec<&str> = boundary.iter().map(String::as_str).chain([SPANS]).collect();
        self.compute_missing(&needed, parameters, tell).await?;
        let spans = Span::all(&self.context, SPANS).await?;
        let day = parameters.settled_on().signed_duration_since(NaiveDate::default()).num_days();
        let day = i32::try_from(day).unwrap_or_default();
        let mut numbers = BTreeMap::new();
        for name in boundary {
            let number = match Reach::of(&name, &self.set, &self.parsed).tables.contains(STAGED) {
                true => self.export_step(&name, parameters)?.seen_until(day, &spans).await?,
                false => self.number(&name).await?,
            };
            numbers.insert(name, number);
        }
        Ok(numbers)
    }

    async fn number(&self, name: &str) -> Result<u128> {
        let digest = Digest::of(&self.context, name).await.map_err(|error| engine_failure(name, &error))?;
        Ok(digest.number())
    }

    fn skip_unneeded(&mut self) {
        let (settled, today): (Vec<_>, Vec<_>) = self.set.queries.values().partition(|query| query.is_settled());
        let today: Vec<&str> = today.into_iter().map(|query| query.name.as_str()).collect();
        let needed: BTreeSet<String> = self.schedule.missing(&today).into_iter().collect();
        let unneeded = settled.into_iter().map(|query| query.name.clone()).filter(|name| !needed.contains(name));
        for name in unneeded.collect::<Vec<_>>() {
            if !self.schedule.is_computed(&name) {
                self.schedule.skip(&name);
                self.release(&name);
            }
        }
    }
}
