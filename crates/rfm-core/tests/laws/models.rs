//! Models that are fitted once: one customer at a time is as all at once, and drift is what it says.

use super::*;

#[cfg(feature = "json")]
use rfm_core::CountedLines;
use rfm_core::{FitError, MonetaryMeasure, RecencyMeasure, SegmentModel, SegmentRule};

/// Customers of the lines that count, who are fitted on, and later ones.
fn two_journals() -> impl Strategy<Value = (Journal, Journal)> {
    journal(LINES).prop_flat_map(|first| {
        let columns = first.columns;
        (Just(first), journal(LINES)).prop_map(move |(first, second)| (first, Journal { columns, ..second }))
    })
}

proptest! {
    #[test]
    fn one_customer_is_scored_as_all_are(
        (fitted, applied) in two_journals(), scorings in scorings(), measure in frequency_measure(),
        monetary in prop::sample::select(MonetaryMeasure::ALL.to_vec()), decimals in 0u8..=9,
    ) {
        let Axes { recency, frequency, monetary: amount } = scorings;
        let builder = Rfm::builder(analysis_date()).frequency_measure(measure).monetary_measure(monetary);
        let builder = builder.cleaning(CleaningPolicy::default().as_of(analysis_date()));
        let rfm = builder.recency(recency).frequency(frequency).monetary(amount).build().unwrap();
        let customers = summarise(&fitted, rfm.summaries());
        if customers.is_empty() {
            return Ok(());
        }
        let model = rfm.fit(&customers).unwrap();
        let applied = model.assign_at(summarise(&applied, rfm.summaries()), analysis_date()).unwrap();
        // Whatever scale is prepared for, also that of the customers.
        for scale in [Scale::new(decimals).unwrap(), applied.customers().scale()] {
            let assigner = model.prepare(scale).unwrap();
            for (row, customer) in applied.rows().zip(applied.customers().iter()) {
                let assigned = assigner.assign(&customer, analysis_date()).unwrap();
                prop_assert_eq!((assigned.cell(), assigner.name_of(assigned)), (row.cell(), row.segment()));
                let values = Axes::from_fn(|dimension| model.scoring().measures().value(dimension, &customer, analysis_date()).unwrap());
                prop_assert_eq!(assigner.assign_ratios(values), Ok(assigned));
            }
        }
    }

    #[test]
    fn values_beyond_the_cuts_are_in_the_end_bins(journal in journal(LINES), scorings in scorings(), far in 1i128..1 << 100) {
        let rfm = rfm(&scorings, FrequencyMeasure::Orders, CleaningPolicy::default().as_of(analysis_date()));
        let customers = summarise(&journal, rfm.summaries());
        if customers.is_empty() {
            return Ok(());
        }
        let model = rfm.fit(&customers).unwrap();
        let assigner = model.prepare(customers.scale()).unwrap();
        let bins = model.scoring().bins();
        let low = assigner.assign_values(Axes::all(i128::MIN + far)).unwrap();
        let high = assigner.assign_values(Axes::all(i128::MAX - far)).unwrap();
        for dimension in Dimension::ALL {
            let mut ends = [low.cell()[dimension].number(), high.cell()[dimension].number()];
            if dimension == Dimension::Recency {
                ends.reverse();
            }
            prop_assert_eq!(ends, [1, bins[dimension]]);
        }
    }

    #[test]
    fn drift_counts_every_customer_and_is_none_on_the_same_ones(
        (fitted, applied) in two_journals(), scorings in scorings(), measure in frequency_measure(),
    ) {
        let rfm = rfm(&scorings, measure, CleaningPolicy::default().as_of(analysis_date()));
        let (then, now) = (summarise(&fitted, rfm.summaries()), summarise(&applied, rfm.summaries()));
        if then.is_empty() {
            return Ok(());
        }
        let model = rfm.fit(&then).unwrap();
        let frozen = model.assign_at(now, analysis_date()).unwrap();
        if frozen.is_empty() {
            prop_assert_eq!(frozen.drift(), Err(FitError::Empty));
            return Ok(());
        }
        let drift = frozen.drift().unwrap();
        prop_assert_eq!((drift.customers_then() as usize, drift.customers_now() as usize), (then.len(), frozen.len()));
        for (dimension, axis) in drift.axes().iter() {
            prop_assert_eq!(axis.bins().len(), usize::from(model.scoring().bins()[dimension]));
            prop_assert_eq!(axis.bins().iter().map(|bin| bin.then()).sum::<u64>(), drift.customers_then());
            for bin in axis.bins() {
                let now = cells(&frozen).iter().filter(|cell| cell[dimension] == bin.score()).count();
                prop_assert_eq!(bin.now() as usize, now);
            }
            prop_assert!(axis.psi() >= 0.0);
            prop_assert!(axis.below() + axis.above() <= drift.customers_now());
        }
        // What a new fit would change is what a new fit changes.
        let again = rfm.segment(frozen.customers().clone()).unwrap();
        prop_assert_eq!(drift.refit().unwrap().comparison(), &Comparison::of(&frozen, &again));

        let still = model.assign(then).unwrap().drift().unwrap();
        prop_assert!(still.axes().iter().all(|(_, axis)| axis.psi() == 0.0 && axis.below() + axis.above() == 0));
        prop_assert_eq!(still.refit().unwrap().comparison().other_code(), Some(0));
    }

    #[cfg(feature = "json")]
    #[test]
    fn a_model_file_reads_back_exactly_and_gives_the_same_result(
        (fitted, applied) in two_journals(), scorings in scorings(), measure in frequency_measure(),
    ) {
        let rfm = rfm(&scorings, measure, CleaningPolicy::default().as_of(analysis_date()));
        let customers = summarise(&fitted, rfm.summaries());
        if customers.is_empty() {
            return Ok(());
        }
        let model = rfm.fit(&customers).unwrap();
        let text = model.to_json();
        prop_assert_eq!(violations(&text), Vec::<String>::new());
        let read = Model::from_json(&text).unwrap();
        prop_assert_eq!(&read.to_json(), &text);
        prop_assert_eq!((read.fitted_on(), &read), (model.fitted_on(), &model));
        let applied = summarise(&applied, rfm.summaries());
        let result = read.assign_at(applied.clone(), analysis_date()).unwrap();
        prop_assert_eq!(&result, &model.assign_at(applied, analysis_date()).unwrap());
        // A result of a model knows that model.
        prop_assert_eq!(result.model().unwrap().to_json(), text);
        // And the model of a result is the one that a fit gives.
        prop_assert_eq!(rfm.segment(customers).unwrap().model().unwrap().to_json(), model.to_json());
    }

    #[cfg(feature = "json")]
    #[test]
    fn no_text_makes_a_model_file_panic(at in 0usize..4_000, to in "[\\[\\]{}\",:0-9a-z\\\\ é-]{0,6}", length in 0usize..12) {
        let text = include_str!("../models/v1.json");
        let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let (start, end) = (boundary(at % text.len()), boundary(at % text.len() + length));
        let damaged = [&text[..start], &to, &text[end..]].concat();
        match Model::from_json(&damaged) {
            Ok(model) => prop_assert_eq!(Model::from_json(&model.to_json()), Ok(model)),
            Err(error) => prop_assert!(error.line <= damaged.lines().count() + 1, "{error}"),
        }
    }
}

