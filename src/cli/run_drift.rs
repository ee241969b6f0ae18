//! Whether the newest run is far from what runs use to be.

use crate::model::manifest::{Manifest, Status};
use crate::model::source::Source;

/// Earlier published runs that the newest run is held against.
const COMPARED: usize = 7;
/// Fewer say nothing of what is usual.
const LEAST: usize = 3;

/// The rule, as it is printed.
pub const RULE: &str = "rule: the newest run against the median of up to 7 published runs before it, at least 3.
WARN: sales read or accepted below 75 % or above 133 % of the median; share of sales rejected above twice the median and
0.1 points above it; more than twice as long as the median and 10 seconds longer";

/// What runs are compared by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    pub is_published: bool,
    pub read: u64,
    pub rejected: u64,
    pub sales_read: u64,
    pub sales_accepted: u64,
    pub sales_rejected: u64,
    pub seconds: Option<f64>,
}

impl Figures {
    pub fn of(run: &Manifest) -> Self {
        let mut figures =
            Self { is_published: run.status == Status::Published, seconds: seconds(run), ..Self::default() };
        for input in &run.inputs {
            figures.read += input.rows_read;
            figures.rejected += input.rows_rejected;
            if input.source == Source::Sales.name() {
                figures.sales_read += input.rows_read;
                figures.sales_accepted += input.rows_accepted;
                figures.sales_rejected += input.rows_rejected;
            }
        }
        figures
    }

    /// Of the sales, in percent; no sales have none rejected.
    pub fn rejected_percent(&self) -> f64 {
        self.sales_rejected as f64 * 100.0 / self.sales_read.max(1) as f64
    }
}

/// One line for each figure, or nothing while there are too few runs. The figures are sorted by time.
pub fn drift(runs: &[Figures]) -> Option<Vec<String>> {
    let (newest, earlier) = runs.split_last()?;
    let earlier: Vec<&Figures> = earlier.iter().rev().filter(|run| run.is_published).take(COMPARED).collect();
    if earlier.len() < LEAST {
        return None;
    }
    let median_of =
        |figure: &dyn Fn(&Figures) -> Option<f64>| median(earlier.iter().filter_map(|run| figure(run)).collect());
    let rows = [
        ("sales read", newest.sales_read, median_of(&|run| Some(run.sales_read as f64))),
        ("sales accepted", newest.sales_accepted, median_of(&|run| Some(run.sales_accepted as f64))),
    ];
    let mut lines: Vec<String> = rows
        .into_iter()
        .filter_map(|(name, rows, median)| median.map(|median| rows_line(name, rows as f64, median)))
        .collect();
    let share = median_of(&|run| Some(run.rejected_percent()));
    lines.extend(share.map(|median| share_line(newest.rejected_percent(), median)));
    let seconds = newest.seconds.zip(median_of(&|run| run.seconds));
    lines.extend(seconds.map(|(seconds, median)| seconds_line(seconds, median)));
    Some(lines)
}

fn seconds(run: &Manifest) -> Option<f64> {
    let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    Some((time(&run.finished_at)? - time(&run.started_at)?).as_seconds_f64())
}

fn rows_line(name: &str, rows: f64, median: f64) -> String {
    let is_far = rows < median * 0.75 || rows > median / 0.75;
    verdict(is_far, &format!("{name}: {rows:.0}, median {median:.0}"))
}

fn share_line(share: f64, median: f64) -> String {
    let is_far = share > median * 2.0 && share > median + 0.1;
    verdict(is_far, &format!("sales rejected: {share:.3} %, median {median:.3} %"))
}

fn seconds_line(seconds: f64, median: f64) -> String {
    let is_far = seconds > median * 2.0 && seconds > median + 10.0;
    verdict(is_far, &format!("seconds: {seconds:.0}, median {median:.0}"))
}

fn verdict(is_far: bool, line: &str) -> String {
    format!("{:<8} {line}", if is_far { "WARN" } else { "PASS" })
}

/// The middle value; of an even number the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (lower, upper) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(sales: u64, rejected: u64, seconds: f64) -> Figures {
        let accepted = sales - rejected;
        Figures {
            is_published: true,
            sales_read: sales,
            sales_accepted: accepted,
            sales_rejected: rejected,
            seconds: Some(seconds),
            ..Figures::default()
        }
    }

    /// The figures that warn, of a run after three usual ones.
    fn warned(newest: Figures) -> Vec<String> {
        let lines = drift(&[run(990, 1, 20.0), run(1_000, 1, 20.0), run(1_010, 1, 20.0), newest]).unwrap();
        assert_eq!(lines.len(), 4, "{lines:?}");
        let names = lines.iter().filter_map(|line| line.strip_prefix("WARN     ")?.split(':').next());
        names.map(str::to_owned).collect()
    }

    #[test]
    fn a_usual_run_warns_of_nothing() {
        assert!(warned(run(1_000, 1, 20.0)).is_empty());
        // At the limits, and better than usual.
        assert!(warned(run(752, 1, 40.0)).is_empty());
        assert!(warned(run(1_330, 0, 1.0)).is_empty());
    }

    #[test]
    fn each_figure_warns_alone() {
        assert_eq!(warned(run(700, 0, 20.0)), ["sales read", "sales accepted"]);
        assert_eq!(warned(run(1_400, 1, 20.0)), ["sales read", "sales accepted"]);
        assert_eq!(warned(run(1_000, 3, 20.0)), ["sales rejected"]);
        assert_eq!(warned(run(1_000, 1, 41.0)), ["seconds"]);
    }

    #[test]
    fn refused_runs_are_no_measure_and_few_runs_none() {
        let refused = Figures { is_published: false, ..run(1, 0, 1.0) };
        let usual = run(1_000, 1, 20.0);
        assert_eq!(drift(&[usual, usual, refused, usual]), None);
        assert_eq!(drift(&[usual, usual, refused, usual, refused]).unwrap()[0], "WARN     sales read: 1, median 1000");
        assert_eq!(drift(&[]), None);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }
}
