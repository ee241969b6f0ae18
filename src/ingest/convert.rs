//! The loop over one export: every row becomes a staged row or a rejection, and is counted.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Schema, SchemaRef};

use crate::config::SourceSection;
use crate::ingest::cells::{Gatherer, Refusal, Writing};
use crate::ingest::dates::DateFormats;
use crate::ingest::discover::Export;
use crate::ingest::formats::{Reach, open};
use crate::ingest::header::bind;
use crate::ingest::nulls::Nulls;
use crate::ingest::numbers::NumberFormat;
use crate::ingest::records::{Nature, Next, Records};
use crate::ingest::rejections::{Rejection, Rejections};
use crate::ingest::row::Cells;
use crate::ingest::wide::Wide;
use crate::model::checksum;
use crate::model::export::{Counts, Tally};
use crate::model::failure::{Failure, Result};
use crate::model::money::Money;
use crate::model::reason::Reason;

/// Rows that are gathered before they are handed on, and bytes, whichever comes first: rows may be long.
const BATCH_ROWS: usize = 16_384;
const BATCH_BYTES: usize = 64 << 20;

/// Where converted rows go.
pub trait Sink {
    fn rows(&mut self, batch: &RecordBatch) -> Result<()>;
    fn rejections(&mut self, batch: &RecordBatch) -> Result<()>;
}

/// Converts an export, or its first `limit` rows.
pub fn convert(
    export: &Export,
    section: &SourceSection,
    key: i64,
    reach: Reach<'_>,
    sink: &mut dyn Sink,
) -> Result<Counts> {
    let records = open(export, section, reach)?;
    let (encoding, header) = (records.encoding(), records.header().to_vec());
    let mut converter = Converter::new(export, section, key, records.as_ref())?;
    converter.run(records, reach.limit, sink)?;
    Ok(Counts { encoding, header, ..converter.counts() })
}

