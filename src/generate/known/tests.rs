//! What a known world promises: the same bytes, and exports that keep to their truth.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{KnownWorld, write_known};

fn rows(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn sum(rows: &[Vec<String>], column: usize) -> f64 {
    rows.iter().map(|row| number(&row[column])).sum()
}

#[test]
fn every_world_gives_the_same_bytes_and_says_how_much_it_wrote() {
    for world in KnownWorld::ALL {
        let (once, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let written = write_known(world, once.path()).unwrap();
        assert_eq!(write_known(world, again.path()).unwrap(), written);
        let names: Vec<_> = fs::read_dir(once.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names.len() as u64, written.files, "{world:?}");
        assert_eq!(rows(once.path(), "sales.csv").len() as u64, written.lines, "{world:?}");
        for name in names {
            assert_eq!(fs::read(once.path().join(&name)).unwrap(), fs::read(again.path().join(&name)).unwrap());
        }
    }
}

#[test]
fn sales_and_orders_come_out_as_the_truth_says() {
    for world in [KnownWorld::Alike, KnownWorld::Stable, KnownWorld::Halved, KnownWorld::Lapsing] {
        let folder = tempfile::tempdir().unwrap();
        write_known(world, folder.path()).unwrap();
        let (sales, rates) = (rows(folder.path(), "sales.csv"), rows(folder.path(), "rates.csv"));
        let orders = sales.len() as f64 / sum(&rates, 3);
        assert!((orders - 1.0).abs() < 0.01, "{world:?}: {orders} of the expected orders");
        let value = sum(&sales, 4) / sum(&rates, 4);
        assert!((value - 1.0).abs() < 0.02, "{world:?}: {value} of the expected sales");
    }
}

#[test]
fn one_outlet_in_ten_is_halved_and_one_in_five_has_lapsed() {
    let share = |world| {
        let folder = tempfile::tempdir().unwrap();
        write_known(world, folder.path()).unwrap();
        let truth = rows(folder.path(), "truth.csv");
        truth.iter().filter(|row| row[2] == "true").count() as f64 / truth.len() as f64
    };
    assert!((share(KnownWorld::Halved) - 0.1).abs() < 0.03);
    assert!((share(KnownWorld::Lapsing) - 0.17).abs() < 0.04);
    assert!(share(KnownWorld::Stable) == 0.0);
}

#[test]
fn outlets_open_as_often_as_their_cells_say() {
    let folder = tempfile::tempdir().unwrap();
    write_known(KnownWorld::Opening, folder.path()).unwrap();
    let mut opened: BTreeMap<String, f64> = BTreeMap::new();
    for outlet in rows(folder.path(), "outlets.csv").iter().filter(|row| row[4].as_str() > "2023-12-01") {
        *opened.entry(outlet[2].clone()).or_default() += 1.0;
    }
    let mut left: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for cell in rows(folder.path(), "cells.csv") {
        let (uncovered, next) = left.entry(cell[1].clone()).or_default();
        *uncovered += number(&cell[2]);
        *next += number(&cell[3]);
    }
    for (channel, (uncovered, next)) in left {
        // As many windows as the data has, from the mean of those left at both ends.
        let expected = next / uncovered * (uncovered + 0.5 * opened[&channel]) * 728.0 / 84.0;
        let found = opened[&channel] / expected;
        assert!((found - 1.0).abs() < 0.2, "{channel}: {found} of the expected openings");
    }
}
