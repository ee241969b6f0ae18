//! What a cell of a spreadsheet says, as the text that a careful CSV export of it would have; and what marks a row that
//! is no record.

use std::borrow::Cow;
use std::ops::Range;

use calamine::{Data, ExcelDateTime};

use crate::model::reason::Reason;

/// From here on a spreadsheet rounds whole numbers: it keeps 15 digits.
const FIRST_ROUNDED: f64 = 1e15;
const FIRST_ROUNDED_WHOLE: u64 = 1_000_000_000_000_000;
/// What is smaller is left by sums that should be zero, such as 0.1 + 0.2 - 0.3.
const DUST: f64 = 1e-12;
/// Serials of days: less than one is a time of day, and behind them the calendar of spreadsheets ends with 9999.
const DAYS: Range<f64> = 1.0..2_958_466.0;

/// How errors are written where a format stores them as text.
const ERRORS: [&str; 11] = [
    "#N/A",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#DATA!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

/// Words that begin a line of totals; a name that goes on with more letters, such as Summit, does not.
const TOTAL_WORDS: [&str; 11] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "subtotal",
    "sub-total",
    "summe",
    "zwischensumme",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
];
/// The same in Chinese, which puts no blank between words.
const TOTAL_SIGNS: [&str; 6] = ["合计", "总计", "小计", "合計", "總計", "小計"];

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetCell<'a> {
    pub text: Cow<'a, str>,
    /// The spreadsheet holds a number or a day: the text is a plain decimal or an ISO date.
    pub native: bool,
    /// Why no record may hold this cell.
    pub fault: Option<Reason>,
}

impl<'a> SheetCell<'a> {
    pub fn of(data: &'a Data) -> Self {
        match data {
            Data::Empty => Self::text(""),
            Data::String(text) => Self::text(text.trim()),
            Data::DurationIso(text) => Self::text(text),
            Data::Bool(value) => Self::text(if *value { "true" } else { "false" }),
            Data::Int(value) => Self::native(value.to_string(), value.unsigned_abs() >= FIRST_ROUNDED_WHOLE),
            Data::Float(value) => Self::number(*value),
            Data::DateTime(moment) => Self::moment(moment),
            Data::DateTimeIso(text) => Self::native(text.chars().take("2024-05-27".len()).collect(), false),
            Data::Error(error) => {
                Self { text: Cow::Owned(error.to_string()), native: false, fault: Some(Reason::ErrorCell) }
            }
        }
    }

    fn text(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), native: false, fault: is_error(text).then_some(Reason::ErrorCell) }
    }

    fn native(text: String, rounded: bool) -> Self {
        Self { text: Cow::Owned(text), native: true, fault: rounded.then_some(Reason::DamagedId) }
    }

    fn number(value: f64) -> Self {
        Self::native(number_text(value), value.abs() >= FIRST_ROUNDED)
    }

    /// A moment is cut to its day. What is no day of the calendar stays the number that it is, which no date column takes.
    fn moment(moment: &ExcelDateTime) -> Self {
        if moment.is_duration() || !DAYS.contains(&moment.as_f64()) {
            return Self::number(moment.as_f64());
        }
        let (year, month, day, ..) = moment.to_ymd_hms_milli();
        Self::native(format!("{year:04}-{month:02}-{day:02}"), false)
    }
}

/// A number with the 15 digits that spreadsheets show: what follows them, as in 0.30000000000000004, is noise of their
/// arithmetic.
pub fn number_text(value: f64) -> String {
    if value.abs() < DUST {
        return "0".to_owned();
    }
    let shown = if value.abs() < FIRST_ROUNDED { format!("{value:.14e}").parse().unwrap_or(value) } else { value };
    shown.to_string()
}

