//! How many cases of a property run, and the proof that they ran.

use std::cell::Cell;
use std::io::Write as _;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

const ASKED: &str = "DEALERLENS_FUZZ_CASES";
/// Cases of a property where nobody asks for more.
const FEW: u32 = 2_000;
/// The share of a property of one kernel.
pub const KERNEL: u32 = 50;

/// Runs a property on its share of the cases that are asked for, in thousandths; panics with the smallest input found
/// that breaks it.
pub fn hold<S: Strategy>(share: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let asked = asked();
    let cases = asked.map_or(FEW, |asked| asked.div_ceil(1_000) * share);
    let ran = Cell::new(0_u32);
    let mut runner = TestRunner::new(Config { cases, source_file: Some(file!()), ..Config::default() });
    let outcome = runner.run(strategy, |value| {
        ran.set(ran.get() + 1);
        property(value)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(ran.get() >= cases, "{} of {cases} cases ran", ran.get());
    if asked.is_some() {
        report(ran.get());
    }
}

/// The number of cases in the environment, of all conversions together.
#[expect(clippy::disallowed_methods, reason = "a test has no command line, and nothing but tests reads this")]
fn asked() -> Option<u32> {
    let text = std::env::var(ASKED).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{ASKED}={text} is no number of cases")))
}

/// Straight to the log, since the harness keeps what a passed test prints.
fn report(cases: u32) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("a property");
    let line = format!("fuzzed {cases} cases: {name}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
