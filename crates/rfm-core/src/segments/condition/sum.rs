//! What stands on one side of a comparison.

use super::{Condition, ConditionProblem, Relation, RuleMeasure, ScoreTest, ScoreTestError};
use crate::axes::{Axes, Dimension};
use crate::ratio::Ratio;

/// Weights of scores or of a measure, and a number.
pub(super) struct Sum {
    pub(super) scores: Axes<Ratio>,
    pub(super) measure: Option<(RuleMeasure, Ratio)>,
    pub(super) constant: Ratio,
}

impl Sum {
    pub(super) fn number(constant: Ratio) -> Sum {
        Sum { scores: Axes::all(Ratio::from(0)), measure: None, constant }
    }

    pub(super) fn score(dimension: Dimension) -> Sum {
        let scores = Axes::from_fn(|other| Ratio::from(i64::from(other == dimension)));
        Sum { scores, ..Sum::number(Ratio::from(0)) }
    }

    fn has_scores(&self) -> bool {
        self.scores.iter().any(|(_, weight)| weight.numerator() != 0)
    }

    pub(super) fn is_number(&self) -> bool {
        !self.has_scores() && self.measure.is_none()
    }

    pub(super) fn times(&self, factor: Ratio) -> Result<Sum, ConditionProblem> {
        let times = |weight: Ratio| weight.checked_mul(factor).ok_or(ConditionProblem::TooManyDigits);
        Ok(Sum {
            scores: self.scores.try_map(|_, weight| times(weight))?,
            measure: self.measure.map(|(measure, weight)| Ok((measure, times(weight)?))).transpose()?,
            constant: times(self.constant)?,
        })
    }

    pub(super) fn plus(&self, other: &Sum) -> Result<Sum, ConditionProblem> {
        let plus = |one: Ratio, other: Ratio| one.checked_add(other).ok_or(ConditionProblem::TooManyDigits);
        let measure = match (self.measure, other.measure) {
            (Some((one, weight)), Some((other, more))) if one == other => Some((one, plus(weight, more)?)),
            (Some((one, _)), Some((other, _))) => return Err(ConditionProblem::TwoMeasures { one, other }),
            (one, other) => one.or(other),
        };
        Ok(Sum {
            scores: self.scores.try_map(|dimension, weight| plus(weight, other.scores[dimension]))?,
            measure: measure.filter(|(_, weight)| weight.numerator() != 0),
            constant: plus(self.constant, other.constant)?,
        })
    }

    /// This sum compared with another one.
    pub(super) fn compare(&self, relation: Relation, other: &Sum) -> Result<Condition, ConditionProblem> {
        let difference = self.plus(&other.times(Ratio::from(-1))?)?;
        let bound = difference.constant.checked_mul(Ratio::from(-1)).ok_or(ConditionProblem::TooManyDigits)?;
        match difference.measure {
            Some((measure, _)) if difference.has_scores() => Err(ConditionProblem::ScoresAndMeasure { measure }),
            Some((measure, weight)) => {
                let bound = bound.checked_div(weight).ok_or(ConditionProblem::TooManyDigits)?;
                let relation = if weight.numerator() < 0 { relation.turned() } else { relation };
                Ok(Condition::Measure { measure, relation, bound })
            }
            None => ScoreTest::try_new(difference.scores, relation, bound).map(Condition::Scores).map_err(|error| {
                match error {
                    ScoreTestError::NoScore => ConditionProblem::NumbersOnly,
                    ScoreTestError::TooFine => ConditionProblem::TooManyDigits,
                }
            }),
        }
    }
}
