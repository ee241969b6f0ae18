//! Which bundles are computed together.

use crate::analysis::by_export::bundle::Bundle;

/// Lines of sales that are computed at a time; where there are few, they are divided so that every thread has some.
const TOGETHER: std::ops::RangeInclusive<u64> = (1 << 17)..=(1 << 19);

/// Bundles that are computed at a time: each has a file open.
const MOST_FILES: usize = 64;

/// Bundles that are computed together: enough lines to be worth a session, and few enough to occupy every thread.
pub fn chunks(missing: &[Bundle], threads: usize) -> Vec<Vec<Bundle>> {
    let lines: u64 = missing.iter().map(Bundle::rows).sum();
    let most = (lines / (2 * threads.max(1) as u64)).clamp(*TOGETHER.start(), *TOGETHER.end());
    let mut chunks: Vec<Vec<Bundle>> = Vec::new();
    let mut filled = 0;
    for bundle in missing {
        match chunks.last_mut().filter(|chunk| filled + bundle.rows() <= most && chunk.len() < MOST_FILES) {
            Some(chunk) => chunk.push(bundle.clone()),
            None => {
                chunks.push(vec![bundle.clone()]);
                filled = 0;
            }
        }
        filled += bundle.rows();
    }
    chunks
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::analysis::by_export::lines::Lines;

    fn lines(key: i64, rows: u64) -> Bundle {
        Bundle { exports: vec![Lines { key, rows, mark: 0, file: PathBuf::new() }] }
    }

    #[test]
    fn small_bundles_are_computed_together_and_large_ones_alone() {
        let keys = |chunks: Vec<Vec<Bundle>>| -> Vec<Vec<i64>> {
            chunks.iter().map(|chunk| chunk.iter().map(Bundle::key).collect()).collect()
        };
        assert!(chunks(&[], 2).is_empty());
        let small: Vec<_> = (1..=4).map(|key| lines(key, 50_000)).collect();
        assert_eq!(keys(chunks(&small, 2)), [vec![1, 2], vec![3, 4]]);
        let large = [lines(1, 10_000_000), lines(2, 0), lines(3, 300_000), lines(4, 200_000)];
        assert_eq!(keys(chunks(&large, 2)), [vec![1], vec![2, 3, 4]]);
        assert_eq!(keys(chunks(&[lines(1, 0)], 0)), [[1]]);
        let tiny: Vec<_> = (1..=100).map(|key| lines(key, 1)).collect();
        assert_eq!(chunks(&tiny, 2).iter().map(Vec::len).collect::<Vec<_>>(), [64, 36]);
    }
}
