//! Names of sheets within what spreadsheets allow.

use std::collections::BTreeSet;

/// UTF-16 units of a name at most.
const LONGEST: usize = 31;
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// The names of one workbook; they differ by more than case.
#[derive(Debug, Default)]
pub(super) struct SheetNames {
    taken: BTreeSet<String>,
}

impl SheetNames {
    /// A name as near to the wanted one as is allowed and free.
    pub(super) fn free(&mut self, wanted: &str) -> String {
        let fit = |letter: char| if FORBIDDEN.contains(&letter) || letter.is_control() { '_' } else { letter };
        let clean: String = wanted.chars().map(fit).collect();
        let clean = clean.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace());
        let mut name = shortened(clean, LONGEST);
        let mut count = 1;
        while name.is_empty() || self.taken.contains(&name.to_lowercase()) {
            count += 1;
            let ending = format!("~{count}");
            name = format!("{}{ending}", shortened(clean, LONGEST - ending.len()));
        }
        self.taken.insert(name.to_lowercase());
        name
    }
}

/// The beginning of a text, not ending with an apostrophe.
fn shortened(text: &str, most: usize) -> String {
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units <= most
    };
    text.chars().take_while(fits).collect::<String>().trim_end_matches('\'').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_and_differ() {
        let mut names = SheetNames::default();
        assert_eq!(names.free("Plan D004"), "Plan D004");
        assert_eq!(names.free("plan d004"), "plan d004~2");
        assert_eq!(names.free("Plan [a]:*?/\\b"), "Plan _a______b");
        assert_eq!(names.free("'quoted'"), "quoted");
        assert_eq!(names.free("''"), "~2");
        let long = format!("Plan {}", "𝒳".repeat(40));
        for _ in 0..12 {
            let name = names.free(&long);
            assert!(name.encode_utf16().count() <= LONGEST && name.starts_with("Plan 𝒳"), "{name}");
        }
    }
}
