//! Which delimiter and which quote an export is written with: what the job file says, or else what reads its first lines
//! best, the header before all.

use ::csv::{ByteRecord, ReaderBuilder};

use crate::config::SourceSection;
use crate::ingest::header::MOST_COLUMNS;
use crate::ingest::labels::{is_same, wanted};
use crate::model::source::Source;

/// In doubt the first ones.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const QUOTES: [u8; 2] = [b'"', b'\''];

/// How a text is cut into fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
}

impl Dialect {
    /// `sample` begins with the header. The best dialect finds the most columns that the source wants, then the most fields
    /// in its first row, then the most rows as wide as that.
    pub fn of(source: Source, section: &SourceSection, sample: &[u8]) -> Self {
        let wanted = wanted(source, section);
        let candidates =
            DELIMITERS.iter().flat_map(|delimiter| QUOTES.map(|quote| Self { delimiter: *delimiter, quote }));
        let told = candidates.map(|dialect| Self {
            delimiter: section.delimiter_byte().unwrap_or(dialect.delimiter),
            quote: section.quote_byte().unwrap_or(dialect.quote),
        });
        let mut allowed: Vec<Self> =
            told.filter(|dialect| section.quote != "auto" || dialect.is_likely(sample)).collect();
        allowed.dedup();
        // The last of equals is taken, so the usual ones come last.
        let best = allowed.into_iter().rev().max_by_key(|dialect| dialect.score(sample, &wanted));
        best.unwrap_or(Self { delimiter: b',', quote: b'"' })
    }

    fn score(self, sample: &[u8], wanted: &[&str]) -> (usize, usize, usize, bool) {
        let mut rows = self.rows(sample);
        let header = rows.next().unwrap_or_default();
        let label = |field: &[u8]| String::from_utf8_lossy(field).trim_start_matches('\u{feff}').to_owned();
        let is_wanted = |label: &str| wanted.iter().any(|name| is_same(label, name));
        let found = header.iter().take(MOST_COLUMNS).filter(|field| is_wanted(&label(field))).count();
        let even = rows.filter(|row| row.len() == header.len()).count();
        (found, header.len(), even, self.quote == b'\'')
    }

    /// The fields of the first row.
    pub fn fields(self, row: &[u8]) -> ByteRecord {
        self.rows(row).next().unwrap_or_default()
    }

    fn rows(self, text: &[u8]) -> impl Iterator<Item = ByteRecord> {
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.delimiter).quote(self.quote).has_headers(false).flexible(true);
        builder.from_reader(text).into_byte_records().map_while(Result::ok)
    }

    /// Single quotes are thought of only where they begin and end fields, and double ones do not begin any: an apostrophe may
    /// begin a word, and an open double quote must not make it the better reading.
    fn is_likely(self, sample: &[u8]) -> bool {
        let fields = || sample.split(|byte| *byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
        let begins = |quote: u8| fields().any(|field| field.first() == Some(&quote));
        let ends = |quote: u8| fields().any(|field| field.len() > 1 && field.last() == Some(&quote));
        self.quote != b'\'' || (begins(b'\'') && ends(b'\'') && !begins(b'"'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(keys: &str, sample: &str) -> (char, char) {
        let section = toml::from_str(&format!("files = []\n{keys}")).unwrap();
        let Dialect { delimiter, quote } = Dialect::of(Source::Sales, &section, sample.as_bytes());
        (delimiter.into(), quote.into())
    }

    #[test]
    fn the_header_decides_and_comma_and_double_quote_in_doubt() {
        assert_eq!(dialect("", "sold_on;dealer_id;amount\n2024-05-01;D1;1,5\n"), (';', '"'));
        assert_eq!(dialect("", "single\n"), (',', '"'));
        assert_eq!(dialect("header = false", "2024-05-01|D1|5\n"), ('|', '"'));
    }

    #[test]
    fn a_delimiter_within_a_heading_does_not_win() {
        let columns = "[columns]\nsold_on = \"Date (y,m,d)\"\ndealer_id = \"Dealer\"\namount = \"Net, EUR, rounded\"";
        assert_eq!(dialect(columns, "Date (y,m,d);Dealer;Net, EUR, rounded\n"), (';', '"'));
    }

    #[test]
    fn single_quotes_quote_where_they_surround_fields() {
        assert_eq!(dialect("", "'sold_on','dealer_id','amount'\n'2024-05-01','D1','5'\n"), (',', '\''));
        assert_eq!(dialect("", "sold_on,dealer_id,amount\n2024-05-01,'D,1','5'\n"), (',', '\''));
        assert_eq!(dialect("", "sold_on,dealer_id,amount\n2024-05-01,'tHooft,5\n"), (',', '"'));
        assert_eq!(dialect("quote = \"'\"", "sold_on,dealer_id,amount\n"), (',', '\''));
    }
}
