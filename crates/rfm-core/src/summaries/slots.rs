//! A table for small items, of which most are found by one look at memory.

use core::hint::black_box;

/// Small items by their hashes: each lies in the slot that its hash tells, or in the next free one. At most three quarters of the
/// slots are in use, so that an item and those before it mostly share a line of the cache.
///
/// No item equals the default one, which stands for a free slot.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    slots: Vec<T>,
    len: usize,
}

impl<T> Default for Slots<T> {
    fn default() -> Slots<T> {
        Slots { slots: Vec::new(), len: 0 }
    }
}

impl<T: Copy + Default + PartialEq> Slots<T> {
    /// Slots of the smallest table.
    const FEWEST: usize = 16;

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity().saturating_mul(size_of::<T>())
    }

    /// The items, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.slots.iter().copied().filter(|item| *item != T::default())
    }

    /// The first item with this hash that is the one.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(T) -> bool) -> Option<T> {
        if self.slots.is_empty() {
            return None;
        }
        let found = self.slots[self.place(hash, is_it)];
        (found != T::default()).then_some(found)
    }

    /// Puts an item there, unless it is there; whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, hash: u64, item: T, hash_of: impl Fn(T) -> u64) -> bool {
        if self.len >= self.slots.len().wrapping_div(4).wrapping_mul(3) {
            self.grow(hash_of);
        }
        let place = self.place(hash, |other| other == item);
        let is_new = self.slots[place] != item;
        if is_new {
            self.slots[place] = item;
            self.len = self.len.saturating_add(1);
        }
        is_new
    }

    /// Has the memory for items with these hashes at hand soon: the waits for several overlap.
    #[inline]
    pub(super) fn look_at(&self, hashes: impl Iterator<Item = u64>) {
        if !self.slots.is_empty() {
            let used = hashes.filter(|hash| self.slots[self.first(*hash)] != T::default());
            black_box(used.count());
        }
    }

    /// Where an item is, or the free slot where it belongs. There are slots, and free ones among them.
    #[inline]
    fn place(&self, hash: u64, is_it: impl Fn(T) -> bool) -> usize {
        let mut place = self.first(hash);
        loop {
            let item = self.slots[place];
            if item == T::default() || is_it(item) {
                return place;
            }
            place = place.wrapping_add(1);
            if place == self.slots.len() {
                place = 0;
            }
        }
    }

    /// The slots are shared out evenly among the hashes, in the order of these: so a table that grows is copied from its beginning
    /// to its end, and not to places all over.
    #[inline]
    fn first(&self, hash: u64) -> usize {
        let slots = u128::try_from(self.slots.len()).unwrap_or(0);
        usize::try_from(u128::from(hash).wrapping_mul(slots) >> 64).unwrap_or(0)
    }

    #[cold]
    fn grow(&mut self, hash_of: impl Fn(T) -> u64) {
        let slots = self.slots.len().saturating_mul(2).max(Self::FEWEST);
        let mut grown = Slots { slots: vec![T::default(); slots], len: self.len };
        for item in self.iter() {
            let place = grown.place(hash_of(item), |_| false);
            grown.slots[place] = item;
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
            let (mut table, mut set) = (Slots::default(), BTreeSet::new());
            for item in items {
                table.look_at([hash(item)].into_iter());
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
