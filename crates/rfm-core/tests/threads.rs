//! Any number of threads gives the same result.
#![cfg(feature = "rayon")]
#![allow(clippy::unwrap_used, reason = "a test program")]

use rfm_core::scoring::{Binning, Bins, Scoring, Values};
use rfm_core::{
    Amount, Axes, Customers, Day, Dimension, FrequencyMeasure, Measures, MonetaryMeasure, RecencyMeasure, Rfm, Scale,
    SegmentModel, SegmentRule, Transaction,
};

fn day(days: i32) -> Day {
    Day::from_epoch_days(15_000 + days).unwrap()
}

/// Enough customers that several threads take part of them.
fn customers() -> Customers {
    let rfm = Rfm::builder(day(900)).order_values().build().unwrap();
    let mut summaries = rfm.summaries();
    for line in 0..150_000u64 {
        let mixed = line.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24;
        let customer_id = &format!("{:05}", mixed % 90_000);
        // Few large amounts, and one beyond all others.
        let cents = i64::try_from(mixed % 5_000 * (1 + mixed % 7 * (mixed % 3))).unwrap() + 1;
        let amount = Amount::from_minor(if line == 99 { i64::MAX / 4 } else { cents });
        let day = day(i32::try_from(mixed % 890).unwrap());
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    let customers = summaries.finish().unwrap();
    assert!(customers.len() > 66_000, "{}", customers.len());
    customers
}

#[track_caller]
fn assert_alike<T: PartialEq + std::fmt::Debug + Send>(compute: impl Fn() -> T + Sync) {
    let by = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(&compute)
    };
    let one = by(1);
    for threads in [2, 4, 16] {
        assert!(by(threads) == one, "{threads} threads");
    }
}

#[test]
fn results_and_their_tables_are_the_same_for_any_number_of_threads() {
    let customers = customers();
    let builder = || Rfm::builder(day(900));
    let rate = Measures {
        recency: RecencyMeasure::Weeks,
        frequency: FrequencyMeasure::OrdersPerYear,
        monetary: MonetaryMeasure::MeanOrder,
    };
    let condition = "monetary > 100 and r >= 3".parse().unwrap();
    let by_money = SegmentModel::builder("by money", Axes::all(5)).rule(SegmentRule::new("Rich").when(condition));
    let settings = [
        builder(),
        builder().scoring(Scoring::quantiles(Bins::PERCENTILE)),
        builder().scoring("ntile".parse().unwrap()),
        builder().scoring("proc-rank".parse().unwrap()).measures(rate),
        builder().measures(rate),
        builder().binning(Binning::Nested),
        builder().segments(by_money.build().unwrap()),
    ];
    for settings in settings {
        let rfm = settings.build().unwrap();
        assert_alike(|| {
            let result = rfm.segment(customers.clone()).unwrap();
            let model = result.model();
            let tables = (result.summary(), result.score_table(), result.diagnostics());
            (tables, model.as_ref().and_then(|model| model.fitted_on().cloned()), model, result)
        });
    }
}

#[test]
fn values_that_are_selected_are_those_of_the_sorted_list() {
    let customers = customers();
    for dimension in Dimension::ALL {
        for monetary in [MonetaryMeasure::Total, MonetaryMeasure::MeanOrder] {
            let measures = Measures { monetary, ..Measures::default() };
            let column = measures.column(dimension, &customers, day(900)).unwrap();
            let values = Values::new(dimension, &column);
            let sorted = values.sorted();
            let parts: Vec<(u64, u64)> = (0..=100).map(|part| (part, 100)).collect();
            let expected: Option<Vec<_>> = parts.iter().map(|(part, parts)| sorted.quantile(*part, *parts)).collect();
            assert_eq!(values.quantiles(parts), expected);
            let runs: Vec<_> = sorted.runs().into_iter().map(|(value, run)| (value, run.len())).collect();
            assert_eq!(values.distinct(), runs);
        }
    }
    let none = Values::whole(Dimension::Monetary, &[], Scale::CENTS);
    assert_eq!((none.quantiles([(1, 2)]), none.at(&[]), none.distinct()), (None, Some(vec![]), vec![]));
}
