//! Groups of ranks as SAS and SPSS Statistics make them.

use super::ranks::{self, Place, share_down};
use super::{Bins, CutPoints, FitError, Values};

/// SAS's `PROC RANK GROUPS=k`, which is also `RANK ... /NTILES(k)` of SPSS Statistics: equal customers have the mean of their ranks,
/// counted from the worst, and bin = floor(rank · k / (n + 1)) + 1.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    ranks::cuts(values, bins, |Place { worse, equal, all }| {
        // Twice the mean rank, worse + (equal + 1) / 2, stays whole.
        bin(worse.checked_mul(2)?.checked_add(equal)?.checked_add(1)?, bins, all)
    })
}

/// The position of the bin, 0 for the worst, of a rank that is given twice; `None` if that does not fit.
pub(super) fn bin(twice_rank: u128, bins: Bins, all: u128) -> Option<u128> {
    share_down(twice_rank, bins.number().into(), all.checked_add(1)?.checked_mul(2)?)
}
