//! A rule that was tried for a customer and did not hold.

use core::fmt;

use crate::axes::RfmCell;
use crate::segments::{ScoreBox, SegmentRule};

/// A rule that was tried before the one that matched, and what it asks for that the customer does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedRule {
    segment: String,
    needs: String,
}

impl TriedRule {
    /// `None` if the rule holds.
    pub(super) fn of(rule: &SegmentRule, cell: RfmCell) -> Option<TriedRule> {
        if rule.holds(cell) {
            return None;
        }
        let missed =
            |cells: &&ScoreBox| cells.iter().filter(|(dimension, range)| !range.contains(cell[*dimension])).count();
        let needs = match rule.boxes().iter().min_by_key(missed) {
            None => "nothing: it takes no scores".to_owned(),
            Some(nearest) => {
                let parts = nearest.iter().filter(|(dimension, range)| !range.contains(cell[*dimension]));
                let parts: Vec<String> = parts.map(|(dimension, range)| format!("{dimension} {range}")).collect();
                let among = if rule.boxes().len() > 1 { " at the nearest" } else { "" };
                format!("{}{among}", parts.join(" and "))
            }
        };
        Some(TriedRule { segment: rule.segment().to_owned(), needs })
    }

    /// The segment that it would have given.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.segment
    }

    /// What is missing, such as `frequency 4-5 and monetary 4-5`; of a rule with several boxes, of the nearest one.
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
