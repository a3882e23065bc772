//! What holds for every scoring method, those to come included: methods are drawn from the list of all.

use proptest::prelude::*;
use proptest::sample::Index;
use rfm_core::scoring::{Binning, Bins, FitError, Ntile, RandomTies, RankingStrategy, ScoringStrategy, Values};
use rfm_core::{Axes, CutMethod, Dimension, RankMethod, Ratio, RfmCell, Scale, Scoring};
use rfm_testkit::reference;
use rfm_testkit::strategies::{journal, method, policy, scorings};

use super::{CleaningPolicy, FrequencyMeasure, Reference, Rfm};
use super::{LINES, analysis_date, cells, frequency, summarise};

/// Up to 14 customers for natural breaks, of which the reference tries out every way; few distinct values or many.
fn values() -> impl Strategy<Value = Vec<i128>> {
    let value = prop_oneof![Just(0i128..=1), Just(0i128..=6), Just(-50i128..=50), Just(-1_000_000i128..=1_000_000)];
    (value, 1usize..=14).prop_flat_map(|(range, count)| prop::collection::vec(range, count))
}

fn dimension() -> impl Strategy<Value = Dimension> {
    prop::sample::select(Dimension::ALL.to_vec())
}

/// Ids whose order is that of the rows.
fn ids(count: usize) -> Vec<String> {
    (0..count).map(|row| format!("{row:03}")).collect()
}

fn scores(dimension: Dimension, method: &Scoring, values: &[i128], scale: Scale, ids: &[&str]) -> Vec<u8> {
    let of = Values::whole(dimension, values, scale);
    match method {
        Scoring::Cuts(method) => {
            let cuts = method.fit(of).unwrap();
            assert_eq!((cuts.dimension(), cuts.bins()), (dimension, method.bins()));
            let thresholds = cuts.thresholds(scale).unwrap();
            let scores: Vec<u8> = values.iter().map(|value| thresholds.score(*value).number()).collect();
            // As ratios the same values are scored the same.
            let unit = scale.minor_units().unsigned_abs();
            let ratios: Vec<u8> = values.iter().map(|value| cuts.score(Ratio::new(*value, unit)).number()).collect();
            assert_eq!(ratios, scores);
            scores
        }
        Scoring::Ranks(method) => {
            method.rank(of.with_ids(ids)).unwrap().into_iter().map(|score| score.number()).collect()
        }
    }
}

fn scores_of(dimension: Dimension, method: &Scoring, values: &[i128]) -> Vec<u8> {
    let ids = ids(values.len());
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    scores(dimension, method, values, Scale::UNITS, &ids)
}

/// The worst first.
fn from_worst(dimension: Dimension, values: &[i128]) -> Vec<i128> {
    let mut values = values.to_vec();
    values.sort_unstable();
    if dimension == Dimension::Recency {
        values.reverse();
    }
    values
}

fn shuffled<T: Clone>(items: &[T], order: &[Index]) -> Vec<T> {
    let mut items = items.to_vec();
    for (last, place) in (1..items.len()).rev().zip(order) {
        items.swap(last, place.index(last + 1));
    }
    items
}

fn order() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 14)
}

/// Any method thrice, but no natural breaks, which refuse values that are far apart.
fn any_methods() -> impl Strategy<Value = Axes<Scoring>> {
    let one = || method().prop_filter("values may be far apart", |method| method.name() != "natural-breaks");
    (one(), one(), one()).prop_map(|(recency, frequency, monetary)| Axes { recency, frequency, monetary })
}

