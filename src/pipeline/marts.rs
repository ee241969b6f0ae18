//! Computes one mart and writes its file.

use crate::analysis::{Analysis, Parameters};
use crate::model::failure::{Failure, Result};
use crate::model::manifest::Table;
use crate::publish::{Draft, TableWriter};

/// The marts that describe the input; they are computed first, so that a refused run can show them.
pub const QUALITY_MARTS: [&str; 2] = ["data_quality", "rejected_rows"];

/// Writes a mart into the draft.
pub async fn write_mart(analysis: &mut Analysis, parameters: &Parameters, draft: &Draft, name: &str) -> Result<Table> {
    let missing = || Failure::defect(format!("there is no mart {name}"));
    let query = analysis.queries().queries.get(name).cloned().ok_or_else(missing)?;
    let contract = query.contract.clone().ok_or_else(missing)?;
    analysis.compute(&[name], parameters, &mut |_, _| ()).await?;
    let written = async {
        let mut writer = TableWriter::create(draft.folder(), name, &contract)?;
        analysis.read_mart(name, &contract, &mut |batch| writer.write(batch)).await?;
        writer.finish()
    };
    written.await.map_err(|failure| query.blame(failure))
}
