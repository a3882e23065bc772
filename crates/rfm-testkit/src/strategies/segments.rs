//! Rules.

use proptest::collection::vec;
use proptest::prelude::*;
use rfm_core::{Axes, ScoreBox, ScoreRange, SegmentModel, SegmentRule};

/// A model of up to six rules over four names, with ranges, codes, wildcards, shadowed rules and empty ranges.
///
/// # Panics
///
/// If there are fewer than 2 or more than 100 bins.
pub fn segment_model(bins: Axes<u8>) -> impl Strategy<Value = SegmentModel> {
    vec(segment_rule(bins), 0..=6).prop_map(move |rules| {
        let builder = SegmentModel::builder("drawn", bins).fallback("nobody's");
        rules.into_iter().fold(builder, |builder, rule| builder.rule(rule)).build().expect("ranges within the bins")
    })
}

/// A rule whose ranges lie within the bins; a range may be empty.
pub fn segment_rule(bins: Axes<u8>) -> impl Strategy<Value = SegmentRule> {
    let name = prop::sample::select(vec!["A", "B", "\"C\" \\ ü", "D"]);
    let boxes = prop_oneof![
        3 => vec(cells(bins, false), 1),
        1 => vec(cells(bins, false), 0..=3),
        2 => vec(cells(bins, true), 0..=9),
    ];
    (name, boxes).prop_map(|(name, boxes)| SegmentRule::of_boxes(name, boxes))
}

/// A box; as a code pattern all its ranges are one score or any.
fn cells(bins: Axes<u8>, is_code: bool) -> impl Strategy<Value = ScoreBox> {
    let range = move |bins: u8| {
        let score = 1..=bins;
        let several = (score.clone(), score.clone()).prop_map(|(low, high)| ScoreRange::new(low, high));
        prop_oneof![
            2 => Just(ScoreRange::ANY),
            2 => score.prop_map(ScoreRange::from),
            if is_code { 0 } else { 4 } => several,
        ]
    };
    (range(bins.recency), range(bins.frequency), range(bins.monetary)).prop_map(|(recency, frequency, monetary)| Axes {
        recency,
        frequency,
        monetary,
    })
}
