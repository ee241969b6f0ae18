//! Foreign text as it may be shown: it moves no cursor, forges no line, and fills no log.
//!
//! Names and cells come out of files that others wrote. In a terminal a control character can hide or rewrite what stands
//! there, and in a log a line break can pass for a line of its own.

/// The longest value that a message shows, in characters.
const LONGEST: usize = 80;

/// A value within a message: on one line, and not longer than a message bears.
pub fn value(text: &str) -> String {
    cut(&line(text), LONGEST)
}

/// Text that has to stay on one line.
pub fn line(text: &str) -> String {
    escaped(text, &[])
}

/// Text of several lines.
pub fn page(text: &str) -> String {
    escaped(text, &['\n', '\t'])
}

/// The first `most` characters, and a sign where more are left out.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{} ...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The escapes are those of JSON, so that a line of JSON stays one with the same content.
fn escaped(text: &str, kept: &[char]) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            character if !is_harmful(character) || kept.contains(&character) => safe.push(character),
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            other => safe.push_str(&format!("\\u{:04x}", u32::from(other))),
        }
    }
    safe
}

/// Controls of terminals, and the signs that end lines or turn the direction of what follows.
fn is_harmful(character: char) -> bool {
    let turns =
        matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_named_and_everything_else_stays() {
        assert_eq!(line("\u{1b}[31mred\u{7}\u{9b}2J"), "\\u001b[31mred\\u0007\\u009b2J");
        assert_eq!(line("Müller & 好运 \u{200d}\\n 'quoted'"), "Müller & 好运 \u{200d}\\n 'quoted'");
        assert_eq!(line("a\u{202e}txt.exe\u{2028}"), "a\\u202etxt.exe\\u2028");
    }

    #[test]
    fn only_a_page_has_line_breaks() {
        assert_eq!(line("x\r\nPASS\tall"), "x\\r\\nPASS\\tall");
        assert_eq!(page("x\r\nPASS\tall"), "x\\r\nPASS\tall");
    }

    #[test]
    fn what_is_escaped_once_is_not_escaped_again() {
        let once = line("\u{1b}]0;title\u{7}\n");
        assert_eq!(line(&once), once);
    }

    #[test]
    fn a_line_of_json_keeps_its_content() {
        let name = "bell \u{7} csi \u{9b} rlo \u{202e} del \u{7f}";
        let shown = line(&serde_json::json!({ "name": name }).to_string());
        assert!(!shown.chars().any(is_harmful), "{shown}");
        let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(read["name"], name);
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(value(&"好".repeat(80)), "好".repeat(80));
        assert_eq!(value(&"好".repeat(81)), format!("{} ...", "好".repeat(80)));
        assert_eq!(cut("", 0), "");
    }
}
