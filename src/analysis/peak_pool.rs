//! A memory pool that remembers the most it held.

use std::fmt::{Debug, Display, Formatter};
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::common::Result;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation};

/// Passes everything on to the pool within.
#[derive(Debug)]
pub struct PeakPool<Pool> {
    pool: Pool,
    peak: AtomicUsize,
}

impl<Pool: MemoryPool> PeakPool<Pool> {
    pub const fn new(pool: Pool) -> Self {
        Self { pool, peak: AtomicUsize::new(0) }
    }

    /// The most that was held since the last call, in bytes.
    pub fn take_peak(&self) -> usize {
        self.peak.swap(self.pool.reserved(), Ordering::Relaxed)
    }

    fn note(&self) {
        self.peak.fetch_max(self.pool.reserved(), Ordering::Relaxed);
    }
}

impl<Pool: MemoryPool> Display for PeakPool<Pool> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        Display::fmt(&self.pool, formatter)
    }
}

impl<Pool: MemoryPool> MemoryPool for PeakPool<Pool> {
    fn name(&self) -> &str {
        self.pool.name()
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.pool.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.pool.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.pool.grow(reservation, additional);
        self.note();
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.pool.shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        self.pool.try_grow(reservation, additional)?;
        self.note();
        Ok(())
    }

    fn reserved(&self) -> usize {
        self.pool.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.pool.memory_limit()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::execution::memory_pool::GreedyMemoryPool;

    use super::*;

    #[test]
    fn the_peak_outlives_what_was_given_back_and_is_told_once() {
        let pool = Arc::new(PeakPool::new(GreedyMemoryPool::new(1000)));
        let shared: Arc<dyn MemoryPool> = pool.clone();
        let reservation = MemoryConsumer::new("test").register(&shared);
        reservation.try_grow(700).unwrap();
        reservation.shrink(600);
        assert_eq!(pool.take_peak(), 700);
        assert_eq!(pool.take_peak(), 100);
        assert!(reservation.try_grow(901).is_err());
        assert_eq!(pool.take_peak(), 100, "what was refused was never held");
    }
}
