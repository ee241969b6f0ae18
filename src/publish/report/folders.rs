//! The folder of each region: a name that every file system takes, and that no two regions share.

use std::collections::{BTreeMap, BTreeSet};

/// At most so many signs, of up to four bytes each: file names end at 255 bytes.
const SIGNS: usize = 60;

/// The folder's name by region, for regions in ascending order.
pub fn region_folders<'a>(regions: &[&'a str]) -> BTreeMap<&'a str, String> {
    let mut taken = BTreeSet::new();
    let mut folders = BTreeMap::new();
    for region in regions {
        let plain = safe(region);
        let mut name = plain.clone();
        let mut number = 2;
        // File systems that ignore case see one name.
        while !taken.insert(name.to_lowercase()) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        folders.insert(*region, name);
    }
    folders
}

fn safe(region: &str) -> String {
    let sign = |sign: char| if sign.is_alphanumeric() || sign == '-' { sign } else { '_' };
    let name: String = region.chars().take(SIGNS).map(sign).collect();
    if name.is_empty() { "_".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_readable_and_lead_nowhere_else() {
        let folders = region_folders(&["../etc", "Nord-Ost", "华东 1"]);
        assert_eq!(folders.values().collect::<Vec<_>>(), ["___etc", "Nord-Ost", "华东_1"]);
        assert_eq!(region_folders(&[""]).get("").map(String::as_str), Some("_"));
        assert!(region_folders(&["东".repeat(200).as_str()]).values().all(|name| name.len() <= 255));
    }

    #[test]
    fn regions_alike_get_folders_of_their_own() {
        let folders = region_folders(&["A/B", "A:B", "a_b"]);
        assert_eq!(folders.values().collect::<Vec<_>>(), ["A_B", "A_B_2", "a_b_3"]);
    }
}
