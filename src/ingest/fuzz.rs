//! Fuzzing of decode and parse: exports that nobody should send, under reading rules drawn by lot, through the same
//! conversion as in a run.
//!
//! Plain `cargo test` runs 2,000 cases of a property. With `DEALERLENS_FUZZ_CASES=1000000`, a million exports go
//! through the conversion, and 50,000 values through each property of the kernels.

mod cells;
mod days;
mod detours;
mod numbers;
mod pieces;
mod reading;
mod rules;
mod runner;
mod unquoted;

use proptest::prelude::*;

use crate::ingest::fuzz::pieces::{Piece, noise, sales, targets, written};
use crate::ingest::fuzz::reading::{Desk, packing, times};
use crate::ingest::fuzz::rules::{Binding, Rules, rules};
use crate::ingest::fuzz::runner::hold;
use crate::model::source::Source;

/// Whatever an export holds, all of it arrives, or it is refused as a whole with its sender to blame.
fn arrives_or_is_refused(
    share: u32,
    rules: impl Strategy<Value = Rules>,
    content: impl Strategy<Value = Vec<Piece>>,
    opening: fn(&Rules) -> Vec<Piece>,
) {
    let desk = Desk::new();
    hold(share, &(rules, content, packing(), times()), |(rules, content, packing, times)| {
        let pieces = [opening(&rules), content].concat();
        desk.judges(&rules, packing, &written(&pieces, rules.script, rules.delimiter), times)
    });
}

#[test]
fn sales_of_broken_pieces() {
    let rules = rules(Source::Sales, &[Binding::ByName, Binding::ByPlace]);
    arrives_or_is_refused(350, rules, sales(), Rules::opening);
}

#[test]
fn wide_targets_of_broken_pieces() {
    let rules = rules(Source::Targets, &[Binding::ByName, Binding::ByPlace]);
    arrives_or_is_refused(150, rules, targets(), Rules::opening);
}

#[test]
fn bytes_below_a_header() {
    let rules = rules(Source::Sales, &[Binding::ByName, Binding::FirstCell]);
    arrives_or_is_refused(200, rules, noise(), Rules::opening);
}

#[test]
fn bytes_alone() {
    let rules = rules(Source::Sales, &[Binding::FirstCell]);
    arrives_or_is_refused(150, rules, noise(), |_| Vec::new());
}
