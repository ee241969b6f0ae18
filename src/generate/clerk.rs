//! The clerk draws what is in an order and numbers it.

use std::io;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::Company;
use super::calendar::Month;
use super::chance;
use super::outlets::Outlet;
use super::products::{CATEGORIES, PER_CATEGORY};
use super::sale_line::SaleLine;

/// Share of orders that come with a return, so that about 2 % of all lines are returns.
const WITH_RETURN: f64 = 0.042;
/// A return has one or two lines.
pub const LINES_OF_RETURNS_PER_ORDER: f64 = WITH_RETURN * 1.5;
/// Share of orders of a shared outlet that go to its second dealer.
const TO_SECOND_DEALER: f64 = 0.35;
/// Share of orders after which an outlet takes up a category for good.
const ADOPTION: f64 = 0.004;
/// Lines of an order beyond the first, at most.
const MORE_LINES: u32 = 5;

/// Where the lines go.
pub type Sink<'s> = dyn FnMut(&SaleLine) -> io::Result<()> + 's;

/// What changes about an outlet while the data runs.
pub struct Buyer {
    /// Middle value of a line this month.
    pub line_cents: f64,
    range: u8,
    has_ordered: bool,
}

impl Buyer {
    pub fn new(range: u8) -> Self {
        Self { line_cents: 0.0, range, has_ordered: false }
    }
}

/// What an order is about, before its lines are drawn.
#[derive(Clone, Copy)]
struct Basket<'o> {
    outlet: &'o Outlet,
    day: i32,
    dealer: u32,
    is_return: bool,
    lines: u32,
    line_cents: f64,
    range: u8,
}

/// Numbers the orders and draws what is in them.
pub struct Clerk<'c> {
    company: &'c Company,
    rng: ChaCha8Rng,
    month: usize,
    month_of_year: usize,
    order: u64,
}

impl<'c> Clerk<'c> {
    pub fn new(company: &'c Company, rng: ChaCha8Rng) -> Self {
        Self { company, rng, month: 0, month_of_year: 0, order: 0 }
    }

    /// Order numbers begin anew each month.
    pub fn start_month(&mut self, month: &Month) {
        self.month = month.index;
        self.month_of_year = month.of_year;
        self.order = 0;
    }

    /// The time to the next order, on the clock of the outlet.
    pub fn gap(&mut self) -> f64 {
        chance::gamma(&mut self.rng)
    }

    /// An order, and now and then before it a return: what did not sell goes back when the next order comes.
    pub fn visit(&mut self, day: i32, outlet: &Outlet, buyer: &mut Buyer, sink: &mut Sink<'_>) -> io::Result<()> {
        let basket = self.basket(day, outlet, buyer);
        if buyer.has_ordered && self.rng.random_bool(WITH_RETURN) {
            let lines = self.rng.random_range(1..=2_u32);
            let line_cents = 0.4 * basket.line_cents;
            self.order(&Basket { is_return: true, lines, line_cents, ..basket }, sink)?;
        }
        self.order(&basket, sink)?;
        buyer.has_ordered = true;
        if self.rng.random_bool(ADOPTION) {
            buyer.range |= 1_u8 << self.rng.random_range(0..CATEGORIES.len() as u32);
        }
        Ok(())
    }

    fn basket<'o>(&mut self, day: i32, outlet: &'o Outlet, buyer: &Buyer) -> Basket<'o> {
        let dealer = match outlet.second_dealer {
            Some(second) if self.rng.random_bool(TO_SECOND_DEALER) => second,
            _ => outlet.dealer,
        };
        let more = ((outlet.habits.lines - 1.0) / f64::from(MORE_LINES)).clamp(0.0, 1.0);
        let lines = 1 + (0..MORE_LINES).map(|_| u32::from(self.rng.random_bool(more))).sum::<u32>();
        let line_cents = buyer.line_cents * chance::spread(&mut self.rng, 0.35);
        Basket { outlet, day, dealer, is_return: false, lines, line_cents, range: buyer.range }
    }

    fn order(&mut self, basket: &Basket<'_>, sink: &mut Sink<'_>) -> io::Result<()> {
        self.order += 1;
        let mut taken = 0_u64;
        for line in 1..=basket.lines {
            let product = self.product(basket.range, &mut taken);
            let (quantity, cents) = self.quantity(basket, product);
            sink(&SaleLine {
                order: self.order,
                is_return: basket.is_return,
                line,
                month: self.month,
                day: basket.day,
                dealer: basket.dealer,
                outlet: basket.outlet.number,
                product,
                quantity,
                cents,
            })?;
        }
        Ok(())
    }

    /// A product of a category in the range that the order does not have yet; the first ones of a category sell best.
    fn product(&mut self, range: u8, taken: &mut u64) -> u32 {
        let month_of_year = self.month_of_year;
        let category = chance::weighted(&mut self.rng, &CATEGORIES, |category| {
            if (range >> category.number) & 1 == 1 { category.weight(month_of_year) } else { 0.0 }
        });
        let first = category.map_or(0, |category| category.number * PER_CATEGORY);
        let wish = self.rng.random_range(0..PER_CATEGORY).min(self.rng.random_range(0..PER_CATEGORY));
        let mut from_wish = (0..PER_CATEGORY).map(|step| first + (wish + step) % PER_CATEGORY);
        let product = from_wish.find(|product| (*taken >> product) & 1 == 0).unwrap_or(first);
        *taken |= 1_u64 << product;
        product
    }

    /// Whole packs, at least one, and what they cost this outlet in cents.
    fn quantity(&mut self, basket: &Basket<'_>, product: u32) -> (u64, u64) {
        let list_cents = self.company.products.get(product as usize).map_or(1_000, |product| product.list_cents);
        let budget = basket.line_cents * chance::spread(&mut self.rng, 0.3);
        let quantity = (budget / list_cents as f64).round().max(1.0) as u64;
        (quantity, (quantity * list_cents * basket.outlet.habits.price_level + 500) / 1_000)
    }
}
