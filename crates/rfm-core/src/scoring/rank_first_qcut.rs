//! Quantiles of ranks that are told apart.

use super::ranks::share_up;
use super::{Bins, FitError, Values};
use crate::axes::Score;

/// pandas' `pd.qcut(rank(method="first"), k)`: ranks 1 to n from the worst, ties in their order, and then the type-7 quantiles of the
/// ranks, 1 + (n − 1) i / k, each the upper edge of its bin.
pub(super) fn rank(bins: Bins, values: Values<'_>) -> Result<Vec<Score>, FitError> {
    if values.is_empty() {
        return Err(FitError::Empty);
    }
    let number = |count: usize| u128::try_from(count).unwrap_or(u128::MAX);
    let others = number(values.len().saturating_sub(1));
    let mut scores = vec![Score::WORST; values.len()];
    for (worse, row) in values.from_worst().into_iter().enumerate() {
        // Rank 1 + worse is above the quantile i of k if k worse > (n − 1) i.
        let passed = share_up(bins.number().into(), number(worse), others).unwrap_or(0).saturating_sub(1);
        scores[row] = Score::of_position(usize::try_from(passed).unwrap_or(usize::MAX));
    }
    Ok(scores)
}
