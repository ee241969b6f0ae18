//! Amounts and counts from the bytes of a cell, exactly and strictly: a sign in the wrong place is an error, not a guess.

use unicode_normalization::UnicodeNormalization;

use crate::config::SourceSection;
use crate::model::money::{LIMIT, SCALE};
use crate::model::reason::Reason;

/// How numbers are written in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberFormat {
    decimal: u8,
    thousands: Option<u8>,
}

/// A decimal in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub units: i128,
    /// More than four fraction digits were there and were rounded, half away from zero.
    pub rounded: bool,
}

/// Digits of a number before scaling.
struct Digits {
    negative: bool,
    mantissa: i128,
    fraction_digits: u32,
}

/// More digits than any amount has; keeps the mantissa far from overflow.
const MOST_DIGITS: u32 = 30;

/// An amount of so many digits is below the limit, and in ten-thousandths in the range of 64 bits.
const SHORT_DIGITS: usize = 14;
/// Ten-thousandths in a unit of the last digit, by digits behind the decimal sign.
const UNITS: [i64; 5] = [10_000, 1_000, 100, 10, 1];

impl NumberFormat {
    /// `1234.5`, without thousands.
    pub const PLAIN: Self = Self { decimal: b'.', thousands: None };

    pub fn of(section: &SourceSection) -> Self {
        let first = |text: &str| text.bytes().next();
        Self { decimal: first(&section.decimal).unwrap_or(b'.'), thousands: first(&section.thousands) }
    }

    /// Reads a decimal, however its sign, currency or percent is written, and multiplies it; `refusal` is the reason to give for text that is no number.
    pub fn decimal(&self, text: &[u8], times: i64, refusal: Reason) -> Result<Decimal, Reason> {
        if let (1, Some(units)) = (times, self.short(text)) {
            return Ok(Decimal { units: i128::from(units), rounded: false });
        }
        let digits = self.digits(text).or_else(|| self.dressed_digits(text)).ok_or(refusal)?;
        let product = digits.mantissa.checked_mul(i128::from(times)).ok_or(Reason::AmountTooLarge)?;
        let (scaled, rounded) = rescale(product, digits.fraction_digits).ok_or(Reason::AmountTooLarge)?;
        if scaled.unsigned_abs() >= LIMIT.unsigned_abs() {
            return Err(Reason::AmountTooLarge);
        }
        Ok(Decimal { units: if digits.negative { -scaled } else { scaled }, rounded })
    }

