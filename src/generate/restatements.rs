//! Restated lines: each month corrects the amounts of some lines of the month before, as late data does.

use std::mem;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::World;
use super::chance::{self, Stream};
use super::sale_line::SaleLine;

/// Lines that a month restates.
const A_MONTH: u64 = 40;
/// In a small world, at most one line in so many.
const ONE_IN: u64 = 20;

/// All restated lines of a world; none where no defects are wanted.
pub fn count(world: &World) -> u64 {
    a_month(world) * u64::from(world.months).saturating_sub(1)
}

fn a_month(world: &World) -> u64 {
    let lines = world.lines / u64::from(world.months).max(1);
    if world.with_defects { A_MONTH.min(lines / ONE_IN) } else { 0 }
}

/// The lines of last month to restate, and those of this month for the next.
pub struct Restatements {
    rng: ChaCha8Rng,
    a_month: u64,
    every: u64,
    seen: u64,
    last_month: Vec<SaleLine>,
    this_month: Vec<SaleLine>,
}

impl Restatements {
    pub fn new(world: &World) -> Self {
        let rng = chance::stream(world.seed, Stream::Restatements);
        Self { rng, a_month: a_month(world), every: 1, seen: 0, last_month: Vec::new(), this_month: Vec::new() }
    }

    /// What was kept becomes last month's; of this month, one line in so many is kept. A bit more often than the
    /// expected lines say, so that there are enough in a weak month.
    pub fn start_month(&mut self, expected_lines: f64) {
        self.last_month = mem::take(&mut self.this_month);
        self.every = (0.9 * expected_lines / self.a_month.max(1) as f64).max(1.0) as u64;
        self.seen = 0;
    }

    /// Looks at a line, and keeps it if it is its turn.
    pub fn offer(&mut self, line: &SaleLine) {
        self.seen += 1;
        if (self.this_month.len() as u64) < self.a_month && self.seen.is_multiple_of(self.every) {
            self.this_month.push(*line);
        }
    }

    /// The lines of last month, each with another amount.
    pub fn restated(&mut self) -> Vec<SaleLine> {
        let mut lines = mem::take(&mut self.last_month);
        for line in &mut lines {
            line.cents = other_amount(line.cents, &mut self.rng);
        }
        lines
    }
}

fn other_amount(cents: u64, rng: &mut ChaCha8Rng) -> u64 {
    let other = cents * rng.random_range(600..1_400_u64) / 1_000;
    if other == cents { cents + 1 } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restated_amount_is_never_the_same() {
        let mut rng = chance::stream(1, Stream::Restatements);
        assert!((0..2_000).all(|cents| other_amount(cents, &mut rng) != cents));
    }

    #[test]
    fn nothing_is_restated_without_defects() {
        assert_eq!(count(&World::default()), 23 * 40);
        assert_eq!(count(&World { with_defects: false, ..World::default() }), 0);
    }
}
