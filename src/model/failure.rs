//! An error as its reader needs it: who has to act, what happened and where, what to do next.

use std::path::Path;
use std::{fmt, io};

/// Who or what is at fault. The exit code follows from it, in `cli` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The exports are not good enough; nothing was published.
    Data,
    /// An export that the job file names is not there.
    MissingInput,
    /// dealerlens itself.
    Defect,
    /// Reading or writing failed.
    Io,
    /// Another run holds the output, or the cluster does not answer; try later.
    Locked,
    /// An export changed while it was read; try later.
    Unsettled,
    /// The job file or a query of the user's own.
    JobFile,
    /// Stopped by a signal, by its number.
    Signal(i32),
}

/// What went wrong, with hints that say what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub blame: Blame,
    pub message: String,
    pub hints: Vec<String>,
}

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn new(blame: Blame, message: impl Into<String>) -> Self {
        Self { blame, message: message.into(), hints: Vec::new() }
    }

    pub fn data(message: impl Into<String>) -> Self {
        Self::new(Blame::Data, message)
    }

    pub fn missing_input(message: impl Into<String>) -> Self {
        Self::new(Blame::MissingInput, message)
    }

    pub fn defect(message: impl Into<String>) -> Self {
        Self::new(Blame::Defect, message)
    }

    pub fn job_file(message: impl Into<String>) -> Self {
        Self::new(Blame::JobFile, message)
    }

    /// `doing` is a phrase such as "cannot read".
    pub fn io(doing: &str, path: &Path, error: impl fmt::Display) -> Self {
        Self::new(Blame::Io, format!("{doing} {}: {error}", path.display()))
    }

    /// A file that somebody named and that cannot be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Self {
        let failure = Self::io("cannot read", path, error);
        match error.kind() {
            io::ErrorKind::PermissionDenied => failure.hint("let the user that runs dealerlens read it"),
            _ => failure,
        }
    }

    /// Adds one thing to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds where to look when a sum does not fit its column.
    #[must_use]
    pub fn hint_absurd_amounts(self) -> Self {
        self.hint("look for absurd amounts or a wrong factor (`times`) in the exports behind it")
    }

    /// Adds a "did you mean" hint when one of `known` is close to `name`.
    #[must_use]
    pub fn hint_near<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(name, known) {
            Some(near) => self.hint(format!("did you mean \"{near}\"?")),
            None => self,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        self.hints.iter().try_for_each(|hint| write!(formatter, "\nhint: {hint}"))
    }
}

impl std::error::Error for Failure {}

/// Longer than any name that a person gives; what is longer is not compared, which would take its length squared.
const LONGEST_NAME: usize = 256;

/// The name most alike to `name`, if any is alike enough to be meant: the mean of the Jaro and the normalised
/// Damerau-Levenshtein similarity is 0.65 or more, case ignored.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let likeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        (strsim::jaro(&wanted, &candidate) + strsim::normalized_damerau_levenshtein(&wanted, &candidate)) / 2.0
    };
    known
        .into_iter()
        .filter(|candidate| candidate.len().max(name.len()) <= LONGEST_NAME)
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(score, _)| *score >= 0.65)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word_and_nonsense_finds_none() {
        assert_eq!(nearest("fils", ["files", "delimiter"]), Some("files"));
        assert_eq!(nearest("form", ["format", "from", "times"]), Some("from"));
        assert_eq!(nearest("qqqq", ["files", "delimiter"]), None);
        assert_eq!(nearest("files", [format!("files{}", " ".repeat(1 << 20)).as_str()]), None);
    }

    #[test]
    fn a_file_that_may_not_be_read_says_what_to_do() {
        let path = Path::new("sales.csv");
        let denied = Failure::unreadable(path, &io::ErrorKind::PermissionDenied.into());
        assert_eq!(denied.hints, ["let the user that runs dealerlens read it"]);
        assert!(Failure::unreadable(path, &io::ErrorKind::NotFound.into()).hints.is_empty());
    }

    #[test]
    fn hints_follow_the_message() {
        let failure = Failure::data("broken").hint("mend it");
        assert_eq!(failure.to_string(), "broken\nhint: mend it");
    }
}
