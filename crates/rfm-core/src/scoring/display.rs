//! Scores as systems show them that count in another way.

use core::fmt;
use core::str::FromStr;

use crate::axes::{Axes, RfmCell, RfmCode, Score};
use crate::suggest::{by_name, did_you_mean};

/// The numbers that stand for scores in a result. Everything else (rules, weights, cut points, models) has 1 as the worst.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::ScoreDisplay;
/// use rfm_core::{Axes, RfmCell};
///
/// let cell = RfmCell::from_numbers(5, 4, 1).expect("scores begin at 1");
/// let code = |display: ScoreDisplay| display.code(cell, Axes::all(5)).to_string();
/// assert_eq!(ScoreDisplay::ALL.map(code), ["541", "125", "430"]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScoreDisplay {
    /// `more`: 1 is the worst, the number of bins the best.
    #[default]
    MoreIsBetter,
    /// `one-is-best`: 1 is the best, the number of bins the worst, as in Adobe Data Distiller and OroCRM.
    OneIsBest,
    /// `from-zero`: 0 is the worst, one less than the number of bins the best, as in openretailscience.
    FromZero,
}

impl ScoreDisplay {
    /// All of them.
    pub const ALL: [ScoreDisplay; 3] = [ScoreDisplay::MoreIsBetter, ScoreDisplay::OneIsBest, ScoreDisplay::FromZero];

    /// The name: `more`, `one-is-best`, `from-zero`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ScoreDisplay::MoreIsBetter => "more",
            ScoreDisplay::OneIsBest => "one-is-best",
            ScoreDisplay::FromZero => "from-zero",
        }
    }

    /// The number that stands for a score among so many bins, 0..=100.
    #[must_use]
    pub const fn number(self, score: Score, bins: u8) -> u8 {
        match self {
            ScoreDisplay::MoreIsBetter => score.number(),
            ScoreDisplay::OneIsBest => bins.saturating_sub(score.number()).saturating_add(1),
            ScoreDisplay::FromZero => score.number().saturating_sub(1),
        }
    }

    /// The numbers that stand for three scores.
    #[must_use]
    pub fn cell(self, cell: RfmCell, bins: Axes<u8>) -> Axes<u8> {
        cell.map(|dimension, score| self.number(score, bins[dimension]))
    }

    /// The code of three scores: `543` up to 9 bins, `10-4-3` if any dimension has more.
    #[must_use]
    pub fn code(self, cell: RfmCell, bins: Axes<u8>) -> RfmCode {
        RfmCode::of(self.cell(cell, bins), bins)
    }
}

impl fmt::Display for ScoreDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of a name that no display of scores has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no display of scores `{name}`; expected more, one-is-best or from-zero{}", did_you_mean(*similar))]
pub struct UnknownScoreDisplay {
    name: String,
    similar: Option<&'static str>,
}

impl FromStr for ScoreDisplay {
    type Err = UnknownScoreDisplay;

    fn from_str(text: &str) -> Result<ScoreDisplay, UnknownScoreDisplay> {
        by_name(text, &ScoreDisplay::ALL, ScoreDisplay::name)
            .map_err(|similar| UnknownScoreDisplay { name: text.to_owned(), similar })
    }
}
