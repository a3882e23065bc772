//! Values at positions of the sorted list.

use super::{Bins, Closed, CutPoints, FitError, Values};

/// The cuts are values of the list in ascending order, at the positions floor(n i / k), counted from 1, and a value on a cut lies in
/// the bin above it: how quartiles are written in T-SQL without a quantile function. Where there are fewer customers than bins and a
/// position is 0, the lowest value takes its place.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    if values.is_empty() {
        return Err(FitError::Empty);
    }
    let bins = usize::from(bins.number());
    let position = |part: usize| Some(values.len().checked_mul(part)?.checked_div(bins)?.saturating_sub(1));
    let positions = (1..bins).map(position).collect::<Option<Vec<usize>>>();
    let cuts = positions.and_then(|positions| values.at(&positions));
    let cuts = cuts.ok_or(FitError::Overflow { dimension: values.dimension() })?;
    Ok(CutPoints::try_new(values.dimension(), cuts, Closed::Left)?)
}
