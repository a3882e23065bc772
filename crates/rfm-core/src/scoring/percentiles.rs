//! Quantiles at probabilities that the caller gives.

use core::fmt;
use core::str::FromStr;

use super::quantile::quantiles;
use super::{Closed, CutError, CutPoints, FitError, ScoringStrategy, Values};
use crate::money::Decimal;
use crate::ratio::Ratio;

/// Ascending percentages, above 0 and below 100: the cuts are the type-7 quantiles there, and a value on a cut lies in the bin below
/// it. `20, 40, 60, 80` are the quintiles of [`CutMethod::Quantile`](super::CutMethod::Quantile).
///
/// # Examples
///
/// The best 5 % apart from the rest, and these in halves:
///
/// ```
/// use rfm_core::scoring::{Percentiles, ScoringStrategy, Values};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let percentiles: Percentiles = "47.5, 95".parse()?;
/// assert_eq!(percentiles.bins(), 3);
/// let orders: Vec<i128> = (0..=200).collect();
/// let cuts = percentiles.fit(Values::whole(Dimension::Frequency, &orders, Scale::UNITS))?;
/// assert_eq!(cuts.cuts(), [Ratio::from(95), Ratio::from(190)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percentiles {
    percentages: Vec<Ratio>,
}

impl Percentiles {
    /// Strictly ascending percentages between 0 and 100.
    ///
    /// # Errors
    ///
    /// [`CutError`] if there are none or more than 99, if one is not above the one before, or not between 0 and 100.
    pub fn try_new<P: Into<Ratio>>(percentages: impl IntoIterator<Item = P>) -> Result<Percentiles, CutError> {
        let percentages: Vec<Ratio> = percentages.into_iter().map(Into::into).collect();
        if !(1..=99).contains(&percentages.len()) {
            return Err(CutError::Count { found: percentages.len() });
        }
        if let Some(pair) = percentages.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(CutError::Order { first: pair[0], second: pair[1] });
        }
        match percentages.iter().find(|percentage| probability(percentage).is_none()) {
            Some(found) => Err(CutError::Percentage { found: *found }),
            None => Ok(Percentiles { percentages }),
        }
    }

    /// The percentages.
    #[must_use]
    pub fn percentages(&self) -> &[Ratio] {
        &self.percentages
    }

    /// Number of bins: one more than percentages.
    #[must_use]
    pub fn bins(&self) -> u8 {
        u8::try_from(self.percentages.len()).unwrap_or(u8::MAX).saturating_add(1)
    }
}

/// Above 0 and below 1, as numerator and denominator.
fn probability(percentage: &Ratio) -> Option<(u64, u64)> {
    let probability = percentage.checked_mul(Ratio::new(1, 100))?;
    let part = u64::try_from(probability.numerator()).ok()?;
    (part > 0 && part < probability.denominator()).then_some((part, probability.denominator()))
}

impl ScoringStrategy for Percentiles {
    fn fit(&self, values: Values<'_>) -> Result<CutPoints, FitError> {
        let cuts = quantiles(values, self.percentages.iter().filter_map(probability))?;
        Ok(CutPoints::try_new(values.dimension(), cuts, Closed::Right)?)
    }
}

impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, percentage) in self.percentages.iter().enumerate() {
            write!(f, "{}{percentage}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for Percentiles {
    type Err = CutError;

    /// Reads decimal numbers with commas between.
    fn from_str(text: &str) -> Result<Percentiles, CutError> {
        let number = |part: &str| {
            let decimal: Result<Decimal, _> = part.trim().parse();
            decimal.map(Ratio::from).map_err(|_| CutError::NotANumber { text: part.trim().to_owned() })
        };
        Percentiles::try_new(text.split(',').map(number).collect::<Result<Vec<Ratio>, CutError>>()?)
    }
}
