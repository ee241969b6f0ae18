//! The sentences of the report in one language.

use std::collections::BTreeMap;

use crate::model::failure::{Failure, Result};

const TEXTS: &str = include_str!("texts.toml");

#[derive(Debug)]
pub(super) struct Texts {
    language: String,
    texts: BTreeMap<String, String>,
}

impl Texts {
    /// English for every language but `zh`.
    pub(super) fn new(language: &str) -> Result<Self> {
        let both = both_languages()?;
        let is_chinese = language == "zh";
        let texts = both.into_iter().map(|(key, [english, chinese])| (key, if is_chinese { chinese } else { english }));
        Ok(Self { language: if is_chinese { "zh" } else { "en" }.to_owned(), texts: texts.collect() })
    }

    pub(super) fn language(&self) -> &str {
        &self.language
    }

    pub(super) fn all(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    pub(super) fn get(&self, key: &str) -> String {
        self.texts.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// The text for one of several kinds, such as `class_star`; for an unknown kind, its own name.
    pub(super) fn kind(&self, prefix: &str, kind: &str) -> String {
        self.texts.get(&format!("{prefix}_{kind}")).cloned().unwrap_or_else(|| kind.to_owned())
    }

    /// The text with the words in braces replaced.
    pub(super) fn fill(&self, key: &str, values: &[(&str, String)]) -> String {
        let text = self.get(key);
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            filled.push_str(values.iter().find(|pair| pair.0 == name).map_or(name, |pair| pair.1.as_str()));
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

fn both_languages() -> Result<BTreeMap<String, [String; 2]>> {
    toml::from_str(TEXTS).map_err(|error| Failure::defect(format!("the texts of the report cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for (key, [english, chinese]) in both_languages().unwrap() {
            assert!(!english.is_empty() && !chinese.is_empty(), "{key}");
            assert_eq!(places(&english), places(&chinese), "{key}");
        }
    }

    #[test]
    fn values_are_put_in_once_even_with_braces_of_their_own() {
        let texts = Texts::new("en").unwrap();
        let filled = texts
            .fill("rows_shown", &[("first", "{last}".to_owned()), ("last", "2".to_owned()), ("all", "3".to_owned())]);
        assert_eq!(filled, "{last}–2 of 3");
        assert_eq!(texts.kind("class", "star"), "Star");
        assert_eq!(texts.kind("class", "odd"), "odd");
    }
}
