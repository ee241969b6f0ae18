//! The dealers: who they are, how strong they are and how they drift over the years.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::World;
use super::calendar::Calendar;
use super::chance::{self, Stream};
use super::files::code;
use super::geography::{REGIONS, Region};
use super::names::dealer_name;

/// Dealers that begin in the last two months of the data, where there are enough others.
const NEWCOMERS: u32 = 3;

/// What carries a dealer's growth or fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lever {
    Frequency,
    Ticket,
}

struct Tier {
    name: &'static str,
    share: f64,
    /// Outlets of such a dealer against others.
    reach: f64,
}

static TIERS: [Tier; 3] = [
    Tier { name: "gold", share: 0.20, reach: 2.0 },
    Tier { name: "silver", share: 0.35, reach: 1.2 },
    Tier { name: "bronze", share: 0.45, reach: 0.7 },
];

/// A dealer as the process of orders needs it.
#[derive(Debug)]
pub struct Dealer {
    /// Counts from 0.
    pub number: u32,
    pub region: &'static Region,
    pub home: &'static str,
    /// First day of business; before day 0 for most.
    pub onboarded: i32,
    /// Weight in the share-out of outlets.
    pub reach: f64,
    /// Orders of its outlets against others'.
    pub strength: f64,
    tier: &'static str,
    status: &'static str,
    monthly_growth: f64,
    lever: Lever,
}

impl Dealer {
    /// How often its outlets order in a month of the data, against the first month.
    pub fn pace_level(&self, month: usize) -> f64 {
        if self.lever == Lever::Frequency { self.level(month) } else { 1.0 }
    }

    /// How much its outlets order at a time, against the first month.
    pub fn ticket_level(&self, month: usize) -> f64 {
        if self.lever == Lever::Ticket { self.level(month) } else { 1.0 }
    }

    /// Multiplied out: the power function of the platform may differ in the last bit.
    fn level(&self, month: usize) -> f64 {
        (0..month).fold(1.0, |level, _| level * (1.0 + self.monthly_growth))
    }

    /// Its row in the dealers source.
    pub fn row(&self, calendar: &Calendar) -> Vec<String> {
        vec![
            code('D', self.number, 3),
            dealer_name(self.number),
            self.region.name.to_owned(),
            self.home.to_owned(),
            self.tier.to_owned(),
            self.status.to_owned(),
            calendar.date(self.onboarded).to_string(),
            self.region.manager.to_owned(),
        ]
    }
}

/// All dealers; each region gets its turn.
pub fn make(world: &World, calendar: &Calendar) -> Vec<Dealer> {
    let mut rng = chance::stream(world.seed, Stream::Dealers);
    let established = established(world.dealers);
    (0..world.dealers)
        .zip(REGIONS.iter().cycle())
        .filter_map(|(number, region)| {
            let newcomer_until = (number >= established).then(|| calendar.end());
            dealer(number, region, newcomer_until, &mut rng)
        })
        .collect()
}

/// How many dealers were there before the data begins; the rest, with the highest numbers, are newcomers.
pub fn established(dealers: u32) -> u32 {
    dealers - NEWCOMERS.min(dealers / 10)
}

fn dealer(number: u32, region: &'static Region, newcomer_until: Option<i32>, rng: &mut ChaCha8Rng) -> Option<Dealer> {
    let tier = chance::weighted(rng, &TIERS, |tier| tier.share)?;
    let home = region.territories.choose(rng).copied()?;
    let onboarded = match newcomer_until {
        Some(end) => end - rng.random_range(5..56_i32),
        None => -rng.random_range(400..4_500_i32),
    };
    let newcomer_factor = if newcomer_until.is_some() { 0.3 } else { 1.0 };
    Some(Dealer {
        number,
        region,
        home,
        onboarded,
        reach: tier.reach * newcomer_factor * chance::spread(rng, 0.25),
        strength: rng.random_range(0.7..1.3),
        tier: tier.name,
        status: if newcomer_until.is_none() && rng.random_bool(0.05) { "on_hold" } else { "active" },
        monthly_growth: yearly_growth(rng) / 12.0,
        lever: if rng.random_bool(0.65) { Lever::Frequency } else { Lever::Ticket },
    })
}

/// A fifth of the dealers grows strongly, a fifth falls. Compounded, 0.19 to 0.34 make 20 to 40 % a year.
fn yearly_growth(rng: &mut ChaCha8Rng) -> f64 {
    match rng.random_range(0..10u32) {
        0 | 1 => rng.random_range(0.19..0.34),
        2 | 3 => rng.random_range(-0.35..-0.12),
        _ => rng.random_range(-0.05..0.10),
    }
}
