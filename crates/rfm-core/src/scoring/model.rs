//! The cut points of all three dimensions, fitted once and applied to any customers.

use core::fmt;

use super::{CutError, CutPoints, FitError, ScoringStrategy, Thresholds, Values};
use crate::account::Overflow;
use crate::axes::{Axes, Dimension, RfmCell, Score};
use crate::day::Day;
use crate::money::Scale;
use crate::summaries::{CustomerSummary, Customers};

/// What frequency counts. A table of customers has one count, which stands for all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrequencyMeasure {
    /// Distinct orders.
    #[default]
    Orders,
    /// Lines.
    Lines,
    /// Distinct days with a line.
    ActiveDays,
}

impl FrequencyMeasure {
    /// All measures.
    pub const ALL: [FrequencyMeasure; 3] =
        [FrequencyMeasure::Orders, FrequencyMeasure::Lines, FrequencyMeasure::ActiveDays];

    /// The name: `orders`, `lines` or `active-days`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            FrequencyMeasure::Orders => "orders",
            FrequencyMeasure::Lines => "lines",
            FrequencyMeasure::ActiveDays => "active-days",
        }
    }

    /// The frequency of a customer, at least 1.
    #[must_use]
    pub fn of(self, customer: &CustomerSummary<'_>) -> u64 {
        match self {
            FrequencyMeasure::Orders => customer.orders(),
            FrequencyMeasure::Lines => customer.lines(),
            FrequencyMeasure::ActiveDays => customer.active_days(),
        }
    }

    /// The frequencies of all customers, as they are sorted.
    pub(crate) fn column(self, customers: &Customers) -> &[u64] {
        match self {
            FrequencyMeasure::Orders => customers.orders(),
            FrequencyMeasure::Lines => customers.lines(),
            FrequencyMeasure::ActiveDays => customers.active_days(),
        }
    }
}

impl fmt::Display for FrequencyMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why nobody has a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmptyCause {
    /// Cut points coincide, since so many customers share a value.
    Ties,
    /// There are fewer customers than scores.
    FewCustomers,
    /// No value lies between the cut points, which came from elsewhere.
    OutsideOfCuts,
}

/// Something about the data that makes a result less than it seems. Nothing was changed because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Diagnostic {
    /// The input has no order ids, so that each line counts as an order.
    LinesAreOrders,
    /// Scores that nobody has, because of ties or of cuts outside of the data.
    EmptyScores {
        /// The dimension.
        dimension: Dimension,
        /// Distinct values that the customers have there.
        distinct_values: usize,
        /// The scores, ascending.
        scores: Vec<Score>,
        /// Why.
        cause: EmptyCause,
    },
    /// All customers have the same value.
    AllEqual {
        /// The dimension.
        dimension: Dimension,
        /// The score that all of them have.
        score: Score,
    },
    /// Customers whose scores no rule covers.
    Unnamed {
        /// How many.
        customers: u64,
        /// The name that they got.
        fallback: String,
    },
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Diagnostic::LinesAreOrders => f.write_str("there are no order ids: each line counts as an order"),
            Diagnostic::EmptyScores { dimension, distinct_values, scores, cause } => {
                write!(f, "{dimension}: nobody scores ")?;
                for (at, score) in scores.iter().enumerate() {
                    write!(f, "{}{score}", if at == 0 { "" } else { ", " })?;
                }
                let plural = if *distinct_values == 1 { "" } else { "s" };
                match cause {
                    EmptyCause::Ties => {
                        write!(f, ", because equal values share a score ({distinct_values} distinct value{plural})")
                    }
                    EmptyCause::FewCustomers => f.write_str(", because there are fewer customers than scores"),
                    EmptyCause::OutsideOfCuts => f.write_str(", because no value lies between those cut points"),
                }
            }
            Diagnostic::AllEqual { dimension, score } => {
                write!(f, "{dimension}: all customers have the same value and score {score}, which tells nothing")
            }
            Diagnostic::Unnamed { customers, fallback } => {
                write!(f, "no rule covers the scores of {customers} customers; they are `{fallback}`")
            }
        }
    }
}

