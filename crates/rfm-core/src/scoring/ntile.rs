//! SQL's `NTILE`.

use super::{Bins, FitError, RankingStrategy, Values};
use crate::axes::Score;

/// `NTILE(k) OVER (ORDER BY value, customer_id)`: the customers from worst to best in k groups as even as can be; the first
/// n mod k groups, which are the worst, have one more. Equal customers get different scores where a group ends among them; the
/// bytes of their ids decide, in ascending order, unless another [`TieOrder`](super::TieOrder) is asked for.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, Ntile, RankingStrategy, Values};
/// use rfm_core::{Dimension, Scale};
///
/// let days = Values::whole(Dimension::Recency, &[3, 30, 3, 9, 1], Scale::UNITS);
/// let scores = Ntile::new(Bins::TERTILE).rank(days)?;
/// assert_eq!(scores.iter().map(|score| score.number()).collect::<Vec<_>>(), [2, 1, 2, 1, 3]);
/// # Ok::<(), rfm_core::FitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ntile {
    bins: Bins,
}

impl Ntile {
    /// So many groups.
    #[must_use]
    pub const fn new(bins: Bins) -> Ntile {
        Ntile { bins }
    }

    /// The number of groups.
    #[must_use]
    pub const fn bins(&self) -> Bins {
        self.bins
    }
}

impl RankingStrategy for Ntile {
    fn rank(&self, values: Values<'_>) -> Result<Vec<Score>, FitError> {
        if values.is_empty() {
            return Err(FitError::Empty);
        }
        Ok(groups(&values.from_worst(), self.bins))
    }
}

/// The scores of rows that stand from worst to best, in groups as even as can be.
pub(super) fn groups(from_worst: &[usize], bins: Bins) -> Vec<Score> {
    let groups = usize::from(bins.number());
    let (size, larger) = (from_worst.len().checked_div(groups), from_worst.len().checked_rem(groups));
    let (size, larger) = (size.unwrap_or_default(), larger.unwrap_or_default());
    let mut scores = vec![Score::WORST; from_worst.len()];
    let mut rows = from_worst;
    for group in 0..groups {
        let (group_rows, rest) = rows.split_at(size.saturating_add((group < larger).into()).min(rows.len()));
        group_rows.iter().for_each(|row| scores[*row] = Score::of_position(group));
        rows = rest;
    }
    scores
}
