//! One column of an export: finds its text in a row, and gathers its values.

use std::borrow::Cow;

use arrow::array::ArrayRef;

use crate::ingest::dates::DateFormats;
use crate::ingest::header::{Bound, Origin};
use crate::ingest::nulls::Nulls;
use crate::ingest::numbers::NumberFormat;
use crate::ingest::records::Nature;
use crate::ingest::row::Cells;
use crate::ingest::values::{Parsed, Reading, Text, Values};
use crate::model::failure::{Failure, Result};
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

impl Writing {
    /// Whether a cell of a row is empty or one of the NULL words.
    pub fn is_null(&self, cells: &Cells, column: usize) -> bool {
        self.nulls.holds(cell(cells, column))
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
    text: Reading,
    native: Reading,
    values: Values,
}

impl Gatherer {
    /// `place` names the column in the job file.
    pub fn new(bound: Bound, place: &str, writing: &Writing) -> Result<Self> {
        let Bound { column, origin, mapping } = bound;
        let dates = match &mapping.format {
            Some(format) => DateFormats::compile(std::slice::from_ref(format), place)?,
            None => writing.dates.clone(),
        };
        let refusal = if column.kind == Kind::Money { Reason::BadAmount } else { Reason::BadNumber };
        let times = mapping.times.unwrap_or(1);
        let text = Reading { is_native: false, dates, numbers: writing.numbers, times, refusal };
        let (dates, numbers) = (writing.native_dates.clone(), NumberFormat::PLAIN);
        let native = Reading { is_native: true, dates, numbers, times, refusal };
        let values = Values::for_kind(column.kind).map_err(|error| Failure::defect(error.to_string()))?;
        Ok(Self { column, origin, text, native, values })
    }

    /// Appends the column's value of a row. A refused cell appends NULL, so that all columns keep the same length.
    #[inline]
    pub fn append(
        &mut self,
        cells: &Cells,
        nature: impl Fn(usize) -> Nature,
        nulls: &Nulls,
    ) -> std::result::Result<Parsed, Refusal> {
        if let Some((place, reason)) = self.fault(&nature) {
            return Err(refused(&mut self.values, reason, cells.get(place)));
        }
        let text = text_of(&self.origin, cells, nulls);
        // What the job file says is not part of the row.
        let is_plain = cells.is_plain() && !matches!(self.origin, Origin::Constant(_));
        let is_native = matches!(self.origin, Origin::Cell(place) if nature(place).is_native);
        let reading = if is_native { &self.native } else { &self.text };
        let text = text.as_deref();
        let appended = self.values.append(text.map(|bytes| Text { bytes, is_plain }), self.column.required, reading);
        appended.map_err(|reason| refused(&mut self.values, reason, text))
    }

    /// The first cell that the format itself finds fault with.
    #[inline]
    fn fault(&self, nature: impl Fn(usize) -> Nature) -> Option<(usize, Reason)> {
        // Only ids are harmed by rounding: a large amount is judged as an amount.
        let matters = |reason: &Reason| *reason != Reason::DamagedId || self.column.kind == Kind::Text;
        let fault = |place: &usize| nature(*place).fault.filter(matters).map(|reason| (*place, reason));
        self.origin.cells().iter().find_map(fault)
    }

    /// The gathered values as arrays, and starts anew.
    pub fn finish(&mut self) -> std::result::Result<Vec<ArrayRef>, arrow::error::ArrowError> {
        self.values.finish()
    }
}

#[cold]
fn refused(values: &mut Values, reason: Reason, text: Option<&[u8]>) -> Refusal {
    values.append_null();
    Refusal { reason, raw: String::from_utf8_lossy(text.unwrap_or_default()).into_owned() }
}

/// The trimmed text of a column in a row; `None` where it is one of the NULL words.
#[inline]
fn text_of<'a>(origin: &'a Origin, cells: &'a Cells, nulls: &Nulls) -> Option<Cow<'a, [u8]>> {
    let text = match origin {
        Origin::Cell(place) => Cow::Borrowed(cell(cells, *place)),
        Origin::Absent => return None,
        Origin::Constant(value) => Cow::Borrowed(value.as_bytes()),
        Origin::Cells(places) => Cow::Owned(join(cells, places, nulls)?),
    };
    (!nulls.holds(&text)).then_some(text)
}

#[inline]
fn cell(cells: &Cells, place: usize) -> &[u8] {
    cells.get(place).unwrap_or_default().trim_ascii()
}

/// The text of several cells; `None` where one of them is a NULL word.
fn join(cells: &Cells, places: &[usize], nulls: &Nulls) -> Option<Vec<u8>> {
    let texts = places.iter().map(|place| Some(cell(cells, *place)).filter(|text| !nulls.holds(text)));
    Some(texts.collect::<Option<Vec<_>>>()?.join(&b' '))
}
