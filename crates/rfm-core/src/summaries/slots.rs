//! A table for small items that are found by one look at memory.

use core::hint::black_box;

/// Small items by their hashes: each is in the line of the cache that its hash tells, or in the next one that has room. At most
/// three quarters of the slots are in use, so that few are anywhere but in their own line. A table that has bytes of the hashes apart
/// from the items (`hashbrown`) is looked at twice.
///
/// No item equals the default one, which stands for a free slot.
#[derive(Clone, Debug)]
pub(super) struct Slots<T, const N: usize> {
    lines: Vec<Line<T, N>>,
    len: usize,
}

/// So many slots as a line of the cache has room for, filled from the first one on.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line<T, const N: usize>([T; N]);

impl<T, const N: usize> Default for Slots<T, N> {
    fn default() -> Slots<T, N> {
        Slots { lines: Vec::new(), len: 0 }
    }
}

impl<T: Copy + Default + PartialEq, const N: usize> Slots<T, N> {
    /// Lines of the smallest table.
    const FEWEST: usize = 4;

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        self.lines.capacity().saturating_mul(size_of::<Line<T, N>>())
    }

    /// How many items there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The items, roughly in the order of their hashes.
    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.lines.iter().flat_map(|line| line.0).filter(|item| *item != T::default())
    }

    /// The first item with this hash that is the one.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(T) -> bool) -> Option<T> {
        if self.lines.is_empty() {
            return None;
        }
        let (line, slot) = self.place(hash, is_it);
        Some(self.lines[line].0[slot]).filter(|found| *found != T::default())
    }

    /// Puts an item there, unless it is there; whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, hash: u64, item: T, hash_of: impl Fn(T) -> u64) -> bool {
        const { assert!(size_of::<Line<T, N>>() == 64, "the slots fill one line") };
        if self.len >= self.room() {
            self.grow(hash_of);
        }
        let (line, slot) = self.place(hash, |other| other == item);
        let place = &mut self.lines[line].0[slot];
        let is_new = *place != item;
        *place = item;
        self.len = self.len.wrapping_add(is_new.into());
        is_new
    }

    /// Makes room for so many more items. Items of another table come in the order of their hashes, and would crowd the beginning of one
    /// that grows meanwhile.
    pub(super) fn reserve(&mut self, more: usize, hash_of: impl Fn(T) -> u64) {
        while self.len.saturating_add(more) > self.room() {
            self.grow(&hash_of);
        }
    }

    /// How many items there may be before the table grows.
    #[inline]
    fn room(&self) -> usize {
        self.lines.len().wrapping_mul(N).wrapping_div(4).wrapping_mul(3)
    }

    /// Has the memory for items with these hashes at hand soon: the waits for several overlap.
    #[inline]
    pub(super) fn look_at(&self, hashes: impl Iterator<Item = u64>) {
        if !self.lines.is_empty() {
            let used = hashes.filter(|hash| self.lines[self.line(*hash)].0[0] != T::default());
            black_box(used.count());
        }
    }

    /// Where an item is, or the free slot where it belongs. There are lines, and free slots among them.
    #[inline]
    fn place(&self, hash: u64, is_it: impl Fn(T) -> bool) -> (usize, usize) {
        let mut line = self.line(hash);
        loop {
            let slots = self.lines[line].0;
            if let Some(slot) = slots.iter().position(|item| *item == T::default() || is_it(*item)) {
                return (line, slot);
            }
            line = line.wrapping_add(1);
            if line == self.lines.len() {
                line = 0;
            }
        }
    }

    /// The lines are shared out evenly among the hashes, in the order of these: so a table that grows is copied from its beginning
    /// to its end, and not to places all over.
    #[inline]
    fn line(&self, hash: u64) -> usize {
        let lines = u128::try_from(self.lines.len()).unwrap_or(0);
        usize::try_from(u128::from(hash).wrapping_mul(lines) >> 64).unwrap_or(0)
    }

    #[cold]
    fn grow(&mut self, hash_of: impl Fn(T) -> u64) {
        let lines = self.lines.len().saturating_mul(2).max(Self::FEWEST);
        let mut grown = Slots { lines: vec![Line([T::default(); N]); lines], len: self.len };
        for item in self.iter() {
            let (line, slot) = grown.place(hash_of(item), |_| false);
            grown.lines[line].0[slot] = item;
        }
        *self = grown;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_are_found_whatever_their_hashes_are(
            items in prop::collection::vec(1..200u64, 0..400),
            bits in 0..=64u32,
        ) {
            // From all of them in one place to good ones.
            let hash = |item: u64| item.wrapping_mul(0x9E37_79B9_7F4A_7C15) | u64::MAX.checked_shr(bits).unwrap_or(0);
            let (mut table, mut set) = (Slots::<u64, 8>::default(), BTreeSet::new());
            for item in items {
                table.look_at([hash(item)].into_iter());
                table.reserve(usize::from(item % 7 == 0), hash);
                prop_assert_eq!(table.insert(hash(item), item, hash), set.insert(item));
            }
            for item in 1..200 {
                prop_assert_eq!(table.find(hash(item), |other| other == item), set.get(&item).copied());
            }
            let mut all: Vec<u64> = table.iter().collect();
            all.sort_unstable();
            prop_assert_eq!(all, set.into_iter().collect::<Vec<_>>());
        }
    }
}
