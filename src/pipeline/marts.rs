//! Writes marts that have been computed, each to its file.

use tokio::runtime::Handle;

use crate::analysis::Analysis;
use crate::model::failure::{Failure, Result};
use crate::model::manifest::Table;
use crate::model::parallel::in_parallel;
use crate::pipeline::night::Night;
use crate::pipeline::settings::threads;
use crate::publish::{Draft, TableWriter};

/// The marts that describe the input; they are computed first, so that a refused run can show them.
pub const QUALITY_MARTS: [&str; 2] = ["data_quality", "rejected_rows"];

impl Night<'_> {
    /// Writes marts into the draft, as many at a time as there are threads: each is sorted and encoded by one.
    pub(super) fn write_marts(&self, analysis: &Analysis, draft: &Draft, names: &[&str]) -> Result<Vec<Table>> {
        let engine = Handle::current();
        in_parallel(names, threads(self.job), |name| {
            self.interrupt.check()?;
            engine.block_on(write_mart(analysis, draft, name))
        })
    }
}

async fn write_mart(analysis: &Analysis, draft: &Draft, name: &str) -> Result<Table> {
    let missing = || Failure::defect(format!("there is no mart {name}"));
    let query = analysis.queries().queries.get(name).ok_or_else(missing)?;
    let contract = query.contract.as_ref().ok_or_else(missing)?;
    let written = async {
        let mut writer = TableWriter::create(draft.folder(), name, contract)?;
        analysis.read_mart(name, contract, &mut |batch| writer.write(batch)).await?;
        writer.finish()
    };
    written.await.map_err(|failure| query.blame(failure))
}