fn is_error(text: &str) -> bool {
    ERRORS.contains(&text) || text.strip_prefix("Err:").is_some_and(all_digits)
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the first text of a row says that the row adds up others.
pub fn begins_a_total(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let is_whole = |rest: &str| !rest.starts_with(char::is_alphabetic);
    TOTAL_SIGNS.iter().any(|sign| text.starts_with(*sign))
        || TOTAL_WORDS.iter().any(|word| text.strip_prefix(*word).is_some_and(is_whole))
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType};

    use super::*;

    fn day(serial: f64, is_1904: bool) -> String {
        let data = Data::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904));
        let cell = SheetCell::of(&data);
        assert!(cell.native);
        cell.text.into_owned()
    }

    fn fault(data: &Data) -> Option<Reason> {
        SheetCell::of(data).fault
    }

    fn text(text: &str) -> Data {
        Data::String(text.to_owned())
    }

    #[test]
    fn numbers_are_plain_decimals_without_the_noise_of_binary_fractions() {
        let cases = [
            (7.0, "7"),
            (-1234.5, "-1234.5"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (0.1 + 0.2 - 0.3, "0"),
            (0.000_000_1, "0.0000001"),
            (99_999_999_999.999_9, "99999999999.9999"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1000000000000000"),
            (1e21, "1000000000000000000000"),
        ];
        for (value, expected) in cases {
            assert_eq!(number_text(value), expected);
        }
    }

    #[test]
    fn both_date_systems_give_the_same_day() {
        assert_eq!(day(45_439.0, false), "2024-05-27");
        assert_eq!(day(45_439.75, false), "2024-05-27");
        assert_eq!(day(43_977.0, true), "2024-05-27");
    }

    #[test]
    fn times_and_what_lies_outside_the_calendar_stay_numbers() {
        assert_eq!(day(0.5, false), "0.5");
        assert_eq!(day(-3.0, false), "-3");
        assert_eq!(day(3e6, false), "3000000");
        let hours = Data::DateTime(ExcelDateTime::new(45_439.0, ExcelDateTimeType::TimeDelta, false));
        assert_eq!(SheetCell::of(&hours).text, "45439");
    }

    #[test]
    fn days_in_iso_lose_their_time() {
        let data = Data::DateTimeIso("2024-05-27T12:30:00".to_owned());
        assert_eq!(SheetCell::of(&data), SheetCell { text: "2024-05-27".into(), native: true, fault: None });
    }

    #[test]
    fn text_is_trimmed_and_has_no_type() {
        let data = text("\u{a0} D1 ");
        assert_eq!(SheetCell::of(&data), SheetCell { text: "D1".into(), native: false, fault: None });
    }

    #[test]
    fn errors_are_faults_also_as_text() {
        assert_eq!(fault(&Data::Error(CellErrorType::NA)), Some(Reason::ErrorCell));
        for error in ["#N/A", " #DIV/0! ", "Err:502"] {
            assert_eq!(fault(&text(error)), Some(Reason::ErrorCell), "{error}");
        }
        for harmless in ["#1 Shop", "N/A", "Err: none", "#"] {
            assert_eq!(fault(&text(harmless)), None, "{harmless}");
        }
    }

    #[test]
    fn numbers_beyond_what_a_spreadsheet_keeps_are_faults() {
        for rounded in [Data::Float(1e15), Data::Float(-1.5e17), Data::Int(1_000_000_000_000_000)] {
            assert_eq!(fault(&rounded), Some(Reason::DamagedId), "{rounded:?}");
        }
        assert_eq!(fault(&Data::Float(999_999_999_999_999.0)), None);
    }

    #[test]
    fn totals_begin_with_their_word_and_names_may_begin_alike() {
        for total in ["Total", " TOTAL: 12 ", "Grand total May", "Sum", "Subtotal D1", "Summe", "合计金额"] {
            assert!(begins_a_total(total), "{total}");
        }
        for name in ["Totally Fresh", "Summit Foods", "Sumner", "Gesamtschule", "D1", ""] {
            assert!(!begins_a_total(name), "{name}");
        }
    }
}
