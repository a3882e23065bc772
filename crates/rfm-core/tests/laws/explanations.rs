//! Explanations: what they tell of the present is so, and what they promise comes true and is the least that does.

use super::*;
use rfm_core::scoring::{Binning, Closed, CustomCuts, ScoreDisplay};
use rfm_core::{Among, Decimal, MonetaryMeasure, SegmentModel, SegmentationRow, Standing};

/// More than any pool holds, in minor units.
const FORTUNE: i128 = 1_000_000_000_000_000_000_000_000_000_000;

/// The position of the segment that a customer gets who orders more, by the same cut points: their number without a segment.
fn position_after(model: &Model, row: &SegmentationRow<'_>, times: u64, minor: i128, day: Day) -> usize {
    let (measures, customer) = (model.scoring().measures(), row.customer());
    let total = Decimal::new(customer.total().minor() + minor, customer.total().scale());
    let count = if measures.frequency == FrequencyMeasure::Lines { customer.lines() } else { customer.orders() };
    let count = Ratio::new(i128::from(count + times), 1);
    let monetary = match measures.monetary {
        MonetaryMeasure::MeanOrder => Ratio::from(total).checked_div(count).unwrap(),
        _ => Ratio::from(total),
    };
    let days = analysis_date().days_since(day.max(row.last_order()));
    let cuts = model.scoring().cuts();
    let cell = RfmCell {
        recency: cuts.recency.score(i64::from(days).into()),
        frequency: cuts.frequency.score(count),
        monetary: cuts.monetary.score(monetary),
    };
    model.segments().segment_of(cell).unwrap_or(model.segments().segments().len())
}

/// Amounts at which the monetary score may turn, from `least` on.
fn turns(model: &Model, row: &SegmentationRow<'_>, times: u64, least: i128) -> Vec<i128> {
    let orders = if model.scoring().measures().monetary == MonetaryMeasure::MeanOrder {
        i128::from(row.customer().orders() + times)
    } else {
        1
    };
    let total = row.customer().total();
    let unit = Ratio::from(total.scale().minor_units()).checked_mul(Ratio::new(orders, 1)).unwrap();
    let cuts = model.scoring().cuts().monetary.cuts().iter();
    let near = cuts.flat_map(|cut| {
        let at = cut.checked_mul(unit).unwrap().floor() - total.minor();
        [at - 1, at, at + 1]
    });
    near.filter(|minor| *minor >= least).chain([least, FORTUNE]).collect()
}

fn segments() -> impl Strategy<Value = Option<SegmentModel>> {
    prop_oneof![Just(None), segment_model(Axes::all(5)).prop_map(Some)]
}

/// Five bins by quantiles or by cuts of one's own, which need not lie where customers are.
fn five_bins() -> impl Strategy<Value = Scoring> {
    let cuts = (prop::collection::btree_set(-20i64..60, 4), any::<bool>()).prop_map(|(cuts, left)| {
        let closed = if left { Closed::Left } else { Closed::Right };
        Scoring::from(CustomCuts::try_new(cuts, closed).unwrap())
    });
    prop_oneof![Just(Scoring::QUINTILE), cuts]
}

fn monetary() -> impl Strategy<Value = MonetaryMeasure> {
    prop_oneof![Just(MonetaryMeasure::Total), Just(MonetaryMeasure::MeanOrder)]
}

