//! SQL's `CUME_DIST`, from either side.

use super::ranks::{self, share_down, share_up};
use super::{Bins, CutPoints, FitError, Values};

/// Best first: with d = (customers at least as good) / n, `CUME_DIST() OVER (ORDER BY value DESC)`, the score is k if d ≤ 1/k,
/// k − 1 if d ≤ 2/k, and so on: k + 1 − ceil(k d). High scores may stay empty.
pub(super) fn fit_best_first(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    // k − ceil(k (n − worse) / n) = floor(k worse / n)
    ranks::cuts(values, bins, |place| share_down(bins.number().into(), place.worse, place.all))
}

/// Worst first: with d = (customers at most as good) / n, `CUME_DIST() OVER (ORDER BY value)`, the score is ceil(k d). Low scores
/// may stay empty.
pub(super) fn fit_worst_first(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    ranks::cuts(values, bins, |place| {
        share_up(bins.number().into(), place.worse.checked_add(place.equal)?, place.all)?.checked_sub(1)
    })
}
