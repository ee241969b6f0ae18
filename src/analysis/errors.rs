//! What the engine refuses, told as a failure with somebody to blame.

use datafusion::common::DataFusionError;

use crate::analysis::loader::{Layer, Query};
use crate::model::failure::{Blame, Failure};
use crate::model::shown;

/// Longest message of a failure that came of values, which it may quote.
const LONGEST: usize = 300;

/// The failure of a query that the engine refuses.
pub fn failed(query: &Query, error: &DataFusionError) -> Failure {
    let layer = match query.layer {
        Layer::Check => "check",
        Layer::Mart => "mart",
        Layer::Staging | Layer::Intermediate | Layer::Opportunity => "query",
    };
    query.blame(engine_failure(&format!("{layer} {}", query.origin), error))
}

/// The failure of `what` in the engine.
pub fn engine_failure(what: &str, error: &DataFusionError) -> Failure {
    let message = format!("{what}: {}", error.strip_backtrace());
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => Failure::new(Blame::Io, message)
            .hint("raise resources.memory_limit in the job file, or lower resources.threads"),
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) => Failure::new(Blame::Io, message),
        DataFusionError::SQL(..)
        | DataFusionError::SchemaError(..)
        | DataFusionError::Plan(_)
        | DataFusionError::Diagnostic(..) => Failure::job_file(message),
        _ => Failure::defect(shown::cut(&message, LONGEST)),
    }
}
