//! Where the company sells: regions with their territories, and channels.

/// A group of territories under one manager.
#[derive(Debug)]
pub struct Region {
    pub name: &'static str,
    pub manager: &'static str,
    pub territories: &'static [&'static str],
    /// Accounts of chains that have outlets in this region only.
    pub chains: &'static [&'static str],
}

/// Dealers go round the regions in this order.
pub static REGIONS: [Region; 6] = [
    Region {
        name: "North",
        manager: "Ingrid Solheim",
        territories: &["Norhaven", "Pinegate", "Elkford", "Graymoor", "Stonewick"],
        chains: &["AC05", "AC06"],
    },
    Region {
        name: "South",
        manager: "Rafael Ibáñez",
        territories: &["Sunmere", "Oliveto", "Palmbury", "Duneside"],
        chains: &["AC07", "AC08"],
    },
    Region {
        name: "East",
        manager: "Mei Lin",
        territories: &["Eastbridge", "Amberley", "Rowanfield", "Kestrel Hills", "Tolden", "Quarry Bank"],
        chains: &["AC09", "AC10"],
    },
    Region {
        name: "West",
        manager: "Tom Okafor",
        territories: &["Westbrook", "Redcliff", "Alder Valley", "Copperton", "Lindenau"],
        chains: &["AC11", "AC12"],
    },
    Region {
        name: "Central",
        manager: "Anna Kowalska",
        territories: &["Old Town", "Riverside", "Foundry Quarter", "Parkside"],
        chains: &["AC13", "AC14"],
    },
    Region {
        name: "Coast",
        manager: "Joana Pires",
        territories: &["Harbour", "Lighthouse Bay", "Saltmarsh", "Pelican Point", "Ferry Landing", "Upper Cape"],
        chains: &["AC15", "AC16"],
    },
];

/// Accounts of chains that have outlets in every region.
pub static NATIONAL_CHAINS: [&str; 4] = ["AC01", "AC02", "AC03", "AC04"];

/// A kind of outlet.
#[derive(Debug)]
pub struct Channel {
    pub name: &'static str,
    /// Of all outlets.
    pub share: f64,
    /// Orders and value of an order against the average channel.
    pub rate: f64,
    pub ticket: f64,
    /// Outlets that belong to a chain.
    pub chain_share: f64,
    /// How likely an outlet carries each category, in the order of the categories.
    pub range: [f64; 6],
    /// Last words of an outlet's name.
    pub nouns: [&'static str; 3],
}

pub static CHANNELS: [Channel; 5] = [
    Channel {
        name: "grocery",
        share: 0.35,
        rate: 1.2,
        ticket: 1.0,
        chain_share: 0.06,
        range: [0.95, 0.85, 0.90, 0.60, 0.60, 0.50],
        nouns: ["Market", "Foods", "Grocer"],
    },
    Channel {
        name: "modern_trade",
        share: 0.12,
        rate: 1.6,
        ticket: 1.8,
        chain_share: 0.30,
        range: [0.98, 0.95, 0.98, 0.85, 0.85, 0.85],
        nouns: ["Supermarket", "Hypermarket", "Superstore"],
    },
    Channel {
        name: "restaurant",
        share: 0.25,
        rate: 1.3,
        ticket: 1.1,
        chain_share: 0.04,
        range: [0.85, 0.60, 0.70, 0.50, 0.85, 0.15],
        nouns: ["Bistro", "Kitchen", "Grill"],
    },
    Channel {
        name: "convenience",
        share: 0.24,
        rate: 0.9,
        ticket: 0.6,
        chain_share: 0.06,
        range: [0.80, 0.50, 0.90, 0.30, 0.45, 0.70],
        nouns: ["Kiosk", "Mini Mart", "Express"],
    },
    Channel {
        name: "ecommerce",
        share: 0.04,
        rate: 0.7,
        ticket: 0.9,
        chain_share: 0.0,
        range: [0.60, 0.50, 0.40, 0.60, 0.30, 0.50],
        nouns: ["Online", "Web Shop", "Direct"],
    },
];
