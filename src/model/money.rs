//! Money: whole ten-thousandths in an `i128`, the same as Decimal128(18, 4) in Arrow.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

/// Digits before and after the decimal sign together.
pub const PRECISION: u8 = 18;
/// Digits after the decimal sign.
pub const SCALE: i8 = 4;
/// Units in one of the currency.
pub const UNITS: i128 = 10_000;
/// One more than the largest amount that 18 digits hold, in units.
pub const LIMIT: i128 = 1_000_000_000_000_000_000;

/// An amount in ten-thousandths of the currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i128);

impl Money {
    /// Reads what Arrow prints for a Decimal128 of scale 4, such as `-12.3400`.
    pub fn from_decimal_text(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0000"));
        let digits = format!("{whole}{fraction:0<4}");
        if fraction.len() <= 4 { digits.parse().ok().map(Self) } else { None }
    }

    /// Whole cents, half away from zero: for pages, never for sums.
    #[must_use]
    pub fn rounded_to_cents(self) -> Self {
        let cents = (self.0.abs() + 50) / 100 * 100;
        Self(cents * self.0.signum())
    }

    /// The plain text for machines: no thousands, always four decimals.
    pub fn plain(self) -> String {
        let (sign, units) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        format!("{sign}{}.{:04}", units / UNITS.unsigned_abs(), units % UNITS.unsigned_abs())
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Money {
    /// `1,234.50`: thousands by comma, at least two decimals, four when they are there.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let whole = grouped(units / UNITS.unsigned_abs());
        let fraction = format!("{:04}", units % UNITS.unsigned_abs());
        let shown = fraction.strip_suffix("00").unwrap_or(&fraction);
        formatter.pad(&format!("{sign}{whole}.{shown}"))
    }
}

/// Digits in groups of three: `1,234,567`.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_groups_and_as_many_decimals_as_needed() {
        assert_eq!(Money(804_505_969_800).to_string(), "80,450,596.98");
        assert_eq!(Money(-12_345).to_string(), "-1.2345");
        assert_eq!(Money(0).to_string(), "0.00");
    }

    #[test]
    fn cents_round_half_away_from_zero() {
        assert_eq!(Money(12_345).rounded_to_cents(), Money(12_300));
        assert_eq!(Money(-12_350).rounded_to_cents(), Money(-12_400));
    }

    #[test]
    fn plain_text_reads_back() {
        for units in [0, 1, -1, 12_345_678, -9_999] {
            assert_eq!(Money::from_decimal_text(&Money(units).plain()), Some(Money(units)));
        }
        assert_eq!(Money::from_decimal_text("12"), Some(Money(120_000)));
        assert_eq!(Money::from_decimal_text("x"), None);
    }
}
