//! Results to write, and simple strategies for them.

use proptest::prelude::*;
use rfm_core::scoring::ScoreDisplay;
use rfm_core::{
    Amount, Axes, CleaningPolicy, Day, Rfm, Scale, Scoring, SegmentModel, SegmentRule, Segmentation, Transaction,
};
use rfm_output::{ExtraColumn, Format};

/// The formats that are texts.
pub(crate) const TEXTS: [Format; 3] = [Format::Csv, Format::Json, Format::JsonLines];

/// Customer, order, day from 0 to 299 before the analysis date, minor units.
pub(crate) type Line = (String, u8, i32, i64);

pub(crate) fn analysis_date() -> Day {
    Day::from_ymd(2011, 12, 10).unwrap()
}

/// Settings with weights and two segments of these names, in quartiles, or deciles where the codes are wide.
pub(crate) fn settings(scale: Scale, names: [&str; 2], scoring: Scoring) -> Rfm {
    let segments = SegmentModel::builder("two", Axes::all(scoring.bins()))
        .rule(SegmentRule::new(names[0]).recency(2..=scoring.bins()))
        .rule(SegmentRule::new(names[1]).recency(1..=1))
        .build()
        .unwrap();
    Rfm::builder(analysis_date())
        .scoring(scoring)
        .segments(segments)
        .cleaning(CleaningPolicy::keep_all())
        .scale(scale)
        .order_values()
        .active_days()
        .weights("0.3,0.4,0.3".parse().unwrap())
        .build()
        .unwrap()
}

/// Any way to show scores.
pub(crate) fn score_display() -> impl Strategy<Value = ScoreDisplay> {
    prop::sample::select(ScoreDisplay::ALL.to_vec())
}

/// The result of these lines; none if no line counts.
pub(crate) fn segment(rfm: &Rfm, lines: &[Line]) -> Option<Segmentation> {
    let mut summaries = rfm.summaries();
    for (customer_id, order, ago, minor) in lines {
        let day = Day::from_epoch_days(analysis_date().epoch_days() - ago).unwrap();
        let (order, amount) = (order.to_string(), Amount::from_minor(*minor));
        summaries.push(Transaction { customer_id, order_id: Some(&order), day, amount }).unwrap();
    }
    rfm.segment(summaries.finish().unwrap()).ok()
}

/// The result of three customers in the built-in segments, and its settings.
pub(crate) fn three() -> (Rfm, Segmentation) {
    let rfm = Rfm::builder(analysis_date()).build().unwrap();
    let line = |id: &str, order, ago, minor| (id.to_owned(), order, ago, minor);
    let lines = [
        line("ann", 1, 1, 1_999),
        line("ann", 2, 8, 123_456_700),
        line("bob", 1, 40, 500),
        line("", 1, 3, 75),
        line("cat", 1, 200, 100),
    ];
    let result = segment(&rfm, &lines).unwrap();
    (rfm, result)
}

/// Texts that break writers, much more often than chance would; never blank.
pub(crate) fn nasty() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        any::<String>(),
        "['\",;|\t\r\n =+@a\u{0}\u{1b}\u{202e}\u{ff1d}\\\\/<>-]{1,6}",
        Just("=cmd|' /C calc'!A0".to_owned()),
        "[a-z0-9]{1,4}",
    ];
    text.prop_filter("blanks are no id", |text| !text.trim_ascii().is_empty())
}

pub(crate) fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (nasty(), 0u8..4, 0i32..300, prop_oneof![-1_000_000i64..10_000_000_000, any::<i64>()]);
    prop::collection::vec(line, 1..20)
}

pub(crate) fn scale() -> impl Strategy<Value = Scale> {
    (0u8..=9).prop_map(|decimals| Scale::new(decimals).unwrap())
}

pub(crate) fn scoring() -> impl Strategy<Value = Scoring> {
    prop_oneof![Just(Scoring::QUARTILE), Just(Scoring::DECILE)]
}

/// The columns beyond the usual ones that the customers of a result can fill.
pub(crate) fn extra_columns(result: &Segmentation) -> Vec<ExtraColumn> {
    let has_returns = result.customers().has_returns();
    ExtraColumn::ALL.into_iter().filter(|column| has_returns || !column.needs_returns()).collect()
}
