//! Fuzzing of the job file: those of the samples, with faults in them. No fault may end in a panic, and every refusal says
//! where the fault is.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::config::Job;
use crate::model::failure::Blame;
use crate::model::faults::faulty;

const SAMPLES: [&str; 3] = [
    include_str!("../../sample-data/beverages/dealerlens.toml"),
    include_str!("../../sample-data/adventureworks/dealerlens.toml"),
    "[job]\nname = \"n\"\n[sources.sales]\nfiles = [\"s.csv\"]\n[sources.dealers]\nfiles = [\"d.csv\"]\n",
];

/// What a fault may be named by where the reader of TOML gives no line.
const KEYS: [&str; 8] = ["job", "source", "quality", "classes", "publish", "resources", "as_of", "storage"];

/// Texts that somebody thought of, or that once did harm.
const KNOWN: [&str; 16] = [
    "",
    "\0",
    "\u{feff}",
    "[",
    "= 1",
    "job = 1",
    "job = []",
    "[[job]]\nname = \"n\"",
    "[job]\nname = \"n\"\n[job]\nname = \"m\"",
    "[job]\nname = \"n\"\nas_of = 2025-12-31",
    "[job]\nname = \"n\"\nas_of = \"2025-02-30\"",
    "[job]\nname = \"n\"\ngoal = nan",
    "[job]\nname = \"n\"\n[resources]\nmemory_limit = \"99999999999999999999GiB\"",
    "[job]\nname = \"n\"\n[resources]\nmemory_limit = \"金GiB\"",
    "[job]\nname = \"n\"\n[publish]\npermissions = \"-644\"",
    "[job]\nname = \"n\"\n[sources.sales]\nfiles = []",
];

fn judge(text: &str) -> TestCaseResult {
    match Job::parse(Path::new("dealerlens.toml"), text) {
        Ok(job) => {
            prop_assert!(job.memory_limit().is_ok() && job.permissions().is_ok() && job.as_of().is_ok());
            // For the fingerprint of a run.
            prop_assert!(serde_json::to_string(&job).is_ok());
        }
        Err(failure) => {
            prop_assert_eq!(failure.blame, Blame::JobFile, "{}", failure);
            prop_assert!(has_place(&failure.message), "no place in: {}", failure);
        }
    }
    Ok(())
}

fn has_place(message: &str) -> bool {
    let Some(rest) = message.strip_prefix("dealerlens.toml:") else { return false };
    rest.starts_with(|sign: char| sign.is_ascii_digit()) || KEYS.iter().any(|key| rest.contains(key))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn a_job_file_with_faults_is_read_or_refused_with_the_place(
        text in faulty(SAMPLES.map(str::to_owned).to_vec()),
    ) {
        judge(&text)?;
    }
}

#[test]
fn known_faults_of_job_files() {
    for text in KNOWN {
        judge(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
}

#[test]
fn a_job_file_nested_without_end_is_refused() {
    for sign in ["[", "{ a = ", "a."] {
        judge(&format!("[job]\nname = {}", sign.repeat(100_000))).unwrap();
        judge(&sign.repeat(100_000)).unwrap();
    }
}
