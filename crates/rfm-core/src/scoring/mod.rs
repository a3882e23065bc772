//! From values to scores: where each dimension is cut, and in which bin a value lies.
//!
//! A [`ScoringStrategy`] learns [`CutPoints`] from one value per customer; cut points alone then score any value, so that they can
//! be kept, shown and applied to other data. A [`RankingStrategy`] scores the customers at hand against each other: two who are
//! equal may get different scores, and there is nothing to keep. "Quintile" means many things; every strategy here says which
//! one it is.

mod binning;
mod column_scores;
mod cume_dist;
mod custom;
mod cut_points;
mod diagnostic;
mod display;
mod method;
mod model;
mod natural_breaks;
mod ntile;
mod ntile_best_first;
mod p0_quartile;
mod percent_rank;
mod percentiles;
mod proc_rank;
mod qcut_drop;
mod quantile;
mod quantile_left;
mod random_ties;
mod rank_first_qcut;
mod rank_min_cut;
mod ranks;
mod rfm_r;
mod scored;
mod tiles;
mod values;
mod weights;
mod wide;

pub use binning::{Binning, TieOrder, UnknownTieOrder};
pub use custom::{CustomCuts, CutError};
pub use cut_points::{Closed, CutPoints, Thresholds};
pub use diagnostic::{Diagnostic, EmptyCause};
pub use display::{ScoreDisplay, UnknownScoreDisplay};
pub use method::{CutMethod, RankMethod, Scoring, UnknownScoring};
pub use model::ScoringModel;
pub use ntile::Ntile;
pub use percentiles::Percentiles;
pub use quantile::Bins;
pub use random_ties::RandomTies;
pub(crate) use scored::{HowToScore, Scored};
pub use values::{SortedValues, Values};
pub use weights::{TierError, WeightError, Weights};

use crate::axes::{Dimension, Score};
use crate::measures::NotKept;
use crate::summaries::OrderDefinition;

/// Learns where one dimension is cut. Implement it to bring a rule of your own.
///
/// # Examples
///
/// Two bins with the cut at the mean:
///
/// ```
/// use rfm_core::scoring::{Closed, CutPoints, FitError, ScoringStrategy, Values};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// struct AboveMean;
///
/// impl ScoringStrategy for AboveMean {
///     fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
///         let overflow = FitError::Overflow { dimension: values.dimension() };
///         let count = Ratio::from(values.len() as i64);
///         let mut each = (0..values.len()).filter_map(|row| values.get(row));
///         let sum = each.try_fold(Ratio::from(0), Ratio::checked_add).ok_or(overflow.clone())?;
///         // None of nothing: there is no customer to divide by.
///         let mean = if values.is_empty() { return Err(FitError::Empty) } else { sum.checked_div(count) };
///         Ok(CutPoints::try_new(values.dimension(), vec![mean.ok_or(overflow)?], Closed::Right)?)
///     }
/// }
///
/// let values = Values::whole(Dimension::Frequency, &[1, 2, 6], Scale::UNITS);
/// assert_eq!(AboveMean.fit(values)?.cuts(), [Ratio::from(3)]);
/// // `ScoringModel::fit` takes one strategy for each dimension, built in or not; `Model::try_new` adds segments.
/// # Ok::<(), FitError>(())
/// ```
pub trait ScoringStrategy {
    /// Learns cut points, in units (days, counts, whole units of money) as exact rationals.
    ///
    /// Equal cuts are kept: their bins stay empty, and scores keep their meaning.
    ///
    /// # Errors
    ///
    /// [`FitError::Empty`] without a customer, [`FitError::Overflow`] if a cut does not fit.
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError>;
}

/// Scores the customers at hand by their rank.
///
/// Such a rule may tell equal customers apart, and it learns nothing that could score another one. A run takes those of
/// [`RankMethod`]; their scores are those that the trait gives.
pub trait RankingStrategy {
    /// The score of each customer, in their order. Ties are told apart by keys if the values have some
    /// ([`Values::with_tie_keys`]), otherwise by that order, which is that of the bytes of their ids.
    ///
    /// # Errors
    ///
    /// [`FitError::Empty`] without a customer.
    fn rank(&self, values: Values<'_>) -> Result<Vec<Score>, FitError>;
}

/// Why customers could not be scored, or cut points not be learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// There is no customer to learn from.
    #[error("there is no customer to learn cut points from")]
    Empty,
    /// A cut point, or what it is computed from, does not fit 128 bits.
    #[error("a cut point of {dimension} does not fit 128 bits")]
    Overflow {
        /// The dimension.
        dimension: Dimension,
    },
    /// A strategy made cut points that are none.
    #[error(transparent)]
    Cuts(#[from] CutError),
    /// The summaries do not have what a measure needs.
    #[error(transparent)]
    NotKept(#[from] NotKept),
    /// Scores and rules do not agree.
    #[error(transparent)]
    Config(#[from] crate::ConfigError),
    /// The summaries do not have what a rule compares.
    #[error(
        "the rule of segment `{segment}` compares `{measure}`, which needs {needs}, which these summaries do not have"
    )]
    RuleNotKept {
        /// The segment of the first rule that does.
        segment: String,
        /// What it compares.
        measure: &'static str,
        /// What that needs.
        needs: &'static str,
    },
    /// Cut points are asked of a method that has none.
    #[error(
        "{dimension}: `{method}` ranks the customers at hand and learns no cut points that could be kept; `{instead}` is the nearest that does"
    )]
    OnlyRanks {
        /// The dimension.
        dimension: Dimension,
        /// The method, as it is named.
        method: String,
        /// A method that gives cut points, as it is named.
        instead: String,
    },
    /// Cut points are asked of nested binning, which has none.
    #[error(
        "nested binning scores customers inside of groups and learns no cut points that could be kept; independent binning does"
    )]
    Nested,
    /// Values do not tell whose they are, which a method has to know.
    #[error("{dimension}: ties in random order need the ids of the customers")]
    NoIds {
        /// The dimension.
        dimension: Dimension,
    },
    /// A model is to be applied to money of another currency than it was fitted on.
    #[error(
        "the model was fitted on money in {fitted}, and this money is in {found}; convert the amounts, or fit a model on them"
    )]
    Currency {
        /// The currency of the model.
        fitted: String,
        /// That of the customers.
        found: String,
    },
    /// A model is to be applied to customers whose orders are something else than those that it was fitted on.
    #[error("the model was fitted on customers where {}, and here {}", order_is(*fitted), order_is(*found))]
    OrderDefinition {
        /// What an order was.
        fitted: OrderDefinition,
        /// What it is here.
        found: OrderDefinition,
    },
    /// A model does not say on what it was fitted.
    #[error(
        "the model does not say what it was fitted on, since its cut points were made elsewhere: there is nothing to compare with"
    )]
    NotFitted,
    /// The last order of a customer is later than the day that recency counts back from.
    #[error("the last order is of {last_order}, after the analysis date {analysis_date}")]
    OrdersAfterAnalysisDate {
        /// The latest order.
        last_order: crate::Day,
        /// The analysis date.
        analysis_date: crate::Day,
    },
}

const fn order_is(orders: OrderDefinition) -> &'static str {
    match orders {
        OrderDefinition::OrderId => "an order is the lines that share an order id",
        OrderDefinition::EachLine => "each line is an order, for lack of order ids",
        OrderDefinition::Counted => "a table of customers says how many orders each has",
    }
}

#[cfg(test)]
mod method_tests;
#[cfg(test)]
mod tests;
