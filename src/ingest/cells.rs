//! One column on its way into Arrow: finds its text in a row, parses it, appends it.

use std::borrow::Cow;

use ::csv::ByteRecord;
use unicode_normalization::UnicodeNormalization;

use arrow::array::{ArrayRef, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder};
use std::sync::Arc;

use crate::ingest::dates::DateFormats;
use crate::ingest::header::{Bound, Origin};
use crate::ingest::numbers::NumberFormat;
use crate::ingest::records::Nature;
use crate::model::failure::{Failure, Result};
use crate::model::money::{Money, PRECISION, SCALE};
use crate::model::reason::Reason;
use crate::model::source::{Column, Kind};

/// How the cells of one export are written.
pub struct Writing {
    pub dates: DateFormats,
    pub numbers: NumberFormat,
    /// For cells that have a type of their own.
    pub native_dates: DateFormats,
    pub nulls: Nulls,
}

/// The words that stand for an empty cell.
#[derive(Debug, Clone, Default)]
pub struct Nulls {
    words: Vec<Vec<u8>>,
    longest: usize,
}

impl Nulls {
    pub fn of(words: &[String]) -> Self {
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let longest = words.iter().map(Vec::len).max().unwrap_or_default();
        Self { words, longest }
    }

    /// Whether a trimmed text is one of them, or empty. Full-width words and blanks of other scripts are what they look like.
    #[inline]
    fn holds(&self, text: &[u8]) -> bool {
        match text.first() {
            None => true,
            // Most texts are longer than any of the words.
            Some(first) if first.is_ascii() && text.len() > self.longest => false,
            _ if text.is_ascii() => self.has_word(text),
            _ => std::str::from_utf8(text).is_ok_and(|wide| self.has_word(normal(wide).as_bytes())),
        }
    }

    fn has_word(&self, text: &[u8]) -> bool {
        text.is_empty() || self.words.iter().any(|word| word == text)
    }
}

impl Writing {
    /// Whether a cell of a row is empty or one of the NULL words.
    pub fn is_null(&self, cells: &ByteRecord, column: usize) -> bool {
        text_of(&Origin::Cell(column), cells, &self.nulls, &mut Vec::new()).is_none()
    }
}

/// What became of a cell. A struct, because an enum with an amount has a tag of 16 bytes, and to read that back right after
/// it was written costs more than most cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    content: Content,
    amount: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Empty,
    Decimal,
    RoundedDecimal,
    Other,
}

impl Parsed {
    const EMPTY: Self = Self::without_amount(Content::Empty);
    const OTHER: Self = Self::without_amount(Content::Other);

    const fn without_amount(content: Content) -> Self {
        Self { content, amount: Money(0) }
    }

    /// The amount of a decimal.
    pub fn amount(self) -> Option<Money> {
        matches!(self.content, Content::Decimal | Content::RoundedDecimal).then_some(self.amount)
    }

    pub fn is_rounded(self) -> bool {
        self.content == Content::RoundedDecimal
    }
}

/// Why a cell was refused, with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    pub raw: String,
}

/// A bound column and the values it has gathered.
pub struct Gatherer {
    pub column: Column,
    origin: Origin,
    dates: Option<DateFormats>,
    times: i64,
    values: Values,
}

enum Values {
    Text(StringBuilder),
    Date(Date32Builder, LastDate),
    Month(Date32Builder, Int64Builder),
    Decimal(Decimal128Builder),
    Count(Int64Builder),
}

impl Gatherer {
    /// `place` names the column in the job file.
    pub fn new(bound: Bound, place: &str) -> Result<Self> {
        let dates = match &bound.mapping.format {
            Some(format) => Some(DateFormats::compile(std::slice::from_ref(format), place)?),
            None => None,
        };
        let values = Values::for_kind(bound.column.kind).map_err(|error| Failure::defect(error.to_string()))?;
        let times = bound.mapping.times.unwrap_or(1);
        Ok(Self { column: bound.column, origin: bound.origin, dates, times, values })
    }

    /// Appends the column's value of a row. A refused cell appends NULL, so that all columns keep the same length.
    pub fn append(
        &mut self,
        cells: &ByteRecord,
        nature: impl Fn(usize) -> Nature,
        writing: &Writing,
    ) -> std::result::Result<Parsed, Refusal> {
        let mut joined = Vec::new();
        let text = text_of(&self.origin, cells, &writing.nulls, &mut joined);
        // Only ids are harmed by rounding: a large amount is judged as an amount.
        let matters = |reason: &Reason| *reason != Reason::DamagedId || self.column.kind == Kind::Text;
        let fault = |place: &usize| nature(*place).fault.filter(matters).map(|reason| (*place, reason));
        if let Some((place, reason)) = self.origin.cells().iter().find_map(fault) {
            self.values.append_null();
            return Err(Refusal {
                reason,
                raw: String::from_utf8_lossy(cells.get(place).unwrap_or_default()).into_owned(),
            });
        }
        let native = matches!(self.origin, Origin::Cell(place) if nature(place).is_native);
        let result = self.values.append(
            text,
            self.column.required,
            &Reading {
                is_native: native,
                dates: if native { &writing.native_dates } else { self.dates.as_ref().unwrap_or(&writing.dates) },
                numbers: if native { NumberFormat::PLAIN } else { writing.numbers },
                times: self.times,
                refusal: if self.column.kind == Kind::Money { Reason::BadAmount } else { Reason::BadNumber },
            },
        );
        result.map_err(|reason| {
            self.values.append_null();
            Refusal { reason, raw: String::from_utf8_lossy(text.unwrap_or_default()).into_owned() }
        })
    }

