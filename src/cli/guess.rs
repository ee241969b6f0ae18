//! Guesses which source a header belongs to, and which of its columns are which.

use crate::cli::synonyms::synonyms;
use crate::model::source::{Column, Kind, Source};

/// A source that a header could be, with the header of each column that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub source: Source,
    pub columns: Vec<(&'static str, Recognised)>,
}

/// Where a column was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    Header(String),
    /// A month in two columns, and the format of both together.
    Assembled {
        from: [String; 2],
        format: &'static str,
    },
}

impl Recognised {
    fn uses(&self, label: &String) -> bool {
        match self {
            Self::Header(header) => header == label,
            Self::Assembled { from, .. } => from.contains(label),
        }
    }
}

/// The source whose columns fit best: all required ones must be there, then the share of headers that are used counts.
pub fn guess(header: &[String]) -> Option<Guess> {
    let guesses = Source::ALL.into_iter().filter_map(|source| guess_source(source, header));
    guesses.max_by(|left, right| {
        let count = |guess: &Guess| (guess.columns.len(), std::cmp::Reverse(guess.source));
        count(left).cmp(&count(right))
    })
}

fn guess_source(source: Source, header: &[String]) -> Option<Guess> {
    let mut columns: Vec<(&'static str, Recognised)> = Vec::new();
    for column in source.columns() {
        let taken = |label: &String| columns.iter().any(|(_, found)| found.uses(label));
        let found = find(source, column, header, taken).map(Recognised::Header);
        match found.or_else(|| assembled(column, header)) {
            Some(found) => columns.push((column.name, found)),
            None if column.required => return None,
            None => {}
        }
    }
    Some(Guess { source, columns })
}

fn find(source: Source, column: &Column, header: &[String], taken: impl Fn(&String) -> bool) -> Option<String> {
    let own = normal(column.name);
    let names = std::iter::once(own.as_str()).chain(synonyms(source, column.name).iter().copied());
    let free: Vec<&String> = header.iter().filter(|label| !taken(label)).collect();
    names.into_iter().find_map(|name| free.iter().find(|label| normal(label) == name).map(|label| (*label).clone()))
}

/// A month given as a year and a quarter, or a year and a month.
fn assembled(column: &Column, header: &[String]) -> Option<Recognised> {
    let find = |names: &[&str]| header.iter().find(|label| names.contains(&normal(label).as_str())).cloned();
    if column.kind != Kind::Month {
        return None;
    }
    let year = find(&["year", "calendaryear", "fiscalyear", "年", "年份"])?;
    let quarter = find(&["quarter", "calendarquarter", "季度"]).map(|quarter| (quarter, "%Y %q"));
    let month = || find(&["month", "monthnumber", "calendarmonth"]).map(|month| (month, "%Y %m"));
    let (part, format) = quarter.or_else(month)?;
    Some(Recognised::Assembled { from: [year, part], format })
}

/// Lower case letters and digits only, so that `Dealer Code`, `dealer_code` and `DealerCode` are one.
fn normal(label: &str) -> String {
    label.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(labels: &[&str]) -> Vec<String> {
        labels.iter().map(|label| (*label).to_owned()).collect()
    }

    #[test]
    fn a_sales_export_is_recognised_by_its_headers() {
        let guess = guess(&header(&["Order No", "Line", "Date", "Dealer Code", "SKU", "Qty", "Net Amount"])).unwrap();
        assert_eq!(guess.source, Source::Sales);
        assert!(guess.columns.contains(&("amount", Recognised::Header("Net Amount".to_owned()))));
    }

    #[test]
    fn an_outlet_master_with_a_dealer_is_no_dealer_master() {
        let guess = guess(&header(&["Outlet Code", "Dealer Code", "Outlet Name", "Channel", "Territory"])).unwrap();
        assert_eq!(guess.source, Source::Outlets);
    }

    #[test]
    fn a_quarter_in_two_columns_is_put_together() {
        let guess = guess(&header(&["EmployeeKey", "CalendarYear", "CalendarQuarter", "SalesAmountQuota"])).unwrap();
        let from = ["CalendarYear", "CalendarQuarter"].map(str::to_owned);
        assert!(guess.columns.contains(&("month", Recognised::Assembled { from, format: "%Y %q" })), "{guess:?}");
    }

    #[test]
    fn chinese_headers_are_recognised() {
        let guess = guess(&header(&["订单号", "日期", "经销商编码", "门店", "渠道", "数量", "金额"])).unwrap();
        assert_eq!((guess.source, guess.columns.len()), (Source::Sales, 7));
    }

    #[test]
    fn a_header_without_required_columns_is_nothing() {
        assert_eq!(guess(&header(&["temperature", "humidity"])), None);
    }
}
