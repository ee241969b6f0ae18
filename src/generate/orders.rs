//! The order process: day by day, each outlet orders when its time has come.
//!
//! The gaps between the orders of an outlet are gamma-like and run on a clock of its own, which is fast when the
//! season, the dealer and the day of the week are. Memory is one small state an outlet.

use std::io;

use rand_chacha::ChaCha8Rng;

use super::Company;
use super::calendar::Month;
use super::chance::{self, Stream};
use super::clerk::{Buyer, Clerk, Sink};
use super::dealers::Dealer;
use super::outlets::Outlet;

/// Orders in January to December against an average month.
const SEASON: [f64; 12] = [0.85, 0.87, 0.93, 1.00, 1.08, 1.18, 1.22, 1.18, 1.04, 0.97, 0.90, 0.96];

/// The clock of an outlet.
struct State {
    /// What is left until the next order, on the outlet's own clock.
    wait: f64,
    /// How far that clock runs on an average day of the month.
    pace: f64,
    buyer: Buyer,
}

/// All outlets, and the clerk who writes down what they order.
pub struct Orders<'c> {
    company: &'c Company,
    states: Vec<State>,
    clerk: Clerk<'c>,
}

impl<'c> Orders<'c> {
    pub fn new(company: &'c Company) -> Self {
        let mut rng = chance::stream(company.world.seed, Stream::Orders);
        let states = company.outlets.iter().map(|outlet| State::new(outlet, &mut rng)).collect();
        Self { company, states, clerk: Clerk::new(company, rng) }
    }

    /// Order numbers begin anew, and every outlet gets its pace of the month.
    pub fn start_month(&mut self, month: &Month, scale: f64) {
        self.clerk.start_month(month);
        for (outlet, state) in self.company.outlets.iter().zip(&mut self.states) {
            let ticket_level = dealer_level(self.company, outlet, |dealer| dealer.ticket_level(month.index));
            state.pace = scale * relative_rate(self.company, outlet, month);
            state.buyer.line_cents = outlet.habits.line_cents * ticket_level;
        }
    }

    /// Hands over the lines of a day, order by order.
    pub fn day(&mut self, day: i32, sink: &mut Sink<'_>) -> io::Result<()> {
        let weekday_pace = self.company.calendar.weekday_pace(day);
        for (outlet, state) in self.company.outlets.iter().zip(&mut self.states) {
            state.wait -= state.pace * weekday_pace * outlet.life.activity(day);
            while state.wait <= 0.0 {
                state.wait += self.clerk.gap();
                self.clerk.visit(day, outlet, &mut state.buyer, sink)?;
            }
        }
        Ok(())
    }
}

/// Orders a day that an outlet makes in a month while it is active, up to the common factor.
pub fn relative_rate(company: &Company, outlet: &Outlet, month: &Month) -> f64 {
    let season = SEASON.get(month.of_year).copied().unwrap_or(1.0);
    outlet.habits.rate * season * dealer_level(company, outlet, |dealer| dealer.pace_level(month.index))
}

fn dealer_level(company: &Company, outlet: &Outlet, level: impl Fn(&Dealer) -> f64) -> f64 {
    company.dealers.get(outlet.dealer as usize).map_or(1.0, level)
}

impl State {
    fn new(outlet: &Outlet, rng: &mut ChaCha8Rng) -> Self {
        let wait = chance::rest_of_gamma(rng);
        Self { wait, pace: 0.0, buyer: Buyer::new(outlet.habits.range) }
    }
}
