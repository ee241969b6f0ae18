//! Folders that hold the data of one region only.

use crate::model::checksum;

/// Letters of a name that a folder keeps at most; file systems allow 255 bytes, and a letter has up to four.
const LONGEST: usize = 60;
/// Names that Windows gives to devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of a region's folder: letters of any language, digits, `-` and `_` stay, everything else becomes `_`. A
/// name that does not stay as it is gets a checksum behind it, so that two regions do not share a folder.
pub fn folder_of(region: &str) -> String {
    let fit = |letter: char| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' };
    let kept: String = region.chars().take(LONGEST).map(fit).collect();
    if kept == region && !kept.is_empty() && !is_device(&kept) {
        return kept;
    }
    let checksum: String = checksum::of_parts(&[region]).chars().take(8).collect();
    if kept.is_empty() { format!("region-{checksum}") } else { format!("{kept}-{checksum}") }
}

fn is_device(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_port = (name.starts_with("com") || name.starts_with("lpt"))
        && name.len() == 4
        && name.ends_with(|letter: char| letter.is_ascii_digit());
    is_port || DEVICES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn plain_names_stay() {
        for plain in ["North", "华东", "Île-de-France", "south_2", "NA"] {
            assert_eq!(folder_of(plain), plain);
        }
    }

    #[test]
    fn everything_else_is_one_folder_of_its_own() {
        let long = "x".repeat(300);
        let regions =
            ["", ".", "..", "a/b", "a\\b", "a b", "a_b", "../../etc", "con", "COM1", "a\0b", "=1+1", long.as_str()];
        let folders: BTreeSet<String> = regions.iter().map(|region| folder_of(region)).collect();
        assert_eq!(folders.len(), regions.len());
        for folder in &folders {
            assert!(folder.chars().all(|letter| letter.is_alphanumeric() || "-_".contains(letter)), "{folder}");
            assert!(!folder.is_empty() && folder.len() < 255, "{folder}");
        }
        assert_eq!(folder_of("a_b"), "a_b");
    }
}
