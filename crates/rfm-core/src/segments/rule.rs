//! One rule: a segment and the cells it takes.

use core::fmt;
use core::ops::RangeInclusive;

use super::{Condition, Facts};
use crate::axes::{Axes, Dimension, RfmCell, Score};

/// Scores of one dimension from a lowest to a highest, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScoreRange {
    pub(super) low: u8,
    pub(super) high: u8,
}

impl ScoreRange {
    /// Any score.
    pub const ANY: ScoreRange = ScoreRange { low: 0, high: u8::MAX };

    /// Scores from `low` to `high`. A range may be empty or lie outside of the bins; [`crate::Coverage`] tells.
    #[must_use]
    pub const fn new(low: u8, high: u8) -> ScoreRange {
        ScoreRange { low, high }
    }

    /// The lowest score.
    #[must_use]
    pub const fn low(self) -> u8 {
        self.low
    }

    /// The highest score.
    #[must_use]
    pub const fn high(self) -> u8 {
        self.high
    }

    /// Whether the score lies within.
    #[must_use]
    pub const fn contains(self, score: Score) -> bool {
        self.low <= score.number() && score.number() <= self.high
    }
}

impl From<RangeInclusive<u8>> for ScoreRange {
    fn from(range: RangeInclusive<u8>) -> ScoreRange {
        ScoreRange::new(*range.start(), *range.end())
    }
}

impl From<u8> for ScoreRange {
    fn from(score: u8) -> ScoreRange {
        ScoreRange::new(score, score)
    }
}

impl fmt::Display for ScoreRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ScoreRange::ANY => f.write_str("any"),
            ScoreRange { low, high } if low == high => write!(f, "{low}"),
            ScoreRange { low, high } => write!(f, "{low}-{high}"),
        }
    }
}

/// A box of cells: a range on each dimension.
pub type ScoreBox = Axes<ScoreRange>;

impl ScoreBox {
    /// The box of a code pattern: `543`, or `10-4-3` where scores have two digits; `*` stands for any score.
    ///
    /// # Errors
    ///
    /// [`PatternError`] if there are not three parts, each a score or `*`.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::ScoreBox;
    ///
    /// assert_eq!(ScoreBox::from_pattern("54*")?.to_pattern(), Some("54*".to_owned()));
    /// assert!(ScoreBox::from_pattern("5432").is_err());
    /// # Ok::<(), rfm_core::PatternError>(())
    /// ```
    pub fn from_pattern(pattern: &str) -> Result<ScoreBox, PatternError> {
        let pattern = pattern.trim();
        let error = || PatternError { pattern: pattern.to_owned() };
        let range = |part: &str| match part {
            "*" | "x" | "X" => Ok(ScoreRange::ANY),
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                let score = digits.parse().ok().and_then(Score::new).ok_or_else(error)?;
                Ok(ScoreRange::from(score.number()))
            }
            _ => Err(error()),
        };
        let parts: Vec<&str> = if pattern.contains('-') {
            pattern.split('-').collect()
        } else {
            pattern.split_inclusive(|_| true).collect()
        };
        match parts.as_slice() {
            [recency, frequency, monetary] => {
                Ok(Axes { recency: range(recency)?, frequency: range(frequency)?, monetary: range(monetary)? })
            }
            _ => Err(error()),
        }
    }

    /// The pattern of the box, if it is one: each range a single score or any.
    #[must_use]
    pub fn to_pattern(&self) -> Option<String> {
        let part = |range: ScoreRange| match range {
            ScoreRange::ANY => Some("*".to_owned()),
            ScoreRange { low, high } if low == high => Some(low.to_string()),
            _ => None,
        };
        let parts = [part(self.recency)?, part(self.frequency)?, part(self.monetary)?];
        let wide = parts.iter().any(|part| part.len() > 1);
        Some(parts.join(if wide { "-" } else { "" }))
    }

    /// Whether a cell lies within.
    #[must_use]
    pub fn contains(&self, cell: RfmCell) -> bool {
        self.iter().all(|(dimension, range)| range.contains(cell[dimension]))
    }
}

