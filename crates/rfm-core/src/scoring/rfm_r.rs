//! The cuts of R's package `rfm`.

use super::quantile::quantiles;
use super::{Bins, Closed, CutPoints, FitError, Values};
use crate::ratio::Ratio;

/// R's package `rfm` 0.3.0 (CRAN, 2024): the type-7 quantile plus 1, on every dimension in its own unit, is the first value of the
/// bin above.
///
/// For whole numbers that is "up to the quantile, rounded up". For money it is a defect which is kept: the 1 is a unit of money, so
/// that the same amounts in thousands get other scores.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let cuts = quantiles(values, bins.probabilities())?.into_iter().map(|cut| cut.checked_add(Ratio::from(1)));
    let cuts = cuts.collect::<Option<Vec<Ratio>>>().ok_or(FitError::Overflow { dimension: values.dimension() })?;
    Ok(CutPoints::try_new(values.dimension(), cuts, Closed::Left)?)
}
