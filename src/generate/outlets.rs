//! The outlets: whose they are, where they are and what they are called.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::World;
use super::calendar::Calendar;
use super::chance::{self, Stream};
use super::dealers::{self, Dealer};
use super::files::code;
use super::geography::{CHANNELS, Channel, NATIONAL_CHAINS, REGIONS};
use super::habits::{Habits, Life};
use super::names::outlet_name;

/// Share of outlets that order from a second dealer as well.
const SHARED: f64 = 0.01;
/// Share of outlets in the dealer's home territory; the others are in its neighbours.
const AT_HOME: f64 = 0.8;

/// An outlet: its row in the master, and what drives its orders.
#[derive(Debug)]
pub struct Outlet {
    /// Counts from 0.
    pub number: u32,
    /// The dealer the master gives it to.
    pub dealer: u32,
    /// A dealer it orders from as well.
    pub second_dealer: Option<u32>,
    pub channel: &'static Channel,
    pub territory: &'static str,
    pub habits: Habits,
    pub life: Life,
    chain: Option<&'static str>,
}

impl Outlet {
    /// Its row in the outlets source.
    pub fn row(&self, calendar: &Calendar) -> Vec<String> {
        vec![
            code('O', self.number, 6),
            code('D', self.dealer, 3),
            outlet_name(self.number, self.channel),
            self.channel.name.to_owned(),
            self.territory.to_owned(),
            self.chain.unwrap_or_default().to_owned(),
            calendar.date(self.life.opened).to_string(),
            self.life.closed.map(|day| calendar.date(day).to_string()).unwrap_or_default(),
        ]
    }
}

/// All outlets.
pub fn make(world: &World, calendar: &Calendar, dealers: &[Dealer]) -> Vec<Outlet> {
    let mut rng = chance::stream(world.seed, Stream::Outlets);
    (0..world.outlets)
        .filter_map(|number| {
            let owner = owner(number, dealers, &mut rng)?;
            let second_dealer = second_dealer(owner, world.dealers, &mut rng);
            let outlet = outlet(number, owner, calendar, &mut rng)?;
            Some(Outlet { second_dealer, ..outlet })
        })
        .collect()
}

/// The first outlets go round, so that every dealer has one; the others go by the reach of the dealers.
fn owner<'d>(number: u32, dealers: &'d [Dealer], rng: &mut ChaCha8Rng) -> Option<&'d Dealer> {
    dealers.get(number as usize).or_else(|| chance::weighted(rng, dealers, |dealer| dealer.reach))
}

/// A dealer of the same region as a rule. Newcomers are left out: they do not sell over most of the data.
fn second_dealer(owner: &Dealer, dealers: u32, rng: &mut ChaCha8Rng) -> Option<u32> {
    let established = dealers::established(dealers);
    let other = (owner.number + REGIONS.len() as u32) % established;
    (rng.random_bool(SHARED) && owner.number < established && other != owner.number).then_some(other)
}

fn outlet(number: u32, owner: &Dealer, calendar: &Calendar, rng: &mut ChaCha8Rng) -> Option<Outlet> {
    let channel = chance::weighted(rng, &CHANNELS, |channel| channel.share)?;
    let neighbour = owner.region.territories.choose(rng).copied()?;
    let territory = if rng.random_bool(AT_HOME) { owner.home } else { neighbour };
    let chain = if rng.random_bool(channel.chain_share) { chain(owner, rng) } else { None };
    let habits = Habits::draw(channel, owner, chain.is_some(), rng);
    let life = Life::draw(owner, calendar.end(), rng);
    Some(Outlet { number, dealer: owner.number, second_dealer: None, channel, territory, habits, life, chain })
}

fn chain(owner: &Dealer, rng: &mut ChaCha8Rng) -> Option<&'static str> {
    let accounts: &'static [&'static str] = if rng.random_bool(0.5) { &NATIONAL_CHAINS } else { owner.region.chains };
    accounts.choose(rng).copied()
}
