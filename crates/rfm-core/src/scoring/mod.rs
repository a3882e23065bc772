//! From values to scores: where each dimension is cut, and in which bin a value lies.
//!
//! A strategy learns [`CutPoints`] from one value per customer; cut points alone then score any value, so that they can
//! be kept, shown and applied to other data. "Quintile" means many things; every strategy here says which one it is.

mod custom;
mod cut_points;
mod model;
mod quantile;

pub use custom::{CustomCuts, CutError};
pub use cut_points::{Closed, CutPoints, Thresholds};
pub(crate) use model::values;
pub use model::{Diagnostic, EmptyCause, FrequencyMeasure, ScoringModel};
pub use quantile::Bins;

use core::fmt;
use core::str::FromStr;

use crate::axes::Dimension;
use crate::money::Scale;
use crate::suggest::{did_you_mean, suggest};

/// One value per customer on one dimension, in any order: days, counts, or minor units of money.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The dimension.
    pub dimension: Dimension,
    /// The values.
    pub values: &'a [i128],
    /// The scale of the values: that of the money, [`Scale::UNITS`] for days and counts.
    pub scale: Scale,
}

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
///         let count = values.values.len() as u64;
///         if count == 0 {
///             return Err(FitError::Empty);
///         }
///         let unit = values.scale.minor_units().unsigned_abs();
///         let mean = Ratio::new(values.values.iter().sum(), count * unit);
///         Ok(CutPoints::try_new(values.dimension, vec![mean], Closed::Right)?)
///     }
/// }
///
/// let values = Values { dimension: Dimension::Frequency, values: &[1, 2, 6], scale: Scale::UNITS };
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

/// Why cut points could not be learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// There is no customer to learn from.
    #[error("there is no customer to learn cut points from")]
    Empty,
    /// A cut point does not fit 128 bits.
    #[error("a cut point of {dimension} does not fit 128 bits")]
    Overflow {
        /// The dimension.
        dimension: Dimension,
    },
    /// A strategy made cut points that are none.
    #[error(transparent)]
    Cuts(#[from] CutError),
    /// The last order of a customer is later than the day that recency counts back from.
    #[error("the last order is of {last_order}, after the analysis date {analysis_date}")]
    OrdersAfterAnalysisDate {
        /// The latest order.
        last_order: crate::Day,
        /// The analysis date.
        analysis_date: crate::Day,
    },
}

/// The built-in strategies, for choosing one at run time.
///
/// As text: `tertile`, `quartile`, `quintile`, `decile`, `percentile`, a number of bins from 2 to 100 (`7 quantiles`), or
/// `cuts 30,90,180`.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{CustomCuts, Scoring};
/// use rfm_core::Dimension;
///
/// assert_eq!("quintile".parse(), Ok(Scoring::QUINTILE));
/// assert_eq!("5".parse(), Ok(Scoring::QUINTILE));
/// let days: CustomCuts = "30, 90, 180".parse()?;
/// assert_eq!(Scoring::from(days).bins(), 4);
/// # Ok::<(), rfm_core::scoring::CutError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scoring {
    /// Quantiles of the values, `qcut_right`: the cuts are the type-7 quantiles at 1/k .. (k−1)/k (Hyndman & Fan 1996,
    /// doi:10.2307/2684934; the default of R, numpy and pandas), and a value on a cut lies in the bin below it. Equal values
    /// get equal scores.
    Quantile(Bins),
    /// Cut points that the caller gives.
    Custom(CustomCuts),
}

impl Scoring {
    /// Four bins by quantiles.
    pub const QUARTILE: Scoring = Scoring::Quantile(Bins::QUARTILE);
    /// Five bins by quantiles.
    pub const QUINTILE: Scoring = Scoring::Quantile(Bins::QUINTILE);
    /// Ten bins by quantiles.
    pub const DECILE: Scoring = Scoring::Quantile(Bins::DECILE);

    const NAMES: [(&'static str, Bins); 5] = [
        ("tertile", Bins::TERTILE),
        ("quartile", Bins::QUARTILE),
        ("quintile", Bins::QUINTILE),
        ("decile", Bins::DECILE),
        ("percentile", Bins::PERCENTILE),
    ];

    /// Number of bins, 2..=100.
    #[must_use]
    pub fn bins(&self) -> u8 {
        match self {
            Scoring::Quantile(bins) => bins.number(),
            Scoring::Custom(cuts) => cuts.bins(),
        }
    }
}

impl<S: ScoringStrategy + ?Sized> ScoringStrategy for &S {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        (**self).fit(values)
    }
}

impl<S: ScoringStrategy + ?Sized> ScoringStrategy for Box<S> {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        (**self).fit(values)
    }
}

impl ScoringStrategy for Scoring {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        match self {
            Scoring::Quantile(bins) => bins.fit(values),
            Scoring::Custom(cuts) => cuts.fit(values),
        }
    }
}

impl From<CustomCuts> for Scoring {
    fn from(cuts: CustomCuts) -> Scoring {
        Scoring::Custom(cuts)
    }
}

impl fmt::Display for Scoring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scoring::Quantile(bins) => match Scoring::NAMES.iter().find(|(_, named)| named == bins) {
                Some((name, _)) => f.write_str(name),
                None => write!(f, "{} quantiles", bins.number()),
            },
            Scoring::Custom(cuts) => write!(f, "cuts {cuts}"),
        }
    }
}

/// The error of a name that no strategy has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no scoring `{name}`; expected quartile, quintile, decile or a number of bins from 2 to 100{}",
    did_you_mean(*similar)
)]
pub struct UnknownScoring {
    name: String,
    similar: Option<&'static str>,
}

impl FromStr for Scoring {
    type Err = UnknownScoring;

    fn from_str(text: &str) -> Result<Scoring, UnknownScoring> {
        let text = text.trim();
        if let Some(cuts) = text.strip_prefix("cuts ").and_then(|cuts| cuts.parse().ok()) {
            return Ok(Scoring::Custom(cuts));
        }
        let number = text.strip_suffix("quantiles").unwrap_or(text).trim_end();
        let named = Scoring::NAMES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, bins)| *bins);
        named.or_else(|| number.parse().ok().and_then(Bins::new)).map(Scoring::Quantile).ok_or_else(|| UnknownScoring {
            name: text.to_owned(),
            similar: suggest(text, Scoring::NAMES.map(|(name, _)| name)),
        })
    }
}

#[cfg(test)]
mod tests;