fn rfm(scorings: &Axes<Scoring>, binning: Binning, policy: CleaningPolicy) -> Rfm {
    let Axes { recency, frequency, monetary } = scorings.clone();
    let builder = Rfm::builder(analysis_date()).recency(recency).frequency(frequency).monetary(monetary);
    builder.binning(binning).cleaning(policy).build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_method_scores_as_its_formula_says(
        dimension in dimension(), method in method(), values in values(), decimals in 0u8..=3,
    ) {
        let (scale, ids) = (Scale::new(decimals).unwrap(), ids(values.len()));
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let expected = reference::scores(dimension, &method, &values, scale, &ids);
        prop_assert_eq!(scores(dimension, &method, &values, scale, &ids), expected, "{}", method);
    }

    #[test]
    fn every_method_is_monotone_and_in_range(dimension in dimension(), method in method(), values in values()) {
        let values = from_worst(dimension, &values);
        let scores = scores_of(dimension, &method, &values);
        prop_assert!(scores.iter().all(|score| (1..=method.bins()).contains(score)));
        if matches!(method, Scoring::Cuts(_)) {
            prop_assert!(scores.is_sorted(), "{method}: {scores:?}");
            let pairs = || values.windows(2).zip(scores.windows(2));
            prop_assert!(pairs().all(|(values, scores)| values[0] != values[1] || scores[0] == scores[1]));
        }
        // Equal values of a method that ranks may be in any order, but not among better or worse ones.
        let mut both: Vec<(i128, u8)> = values.iter().copied().zip(scores).collect();
        both.sort_by_key(|(value, score)| (if dimension == Dimension::Recency { -*value } else { *value }, *score));
        prop_assert!(both.is_sorted_by_key(|(_, score)| *score), "{method}: {both:?}");
    }

    #[test]
    fn the_order_of_rows_changes_no_score(
        dimension in dimension(), method in method(), values in values(), order in order(),
    ) {
        let places: Vec<usize> = (0..values.len()).collect();
        let places = shuffled(&places, &order);
        let moved: Vec<i128> = places.iter().map(|place| values[*place]).collect();
        let keys: Vec<i64> = places.iter().map(|place| *place as i64).collect();
        let (ids, scale) = (ids(values.len()), Scale::UNITS);
        let moved_ids: Vec<&str> = places.iter().map(|place| ids[*place].as_str()).collect();
        let expected = scores_of(dimension, &method, &values);
        let found: Vec<u8> = match &method {
            Scoring::Cuts(_) => scores(dimension, &method, &moved, scale, &moved_ids),
            // Where rows tell ties apart, keys do in their place.
            Scoring::Ranks(method) => {
                let of = Values::whole(dimension, &moved, scale).with_tie_keys(&keys).with_ids(&moved_ids);
                method.rank(of).unwrap().into_iter().map(|score| score.number()).collect()
            }
        };
        for (place, score) in places.iter().zip(&found) {
            prop_assert_eq!(expected[*place], *score, "{}", method);
        }
    }

    #[test]
    fn the_unit_of_values_changes_no_score_but_of_rs_package(
        dimension in dimension(), method in method(), values in values(),
    ) {
        let by_unit = |method: &Scoring| matches!(method, Scoring::Cuts(CutMethod::RfmR(_) | CutMethod::Custom(_)));
        if !by_unit(&method) {
            let hundredfold: Vec<i128> = values.iter().map(|value| value * 100).collect();
            prop_assert_eq!(scores_of(dimension, &method, &values), scores_of(dimension, &method, &hundredfold));
        }
    }

    #[test]
    fn cut_points_mean_the_same_on_any_scale(dimension in dimension(), method in method(), values in values()) {
        let hundredfold: Vec<i128> = values.iter().map(|value| value * 100).collect();
        let ids = ids(values.len());
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let units = scores(dimension, &method, &values, Scale::UNITS, &ids);
        prop_assert_eq!(units, scores(dimension, &method, &hundredfold, Scale::CENTS, &ids));
    }

    #[test]
    fn groups_by_rank_are_as_even_as_can_be(dimension in dimension(), values in values(), bins in 2u8..=10) {
        let bins = Bins::new(bins).unwrap();
        for (method, best_first) in [(RankMethod::Ntile(Ntile::new(bins)), false), (RankMethod::NtileBestFirst(bins), true)] {
            let scores = scores_of(dimension, &Scoring::Ranks(method), &values);
            let size = |score: u8| scores.iter().filter(|other| **other == score).count();
            let mut sizes: Vec<usize> = (1..=bins.number()).map(size).collect();
            if best_first {
                sizes.reverse();
            }
            // The larger ones come first.
            prop_assert!(sizes.is_sorted_by(|one, next| one >= next), "{sizes:?}");
            prop_assert!(sizes[0] - sizes[sizes.len() - 1] <= 1, "{sizes:?}");
        }
    }

    #[test]
    fn without_ties_their_order_changes_nothing(
        dimension in dimension(), values in values(), bins in 2u8..=10, seed in any::<u64>(),
    ) {
        let values: Vec<i128> = values.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let bins = Bins::new(bins).unwrap();
        let at_random = Scoring::Ranks(RankMethod::RandomTies(RandomTies::new(bins, seed)));
        let kept = Scoring::Cuts(CutMethod::ProcRank(bins));
        prop_assert_eq!(scores_of(dimension, &at_random, &values), scores_of(dimension, &kept, &values));
    }
}

