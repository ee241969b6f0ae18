//! The night on one screen ([`run`]), and what else the command line asks of the stages.

mod buckets;
mod check;
mod cluster;
mod destination;
mod documents;
mod drift;
mod earlier;
mod fingerprint;
mod gate;
mod marts;
mod metrics;
mod mirror;
mod night;
mod occasion;
mod outcome;
mod part;
mod reconcile;
mod record;
mod row_counts;
mod settings;
mod signals;
mod verdicts;
mod views;

pub use check::{CheckReport, check};
pub use destination::{Destination, refreshed};
pub use documents::{Rendered, Rendering, render_again};
pub use night::run;
pub use outcome::{Outcome, Published};
pub use part::ingest_part;
pub use settings::{Clock, Options};
pub use views::{DealerPage, backtest, dealer_page, dictionary, first_header, history, visible_run};
