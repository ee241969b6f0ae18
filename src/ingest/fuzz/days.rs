//! Days and months of any text, and of text that was written from a day.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;
use proptest::sample::select;

use crate::ingest::dates::{DateFormats, MonthSpan};
use crate::ingest::fuzz::numbers::{full_width, text};
use crate::ingest::fuzz::runner::{KERNEL, hold};

/// A format of the job file, and how days are written that it has to read.
const DAYS: [(&str, &str); 16] = [
    ("auto", "%Y-%m-%d"),
    ("auto", "%Y-%-m-%-d"),
    ("auto", "%Y/%-m/%-d"),
    ("auto", "%Y%m%d"),
    ("auto", "%Y-%m-%dT%H:%M:%S"),
    ("auto", "%Y/%m/%d %H:%M"),
    ("auto", "%Y年%-m月%-d日"),
    ("auto", "%Y年%m月%d号"),
    ("auto", "%Y 年 %-m 月 %-d 日"),
    ("%d.%m.%Y", "%d.%m.%Y"),
    ("%m/%d/%Y", "%-m/%-d/%Y"),
    ("%d-%b-%Y", "%d-%b-%Y"),
    ("%B %d, %Y", "%B %d, %Y"),
    ("%d %B %Y", "%d %B %Y"),
    ("%Y.%m.%d", "%Y.%m.%d"),
    ("%d%m%Y", "%d%m%Y"),
];
const MONTHS: [(&str, &str); 8] = [
    ("auto", "%Y-%m"),
    ("auto", "%Y/%-m"),
    ("auto", "%Y%m"),
    ("auto", "%Y-%m-%d"),
    ("auto", "%Y年%-m月"),
    ("%B %Y", "%B %Y"),
    ("%b-%Y", "%b-%Y"),
    ("%m.%Y", "%m.%Y"),
];
const QUARTERS: [&str; 6] = ["Q", "-Q", " Q", "q", "/Q", "_Q"];
/// Formats that no round trip is made through.
const OTHERS: [&str; 4] = ["%Y %q", "%G-W%V-%u", "%j %Y", "%y%m%d"];

/// The serials that are taken for days: 1954 to 2119.
const SERIALS: RangeInclusive<i32> = 20_000..=80_000;

/// The day of a serial, and its count from 1970.
fn day_of(serial: i32) -> (NaiveDate, i32) {
    (NaiveDate::from_num_days_from_ce_opt(serial + 693_594).unwrap(), serial - 25_569)
}

fn shown(day: NaiveDate, pattern: &str) -> String {
    day.and_hms_opt(13, 1, 5).unwrap().format(pattern).to_string()
}

fn formats(rule: &str) -> DateFormats {
    DateFormats::compile(&[rule.to_owned()], "sources.sales.dates").unwrap()
}

#[test]
fn days_survive_every_form() {
    let auto = DateFormats::iso();
    hold(KERNEL, &(SERIALS, select(DAYS.to_vec())), |(serial, (rule, pattern))| {
        let (day, number) = day_of(serial);
        let text = shown(day, pattern);
        prop_assert_eq!(formats(rule).date(&text), Some(number), "{}", text);
        prop_assert_eq!(auto.date(&serial.to_string()), Some(number));
        prop_assert_eq!(auto.date(&full_width(&day.to_string())), Some(number));
        Ok(())
    });
}

#[test]
fn months_survive_every_form() {
    hold(KERNEL, &(SERIALS, select(MONTHS.to_vec())), |(serial, (rule, pattern))| {
        let (day, number) = day_of(serial);
        let text = shown(day, pattern);
        let span = MonthSpan { first_day: number - day.day0().cast_signed(), months: 1 };
        prop_assert_eq!(formats(rule).month(&text), Some(span), "{}", text);
        Ok(())
    });
}

#[test]
fn quarters_survive_every_form() {
    let (auto, listed) = (DateFormats::iso(), formats("%Y %q"));
    hold(KERNEL, &(SERIALS, select(QUARTERS.to_vec())), |(serial, sign)| {
        let (day, number) = day_of(serial);
        let (year, quarter) = (day.year(), day.month0() / 3 + 1);
        let first = NaiveDate::from_ymd_opt(year, quarter * 3 - 2, 1).unwrap();
        let first_day = number - i32::try_from((day - first).num_days()).unwrap();
        let span = Some(MonthSpan { first_day, months: 3 });
        prop_assert_eq!(auto.month(&format!("{year}{sign}{quarter}")), span, "{}{}{}", year, sign, quarter);
        prop_assert_eq!(auto.month(&format!("{year} {quarter}Q")), span);
        prop_assert_eq!(listed.month(&format!("{year} {quarter}")), span);
        Ok(())
    });
}

#[test]
fn no_text_is_too_much_for_a_day() {
    let rules: Vec<&str> = DAYS.into_iter().chain(MONTHS).map(|(rule, _)| rule).chain(OTHERS).collect();
    hold(KERNEL, &(select(rules), text()), |(rule, text)| {
        let (formats, text) = (formats(rule), String::from_utf8_lossy(&text));
        let _ = (formats.date(&text), formats.month(&text));
        Ok(())
    });
}
