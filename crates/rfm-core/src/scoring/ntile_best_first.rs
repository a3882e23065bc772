//! SQL's `NTILE` from the best side.

use core::cmp::Reverse;

use super::ntile::groups;
use super::{Bins, FitError, Values};
use crate::axes::Score;

/// `NTILE(k) OVER (ORDER BY value DESC, customer_id)`: the customers from best to worst in k groups as even as can be; the first
/// n mod k groups, which are the best, have one more. Among equal customers the one whose key or id comes first is the better.
pub(super) fn rank(bins: Bins, values: Values<'_>) -> Result<Vec<Score>, FitError> {
    if values.is_empty() {
        return Err(FitError::Empty);
    }
    let mut from_best = values.from_worst_by(|row| Reverse((values.tie_key(row), row)));
    from_best.reverse();
    let group = groups(&from_best, bins);
    let from_last = |score: Score| Score::of_position(usize::from(bins.number().saturating_sub(score.number())));
    Ok(group.into_iter().map(from_last).collect())
}
