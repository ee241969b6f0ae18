//! Dates and months from the bytes of a cell, in the formats that the job file lists.

use std::fmt::Write as _;

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, Datelike, Months, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use crate::model::failure::{Failure, Result};

/// Days from 0001-01-01 to 1970-01-01 in chrono's count.
const EPOCH: i32 = 719_163;
/// Spreadsheet serial 0; serials from 20000 (1954) to 80000 (2119) are taken for dates.
const SERIAL_ZERO: i32 = 693_594;

const YEARS: std::ops::RangeInclusive<i32> = 1800..=9999;

/// Formats that are tried in order.
#[derive(Debug, Clone)]
pub struct DateFormats(Vec<DateFormat>);

#[derive(Debug, Clone)]
enum DateFormat {
    /// ISO, yyyy/m/d, yyyymmdd, spreadsheet serials, Chinese dates; a time of day behind it is ignored.
    Auto,
    Pattern(Vec<Item<'static>>),
}

/// A month or a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSpan {
    /// First day, in days since 1970-01-01.
    pub first_day: i32,
    pub months: i64,
}

impl DateFormats {
    /// What formats with types of their own deliver.
    pub fn iso() -> Self {
        Self(vec![DateFormat::Auto])
    }

    /// Compiles the formats; `place` is their key in the job file.
    pub fn compile(formats: &[String], place: &str) -> Result<Self> {
        let refused = |trouble: String| {
            Failure::job_file(format!("{place}: {trouble}"))
                .hint("write it with strftime letters, such as \"%d.%m.%Y\", or \"auto\"")
        };
        if formats.is_empty() {
            return Err(refused("there is no date format".to_owned()));
        }
        let compile = |format: &String| match format.as_str() {
            "auto" => Ok(DateFormat::Auto),
            text => {
                pattern(text).map(DateFormat::Pattern).ok_or_else(|| refused(format!("\"{text}\" is no date format")))
            }
        };
        formats.iter().map(compile).collect::<Result<Vec<_>>>().map(Self)
    }

    /// Days since 1970-01-01 of the first format that fits; a month without a day is its last day.
    pub fn date(&self, text: &str) -> Option<i32> {
        self.0.iter().find_map(|format| match format {
            DateFormat::Auto if text.is_ascii() => auto_date(text.as_bytes()),
            DateFormat::Auto => wide_date(text),
            DateFormat::Pattern(items) => parsed(text, items).and_then(|parsed| pattern_date(&parsed)),
        })
    }

    /// The month or quarter of the first format that fits.
    pub fn month(&self, text: &str) -> Option<MonthSpan> {
        self.0.iter().find_map(|format| match format {
            DateFormat::Auto => auto_month(text).or_else(|| chinese_month(text)),
            DateFormat::Pattern(items) => parsed(text, items).and_then(|parsed| pattern_month(&parsed)),
        })
    }
}

/// The parts of a format; none where a day that it writes cannot be read back as a day or a month.
fn pattern(format: &str) -> Option<Vec<Item<'static>>> {
    let items = StrftimeItems::new(format).parse_to_owned().ok()?;
    let mut example = String::new();
    write!(example, "{}", DateTime::UNIX_EPOCH.format_with_items(items.iter())).ok()?;
    let found = parsed(&example, &items)?;
    (pattern_date(&found).is_some() || pattern_month(&found).is_some()).then_some(items)
}

