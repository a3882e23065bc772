//! Quantile cuts that are closed on the left.

use super::quantile::quantiles;
use super::{Bins, Closed, CutPoints, FitError, Values};

/// The cuts of [`CutMethod::Quantile`](super::CutMethod::Quantile), but a value on a cut lies in the bin above it:
/// bin = 1 + number of cuts ≤ value.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    Ok(CutPoints::try_new(values.dimension(), quantiles(values, bins.probabilities())?, Closed::Left)?)
}
