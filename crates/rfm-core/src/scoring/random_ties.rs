//! Even groups with ties in random order.

use super::proc_rank::bin;
use super::{Bins, FitError, RankingStrategy, Values};
use crate::axes::{Dimension, Score};

/// Groups of ranks as `proc-rank` makes them, floor(rank · k / (n + 1)) + 1, with equal customers in an order that a seed decides:
/// what SPSS calls ties that are randomly assigned. Without ties it is `proc-rank`. As text `random-ties:5:42`; a seed has to be
/// given.
///
/// The order is that of a number made from the seed, the name of the dimension and the customer's id, so that neither the other
/// customers nor their order have a part in it, and it is the same on every platform: FNV-1a of 64 bits over the bytes of the name,
/// a zero and the bytes of the id, begun with its offset basis exclusive-or the seed, and then the finalizer of SplitMix64. Two
/// equal numbers are as good as impossible; the order of customers decides there.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, RandomTies, RankingStrategy, Values};
/// use rfm_core::{Dimension, Scale};
///
/// let orders = Values::whole(Dimension::Frequency, &[1, 1, 1, 1], Scale::UNITS).with_ids(&["ann", "bob", "cat", "dan"]);
/// let scores = |seed| RandomTies::new(Bins::QUARTILE, seed).rank(orders);
/// assert_eq!(scores(1)?, scores(1)?);
/// assert_ne!(scores(1)?, scores(2)?);
/// # Ok::<(), rfm_core::FitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RandomTies {
    bins: Bins,
    seed: u64,
}

impl RandomTies {
    /// So many groups, and the seed.
    #[must_use]
    pub const fn new(bins: Bins, seed: u64) -> RandomTies {
        RandomTies { bins, seed }
    }

    /// The number of groups.
    #[must_use]
    pub const fn bins(&self) -> Bins {
        self.bins
    }

    /// The seed.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }
}

impl RankingStrategy for RandomTies {
    /// [`FitError::NoIds`] of values that do not tell whose they are ([`Values::with_ids`]).
    fn rank(&self, values: Values<'_>) -> Result<Vec<Score>, FitError> {
        if values.is_empty() {
            return Err(FitError::Empty);
        }
        let ids = values.ids().ok_or(FitError::NoIds { dimension: values.dimension() })?;
        let key = |row: usize| ids.get(row).map(|id| mixed(self.seed, values.dimension(), id));
        let all = u128::try_from(values.len()).unwrap_or(u128::MAX);
        let mut scores = vec![Score::WORST; values.len()];
        for (rank, row) in (1u128..).zip(values.from_worst_by(key)) {
            let position =
                bin(rank.saturating_mul(2), self.bins, all).and_then(|position| usize::try_from(position).ok());
            scores[row] = Score::of_position(position.unwrap_or_default());
        }
        Ok(scores)
    }
}

fn mixed(seed: u64, dimension: Dimension, id: &str) -> u64 {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = dimension.name().bytes().chain([0]).chain(id.bytes());
    let hash = bytes.fold(OFFSET_BASIS ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed apart from this code, in Python: another number is another order of ties, for ever.
    #[test]
    fn the_mixed_numbers_are_those_of_every_platform() {
        assert_eq!(mixed(0, Dimension::Recency, "ann"), 0x946c_0274_8b45_a2bd);
        assert_eq!(mixed(42, Dimension::Frequency, "ann"), 0x55f9_f6e3_bb71_01df);
        assert_eq!(mixed(u64::MAX, Dimension::Monetary, ""), 0x7340_5ee7_47fb_a322);
    }
}
