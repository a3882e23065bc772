//! Lines that were there before.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use rfm_core::cell::Cell;

use crate::row::{Row, Site};

/// The lines so far, by a 128-bit hash of their cells under a random key: 16 bytes and some room for each line.
///
/// That two different lines of 10^9 hash alike has a chance of about 1.5 in 10^21. The key is new in each run, so that nobody
/// can prepare lines that do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repeats {
    seen: HashSet<LineKey>,
    keys: (RandomState, RandomState),
}

/// The hash of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LineKey(u64, u64);

impl Repeats {
    /// What stands for the cells of all columns of a line. By name, so that the files of one input may have them in different
    /// order.
    pub(crate) fn key(&self, row: &impl Row, site: &Site) -> LineKey {
        let hash = |key: &RandomState| {
            let mut hasher = key.build_hasher();
            for (name, column) in site.columns_by_name() {
                name.hash(&mut hasher);
                match row.cell(*column) {
                    Cell::Text(text) => text.hash(&mut hasher),
                    // The number 17 and the text `17` stand in one column of many a sheet.
                    cell => cell.to_string().hash(&mut hasher),
                }
            }
            hasher.finish()
        };
        LineKey(hash(&self.keys.0), hash(&self.keys.1))
    }

    /// Whether an earlier line has the same text in every column.
    pub(crate) fn contains(&self, key: LineKey) -> bool {
        self.seen.contains(&key)
    }

    /// Makes a line one that later ones are compared with. Bad ones are not, so that each of them stays a bad line.
    pub(crate) fn insert(&mut self, key: LineKey) {
        self.seen.insert(key);
    }
}
