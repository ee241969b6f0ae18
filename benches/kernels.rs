//! Micro-benchmarks of what runs once a cell or once a row: parsing of numbers and dates, functions of queries.
//!
//! `cargo bench --bench kernels` for all, `cargo bench --bench kernels -- date` for those with that word in their name.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use dealerlens::analysis::kernels::{beta_survival, gamma_survival, name_similarity, normal_cdf, normal_name};
use dealerlens::ingest::kernels::{DateFormats, NumberFormat};
use dealerlens::model::reason::Reason;

/// Inputs of each benchmark: enough that no branch is learned by heart, few enough to stay in the cache.
const INPUTS: u32 = 1_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    numbers(&mut criterion);
    dates(&mut criterion);
    distributions(&mut criterion);
    names(&mut criterion);
    criterion.final_summary();
}

fn numbers(criterion: &mut Criterion) {
    let amount = |text: &String| NumberFormat::PLAIN.decimal(text.as_bytes(), 1, Reason::BadAmount);
    let plain: Vec<String> = draws().map(|draw| format!("{}.{:02}", draw % 2_000, draw % 100)).collect();
    bench(criterion, "amount, plain", &plain, amount);
    let dressed: Vec<String> = draws().map(|draw| format!("({} EUR)", draw % 2_000)).collect();
    bench(criterion, "amount, dressed", &dressed, amount);
    let counts: Vec<String> = draws().map(|draw| (draw % 40).to_string()).collect();
    bench(criterion, "count", &counts, |text| NumberFormat::PLAIN.count(text.as_bytes(), 1));
}

fn dates(criterion: &mut Criterion) {
    let parts = || draws().map(|draw| (2_020 + draw % 6, 1 + draw / 7 % 12, 1 + draw / 91 % 28));
    let iso: Vec<String> = parts().map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")).collect();
    let auto = DateFormats::iso();
    bench(criterion, "date, ISO", &iso, |text| auto.date(text));
    let german: Vec<String> = parts().map(|(year, month, day)| format!("{day:02}.{month:02}.{year}")).collect();
    if let Ok(pattern) = DateFormats::compile(&["%d.%m.%Y".to_owned()], "benches") {
        bench(criterion, "date, pattern", &german, |text| pattern.date(text));
    }
    let months: Vec<String> = parts().map(|(year, month, _)| format!("{year}-{month:02}")).collect();
    bench(criterion, "month", &months, |text| auto.month(text));
}

fn distributions(criterion: &mut Criterion) {
    let shares: Vec<f64> = draws().map(|draw| f64::from(1 + draw % 998) / 1_000.0).collect();
    bench(criterion, "normal_cdf", &shares, |share| normal_cdf(8.0 * share - 4.0));
    bench(criterion, "beta_survival", &shares, |share| beta_survival(1.0 + 300.0 * share, 120.0, 0.6));
    bench(criterion, "gamma_survival", &shares, |share| gamma_survival(0.5 + 60.0 * share, 30.0));
}

fn names(criterion: &mut Criterion) {
    let spelled: Vec<String> = draws().map(|draw| format!("{} Co., Ltd.", name(draw))).collect();
    bench(criterion, "normal_name", &spelled, |name| normal_name(name));
    let pairs: Vec<(String, String)> = draws().zip(draws().skip(1)).map(|(a, b)| (name(a), name(b))).collect();
    bench(criterion, "name_similarity", &pairs, |(left, right)| name_similarity(left, right));
}

/// One round of the benchmark takes all inputs, so that its throughput is cells or rows a second.
fn bench<T, R>(criterion: &mut Criterion, name: &str, inputs: &[T], kernel: impl Fn(&T) -> R) {
    let mut group = criterion.benchmark_group("kernels");
    group.throughput(Throughput::Elements(inputs.len() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for input in inputs {
                black_box(kernel(black_box(input)));
            }
        });
    });
    group.finish();
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