/// The cut points of the three dimensions and what they were learned on.
///
/// Fit it once and apply it to later data to see customers move; fit it each time and only ranks move.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{FrequencyMeasure, Scoring, ScoringModel};
/// use rfm_core::{Amount, Axes, CleaningPolicy, Day, Summaries, Transaction};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// for (customer_id, day, cents) in [("ann", 1, 500), ("bob", 9, 900), ("cat", 20, 100)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let scoring = Axes::all(Scoring::QUARTILE);
/// let model = ScoringModel::fit(&scoring, FrequencyMeasure::Orders, Day::from_ymd(2011, 12, 21)?, &customers)?;
/// let scores = model.score_all(&customers, model.analysis_date())?;
/// assert_eq!(scores[0].code(model.bins()).to_string(), "112");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoringModel {
    cuts: Axes<CutPoints>,
    frequency_measure: FrequencyMeasure,
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
        frequency_measure: FrequencyMeasure,
        analysis_date: Day,
        customers: &Customers,
    ) -> Result<ScoringModel, FitError> {
        if customers.is_empty() {
            return Err(FitError::Empty);
        }
        check_analysis_date(customers, analysis_date)?;
        let cuts = scoring.as_ref().try_map(|dimension, scoring| {
            let (values, scale) = values(dimension, frequency_measure, analysis_date, customers);
            scoring.fit(Values { dimension, values: &values, scale })
        })?;
        Ok(ScoringModel::from_cuts(cuts, frequency_measure, analysis_date)?)
    }

    /// The model of cut points that were learned elsewhere.
    ///
    /// # Errors
    ///
    /// [`CutError::Dimension`] if cut points stand for another dimension than their own.
    pub fn from_cuts(
        cuts: Axes<CutPoints>,
        frequency_measure: FrequencyMeasure,
        analysis_date: Day,
    ) -> Result<ScoringModel, CutError> {
        let stray = cuts.iter().find(|(dimension, cuts)| cuts.dimension() != *dimension);
        if let Some((expected, cuts)) = stray {
            return Err(CutError::Dimension { expected, found: cuts.dimension() });
        }
        Ok(ScoringModel { cuts, frequency_measure, analysis_date })
    }

    /// The cut points.
    #[must_use]
    pub const fn cuts(&self) -> &Axes<CutPoints> {
        &self.cuts
    }

    /// What frequency counts.
    #[must_use]
    pub const fn frequency_measure(&self) -> FrequencyMeasure {
        self.frequency_measure
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
    /// [`FitError::OrdersAfterAnalysisDate`], or [`FitError::Overflow`] if a cut does not fit 128 bits of minor units.
    pub fn score_all(&self, customers: &Customers, analysis_date: Day) -> Result<Vec<RfmCell>, FitError> {
        check_analysis_date(customers, analysis_date)?;
        let scale = |dimension| if dimension == Dimension::Monetary { customers.scale() } else { Scale::UNITS };
        let thresholds: Axes<Thresholds> = self.cuts.as_ref().try_map(|dimension, cuts| {
            cuts.thresholds(scale(dimension)).map_err(|Overflow| FitError::Overflow { dimension })
        })?;
        let frequencies = self.frequency_measure.column(customers);
        let rows = customers.last_orders().iter().zip(frequencies).zip(customers.totals());
        Ok(rows
            .map(|((last_order, frequency), total)| Axes {
                recency: thresholds.recency.score(analysis_date.days_since(*last_order).into()),
                frequency: thresholds.frequency.score((*frequency).into()),
                monetary: thresholds.monetary.score(*total),
            })
            .collect())
    }
}

fn check_analysis_date(customers: &Customers, analysis_date: Day) -> Result<(), FitError> {
    match customers.last_day() {
        Some(last_order) if last_order > analysis_date => {
            Err(FitError::OrdersAfterAnalysisDate { last_order, analysis_date })
        }
        _ => Ok(()),
    }
}

/// The values of all customers on a dimension, as they are sorted, and their scale.
pub(crate) fn values(
    dimension: Dimension,
    frequency_measure: FrequencyMeasure,
    analysis_date: Day,
    customers: &Customers,
) -> (Vec<i128>, Scale) {
    match dimension {
        Dimension::Recency => {
            let days = customers.last_orders().iter().map(|last_order| analysis_date.days_since(*last_order).into());
            (days.collect(), Scale::UNITS)
        }
        Dimension::Frequency => {
            (frequency_measure.column(customers).iter().map(|frequency| (*frequency).into()).collect(), Scale::UNITS)
        }
        Dimension::Monetary => (customers.totals().to_vec(), customers.scale()),
    }
}
