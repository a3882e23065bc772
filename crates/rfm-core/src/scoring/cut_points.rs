//! Where one dimension is cut.

use super::CutError;
use crate::account::Overflow;
use crate::axes::{Dimension, Score};
use crate::money::Scale;
use crate::ratio::Ratio;

/// Which of two bins holds a value that lies exactly on the cut between them.
///
/// It is told on the axis of the raw value, whichever way the scores run: of recency 30 with a cut at 30, [`Closed::Right`]
/// makes it "up to 30 days", the better bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closed {
    /// The lower one: bins are (a, b].
    #[default]
    Right,
    /// The upper one: bins are [a, b).
    Left,
}

/// The cuts of one dimension: what a strategy learns, and all that is needed to score.
///
/// Cuts are exact rationals in units (days, counts, whole units of money), so that they mean the same for data in pence and
/// in pounds.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Closed, CutPoints};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let cuts = CutPoints::try_new(Dimension::Recency, vec![Ratio::from(30), Ratio::from(90)], Closed::Right)?;
/// let scores = cuts.thresholds(Scale::UNITS)?;
/// assert_eq!([0, 30, 31, 90, 91].map(|days| scores.score(days).number()), [3, 3, 2, 2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutPoints {
    dimension: Dimension,
    cuts: Vec<Ratio>,
    closed: Closed,
}

impl CutPoints {
    /// 1 to 99 cuts, none below the one before. Equal cuts are allowed; their bins stay empty.
    ///
    /// # Errors
    ///
    /// [`CutError`].
    pub fn try_new(dimension: Dimension, cuts: Vec<Ratio>, closed: Closed) -> Result<CutPoints, CutError> {
        if !(1..=99).contains(&cuts.len()) {
            return Err(CutError::Count { found: cuts.len() });
        }
        if let Some(pair) = cuts.windows(2).find(|pair| pair[0] > pair[1]) {
            return Err(CutError::Order { first: pair[0], second: pair[1] });
        }
        Ok(CutPoints { dimension, cuts, closed })
    }

    /// The dimension.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The cuts in ascending order.
    #[must_use]
    pub fn cuts(&self) -> &[Ratio] {
        &self.cuts
    }

    /// Which bin holds a value on a cut.
    #[must_use]
    pub const fn closed(&self) -> Closed {
        self.closed
    }

    /// Number of bins, 2..=100: one more than cuts.
    #[must_use]
    pub fn bins(&self) -> u8 {
        u8::try_from(self.cuts.len()).unwrap_or(u8::MAX).saturating_add(1)
    }

    /// Scores a value in units: days, a count, whole units of money. Equal values score equal.
    #[must_use]
    pub fn score(&self, value: Ratio) -> Score {
        let above = self.cuts.partition_point(|cut| match self.closed {
            Closed::Right => *cut < value,
            Closed::Left => *cut <= value,
        });
        let is_recency = self.dimension == Dimension::Recency;
        Score::of_position(if is_recency { self.cuts.len().saturating_sub(above) } else { above })
    }

    /// The cuts between which the values of a score lie; `None` where the bin has no end. [`CutPoints::closed`] tells which of the
    /// two is within.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::scoring::{Closed, CutPoints};
    /// use rfm_core::{Dimension, Ratio, Score};
    ///
    /// let cuts = CutPoints::try_new(Dimension::Recency, vec![Ratio::from(30), Ratio::from(90)], Closed::Right)?;
    /// assert_eq!(cuts.bounds_of(Score::WORST), (Some(Ratio::from(90)), None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn bounds_of(&self, score: Score) -> (Option<Ratio>, Option<Ratio>) {
        let above = usize::from(score.number()).saturating_sub(1);
        let is_recency = self.dimension == Dimension::Recency;
        let at = if is_recency { self.cuts.len().saturating_sub(above) } else { above };
        let low = at.checked_sub(1).and_then(|at| self.cuts.get(at));
        (low.copied(), self.cuts.get(at).copied())
    }

    /// The cuts as whole numbers for values of a scale.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if a cut in minor units does not fit 128 bits.
    pub fn thresholds(&self, scale: Scale) -> Result<Thresholds, Overflow> {
        // A whole number is above a cut if it is above the largest whole number below the cut (or on it).
        let last_below = |cut: &Ratio| {
            let cut = cut.checked_scale(scale.minor_units()).ok_or(Overflow)?;
            match self.closed {
                Closed::Right => Ok(cut.floor()),
                Closed::Left => cut.ceil().checked_sub(1).ok_or(Overflow),
            }
        };
        let last_below = self.cuts.iter().map(last_below).collect::<Result<Vec<i128>, Overflow>>()?;
        Ok(Thresholds { last_below, less_is_better: self.dimension == Dimension::Recency })
    }
}

/// Cuts as whole numbers, ready to score values of one scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    last_below: Vec<i128>,
    less_is_better: bool,
}

impl Thresholds {
    /// Scores a value (days, a count, or minor units): 1 (worst) to the number of bins (best). Equal values score equal.
    #[must_use]
    pub fn score(&self, value: i128) -> Score {
        let above = self.last_below.partition_point(|last_below| *last_below < value);
        Score::of_position(if self.less_is_better { self.last_below.len().saturating_sub(above) } else { above })
    }

    /// The same in fewer bits, if a value that is taken for the nearest of so many bits compares with them as it does itself.
    pub(super) fn narrow<T: TryFrom<i128> + Ord>(&self, most: T) -> Option<Vec<T>> {
        let narrow = |cut: &i128| T::try_from(*cut).ok().filter(|cut| *cut < most);
        self.last_below.iter().map(narrow).collect()
    }

    /// The score by the number of cuts that a value is above.
    pub(super) fn scores(&self) -> Vec<Score> {
        let cuts = self.last_below.len();
        let scores = (0..=cuts).map(Score::of_position);
        if self.less_is_better { scores.rev().collect() } else { scores.collect() }
    }
}
