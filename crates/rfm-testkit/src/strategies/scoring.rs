//! Where dimensions are cut.

use proptest::collection::vec;
use proptest::prelude::*;
use rfm_core::scoring::{Bins, Closed, CustomCuts, Percentiles, RandomTies};
use rfm_core::{Axes, FrequencyMeasure, Measures, MonetaryMeasure, RankMethod, Ratio, RecencyMeasure, Scoring};

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

/// Percentages, 1 to 6, with up to two decimals.
///
/// # Panics
///
/// Never: what is drawn is valid.
pub fn percentiles() -> impl Strategy<Value = Percentiles> {
    prop::collection::btree_set(1i128..10_000, 1..=6).prop_map(|hundredths| {
        let percentages = hundredths.into_iter().map(|hundredths| Ratio::new(hundredths, 100));
        Percentiles::try_new(percentages).expect("ascending, above 0 and below 100")
    })
}

/// Any method that a number of bins makes, of those that `wanted` likes.
fn by_bins(wanted: fn(&Scoring) -> bool) -> impl Strategy<Value = Scoring> {
    let bins = prop_oneof![4 => 2u8..=10, 1 => 2u8..=100];
    (bins, any::<prop::sample::Index>()).prop_map(move |(bins, index)| {
        let mut methods = Scoring::methods(Bins::new(bins).expect("2 to 100"));
        methods.retain(wanted);
        index.get(&methods).clone()
    })
}

/// Any method at all.
///
/// # Panics
///
/// Never: what is drawn is valid.
pub fn method() -> impl Strategy<Value = Scoring> {
    let random_ties = (2u8..=10, any::<u64>()).prop_map(|(bins, seed)| {
        let random = RandomTies::new(Bins::new(bins).expect("2 to 100"), seed);
        Scoring::Ranks(RankMethod::RandomTies(random))
    });
    prop_oneof![
        14 => by_bins(|_| true).boxed(),
        1 => random_ties.boxed(),
        1 => percentiles().prop_map(Scoring::from).boxed(),
        1 => custom_cuts().prop_map(Scoring::from).boxed(),
    ]
}

/// Any method that gives cut points of any values; natural breaks do not where values are far apart.
pub fn scoring() -> impl Strategy<Value = Scoring> {
    let any_values = |method: &Scoring| matches!(method, Scoring::Cuts(_)) && method.name() != "natural-breaks";
    prop_oneof![
        2 => quantiles().boxed(),
        3 => by_bins(any_values).boxed(),
        1 => percentiles().prop_map(Scoring::from).boxed(),
        2 => custom_cuts().prop_map(Scoring::from).boxed(),
    ]
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
    let recency = RecencyMeasure::ALL.into_iter().filter(|measure| !measure.needs_times());
    let recency = prop::sample::select(recency.collect::<Vec<_>>());
    let frequency = prop::sample::select(FrequencyMeasure::ALL.to_vec());
    let monetary = prop::sample::select(MonetaryMeasure::ALL.to_vec());
    (recency, frequency, monetary).prop_map(|(recency, frequency, monetary)| Measures { recency, frequency, monetary })
}
