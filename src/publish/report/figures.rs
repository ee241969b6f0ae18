//! Numbers as people read them: money in whole units, from decimals and exact; shares in percent.

use crate::model::money::{Money, UNITS, grouped};

/// Where there is no value.
pub(super) const NOTHING: &str = "–";

/// Whole units, half away from zero.
pub(super) fn whole_units(amount: Money) -> i128 {
    (amount.0.abs() + UNITS / 2) / UNITS * amount.0.signum()
}

/// Whole cents, half away from zero: the numbers that the page's script formats.
pub(super) fn cents(amount: Money) -> i64 {
    i64::try_from(amount.rounded_to_cents().0 / (UNITS / 100)).unwrap_or(i64::MAX)
}

pub(super) fn units(value: i128) -> String {
    format!("{}{}", if value < 0 { "-" } else { "" }, grouped(value.unsigned_abs()))
}

pub(super) fn signed_units(value: i128) -> String {
    format!("{}{}", if value > 0 { "+" } else { "" }, units(value))
}

pub(super) fn whole(amount: Option<Money>) -> String {
    amount.map_or_else(|| NOTHING.to_owned(), |amount| units(whole_units(amount)))
}

pub(super) fn signed(amount: Money) -> String {
    signed_units(whole_units(amount))
}

pub(super) fn count(number: impl TryInto<i128>) -> String {
    number.try_into().map_or_else(|_| NOTHING.to_owned(), units)
}

pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| NOTHING.to_owned(), |share| format!("{:.1} %", share * 100.0))
}

pub(super) fn change(share: Option<f64>) -> String {
    format!("{}{}", if share.is_some_and(|share| share > 0.0) { "+" } else { "" }, percent(share))
}

pub(super) fn decimal(number: Option<f64>, digits: usize) -> String {
    number.map_or_else(|| NOTHING.to_owned(), |number| format!("{number:.digits$}"))
}

/// A share; nothing unless the whole is above zero.
pub(super) fn ratio(part: Money, whole: Money) -> Option<f64> {
    (whole.0 > 0).then(|| part.0 as f64 / whole.0 as f64)
}

/// The colour of a change.
pub(super) fn mood(change: Option<f64>) -> &'static str {
    match change {
        Some(change) if change > 0.0 => "up",
        Some(change) if change < 0.0 => "down",
        _ => "",
    }
}

/// Rounded as it is shown: rounding a rounded number once more would show another one.
pub(super) fn short(number: Option<f64>, digits: i32) -> Option<f64> {
    let scale = 10_f64.powi(digits);
    number.map(|number| (number * scale).round() / scale)
}

/// The part of a link behind `#` or between slashes.
pub(super) fn encoded(text: &str) -> String {
    let mut link = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            link.push(char::from(byte));
        } else {
            link.push_str(&format!("%{byte:02X}"));
        }
    }
    link
}

/// Leads to the page of a dealer within the report.
pub(super) fn dealer_link(dealer_id: &str) -> String {
    format!("#dealer-{}", encoded(dealer_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_rounded_half_away_from_zero() {
        assert_eq!(whole(Some(Money(12_345_000))), "1,235");
        assert_eq!(whole(Some(Money(-12_345_000))), "-1,235");
        assert_eq!(whole(Some(Money(-4_999))), "0");
        assert_eq!(whole(None), NOTHING);
        assert_eq!(signed(Money(15_000)), "+2");
        assert_eq!((cents(Money(150)), cents(Money(-150))), (2, -2));
    }

    #[test]
    fn shares_and_links() {
        assert_eq!(
            (change(Some(0.25)), change(Some(-0.25)), change(None)),
            ("+25.0 %".to_owned(), "-25.0 %".to_owned(), NOTHING.to_owned())
        );
        assert_eq!(ratio(Money(1), Money(0)), None);
        assert_eq!((short(Some(0.024_47), 3), short(None, 3)), (Some(0.024), None));
        assert_eq!(dealer_link("a b/东"), "#dealer-a%20b%2F%E4%B8%9C");
    }
}