/// A shop with names that need quoting, cuts that are no whole numbers, and every key of a file.
#[cfg(feature = "json")]
fn model_of_version_1() -> Model {
    let segments = SegmentModel::builder("two \"groups\"", Axes { recency: 3, frequency: 2, monetary: 5 })
        .description("What version 1 holds")
        .rule(SegmentRule::new("Active").recency(2..=3))
        .rule(SegmentRule::of_codes("Größte", "1*5 125").unwrap())
        .fallback("Rest")
        .build()
        .unwrap();
    let rfm = Rfm::builder("2011-12-10".parse().unwrap())
        .recency("3".parse::<Scoring>().unwrap())
        .frequency("cuts 2".parse::<Scoring>().unwrap())
        .monetary_measure(MonetaryMeasure::MeanOrder)
        .segments(segments)
        .build()
        .unwrap();
    let mut summaries = rfm.summaries();
    for (customer_id, order, day, cents) in
        [("ann", "1", 9, 1_999), ("ann", "2", 9, 1), ("ann", "3", 8, 5), ("bob", "4", 1, 500), ("cat", "5", 5, 700)]
    {
        let (day, amount) = (Day::from_ymd(2011, 12, day).unwrap(), Amount::from_minor(cents));
        summaries.push(Transaction { customer_id, order_id: Some(order), day, amount }).unwrap();
    }
    rfm.fit(&summaries.finish().unwrap()).unwrap().with_currency("GBP")
}

