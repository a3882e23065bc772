//! The segment of every cell, looked up.

use super::{ScoreBox, SegmentModel, boxed, cells, position};
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
    /// Paints the boxes of the rules, the first rule last: the cost is the cells of all boxes, not rules times cells.
    pub(super) fn of(model: &SegmentModel) -> Lattice {
        let mut lattice = Lattice::empty(model.bins());
        for (rule, target) in model.rules().iter().zip(&model.targets).rev() {
            for cells in rule.boxes() {
                lattice.paint(cells, u32::try_from(*target).unwrap_or(NONE));
            }
        }
        lattice
    }

    /// No number anywhere.
    pub(super) fn empty(bins: Axes<u8>) -> Lattice {
        Lattice { bins, segments: vec![NONE; cells(bins).count()] }
    }

    /// Gives the cells of a box a number.
    pub(super) fn paint(&mut self, cells: &ScoreBox, number: u32) {
        for at in boxed(self.bins, cells).filter_map(|cell| position(self.bins, cell)) {
            self.segments[at] = number;
        }
    }

    /// The highest number in a box.
    pub(super) fn highest(&self, cells: &ScoreBox) -> Option<u32> {
        let numbers = boxed(self.bins, cells).filter_map(|cell| Some(self.segments[position(self.bins, cell)?]));
        numbers.filter(|number| *number != NONE).max()
    }

    /// As [`SegmentModel::segment_of`]. Scores beyond the bins have none.
    #[must_use]
    pub fn segment_of(&self, cell: RfmCell) -> Option<usize> {
        let number = self.segments.get(position(self.bins, cell)?)?;
        (*number != NONE).then(|| crate::text::index(*number))
    }
}
