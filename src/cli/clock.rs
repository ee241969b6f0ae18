//! The wall clock. Nothing outside the command line reads it.

use chrono::{DateTime, Local, NaiveDate, Utc};

use crate::pipeline::Clock;

/// The clock that the pipeline is given.
pub fn clock() -> Clock {
    Clock(now)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// The day of the run where the people are who run it.
#[expect(clippy::disallowed_methods, reason = "a sale of tomorrow is judged by the local calendar")]
pub fn today() -> NaiveDate {
    Local::now().date_naive()
}
