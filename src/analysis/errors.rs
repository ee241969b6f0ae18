//! What the engine refuses, told as a failure with somebody to blame.

use std::error::Error;

use datafusion::common::DataFusionError;

use crate::analysis::loader::{Layer, Query};
use crate::model::failure::{Blame, Failure};
use crate::model::shown;

/// How the engine says that an amount has more digits than a column can hold.
const OVERFLOW: &str = "is too large to store in a Decimal128";
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
        _ if message.contains(OVERFLOW) => Failure::data(shown::cut(&message, LONGEST)).hint_absurd_amounts(),
        _ if comes_from_io(error) => Failure::new(Blame::Io, message),
        DataFusionError::SQL(..)
        | DataFusionError::SchemaError(..)
        | DataFusionError::Plan(_)
        | DataFusionError::Diagnostic(..) => Failure::job_file(message),
        _ => Failure::defect(shown::cut(&message, LONGEST)),
    }
}

/// Whether reading or writing failed, however deep below the engine: its Parquet reader wraps that in errors of its own.
fn comes_from_io(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<std::io::Error>() {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::error::ArrowError;
    use datafusion::parquet::errors::ParquetError;

    #[test]
    fn amounts_without_measure_are_the_fault_of_the_exports() {
        let message = "12345678901234567890.0000 is too large to store in a Decimal128 of precision 18. Max is 99";
        let overflow =
            DataFusionError::ArrowError(Box::new(ArrowError::InvalidArgumentError(message.to_owned())), None);
        let failure = engine_failure("sums", &overflow);
        assert_eq!(failure.blame, Blame::Data);
        assert!(failure.hints[0].contains("absurd amounts"));
    }

    #[test]
    fn a_failure_to_read_is_no_defect_however_deep_it_lies() {
        let wrapped = |error: Box<dyn Error + Send + Sync>| {
            DataFusionError::ParquetError(Box::new(ParquetError::External(error))).context("while reading")
        };
        let unreadable = wrapped(Box::new(std::io::Error::from_raw_os_error(5)));
        assert_eq!(engine_failure("sales", &unreadable).blame, Blame::Io);
        let nonsense = wrapped("something else".into());
        assert_eq!(engine_failure("sales", &nonsense).blame, Blame::Defect);
    }
}
