//! Ranks turned into cut points: what methods that are defined on ranks have in common.

use super::{Bins, Closed, CutPoints, FitError, Values};

/// Customers who have one value, among all of them from the worst to the best.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Customers with a worse value.
    pub(super) worse: u128,
    /// Customers with this value, at least 1.
    pub(super) equal: u128,
    /// All customers.
    pub(super) all: u128,
}

/// The cut points of a rule that tells the position of a bin, 0 (worst) to k − 1, from ranks alone; it is asked once for each value,
/// from the worst to the best. Its positions never fall from
/// the worst value to the best, and equal values have one; `None` of it is an overflow.
///
/// For each position above 0 the cut is the worst value with that position or a higher one, and that value lies on the better side
/// of it: applied to the same values the cuts give the very positions. Where nobody has such a position, the cut lies one minor
/// unit beyond the best value (1 for means and rates), so that better customers of later data can have it.
pub(super) fn cuts(
    values: Values<'_>,
    bins: Bins,
    mut position: impl FnMut(Place) -> Option<u128>,
) -> Result<CutPoints, FitError> {
    if values.is_empty() {
        return Err(FitError::Empty);
    }
    let overflow = || FitError::Overflow { dimension: values.dimension() };
    let (less_is_better, count) = (values.less_is_better(), usize::from(bins.number()).saturating_sub(1));
    let mut distinct = values.distinct();
    if less_is_better {
        distinct.reverse();
    }
    let number = |count: usize| u128::try_from(count).unwrap_or(u128::MAX);
    let (all, mut worse) = (number(values.len()), 0u128);
    let mut cuts = Vec::with_capacity(count);
    let mut best = None;
    for (value, equal) in distinct {
        let equal = number(equal);
        let position = position(Place { worse, equal, all }).ok_or_else(overflow)?;
        while cuts.len() < count && number(cuts.len()) < position {
            cuts.push(value);
        }
        worse = worse.saturating_add(equal);
        best = Some(value);
    }
    let beyond =
        best.and_then(
            |best| {
                if less_is_better { best.checked_sub(values.unit()) } else { best.checked_add(values.unit()) }
            },
        );
    if cuts.len() < count {
        cuts.resize(count, beyond.ok_or_else(overflow)?);
    }
    let closed = if less_is_better { Closed::Right } else { Closed::Left };
    if less_is_better {
        cuts.reverse();
    }
    Ok(CutPoints::try_new(values.dimension(), cuts, closed)?)
}

/// `ceil(left · right / by)`.
pub(super) fn share_up(left: u128, right: u128, by: u128) -> Option<u128> {
    let product = left.checked_mul(right)?;
    let up = u128::from(product.checked_rem(by)? > 0);
    product.checked_div(by)?.checked_add(up)
}

/// `floor(left · right / by)`.
pub(super) fn share_down(left: u128, right: u128, by: u128) -> Option<u128> {
    left.checked_mul(right)?.checked_div(by)
}
