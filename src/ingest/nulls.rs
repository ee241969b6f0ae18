//! The words that stand for an empty cell.

use crate::ingest::values::normal;

#[derive(Debug, Clone)]
pub struct Nulls {
    words: Vec<Vec<u8>>,
    longest: usize,
    /// By first byte: whether a word begins so.
    begins: [bool; 256],
}

impl Nulls {
    pub fn of(words: &[String]) -> Self {
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let longest = words.iter().map(Vec::len).max().unwrap_or_default();
        let begins = std::array::from_fn(|byte| {
            words.iter().any(|word| word.first().map(|first| usize::from(*first)) == Some(byte))
        });
        Self { words, longest, begins }
    }

    /// Whether a trimmed text is one of them, or empty. Full-width words and blanks of other scripts are what they look like.
    #[inline]
    pub fn holds(&self, text: &[u8]) -> bool {
        match text.first() {
            None => true,
            // Most texts are done with here.
            Some(first) if first.is_ascii() && !(self.has_beginning(*first) && text.len() <= self.longest) => false,
            _ if text.is_ascii() => self.has_word(text),
            _ => std::str::from_utf8(text).is_ok_and(|wide| self.has_word(normal(wide).as_bytes())),
        }
    }

    fn has_beginning(&self, first: u8) -> bool {
        self.begins.get(usize::from(first)).copied().unwrap_or_default()
    }

    fn has_word(&self, text: &[u8]) -> bool {
        text.is_empty() || self.words.iter().any(|word| word == text)
    }
}
