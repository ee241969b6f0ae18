//! Names of dealers and outlets. A few hold commas, quotes and other scripts, as names in real exports do.

use super::geography::Channel;

const SPECIAL_DEALERS: [&str; 5] =
    ["Café Zoë Distribution", "Lindqvist, Berg & Co.", "Marlow \"The Crate\" Supply", "东方饮料贸易", "Łódzkie Napoje"];

const FAMILIES: [&str; 24] = [
    "Abbott", "Bauer", "Castell", "Dwyer", "Ekman", "Farkas", "Greco", "Hollis", "Iversen", "Jansen", "Kimura",
    "Lowell", "Mbeki", "Novak", "Ortega", "Petrov", "Quist", "Rossi", "Sandoval", "Turner", "Ullman", "Varga",
    "Whitby", "Yilmaz",
];

const BUSINESSES: [&str; 5] = ["Beverages", "Distribution", "& Sons", "Drinks Trading", "Wholesale"];

const SPECIAL_OUTLETS: [&str; 6] = [
    "Café Zoë",
    "Smith, Jones & Daughters",
    "The \"Blue\" Door",
    "老王便利店",
    "Señor Taco, Downtown",
    "Brûlerie Élan",
];

const FIRST_WORDS: [&str; 23] = [
    "Maple", "Corner", "Golden", "Station", "Lucky", "Garden", "Silver", "Sunny", "Village", "Harbor", "Green",
    "Royal", "Red", "Central", "Happy", "Star", "Mill", "Bridge", "Oak", "Family", "Castle", "Lake", "City",
];

const STREETS: [&str; 20] = [
    "Hill Street",
    "Main Street",
    "Church Lane",
    "Park Road",
    "Mill Road",
    "Station Road",
    "High Street",
    "King Street",
    "Queen Street",
    "School Lane",
    "Bridge Street",
    "Elm Avenue",
    "Cedar Avenue",
    "Canal Walk",
    "Orchard Way",
    "North Gate",
    "South Gate",
    "Market Square",
    "Lake Drive",
    "Forest Road",
];

/// The name of a dealer, by its number.
pub fn dealer_name(number: u32) -> String {
    let number = number as usize;
    match special(&SPECIAL_DEALERS, number, 11) {
        Some(name) => name.to_owned(),
        None => format!("{} {}", nth(&FAMILIES, number * 7), nth(&BUSINESSES, number)),
    }
}

/// The name of an outlet, by its number and channel.
pub fn outlet_name(number: u32, channel: &Channel) -> String {
    // Neighbours in the list must not look alike, so the number is mixed first.
    let mixed = (number.wrapping_mul(2_654_435_761) >> 8) as usize;
    match special(&SPECIAL_OUTLETS, number as usize, 150) {
        Some(name) => name.to_owned(),
        None => {
            let first = nth(&FIRST_WORDS, mixed);
            format!("{first} {} {}", nth(&channel.nouns, mixed / 23), nth(&STREETS, mixed / 69))
        }
    }
}

/// Every so many numbers a special name, until the list is used up.
fn special(names: &[&'static str], number: usize, every: usize) -> Option<&'static str> {
    if number % every == 2 { names.get(number / every).copied() } else { None }
}

fn nth(words: &[&'static str], number: usize) -> &'static str {
    words.get(number % words.len().max(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::geography::CHANNELS;
    use super::*;

    #[test]
    fn special_names_come_early_and_once() {
        assert_eq!(dealer_name(2), "Café Zoë Distribution");
        assert_eq!(dealer_name(13), "Lindqvist, Berg & Co.");
        assert_eq!(dealer_name(0), "Abbott Beverages");
        assert_eq!(outlet_name(152, &CHANNELS[0]), "Smith, Jones & Daughters");
    }
}
