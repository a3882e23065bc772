//! The segment of every cell, looked up.

use super::{SegmentModel, cells};
use crate::axes::{Axes, RfmCell};

/// For each cell of the score lattice the segment, so that a customer costs one look-up whatever the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lattice {
    bins: Axes<u8>,
    segments: Vec<u32>,
}

/// No segment.
const NONE: u32 = u32::MAX;

impl Lattice {
    pub(super) fn of(model: &SegmentModel) -> Lattice {
        let number = |segment: Option<usize>| segment.and_then(|segment| u32::try_from(segment).ok()).unwrap_or(NONE);
        let bins = model.bins();
        Lattice { bins, segments: cells(bins).map(|cell| number(model.segment_of(cell))).collect() }
    }

    /// As [`SegmentModel::segment_of`]. Scores beyond the bins have none.
    #[must_use]
    pub fn segment_of(&self, cell: RfmCell) -> Option<usize> {
        let position = |score: u8| usize::from(score.saturating_sub(1));
        let Axes { recency, frequency, monetary } = cell.map(|_, score| score.number());
        if recency > self.bins.recency || frequency > self.bins.frequency || monetary > self.bins.monetary {
            return None;
        }
        // Below 100³: the products cannot overflow.
        let row = position(recency).wrapping_mul(self.bins.frequency.into()).wrapping_add(position(frequency));
        let at = row.wrapping_mul(self.bins.monetary.into()).wrapping_add(position(monetary));
        self.segments.get(at).filter(|segment| **segment != NONE).map(|segment| crate::text::index(*segment))
    }
}
