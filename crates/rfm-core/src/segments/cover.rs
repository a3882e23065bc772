//! Rules over scores as a table of codes, and as few boxes.

use super::{RuleMeasure, ScoreBox, ScoreRange, SegmentModel, SegmentRule, boxed, cells, position};
use crate::axes::{Axes, Dimension, RfmCell};

/// The error of rules that no table of codes can say, since a measure decides a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rule of segment `{segment}` compares `{measure}`, which no code tells")]
pub struct DependsOnMeasures {
    /// The segment of the first rule that does.
    pub segment: String,
    /// What it compares.
    pub measure: RuleMeasure,
}

impl SegmentModel {
    /// The same answers as a table of codes: for each segment one rule that lists its codes, from the best to the worst, and no
    /// code twice. Segments that no code reaches are left out.
    ///
    /// # Errors
    ///
    /// [`DependsOnMeasures`] if a rule compares a measure.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::SegmentPreset;
    ///
    /// let table = SegmentPreset::RTestSuite.model().to_code_table()?;
    /// assert_eq!(table.rules().iter().map(|rule| rule.boxes().len()).sum::<usize>(), 125 - 36);
    /// assert_eq!(table.name_of(rfm_core::RfmCell::from_numbers(1, 1, 1).expect("scores")), "Lost");
    /// # Ok::<(), rfm_core::DependsOnMeasures>(())
    /// ```
    pub fn to_code_table(&self) -> Result<SegmentModel, DependsOnMeasures> {
        self.rewritten(|_, cells| {
            cells.iter().map(|cell| cell.map(|_, score| ScoreRange::from(score.number()))).collect()
        })
    }

    /// The same answers in few boxes: for each segment one rule with boxes that hold its codes and no others. They are chosen
    /// greedily, from the best code on, so fewer may do. Segments that no code reaches are left out.
    ///
    /// # Errors
    ///
    /// [`DependsOnMeasures`] if a rule compares a measure.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::SegmentPreset;
    ///
    /// let table = SegmentPreset::Table11.model();
    /// let boxes = table.to_boxes()?;
    /// assert!(boxes.rules().iter().map(|rule| rule.boxes().len()).sum::<usize>() < 60);
    /// assert_eq!(boxes.coverage().segments(), table.coverage().segments());
    /// # Ok::<(), rfm_core::DependsOnMeasures>(())
    /// ```
    pub fn to_boxes(&self) -> Result<SegmentModel, DependsOnMeasures> {
        self.rewritten(cover)
    }

    /// Each segment with the boxes of its cells, which come from the best to the worst.
    fn rewritten(
        &self,
        boxes: impl Fn(Axes<u8>, &[RfmCell]) -> Vec<ScoreBox>,
    ) -> Result<SegmentModel, DependsOnMeasures> {
        let measure =
            |rule: &SegmentRule| rule.condition().and_then(|condition| condition.measures().into_iter().next());
        if let Some((rule, measure)) = self.rules().iter().find_map(|rule| Some((rule, measure(rule)?))) {
            return Err(DependsOnMeasures { segment: rule.segment().to_owned(), measure });
        }
        let mut of_segment: Vec<Vec<RfmCell>> = vec![Vec::new(); self.segments().len()];
        let lattice = self.lattice();
        for cell in cells(self.bins()).collect::<Vec<RfmCell>>().into_iter().rev() {
            if let Some(segment) = lattice.segment_of(cell) {
                of_segment[segment].push(cell);
            }
        }
        let (mut rewritten, mut targets, mut segments) = (Vec::new(), Vec::new(), Vec::new());
        for (segment, cells) in self.segments().iter().zip(of_segment).filter(|(_, cells)| !cells.is_empty()) {
            rewritten.push(SegmentRule::of_boxes(&segment.name, boxes(self.bins(), &cells)));
            targets.push(segments.len());
            segments.push(segment.clone());
        }
        Ok(SegmentModel { rules: rewritten, targets, segments, ..self.clone() })
    }
}

/// The orders in which a box may grow.
const ORDERS: [[Dimension; 3]; 6] = {
    use Dimension::{Frequency, Monetary, Recency};
    [
        [Recency, Frequency, Monetary],
        [Recency, Monetary, Frequency],
        [Frequency, Recency, Monetary],
        [Frequency, Monetary, Recency],
        [Monetary, Recency, Frequency],
        [Monetary, Frequency, Recency],
    ]
};

/// Boxes that hold these cells and no other: around each cell that is left, the box with the most of those that are.
fn cover(bins: Axes<u8>, of_segment: &[RfmCell]) -> Vec<ScoreBox> {
    let mut inside = vec![false; cells(bins).count()];
    for at in of_segment.iter().filter_map(|cell| position(bins, *cell)) {
        inside[at] = true;
    }
    let mut left = inside.clone();
    let mut boxes = Vec::new();
    for cell in of_segment {
        if !position(bins, *cell).is_some_and(|at| left[at]) {
            continue;
        }
        let grown = ORDERS.map(|order| grown(bins, &inside, *cell, order));
        let gain = |candidate: &&ScoreBox| places(bins, candidate).filter(|at| left[*at]).count();
        // Of equal ones the first, which `max_by_key` would take last.
        let Some(chosen) = grown.iter().rev().max_by_key(gain) else { continue };
        for at in places(bins, chosen) {
            left[at] = false;
        }
        let whole = |dimension: Dimension| chosen[dimension] == ScoreRange::new(1, bins[dimension]);
        boxes.push(Axes::from_fn(|dimension| if whole(dimension) { ScoreRange::ANY } else { chosen[dimension] }));
    }
    boxes
}

/// The box around a cell that has grown along one dimension after the other, as far as all of it is inside.
fn grown(bins: Axes<u8>, inside: &[bool], cell: RfmCell, order: [Dimension; 3]) -> ScoreBox {
    let mut grown: ScoreBox = cell.map(|_, score| ScoreRange::from(score.number()));
    for dimension in order {
        let is_inside = |grown: &ScoreBox, score: u8| {
            let mut face = *grown;
            face[dimension] = ScoreRange::from(score);
            places(bins, &face).all(|at| inside[at])
        };
        let (mut low, mut high) = (grown[dimension].low(), grown[dimension].high());
        while low > 1 && is_inside(&grown, low.saturating_sub(1)) {
            low = low.saturating_sub(1);
        }
        while high < bins[dimension] && is_inside(&grown, high.saturating_add(1)) {
            high = high.saturating_add(1);
        }
        grown[dimension] = ScoreRange::new(low, high);
    }
    grown
}

fn places(bins: Axes<u8>, of: &ScoreBox) -> impl Iterator<Item = usize> + use<> {
    boxed(bins, of).filter_map(move |cell| position(bins, cell))
}
