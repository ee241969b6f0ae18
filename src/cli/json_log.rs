//! The lines of `--log-format json`. Every line has the same eight fields, and some have more: see docs/operations.md.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::model::event::{Counts, Event};
use crate::model::manifest::Verdict;

/// Which run it is, and where it is.
#[derive(Debug, Default)]
pub struct Context {
    started_at: Option<DateTime<Utc>>,
    run_id: Option<String>,
    /// The stage that goes on, or was the last.
    stage: Option<&'static str>,
}

impl Context {
    pub fn follow(&mut self, event: &Event) {
        match event {
            Event::RunStarted { started_at } => self.started_at = Some(*started_at),
            Event::RunNamed { run_id } => self.run_id = Some(run_id.clone()),
            Event::StageStarted { stage, .. } => self.stage = Some(stage.name()),
            _ => {}
        }
    }
}

/// One line: what all lines have, and the fields of this one.
pub fn line(context: &Context, now: DateTime<Utc>, fields: Value) -> Value {
    let moment = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut line = json!({
        "time": moment(now),
        "level": "info",
        "event": "note",
        "run_id": context.run_id,
        "started_at": context.started_at.map(moment),
        "stage": context.stage,
        "message": "",
        "counts": {},
    });
    if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
        line.extend(fields);
    }
    line
}

/// The fields that an event has of its own.
pub fn fields(event: &Event) -> Value {
    match event {
        Event::RunStarted { .. } => json!({"event": "run_started", "message": "the run has started"}),
        Event::RunNamed { run_id } => json!({"event": "run_named", "message": format!("this is run {run_id}")}),
        Event::StageStarted { stage, steps } => json!({
            "event": "stage_started", "message": format!("{} has started", stage.name()), "counts": {"steps": steps}
        }),
        Event::Step { name, .. } => json!({"event": "step", "message": name}),
        Event::StageFinished { stage, summary, counts } => {
            let message = if summary.is_empty() { format!("{} has ended", stage.name()) } else { summary.clone() };
            json!({"event": "stage_finished", "message": message, "counts": numbers(counts)})
        }
        Event::ExportStaged { source, name, rows, rejected, reused } => json!({
            "event": "export_staged", "message": staged(name, *rows, *rejected, *reused),
            "source": source.name(), "export": name, "reused": reused,
            "counts": {"rows": rows, "rejected": rejected}
        }),
        Event::Verdict { verdict, line } => {
            json!({"level": level(*verdict), "event": "verdict", "verdict": verdict, "message": line})
        }
        Event::Warning { message } => json!({"level": "warning", "event": "warning", "message": message}),
    }
}

/// One export in words.
pub fn staged(name: &str, rows: u64, rejected: u64, reused: bool) -> String {
    let origin = if reused { ", reused" } else { "" };
    format!("{name}: {rows} rows, {rejected} rejected{origin}")
}

fn numbers(counts: &Counts) -> Value {
    let fields: Map<String, Value> =
        counts.iter().map(|(name, number)| ((*name).to_owned(), (*number).into())).collect();
    fields.into()
}

const fn level(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "info",
        Verdict::Warn => "warning",
        Verdict::Fail => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Stage;

    #[test]
    fn lines_say_which_run_and_stage_they_are_of() {
        let mut context = Context::default();
        let now = DateTime::from_timestamp(0, 0).unwrap();
        let before = line(&context, now, json!({}));
        assert_eq!((&before["run_id"], &before["stage"]), (&Value::Null, &Value::Null));
        context.follow(&Event::RunStarted { started_at: now });
        context.follow(&Event::RunNamed { run_id: "r1".to_owned() });
        context.follow(&Event::StageStarted { stage: Stage::Gate, steps: 1 });
        let finished = Event::StageFinished { stage: Stage::Gate, summary: String::new(), counts: vec![("failed", 2)] };
        let line = line(&context, now, fields(&finished));
        assert_eq!(
            line,
            json!({
                "time": "1970-01-01T00:00:00.000Z", "started_at": "1970-01-01T00:00:00.000Z", "run_id": "r1",
                "level": "info", "event": "stage_finished", "stage": "gate", "message": "gate has ended",
                "counts": {"failed": 2}
            })
        );
    }
}
