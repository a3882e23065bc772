//! What a rule asked for in vain.

use core::fmt;

use super::{Condition, Facts, ScoreBox, ScoreRange, SegmentRule};
use crate::axes::{Dimension, Score};

/// Something that a rule asks for and that a customer does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unmet<'r> {
    /// The score of a dimension is outside of the range of the rule.
    Score {
        /// The dimension.
        dimension: Dimension,
        /// The range.
        range: ScoreRange,
        /// The score.
        score: Score,
    },
    /// The scores are in none of several boxes: a list of codes, for example.
    Codes(&'r [ScoreBox]),
    /// A part of the condition does not hold, or nobody knows whether it does.
    Condition(&'r Condition),
}

/// `recency 4-5`, `any of its codes` or `recency_days < 30`: what was asked for.
impl fmt::Display for Unmet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unmet::Score { dimension, range, .. } => write!(f, "{dimension} {range}"),
            Unmet::Codes(_) => f.write_str("any of its codes"),
            Unmet::Condition(condition) => fmt::Display::fmt(condition, f),
        }
    }
}

impl SegmentRule {
    /// What a customer lacks for this rule; nothing if the rule holds.
    ///
    /// Dimensions come first, in their order, then the parts of the condition. Of parts joined by `and` each that fails is told,
    /// of those joined by `or` all together.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Facts, Ratio, RfmCell, RuleMeasure, SegmentRule};
    ///
    /// let rule = SegmentRule::new("Fresh").recency(4..=5).when("recency_days < 30 and orders > 1".parse()?);
    /// let facts = Facts::new(RfmCell::from_numbers(3, 1, 1).expect("scores"));
    /// let facts = facts.with(RuleMeasure::RecencyDays, Ratio::from(12)).with(RuleMeasure::Orders, Ratio::from(1));
    /// let unmet: Vec<String> = rule.unmet(&facts).iter().map(ToString::to_string).collect();
    /// assert_eq!(unmet, ["recency 4-5", "orders > 1"]);
    /// # Ok::<(), rfm_core::ConditionError>(())
    /// ```
    #[must_use]
    pub fn unmet(&self, facts: &Facts) -> Vec<Unmet<'_>> {
        let cell = facts.cell();
        let mut unmet: Vec<Unmet<'_>> = match self.boxes() {
            [only] => {
                let outside = only.iter().filter(|(dimension, range)| !range.contains(cell[*dimension]));
                outside
                    .map(|(dimension, range)| Unmet::Score { dimension, range: *range, score: cell[dimension] })
                    .collect()
            }
            boxes if boxes.iter().any(|cells| cells.contains(cell)) => Vec::new(),
            boxes => vec![Unmet::Codes(boxes)],
        };
        if let Some(condition) = self.condition() {
            collect(condition, facts, &mut unmet);
        }
        unmet
    }
}

fn collect<'r>(condition: &'r Condition, facts: &Facts, unmet: &mut Vec<Unmet<'r>>) {
    match condition {
        _ if condition.holds(facts) == Some(true) => {}
        Condition::All(parts) => parts.iter().for_each(|part| collect(part, facts, unmet)),
        _ => unmet.push(Unmet::Condition(condition)),
    }
}