fn parsed(text: &str, items: &[Item<'static>]) -> Option<Parsed> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, items.iter()).ok()?;
    Some(parsed)
}

fn pattern_date(parsed: &Parsed) -> Option<i32> {
    match (parsed.year(), parsed.month(), parsed.day()) {
        (Some(year), Some(month), None) => days(last_day(year, month)?),
        _ => days(parsed.to_naive_date().ok()?),
    }
}

fn pattern_month(parsed: &Parsed) -> Option<MonthSpan> {
    match (parsed.year(), parsed.quarter(), parsed.month()) {
        (Some(year), Some(quarter), None) => span(year, quarter * 3 - 2, 3),
        (Some(year), _, Some(month)) => span(year, month, 1),
        _ => parsed.to_naive_date().ok().and_then(|date| span(date.year(), date.month(), 1)),
    }
}

/// Full-width digits, or a Chinese date.
fn wide_date(text: &str) -> Option<i32> {
    let text: String = text.nfkc().collect();
    auto_date(text.trim().as_bytes()).or_else(|| chinese(text.trim()))
}

fn auto_date(text: &[u8]) -> Option<i32> {
    let end = text.iter().position(|byte| matches!(byte, b'T' | b' ')).unwrap_or(text.len());
    let day = text.get(..end)?;
    match day {
        [b'0'..=b'9', ..] if day.len() == 5 => serial(number(day)?),
        // With a time of day behind the point.
        [b'0'..=b'9', _, _, _, _, b'.', time @ ..] if is_digits(time) => serial(number(day.get(..5)?)?),
        [y @ .., m1, m2, d1, d2] if y.len() == 4 && number(day).is_some() => {
            date(number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
        }
        _ => separated(day),
    }
}

/// `2024年5月27日`; `日` or `号` may be left out.
fn chinese(text: &str) -> Option<i32> {
    let (year, rest) = text.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    let day = day.trim_end_matches(['日', '号']);
    date(number(year.trim().as_bytes())?, number(month.trim().as_bytes())?, number(day.trim().as_bytes())?)
}

/// `2024年5月`.
fn chinese_month(text: &str) -> Option<MonthSpan> {
    let (year, month) = text.strip_suffix('月')?.split_once('年')?;
    span(i32::try_from(number(year.trim().as_bytes())?).ok()?, number(month.trim().as_bytes())?, 1)
}

/// `yyyy-m-d` or `yyyy/m/d`, one or two digits each.
fn separated(day: &[u8]) -> Option<i32> {
    let sign = *day.get(4).filter(|sign| matches!(sign, b'-' | b'/'))?;
    let mut parts = day.split(|byte| *byte == sign);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || month.len() > 2 || day.len() > 2 {
        return None;
    }
    date(number(year)?, number(month)?, number(day)?)
}

/// `2024-05`, `2024/5`, `202405`, `2024Q2`, `2024-Q2`, `2024 2Q`, or any date.
fn auto_month(text: &str) -> Option<MonthSpan> {
    let (year, rest) = text.split_at_checked(4)?;
    let year = i32::try_from(number(year.as_bytes())?).ok()?;
    let rest = rest.trim_start_matches(['-', '/', ' ', '_']);
    if let Some(quarter) = rest.strip_prefix(['Q', 'q']).or_else(|| rest.strip_suffix(['Q', 'q'])) {
        let quarter = number(quarter.as_bytes()).filter(|quarter| (1..=4).contains(quarter))?;
        return span(year, quarter * 3 - 2, 3);
    }
    if (1..=2).contains(&rest.len()) {
        return span(year, number(rest.as_bytes())?, 1);
    }
    let date = NaiveDate::from_num_days_from_ce_opt(auto_date(text.as_bytes())? + EPOCH)?;
    span(date.year(), date.month(), 1)
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0_u32, |value, byte| match byte {
        b'0'..=b'9' => Some(value * 10 + u32::from(byte - b'0')),
        _ => None,
    })
}

fn is_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

fn serial(number: u32) -> Option<i32> {
    let days = i32::try_from(number).ok().filter(|days| (20_000..=80_000).contains(days))?;
    Some(SERIAL_ZERO + days - EPOCH)
}

fn date(year: u32, month: u32, day: u32) -> Option<i32> {
    days(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?)
}

/// A year of two digits, read as one of four, is no year of a sale or of a shop.
fn days(date: NaiveDate) -> Option<i32> {
    YEARS.contains(&date.year()).then(|| date.num_days_from_ce() - EPOCH)
}

fn last_day(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

fn span(year: i32, month: u32, months: i64) -> Option<MonthSpan> {
    Some(MonthSpan { first_day: days(NaiveDate::from_ymd_opt(year, month, 1)?)?, months })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> Option<i32> {
        days(NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    fn formats(formats: &[&str]) -> DateFormats {
        let formats: Vec<_> = formats.iter().map(|format| (*format).to_owned()).collect();
        DateFormats::compile(&formats, "sources.sales.dates").unwrap()
    }

    #[test]
    fn auto_knows_the_usual_forms() {
        let auto = DateFormats::iso();
        for text in
            ["2024-05-27", "2024/5/27", "20240527", "2024-05-27T00:00:00", "2024-05-27 13:01", "45439", "45439.54"]
        {
            assert_eq!(auto.date(text), day(2024, 5, 27), "{text}");
        }
        assert_eq!(auto.date("1970-01-01"), Some(0));
    }

    #[test]
    fn chinese_dates_and_full_width_digits() {
        let auto = DateFormats::iso();
        for text in ["2024年5月27日", "2024年05月27号", "２０２４-０５-２７", "2024 年 5 月 27 日"] {
            assert_eq!(auto.date(text), day(2024, 5, 27), "{text}");
        }
        assert_eq!(auto.date("2024年2月30日"), None);
        assert_eq!(auto.month("2024年5月").map(|span| span.months), Some(1));
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2024-02-30",
            "2023-02-29",
            "31.12.2024",
            "2024-13-01",
            "24-01-01",
            "",
            "2024-1-1-1",
            "123",
            "24年5月27日",
            "45439.",
            "45439.x",
        ] {
            assert_eq!(DateFormats::iso().date(text), None, "{text}");
        }
        assert_eq!(formats(&["%d.%m.%Y"]).date("27.05.24"), None);
    }

    #[test]
    fn listed_formats_are_tried_in_order() {
        let formats = formats(&["%d.%m.%Y", "%m/%d/%Y"]);
        assert_eq!(formats.date("27.05.2024"), day(2024, 5, 27));
        assert_eq!(formats.date("05/27/2024"), day(2024, 5, 27));
        assert_eq!(formats.date("2024-05-27"), None);
    }

    #[test]
    fn a_month_without_a_day_is_its_last_day() {
        assert_eq!(formats(&["%Y %B"]).date("2024 February"), day(2024, 2, 29));
    }

    #[test]
    fn months_and_quarters() {
        let auto = DateFormats::iso();
        let may = MonthSpan { first_day: day(2024, 5, 1).unwrap(), months: 1 };
        let second = MonthSpan { first_day: day(2024, 4, 1).unwrap(), months: 3 };
        for text in ["2024-05", "2024/5", "202405", "2024-05-27"] {
            assert_eq!(auto.month(text), Some(may), "{text}");
        }
        for text in ["2024Q2", "2024-Q2", "2024 2Q"] {
            assert_eq!(auto.month(text), Some(second), "{text}");
        }
        assert_eq!(formats(&["%Y %q"]).month("2024 2"), Some(second));
        assert_eq!(auto.month("2024-13"), None);
        assert_eq!(auto.month("2024Q5"), None);
    }

    proptest! {
        #[test]
        fn every_day_survives_being_written_and_read(number in -20_000_i32..60_000) {
            let text = NaiveDate::from_num_days_from_ce_opt(number + EPOCH).unwrap().to_string();
            prop_assert_eq!(DateFormats::iso().date(&text), Some(number));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,14}") {
            let _ = DateFormats::iso().date(&text);
            let _ = DateFormats::iso().month(&text);
        }
    }
}
