//! The scores of all customers on a dimension, a block at a time.

use super::{CutPoints, FitError, Thresholds};
use crate::account::Overflow;
use crate::axes::{Axes, RfmCell, Score};
use crate::measures::Numbers;
use crate::parallel::{BLOCK, blocks, fill};

/// Where the scores of a dimension come from.
pub(super) enum ColumnScores<'a> {
    /// From comparing numbers with cuts.
    ByCuts(Comparison<'a>, Numbers<'a>),
    /// From ranks.
    Given(&'a [Score]),
}

/// Cuts made ready for the numbers of one column.
pub(super) enum Comparison<'a> {
    /// Cuts of 32 bits, as most are: of all that processors have to compare several numbers at once, this is everywhere.
    Half {
        last_below: Vec<i32>,
        scores: Vec<Score>,
    },
    /// Cuts of 64 bits.
    Narrow {
        last_below: Vec<i64>,
        scores: Vec<Score>,
    },
    Wide(Thresholds),
    Ratios(&'a CutPoints),
}

/// Cuts that are all compared with a number; of more the place is searched.
const FEW: usize = 16;

impl<'a> ColumnScores<'a> {
    pub(super) fn by_cuts(cuts: &'a CutPoints, numbers: Numbers<'a>) -> Result<ColumnScores<'a>, FitError> {
        let Some(scale) = numbers.scale() else { return Ok(ColumnScores::ByCuts(Comparison::Ratios(cuts), numbers)) };
        let dimension = cuts.dimension();
        let thresholds = cuts.thresholds(scale).map_err(|Overflow| FitError::Overflow { dimension })?;
        let scores = thresholds.scores();
        let comparison = match (thresholds.narrow(i32::MAX), thresholds.narrow(i64::MAX)) {
            (Some(last_below), _) => Comparison::Half { last_below, scores },
            (None, Some(last_below)) => Comparison::Narrow { last_below, scores },
            (None, None) => Comparison::Wide(thresholds),
        };
        Ok(ColumnScores::ByCuts(comparison, numbers))
    }

    /// All scores.
    pub(super) fn all(self) -> Vec<Score> {
        let numbers = match self {
            ColumnScores::Given(scores) => return scores.to_vec(),
            ColumnScores::ByCuts(_, numbers) => numbers,
        };
        let mut scores = vec![Score::WORST; numbers.len()];
        scores.chunks_mut(BLOCK).zip((0..).step_by(BLOCK)).for_each(|(block, first)| self.read(first, block));
        scores
    }

    /// The scores of rows that exist, from `first` on, at most [`BLOCK`].
    fn read(&self, first: usize, into: &mut [Score]) {
        let rows = first..first.saturating_add(into.len());
        match self {
            ColumnScores::Given(scores) => into.copy_from_slice(&scores[rows]),
            ColumnScores::ByCuts(Comparison::Half { last_below, scores }, numbers) => {
                let mut block = [0; BLOCK];
                let values = &mut block[..into.len()];
                numbers.read_half(first, values);
                compare(values, last_below, scores, into);
            }
            ColumnScores::ByCuts(Comparison::Narrow { last_below, scores }, numbers) => {
                let mut block = [0; BLOCK];
                let values = &mut block[..into.len()];
                numbers.read_narrow(first, values);
                compare(values, last_below, scores, into);
            }
            ColumnScores::ByCuts(Comparison::Wide(thresholds), numbers) => {
                rows.zip(into).for_each(|(row, into)| *into = thresholds.score(numbers.whole(row)));
            }
            ColumnScores::ByCuts(Comparison::Ratios(cuts), numbers) => {
                let values = numbers.as_ratios().unwrap_or_default().get(rows).unwrap_or_default();
                values.iter().zip(into).for_each(|(value, into)| *into = cuts.score(*value));
            }
        }
    }
}

/// The scores of a block of numbers.
fn compare<T: Copy + Ord>(values: &[T], last_below: &[T], scores: &[Score], into: &mut [Score]) {
    if last_below.len() > FEW {
        let above = |value: T| last_below.partition_point(|last_below| *last_below < value);
        values.iter().zip(into).for_each(|(value, into)| *into = scores[above(*value)]);
        return;
    }
    let mut block = [0u8; BLOCK];
    let above = &mut block[..values.len()];
    for last_below in last_below {
        let counts = above.iter_mut().zip(values);
        counts.for_each(|(above, value)| *above = above.wrapping_add(u8::from(last_below < value)));
    }
    above.iter().zip(into).for_each(|(above, into)| *into = scores[usize::from(*above)]);
}

/// The cells of so many customers.
pub(super) fn cells(customers: usize, scores: &Axes<ColumnScores<'_>>) -> Vec<RfmCell> {
    let mut cells = vec![Axes::all(Score::WORST); customers];
    fill(&mut cells, |start, cells| {
        let mut three = Axes::all([Score::WORST; BLOCK]);
        for (first, length) in blocks(0..cells.len()) {
            let Axes { recency, frequency, monetary } = &mut three;
            let row = start.saturating_add(first);
            scores.recency.read(row, &mut recency[..length]);
            scores.frequency.read(row, &mut frequency[..length]);
            scores.monetary.read(row, &mut monetary[..length]);
            let block = cells.iter_mut().skip(first).zip(recency.iter().zip(frequency.iter().zip(monetary.iter())));
            block.take(length).for_each(|(cell, (recency, (frequency, monetary)))| {
                *cell = Axes { recency: *recency, frequency: *frequency, monetary: *monetary };
            });
        }
    });
    cells
}
