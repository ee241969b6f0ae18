//! The run before this one: what `restatements` compares with.

use arrow::array::RecordBatch;
use chrono::NaiveDate;

use crate::analysis::{COMPARED, QuerySet};
use crate::model::failure::Result;
use crate::model::manifest::{Compared, Manifest};
use crate::publish::{Output, read_table};

/// An earlier run, and what it published of the table that runs are compared by.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub run_id: String,
    pub as_of: NaiveDate,
    pub rows: Vec<RecordBatch>,
}

impl Earlier {
    /// The run to compare with: the published one, or, when this run repeats it, the one that it was compared with.
    /// `None` for the first run, and when that run is gone or has no such table.
    pub fn find(output: &Output, latest: &Manifest, fingerprint: &str, set: &QuerySet) -> Result<Option<Self>> {
        let compared = match latest.fingerprint == fingerprint {
            true => latest.compared_with.clone(),
            false => latest.as_of.clone().map(|as_of| Compared { run_id: latest.run_id.clone(), as_of }),
        };
        let Some(Compared { run_id, as_of }) = compared else { return Ok(None) };
        let folder = output.runs_folder().join(&run_id);
        let Some(contract) = set.queries.get(COMPARED).and_then(|query| query.contract.as_ref()) else {
            return Ok(None);
        };
        let (Ok(as_of), true) = (as_of.parse(), folder.join(format!("{COMPARED}.parquet")).is_file()) else {
            return Ok(None);
        };
        let rows = read_table(&folder, COMPARED)?;
        let fits = rows.iter().all(|batch| batch.schema().fields() == contract.schema().fields());
        Ok(fits.then_some(Self { run_id, as_of, rows }))
    }

    pub fn compared(&self) -> Compared {
        Compared { run_id: self.run_id.clone(), as_of: self.as_of.to_string() }
    }
}
