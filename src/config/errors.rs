//! Turns what the TOML reader says into an error with file, line, column and the word that was probably meant.

use std::path::Path;

use crate::model::failure::Failure;

/// The failure for a file in TOML that does not parse or has keys it may not have.
pub fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let place = error.span().map(|span| position(text, span.start)).unwrap_or_default();
    let message = error.message();
    let failure = Failure::job_file(format!("{}{place}: {message}", path.display()));
    // A bare date is a type of its own in TOML, which its reader calls a map.
    if message.starts_with("invalid type: map, expected a string") {
        return failure.hint("text and dates stand in quotes, as in as_of = \"2025-12-31\"");
    }
    match unknown_key(message) {
        Some((key, known)) => failure.hint_near(key, known),
        None => failure,
    }
}

/// `:line:column` of a byte offset, both from 1.
fn position(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    format!(":{line}:{column}")
}

/// The unknown key and the keys that would be right, out of serde's "unknown field `x`, expected one of `a`, `b`".
fn unknown_key(message: &str) -> Option<(&str, Vec<&str>)> {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (key, known) = names.split_first()?;
    message.starts_with("unknown field").then(|| (*key, known.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_key_and_its_alternatives() {
        let message = "unknown field `fils`, expected one of `files`, `header`";
        assert_eq!(unknown_key(message), Some(("fils", vec!["files", "header"])));
        assert_eq!(unknown_key("invalid type: string `x`"), None);
    }

    #[test]
    fn positions_count_from_one() {
        assert_eq!(position("a\nbc", 3), ":2:2");
    }
}