/// How a file breaks the published schema.
#[cfg(feature = "json")]
fn violations(text: &str) -> Vec<String> {
    let schema = serde_json::from_str(Model::FILE_SCHEMA).unwrap();
    rfm_testkit::schema::violations(&schema, &serde_json::from_str(text).unwrap())
}

#[cfg(feature = "json")]
#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let text = include_str!("../models/v1.json");
    assert_eq!(violations(text), Vec::<String>::new());
    for (from, to) in [
        ("\"version\": 1", "\"version\": 2"),
        ("\"currency\"", "\"curency\""),
        ("\"right\"", "\"rigth\""),
        ("\"denominator\": 3", "\"denominator\": 0"),
        ("\"scale\": 2", "\"scale\": 10"),
        ("\"order-id\"", "\"order\""),
        ("blake3:2b", "blake3:2B"),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert!(Model::from_json(&damaged).is_err() && !violations(&damaged).is_empty(), "{to}");
    }
    let lines = CountedLines::of(&CleaningPolicy::online_retail(), true);
    let counted = Model::from_json(text).unwrap().with_counted_lines(lines).to_json();
    assert_eq!(violations(&counted), Vec::<String>::new());
    let damaged = counted.replacen("\"drop\"", "\"dropped\"", 1);
    assert!(Model::from_json(&damaged).is_err() && !violations(&damaged).is_empty());
    let noted = text.replacen("\"version\"", "\"x-by\": \"Ann\", \"version\"", 1);
    assert!(Model::from_json(&noted).is_ok() && violations(&noted).is_empty());
}

/// The file stays as it is, in all versions to come. If it cannot be read any more, the promise is broken.
#[cfg(feature = "json")]
#[test]
fn the_model_file_of_version_1_is_read_and_written_as_ever() {
    let text = include_str!("../models/v1.json");
    let (read, model) = (Model::from_json(text).unwrap(), model_of_version_1());
    assert_eq!((read.to_json().as_str(), &read), (text, &model));
    // The library is another one some day.
    let library = |model: &Model| model.fitted_on().unwrap().library().to_owned();
    let written = model.to_json().replace(&format!("{:?}", library(&model)), &format!("{:?}", library(&read)));
    assert_eq!(written, text);
}

