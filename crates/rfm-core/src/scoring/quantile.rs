//! Quantile cuts, exactly.

use super::{Closed, CutPoints, FitError, ScoringStrategy, Values};
use crate::ratio::Ratio;

/// A number of bins by quantiles, 2..=100. As a strategy it is [`CutMethod::Quantile`](super::CutMethod::Quantile).
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, ScoringStrategy, Values};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let values = Values::whole(Dimension::Frequency, &[1, 1, 2, 5, 9, 20], Scale::UNITS);
/// let cuts = Bins::QUARTILE.fit(values)?;
/// assert_eq!(cuts.cuts(), [Ratio::new(5, 4), Ratio::new(7, 2), Ratio::from(8)]);
/// # Ok::<(), rfm_core::scoring::FitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bins(u8);

impl Bins {
    /// Three.
    pub const TERTILE: Bins = Bins(3);
    /// Four.
    pub const QUARTILE: Bins = Bins(4);
    /// Five.
    pub const QUINTILE: Bins = Bins(5);
    /// Ten.
    pub const DECILE: Bins = Bins(10);
    /// A hundred.
    pub const PERCENTILE: Bins = Bins(100);

    /// That many bins; `None` outside of 2..=100.
    #[must_use]
    pub const fn new(bins: u8) -> Option<Bins> {
        if bins >= 2 && bins <= 100 { Some(Bins(bins)) } else { None }
    }

    /// The number of bins.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl Bins {
    /// The probabilities of the cuts between so many bins, as numerator and denominator.
    pub(super) fn probabilities(self) -> impl Iterator<Item = (u64, u64)> {
        let parts = u64::from(self.0);
        (1..parts).map(move |part| (part, parts))
    }
}

/// The type-7 quantiles of values at probabilities.
pub(super) fn quantiles(
    values: Values<'_>,
    probabilities: impl Iterator<Item = (u64, u64)>,
) -> Result<Vec<Ratio>, FitError> {
    if values.is_empty() {
        return Err(FitError::Empty);
    }
    values.quantiles(probabilities).ok_or(FitError::Overflow { dimension: values.dimension() })
}

impl ScoringStrategy for Bins {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        Ok(CutPoints::try_new(values.dimension(), quantiles(values, self.probabilities())?, Closed::Right)?)
    }
}
