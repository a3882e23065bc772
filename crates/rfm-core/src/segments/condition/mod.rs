//! Conditions of rules that boxes of scores cannot say: sums and means of scores, raw measures, and / or / not.
//!
//! A condition is decided by what is known of a customer ([`Facts`]). By the scores alone it may stay undecided, and that is
//! an answer too: the check of the rules and the table of answers for all cells rest on it.

mod facts;
mod measure;
mod parse;
mod score_test;
mod sum;
mod text;
mod token;

pub(super) use measure::Domain;

pub use facts::{Facts, MissingFact};
pub use measure::RuleMeasure;
pub use parse::{ConditionError, ConditionProblem};
pub use score_test::{ScoreTest, ScoreTestError};

use core::cmp::Ordering;
use core::fmt;
use core::ops::Not;
use std::collections::BTreeSet;

use super::ScoreRange;
use crate::axes::Dimension;
use crate::ratio::Ratio;

/// How a number is compared with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

impl Relation {
    /// Whether a number that stands so to the bound passes.
    #[must_use]
    pub const fn passes(self, ordering: Ordering) -> bool {
        match self {
            Relation::Less => ordering.is_lt(),
            Relation::AtMost => ordering.is_le(),
            Relation::Equal => ordering.is_eq(),
            Relation::NotEqual => ordering.is_ne(),
            Relation::AtLeast => ordering.is_ge(),
            Relation::More => ordering.is_gt(),
        }
    }

    /// The same with its sides exchanged, or their signs turned.
    #[must_use]
    pub const fn turned(self) -> Relation {
        match self {
            Relation::Less => Relation::More,
            Relation::AtMost => Relation::AtLeast,
            Relation::AtLeast => Relation::AtMost,
            Relation::More => Relation::Less,
            same => same,
        }
    }

    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Relation::Less => "<",
            Relation::AtMost => "<=",
            Relation::Equal => "=",
            Relation::NotEqual => "!=",
            Relation::AtLeast => ">=",
            Relation::More => ">",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign())
    }
}

/// What has to hold for a customer: comparisons of scores and of measures, joined by and / or / not. All comparisons are exact.
///
/// It is made from text, or from its parts; shown, it is text that reads back. In text `r`, `f` and `m` are scores, and may be
/// added, subtracted, and multiplied with or divided by numbers; the names of [`RuleMeasure`] are what customers have, each
/// compared with a number. `not` binds closer than `and`, and `and` closer than `or`.
///
/// # Examples
///
/// ```
/// use rfm_core::{Condition, Facts, Ratio, RfmCell, RuleMeasure};
///
/// let condition: Condition = "recency_days < 30 and (f + m)/2 >= 4".parse()?;
/// assert_eq!(condition.to_string(), "recency_days < 30 and (f + m)/2 >= 4");
///
/// let facts = Facts::new(RfmCell::from_numbers(5, 4, 4).expect("scores"));
/// assert_eq!(condition.holds(&facts), None);
/// assert_eq!(condition.holds(&facts.with(RuleMeasure::RecencyDays, Ratio::from(12))), Some(true));
/// // Whatever the days are: the scores are too low.
/// assert_eq!(condition.holds(&Facts::new(RfmCell::from_numbers(5, 3, 4).expect("scores"))), Some(false));
///
/// let error = "recency_day < 30".parse::<Condition>().unwrap_err().to_string();
/// assert!(error.ends_with("did you mean `recency_days`?"), "{error}");
/// # Ok::<(), rfm_core::ConditionError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// Each of them holds; of none it is always true.
    All(Vec<Condition>),
    /// At least one of them holds; of none it is never true.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Scores, compared with a bound.
    Scores(ScoreTest),
    /// A measure of the customer, compared with a bound.
    Measure {
        /// What the customer has.
        measure: RuleMeasure,
        /// How it is compared.
        relation: Relation,
        /// With what: days, a count, or units of money.
        bound: Ratio,
    },
}

impl Condition {
    /// That each of the conditions holds; one that joins others by `and` itself is taken apart.
    #[must_use]
    pub fn all(conditions: impl IntoIterator<Item = Condition>) -> Condition {
        let mut parts = Vec::new();
        for condition in conditions {
            match condition {
                Condition::All(inner) => parts.extend(inner),
                other => parts.push(other),
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) }
    }

    /// That at least one of the conditions holds; one that joins others by `or` itself is taken apart.
    #[must_use]
    pub fn any(conditions: impl IntoIterator<Item = Condition>) -> Condition {
        let mut parts = Vec::new();
        for condition in conditions {
            match condition {
                Condition::Any(inner) => parts.extend(inner),
                other => parts.push(other),
            }
        }
        if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) }
    }

    /// That a score lies in a range.
    #[must_use]
    pub fn score(dimension: Dimension, range: impl Into<ScoreRange>) -> Condition {
        let range: ScoreRange = range.into();
        let test = |relation, bound: u8| Condition::Scores(ScoreTest::of_one(dimension, relation, bound));
        if range == ScoreRange::ANY {
            return Condition::All(Vec::new());
        }
        if range.low() == range.high() {
            return test(Relation::Equal, range.low());
        }
        Condition::all([test(Relation::AtLeast, range.low()), test(Relation::AtMost, range.high())])
    }

    /// That a measure stands so to a bound: days, a count, or units of money.
    #[must_use]
    pub fn measure(measure: RuleMeasure, relation: Relation, bound: impl Into<Ratio>) -> Condition {
        Condition::Measure { measure, relation, bound: bound.into() }
    }

    /// Whether it holds, by what is known; `None` if that does not decide it.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> Option<bool> {
        match self {
            Condition::All(parts) => Condition::first(parts, false, facts),
            Condition::Any(parts) => Condition::first(parts, true, facts),
            Condition::Not(inner) => inner.holds(facts).map(|holds| !holds),
            Condition::Scores(test) => Some(test.holds(facts.cell())),
            Condition::Measure { measure, relation, bound } => {
                facts.get(*measure).map(|value| relation.passes(value.cmp(bound)))
            }
        }
    }

    /// The answer if one of the parts gives it, otherwise the opposite, unless a part is undecided.
    fn first(parts: &[Condition], answer: bool, facts: &Facts) -> Option<bool> {
        let mut is_decided = true;
        for part in parts {
            match part.holds(facts) {
                Some(holds) if holds == answer => return Some(answer),
                Some(_) => {}
                None => is_decided = false,
            }
        }
        is_decided.then_some(!answer)
    }

    /// The measures that it compares.
    #[must_use]
    pub fn measures(&self) -> BTreeSet<RuleMeasure> {
        let mut measures = BTreeSet::new();
        self.each_bound(&mut |measure, _| {
            measures.insert(measure);
        });
        measures
    }

    /// Whether it compares scores only, so that the cell decides it.
    #[must_use]
    pub fn is_over_scores(&self) -> bool {
        self.measures().is_empty()
    }

    /// Visits what measures are compared with.
    pub(super) fn each_bound(&self, visit: &mut impl FnMut(RuleMeasure, Ratio)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.each_bound(visit)),
            Condition::Not(inner) => inner.each_bound(visit),
            Condition::Scores(_) => {}
            Condition::Measure { measure, bound, .. } => visit(*measure, *bound),
        }
    }
}

impl From<ScoreTest> for Condition {
    fn from(test: ScoreTest) -> Condition {
        Condition::Scores(test)
    }
}

impl Not for Condition {
    type Output = Condition;

    fn not(self) -> Condition {
        Condition::Not(Box::new(self))
    }
}

#[cfg(test)]
mod tests;
