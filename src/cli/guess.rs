//! Guesses which source a header belongs to, and which of its columns are which.

use crate::cli::synonyms::synonyms;
use crate::model::source::{Column, Source};

/// A source that a header could be, with the header of each column that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub source: Source,
    pub columns: Vec<(&'static str, String)>,
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
    let mut columns: Vec<(&'static str, String)> = Vec::new();
    for column in source.columns() {
        let taken = |label: &String| columns.iter().any(|(_, used)| used == label);
        match find(source, column, header, taken) {
            Some(label) => columns.push((column.name, label)),
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
        assert!(guess.columns.contains(&("amount", "Net Amount".to_owned())));
    }

    #[test]
    fn an_outlet_master_with_a_dealer_is_no_dealer_master() {
        let guess = guess(&header(&["Outlet Code", "Dealer Code", "Outlet Name", "Channel", "Territory"])).unwrap();
        assert_eq!(guess.source, Source::Outlets);
    }

    #[test]
    fn a_header_without_required_columns_is_nothing() {
        assert_eq!(guess(&header(&["temperature", "humidity"])), None);
    }
}