/// The amount of a fact, and the column that refused it.
type Taken = (Option<Money>, Option<(&'static str, Refusal)>);

struct Converter<'a> {
    export: &'a Export,
    key: i64,
    writing: Writing,
    wide: Option<Wide>,
    gatherers: Vec<Gatherer>,
    /// Which of them has the amount.
    money: Option<usize>,
    lines: Vec<i64>,
    accepted: Vec<bool>,
    rejections: Rejections,
    /// Bytes of the rows gathered so far.
    gathered: usize,
    read: Tally,
    rejected: u64,
    rounded: u64,
}

impl<'a> Converter<'a> {
    fn new(export: &'a Export, section: &SourceSection, key: i64, records: &dyn Records) -> Result<Self> {
        let place = |name: &str| format!("sources.{}.columns.{name}", export.source);
        let wide = Wide::bind(export, section, records.header())?;
        let bound = match &wide {
            Some(_) => bind(export, section, &Wide::header(records.header()))?,
            None => bind(export, section, records.header())?,
        };
        let writing = writing(export, section)?;
        let gatherers = bound.into_iter().map(|bound| {
            let name = bound.column.name;
            Gatherer::new(bound, &place(name), &writing)
        });
        let gatherers = gatherers.collect::<Result<Vec<_>>>()?;
        let money = export.source.money_column();
        Ok(Self {
            export,
            key,
            wide,
            money: gatherers.iter().position(|gatherer| money == Some(gatherer.column.name)),
            writing,
            gatherers,
            lines: Vec::with_capacity(BATCH_ROWS),
            accepted: Vec::with_capacity(BATCH_ROWS),
            rejections: Rejections::new(key),
            gathered: 0,
            read: Tally::default(),
            rejected: 0,
            rounded: 0,
        })
    }

    fn run(&mut self, mut records: Box<dyn Records>, limit: Option<u64>, sink: &mut dyn Sink) -> Result<()> {
        let mut cells = Cells::default();
        while limit.is_none_or(|limit| self.read.rows < limit) {
            match records.next(&mut cells)? {
                Next::End => break,
                Next::Row { line } => self.take_row(line, &cells, records.as_ref()),
                Next::Damaged { line, reason, raw, message } => {
                    self.read.add(None);
                    self.reject(&Rejection { line, column: None, raw, reason, message, amount: None });
                }
            }
            if self.is_full() {
                self.flush(sink)?;
            }
        }
        self.flush(sink)
    }

    /// Damaged rows count too: a file may have nothing else.
    fn is_full(&self) -> bool {
        self.lines.len().max(self.rejections.len()) >= BATCH_ROWS || self.gathered >= BATCH_BYTES
    }

    /// Reads one row: one fact, or in a wide layout one for each month that has an amount. A refused fact rejects the row
    /// as a whole, with its amount if that could be read.
    fn take_row(&mut self, line: u64, cells: &Cells, records: &dyn Records) {
        let first = self.lines.len();
        self.gathered += cells.size();
        let (amount, refused) = match self.wide.take() {
            None if records.has_natures() => self.take_fact(line, cells, |column| records.nature(column)),
            // Text has nothing to ask for, cell by cell.
            None => self.take_fact(line, cells, |_| Nature::default()),
            Some(wide) => {
                let taken = self.take_months(line, &wide, cells, records);
                self.wide = Some(wide);
                taken
            }
        };
        let counted = if self.export.source.money_column().is_some() { amount } else { Some(Money::default()) };
        self.read.add(counted);
        if let Some((column, refusal)) = refused {
            self.accepted.iter_mut().skip(first).for_each(|accepted| *accepted = false);
            self.reject(&rejection(line, column, refusal, amount));
        }
    }

    /// Appends a fact to every column; gives its amount and the first refusal.
    fn take_fact(&mut self, line: u64, cells: &Cells, nature: impl Fn(usize) -> Nature) -> Taken {
        let (mut amount, mut refused) = (None, None);
        for (place, gatherer) in self.gatherers.iter_mut().enumerate() {
            match gatherer.append(cells, &nature, &self.writing.nulls) {
                Ok(parsed) if self.money == Some(place) => {
                    amount = parsed.amount();
                    self.rounded += u64::from(parsed.is_rounded());
                }
                Ok(_) => {}
                Err(refusal) => refused = refused.or(Some((gatherer.column.name, refusal))),
            }
        }
        self.lines.push(i64::try_from(line).unwrap_or(i64::MAX));
        self.accepted.push(refused.is_none());
        (amount, refused)
    }

    /// The months of a wide row that have an amount; none at all is a missing value.
    fn take_months(&mut self, line: u64, wide: &Wide, cells: &Cells, records: &dyn Records) -> Taken {
        let (mut total, mut refused, mut facts) = (Some(Money::default()), None, 0);
        for (column, fact) in wide.facts(cells) {
            if self.writing.is_null(cells, column) {
                continue;
            }
            let nature = |place: usize| wide.nature(place, column, |place| records.nature(place));
            let (amount, refusal) = self.take_fact(line, &fact, nature);
            total = total.zip(amount).map(|(total, amount)| total + amount);
            refused = refused.or(refusal);
            facts += 1;
        }
        let none = || Some(("target_amount", Refusal { reason: Reason::MissingValue, raw: String::new() }));
        if facts == 0 { (None, none()) } else { (total, refused) }
    }

    fn reject(&mut self, rejection: &Rejection) {
        self.rejected += 1;
        self.rejections.append(rejection);
    }

    fn flush(&mut self, sink: &mut dyn Sink) -> Result<()> {
        self.gathered = 0;
        let batch = self.batch()?;
        if batch.num_rows() > 0 {
            sink.rows(&batch)?;
        }
        let rejections = self.rejections.finish()?;
        if rejections.num_rows() > 0 {
            sink.rejections(&rejections)?;
        }
        Ok(())
    }

    /// The accepted rows gathered so far. NULLs of refused rows are filtered out before the schema is checked.
    fn batch(&mut self) -> Result<RecordBatch> {
        let defect = |error: arrow::error::ArrowError| Failure::defect(format!("{}: {error}", self.export.name));
        let schema = self.export.source.staging_schema();
        let keys: ArrayRef = Arc::new(Int64Array::from_value(self.key, self.lines.len()));
        let lines: ArrayRef = Arc::new(Int64Array::from(std::mem::take(&mut self.lines)));
        let values = self.gatherers.iter_mut().map(Gatherer::finish).collect::<std::result::Result<Vec<_>, _>>();
        let mut columns = vec![keys, lines];
        columns.extend(values.map_err(defect)?.into_iter().flatten());
        let keyed = self.export.source.keyed_column().and_then(|name| schema.index_of(name).ok());
        let order_keys = keyed.and_then(|place| columns.get(place)).map(order_keys);
        columns.extend(order_keys);
        let all = RecordBatch::try_new(all_nullable(&schema), columns).map_err(defect)?;
        let accepted = BooleanArray::from(std::mem::take(&mut self.accepted));
        let kept = if accepted.has_false() { filter_record_batch(&all, &accepted).map_err(defect)? } else { all };
        RecordBatch::try_new(schema, kept.columns().to_vec()).map_err(defect)
    }

    fn counts(&self) -> Counts {
        Counts {
            rows_read: self.read.rows,
            amount_read_units: self.read.amount.0,
            unknown_amounts: self.read.unknown_amounts,
            rows_staged: self.read.rows - self.rejected,
            rows_rejected: self.rejected,
            amounts_rounded: self.rounded,
            encoding: None,
            header: Vec::new(),
        }
    }
}

/// A number for each order id: equal ids have equal numbers, and different ones nearly always different numbers.
fn order_keys(order_ids: &ArrayRef) -> ArrayRef {
    let keys = order_ids.as_string::<i32>().iter();
    Arc::new(keys.map(|id| id.map(checksum::number)).collect::<Int64Array>())
}

fn writing(export: &Export, section: &SourceSection) -> Result<Writing> {
    let nulls = Nulls::of(&section.nulls);
    let dates = DateFormats::compile(&section.dates, &format!("sources.{}.dates", export.source))?;
    Ok(Writing { dates, numbers: NumberFormat::of(section), native_dates: DateFormats::iso(), nulls })
}

fn all_nullable(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn rejection(line: u64, column: &'static str, refusal: Refusal, amount: Option<Money>) -> Rejection {
    let Refusal { reason, raw } = refusal;
    let message = format!("{column}: {}", reason.description());
    Rejection { line, column: Some(column), raw, reason, message, amount }
}
