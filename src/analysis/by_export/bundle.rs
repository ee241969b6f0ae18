//! Which exports have their facts in one file: of two years of daily exports, facts of each alone would be thousands of
//! files, and to open and write them would take longer than their rows.

use crate::analysis::by_export::lines::Lines;

/// About so many bundles at least, so that threads share them and a changed export concerns few others.
const BUNDLES: u64 = 64;
/// Lines of a bundle, about.
const MOST_LINES: u64 = 1 << 17;
/// Exports of a bundle, about.
const MOST_EXPORTS: u64 = 64;

/// Exports of sales that are computed and kept together; never none.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub exports: Vec<Lines>,
}

impl Bundle {
    /// Divides exports, in their order. Where a bundle ends depends on its last export alone, by a number made of its name:
    /// an export that comes, goes or changes moves no other end, but up to the next one where a bundle became too large.
    pub fn all(exports: Vec<Lines>) -> Vec<Self> {
        let lines: u64 = exports.iter().map(|export| export.rows).sum();
        let wanted = (lines / BUNDLES).max(1).next_power_of_two().min(MOST_LINES);
        let mut bundles: Vec<Self> = Vec::new();
        let mut is_open = false;
        for export in exports {
            let ends = export.rows >= wanted
                || export.mark % wanted < export.rows
                || (export.mark >> 32).is_multiple_of(MOST_EXPORTS);
            match bundles.last_mut().filter(|bundle| is_open && bundle.has_room(&export, wanted)) {
                Some(bundle) => bundle.exports.push(export),
                None => bundles.push(Self { exports: vec![export] }),
            }
            is_open = !ends;
        }
        bundles
    }

    fn has_room(&self, export: &Lines, wanted: u64) -> bool {
        export.rows < wanted
            && self.rows() + export.rows <= 2 * wanted
            && (self.exports.len() as u64) < 2 * MOST_EXPORTS
    }

    /// Among the bundles of a night.
    pub fn key(&self) -> i64 {
        self.exports.first().map_or(0, |export| export.key)
    }

    pub fn rows(&self) -> u64 {
        self.exports.iter().map(|export| export.rows).sum()
    }
}

/// All exports of some bundles.
pub fn exports_of(bundles: &[Bundle]) -> impl Iterator<Item = &Lines> + Clone {
    bundles.iter().flat_map(|bundle| &bundle.exports)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    fn daily(days: impl Iterator<Item = u64>, rows: u64) -> Vec<Lines> {
        let export = |day: u64| Lines {
            key: day.cast_signed(),
            rows,
            mark: Lines::mark_of(&format!("sales-{day:05}.csv")),
            file: PathBuf::new(),
        };
        days.map(export).collect()
    }

    fn keys(bundles: &[Bundle]) -> BTreeSet<Vec<i64>> {
        bundles.iter().map(|bundle| bundle.exports.iter().map(|export| export.key).collect()).collect()
    }

    #[test]
    fn large_exports_stay_alone_and_small_ones_keep_their_order() {
        assert!(Bundle::all(Vec::new()).is_empty());
        let monthly = Bundle::all(daily(0..26, 400_000));
        assert!(monthly.iter().all(|bundle| bundle.exports.len() == 1));
        let bundles = Bundle::all(daily(0..700, 14_000));
        assert!((40..160).contains(&bundles.len()), "{}", bundles.len());
        assert!(bundles.iter().all(|bundle| bundle.rows() <= 2 * MOST_LINES));
        assert!(exports_of(&bundles).map(|export| export.key).eq(0..700));
        let empty = Bundle::all(daily(0..10_000, 0));
        assert!(empty.iter().all(|bundle| bundle.exports.len() as u64 <= 2 * MOST_EXPORTS), "{}", empty.len());
    }

    #[test]
    fn an_export_more_or_less_changes_few_bundles() {
        let before = keys(&Bundle::all(daily(0..700, 14_000)));
        let changed = |exports: Vec<Lines>| keys(&Bundle::all(exports)).difference(&before).count();
        assert!(changed(daily(0..701, 14_000)) <= 1);
        for gone in [0, 100, 350, 699] {
            let others = daily((0..700).filter(|day| *day != gone), 14_000);
            assert!(changed(others) <= 4, "without {gone}");
        }
    }

    #[test]
    fn a_few_lines_are_still_divided() {
        let bundles = Bundle::all(daily(0..700, 200));
        assert!((16..=256).contains(&bundles.len()), "{}", bundles.len());
    }
}
