//! Files for whoever watches the job: metrics for Prometheus, lineage for OpenLineage. They are about runs, not in one.

mod facets;
mod lineage;
mod metrics;

pub use lineage::{Places, append_event, end_event, start_event};
pub use metrics::write_metrics;