/// The error of a text that is no code pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no code: expected three scores such as `543` or `10-4-3`, `*` for any")]
pub struct PatternError {
    pattern: String,
}

/// A rule: the customers whose cell lies in one of its boxes, and for whom its condition holds if it has one, belong to the
/// segment.
///
/// # Examples
///
/// ```
/// use rfm_core::{RfmCell, SegmentRule};
///
/// let rule = SegmentRule::new("Promising").recency(4..=5).frequency(1);
/// assert!(rule.holds(RfmCell::from_numbers(4, 1, 3).expect("scores")));
///
/// let rule = rule.when("monetary >= 500".parse()?);
/// assert!(!rule.holds(RfmCell::from_numbers(4, 1, 3).expect("scores")));
/// # Ok::<(), rfm_core::ConditionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentRule {
    pub(super) segment: String,
    pub(super) boxes: Vec<ScoreBox>,
    pub(super) condition: Option<Condition>,
}

impl SegmentRule {
    /// The rule that takes every cell; restrict it with the methods below.
    #[must_use]
    pub fn new(segment: impl Into<String>) -> SegmentRule {
        SegmentRule::of_boxes(segment, vec![Axes::all(ScoreRange::ANY)])
    }

    /// The rule that takes the cells of several boxes.
    #[must_use]
    pub fn of_boxes(segment: impl Into<String>, boxes: Vec<ScoreBox>) -> SegmentRule {
        SegmentRule { segment: segment.into(), boxes, condition: None }
    }

    /// The rule that takes the cells of code patterns, separated by blanks or commas.
    ///
    /// # Errors
    ///
    /// [`PatternError`] for the first that is none.
    pub fn of_codes(segment: impl Into<String>, codes: &str) -> Result<SegmentRule, PatternError> {
        let patterns = codes.split([' ', ',', '\n', '\t']).filter(|code| !code.is_empty());
        let boxes = patterns.map(ScoreBox::from_pattern).collect::<Result<Vec<ScoreBox>, PatternError>>()?;
        Ok(SegmentRule::of_boxes(segment, boxes))
    }

    /// Only these recency scores.
    #[must_use]
    pub fn recency(self, range: impl Into<ScoreRange>) -> SegmentRule {
        self.restrict(Dimension::Recency, range.into())
    }

    /// Only these frequency scores.
    #[must_use]
    pub fn frequency(self, range: impl Into<ScoreRange>) -> SegmentRule {
        self.restrict(Dimension::Frequency, range.into())
    }

    /// Only these monetary scores.
    #[must_use]
    pub fn monetary(self, range: impl Into<ScoreRange>) -> SegmentRule {
        self.restrict(Dimension::Monetary, range.into())
    }

    /// Only customers for whom this holds too.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> SegmentRule {
        self.condition = Some(match self.condition.take() {
            Some(before) => Condition::all([before, condition]),
            None => condition,
        });
        self
    }

    /// The name of the segment.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.segment
    }

    /// The boxes, any of which may hold.
    #[must_use]
    pub fn boxes(&self) -> &[ScoreBox] {
        &self.boxes
    }

    /// What has to hold beside a box, if anything has to.
    #[must_use]
    pub const fn condition(&self) -> Option<&Condition> {
        self.condition.as_ref()
    }

    /// Whether it holds for a customer, by what is known; `None` if that does not decide it.
    #[must_use]
    pub fn decide(&self, facts: &Facts) -> Option<bool> {
        match &self.condition {
            _ if !self.boxes.iter().any(|cells| cells.contains(facts.cell())) => Some(false),
            Some(condition) => condition.holds(facts),
            None => Some(true),
        }
    }

    /// Whether it holds for every customer with these scores, whatever else is known of them.
    #[must_use]
    pub fn holds(&self, cell: RfmCell) -> bool {
        self.decide(&Facts::new(cell)) == Some(true)
    }

    fn restrict(mut self, dimension: Dimension, range: ScoreRange) -> SegmentRule {
        for cells in &mut self.boxes {
            cells[dimension] = range;
        }
        self
    }
}
