//! Texts with small faults, as people and editors make them: what every reader of job files, contracts and queries has to
//! bear. For tests only.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// What may stand where something else was meant.
const VALUES: [&str; 18] = [
    "",
    "\"",
    "\"\"",
    "-1",
    "0",
    "nan",
    "inf",
    "1e400",
    "9223372036854775808",
    "true",
    "[]",
    "{}",
    "[[]]",
    "2025-12-31",
    "\"\\u0000\"",
    "'../../x'",
    "{ from = [], times = 0 }",
    "\"金额\"",
];
/// Signs that mean something to one of the readers.
const SIGNS: &str = "[]{}\"'=.,;:()*/#$%\\-_ae019 \n\t\r\0\u{feff}\u{202e}é金";

/// One fault; places are shares of the text.
#[derive(Debug, Clone)]
enum Fault {
    /// A line is missing.
    Drop(Index),
    /// A line stands elsewhere too.
    Repeat(Index, Index),
    /// Behind the sign of equality stands something else.
    Value(Index, &'static str),
    /// Signs slipped in.
    Insert(Index, String),
    /// A sign is missing.
    Erase(Index),
    /// The rest is missing.
    Cut(Index),
}

/// Any of the texts, with up to four faults.
pub fn faulty(texts: Vec<String>) -> impl Strategy<Value = String> {
    let faults = proptest::collection::vec(fault(), 1..5);
    (select(texts), faults).prop_map(|(text, faults)| faults.iter().fold(text, |text, fault| fault.of(&text)))
}

fn fault() -> impl Strategy<Value = Fault> {
    let place = any::<Index>;
    prop_oneof![
        2 => place().prop_map(Fault::Drop),
        2 => (place(), place()).prop_map(|(from, to)| Fault::Repeat(from, to)),
        4 => (place(), select(VALUES.to_vec())).prop_map(|(line, value)| Fault::Value(line, value)),
        4 => (place(), proptest::collection::vec(select(SIGNS.chars().collect::<Vec<_>>()), 1..5))
            .prop_map(|(sign, signs)| Fault::Insert(sign, signs.into_iter().collect())),
        2 => place().prop_map(Fault::Erase),
        1 => place().prop_map(Fault::Cut),
    ]
}

impl Fault {
    fn of(&self, text: &str) -> String {
        match self {
            Self::Insert(place, signs) => {
                let (before, after) = split(text, place);
                format!("{before}{signs}{after}")
            }
            Self::Erase(place) => {
                let (before, after) = split(text, place);
                format!("{before}{}", after.chars().skip(1).collect::<String>())
            }
            Self::Cut(place) => split(text, place).0.to_owned(),
            _ => self.of_lines(text.lines().map(str::to_owned).collect()).join("\n"),
        }
    }

    fn of_lines(&self, mut lines: Vec<String>) -> Vec<String> {
        let count = lines.len();
        match self {
            _ if count == 0 => {}
            Self::Drop(place) => drop(lines.remove(place.index(count))),
            Self::Repeat(from, to) => lines.insert(to.index(count), lines[from.index(count)].clone()),
            Self::Value(place, value) => {
                let line = &mut lines[place.index(count)];
                *line = line.split_once('=').map_or_else(|| (*value).to_owned(), |(key, _)| format!("{key}= {value}"));
            }
            Self::Insert(..) | Self::Erase(_) | Self::Cut(_) => {}
        }
        lines
    }
}

/// The text before and behind one of its signs.
fn split<'a>(text: &'a str, place: &Index) -> (&'a str, &'a str) {
    let mut borders: Vec<usize> = text.char_indices().map(|(border, _)| border).collect();
    borders.push(text.len());
    text.split_at(borders[place.index(borders.len())])
}
