//! The segment of every cell, looked up.

use super::{Condition, Facts, ScoreBox, SegmentModel, boxed, cells, position};
use crate::axes::{Axes, RfmCell};

/// For each cell of the score lattice the segment, so that a customer costs one look-up whatever the rules.
///
/// Of rules that depend on measures it has only what the scores decide; see [`SegmentModel::segment_of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lattice {
    bins: Axes<u8>,
    segments: Vec<u32>,
}

/// No segment.
const NONE: u32 = u32::MAX;

impl Lattice {
    pub(super) fn of(model: &SegmentModel) -> Lattice {
        Lattice::numbered(model, &model.targets)
    }

    /// For each cell the first rule that holds there whatever the measures are.
    pub(super) fn of_rules(model: &SegmentModel) -> Lattice {
        Lattice::numbered(model, &(0..model.rules().len()).collect::<Vec<usize>>())
    }

    /// Paints the boxes of the rules, the first rule last: the cost is the cells of all boxes, not rules times cells.
    fn numbered(model: &SegmentModel, numbers: &[usize]) -> Lattice {
        let mut lattice = Lattice::empty(model.bins());
        for (rule, number) in model.rules().iter().zip(numbers).rev() {
            let number = u32::try_from(*number).unwrap_or(NONE);
            for cells in rule.boxes() {
                match rule.condition() {
                    Some(condition) => lattice.paint_where(cells, number, condition),
                    None => lattice.paint(cells, number),
                }
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

    /// Gives the cells of a box a number, where a condition is true by the scores alone.
    fn paint_where(&mut self, cells: &ScoreBox, number: u32, condition: &Condition) {
        let is_true = |cell: &RfmCell| condition.holds(&Facts::new(*cell)) == Some(true);
        for at in boxed(self.bins, cells).filter(is_true).filter_map(|cell| position(self.bins, cell)) {
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
        self.number_of(cell)
    }

    /// The number of a cell.
    pub(super) fn number_of(&self, cell: RfmCell) -> Option<usize> {
        let number = self.segments.get(position(self.bins, cell)?)?;
        (*number != NONE).then(|| crate::text::index(*number))
    }
}
