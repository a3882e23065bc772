//! Weighted sums of scores, compared with a bound.

use core::fmt;

use super::Relation;
use crate::axes::{Axes, Dimension, RfmCell};
use crate::ratio::Ratio;

/// A weighted sum of scores that is compared with a bound: `r >= 4`, `(f + m)/2 >= 4`, `0.4*r + 0.3*f + 0.3*m > 2`.
///
/// The first weight that is not zero is positive: `4 - r < 0` is the same as `r > 4`, and is kept as that.
///
/// # Examples
///
/// ```
/// use rfm_core::{Axes, Relation, Ratio, RfmCell, ScoreTest};
///
/// let weights = Axes { recency: Ratio::new(2, 5), frequency: Ratio::new(3, 10), monetary: Ratio::new(3, 10) };
/// let test = ScoreTest::try_new(weights, Relation::AtLeast, Ratio::from(4))?;
/// assert_eq!(test.to_string(), "0.4*r + 0.3*f + 0.3*m >= 4");
/// assert!(test.holds(RfmCell::from_numbers(4, 4, 4).expect("scores")));
/// assert!(!test.holds(RfmCell::from_numbers(3, 4, 5).expect("scores")));
/// # Ok::<(), rfm_core::ScoreTestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreTest {
    /// The weights over their least common denominator.
    numerators: Axes<i64>,
    denominator: u64,
    relation: Relation,
    bound: Ratio,
    /// The bound times the denominator, so that customers are compared in whole numbers.
    threshold: Ratio,
}

/// Why weights are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScoreTestError {
    /// All of them are zero.
    #[error("no score has a weight")]
    NoScore,
    /// They have too many digits to be added exactly.
    #[error("the weights have too many digits")]
    TooFine,
}

impl ScoreTest {
    /// The test of a weighted sum.
    ///
    /// # Errors
    ///
    /// [`ScoreTestError`] if all weights are zero, or have too many digits to be added exactly.
    pub fn try_new(weights: Axes<Ratio>, relation: Relation, bound: Ratio) -> Result<ScoreTest, ScoreTestError> {
        let too_fine = || ScoreTestError::TooFine;
        let one = Ratio::from(1);
        let first = weights.iter().map(|(_, weight)| weight.numerator()).find(|numerator| *numerator != 0);
        let is_negative = first.ok_or(ScoreTestError::NoScore)? < 0;
        let (sign, relation) = if is_negative { (Ratio::from(-1), relation.turned()) } else { (one, relation) };
        let mut denominator = 1u64;
        for (_, weight) in weights.iter() {
            // The least common multiple: what is left of this denominator in lowest terms with the others.
            let rest = Ratio::new(weight.denominator().into(), denominator).numerator();
            denominator =
                u64::try_from(rest).ok().and_then(|rest| denominator.checked_mul(rest)).ok_or_else(too_fine)?;
        }
        let whole = |ratio: Ratio| ratio.checked_mul(sign)?.checked_mul(Ratio::new(denominator.into(), 1));
        let numerators = weights.try_map(|_, weight| {
            let numerator = whole(weight).and_then(|weight| i64::try_from(weight.numerator()).ok());
            numerator.ok_or_else(too_fine)
        })?;
        let threshold = whole(bound).ok_or_else(too_fine)?;
        let bound = bound.checked_mul(sign).ok_or_else(too_fine)?;
        Ok(ScoreTest { numerators, denominator, relation, bound, threshold })
    }

    /// The test of one score.
    pub(super) fn of_one(dimension: Dimension, relation: Relation, bound: u8) -> ScoreTest {
        let numerators = Axes::from_fn(|other| i64::from(other == dimension));
        let bound = Ratio::from(i64::from(bound));
        ScoreTest { numerators, denominator: 1, relation, bound, threshold: bound }
    }

    /// The weight of each score.
    #[must_use]
    pub fn weights(&self) -> Axes<Ratio> {
        self.numerators.map(|_, numerator| Ratio::new(numerator.into(), self.denominator))
    }

    /// How the sum is compared.
    #[must_use]
    pub const fn relation(&self) -> Relation {
        self.relation
    }

    /// With what the sum is compared.
    #[must_use]
    pub const fn bound(&self) -> Ratio {
        self.bound
    }

    /// Whether the scores pass.
    #[must_use]
    pub fn holds(&self, cell: RfmCell) -> bool {
        // Three products of 63 bits and a score of at most 100.
        let sum = self.numerators.iter().fold(0i128, |sum, (dimension, weight)| {
            sum.saturating_add(i128::from(*weight).saturating_mul(cell[dimension].number().into()))
        });
        self.relation.passes(Ratio::new(sum, 1).cmp(&self.threshold))
    }
}

/// The letter of a score in conditions.
pub(super) const fn letter(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Recency => "r",
        Dimension::Frequency => "f",
        Dimension::Monetary => "m",
    }
}

impl fmt::Display for ScoreTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weighted = || self.numerators.iter().filter(|(_, numerator)| **numerator != 0);
        // A mean is shown as one.
        let is_mean = self.denominator > 1 && weighted().all(|(_, numerator)| numerator.unsigned_abs() == 1);
        let brackets = if is_mean && weighted().count() > 1 { ("(", ")") } else { ("", "") };
        f.write_str(brackets.0)?;
        for (at, (dimension, numerator)) in weighted().enumerate() {
            f.write_str(match (at, *numerator < 0) {
                (0, _) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            })?;
            let weight = Ratio::new(numerator.unsigned_abs().into(), self.denominator);
            if !is_mean && weight != Ratio::from(1) {
                write!(f, "{weight}*")?;
            }
            f.write_str(letter(dimension))?;
        }
        f.write_str(brackets.1)?;
        if is_mean {
            write!(f, "/{}", self.denominator)?;
        }
        write!(f, " {} {}", self.relation, self.bound)
    }
}
