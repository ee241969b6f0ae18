//! Micro-benchmarks of what runs once a cell or once a row: parsing of numbers and dates, functions of queries.
//!
//! `cargo bench --bench kernels` for all, `cargo bench --bench kernels -- date` for those with that word in their name.

use divan::Bencher;
use divan::counter::ItemsCount;

use dealerlens::analysis::kernels;
use dealerlens::ingest::kernels::{DateFormats, NumberFormat};
use dealerlens::model::reason::Reason;

/// Inputs of each benchmark: enough that no branch is learned by heart, few enough to stay in the cache.
const INPUTS: u32 = 1_000;

fn main() {
    divan::main();
}

#[divan::bench]
fn amount_plain(bencher: Bencher) {
    let amounts: Vec<String> = draws().map(|draw| format!("{}.{:02}", draw % 2_000, draw % 100)).collect();
    measure(bencher, &amounts, |text| NumberFormat::PLAIN.decimal(text.as_bytes(), 1, Reason::BadAmount));
}

#[divan::bench]
fn amount_dressed(bencher: Bencher) {
    let amounts: Vec<String> = draws().map(|draw| format!("({} EUR)", draw % 2_000)).collect();
    measure(bencher, &amounts, |text| NumberFormat::PLAIN.decimal(text.as_bytes(), 1, Reason::BadAmount));
}

#[divan::bench]
fn count(bencher: Bencher) {
    let counts: Vec<String> = draws().map(|draw| (draw % 40).to_string()).collect();
    measure(bencher, &counts, |text| NumberFormat::PLAIN.count(text.as_bytes(), 1));
}

#[divan::bench]
fn date_iso(bencher: Bencher) {
    let dates: Vec<String> = days().map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")).collect();
    let formats = DateFormats::iso();
    measure(bencher, &dates, |text| formats.date(text));
}

#[divan::bench]
fn date_pattern(bencher: Bencher) {
    let dates: Vec<String> = days().map(|(year, month, day)| format!("{day:02}.{month:02}.{year}")).collect();
    if let Ok(formats) = DateFormats::compile(&["%d.%m.%Y".to_owned()], "benches") {
        measure(bencher, &dates, |text| formats.date(text));
    }
}

#[divan::bench]
fn month(bencher: Bencher) {
    let months: Vec<String> = days().map(|(year, month, _)| format!("{year}-{month:02}")).collect();
    let formats = DateFormats::iso();
    measure(bencher, &months, |text| formats.month(text));
}

#[divan::bench]
fn normal_cdf(bencher: Bencher) {
    measure(bencher, &shares(), |share| kernels::normal_cdf(8.0 * share - 4.0));
}

#[divan::bench]
fn beta_survival(bencher: Bencher) {
    measure(bencher, &shares(), |share| kernels::beta_survival(1.0 + 300.0 * share, 120.0, 0.6));
}

#[divan::bench]
fn gamma_survival(bencher: Bencher) {
    measure(bencher, &shares(), |share| kernels::gamma_survival(0.5 + 60.0 * share, 30.0));
}

#[divan::bench]
fn normal_name(bencher: Bencher) {
    let names: Vec<String> = draws().map(|draw| format!("{} Co., Ltd.", name(draw))).collect();
    measure(bencher, &names, |name| kernels::normal_name(name));
}

#[divan::bench]
fn name_similarity(bencher: Bencher) {
    let pairs: Vec<(String, String)> = draws().zip(draws().skip(1)).map(|(a, b)| (name(a), name(b))).collect();
    measure(bencher, &pairs, |(left, right)| kernels::name_similarity(left, right));
}

/// One round takes all inputs, so that the throughput is cells or rows a second.
fn measure<T: Sync, R>(bencher: Bencher, inputs: &[T], kernel: impl Fn(&T) -> R + Sync) {
    bencher.counter(ItemsCount::new(inputs.len())).bench(|| {
        for input in inputs {
            divan::black_box(kernel(divan::black_box(input)));
        }
    });
}

fn days() -> impl Iterator<Item = (u32, u32, u32)> {
    draws().map(|draw| (2_020 + draw % 6, 1 + draw / 7 % 12, 1 + draw / 91 % 28))
}

fn shares() -> Vec<f64> {
    draws().map(|draw| f64::from(1 + draw % 998) / 1_000.0).collect()
}

/// The same numbers in every run, from a congruential generator (Numerical Recipes, 7.1).
fn draws() -> impl Iterator<Item = u32> {
    let step = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(7), step).map(|state| state >> 8).take(INPUTS as usize)
}

fn name(draw: u32) -> String {
    const FIRST: [&str; 4] = ["Happy", "Silver", "Müller & Söhne", "Ｇｏｌｄｅｎ"];
    const SECOND: [&str; 4] = ["Mart", "Grocer", "Corner Shop", "Supermarket"];
    let pick =
        |words: &[&'static str; 4], draw: u32| words.get(draw as usize % words.len()).copied().unwrap_or_default();
    format!("{} {} {}", pick(&FIRST, draw), pick(&SECOND, draw / 4), draw % 97)
}
