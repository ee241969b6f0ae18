//! How a run looks while it goes on: bars on a terminal, plain lines in cron, JSON lines on request.

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::args::LogFormat;
use crate::cli::console::Console;
use crate::cli::json_log::{fields, staged};
use crate::model::event::{Event, Stage, Watch};
use crate::model::manifest::Verdict;
use crate::model::shown;

/// Shows events on a console.
pub struct ConsoleWatch<'a> {
    console: &'a Console,
    bar: ProgressBar,
}

impl<'a> ConsoleWatch<'a> {
    pub fn new(console: &'a Console) -> Self {
        let moves = console.is_terminal && !console.quiet && console.format == LogFormat::Text;
        let bar = if moves { ProgressBar::new(0).with_style(style()) } else { ProgressBar::hidden() };
        Self { console, bar }
    }

    /// Takes the bar away, so that what follows stands on clean lines.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn show(&self, event: &Event) {
        match event {
            Event::StageStarted { stage, steps } => self.start(*stage, *steps),
            Event::Step { name, .. } => self.advance(name),
            Event::ExportStaged { name, rows, rejected, reused, .. } => {
                self.advance(&staged(name, *rows, *rejected, *reused));
            }
            Event::StageFinished { stage, summary, .. } if !summary.is_empty() => {
                self.line(&format!("{:<8} {summary}", stage.name()));
            }
            Event::RunStarted { .. } | Event::RunNamed { .. } | Event::StageFinished { .. } => {}
            Event::Verdict { verdict, line } => self.line(&format!("{:<8} {line}", verdict.word())),
            Event::Warning { message } => self.line(&format!("{:<8} {message}", "WARN")),
        }
    }

    fn start(&self, stage: Stage, steps: u64) {
        self.bar.set_prefix(stage.name());
        self.bar.set_message("");
        self.bar.set_length(steps);
        self.bar.set_position(0);
    }

    /// On a terminal the bar moves; elsewhere steps are left out, since summaries follow.
    fn advance(&self, name: &str) {
        self.bar.set_message(shown::line(name));
        self.bar.inc(1);
    }

    fn line(&self, line: &str) {
        self.bar.suspend(|| self.console.note(line));
    }
}

impl Watch for ConsoleWatch<'_> {
    fn notice(&self, event: Event) {
        self.console.follow(&event);
        let is_bad = matches!(event, Event::Verdict { verdict: Verdict::Fail, .. });
        match self.console.format {
            _ if self.console.quiet && !is_bad => {}
            LogFormat::Json => self.console.json(fields(&event)),
            LogFormat::Text => self.show(&event),
        }
    }
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{prefix:<8} [{bar:30}] {pos}/{len} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