proptest! {
    #[test]
    fn an_explanation_tells_the_present(
        journal in journal(LINES), scorings in scorings(), nested: bool,
        display in prop::sample::select(ScoreDisplay::ALL.to_vec()),
    ) {
        let binning = if nested { Binning::Nested } else { Binning::Independent };
        let Axes { recency, frequency, monetary } = scorings;
        let rfm = Rfm::builder(analysis_date()).recency(recency).frequency(frequency).monetary(monetary);
        let rfm = rfm.binning(binning).score_display(display).build().unwrap();
        let Some(result) = segment(&rfm, &journal) else { return Ok(()) };
        let explainer = result.explainer();
        for row in result.rows() {
            let explained = explainer.explain(&row);
            prop_assert_eq!(result.explain(row.customer_id()), Some(explained.clone()));
            prop_assert_eq!((explained.code(), explained.segment()), (row.code(), row.segment()));
            let rule = result.segment_model().rule_of(row.cell());
            prop_assert_eq!(explained.rule(), rule.map(|rule| rule + 1));
            prop_assert_eq!(explained.tried().len(), rule.unwrap_or(result.segment_model().rules().len()));
            prop_assert_eq!(explained.values().monetary.shown(), row.monetary());
            for (dimension, value) in explained.values().iter() {
                prop_assert_eq!((value.dimension(), value.score()), (dimension, row.cell()[dimension]));
                prop_assert_eq!(value.shown_score(), row.shown_scores()[dimension]);
                match value.standing() {
                    Standing::Between { low, high, closed } => {
                        let (above, up_to) = match closed {
                            Closed::Right => (low.is_none_or(|low| low < value.value()), high.is_none_or(|high| value.value() <= high)),
                            Closed::Left => (low.is_none_or(|low| low <= value.value()), high.is_none_or(|high| value.value() < high)),
                        };
                        prop_assert!(above && up_to, "{value}");
                    }
                    Standing::Ranked { among, worse, equal, better } => {
                        let expected = match (nested, dimension) {
                            (false, _) | (true, Dimension::Recency) => Among::All,
                            (true, Dimension::Frequency) => Among::SameRecency,
                            (true, Dimension::Monetary) => Among::SameRecencyAndFrequency,
                        };
                        prop_assert_eq!(among, expected);
                        let (ours, all) = (row.cell(), Dimension::ALL.into_iter());
                        let shared: Vec<Dimension> = all.take_while(|above| nested && *above != dimension).collect();
                        let group = result.rows().filter(|other| shared.iter().all(|at| other.cell()[*at] == ours[*at]));
                        let group: Vec<SegmentationRow<'_>> = group.collect();
                        let value_of = |row: &SegmentationRow<'_>| {
                            result.measures().value(dimension, &row.customer(), result.analysis_date()).unwrap()
                        };
                        let lower = group.iter().filter(|other| value_of(other) < value.value()).count() as u64;
                        prop_assert!(equal > 0);
                        prop_assert_eq!(if dimension == Dimension::Recency { better } else { worse }, lower);
                        prop_assert_eq!(worse + equal + better, group.len() as u64);
                    }
                }
            }
        }
    }

    #[test]
    fn the_smallest_change_comes_true_and_nothing_smaller_does(
        journal in journal(LINES), scorings in (five_bins(), five_bins(), five_bins()), segments in segments(), counts_lines: bool, monetary in monetary(),
    ) {
        let frequency = if counts_lines && monetary == MonetaryMeasure::Total { FrequencyMeasure::Lines } else { FrequencyMeasure::Orders };
        let measures = Measures { frequency, monetary, ..Measures::default() };
        let mut builder = Rfm::builder(analysis_date()).measures(measures);
        builder = builder.recency(scorings.0).frequency(scorings.1).monetary(scorings.2);
        if let Some(segments) = segments {
            builder = builder.segments(segments);
        }
        let Some(result) = segment(&builder.build().unwrap(), &journal) else { return Ok(()) };
        let model = result.model().expect("quantiles have cut points");
        let explainer = result.explainer();
        for row in result.rows() {
            let now = row.segment_position();
            let after = |times, minor, day| position_after(&model, &row, times, minor, day);
            let explained = explainer.explain(&row);
            let Some(change) = explained.change() else {
                prop_assert!((1..100).all(|times| after(times, FORTUNE, analysis_date()) >= now));
                continue;
            };
            let (times, least, since) = (change.times(), change.least().minor(), change.since());
            prop_assert!(times > 0 && least > 0 && since >= row.last_order());
            let told = result.segment_model().segments().iter().position(|segment| segment.name == change.segment());
            // Days far back all score the worst: the later ones are those that matter.
            let (first, last) = (since.epoch_days(), change.until().epoch_days());
            let days = (first.max(last - 70)..=last).chain([first]).map(|day| Day::from_epoch_days(day).unwrap());
            let amounts = turns(&model, &row, times, least);
            let worst = days.flat_map(|day| amounts.iter().map(move |minor| after(times, *minor, day))).max().unwrap();
            prop_assert!(worst < now, "{change}");
            prop_assert_eq!(told, Some(worst));
            // Neither fewer orders, nor less money, nor an earlier day.
            prop_assert!((1..times).all(|times| after(times, FORTUNE, analysis_date()) >= now));
            prop_assert!(least == 1 || after(times, least - 1, analysis_date()) >= now);
            if since > row.last_order() {
                let earlier = Day::from_epoch_days(since.epoch_days() - 1).unwrap();
                prop_assert!(amounts.iter().any(|minor| after(times, *minor, earlier) >= now));
            }
        }
    }
}

#[test]
fn scores_are_told_as_they_are_shown_and_groups_as_such() {
    let explained = |binning, display| {
        let rfm = Rfm::builder(analysis_date()).scoring("3".parse().unwrap()).binning(binning).score_display(display);
        let rfm = rfm.build().unwrap();
        let mut summaries = rfm.summaries();
        for (customer_id, minor) in [("ann", 500), ("bob", 900), ("cat", 700), ("dan", 600)] {
            let (day, amount) = (analysis_date(), Amount::from_minor(minor));
            summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
        }
        rfm.segment(summaries.finish().unwrap()).unwrap().explain("bob").unwrap()
    };
    let nested = explained(Binning::Nested, ScoreDisplay::OneIsBest);
    assert_eq!(nested.code().to_string(), "131");
    let shown = nested.values().as_ref().map(|_, value| value.to_string());
    assert_eq!(shown.recency, "recency 0 scores 1 (up to 0)");
    assert_eq!(shown.frequency, "frequency 1 scores 3 (0 worse, 4 equal, 0 better of the same recency score)");
    let ranked = "3 worse, 1 equal, 0 better of the same recency and frequency scores";
    assert_eq!(shown.monetary, format!("monetary 9.00 scores 1 ({ranked})"));
    assert!(nested.reason().starts_with("recency 0 scores 1 (up to 0), "));
    let plain = explained(Binning::Independent, ScoreDisplay::FromZero);
    assert_eq!((plain.code().to_string().as_str(), plain.values().monetary.shown_score()), ("202", 2));
}
