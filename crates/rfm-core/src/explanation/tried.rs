//! A rule that was tried for a customer and did not hold.

use core::fmt;

use crate::axes::RfmCell;
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
        let Some(nearest) = rule.boxes().iter().min_by_key(|cells| distance(cells, cell)) else {
            return Some(TriedRule { segment: rule.segment().to_owned(), needs: "takes nobody".to_owned() });
        };
        let missed = nearest.iter().filter(|(dimension, range)| !range.contains(cell[*dimension]));
        let missed: Vec<String> = missed.map(|(dimension, range)| format!("{dimension} {range}")).collect();
        let among = if rule.boxes().len() > 1 { " at the nearest" } else { "" };
        let scores = (!missed.is_empty()).then(|| format!("{}{among}", missed.join(" and ")));
        let conditions = unmet.iter().filter(|part| matches!(part, Unmet::Condition(_))).map(|part| match part {
            // What is joined by `or` would read as if it belonged to what stands beside it.
            Unmet::Condition(Condition::Any(_)) => format!("({part})"),
            _ => part.to_string(),
        });
        let needs: Vec<String> = scores.into_iter().chain(conditions).collect();
        let needs = format!("needs {}", needs.join(" and "));
        Some(TriedRule { segment: rule.segment().to_owned(), needs })
    }

    /// The segment that it would have given.
    #[must_use]
    pub fn segment(&self) -> &str {
        &self.segment
    }

    /// What is missing, such as `needs frequency 4-5 and recency_days < 30`; of a rule with several boxes, what the nearest one needs.
    #[must_use]
    pub fn needs(&self) -> &str {
        &self.needs
    }
}

/// `Champions: needs frequency 4-5`.
impl fmt::Display for TriedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.segment, self.needs)
    }
}

/// How many scores a cell is away from a box, over all dimensions.
fn distance(cells: &ScoreBox, cell: RfmCell) -> u32 {
    let away = cells.iter().map(|(dimension, range)| {
        let score = cell[dimension].number();
        u32::from(range.low().saturating_sub(score)).saturating_add(score.saturating_sub(range.high()).into())
    });
    away.fold(0, u32::saturating_add)
}
