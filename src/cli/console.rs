//! Everything that is printed goes through here: results to stdout, the rest to stderr. Names come from files of others, so
//! control characters are shown as escapes.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use crate::cli::args::{Arguments, LogFormat};
use crate::cli::clock::now;
use crate::cli::json_log::{Context, line};
use crate::model::event::Event;
use crate::model::failure::{Failure, Result};
use crate::model::shown;

/// Where and how to print.
pub struct Console {
    pub quiet: bool,
    pub format: LogFormat,
    /// stderr is a terminal: bars may move.
    pub is_terminal: bool,
    /// Which run, and where it is: on every JSON line.
    context: Mutex<Context>,
}

impl Console {
    pub fn new(arguments: &Arguments) -> Self {
        Self {
            quiet: arguments.quiet,
            format: arguments.log_format,
            is_terminal: io::stderr().is_terminal(),
            context: Mutex::default(),
        }
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

    /// Notes which run it is, and where it is.
    pub fn follow(&self, event: &Event) {
        self.context.lock().unwrap_or_else(PoisonError::into_inner).follow(event);
    }

    /// Writes one JSON object to stderr: these fields, those that all lines have, and the time.
    pub fn json(&self, fields: serde_json::Value) {
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        self.note(&line(&context, now(), fields).to_string());
    }

    /// Says what somebody should look at, though nothing failed.
    pub fn warning(&self, message: &str) {
        match self.format {
            LogFormat::Json => self.json(json!({"level": "warning", "event": "warning", "message": message})),
            LogFormat::Text => self.note(&format!("{:<8} {message}", "WARN")),
        }
    }

    pub fn error(&self, failure: &Failure, exit_code: u8) {
        match self.format {
            LogFormat::Json => self.json(json!({
                "level": "error", "event": "failed", "message": failure.message, "hints": failure.hints,
                "exit_code": exit_code
            })),
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
