//! The exports of sales, and which of them are computed together.

use std::path::PathBuf;

use crate::model::export::Staging;
use crate::model::source::Source;

/// Lines of sales that are computed at a time; where there are few, they are divided so that every thread has some.
const TOGETHER: std::ops::RangeInclusive<u64> = (1 << 17)..=(1 << 19);

/// Exports that are computed at a time: each has a file open.
const MOST_FILES: usize = 64;

/// The lines of all exports of sales.
pub const STAGED: &str = "staged_sales";

/// One export of sales in staging.
#[derive(Debug, Clone)]
pub struct Lines {
    pub key: i64,
    pub rows: u64,
    pub file: PathBuf,
}

impl Lines {
    pub fn of(staging: &Staging) -> Vec<Self> {
        let lines = staging.of(Source::Sales).map(|export| Self {
            key: export.key,
            rows: export.counts.rows_staged,
            file: export.rows_file.clone(),
        });
        lines.collect()
    }
}

/// Exports that are computed together: enough lines to be worth a session, and few enough to occupy every thread.
pub fn chunks(missing: &[Lines], threads: usize) -> Vec<Vec<Lines>> {
    let lines: u64 = missing.iter().map(|export| export.rows).sum();
    let most = (lines / (2 * threads.max(1) as u64)).clamp(*TOGETHER.start(), *TOGETHER.end());
    let mut chunks: Vec<Vec<Lines>> = Vec::new();
    let mut filled = 0;
    for export in missing {
        match chunks.last_mut().filter(|chunk| filled + export.rows <= most && chunk.len() < MOST_FILES) {
            Some(chunk) => chunk.push(export.clone()),
            None => {
                chunks.push(vec![export.clone()]);
                filled = 0;
            }
        }
        filled += export.rows;
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(key: i64, rows: u64) -> Lines {
        Lines { key, rows, file: PathBuf::new() }
    }

    #[test]
    fn small_exports_are_computed_together_and_large_ones_alone() {
        let keys = |chunks: Vec<Vec<Lines>>| -> Vec<Vec<i64>> {
            chunks.iter().map(|chunk| chunk.iter().map(|export| export.key).collect()).collect()
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
