//! What is known of a customer when rules are tried.

use super::RuleMeasure;
use crate::axes::RfmCell;
use crate::day::Day;
use crate::measures::Measures;
use crate::ratio::Ratio;
use crate::summaries::CustomerSummary;

/// What is known of a customer when rules are tried: the scores, and as many measures as anybody told.
///
/// # Examples
///
/// ```
/// use rfm_core::{Facts, Ratio, RfmCell, RuleMeasure};
///
/// let facts = Facts::new(RfmCell::from_numbers(5, 4, 3).expect("scores")).with(RuleMeasure::Orders, Ratio::from(7));
/// assert_eq!(facts.get(RuleMeasure::Orders), Some(Ratio::from(7)));
/// assert_eq!(facts.get(RuleMeasure::Total), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    cell: RfmCell,
    values: [Option<Ratio>; RuleMeasure::ALL.len()],
}

impl Facts {
    /// The scores alone.
    #[must_use]
    pub const fn new(cell: RfmCell) -> Facts {
        Facts { cell, values: [None; RuleMeasure::ALL.len()] }
    }

    /// Those of the wanted measures of a customer that the summaries have.
    pub(crate) fn of(
        cell: RfmCell,
        customer: &CustomerSummary<'_>,
        measures: &Measures,
        analysis_date: Day,
        wanted: &[RuleMeasure],
    ) -> Facts {
        let known =
            wanted.iter().filter_map(|measure| Some((*measure, measure.value(customer, measures, analysis_date)?)));
        known.fold(Facts::new(cell), |facts, (measure, value)| facts.with(measure, value))
    }

    /// A measure too: days, a count, or units of money.
    #[must_use]
    pub fn with(mut self, measure: RuleMeasure, value: Ratio) -> Facts {
        self.values[measure.place()] = Some(value);
        self
    }

    /// The scores.
    #[must_use]
    pub const fn cell(&self) -> RfmCell {
        self.cell
    }

    /// The value of a measure, if it is known.
    #[must_use]
    pub const fn get(&self, measure: RuleMeasure) -> Option<Ratio> {
        self.values[measure.place()]
    }
}

/// The error of rules that cannot be decided, since a measure that they compare is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules compare `{measure}`, which is not known of the customer")]
pub struct MissingFact {
    /// The measure.
    pub measure: RuleMeasure,
}
