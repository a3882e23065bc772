//! Lines one after the other that are of one customer and order.

use super::key::Key;
use super::tables::PARTS;
use crate::day::Day;

/// Lines one after the other that differ in nothing but times and amounts. Lines of an order mostly follow each other, so that the
/// tables are asked once for several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The first row.
    pub(super) row: usize,
    /// `None`: the id is too long, and in that row.
    pub(super) customer: Option<Key>,
    /// The hash by which the next table is asked: that of the customer, then that of the order.
    pub(super) hash: u64,
    /// The number of the customer, once it is known.
    pub(super) number: Option<u32>,
    /// `None`: the order has no id, so that it is only this line.
    pub(super) order: Option<Key>,
    pub(super) day: Day,
    /// The latest one.
    pub(super) time: u32,
    pub(super) lines: usize,
    pub(super) amount: i128,
}

/// Runs that go through the tables together; few enough to stay in the cache.
const MOST: usize = 2_048;

/// Runs that are not in the tables yet, by the part of the tables that they belong to.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs {
    pub(super) parts: [Vec<Run>; PARTS],
    len: usize,
}

impl Runs {
    /// Whether they should be entered before another one comes.
    #[inline]
    pub(super) fn are_many(&self) -> bool {
        self.len >= MOST
    }

    #[inline]
    pub(super) fn push(&mut self, part: usize, run: Run) {
        self.parts[part].push(run);
        self.len = self.len.saturating_add(1);
    }

    /// After all have been entered.
    pub(super) fn clear(&mut self) {
        self.parts.iter_mut().for_each(Vec::clear);
        self.len = 0;
    }
}

/// The part of the tables that a customer belongs to, by the hash of the id: the same one in all summaries of this process.
#[inline]
pub(super) fn part_of(hash: u64) -> usize {
    // The tables use the upper half.
    usize::try_from(hash & 0xFFFF_FFFF).unwrap_or(0) % PARTS
}

/// What the part of a customer is told by: the key, if it holds the id, and a hash.
#[inline]
pub(super) fn key_of(id: &[u8]) -> (Option<Key>, u64) {
    let key = Key::exact(id);
    (key, key.unwrap_or_else(|| Key::hashed(id)).hash())
}
