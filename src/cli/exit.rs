//! The exit code of each kind of failure, decided here and nowhere else.

use std::process::ExitCode;

use crate::cli::console::Console;
use crate::model::failure::{Blame, Failure};

/// Prints a failure and gives its exit code.
pub fn report(failure: &Failure, console: &Console) -> ExitCode {
    let code = code(failure.blame);
    console.error(failure, code);
    ExitCode::from(code)
}

/// Codes after sysexits.h; a signal is 128 + its number, as shells have it.
pub fn code(blame: Blame) -> u8 {
    match blame {
        Blame::Data => 65,
        Blame::MissingInput => 66,
        Blame::Defect => 70,
        Blame::Io => 74,
        Blame::Locked | Blame::Unsettled => 75,
        Blame::JobFile => 78,
        Blame::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_give_what_shells_give() {
        assert_eq!(code(Blame::Signal(2)), 130);
        assert_eq!(code(Blame::Signal(15)), 143);
    }
}
