//! Where dimensions are cut.

use proptest::collection::vec;
use proptest::prelude::*;
use rfm_core::scoring::{Bins, Closed, CustomCuts};
use rfm_core::{Axes, FrequencyMeasure, Measures, MonetaryMeasure, Ratio, RecencyMeasure, Scoring};

/// Quantiles of 2 to 100 bins, few more often than many.
///
/// # Panics
///
/// Never: what is drawn is valid.
pub fn quantiles() -> impl Strategy<Value = Scoring> {
    let bins = prop_oneof![2 => 2u8..=10, 1 => 2u8..=100];
    bins.prop_map(|bins| Scoring::quantiles(Bins::new(bins).expect("2 to 100")))
}

/// Custom cuts, 1 to 99, closed on either side: whole numbers, decimals and other fractions, negative ones among them.
///
/// # Panics
///
/// Never: what is drawn is valid.
pub fn custom_cuts() -> impl Strategy<Value = CustomCuts> {
    let numerator = prop_oneof![4 => -50i64..=50, 1 => -1_000_000i64..=1_000_000];
    let denominator = prop_oneof![3 => Just(1u64), 1 => Just(100u64), 1 => Just(1_000_000_000u64), 1 => 2u64..=12];
    let cut = (numerator, denominator).prop_map(|(numerator, denominator)| Ratio::new(numerator.into(), denominator));
    let count = prop_oneof![5 => 1usize..=6, 1 => 1usize..=99];
    let cuts = count.prop_flat_map(move |count| vec(cut.clone(), count));
    (cuts, any::<bool>()).prop_map(|(mut cuts, left)| {
        cuts.sort_unstable();
        cuts.dedup();
        let closed = if left { Closed::Left } else { Closed::Right };
        CustomCuts::try_new(cuts, closed).expect("ascending, 1 to 99")
    })
}

/// A strategy of any kind.
pub fn scoring() -> impl Strategy<Value = Scoring> {
    prop_oneof![2 => quantiles().boxed(), 1 => custom_cuts().prop_map(Scoring::from).boxed()]
}

/// One strategy for each dimension, each drawn for itself.
pub fn scorings() -> impl Strategy<Value = Axes<Scoring>> {
    (scoring(), scoring(), scoring()).prop_map(|(recency, frequency, monetary)| Axes { recency, frequency, monetary })
}

/// What frequency counts, of the counts that a table of customers may stand for.
pub fn frequency_measure() -> impl Strategy<Value = FrequencyMeasure> {
    prop::sample::select(vec![FrequencyMeasure::Orders, FrequencyMeasure::Lines, FrequencyMeasure::ActiveDays])
}

/// Any measures.
pub fn measures() -> impl Strategy<Value = Measures> {
    let recency = prop::sample::select(RecencyMeasure::ALL.to_vec());
    let frequency = prop::sample::select(FrequencyMeasure::ALL.to_vec());
    let monetary = prop::sample::select(MonetaryMeasure::ALL.to_vec());
    (recency, frequency, monetary).prop_map(|(recency, frequency, monetary)| Measures { recency, frequency, monetary })
}
