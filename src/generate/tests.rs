//! What a made world promises: equal bytes for equal seeds, the lines asked for, and no defect that was not ordered.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::{World, Written, write_world};

type Files = BTreeMap<String, Vec<u8>>;

fn small(with_defects: bool) -> World {
    World { lines: 12_000, dealers: 20, outlets: 600, months: 15, with_defects, ..World::default() }
}

fn made(world: &World) -> io::Result<(Written, Files)> {
    let folder = tempfile::tempdir()?;
    let written = write_world(world, folder.path())?;
    let mut files = Files::new();
    read_folder(folder.path(), &mut files)?;
    read_folder(&folder.path().join("sales"), &mut files)?;
    Ok((written, files))
}

fn read_folder(folder: &Path, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            files.insert(name.unwrap_or_default(), fs::read(&path)?);
        }
    }
    Ok(())
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty()).collect()
}

/// The lines of each monthly export, without headers and without the export that comes twice.
fn months(files: &Files) -> Vec<Vec<&[u8]>> {
    let monthly = files.iter().filter(|(name, _)| name.starts_with("sales-") && !name.ends_with("_copy.csv"));
    monthly.map(|(_, bytes)| lines(bytes)).collect()
}

fn fields(line: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(line).split(',').map(str::to_owned).collect()
}

fn amount(line: &[u8]) -> f64 {
    fields(line).last().and_then(|amount| amount.parse().ok()).unwrap_or(f64::NAN)
}

/// Order number and line.
fn key(line: &[u8]) -> Vec<String> {
    fields(line).into_iter().take(2).collect()
}

#[test]
fn equal_seeds_give_equal_bytes() {
    let (written, files) = made(&small(true)).unwrap();
    let (written_again, files_again) = made(&small(true)).unwrap();
    let (_, other_files) = made(&World { seed: 8, ..small(true) }).unwrap();
    assert_eq!(written, written_again);
    assert_eq!(written.files, files.len() as u64);
    // Not assert_eq: it would print every byte.
    assert!(files == files_again);
    assert!(files != other_files);
}

#[test]
fn the_lines_are_as_many_as_asked_for() {
    let worlds = [small(true), small(false), World { lines: 60_000, ..small(true) }];
    for world in worlds {
        let (written, files) = made(&world).unwrap();
        let counted: usize = months(&files).iter().map(Vec::len).sum();
        assert_eq!(written.lines, counted as u64);
        let share = counted as f64 / world.lines as f64;
        assert!((0.97..1.03).contains(&share), "{counted} lines of {}", world.lines);
    }
}

#[test]
fn there_is_no_defect_without_being_asked_for() {
    let (written, files) = made(&small(false)).unwrap();
    assert_eq!((written.defects, files.len()), (0, 5 + 15));
    let months = months(&files);
    let sales: Vec<&[u8]> = months.iter().flatten().copied().collect();
    assert!(sales.iter().all(|line| line.is_ascii() && fields(line).len() == 8 && amount(line).is_finite()));
    assert_eq!(sales.iter().map(|line| key(line)).collect::<BTreeSet<_>>().len(), sales.len());
    let dates: Vec<String> = sales.iter().filter_map(|line| fields(line).into_iter().nth(2)).collect();
    assert!(dates.is_sorted());
    for name in ["dealers.csv", "outlets.csv", "products.csv"] {
        let keys: Vec<&[u8]> =
            lines(&files[name]).into_iter().filter_map(|line| line.split(|b| *b == b',').next()).collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "{name}");
    }
}

#[test]
fn defects_do_not_grow_with_the_lines() {
    let (few, _) = made(&small(true)).unwrap();
    let (many, files) = made(&World { lines: 40_000, ..small(true) }).unwrap();
    assert_eq!((few.defects, many.defects), (20 * 3 + 10 + 1, 20 * 3 + 10 + 1));
    assert_eq!(files["sales-2024-05.csv"], files["sales-2024-05_copy.csv"]);
}

#[test]
fn no_quote_follows_an_open_one() {
    let (_, files) = made(&small(true)).unwrap();
    let quotes = |line: &&[u8]| line.iter().filter(|byte| **byte == b'"').count();
    let months = months(&files);
    let open = |month: &Vec<&[u8]>| month.iter().position(|line| quotes(line) % 2 == 1);
    assert_eq!(months.iter().filter(|month| open(month).is_some()).count(), 3);
    for month in &months {
        let after = open(month).map_or(month.len(), |position| position + 1);
        assert!(month.iter().skip(after).all(|line| quotes(line) == 0));
    }
}

#[test]
fn a_month_restates_lines_of_the_month_before() {
    let (_, files) = made(&small(true)).unwrap();
    let months = months(&files);
    for (before, month) in months.iter().zip(months.iter().skip(1)) {
        let amounts: BTreeMap<_, _> = before.iter().map(|line| (key(line), amount(line))).collect();
        let restated: Vec<_> = month.iter().filter(|line| amounts.contains_key(&key(line))).collect();
        assert!((30..=40).contains(&restated.len()), "{} restated", restated.len());
        assert!(restated.iter().all(|line| amounts[&key(line)] != amount(line)));
    }
}

#[test]
fn orders_and_returns_are_of_a_believable_size() {
    let (_, files) = made(&small(false)).unwrap();
    let months = months(&files);
    let sales: Vec<&[u8]> = months.iter().flatten().copied().collect();
    let (returns, sold): (Vec<&[u8]>, Vec<&[u8]>) = sales.iter().copied().partition(|line| line.starts_with(b"R"));
    assert!(returns.iter().all(|line| amount(line) < 0.0) && sold.iter().all(|line| amount(line) > 0.0));
    assert!((0.01..0.03).contains(&(returns.len() as f64 / sales.len() as f64)));
    let orders: BTreeSet<_> = sold.iter().filter_map(|line| fields(line).into_iter().next()).collect();
    let average = sold.iter().map(|line| amount(line)).sum::<f64>() / orders.len() as f64;
    assert!((80.0..200.0).contains(&average), "{average} an order");
}

#[test]
fn a_world_without_dealers_is_refused() {
    assert_eq!(made(&World { dealers: 0, ..small(true) }).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}
