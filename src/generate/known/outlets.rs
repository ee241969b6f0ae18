//! The outlets of a known world: whose they are, what they order on average, and how they change.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::cells::Cell;
use super::company::{CHANNELS, Channel, DAYS, WINDOW, date, dealer_id, season, territory};
use super::world::Behaviour;
use crate::generate::chance::{self, Stream};

/// They were customers long before the data.
const LONG_AGO: i32 = -2_000;

/// An outlet and its truth.
pub struct Outlet {
    /// Counts from 0.
    pub number: u32,
    pub dealer: u32,
    pub channel: &'static Channel,
    /// The day of its first order, or long before the data.
    pub opened: i32,
    /// Orders in 28 days of an average season.
    pub frequency: f64,
    /// Mean value of an order.
    pub value: f64,
    /// Whether it is in its other state in each window of 12 weeks, the oldest first; the last one ends with the data.
    pub is_other: Vec<bool>,
}

impl Outlet {
    fn draw(number: u32, dealer: u32, channel: &'static Channel, opened: i32, draws: &mut Draws<'_>) -> Self {
        let (frequency_width, value_width) = draws.behaviour.widths;
        let frequency = draws.behaviour.orders * chance::spread(&mut draws.rng, frequency_width);
        let value = channel.order_value * chance::spread(&mut draws.rng, value_width);
        Self { number, dealer, channel, opened, frequency, value, is_other: draws.states() }
    }

    /// Its row in the outlets source.
    pub fn row(&self) -> Vec<String> {
        let channel = self.channel.name.to_owned();
        vec![self.id(), dealer_id(self.dealer), channel, territory(self.dealer), date(self.opened).to_string()]
    }

    pub fn id(&self) -> String {
        format!("O{:04}", self.number)
    }

    /// The probability of an order on a day of the data.
    pub fn chance_of_order(&self, day: i32, behaviour: &Behaviour) -> f64 {
        if day < self.opened {
            return 0.0;
        }
        let window = (day + (-DAYS).rem_euclid(WINDOW)) / WINDOW;
        let is_other = self.is_other.get(window as usize).copied().unwrap_or(false);
        self.frequency / 28.0 * season(day) * if is_other { behaviour.other } else { 1.0 }
    }
}

/// What is drawn for outlets.
struct Draws<'b> {
    behaviour: &'b Behaviour,
    rng: ChaCha8Rng,
}

impl<'b> Draws<'b> {
    fn new(behaviour: &'b Behaviour) -> Self {
        Self { behaviour, rng: chance::stream(behaviour.seed, Stream::Outlets) }
    }

    fn states(&mut self) -> Vec<bool> {
        let windows = 0..(DAYS + WINDOW - 1) / WINDOW;
        let states = windows.scan(false, |is_other, _| {
            let stays = 1.0 - self.behaviour.leaves;
            *is_other = self.rng.random_bool(if *is_other { stays } else { self.behaviour.enters });
            Some(*is_other)
        });
        states.collect()
    }

    /// The day on which an outlet becomes a customer, if it does while the data runs.
    fn opening(&mut self, channel: &Channel) -> Option<i32> {
        (0..DAYS).find(|_| self.rng.random_bool(channel.opens))
    }
}

/// Outlets that go round the dealers, all of them customers from the beginning.
pub fn make(behaviour: &Behaviour) -> Vec<Outlet> {
    let mut draws = Draws::new(behaviour);
    let channels =
        CHANNELS.iter().cycle().flat_map(|channel| (0..behaviour.dealers).map(move |dealer| (dealer, channel)));
    let outlets = (0..behaviour.outlets).zip(channels);
    outlets.map(|(number, (dealer, channel))| Outlet::draw(number, dealer, channel, LONG_AGO, &mut draws)).collect()
}

/// The outlets of cells that are customers before the data ends.
pub fn of_cells(behaviour: &Behaviour, cells: &[Cell]) -> Vec<Outlet> {
    let mut draws = Draws::new(behaviour);
    let mut outlets = Vec::new();
    for cell in cells {
        for place in 0..cell.universe {
            let opened = if place < cell.covered { Some(LONG_AGO) } else { draws.opening(cell.channel) };
            if let Some(opened) = opened {
                outlets.push(Outlet::draw(outlets.len() as u32, cell.dealer, cell.channel, opened, &mut draws));
            }
        }
    }
    outlets
}
