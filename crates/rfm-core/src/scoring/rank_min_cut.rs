//! Equal-width bins of the ranks.

use super::ranks::{self, share_up};
use super::{Bins, CutPoints, FitError, Values};

/// pandas' `pd.cut(rank(method="min"), k)`: equal customers have the lowest of their ranks, counted from the worst; the span from
/// the lowest to the highest rank is cut into k bins of one width, each with its upper edge, the first also with its lower one.
///
/// If all customers are equal there is no span. pandas then takes one around the only rank, which lies in its middle: bin
/// ceil(k/2). Where it works with floats and a rank lies on an edge, this is exact.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let k = u128::from(bins.number());
    // Of the best customers, whose rank is the highest.
    let distinct = values.distinct();
    let best = if values.less_is_better() { distinct.first() } else { distinct.last() };
    let equal = best.map_or(0, |(_, equal)| *equal);
    let span = u128::try_from(values.len().saturating_sub(equal)).unwrap_or(u128::MAX);
    ranks::cuts(values, bins, |place| match (place.worse, span) {
        (_, 0) => k.div_ceil(2).checked_sub(1),
        (0, _) => Some(0),
        (worse, span) => share_up(k, worse, span)?.checked_sub(1),
    })
}
