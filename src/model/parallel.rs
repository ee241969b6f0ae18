//! The same work on many items, by several threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::model::failure::Result;

/// Runs `work` on every item, by that many threads, this one among them; the results are in the order of the items, and so
/// is the first failure.
pub fn in_parallel<'a, T: Sync, R: Send>(
    items: &'a [T],
    threads: usize,
    work: impl Fn(&'a T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let take_part = || {
        while let Some((place, item)) = take(items, &next) {
            let result = work(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(items.len()) {
            scope.spawn(take_part);
        }
        take_part();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    items.get(place).map(|item| (place, item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::failure::Failure;

    #[test]
    fn results_and_the_first_failure_are_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..100).collect();
        for threads in [0, 1, 3, 200] {
            let doubled = in_parallel(&items, threads, |item| Ok(item * 2)).unwrap();
            assert!(doubled.iter().zip(&items).all(|(doubled, item)| *doubled == item * 2));
            let failed = in_parallel(&items, threads, |item| match item % 30 {
                29 => Err(Failure::data(format!("item {item}"))),
                _ => Ok(()),
            });
            assert_eq!(failed.unwrap_err().message, "item 29");
        }
    }
}