#[test]
fn what_does_not_fit_a_model_is_refused() {
    let of_lines = Rfm::builder(analysis_date()).frequency_measure(FrequencyMeasure::Lines).build().unwrap();
    let of_orders = Rfm::builder(analysis_date()).build().unwrap();
    let medians = Rfm::builder(analysis_date()).monetary_measure(MonetaryMeasure::MedianOrder).build().unwrap();
    let customers = |rfm: &Rfm, order_id: Option<&str>| {
        let mut summaries = rfm.summaries();
        let (day, amount) = (analysis_date(), Amount::from_minor(500));
        summaries.push(Transaction { customer_id: "ann", order_id, day, amount }).unwrap();
        summaries.finish().unwrap()
    };
    let (with_ids, without) = (customers(&of_orders, Some("1")), customers(&of_orders, None));

    // Without order ids each line is an order, which matters unless lines are what is counted.
    let error = of_orders.fit(&with_ids).unwrap().assign(without.clone()).unwrap_err();
    assert!(matches!(error, FitError::OrderDefinition { .. }), "{error}");
    let assigner = of_orders.fit(&with_ids).unwrap().prepare(Scale::CENTS).unwrap();
    assert_eq!(assigner.assign(&without.get(0).unwrap(), analysis_date()), Err(error));
    assert!(of_lines.fit(&with_ids).unwrap().assign(without).is_ok());

    let model = medians.fit(&customers(&medians, Some("1"))).unwrap();
    assert!(matches!(model.assign(with_ids.clone()), Err(FitError::NotKept(_))));
    let assigner = model.prepare(Scale::CENTS).unwrap();
    let ann = with_ids.get(0).unwrap();
    let not_kept = assigner.assign(&ann, analysis_date()).unwrap_err();
    assert_eq!(not_kept, model.assign(with_ids.clone()).unwrap_err());
    assert!(not_kept.to_string().ends_with("needs the value of each order, which these summaries do not have"));
    let elapsed = Rfm::builder(analysis_date()).recency_measure(RecencyMeasure::ELAPSED).build().unwrap();
    let cuts = model.scoring().cuts().clone();
    let timed = ScoringModel::from_cuts(cuts, elapsed.measures(), analysis_date()).unwrap();
    let timed = Model::try_new(timed, model.segments().clone()).unwrap();
    let without_times = timed.prepare(Scale::CENTS).unwrap().assign(&ann, analysis_date()).unwrap_err();
    assert!(without_times.to_string().contains("needs the time of the last order"), "{without_times}");
    assert_eq!(timed.assign(with_ids.clone()), Err(without_times));
    let day_before = Day::from_epoch_days(ANALYSIS_DATE - 1).unwrap();
    assert!(matches!(assigner.assign(&ann, day_before), Err(FitError::OrdersAfterAnalysisDate { .. })));

    let in_euro = model.with_currency("EUR");
    assert_eq!(in_euro.check_currency(" eur"), Ok(()));
    assert!(matches!(in_euro.check_currency("USD"), Err(FitError::Currency { .. })));
}

#[test]
fn what_an_order_is_matters_to_rules_about_orders() {
    // Nothing that is measured depends on it.
    let measures = Measures { frequency: FrequencyMeasure::Lines, ..Measures::default() };
    let fitted_without_ids = |condition: &str, order_id: Option<&str>| {
        let rule = SegmentRule::new("A").when(condition.parse().unwrap());
        let segments = SegmentModel::builder("one", Axes::all(5)).rule(rule).build().unwrap();
        let rfm = Rfm::builder(analysis_date()).measures(measures).segments(segments).build().unwrap();
        let customers = |order_id: Option<&str>| {
            let mut summaries = rfm.summaries();
            let (day, amount) = (analysis_date(), Amount::from_minor(500));
            summaries.push(Transaction { customer_id: "ann", order_id, day, amount }).unwrap();
            summaries.finish().unwrap()
        };
        let (model, customers) = (rfm.fit(&customers(None)).unwrap(), customers(order_id));
        let one = model.prepare(Scale::CENTS).unwrap().assign(&customers.get(0).unwrap(), analysis_date());
        let all = model.assign(customers);
        assert_eq!(all.is_ok(), one.is_ok(), "{condition}");
        !matches!(all, Err(FitError::OrderDefinition { .. }))
    };
    for condition in ["orders > 1", "mean_order > 1", "median_order > 1 or r = 1", "not largest_order > 1"] {
        assert!(fitted_without_ids(condition, None), "{condition}");
        assert!(!fitted_without_ids(condition, Some("1")), "{condition}");
    }
    for condition in ["lines > 1", "total > 1", "active_days > 1", "recency_days > 1", "frequency > 1", "r = 1"] {
        assert!(fitted_without_ids(condition, Some("1")), "{condition}");
    }
}
