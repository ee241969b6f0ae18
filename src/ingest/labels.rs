//! Names of columns, as they are compared: blanks at the ends and the width of letters make no difference.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::config::{ColumnSpec, SourceSection};
use crate::model::source::Source;

/// Whether a heading of an export is the one that the job file names.
pub fn is_same(heading: &str, name: &str) -> bool {
    let (heading, name) = (heading.trim(), name.trim());
    heading == name || (!(heading.is_ascii() && name.is_ascii()) && plain(heading) == plain(name))
}

fn plain(label: &str) -> Cow<'_, str> {
    if label.is_ascii() { Cow::Borrowed(label) } else { Cow::Owned(label.nfkc().collect()) }
}

/// The headings that the job file names, or that the source would take by its own names.
pub fn wanted(source: Source, section: &SourceSection) -> Vec<&str> {
    let named = section.columns.values().flat_map(ColumnSpec::headers);
    let own = source.columns().iter().map(|column| column.name);
    named.chain(own).chain(section.months.iter().map(String::as_str)).chain(section.year.as_deref()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_of_letters_makes_no_difference() {
        assert!(is_same("金额（元）", "金额(元)"));
        assert!(is_same("Ａｍｏｕｎｔ ", "Amount"));
        assert!(!is_same("amount", "Amount"));
    }
}
