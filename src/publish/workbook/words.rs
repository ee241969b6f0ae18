//! The two languages of the workbook.

use crate::publish::workbook::names;

/// The language of everything that is not data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    is_chinese: bool,
}

impl Words {
    /// Chinese for `zh`, English for everything else.
    pub(super) fn of(language: &str) -> Self {
        Self { is_chinese: language.starts_with("zh") }
    }

    /// One of the two.
    pub(super) const fn say<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        if self.is_chinese { chinese } else { english }
    }

    /// The plain name of a column.
    pub(super) fn column(self, name: &str) -> String {
        names::plain(name, self.is_chinese)
    }
}
