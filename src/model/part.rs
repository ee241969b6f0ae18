//! Work that several machines share.

use std::str::FromStr;

use crate::model::checksum;
use crate::model::source::Source;

/// One of the parts that the exports of a job are dealt out to. Which part an export falls to depends on its source and
/// name alone, so that every machine comes to the same answer without reading anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// From 1 on.
    number: u32,
    of: u32,
}

impl Part {
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    pub fn has(self, source: Source, name: &str) -> bool {
        let digest = checksum::of_parts(&[source.name(), name]);
        let short = digest.get(..8).and_then(|short| u32::from_str_radix(short, 16).ok()).unwrap_or_default();
        short % self.of == self.number - 1
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("write it as 1/4, 2/4, 3/4 or 4/4 for four machines".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_export_falls_to_exactly_one_part() {
        let parts: Vec<Part> = ["1/3", "2/3", "3/3"].iter().map(|text| text.parse().unwrap()).collect();
        let mut sizes = [0; 3];
        for number in 0..300 {
            let name = format!("exports/sales-{number}.csv");
            let owners: Vec<usize> = (0..3).filter(|place| parts[*place].has(Source::Sales, &name)).collect();
            assert_eq!(owners.len(), 1, "{name}");
            sizes[owners[0]] += 1;
            assert!(Part::WHOLE.has(Source::Sales, &name));
        }
        assert!(sizes.iter().all(|size| (70..130).contains(size)), "{sizes:?}");
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for wrong in ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3"] {
            assert!(wrong.parse::<Part>().is_err(), "{wrong}");
        }
        assert_eq!("2/4".parse::<Part>().unwrap().to_string(), "2/4");
    }
}
