//! The value of a customer on one dimension, and what it was compared with.

use core::fmt;

use crate::axes::{Dimension, Score};
use crate::measures::MeasureColumn;
use crate::money::Decimal;
use crate::ratio::Ratio;
use crate::scoring::{Closed, CutPoints};

/// The value of a customer on one dimension with its score and the reason for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoredValue {
    pub(super) dimension: Dimension,
    pub(super) measure: &'static str,
    pub(super) value: Ratio,
    pub(super) shown: Decimal,
    pub(super) score: Score,
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
    /// It was ranked among all customers.
    Ranked {
        /// Customers with a worse value.
        worse: u64,
        /// Customers with the same value, this one included.
        equal: u64,
        /// Customers with a better value.
        better: u64,
    },
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

    /// The score.
    #[must_use]
    pub const fn score(&self) -> Score {
        self.score
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
        write!(f, "{} {} scores {} ({})", self.dimension, self.shown, self.score, self.standing)
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
            Standing::Ranked { worse, equal, better } => {
                write!(f, "{worse} worse, {equal} equal, {better} better")
            }
        }
    }
}

/// What the values of a dimension are compared with, ready to be asked for each customer.
#[derive(Debug)]
pub(super) enum Standings<'s> {
    Cuts(&'s CutPoints),
    /// All values in ascending order.
    Ranks(Vec<Ratio>),
}

impl<'s> Standings<'s> {
    pub(super) fn new(cuts: Option<&'s CutPoints>, values: impl FnOnce() -> MeasureColumn<'s>) -> Standings<'s> {
        match cuts {
            Some(cuts) => Standings::Cuts(cuts),
            None => {
                let column = values();
                let mut values: Vec<Ratio> = (0..column.len()).filter_map(|row| column.get(row)).collect();
                values.sort_unstable();
                Standings::Ranks(values)
            }
        }
    }

    pub(super) fn of(&self, dimension: Dimension, value: Ratio, score: Score) -> Standing {
        match self {
            Standings::Cuts(cuts) => {
                let (low, high) = cuts.bounds_of(score);
                Standing::Between { low, high, closed: cuts.closed() }
            }
            Standings::Ranks(values) => {
                let below = values.partition_point(|other| *other < value);
                let up_to = values.partition_point(|other| *other <= value);
                let count = |from: usize, to: usize| u64::try_from(to.saturating_sub(from)).unwrap_or(u64::MAX);
                let (lower, higher) = (count(0, below), count(up_to, values.len()));
                let (worse, better) = if dimension == Dimension::Recency { (higher, lower) } else { (lower, higher) };
                Standing::Ranked { worse, equal: count(below, up_to), better }
            }
        }
    }
}
