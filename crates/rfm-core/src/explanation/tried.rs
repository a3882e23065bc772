//! A rule that was tried for a customer and did not hold.

use core::fmt;

use crate::segments::{Condition, Facts, ScoreBox, SegmentRule, Unmet};

/// A rule that was tried before the one that matched, and what it asks for that the customer does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedRule {
    segment: String,
    needs: String,
}

impl TriedRule {
    /// `None` if the rule holds.
    pub(super) fn of(rule: &SegmentRule, facts: &Facts) -> Option<TriedRule> {
        let unmet = rule.unmet(facts);
        if unmet.is_empty() {
            return None;
        }
        let cell = facts.cell();
        let missed =
            |cells: &&ScoreBox| cells.iter().filter(|(dimension, range)| !range.contains(cell[*dimension])).count();
        let scores = match rule.boxes().iter().min_by_key(missed) {
            None => "nothing: it takes no scores".to_owned(),
            Some(nearest) => {
                let parts = nearest.iter().filter(|(dimension, range)| !range.contains(cell[*dimension]));
                let parts: Vec<String> = parts.map(|(dimension, range)| format!("{dimension} {range}")).collect();
                let among = if rule.boxes().len() > 1 { " at the nearest" } else { "" };
                if parts.is_empty() { String::new() } else { format!("{}{among}", parts.join(" and ")) }
            }
        };
        let conditions = unmet.iter().filter(|part| matches!(part, Unmet::Condition(_))).map(|part| match part {
            // What is joined by `or` would read as if it belonged to what stands beside it.
            Unmet::Condition(Condition::Any(_)) => format!("({part})"),
            _ => part.to_string(),
        });
        let needs: Vec<String> =
            Some(scores).filter(|scores| !scores.is_empty()).into_iter().chain(conditions).collect();
        let needs = needs.join(" and ");
        Some(TriedRule { segment: rule.segment().to_owned(), needs })
    }

    /// The segment that it would have given.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.segment
    }

    /// What is missing, such as `frequency 4-5 and recency_days < 30`; of a rule with several boxes, of the nearest one.
    #[must_use]
    pub fn needs(&self) -> &str {
        &self.needs
    }
}

/// `Champions: needs frequency 4-5`.
impl fmt::Display for TriedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: needs {}", self.segment, self.needs)
    }
}
