//! Quantiles of which equal ones are one, as pandas makes them.

use super::quantile::quantiles;
use super::{Bins, Closed, CutPoints, FitError, Values};
use crate::axes::Dimension;
use crate::ratio::Ratio;

/// The type-7 quantiles, those that are equal to each other, to the lowest or to the highest value dropped; a value on a cut lies in the
/// bin below it. The bins that are left have the lowest scores.
///
/// A score that no bin is left for begins behind the best value, where only customers that were not fitted can lie.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let dimension = values.dimension();
    let overflow = FitError::Overflow { dimension };
    let mut cuts = quantiles(values, bins.probabilities())?;
    let ends = values.at(&[0, values.len().saturating_sub(1)]).ok_or(FitError::Empty)?;
    let (lowest, highest) = (ends[0], ends[1]);
    let kept = cuts.len();
    cuts.retain(|cut| lowest < *cut && *cut < highest);
    cuts.dedup();
    let dropped = kept.saturating_sub(cuts.len());
    if dimension == Dimension::Recency {
        let better = lowest.checked_sub(Ratio::from(1)).ok_or(overflow)?;
        cuts.splice(0..0, core::iter::repeat_n(better, dropped));
    } else {
        cuts.extend(core::iter::repeat_n(highest, dropped));
    }
    Ok(CutPoints::try_new(dimension, cuts, Closed::Right)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Scale;

    fn scores(dimension: Dimension, bins: Bins, values: &[i128]) -> Vec<u8> {
        let cuts = fit(bins, Values::whole(dimension, values, Scale::UNITS)).unwrap();
        assert_eq!(cuts.bins(), bins.number());
        values.iter().map(|value| cuts.score(Ratio::whole(*value)).number()).collect()
    }

    /// Of 20 customers so many bought once, and the others twice, three times and so on.
    fn counts(once: usize) -> Vec<i128> {
        (0..20).map(|customer: usize| i128::try_from((customer + 2).saturating_sub(once).max(1)).unwrap()).collect()
    }

    #[test]
    fn quantiles_that_differ_are_all_kept() {
        let values: Vec<i128> = (1..=8).collect();
        assert_eq!(scores(Dimension::Frequency, Bins::QUARTILE, &values), [1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(scores(Dimension::Recency, Bins::QUARTILE, &values), [4, 4, 3, 3, 2, 2, 1, 1]);
    }

    #[test]
    fn bins_that_are_left_have_the_lowest_scores() {
        // Quartiles 1, 1.5, 6.25 and 1, 1, 3.25.
        let scored = scores(Dimension::Frequency, Bins::QUARTILE, &counts(10));
        assert_eq!((scored.iter().max(), scored[9], scored[10], scored[19]), (Some(&3), 1, 2, 3));
        assert_eq!(scores(Dimension::Frequency, Bins::QUARTILE, &counts(13)).iter().max(), Some(&2));
        // Most customers ordered at once: of recency the fewest days have the score of the bins that are left.
        let days = counts(10);
        let scored = scores(Dimension::Recency, Bins::QUARTILE, &days);
        assert_eq!((scored[0], scored[10], scored[19]), (3, 2, 1));
    }

    #[test]
    fn where_no_quantile_is_left_everybody_scores_1() {
        for values in [counts(19), counts(20), vec![7]] {
            for dimension in Dimension::ALL {
                assert!(scores(dimension, Bins::QUARTILE, &values).iter().all(|score| *score == 1), "{dimension}");
            }
        }
        let none = fit(Bins::QUARTILE, Values::whole(Dimension::Frequency, &[], Scale::UNITS));
        assert_eq!(none, Err(FitError::Empty));
    }
}