    /// Ten-thousandths of the usual form, at once: a minus or none, at most 14 digits, at most four of them behind the decimal
    /// sign. Whatever is not so plain has to be looked at with care.
    fn short(&self, text: &[u8]) -> Option<i64> {
        let (negative, body) = text.strip_prefix(b"-").map_or((false, text), |body| (true, body));
        let (mut digits, mut whole, mut mantissa) = (0, None, 0_i64);
        for byte in body {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    mantissa = mantissa.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
                }
                sign if *sign == self.decimal && whole.is_none() => whole = Some(digits),
                _ => return None,
            }
        }
        let fraction = digits - whole.unwrap_or(digits);
        let scale = UNITS.get(fraction).filter(|_| (1..=SHORT_DIGITS).contains(&digits))?;
        Some(if negative { -mantissa * scale } else { mantissa * scale })
    }

    /// Reads a whole number of zero or more; `12.0` is whole, `12.5` is not.
    pub fn count(&self, text: &[u8], times: i64) -> Result<i64, Reason> {
        let decimal = self.decimal(text, times, Reason::BadInteger)?;
        let whole = decimal.units / 10_000;
        match (decimal.rounded || decimal.units % 10_000 != 0, i64::try_from(whole)) {
            (true, _) | (_, Err(_)) => Err(Reason::BadInteger),
            (false, Ok(count)) if count < 0 => Err(Reason::NegativeCount),
            (false, Ok(count)) => Ok(count),
        }
    }

    /// `(1,234.50)`, `1234.50-`, `-$1,234.50`, `EUR 1234.50`, `1234.50 元`, `12 %`, full-width digits.
    fn dressed_digits(&self, text: &[u8]) -> Option<Digits> {
        // The minus of mathematics is no compatibility form of the usual one.
        let text: String =
            std::str::from_utf8(text).ok()?.nfkc().map(|sign| if sign == '\u{2212}' { '-' } else { sign }).collect();
        let (text, in_parentheses) = undress(&text, |text| text.strip_prefix('(')?.strip_suffix(')'));
        let (text, leads_minus) = undress(text, |text| text.strip_prefix('-'));
        let (text, has_currency) = undress(text, strip_currency);
        let (text, is_percent) = undress(text, |text| text.strip_suffix('%'));
        let (text, trails_minus) = undress(text, |text| text.strip_suffix('-'));
        let (text, has_another) = undress(text, strip_currency);
        let digits = self.digits(text.as_bytes()).filter(|_| !(has_currency && has_another))?;
        // Two signs contradict each other or are a slip: nobody can tell.
        let minuses = [in_parentheses, leads_minus, trails_minus, digits.negative];
        let negative = match minuses.into_iter().filter(|minus| *minus).count() {
            0 => false,
            1 => true,
            _ => return None,
        };
        let fraction_digits = digits.fraction_digits + if is_percent { 2 } else { 0 };
        Some(Digits { negative, fraction_digits, ..digits })
    }

    fn digits(&self, text: &[u8]) -> Option<Digits> {
        let (negative, body) = match text.split_first()? {
            (b'-', rest) => (true, rest),
            (b'+', rest) => (false, rest),
            _ => (false, text),
        };
        let mut halves = body.splitn(2, |byte| *byte == self.decimal);
        let (whole, fraction) = (halves.next()?, halves.next().unwrap_or_default());
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mantissa = fold_digits(self.fold_whole(whole)?, fraction)?;
        let fraction_digits = u32::try_from(fraction.len()).ok()?;
        Some(Digits { negative, mantissa, fraction_digits })
    }

    /// The digits before the decimal sign; groups behind a thousands sign have exactly three.
    fn fold_whole(&self, whole: &[u8]) -> Option<i128> {
        let Some(sign) = self.thousands.filter(|sign| whole.contains(sign)) else {
            return fold_digits(0, whole);
        };
        let mut groups = whole.split(|byte| *byte == sign);
        let first = groups.next().filter(|group| (1..=3).contains(&group.len()))?;
        groups.try_fold(
            fold_digits(0, first)?,
            |value, group| {
                if group.len() == 3 { fold_digits(value, group) } else { None }
            },
        )
    }
}

/// Signs and codes of currencies, in front or behind.
const CURRENCIES: [&str; 18] =
    ["$", "€", "£", "¥", "₹", "₩", "元", "USD", "EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "INR", "KRW", "HKD", "SGD"];

/// The text without something around it, if that is there.
fn undress(text: &str, strip: impl Fn(&str) -> Option<&str>) -> (&str, bool) {
    let text = text.trim();
    strip(text).map_or((text, false), |inner| (inner.trim(), true))
}

fn strip_currency(text: &str) -> Option<&str> {
    CURRENCIES.iter().find_map(|currency| text.strip_prefix(currency).or_else(|| text.strip_suffix(currency)))
}

fn fold_digits(start: i128, digits: &[u8]) -> Option<i128> {
    if digits.len() > MOST_DIGITS as usize {
        return None;
    }
    digits.iter().try_fold(start, |value, byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(i128::from(byte - b'0')),
        _ => None,
    })
}

