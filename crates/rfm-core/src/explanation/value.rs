//! The value of a customer on one dimension, and what it was compared with.

use std::collections::BTreeMap;

use core::fmt;

use crate::axes::{Dimension, RfmCell, Score};
use crate::money::Decimal;
use crate::ratio::Ratio;
use crate::scoring::{Binning, Closed, CutPoints};
use crate::segmentation::Segmentation;

/// The value of a customer on one dimension with its score and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredValue {
    pub(super) dimension: Dimension,
    pub(super) measure: &'static str,
    pub(super) value: Ratio,
    pub(super) shown: Decimal,
    pub(super) score: Score,
    pub(super) shown_score: u8,
    pub(super) standing: Standing,
}

/// What a value was compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It lies between two cut points.
    Between {
        /// The cut below; `None` in the lowest bin.
        low: Option<Ratio>,
        /// The cut above; `None` in the highest bin.
        high: Option<Ratio>,
        /// Which of the two is within.
        closed: Closed,
    },
    /// It was ranked, or scored by cut points that only a group of customers has.
    Ranked {
        /// Among whom.
        among: Among,
        /// Customers with a worse value.
        worse: u64,
        /// Customers with the same value, this one included.
        equal: u64,
        /// Customers with a better value.
        better: u64,
    },
}

/// Among whom a value was scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Among {
    /// All customers.
    All,
    /// Those with the same score of recency, as nested binning has it for frequency.
    SameRecency,
    /// Those with the same scores of recency and frequency, as nested binning has it for monetary value.
    SameRecencyAndFrequency,
}

impl Among {
    /// Among whom a binning scores a dimension.
    pub(super) const fn of(binning: Binning, dimension: Dimension) -> Among {
        match (binning, dimension) {
            (Binning::Independent, _) | (Binning::Nested, Dimension::Recency) => Among::All,
            (Binning::Nested, Dimension::Frequency) => Among::SameRecency,
            (Binning::Nested, Dimension::Monetary) => Among::SameRecencyAndFrequency,
        }
    }

    /// The scores that all of a customer's group have.
    fn group(self, cell: RfmCell) -> Group {
        match self {
            Among::All => (None, None),
            Among::SameRecency => (Some(cell.recency), None),
            Among::SameRecencyAndFrequency => (Some(cell.recency), Some(cell.frequency)),
        }
    }
}

/// ` of the same recency score`, to stand behind a count; nothing for all.
impl fmt::Display for Among {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Among::All => Ok(()),
            Among::SameRecency => f.write_str(" of the same recency score"),
            Among::SameRecencyAndFrequency => f.write_str(" of the same recency and frequency scores"),
        }
    }
}

impl ScoredValue {
    /// The dimension.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The name of the measure.
    #[must_use]
    pub const fn measure(&self) -> &'static str {
        self.measure
    }

    /// The exact value in units: days, a count, units of money.
    #[must_use]
    pub const fn value(&self) -> Ratio {
        self.value
    }

    /// The value as tables show it.
    #[must_use]
    pub const fn shown(&self) -> Decimal {
        self.shown
    }

    /// The score, of which 1 is the worst whatever is shown.
    #[must_use]
    pub const fn score(&self) -> Score {
        self.score
    }

    /// The number that the result shows for the score ([`crate::Segmentation::score_display`]).
    #[must_use]
    pub const fn shown_score(&self) -> u8 {
        self.shown_score
    }

    /// What the value was compared with.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }
}

/// `monetary 7.50 scores 3 (above 7, up to 10.998)`.
impl fmt::Display for ScoredValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} scores {} ({})", self.dimension, self.shown, self.shown_score, self.standing)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Standing::Between { low, high, closed } => {
                let (above, up_to) = match closed {
                    Closed::Right => ("above", "up to"),
                    Closed::Left => ("from", "below"),
                };
                match (low, high) {
                    (Some(low), Some(high)) => write!(f, "{above} {low}, {up_to} {high}"),
                    (Some(low), None) => write!(f, "{above} {low}"),
                    (None, Some(high)) => write!(f, "{up_to} {high}"),
                    (None, None) => f.write_str("any value"),
                }
            }
            Standing::Ranked { among, worse, equal, better } => {
                write!(f, "{worse} worse, {equal} equal, {better} better{among}")
            }
        }
    }
}

/// The scores of recency and frequency that a group has in common.
type Group = (Option<Score>, Option<Score>);

/// What the values of a dimension are compared with, ready to be asked for each customer.
#[derive(Debug)]
pub(super) enum Standings<'s> {
    Cuts(&'s CutPoints),
    /// The values of each group in ascending order.
    Ranks(Among, BTreeMap<Group, Vec<Ratio>>),
}

impl<'s> Standings<'s> {
    pub(super) fn new(segmentation: &'s Segmentation, dimension: Dimension) -> Standings<'s> {
        if let Some(cuts) = &segmentation.cuts()[dimension] {
            return Standings::Cuts(cuts);
        }
        let among = Among::of(segmentation.binning(), dimension);
        let column = segmentation.values(dimension);
        let mut groups: BTreeMap<Group, Vec<Ratio>> = BTreeMap::new();
        for (row, cell) in segmentation.cells().iter().enumerate() {
            groups.entry(among.group(*cell)).or_default().extend(column.get(row));
        }
        groups.values_mut().for_each(|values| values.sort_unstable());
        Standings::Ranks(among, groups)
    }

    /// Where a customer with this cell stands by a value.
    pub(super) fn of(&self, dimension: Dimension, value: Ratio, cell: RfmCell) -> Standing {
        match self {
            Standings::Cuts(cuts) => {
                let (low, high) = cuts.bounds_of(cell[dimension]);
                Standing::Between { low, high, closed: cuts.closed() }
            }
            Standings::Ranks(among, groups) => {
                let values = groups.get(&among.group(cell)).map_or([].as_slice(), Vec::as_slice);
                let below = values.partition_point(|other| *other < value);
                let up_to = values.partition_point(|other| *other <= value);
                let count = |from: usize, to: usize| u64::try_from(to.saturating_sub(from)).unwrap_or(u64::MAX);
                let (lower, higher) = (count(0, below), count(up_to, values.len()));
                let (worse, better) = if dimension == Dimension::Recency { (higher, lower) } else { (lower, higher) };
                Standing::Ranked { among: *among, worse, equal: count(below, up_to), better }
            }
        }
    }
}
