//! How an outlet orders, and what becomes of it.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::calendar::Month;
use super::chance;
use super::dealers::Dealer;
use super::geography::Channel;

/// Share of outlets that never order.
const SILENT: f64 = 0.06;
/// Share of outlets that open while the data runs.
const OPENING: f64 = 0.12;

/// How an outlet orders.
#[derive(Debug)]
pub struct Habits {
    /// Orders a day against others, before all is scaled to the lines asked for; 0 for an outlet that never orders.
    pub rate: f64,
    /// Mean lines of an order, at most 6.
    pub lines: f64,
    /// Middle value of a line at list price, in cents.
    pub line_cents: f64,
    /// What it pays of the list price, in thousandths.
    pub price_level: u64,
    /// The categories it carries, one bit each.
    pub range: u8,
}

impl Habits {
    /// The habits of an outlet of a channel and a dealer.
    pub fn draw(channel: &Channel, owner: &Dealer, is_chain: bool, rng: &mut ChaCha8Rng) -> Self {
        let rate = channel.rate * owner.strength * chance::gamma(rng);
        let chain_factor = if is_chain { 1.25 } else { 1.0 };
        Self {
            rate: if rng.random_bool(SILENT) { 0.0 } else { rate },
            lines: 1.4 + 3.2 * rng.random::<f64>(),
            line_cents: 3_200.0 * channel.ticket * chain_factor * chance::spread(rng, 0.5),
            price_level: rng.random_range(880..=1_000),
            range: range(channel, rng),
        }
    }
}

/// The categories as bits; an outlet that would carry none carries the first.
fn range(channel: &Channel, rng: &mut ChaCha8Rng) -> u8 {
    let carried = |bits: u8, (category, share): (u32, &f64)| bits | (u8::from(rng.random_bool(*share)) << category);
    (0u32..).zip(&channel.range).fold(0, carried).max(1)
}

/// What becomes of an outlet, in days of the calendar.
#[derive(Debug)]
pub struct Life {
    pub opened: i32,
    /// Known to the master.
    pub closed: Option<i32>,
    /// No order from this day on, whether the master knows it or not.
    pub silent_from: i32,
    /// Half as many orders from this day on.
    pub halves_on: i32,
}

impl Life {
    /// The life of an outlet of a dealer, in data that ends with a day.
    pub fn draw(owner: &Dealer, end: i32, rng: &mut ChaCha8Rng) -> Self {
        let opened = opened(owner, end, rng);
        let change = rng.random_range(opened.max(0)..=opened.max(end - 1).max(0));
        let steady = Self { opened, closed: None, silent_from: i32::MAX, halves_on: i32::MAX };
        match rng.random_range(0..100u32) {
            0..5 => Self { closed: Some(change), silent_from: change, ..steady },
            5..12 => Self { silent_from: change, ..steady },
            12..18 => Self { halves_on: change, ..steady },
            _ => steady,
        }
    }

    /// 1 on a day it orders as usual, a half once it has shrunk, 0 when it is not open or silent.
    pub fn activity(&self, day: i32) -> f64 {
        if day < self.opened || day >= self.silent_from {
            0.0
        } else if day >= self.halves_on {
            0.5
        } else {
            1.0
        }
    }

    /// The sum of [`Self::activity`] over a month.
    pub fn active_days(&self, month: &Month) -> f64 {
        let days_from = |from: i32| self.silent_from.min(month.days.end) - from.max(month.days.start);
        let open = days_from(self.opened).max(0);
        let halved = days_from(self.opened.max(self.halves_on)).max(0);
        f64::from(open) - 0.5 * f64::from(halved)
    }
}

/// Outlets of a newcomer open in its first three weeks; most others were there before the data.
fn opened(owner: &Dealer, end: i32, rng: &mut ChaCha8Rng) -> i32 {
    if owner.onboarded >= 0 {
        (owner.onboarded + rng.random_range(0..21_i32)).min(end - 1)
    } else if rng.random_bool(OPENING) {
        rng.random_range(0..end.max(1))
    } else {
        owner.onboarded.max(-rng.random_range(30..3_000_i32))
    }
}
