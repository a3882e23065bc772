//! The customers at hand, scored by whatever methods.

use super::model::{cells, check_analysis_date};
use super::{CutPoints, FitError, RankingStrategy, Scoring, ScoringStrategy, Values};
use crate::axes::{Axes, RfmCell};
use crate::day::Day;
use crate::measures::Measures;
use crate::summaries::Customers;

/// Customers that were scored against each other, and the cut points that this gave.
pub(crate) struct Scored {
    /// The scores of each customer, in their order.
    pub(crate) cells: Vec<RfmCell>,
    /// The cut points; none of a method that only ranks.
    pub(crate) cuts: Axes<Option<CutPoints>>,
}

impl Scored {
    pub(crate) fn of(
        scoring: &Axes<Scoring>,
        measures: Measures,
        analysis_date: Day,
        customers: &Customers,
    ) -> Result<Scored, FitError> {
        if customers.is_empty() {
            return Err(FitError::Empty);
        }
        check_analysis_date(customers, measures, analysis_date)?;
        let mut cuts = Axes::all(None);
        let scores = scoring.as_ref().try_map(|dimension, scoring| {
            let column = measures.column(dimension, customers, analysis_date)?;
            match scoring {
                Scoring::Cuts(method) => {
                    let learned = method.fit(Values::new(dimension, &column))?;
                    let scores = learned.score_column(&column);
                    cuts[dimension] = Some(learned);
                    scores
                }
                Scoring::Ranks(method) => method.rank(Values::new(dimension, &column)),
            }
        })?;
        Ok(Scored { cells: cells(&scores), cuts })
    }
}
