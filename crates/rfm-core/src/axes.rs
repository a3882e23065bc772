//! The three dimensions, the scores on them, and values that come in threes.

use core::fmt;

/// What a customer is scored on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Days since the last order; fewer is better.
    Recency,
    /// How often; more is better.
    Frequency,
    /// How much; more is better.
    Monetary,
}

impl Dimension {
    /// The three, in the order of the code.
    pub const ALL: [Dimension; 3] = [Dimension::Recency, Dimension::Frequency, Dimension::Monetary];

    /// The name: `recency`, `frequency`, `monetary`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Dimension::Recency => "recency",
            Dimension::Frequency => "frequency",
            Dimension::Monetary => "monetary",
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One value for each dimension.
///
/// # Examples
///
/// ```
/// use rfm_core::{Axes, Dimension};
///
/// let bins = Axes { recency: 5, frequency: 3, monetary: 5 };
/// assert_eq!(bins[Dimension::Frequency], 3);
/// assert_eq!(bins.map(|_, bins| bins - 1), Axes { recency: 4, frequency: 2, monetary: 4 });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Axes<T> {
    /// That of recency.
    pub recency: T,
    /// That of frequency.
    pub frequency: T,
    /// That of monetary value.
    pub monetary: T,
}

impl<T> Axes<T> {
    /// The same value three times.
    #[must_use]
    pub fn all(value: T) -> Axes<T>
    where
        T: Clone,
    {
        Axes { recency: value.clone(), frequency: value.clone(), monetary: value }
    }

    /// The value that each dimension has.
    #[must_use]
    pub fn from_fn(mut value: impl FnMut(Dimension) -> T) -> Axes<T> {
        Axes {
            recency: value(Dimension::Recency),
            frequency: value(Dimension::Frequency),
            monetary: value(Dimension::Monetary),
        }
    }

    /// Turns each value into another.
    #[must_use]
    pub fn map<U>(self, mut value: impl FnMut(Dimension, T) -> U) -> Axes<U> {
        Axes {
            recency: value(Dimension::Recency, self.recency),
            frequency: value(Dimension::Frequency, self.frequency),
            monetary: value(Dimension::Monetary, self.monetary),
        }
    }

    /// Turns each value into another, or stops at the first error.
    ///
    /// # Errors
    ///
    /// The first error of `value`.
    pub fn try_map<U, E>(self, mut value: impl FnMut(Dimension, T) -> Result<U, E>) -> Result<Axes<U>, E> {
        Ok(Axes {
            recency: value(Dimension::Recency, self.recency)?,
            frequency: value(Dimension::Frequency, self.frequency)?,
            monetary: value(Dimension::Monetary, self.monetary)?,
        })
    }

    /// Borrows each value.
    #[must_use]
    pub const fn as_ref(&self) -> Axes<&T> {
        Axes { recency: &self.recency, frequency: &self.frequency, monetary: &self.monetary }
    }

    /// The dimensions with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Dimension, &T)> {
        Dimension::ALL.into_iter().map(|dimension| (dimension, &self[dimension]))
    }
}

impl<T> core::ops::Index<Dimension> for Axes<T> {
    type Output = T;

    fn index(&self, dimension: Dimension) -> &T {
        match dimension {
            Dimension::Recency => &self.recency,
            Dimension::Frequency => &self.frequency,
            Dimension::Monetary => &self.monetary,
        }
    }
}

impl<T> core::ops::IndexMut<Dimension> for Axes<T> {
    fn index_mut(&mut self, dimension: Dimension) -> &mut T {
        match dimension {
            Dimension::Recency => &mut self.recency,
            Dimension::Frequency => &mut self.frequency,
            Dimension::Monetary => &mut self.monetary,
        }
    }
}

/// A bin on one dimension, counted so that more is better: 1 is worst, the number of bins (at most 100) is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// The worst score.
    pub const WORST: Score = Score(1);
    /// The best score that there can be, of 100 bins.
    pub const MAX: Score = Score(100);

    /// The score of a number; `None` outside of 1..=100.
    #[must_use]
    pub const fn new(number: u8) -> Option<Score> {
        if number >= 1 && number <= Score::MAX.0 { Some(Score(number)) } else { None }
    }

    /// The number, 1..=100.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The score of the bin with this position, counted from 0; the caller's positions are below 100.
    pub(crate) fn of_position(position: usize) -> Score {
        Score(u8::try_from(position).unwrap_or(u8::MAX).saturating_add(1).min(Score::MAX.0))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The three scores of a customer: one cell of the lattice of all combinations.
pub type RfmCell = Axes<Score>;

impl RfmCell {
    /// The cell of three numbers; `None` if one is outside of 1..=100.
    #[must_use]
    pub fn from_numbers(recency: u8, frequency: u8, monetary: u8) -> Option<RfmCell> {
        Some(Axes { recency: Score::new(recency)?, frequency: Score::new(frequency)?, monetary: Score::new(monetary)? })
    }

    /// The code as it is shown among these bins: `543` up to 9 bins, `10-4-3` if any dimension has more.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Axes, RfmCell};
    ///
    /// let cell = RfmCell::from_numbers(5, 4, 3).expect("scores begin at 1");
    /// assert_eq!(cell.code(Axes::all(5)).to_string(), "543");
    /// assert_eq!(cell.code(Axes::all(10)).to_string(), "5-4-3");
    /// ```
    #[must_use]
    pub fn code(self, bins: Axes<u8>) -> RfmCode {
        RfmCode::of(self.map(|_, score| score.number()), bins)
    }
}

/// Three scores as they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RfmCode {
    shown: Axes<u8>,
    wide: bool,
}

impl RfmCode {
    /// The code of numbers that stand for scores among these bins.
    pub(crate) fn of(shown: Axes<u8>, bins: Axes<u8>) -> RfmCode {
        RfmCode { shown, wide: bins.iter().any(|(_, bins)| *bins > 9) }
    }

    /// The three numbers.
    #[must_use]
    pub const fn shown_scores(self) -> Axes<u8> {
        self.shown
    }

    /// Whether hyphens stand between the numbers, since a dimension has more than 9 bins.
    #[must_use]
    pub const fn is_wide(self) -> bool {
        self.wide
    }
}

impl fmt::Display for RfmCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Axes { recency, frequency, monetary } = self.shown;
        let between = if self.wide { "-" } else { "" };
        write!(f, "{recency}{between}{frequency}{between}{monetary}")
    }
}
