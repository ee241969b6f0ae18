//! Proof, row by row, that a table is sorted by its key and that no key comes twice.

use std::cmp::Ordering;

use arrow::array::ArrayRef;
use arrow::compute::SortOptions;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::row::{OwnedRow, RowConverter, SortField};

/// Where rows stop being strictly ascending: the row's number in its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// The key of the row before it once more.
    Repeated(usize),
    /// A smaller key than that of the row before it.
    Unsorted(usize),
}

/// Follows the keys of a table across its batches: ascending, NULL last.
#[derive(Debug)]
pub(super) struct Order {
    converter: RowConverter,
    last: Option<OwnedRow>,
}

impl Order {
    /// For keys of these types, in the order in which they count.
    pub(super) fn new(kinds: impl IntoIterator<Item = DataType>) -> Result<Self, ArrowError> {
        let ascending = SortOptions { descending: false, nulls_first: false };
        let fields = kinds.into_iter().map(|kind| SortField::new_with_options(kind, ascending)).collect();
        Ok(Self { converter: RowConverter::new(fields)?, last: None })
    }

    /// Compares each row with the one before it, the first one with the last of the batch before. The first misplaced
    /// row ends it.
    pub(super) fn follow(&mut self, keys: &[ArrayRef]) -> Result<Option<Misplaced>, ArrowError> {
        let rows = self.converter.convert_columns(keys)?;
        let mut last = self.last.as_ref().map(OwnedRow::row);
        for (index, row) in rows.iter().enumerate() {
            match last.map(|last| row.cmp(&last)) {
                Some(Ordering::Equal) => return Ok(Some(Misplaced::Repeated(index))),
                Some(Ordering::Less) => return Ok(Some(Misplaced::Unsorted(index))),
                Some(Ordering::Greater) | None => last = Some(row),
            }
        }
        let reached = last.map(|row| row.owned());
        self.last = reached;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int64Array, StringArray};
    use std::sync::Arc;

    fn keys(dealers: &[&str], lines: &[Option<i64>]) -> Vec<ArrayRef> {
        vec![
            Arc::new(StringArray::from_iter_values(dealers)) as ArrayRef,
            Arc::new(Int64Array::from_iter(lines.iter().copied())) as ArrayRef,
        ]
    }

    fn order() -> Result<Order, ArrowError> {
        Order::new([DataType::Utf8, DataType::Int64])
    }

    #[test]
    fn ascending_rows_pass_with_null_last() {
        let mut order = order().unwrap();
        assert_eq!(order.follow(&keys(&["a", "a", "a", "b"], &[Some(-1), Some(2), None, Some(0)])).unwrap(), None);
        assert_eq!(order.follow(&keys(&[], &[])).unwrap(), None);
        assert_eq!(order.follow(&keys(&["b"], &[Some(1)])).unwrap(), None);
    }

    #[test]
    fn a_key_twice_is_found_within_a_batch_and_across_two() {
        let mut within = order().unwrap();
        let found = within.follow(&keys(&["a", "b", "b"], &[Some(1), Some(1), Some(1)])).unwrap();
        assert_eq!(found, Some(Misplaced::Repeated(2)));
        let mut across = order().unwrap();
        across.follow(&keys(&["a"], &[None])).unwrap();
        assert_eq!(across.follow(&keys(&["a"], &[None])).unwrap(), Some(Misplaced::Repeated(0)));
    }

    #[test]
    fn a_smaller_key_is_found() {
        let mut order = order().unwrap();
        let found = order.follow(&keys(&["a", "b", "ab"], &[Some(1), Some(1), Some(1)])).unwrap();
        assert_eq!(found, Some(Misplaced::Unsorted(2)));
    }
}
