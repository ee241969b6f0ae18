//! Numbers of any text, and of text that was written from a number.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::ingest::fuzz::pieces::value;
use crate::ingest::fuzz::rules::{SIGNS, signed};
use crate::ingest::fuzz::runner::{KERNEL, hold};
use crate::ingest::numbers::{Decimal, NumberFormat};
use crate::model::money::grouped;
use crate::model::reason::Reason;

/// What may stand around the digits of a negative amount.
const NEGATIVE: [(&str, &str); 10] = [
    ("-", ""),
    ("", "-"),
    ("(", ")"),
    ("$-", ""),
    ("-$", ""),
    ("EUR -", ""),
    ("-", " 元"),
    ("(¥", ")"),
    ("", "- CHF"),
    ("（", "）"),
];
const POSITIVE: [(&str, &str); 7] = [("", ""), ("+", ""), ("$", ""), ("EUR ", ""), ("", " 元"), ("", "€"), ("￥", "")];

/// Any text: values as they are, pieces put together, and random characters and bytes.
pub fn text() -> impl Strategy<Value = Vec<u8>> {
    let signs = ["-", "+", "(", ")", "%", "$", "元", ".", ",", "'", " ", "\u{3000}", "年", "月", "Q", "/", "E+"];
    let part = prop_oneof![value(), select(signs.to_vec()), Just("0"), Just("9")];
    prop_oneof![
        2 => value().prop_map(|text| text.as_bytes().to_vec()),
        4 => vec(part, 0..8).prop_map(|parts| parts.concat().into_bytes()),
        1 => vec(any::<char>(), 0..12).prop_map(|characters| String::from_iter(characters).into_bytes()),
        1 => vec(any::<u8>(), 0..40),
    ]
}

#[test]
fn no_text_is_too_much_for_a_number() {
    let times = prop_oneof![Just(1_i64), Just(-1_000_i64), any::<i64>()];
    hold(KERNEL, &(select(SIGNS.to_vec()), text(), times), |(signs, text, times)| {
        let format = NumberFormat::of(&signed(signs));
        if let Ok(decimal) = format.decimal(&text, times, Reason::BadAmount) {
            prop_assert!(decimal.units.unsigned_abs() < 10_u128.pow(18), "{}", decimal.units);
        }
        if let Ok(count) = format.count(&text, times) {
            prop_assert!(count >= 0, "{}", count);
        }
        Ok(())
    });
}

/// An amount with its groups and four decimals, and what people put around it.
fn dressed(units: i128, (decimal, thousands): (&str, &str), (before, behind): (&str, &str)) -> String {
    let (whole, fraction) = (units.unsigned_abs() / 10_000, units.unsigned_abs() % 10_000);
    let whole = grouped(whole).replace(',', thousands);
    format!("{before}{whole}{decimal}{fraction:04}{behind}")
}

/// The same text with the letters, digits and signs of a Chinese keyboard.
pub fn full_width(text: &str) -> String {
    let wide = |character: char| match character {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(character) + 0xFEE0).unwrap(),
        other => other,
    };
    text.chars().map(wide).collect()
}

#[test]
fn amounts_survive_every_way_to_write_their_sign() {
    let units = -999_999_999_999_999_999_i128..1_000_000_000_000_000_000;
    let clothes = (select(NEGATIVE.to_vec()), select(POSITIVE.to_vec()));
    hold(KERNEL, &(units, select(SIGNS.to_vec()), clothes), |(units, signs, (negative, positive))| {
        let format = NumberFormat::of(&signed(signs));
        let text = dressed(units, signs, if units < 0 { negative } else { positive });
        for text in [full_width(&text), text] {
            let read = format.decimal(text.as_bytes(), 1, Reason::BadAmount);
            prop_assert_eq!(read, Ok(Decimal { units, rounded: false }), "{}", text);
        }
        Ok(())
    });
}

#[test]
fn percents_and_factors_are_exact() {
    hold(KERNEL, &(-99_999_999_i128..100_000_000, 1_i64..1_000), |(units, times)| {
        let (sign, size) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
        let text = format!("{sign}{}.{:02} %", size / 100, size % 100);
        let read = NumberFormat::PLAIN.decimal(text.as_bytes(), times, Reason::BadNumber);
        prop_assert_eq!(read, Ok(Decimal { units: units * i128::from(times), rounded: false }), "{}", text);
        Ok(())
    });
}
