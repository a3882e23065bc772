//! The cut points of all three dimensions, fitted once and applied to any customers.

use super::column_scores::{ColumnScores, cells};
use super::{CutError, CutPoints, FitError, ScoringStrategy, Values};
use crate::axes::{Axes, RfmCell};
use crate::day::Day;
use crate::measures::Measures;
use crate::parallel::axes;
use crate::summaries::Customers;

/// The cut points of the three dimensions and what they were learned on.
///
/// Fit it once and apply it to later data to see customers move; fit it each time and only ranks move.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, ScoringModel};
/// use rfm_core::{Amount, Axes, CleaningPolicy, Day, Measures, Summaries, Transaction};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// for (customer_id, day, cents) in [("ann", 1, 500), ("bob", 9, 900), ("cat", 20, 100)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let scoring = Axes::all(Bins::QUARTILE);
/// let model = ScoringModel::fit(&scoring, Measures::default(), Day::from_ymd(2011, 12, 21)?, &customers)?;
/// let scores = model.score_all(&customers, model.analysis_date())?;
/// assert_eq!(scores[0].code(model.bins()).to_string(), "112");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoringModel {
    cuts: Axes<CutPoints>,
    measures: Measures,
    analysis_date: Day,
}

impl ScoringModel {
    /// Learns the cut points of each dimension from customers, as of a day.
    ///
    /// # Errors
    ///
    /// [`FitError`] if there is no customer, or an order after the analysis date.
    pub fn fit<S: ScoringStrategy>(
        scoring: &Axes<S>,
        measures: Measures,
        analysis_date: Day,
        customers: &Customers,
    ) -> Result<ScoringModel, FitError> {
        if customers.is_empty() {
            return Err(FitError::Empty);
        }
        check_analysis_date(customers, measures, analysis_date)?;
        let cuts = scoring.as_ref().try_map(|dimension, scoring| {
            scoring.fit(Values::new(dimension, &measures.column(dimension, customers, analysis_date)?))
        })?;
        Ok(ScoringModel::from_cuts(cuts, measures, analysis_date)?)
    }

    /// The model of cut points that were learned elsewhere.
    ///
    /// # Errors
    ///
    /// [`CutError::Dimension`] if cut points stand for another dimension than their own.
    pub fn from_cuts(cuts: Axes<CutPoints>, measures: Measures, analysis_date: Day) -> Result<ScoringModel, CutError> {
        let stray = cuts.iter().find(|(dimension, cuts)| cuts.dimension() != *dimension);
        if let Some((expected, cuts)) = stray {
            return Err(CutError::Dimension { expected, found: cuts.dimension() });
        }
        // A second beyond the end of the day is taken as the last one.
        let recency = measures.recency.at(measures.recency.analysis_time().unwrap_or_default());
        Ok(ScoringModel { cuts, measures: Measures { recency, ..measures }, analysis_date })
    }

    /// The same cut points, for recency that counts back from another second of the analysis date. Nothing changes where recency is
    /// not measured in elapsed time.
    #[must_use]
    pub fn with_analysis_time(mut self, second: u32) -> ScoringModel {
        self.measures.recency = self.measures.recency.at(second);
        self
    }

    /// The cut points.
    #[must_use]
    pub const fn cuts(&self) -> &Axes<CutPoints> {
        &self.cuts
    }

    /// What the dimensions measure.
    #[must_use]
    pub const fn measures(&self) -> Measures {
        self.measures
    }

    /// The day that recency counted back from when the model was fitted.
    #[must_use]
    pub const fn analysis_date(&self) -> Day {
        self.analysis_date
    }

    /// Number of bins of each dimension.
    #[must_use]
    pub fn bins(&self) -> Axes<u8> {
        self.cuts.as_ref().map(|_, cuts| cuts.bins())
    }

    /// The scores of customers as of a day, in their order.
    ///
    /// # Errors
    ///
    /// [`FitError::OrdersAfterAnalysisDate`]; [`FitError::NotKept`] if the summaries do not have what a measure needs;
    /// [`FitError::Overflow`] if a cut does not fit 128 bits of minor units.
    pub fn score_all(&self, customers: &Customers, analysis_date: Day) -> Result<Vec<RfmCell>, FitError> {
        check_analysis_date(customers, self.measures, analysis_date)?;
        let columns = axes(|dimension| self.measures.column(dimension, customers, analysis_date));
        let scores = columns.as_ref().try_map(|dimension, column| {
            let numbers = column.as_ref().map_err(|error| *error)?.numbers();
            ColumnScores::by_cuts(&self.cuts[dimension], numbers)
        })?;
        Ok(cells(customers.len(), &scores))
    }
}

pub(super) fn check_analysis_date(
    customers: &Customers,
    measures: Measures,
    analysis_date: Day,
) -> Result<(), FitError> {
    let Some(last_order) = customers.last_day() else { return Ok(()) };
    let is_later = match (customers.last_moment(), measures.recency.analysis_time()) {
        (Some(last), Some(second)) => last > (analysis_date, second),
        _ => last_order > analysis_date,
    };
    if is_later { Err(FitError::OrdersAfterAnalysisDate { last_order, analysis_date }) } else { Ok(()) }
}