/// Brings a mantissa to four fraction digits; half rounds away from zero.
fn rescale(mantissa: i128, fraction_digits: u32) -> Option<(i128, bool)> {
    let scale = u32::from(SCALE.unsigned_abs());
    if fraction_digits <= scale {
        return Some((mantissa.checked_mul(10_i128.checked_pow(scale - fraction_digits)?)?, false));
    }
    let divisor = 10_i128.checked_pow(fraction_digits - scale)?;
    let (quotient, remainder) = (mantissa / divisor, (mantissa % divisor).abs());
    let away = if remainder * 2 >= divisor { mantissa.signum() } else { 0 };
    Some((quotient + away, remainder != 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GERMAN: NumberFormat = NumberFormat { decimal: b',', thousands: Some(b'.') };
    const ENGLISH: NumberFormat = NumberFormat { decimal: b'.', thousands: Some(b',') };

    fn units(format: NumberFormat, text: &str) -> Result<i128, Reason> {
        format.decimal(text.as_bytes(), 1, Reason::BadAmount).map(|decimal| decimal.units)
    }

    #[test]
    fn reads_plain_and_grouped_amounts() {
        assert_eq!(units(NumberFormat::PLAIN, "12.5"), Ok(125_000));
        assert_eq!(units(NumberFormat::PLAIN, "-.5"), Ok(-5_000));
        assert_eq!(units(ENGLISH, "1,234,567.89"), Ok(12_345_678_900));
        assert_eq!(units(GERMAN, "1.234,56"), Ok(12_345_600));
    }

    #[test]
    fn an_amount_under_the_wrong_setting_is_refused_not_guessed() {
        for text in ["1.234,56", "12,50", "1,23", "1e5", "", "-", ".", "1 000", "0x10", "NaN", "--1", "1.2.3"] {
            assert_eq!(units(ENGLISH, text), Err(Reason::BadAmount), "{text}");
        }
        assert_eq!(units(NumberFormat::PLAIN, "1,234"), Err(Reason::BadAmount));
    }

    #[test]
    fn signs_currencies_and_percents_are_understood() {
        for text in
            ["(1,234.50)", "1,234.50-", "-$1,234.50", "$-1,234.50", "(€1,234.50)", "USD -1,234.50", "（1,234.50）"]
        {
            assert_eq!(units(ENGLISH, text), Ok(-12_345_000), "{text}");
        }
        for text in ["¥1234.5", "1234.5元", "１２３４．５", "EUR 1,234.50", "123450%"] {
            assert_eq!(units(ENGLISH, text), Ok(12_345_000), "{text}");
        }
        for text in ["(-5)", "-5-", "(5-)", "$", "()", "%", "5 5", "$€5"] {
            assert_eq!(units(ENGLISH, text), Err(Reason::BadAmount), "{text}");
        }
    }

    #[test]
    fn extra_digits_round_half_away_from_zero_and_are_marked() {
        let read = |text: &str| NumberFormat::PLAIN.decimal(text.as_bytes(), 1, Reason::BadAmount).unwrap();
        assert_eq!(read("0.00005"), Decimal { units: 1, rounded: true });
        assert_eq!(read("-0.00005"), Decimal { units: -1, rounded: true });
        assert_eq!(read("0.00004"), Decimal { units: 0, rounded: true });
        assert_eq!(read("0.10000"), Decimal { units: 1_000, rounded: false });
    }

    #[test]
    fn fifteen_digits_before_the_sign_are_too_many() {
        assert_eq!(units(NumberFormat::PLAIN, "99999999999999"), Ok(999_999_999_999_990_000));
        assert_eq!(units(NumberFormat::PLAIN, "100000000000000"), Err(Reason::AmountTooLarge));
    }

    #[test]
    fn counts_are_whole_and_not_negative() {
        assert_eq!(NumberFormat::PLAIN.count(b"12.0", 1), Ok(12));
        assert_eq!(NumberFormat::PLAIN.count(b"12.5", 1), Err(Reason::BadInteger));
        assert_eq!(NumberFormat::PLAIN.count(b"-1", 1), Err(Reason::NegativeCount));
    }

    proptest! {
        #[test]
        fn the_quick_way_and_the_careful_one_agree(text in "-{0,2}[0-9]{0,16}[.,]{0,2}[0-9]{0,6}") {
            for format in [ENGLISH, GERMAN, NumberFormat::PLAIN] {
                let careful = format.digits(text.as_bytes()).and_then(|digits| {
                    let (units, rounded) = rescale(digits.mantissa, digits.fraction_digits)?;
                    (!rounded).then_some(if digits.negative { -units } else { units })
                });
                if let Some(units) = format.short(text.as_bytes()) {
                    prop_assert_eq!(careful, Some(i128::from(units)));
                }
            }
        }

        #[test]
        fn every_amount_survives_being_written_and_read(amount in -999_999_999_999_999_999_i128..1_000_000_000_000_000_000) {
            let sign = if amount < 0 { "-" } else { "" };
            let text = format!("{sign}{}.{:04}", amount.abs() / 10_000, amount.abs() % 10_000);
            prop_assert_eq!(units(NumberFormat::PLAIN, &text), Ok(amount));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60), times in any::<i64>()) {
            let _ = ENGLISH.decimal(&bytes, times, Reason::BadAmount);
            let _ = GERMAN.count(&bytes, times);
        }
    }
}
