//! Values at positions of the sorted list.

use super::{Bins, Closed, CutPoints, FitError, Values};
use crate::ratio::Ratio;

/// The cuts are values of the list in ascending order, at the positions floor(n i / k), counted from 1, and a value on a cut lies in
/// the bin above it: how quartiles are written in T-SQL without a quantile function. Where there are fewer customers than bins and a
/// position is 0, the lowest value takes its place.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    if values.is_empty() {
        return Err(FitError::Empty);
    }
    let (sorted, bins) = (values.sorted(), usize::from(bins.number()));
    let value = |part: usize| {
        let position = sorted.len().checked_mul(part)?.checked_div(bins)?;
        sorted.get(position.saturating_sub(1))
    };
    let cuts = (1..bins).map(value).collect::<Option<Vec<Ratio>>>();
    let cuts = cuts.ok_or(FitError::Overflow { dimension: values.dimension() })?;
    Ok(CutPoints::try_new(values.dimension(), cuts, Closed::Left)?)
}
