//! Tiles of equal count as SPSS Modeler makes them.

use super::cume_dist;
use super::ranks::{self, share_up};
use super::{Bins, CutPoints, FitError, Values};

/// The customer of rank r, counted from the worst, belongs to tile ceil(k r / n): a cut behind every n/k customers. Equal customers
/// on both sides of a cut keep in the current tile, that of the first of them ("Keep in current").
pub(super) fn fit_current(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    ranks::cuts(values, bins, |place| {
        share_up(bins.number().into(), place.worse.checked_add(1)?, place.all)?.checked_sub(1)
    })
}

/// The same, but equal customers on both sides of a cut are added to the next tile, that of the last of them ("Add to next"). That
/// is `CUME_DIST` from the worst side.
pub(super) fn fit_next(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    cume_dist::fit_worst_first(bins, values)
}
