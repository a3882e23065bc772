//! SQL's `PERCENT_RANK`.

use super::ranks::{self, share_down};
use super::{Bins, CutPoints, FitError, Values};

/// With p = (customers who are worse) / (n − 1), `PERCENT_RANK() OVER (ORDER BY value)`: bin = min(k, floor(k p) + 1), so that
/// an exact edge lies in the bin above it. A single customer has p = 0.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let k = u128::from(bins.number());
    // The helper has no cut behind the last bin, which is the min.
    ranks::cuts(values, bins, |place| match place.all.checked_sub(1)? {
        0 => Some(0),
        others => share_down(k, place.worse, others),
    })
}
