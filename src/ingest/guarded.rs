//! Readers of foreign packages, which panic on some damaged files: that is the file's fault and no defect of the run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ingest::discover::Export;
use crate::ingest::records::{Nature, Next, Records};
use crate::ingest::row::Cells;
use crate::model::failure::{Failure, Result};

/// A reader whose panics are failures of the data.
struct Guarded<R> {
    name: String,
    records: R,
}

/// Opens a reader, and guards it from then on.
pub fn guarded<R: Records + 'static>(export: &Export, open: impl FnOnce() -> Result<R>) -> Result<Box<dyn Records>> {
    let records = calm(&export.name, open)?;
    Ok(Box::new(Guarded { name: export.name.clone(), records }))
}

fn calm<T>(name: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Failure::data(format!("{name}: the file is damaged: its reader gave up"))
            .hint("open it with the program that made it, and save it again"))
    })
}

impl<R: Records> Records for Guarded<R> {
    fn header(&self) -> &[String] {
        self.records.header()
    }

    fn has_natures(&self) -> bool {
        self.records.has_natures()
    }

    fn nature(&self, column: usize) -> Nature {
        self.records.nature(column)
    }

    fn next(&mut self, cells: &mut Cells) -> Result<Next> {
        calm(&self.name, || self.records.next(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::failure::Blame;

    #[test]
    fn a_reader_that_panics_is_a_damaged_file() {
        let failure = calm::<()>("a.xlsx", || panic!("overflow")).unwrap_err();
        assert_eq!(failure.blame, Blame::Data);
        assert!(failure.message.starts_with("a.xlsx: the file is damaged"), "{failure}");
    }
}
