//! Everything that is printed goes through here: results to stdout, the rest to stderr. Names come from files of others, so
//! control characters are shown as escapes.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use crate::cli::args::{Arguments, LogFormat};
use crate::cli::clock::now;
use crate::model::failure::{Failure, Result};
use crate::model::shown;

/// Where and how to print.
pub struct Console {
    pub quiet: bool,
    pub format: LogFormat,
    /// stderr is a terminal: bars may move.
    pub is_terminal: bool,
}

impl Console {
    pub fn new(arguments: &Arguments) -> Self {
        Self { quiet: arguments.quiet, format: arguments.log_format, is_terminal: io::stderr().is_terminal() }
    }

    /// Writes a result to stdout; a reader that closes the pipe early is no failure.
    pub fn write(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let mut text = Vec::new();
        let written = write(&mut text).and_then(|()| {
            let mut out = io::stdout().lock();
            out.write_all(shown::page(&String::from_utf8_lossy(&text)).as_bytes())?;
            out.flush()
        });
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::io("cannot write to", Path::new("stdout"), error))
            }
            _ => Ok(()),
        }
    }

    /// Writes one line to stderr. Nobody can be told when that fails.
    pub fn note(&self, line: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", shown::line(line));
    }

    /// Writes one JSON object to stderr, with the time.
    pub fn json(&self, mut object: serde_json::Value) {
        if let Some(fields) = object.as_object_mut() {
            let now = now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            fields.insert("time".to_owned(), now.into());
        }
        self.note(&object.to_string());
    }

    pub fn error(&self, failure: &Failure) {
        match self.format {
            LogFormat::Json => {
                let hints = &failure.hints;
                self.json(serde_json::json!({"level": "error", "message": failure.message, "hints": hints}));
            }
            LogFormat::Text => lines(failure).iter().for_each(|line| self.note(line)),
        }
    }
}

/// The message and its hints. Further lines of a message are indented, so that nothing quoted in it passes for a line of
/// its own.
fn lines(failure: &Failure) -> Vec<String> {
    let mut message = failure.message.lines();
    let first = format!("error: {}", message.next().unwrap_or_default());
    let further = message.map(|line| format!("  {line}"));
    let hints = failure.hints.iter().map(|hint| format!("hint: {hint}"));
    std::iter::once(first).chain(further).chain(hints).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_line_break_forges_no_hint() {
        let failure = Failure::data("no dealer \"x\nhint: all is well\"").hint("look");
        assert_eq!(lines(&failure), ["error: no dealer \"x", "  hint: all is well\"", "hint: look"]);
    }
}
