//! The products: six categories of eight, each with a season of its own.

use super::files::{code, money};

/// Products of a category; their numbers follow each other.
pub const PER_CATEGORY: u32 = 8;

/// A category as it is made and as it sells.
#[derive(Debug)]
pub struct Category {
    /// Counts from 0.
    pub number: u32,
    name: &'static str,
    brands: [&'static str; 2],
    flavours: [&'static str; 4],
    pack: &'static str,
    cents: u64,
    popularity: f64,
    /// January to December against an average month.
    season: [f64; 12],
}

impl Category {
    /// How likely a line is of this category in a month of the year, 0 for January.
    pub fn weight(&self, month_of_year: usize) -> f64 {
        self.popularity * self.season.get(month_of_year).copied().unwrap_or(1.0)
    }
}

pub static CATEGORIES: [Category; 6] = [
    Category {
        number: 0,
        name: "water",
        brands: ["Clearbrook", "Alpina"],
        flavours: ["Still", "Sparkling", "Lemon", "Mint, no sugar"],
        pack: "12x1.0l",
        cents: 420,
        popularity: 1.2,
        season: [0.80, 0.80, 0.90, 1.00, 1.20, 1.40, 1.50, 1.50, 1.20, 1.00, 0.80, 0.80],
    },
    Category {
        number: 1,
        name: "juice",
        brands: ["Orchard Lane", "Tropica"],
        flavours: ["Apple", "Orange", "Mango", "Blackcurrant"],
        pack: "8x0.75l",
        cents: 890,
        popularity: 0.9,
        season: [1.00, 1.00, 1.00, 1.00, 1.05, 1.05, 1.00, 1.00, 1.00, 0.95, 0.95, 1.00],
    },
    Category {
        number: 2,
        name: "soda",
        brands: ["Fizzaro", "Pop Nine"],
        flavours: ["Cola", "Orange", "Lemon & Lime", "Ginger"],
        pack: "24x0.33l",
        cents: 760,
        popularity: 1.3,
        season: [0.85, 0.85, 0.95, 1.00, 1.10, 1.25, 1.30, 1.30, 1.05, 0.95, 0.85, 1.00],
    },
    Category {
        number: 3,
        name: "tea",
        brands: ["Leaf & Co", "Yuzu House"],
        flavours: ["Green", "Black", "Peach", "Jasmine"],
        pack: "12x0.5l",
        cents: 680,
        popularity: 0.7,
        season: [1.25, 1.20, 1.10, 1.00, 0.90, 0.85, 0.80, 0.80, 0.95, 1.05, 1.15, 1.20],
    },
    Category {
        number: 4,
        name: "beer",
        brands: ["Old Harbour", "Kellerhof"],
        flavours: ["Lager", "Pils", "Wheat", "Alcohol free"],
        pack: "24x0.33l",
        cents: 1_250,
        popularity: 1.1,
        season: [0.75, 0.80, 0.90, 1.00, 1.15, 1.30, 1.35, 1.30, 1.05, 1.00, 0.90, 1.20],
    },
    Category {
        number: 5,
        name: "energy",
        brands: ["Voltido", "Rush 8"],
        flavours: ["Classic", "Zero", "Berry", "Tropical"],
        pack: "24x0.25l",
        cents: 1_490,
        popularity: 0.6,
        season: [1.00, 1.00, 1.00, 1.00, 1.00, 1.05, 1.05, 1.05, 1.00, 1.00, 1.00, 1.00],
    },
];

/// A product of the price list.
#[derive(Debug)]
pub struct Product {
    number: u32,
    name: String,
    category: &'static str,
    brand: &'static str,
    pub list_cents: u64,
}

impl Product {
    /// Its row in the products source.
    pub fn row(&self) -> Vec<String> {
        let sku = code('P', self.number, 4);
        vec![sku, self.name.clone(), self.category.to_owned(), self.brand.to_owned(), money(self.list_cents)]
    }
}

/// All products, by number.
pub fn make() -> Vec<Product> {
    CATEGORIES.iter().flat_map(|category| (0..PER_CATEGORY).filter_map(move |step| product(category, step))).collect()
}

/// The first four products of a category are of its first brand; each is a little dearer than the one before.
fn product(category: &'static Category, step: u32) -> Option<Product> {
    let brand = category.brands.get(step as usize / 4).copied()?;
    let flavour = category.flavours.get(step as usize % 4).copied()?;
    Some(Product {
        number: category.number * PER_CATEGORY + step,
        name: format!("{brand} {flavour} {}", category.pack),
        category: category.name,
        brand,
        list_cents: category.cents + 85 * u64::from(step),
    })
}
