//! What is written beside a staging file when it is whole: what it has to be, and what was counted on the way.

use serde::{Deserialize, Serialize};

use crate::model::export::Counts;
use crate::model::sum::Sum;

/// The last file of an export in staging.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The export and the rules that the files were made of.
    pub key: i64,
    pub rows: Sum,
    pub rejections: Sum,
    pub counts: Counts,
}