proptest! {
    #[test]
    fn every_method_scores_customers_as_the_reference_does(
        journal in journal(LINES), policy in policy(), scorings in any_methods(), nested in any::<bool>(),
    ) {
        let binning = if nested { Binning::Nested } else { Binning::Independent };
        let rfm = rfm(&scorings, binning, policy.clone());
        let customers = summarise(&journal, rfm.summaries());
        if customers.is_empty() {
            prop_assert_eq!(rfm.segment(customers), Err(FitError::Empty));
            return Ok(());
        }
        let reference = Reference::of(&journal, &policy.as_of(analysis_date()));
        let measure = FrequencyMeasure::Orders;
        let expected = match binning {
            Binning::Nested => reference.nested_scores(&scorings, measure, analysis_date()),
            _ => reference.scores(&scorings, measure, analysis_date()),
        };
        let segmentation = rfm.segment(customers.clone()).unwrap();
        prop_assert_eq!(cells(&segmentation), expected);
        // What can be frozen is, and scores the same; the rest says so.
        let can_be_frozen = !nested && scorings.iter().all(|(_, scoring)| matches!(scoring, Scoring::Cuts(_)));
        prop_assert_eq!(segmentation.model().is_some(), can_be_frozen);
        match rfm.fit(&customers) {
            Ok(model) => {
                prop_assert!(can_be_frozen);
                prop_assert_eq!(model.assign(customers).unwrap(), segmentation);
            }
            Err(FitError::Nested) => prop_assert!(nested),
            Err(error) => {
                let only_ranks = matches!(error, FitError::OnlyRanks { .. });
                prop_assert!(only_ranks && !can_be_frozen, "{}", error);
            }
        }
    }

    #[test]
    fn nested_bins_are_even_within_each_parent(journal in journal(LINES), bins in 2u8..=5) {
        let ntile = Scoring::Ranks(RankMethod::Ntile(Ntile::new(Bins::new(bins).unwrap())));
        let rfm = rfm(&Axes::all(ntile), Binning::Nested, CleaningPolicy::keep_all());
        let customers = summarise(&journal, rfm.summaries());
        if customers.is_empty() {
            return Ok(());
        }
        let cells = cells(&rfm.segment(customers).unwrap());
        let even = |parent: &dyn Fn(&RfmCell) -> bool, dimension: Dimension| {
            let size = |score: u8| {
                cells.iter().filter(|cell| parent(cell) && cell[dimension].number() == score).count()
            };
            let sizes: Vec<usize> = (1..=bins).map(size).collect();
            sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1
        };
        prop_assert!(even(&|_| true, Dimension::Recency));
        for cell in &cells {
            prop_assert!(even(&|other| other.recency == cell.recency, Dimension::Frequency));
            let both = |other: &RfmCell| (other.recency, other.frequency) == (cell.recency, cell.frequency);
            prop_assert!(even(&both, Dimension::Monetary));
        }
    }

    #[test]
    fn nesting_leaves_recency_alone(journal in journal(LINES), scorings in scorings()) {
        // Recency is scored among all either way, and who is alone in a group is scored as a single customer.
        let [independent, nested] = Binning::ALL.map(|binning| rfm(&scorings, binning, CleaningPolicy::keep_all()));
        let customers = summarise(&journal, independent.summaries());
        if customers.is_empty() {
            return Ok(());
        }
        let segment = |rfm: &Rfm| cells(&rfm.segment(customers.clone()).unwrap());
        let (independent, nested) = (segment(&independent), segment(&nested));
        prop_assert!(independent.iter().zip(&nested).all(|(one, other)| one.recency == other.recency));
        for (cell, customer) in nested.iter().zip(customers.iter()) {
            if nested.iter().filter(|other| other.recency == cell.recency).count() == 1 {
                let orders = i128::from(frequency(FrequencyMeasure::Orders, &customer));
                prop_assert_eq!(scores_of(Dimension::Frequency, &scorings.frequency, &[orders]), [cell.frequency.number()]);
            }
        }
    }
}
