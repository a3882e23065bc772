//! Quantile cuts, exactly.

use super::{Closed, CutPoints, FitError, ScoringStrategy, Values};
use crate::ratio::Ratio;

/// A number of bins by quantiles, 2..=100. As a strategy it is [`Scoring::Quantile`](super::Scoring::Quantile).
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, ScoringStrategy, Values};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let values = Values { dimension: Dimension::Frequency, values: &[1, 1, 2, 5, 9, 20], scale: Scale::UNITS };
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

impl ScoringStrategy for Bins {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        let overflow = || FitError::Overflow { dimension: values.dimension };
        let mut sorted = values.values.to_vec();
        sorted.sort_unstable();
        let unit = values.scale.minor_units().unsigned_abs();
        let cuts = (1..self.0).map(|cut| quantile(&sorted, cut, self.0, unit)).collect::<Option<Vec<Ratio>>>();
        if sorted.is_empty() {
            return Err(FitError::Empty);
        }
        Ok(CutPoints::try_new(values.dimension, cuts.ok_or_else(overflow)?, Closed::Right)?)
    }
}

/// The type-7 quantile at `part / parts`, over `unit`: with h = (n − 1) part / parts, the value at floor(h) and the
/// fraction of h of the way to the next.
fn quantile(sorted: &[i128], part: u8, parts: u8, unit: u64) -> Option<Ratio> {
    let steps = u128::try_from(sorted.len().checked_sub(1)?).ok()?.checked_mul(part.into())?;
    let below = usize::try_from(steps.checked_div(parts.into())?).ok()?;
    let fraction = i128::try_from(steps.checked_rem(parts.into())?).ok()?;
    let lower = *sorted.get(below)?;
    let upper = *sorted.get(below.saturating_add(1)).unwrap_or(&lower);
    let way = upper.checked_sub(lower)?.checked_mul(fraction)?;
    let numerator = lower.checked_mul(parts.into())?.checked_add(way)?;
    Some(Ratio::new(numerator, u64::from(parts).checked_mul(unit)?))
}