    /// The gathered values as arrays, and starts anew.
    pub fn finish(&mut self) -> Vec<ArrayRef> {
        match &mut self.values {
            Values::Text(builder) => vec![Arc::new(builder.finish())],
            Values::Date(builder, _) => vec![Arc::new(builder.finish())],
            Values::Month(first, months) => vec![Arc::new(first.finish()), Arc::new(months.finish())],
            Values::Decimal(builder) => vec![Arc::new(builder.finish())],
            Values::Count(builder) => vec![Arc::new(builder.finish())],
        }
    }
}

/// What turns text into a value.
struct Reading<'a> {
    is_native: bool,
    dates: &'a DateFormats,
    numbers: NumberFormat,
    times: i64,
    refusal: Reason,
}

/// The date of the row before: rows of a day stand together, and to compare ten letters is quicker than to read them.
#[derive(Default)]
struct LastDate {
    text: String,
    day: i32,
}

impl LastDate {
    /// Days since 1970; `None` is no date.
    fn day(&mut self, text: &str, reading: &Reading<'_>) -> Option<i32> {
        // A cell with a type of its own is read by other rules.
        if reading.is_native {
            return reading.dates.date(text);
        }
        if self.text != text {
            self.day = reading.dates.date(text)?;
            self.text.clear();
            self.text.push_str(text);
        }
        Some(self.day)
    }
}

impl Values {
    fn for_kind(kind: Kind) -> std::result::Result<Self, arrow::error::ArrowError> {
        Ok(match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Date => Self::Date(Date32Builder::new(), LastDate::default()),
            Kind::Month => Self::Month(Date32Builder::new(), Int64Builder::new()),
            Kind::Money | Kind::Number => {
                Self::Decimal(Decimal128Builder::new().with_precision_and_scale(PRECISION, SCALE)?)
            }
            Kind::Count => Self::Count(Int64Builder::new()),
        })
    }

    fn append(
        &mut self,
        text: Option<&[u8]>,
        required: bool,
        reading: &Reading<'_>,
    ) -> std::result::Result<Parsed, Reason> {
        let Some(text) = text else {
            return if required { Err(Reason::MissingValue) } else { Ok(self.append_empty()) };
        };
        if text.contains(&0) {
            return Err(Reason::NulByte);
        }
        let text = std::str::from_utf8(text).map_err(|_| Reason::InvalidUtf8)?;
        self.append_text(text, reading)
    }

    fn append_text(&mut self, text: &str, reading: &Reading<'_>) -> std::result::Result<Parsed, Reason> {
        match self {
            Self::Text(_) if is_rounded_id(text) => return Err(Reason::DamagedId),
            Self::Text(builder) => builder.append_value(normal(text).as_ref()),
            Self::Date(builder, last) => builder.append_value(last.day(text, reading).ok_or(Reason::BadDate)?),
            Self::Month(first, months) => {
                let span = reading.dates.month(text).ok_or(Reason::BadMonth)?;
                first.append_value(span.first_day);
                months.append_value(span.months);
            }
            Self::Decimal(builder) => {
                let decimal = reading.numbers.decimal(text.as_bytes(), reading.times, reading.refusal)?;
                builder.append_value(decimal.units);
                let content = if decimal.rounded { Content::RoundedDecimal } else { Content::Decimal };
                return Ok(Parsed { content, amount: Money(decimal.units) });
            }
            Self::Count(builder) => builder.append_value(reading.numbers.count(text.as_bytes(), reading.times)?),
        }
        Ok(Parsed::OTHER)
    }

    fn append_empty(&mut self) -> Parsed {
        self.append_null();
        Parsed::EMPTY
    }

    fn append_null(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Date(builder, _) => builder.append_null(),
            Self::Month(first, months) => {
                first.append_null();
                months.append_null();
            }
            Self::Decimal(builder) => builder.append_null(),
            Self::Count(builder) => builder.append_null(),
        }
    }
}

/// `1E+15` or `1.23457E+15`: a spreadsheet saved a column of ids as it showed it.
fn is_rounded_id(text: &str) -> bool {
    // Most texts are done with here.
    if !matches!(text.as_bytes(), [b'0'..=b'9', b'E' | b'.' | b',', ..]) {
        return false;
    }
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && exponent.len() == 2 && all_digits(fraction) && all_digits(exponent)
}

/// Full-width letters, digits and blanks as the plain ones (Unicode NFKC), so that an id is the same id however typed.
fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let normal: String = text.nfkc().collect();
    Cow::Owned(normal.trim().to_owned())
}

/// The trimmed text of a column in a row; `None` where it is one of the NULL words. `joined` holds the text of several cells.
#[inline]
fn text_of<'a>(origin: &'a Origin, cells: &'a ByteRecord, nulls: &Nulls, joined: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    let cell = |place: usize| cells.get(place).unwrap_or_default().trim_ascii();
    let text = match origin {
        Origin::Cell(place) => cell(*place),
        Origin::Absent => return None,
        Origin::Constant(value) => value.as_bytes(),
        Origin::Cells(places) if places.iter().any(|place| nulls.holds(cell(*place))) => return None,
        Origin::Cells(places) => {
            *joined = places.iter().map(|place| cell(*place)).collect::<Vec<_>>().join(&b' ');
            joined
        }
    };
    if nulls.holds(text) { None } else { Some(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_ids_are_known_by_their_form() {
        for rounded in ["1E+15", "1.0E+15", "1,23457E+15", "6.9E+12"] {
            assert!(is_rounded_id(rounded), "{rounded}");
        }
        for sound in ["12E+15", "1E+5", "1.E+15", "E+15", "1E15", "AE+15", "1.0E+15x", "1.5", "7"] {
            assert!(!is_rounded_id(sound), "{sound}");
        }
    }
}
