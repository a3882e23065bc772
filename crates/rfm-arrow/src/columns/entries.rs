//! Dictionaries, looked up once per entry.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use rfm_core::cell::Cell;

use crate::cell::{cell, place};

/// What the entries of a dictionary mean, found out when they are first asked for: an entry that nobody uses may be no date.
pub(super) struct Entries<T> {
    known: Vec<Option<T>>,
}

impl<T: Copy> Entries<T> {
    /// Those of an array, which `kept` has if they were looked at before; `None` if it has no dictionary, or one that is larger
    /// than what uses it.
    pub(super) fn of<'e>(
        kept: &'e mut Option<Entries<T>>,
        array: &dyn Array,
        rows: usize,
    ) -> Option<&'e mut Entries<T>> {
        let entries = array.as_any_dictionary_opt()?.values().len();
        (entries <= rows).then(|| kept.get_or_insert_with(|| Entries { known: vec![None; entries] }))
    }

    /// What the value of a row means.
    pub(super) fn get(&mut self, array: &dyn Array, row: usize, read: impl FnOnce(Cell<'_>) -> Option<T>) -> Option<T> {
        let dictionary = array.as_any_dictionary_opt()?;
        let Some(place) = place(dictionary.keys(), row) else { return read(Cell::Empty) };
        let known = self.known.get_mut(place)?;
        if known.is_none() {
            *known = read(cell(dictionary.values(), place));
        }
        *known
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int8Type;
    use arrow_array::{ArrayRef, DictionaryArray};

    use super::*;

    #[test]
    fn entries_that_nobody_uses_are_not_read() {
        let array: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::from_iter(["17", "no number", "18", "17", "18"]));
        let array = array.slice(2, 3);
        let (mut kept, mut other) = (None, None);
        let mut read = Vec::new();
        let entries = Entries::of(&mut kept, &array, 3).unwrap();
        for row in [0, 1, 2, 0] {
            entries.get(&array, row, |cell| {
                read.push(cell.text().unwrap().to_owned());
                Some(())
            });
        }
        assert_eq!(read, ["18", "17"]);
        assert!(Entries::<()>::of(&mut other, &array, 2).is_none(), "more entries than rows");
    }
}
