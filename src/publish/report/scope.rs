//! What one report is about: the whole company, or one region and nothing else.

use std::collections::BTreeMap;

use crate::model::manifest::Manifest;
use crate::publish::report::marts::{Row, SCORECARD, Tables};
use crate::publish::report::months::{Month, Series};
use crate::publish::report::texts::Texts;

#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) texts: &'a Texts,
    pub(super) manifest: &'a Manifest,
    tables: &'a Tables<'a>,
    series: &'a Series<'a>,
    /// Absent: the company.
    pub(super) region: Option<&'a str>,
    /// The rows of the scorecard, by dealer.
    pub(super) cards: &'a [Row<'a>],
    /// The place of each dealer among them.
    index: BTreeMap<&'a str, usize>,
    pub(super) regions: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        texts: &'a Texts,
        manifest: &'a Manifest,
        (tables, series): (&'a Tables<'a>, &'a Series<'a>),
        region: Option<&'a str>,
    ) -> Self {
        let cards = tables.of(SCORECARD, region).unwrap_or_default();
        let index = cards.iter().enumerate().map(|(place, card)| (card.word("dealer_id"), place)).collect();
        let regions = region.map_or_else(|| tables.regions(), |region| vec![region]);
        Self { texts, manifest, tables, series, region, cards, index, regions }
    }

    /// The rows of a mart that belong to this report; nothing when the run lacks the mart.
    pub(super) fn rows(&self, mart: &str) -> Option<&'a [Row<'a>]> {
        self.tables.of(mart, self.region)
    }

    /// All rows of a mart without regions: whoever asks keeps to what this report may show.
    pub(super) fn rows_of_all_regions(&self, mart: &str) -> Option<&'a [Row<'a>]> {
        self.tables.of(mart, None)
    }

    pub(super) fn place(&self, dealer_id: &str) -> Option<usize> {
        self.index.get(dealer_id).copied()
    }

    pub(super) fn card(&self, dealer_id: &str) -> Option<Row<'a>> {
        self.cards.get(self.place(dealer_id)?).copied()
    }

    fn dealers(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.index.keys().copied()
    }

    /// First days of the months in which these dealers have sales.
    pub(super) fn month_days(&self) -> Vec<i32> {
        self.series.days(self.dealers())
    }

    pub(super) fn months(&self) -> Vec<Month> {
        self.series.total(self.dealers(), &self.month_days())
    }

    pub(super) fn series(&self) -> &'a Series<'a> {
        self.series
    }

    pub(super) fn as_of(&self) -> String {
        let day = self.cards.first().and_then(|card| card.date("as_of"));
        day.or_else(|| self.manifest.as_of.clone()).unwrap_or_default()
    }

    /// `beverages`, or `beverages · North`.
    pub(super) fn heading(&self) -> String {
        match self.region {
            None => self.manifest.job.clone(),
            Some(region) => format!("{} · {region}", self.manifest.job),
        }
    }

    pub(super) fn title(&self) -> String {
        self.texts.fill("report_title", &[("job", self.heading()), ("day", self.as_of())])
    }
}
