//! The values of one column on their way into Arrow, each parsed by the kind of the column.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringArray};
use arrow::error::ArrowError;
use unicode_normalization::UnicodeNormalization;

use crate::ingest::dates::DateFormats;
use crate::ingest::numbers::NumberFormat;
use crate::model::money::{Money, PRECISION, SCALE};
use crate::model::reason::Reason;
use crate::model::source::Kind;

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

/// What turns the texts of a column into values.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Of cells with a type of their own.
    pub is_native: bool,
    pub dates: DateFormats,
    pub numbers: NumberFormat,
    pub times: i64,
    pub refusal: Reason,
}

/// The text of a cell that is not empty.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    pub bytes: &'a [u8],
    /// ASCII without NUL, which is all that is to be known of most.
    pub is_plain: bool,
}

pub enum Values {
    /// UTF-8, which is looked at once a batch: that is quicker than once a cell.
    Text(BinaryBuilder),
    Date(Date32Builder, LastDate),
    Month(Date32Builder, Int64Builder),
    Decimal(Decimal128Builder),
    Count(Int64Builder),
}

impl Values {
    pub fn for_kind(kind: Kind) -> Result<Self, ArrowError> {
        Ok(match kind {
            Kind::Text => Self::Text(BinaryBuilder::new()),
            Kind::Date => Self::Date(Date32Builder::new(), LastDate::default()),
            Kind::Month => Self::Month(Date32Builder::new(), Int64Builder::new()),
            Kind::Money | Kind::Number => {
                Self::Decimal(Decimal128Builder::new().with_precision_and_scale(PRECISION, SCALE)?)
            }
            Kind::Count => Self::Count(Int64Builder::new()),
        })
    }

    /// Appends the value of a text; `None` is an empty cell. Nothing is appended where a reason comes back.
    pub fn append(&mut self, text: Option<Text<'_>>, required: bool, reading: &Reading) -> Result<Parsed, Reason> {
        match text {
            None if required => Err(Reason::MissingValue),
            None => Ok(self.append_empty()),
            Some(Text { bytes, is_plain: false }) if bytes.contains(&0) => Err(Reason::NulByte),
            Some(Text { bytes, is_plain: false }) if utf8(bytes).is_err() => Err(Reason::InvalidUtf8),
            Some(text) => self.append_text(text, reading),
        }
    }

    #[inline]
    fn append_text(&mut self, Text { bytes: text, is_plain }: Text<'_>, reading: &Reading) -> Result<Parsed, Reason> {
        match self {
            Self::Text(_) if is_rounded_id(text) => return Err(Reason::DamagedId),
            Self::Text(builder) if is_plain => builder.append_value(text),
            Self::Text(builder) => builder.append_value(normal(utf8(text)?).as_bytes()),
            Self::Date(builder, last) => builder.append_value(last.day(text, reading).ok_or(Reason::BadDate)?),
            Self::Month(first, months) => {
                let span = reading.dates.month(utf8(text)?).ok_or(Reason::BadMonth)?;
                first.append_value(span.first_day);
                months.append_value(span.months);
            }
            Self::Decimal(builder) => {
                let decimal = reading.numbers.decimal(text, reading.times, reading.refusal)?;
                builder.append_value(decimal.units);
                let content = if decimal.rounded { Content::RoundedDecimal } else { Content::Decimal };
                return Ok(Parsed { content, amount: Money(decimal.units) });
            }
            Self::Count(builder) => builder.append_value(reading.numbers.count(text, reading.times)?),
        }
        Ok(Parsed::OTHER)
    }

    fn append_empty(&mut self) -> Parsed {
        self.append_null();
        Parsed::EMPTY
    }

    pub fn append_null(&mut self) {
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

    /// The values as arrays, two of a month: its first day, and how many months it is. Starts anew.
    pub fn finish(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        Ok(match self {
            Self::Text(builder) => vec![Arc::new(StringArray::try_from_binary(builder.finish())?)],
            Self::Date(builder, _) => vec![Arc::new(builder.finish())],
            Self::Month(first, months) => vec![Arc::new(first.finish()), Arc::new(months.finish())],
            Self::Decimal(builder) => vec![Arc::new(builder.finish())],
            Self::Count(builder) => vec![Arc::new(builder.finish())],
        })
    }
}

/// The date of the row before: rows of a day stand together, and to compare ten letters is quicker than to read them.
#[derive(Default)]
pub struct LastDate {
    text: Vec<u8>,
    day: i32,
}

impl LastDate {
    /// Days since 1970; `None` is no date.
    fn day(&mut self, text: &[u8], reading: &Reading) -> Option<i32> {
        // A cell with a type of its own is read by other rules.
        if reading.is_native {
            return reading.dates.date(utf8(text).ok()?);
        }
        if self.text != text {
            self.day = reading.dates.date(utf8(text).ok()?)?;
            self.text.clear();
            self.text.extend_from_slice(text);
        }
        Some(self.day)
    }
}

fn utf8(text: &[u8]) -> Result<&str, Reason> {
    std::str::from_utf8(text).map_err(|_| Reason::InvalidUtf8)
}

/// `1E+15` or `1.23457E+15`: a spreadsheet saved a column of ids as it showed it.
#[inline]
fn is_rounded_id(text: &[u8]) -> bool {
    // Most texts are done with here.
    matches!(text, [b'0'..=b'9', b'E' | b'.' | b',', ..]) && utf8(text).is_ok_and(has_exponent)
}

fn has_exponent(text: &str) -> bool {
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && exponent.len() == 2 && all_digits(fraction) && all_digits(exponent)
}

/// Full-width letters, digits and blanks as the plain ones (Unicode NFKC), so that an id is the same id however typed.
pub fn normal(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let normal: String = text.nfkc().collect();
    Cow::Owned(normal.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_ids_are_known_by_their_form() {
        for rounded in ["1E+15", "1.0E+15", "1,23457E+15", "6.9E+12"] {
            assert!(is_rounded_id(rounded.as_bytes()), "{rounded}");
        }
        for sound in ["12E+15", "1E+5", "1.E+15", "E+15", "1E15", "AE+15", "1.0E+15x", "1.5", "7"] {
            assert!(!is_rounded_id(sound.as_bytes()), "{sound}");
        }
    }
}
