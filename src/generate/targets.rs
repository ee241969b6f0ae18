//! The targets source: what each dealer was asked to sell in a month.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::Company;
use super::chance::{self, Stream};
use super::dealers::Dealer;
use super::files::code;
use super::sales::Totals;

/// Targets are round figures: multiples of this, in cents.
const ROUND_TO: f64 = 1_000.0;

/// One row a dealer and month, from its first month to the month after the data.
pub fn rows(company: &Company, totals: &Totals) -> Vec<Vec<String>> {
    let mut rng = chance::stream(company.world.seed, Stream::Targets);
    let mut rows = Vec::new();
    for dealer in &company.dealers {
        for month in 0..=company.world.months {
            let target = target(totals, dealer, month as usize, &mut rng);
            if has_begun(company, dealer, month as usize) {
                rows.push(vec![code('D', dealer.number, 3), company.calendar.label(month), target]);
            }
        }
    }
    rows
}

/// The month after the data is not in the calendar; every dealer has begun by then.
fn has_begun(company: &Company, dealer: &Dealer, month: usize) -> bool {
    company.calendar.months.get(month).is_none_or(|month| dealer.onboarded < month.days.end)
}

/// Last year's month and 5 to 15 % more, with noise. Where there is no last year, what the month was thought to bring.
fn target(totals: &Totals, dealer: &Dealer, month: usize, rng: &mut ChaCha8Rng) -> String {
    let last_year = month.checked_sub(12).map_or(0, |earlier| totals.get(dealer.number, earlier));
    let cents = if last_year > 0 {
        last_year as f64 * rng.random_range(1.05..1.15_f64) * rng.random_range(0.95..1.05_f64)
    } else {
        let known_month = month.min(totals.months().saturating_sub(1));
        totals.get(dealer.number, known_month) as f64 * rng.random_range(0.92..1.10_f64)
    };
    let steps = (cents / ROUND_TO).round().max(1.0) as u64;
    format!("{steps}0.00")
}
