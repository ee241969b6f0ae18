//! `dealerlens run --timings`: where the night went, as a table.

use std::io::{self, Write};

use crate::model::timing::Timing;

/// Prints each stage, and below it its queries, the longest first.
pub fn print(timings: &[Timing], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{:<8} {:<32} {:>9} {:>11} {:>9} {:>9} {:>9}",
        "stage", "query", "seconds", "rows", "MB", "peak MB", "spilled"
    )?;
    for stage in timings.iter().filter(|timing| timing.step.is_none()) {
        line(stage, out)?;
        let mut steps: Vec<&Timing> = timings.iter().filter(|timing| is_step_of(timing, stage)).collect();
        steps.sort_by_key(|step| std::cmp::Reverse(step.milliseconds));
        steps.into_iter().try_for_each(|step| line(step, out))?;
    }
    Ok(())
}

fn is_step_of(timing: &Timing, stage: &Timing) -> bool {
    timing.step.is_some() && timing.stage == stage.stage
}

fn line(timing: &Timing, out: &mut dyn Write) -> io::Result<()> {
    let seconds = format!("{}.{:03}", timing.milliseconds / 1000, timing.milliseconds % 1000);
    let (stage, step) = match &timing.step {
        Some(step) => ("", step.as_str()),
        None => (timing.stage.as_str(), ""),
    };
    let line = format!(
        "{stage:<8} {step:<32} {seconds:>9} {:>11} {:>9} {:>9} {:>9}",
        timing.rows.map(|rows| rows.to_string()).unwrap_or_default(),
        megabytes(timing.bytes),
        megabytes(timing.peak_memory_bytes),
        megabytes(timing.spilled_bytes.filter(|bytes| *bytes > 0)),
    );
    writeln!(out, "{}", line.trim_end())
}

/// Tenths of 1024 x 1024 bytes, without floats.
fn megabytes(bytes: Option<u64>) -> String {
    bytes.map(|bytes| (bytes * 10) >> 20).map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn queries_stand_below_their_stage_the_longest_first() {
        let step = |stage, name, milliseconds| Timing::of_step(stage, name, Duration::from_millis(milliseconds));
        let timings = [
            Timing::of_stage("gate", Duration::from_millis(1250)),
            Timing { rows: Some(7), bytes: Some(3 << 19), ..step("gate", "rejections", 20) },
            Timing { spilled_bytes: Some(5 << 20), ..step("gate", "superseded_sales", 1200) },
            Timing::of_stage("check", Duration::from_millis(3)),
        ];
        let mut text = Vec::new();
        print(&timings, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let cells: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            cells,
            [
                vec!["gate", "1.250"],
                vec!["superseded_sales", "1.200", "5.0"],
                vec!["rejections", "0.020", "7", "1.5"],
                vec!["check", "0.003"]
            ]
        );
    }
}
