//! How many lines to write: turns the relative habits of the outlets into the number that was asked for.

use super::Company;
use super::calendar::Month;
use super::clerk::LINES_OF_RETURNS_PER_ORDER;
use super::orders::relative_rate;
use super::{restatements, spoil};

/// The expected lines of each month, up to a common factor.
pub struct Plan {
    relative: Vec<f64>,
    /// Lines of the order process: those asked for without the bad and restated ones.
    ordered: f64,
}

impl Plan {
    pub fn new(company: &Company) -> Self {
        let relative = company.calendar.months.iter().map(|month| relative_lines(company, month)).collect();
        let extra = spoil::count_in_sales(&company.world) + restatements::count(&company.world);
        Self { relative, ordered: company.world.lines.saturating_sub(extra) as f64 }
    }

    /// The factor that leads from the lines already ordered to the lines asked for: each month makes up for the chance
    /// of the months before.
    pub fn scale(&self, month: &Month, ordered_so_far: u64) -> f64 {
        let rest: f64 = self.relative.iter().skip(month.index).sum();
        if rest > 0.0 { (self.ordered - ordered_so_far as f64).max(0.0) / rest } else { 0.0 }
    }

    /// The lines to expect in a month.
    pub fn lines(&self, month: &Month, scale: f64) -> f64 {
        scale * self.relative.get(month.index).copied().unwrap_or(0.0)
    }
}

fn relative_lines(company: &Company, month: &Month) -> f64 {
    let lines = company.outlets.iter().map(|outlet| {
        let lines_per_order = outlet.habits.lines + LINES_OF_RETURNS_PER_ORDER;
        relative_rate(company, outlet, month) * outlet.life.active_days(month) * lines_per_order
    });
    lines.sum()
}
