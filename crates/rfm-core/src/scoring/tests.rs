use super::*;
use crate::axes::{Axes, RfmCell, Score};
use crate::cleaning::CleaningPolicy;
use crate::day::Day;
use crate::measures::{FrequencyMeasure, Measures};
use crate::model::{Model, Rfm};
use crate::money::Amount;
use crate::money::{Decimal, Scale};
use crate::ratio::Ratio;
use crate::segments::SegmentModel;
use crate::summaries::{Customers, Summaries};
use crate::{Segmentation, Transaction};

/// Miles per gallon of R's `mtcars`, in tenths.
pub(super) const MPG: [i128; 32] = [
    210, 210, 228, 214, 187, 181, 143, 244, 228, 192, 178, 164, 173, 152, 104, 104, 147, 324, 304, 339, 215, 155, 152,
    133, 192, 273, 260, 304, 158, 197, 150, 214,
];

pub(super) fn scale(decimals: u8) -> Scale {
    Scale::new(decimals).unwrap()
}

pub(super) fn day(epoch_days: i32) -> Day {
    Day::from_epoch_days(epoch_days).unwrap()
}

fn fit(bins: u8, values: &[i128], scale: Scale) -> CutPoints {
    Bins::new(bins).unwrap().fit(Values::whole(Dimension::Monetary, values, scale)).unwrap()
}

pub(super) fn numbers(cuts: &CutPoints, values: &[i128], scale: Scale) -> Vec<u8> {
    let thresholds = cuts.thresholds(scale).unwrap();
    values.iter().map(|value| thresholds.score(*value).number()).collect()
}

/// The scores of values on one dimension by quantiles of the same values.
fn quantile_scores(dimension: Dimension, bins: u8, values: &[i128]) -> Vec<u8> {
    let cuts = Bins::new(bins).unwrap().fit(Values::whole(dimension, values, Scale::UNITS)).unwrap();
    numbers(&cuts, values, Scale::UNITS)
}

/// Customers a, b, c, …: days before day 1000, and what they spent, each on one order.
fn customers_at(scale: Scale, rows: &[(i32, i64)]) -> Customers {
    let mut summaries = Summaries::new(CleaningPolicy::keep_all()).with_scale(scale);
    for (at, (days_ago, minor)) in rows.iter().enumerate() {
        let customer_id = format!("{at:03}");
        let (day, amount) = (day(1000 - days_ago), Amount::from_minor(*minor));
        summaries.push(Transaction { customer_id: &customer_id, order_id: Some("1"), day, amount }).unwrap();
    }
    summaries.finish().unwrap()
}

pub(super) fn customers(rows: &[(i32, i64)]) -> Customers {
    customers_at(Scale::CENTS, rows)
}

fn segmentation(rows: &[(i32, i64)]) -> Segmentation {
    Rfm::builder(day(1000)).build().unwrap().segment(customers(rows)).unwrap()
}

fn codes(segmentation: &Segmentation) -> Vec<String> {
    segmentation.rows().map(|row| row.code().to_string()).collect()
}

#[test]
fn cuts_are_the_type_7_quantiles_of_published_numbers() {
    // The published numbers, 16.20, 18.92, 22.00 and 25.08, are of R's package rfm, which adds 1.
    let cuts = fit(5, &MPG, scale(1));
    let expected = [Ratio::new(152, 10), Ratio::new(1_792, 100), Ratio::from(21), Ratio::new(2_408, 100)];
    assert_eq!(cuts.cuts(), expected);
    assert_eq!(cuts.cuts().iter().map(Ratio::to_string).collect::<Vec<_>>(), ["15.2", "17.92", "21", "24.08"]);
    // R: quantile(mtcars$mpg) is 10.4, 15.425, 19.2, 22.8, 33.9.
    assert_eq!(fit(4, &MPG, scale(1)).cuts(), [Ratio::new(15_425, 1_000), Ratio::new(192, 10), Ratio::new(228, 10)]);
    assert_eq!(fit(2, &MPG, scale(1)).cuts(), [Ratio::new(192, 10)]);
}

#[test]
fn the_unit_of_values_does_not_move_cuts() {
    let finer: Vec<i128> = MPG.iter().map(|mpg| mpg * 10_000).collect();
    assert_eq!(fit(5, &MPG, scale(1)), fit(5, &finer, scale(5)));
    let cuts = fit(7, &MPG, scale(1));
    assert_eq!(numbers(&cuts, &MPG, scale(1)), numbers(&cuts, &finer, scale(5)));
}

#[test]
fn a_value_on_a_cut_lies_in_the_bin_below() {
    let values = [1, 2, 3, 4, 5, 6];
    assert_eq!(fit(5, &values, Scale::UNITS).cuts(), [2, 3, 4, 5].map(Ratio::from));
    assert_eq!(quantile_scores(Dimension::Monetary, 5, &values), [1, 1, 2, 3, 4, 5]);
    // On recency the bin below is the better one.
    assert_eq!(quantile_scores(Dimension::Recency, 5, &values), [5, 5, 4, 3, 2, 1]);
}

#[test]
fn equal_values_share_a_bin() {
    // The example of METHODS b.2, where R gives 1,1,1,1,1,1,1,4,4,5; its cuts are higher by 1.
    let values = [1, 1, 1, 1, 1, 1, 1, 2, 3, 9];
    let cuts = fit(5, &values, Scale::UNITS);
    assert_eq!(cuts.cuts(), [Ratio::from(1), Ratio::from(1), Ratio::from(1), Ratio::new(22, 10)]);
    assert_eq!(quantile_scores(Dimension::Frequency, 5, &values), [1, 1, 1, 1, 1, 1, 1, 4, 5, 5]);
    assert_eq!(quantile_scores(Dimension::Frequency, 5, &[7; 10]), [1; 10]);
    assert_eq!(quantile_scores(Dimension::Recency, 5, &[7; 10]), [5; 10]);
}

#[test]
fn quantiles_of_every_number_of_bins_stay_within_it() {
    let values: Vec<i128> = (0..101).map(|value| value * value - 50).collect();
    for bins in 2..=100 {
        let scores = quantile_scores(Dimension::Monetary, bins, &values);
        assert_eq!((scores[0], scores[100]), (1, bins));
        assert!(scores.is_sorted());
        // 101 distinct values are enough to fill 100 bins.
        let mut used = scores;
        used.dedup();
        assert_eq!(used, (1..=bins).collect::<Vec<_>>());
    }
    assert_eq!((Bins::new(0), Bins::new(1), Bins::new(101)), (None, None, None));
}

#[test]
fn quantiles_of_nothing_are_an_error() {
    let values = Values::whole(Dimension::Recency, &[], Scale::UNITS);
    assert_eq!(Bins::QUINTILE.fit(values), Err(FitError::Empty));
    let fit = ScoringModel::fit(&Axes::all(Bins::QUINTILE), Measures::default(), day(1000), &customers(&[]));
    assert_eq!(fit.unwrap_err().to_string(), "there is no customer to learn cut points from");
}

#[test]
fn quantiles_beyond_128_bits_are_an_error() {
    for values in [[i128::MIN, i128::MAX], [i128::MAX, i128::MAX]] {
        let values = Values::whole(Dimension::Monetary, &values, Scale::UNITS);
        let error = Bins::QUINTILE.fit(values).unwrap_err();
        assert_eq!(error.to_string(), "a cut point of monetary does not fit 128 bits");
    }
}

#[test]
fn one_customer_scores_best_on_recency_and_worst_elsewhere() {
    let one = segmentation(&[(3, 500)]);
    assert_eq!(codes(&one), ["511"]);
    let all_equal = |dimension, shown| Diagnostic::AllEqual { dimension, score: Score::new(shown).unwrap(), shown };
    let expected =
        [all_equal(Dimension::Recency, 5), all_equal(Dimension::Frequency, 1), all_equal(Dimension::Monetary, 1)];
    assert_eq!(one.diagnostics(), expected);
    assert_eq!(expected[0].to_string(), "recency: all customers have the same value and score 5, which tells nothing");
}

#[test]
fn customers_who_are_all_equal_are_scored_as_one() {
    let all = segmentation(&[(3, 500); 20]);
    assert!(codes(&all).iter().all(|code| code == "511"));
    assert_eq!(all.diagnostics(), segmentation(&[(3, 500)]).diagnostics());
}

#[test]
fn scores_that_ties_leave_empty_are_reported() {
    // Of ten customers nine spent 5.00.
    let mut rows: Vec<(i32, i64)> = (0..10).map(|days| (days, 500)).collect();
    rows[3].1 = 900;
    let segmentation = segmentation(&rows);
    let diagnostics = segmentation.diagnostics();
    let [Diagnostic::AllEqual { dimension: Dimension::Frequency, .. }, empty] = diagnostics.as_slice() else {
        panic!("{diagnostics:?}");
    };
    let scores = [2, 3, 4].map(|score| Score::new(score).unwrap()).to_vec();
    assert_eq!(
        empty,
        &Diagnostic::EmptyScores {
            dimension: Dimension::Monetary,
            distinct_values: 2,
            scores,
            shown: vec![2, 3, 4],
            cause: EmptyCause::Ties
        }
    );
    assert_eq!(
        empty.to_string(),
        "monetary: nobody scores 2, 3, 4, because equal values share a score (2 distinct values)"
    );
    let table = segmentation.score_table();
    assert_eq!(table.monetary.iter().map(|row| row.customers()).collect::<Vec<_>>(), [9, 0, 0, 0, 1]);
    assert_eq!(table.monetary[0].share().unwrap().to_string(), "0.900000");
    assert_eq!(table.monetary[1].range(), None);
    let (low, high) = table.recency[4].range().unwrap();
    assert_eq!((low.to_string(), high.to_string()), ("0".to_owned(), "1".to_owned()));
}

#[test]
fn lines_taken_as_orders_are_reported() {
    let rfm = Rfm::builder(day(1000)).build().unwrap();
    let mut summaries = rfm.summaries();
    for (customer_id, days_ago, cents) in [("ann", 1, 5), ("bob", 2, 6), ("bob", 2, 6)] {
        let (day, amount) = (day(1000 - days_ago), Amount::from_minor(cents));
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    let diagnostics = rfm.segment(summaries.finish().unwrap()).unwrap().diagnostics();
    assert_eq!(diagnostics[0], Diagnostic::LinesAreOrders);
    assert_eq!(diagnostics[0].to_string(), "there are no order ids: each line counts as an order");
}

#[test]
fn custom_cuts_hold_their_own_value_below_or_above() {
    let values = [29, 30, 31, 89, 90, 91];
    let scores = |text: &str, dimension| {
        let cuts: CustomCuts = text.parse().unwrap();
        let cuts = cuts.fit(Values::whole(dimension, &[], Scale::UNITS)).unwrap();
        numbers(&cuts, &values, Scale::UNITS)
    };
    for text in ["30,90", "<=30, 90", " 30 , 90.0 "] {
        assert_eq!(scores(text, Dimension::Frequency), [1, 1, 2, 2, 2, 3], "{text}");
        assert_eq!(scores(text, Dimension::Recency), [3, 3, 2, 2, 2, 1], "{text}");
    }
    assert_eq!(scores(">=30, 90", Dimension::Frequency), [1, 2, 2, 2, 3, 3]);
    assert_eq!(scores(">=30, 90", Dimension::Recency), [3, 2, 2, 2, 1, 1]);
    // Between whole numbers both sides are the same.
    assert_eq!(scores("30.5", Dimension::Frequency), [1, 1, 2, 2, 2, 2]);
    assert_eq!(scores(">=30.5", Dimension::Frequency), [1, 1, 2, 2, 2, 2]);
    assert_eq!(scores("-1", Dimension::Frequency), [2; 6]);
}

#[test]
fn custom_cuts_are_in_units_whatever_the_scale() {
    let cuts: CustomCuts = "50, 200.5".parse().unwrap();
    let cuts = cuts.fit(Values::whole(Dimension::Monetary, &[], Scale::CENTS)).unwrap();
    assert_eq!(numbers(&cuts, &[5_000, 5_001, 20_050, 20_051], Scale::CENTS), [1, 2, 2, 3]);
    assert_eq!(numbers(&cuts, &[50, 51, 200, 201], Scale::UNITS), [1, 2, 2, 3]);
    assert_eq!(numbers(&cuts, &[50_000_000_000, 50_000_000_001], Scale::MAX), [1, 2]);
    assert_eq!(numbers(&cuts, &[-5_000, 0], Scale::CENTS), [1, 1]);
}

#[test]
fn cut_points_that_are_none_are_refused() {
    let error = |text: &str| text.parse::<CustomCuts>().unwrap_err().to_string();
    assert_eq!(error("90,30"), "cut points must ascend: 30 stands behind 90");
    assert_eq!(error("30,30.0"), "cut points must ascend: 30 stands behind 30");
    assert_eq!(error("30,,90"), "expected cut points such as `30, 90, 180`, found ``");
    assert_eq!(error("30;90"), "expected cut points such as `30, 90, 180`, found `30;90`");
    assert_eq!(error(""), "expected cut points such as `30, 90, 180`, found ``");
    let many = CustomCuts::try_new((0..100).map(Ratio::from), Closed::Right).unwrap_err();
    assert_eq!(many.to_string(), "expected 1 to 99 cut points, found 100");
    assert_eq!(CustomCuts::try_new([0i64; 0], Closed::Left), Err(CutError::Count { found: 0 }));
    assert_eq!(CustomCuts::try_new(0..99, Closed::Right).unwrap().bins(), 100);
}

#[test]
fn custom_cuts_read_back_what_they_show() {
    for text in ["30,90,180", ">=-0.5,0.000000001,7"] {
        let cuts: CustomCuts = text.parse().unwrap();
        assert_eq!(cuts.to_string(), text);
        assert_eq!(Scoring::from(cuts).to_string(), format!("cuts {text}"));
    }
}

#[test]
fn quantiles_and_custom_cuts_mix_freely() {
    let rows: Vec<(i32, i64)> = (0..12).map(|at| (at * 10, 1_000 + i64::from(at) * 500)).collect();
    let rfm = Rfm::builder(day(1000))
        .recency("30, 60".parse::<CustomCuts>().unwrap())
        .frequency(Scoring::DECILE)
        .monetary(">=20, 40, 60".parse::<CustomCuts>().unwrap())
        .build()
        .unwrap();
    let segmentation = rfm.segment(customers(&rows)).unwrap();
    assert_eq!(segmentation.bins(), Axes { recency: 3, frequency: 10, monetary: 4 });
    let codes = codes(&segmentation);
    assert_eq!(codes[..4], ["3-1-1", "3-1-1", "3-1-2", "3-1-2"]);
    assert_eq!(codes[10..], ["1-1-4", "1-1-4"]);
    assert!(segmentation.rows().all(|row| row.segment() == "Unsegmented"));
}

#[test]
fn names_of_strategies_are_read_and_shown() {
    for (text, bins, shown) in [
        ("tertile", 3, "tertile"),
        (" Quartile ", 4, "quartile"),
        ("QUINTILE", 5, "quintile"),
        ("decile", 10, "decile"),
        ("percentile", 100, "percentile"),
        ("5", 5, "quintile"),
        ("7", 7, "7 quantiles"),
    ] {
        let scoring: Scoring = text.parse().unwrap();
        assert_eq!((scoring.bins(), scoring.to_string().as_str()), (bins, shown));
    }
}

#[test]
fn unknown_strategies_are_refused_with_the_nearest_name() {
    let error = |text: &str| text.parse::<Scoring>().unwrap_err().to_string();
    let expected = |text: &str| {
        format!(
            "no scoring `{text}`; expected quartile, quintile, decile, a number of bins from 2 to 100, cuts 30,90, or another \
             method: quantile, quantile-left, rfm-r, percent-rank, cume-dist, cume-dist-worst-first, rank-min-cut, proc-rank, \
             p0-quartile, natural-breaks, tiles-current, tiles-next, qcut-drop, ntile, ntile-best-first, rank-first-qcut, \
             percentiles:20,50,80, random-ties:BINS:SEED"
        )
    };
    assert_eq!(error("quintle"), expected("quintle") + "; did you mean `quintile`?");
    assert_eq!(error("Dezile"), expected("Dezile") + "; did you mean `decile`?");
    assert_eq!(error("natural-break:4"), expected("natural-break:4") + "; did you mean `natural-breaks`?");
    for text in ["1", "101", "-5", "5.0", "256", "", "k-means"] {
        assert_eq!(error(text), expected(text));
    }
    let lacks = |text: &str, what: &str| assert_eq!(error(text), format!("no scoring `{text}`; expected {what}"));
    for text in ["ntile:1", "ntile:101", "ntile:", "ntile:x"] {
        lacks(text, "2 to 100 bins behind the name, such as ntile:4");
    }
    for text in ["percentiles", "percentiles:", "percentiles:50,20", "percentiles:0,50", "percentiles:100"] {
        lacks(text, "ascending percentages between 0 and 100, such as percentiles:20,50,80");
    }
    for text in ["random-ties", "random-ties:5", "random-ties:5:", "random-ties:1:1", "random-ties:5:-1"] {
        lacks(text, "2 to 100 bins and a seed behind the name, such as random-ties:5:42");
    }
}

#[test]
fn a_model_means_the_same_for_another_scale() {
    let rows: Vec<(i32, i64)> = (0..20i32).map(|at| (at, i64::from(at * at) * 100)).collect();
    let whole: Vec<(i32, i64)> = rows.iter().map(|(days, cents)| (*days, cents / 100)).collect();
    let scoring = Axes::all(Bins::QUINTILE);
    let fit = |customers: &Customers| ScoringModel::fit(&scoring, Measures::default(), day(1000), customers);
    let (cents, units) = (customers(&rows), customers_at(Scale::UNITS, &whole));
    let model = fit(&cents).unwrap();
    assert_eq!(model, fit(&units).unwrap());
    assert_eq!(model.score_all(&cents, day(1000)), model.score_all(&units, day(1000)));

    let mills = customers_at(scale(3), &[(0, 361_001), (0, 361_000), (0, 0)]);
    let scores = model.score_all(&mills, day(1000)).unwrap();
    assert_eq!(scores.iter().map(|cell| cell.monetary.number()).collect::<Vec<_>>(), [5, 5, 1]);
}

#[test]
fn a_cut_that_does_not_fit_the_scale_is_an_error() {
    let huge = CustomCuts::try_new([Ratio::new(i128::MAX, 1)], Closed::Right).unwrap();
    let lowest = CustomCuts::try_new([Ratio::new(i128::MIN, 1)], Closed::Left).unwrap();
    let model = |monetary| {
        let scoring = Axes { monetary, ..Axes::all(CutMethod::Quantile(Bins::QUARTILE)) };
        ScoringModel::fit(&scoring, Measures::default(), day(1000), &customers(&[(0, 0)])).unwrap()
    };
    let overflow = Err(FitError::Overflow { dimension: Dimension::Monetary });
    assert_eq!(model(CutMethod::Custom(huge.clone())).score_all(&customers(&[(0, 0)]), day(1000)), overflow);
    assert!(model(CutMethod::Custom(huge)).score_all(&customers_at(Scale::UNITS, &[(0, 0)]), day(1000)).is_ok());
    assert_eq!(model(CutMethod::Custom(lowest)).score_all(&customers_at(Scale::UNITS, &[(0, 0)]), day(1000)), overflow);
}

#[test]
fn orders_after_the_analysis_date_are_an_error_of_fit_and_of_score() {
    let customers = customers(&[(0, 1), (10, 1)]);
    let scoring = Axes::all(Bins::QUINTILE);
    let error = FitError::OrdersAfterAnalysisDate { last_order: day(1000), analysis_date: day(999) };
    let fit = |on| ScoringModel::fit(&scoring, Measures::default(), day(on), &customers);
    assert_eq!(fit(999), Err(error.clone()));
    assert_eq!(fit(1000).unwrap().score_all(&customers, day(999)), Err(error.clone()));
    assert_eq!(error.to_string(), "the last order is of 1972-09-27, after the analysis date 1972-09-26");
}

#[test]
fn a_later_analysis_date_lowers_recency_and_nothing_else() {
    let customers = customers(&[(0, 1), (10, 2), (20, 3), (30, 4), (40, 5)]);
    let model = ScoringModel::fit(&Axes::all(Bins::QUINTILE), Measures::default(), day(1000), &customers);
    let model = model.unwrap();
    let codes = |on| {
        let cells = model.score_all(&customers, day(on)).unwrap();
        cells.iter().map(|cell| cell.code(model.bins()).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes(1000), ["511", "412", "313", "214", "115"]);
    assert_eq!(codes(1010), ["411", "312", "213", "114", "115"]);
}

#[test]
fn frequency_counts_what_it_is_told_to() {
    let mut summaries = Summaries::new(CleaningPolicy::default()).with_active_days();
    for (order_id, of) in [("1", 1), ("1", 1), ("1", 2), ("2", 2), ("3", 2), ("3", 2)] {
        let (day, amount) = (day(of), Amount::from_minor(1));
        summaries.push(Transaction { customer_id: "ann", order_id: Some(order_id), day, amount }).unwrap();
    }
    let customers = summaries.finish().unwrap();
    let ann = customers.get(0).unwrap();
    let of = |frequency, customer| {
        let measures = Measures { frequency, ..Measures::default() };
        measures.value(Dimension::Frequency, customer, day(9)).unwrap().floor()
    };
    let expected =
        [(FrequencyMeasure::Orders, 3, 2), (FrequencyMeasure::Lines, 6, 3), (FrequencyMeasure::ActiveDays, 2, 1)];
    for (measure, count, score) in expected {
        assert_eq!(of(measure, &ann), count);
        let cuts: CustomCuts = "2, 3".parse().unwrap();
        let rfm = Rfm::builder(day(9)).frequency_measure(measure).frequency(cuts).build().unwrap();
        let segmentation = rfm.segment(customers.clone()).unwrap();
        let row = segmentation.get("ann").unwrap();
        assert_eq!((row.frequency(), row.cell().frequency.number()), (Decimal::new(count, Scale::UNITS), score));
    }
}

#[test]
fn cut_points_made_elsewhere_score_too() {
    let cut = |dimension, at: &[i64]| {
        CutPoints::try_new(dimension, at.iter().copied().map(Ratio::from).collect(), Closed::Right).unwrap()
    };
    let cuts = Axes {
        recency: cut(Dimension::Recency, &[30]),
        frequency: cut(Dimension::Frequency, &[0, 1]),
        monetary: cut(Dimension::Monetary, &[5, 5, 7]),
    };
    let scoring = ScoringModel::from_cuts(cuts, Measures::default(), day(1000)).unwrap();
    let bins = Axes { recency: 2, frequency: 3, monetary: 4 };
    assert_eq!(scoring.bins(), bins);
    let error = Model::try_new(scoring.clone(), SegmentModel::unnamed(Axes::all(5))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "segments `none` are written for 5 bins, but the scoring has 2-3-4; \
         use other segments, or scoring with those bins"
    );
    let model = Model::try_new(scoring, SegmentModel::unnamed(bins)).unwrap();
    let cells = model.assign(customers(&[(30, 500), (31, 501), (0, 701)])).unwrap();
    let cell = |r, f, m| RfmCell::from_numbers(r, f, m).unwrap();
    assert_eq!(cells.rows().map(|row| row.cell()).collect::<Vec<_>>(), [cell(2, 2, 1), cell(1, 2, 3), cell(2, 2, 4)]);
    assert_eq!(CutPoints::try_new(Dimension::Recency, vec![], Closed::Left), Err(CutError::Count { found: 0 }));
    assert!(CutPoints::try_new(Dimension::Recency, vec![Ratio::from(2), Ratio::from(1)], Closed::Left).is_err());
}

#[test]
fn cut_points_of_another_dimension_make_no_model() {
    let cuts = |dimension| CutPoints::try_new(dimension, vec![Ratio::from(1)], Closed::Right).unwrap();
    let swapped = Axes {
        recency: cuts(Dimension::Recency),
        frequency: cuts(Dimension::Monetary),
        monetary: cuts(Dimension::Frequency),
    };
    let error = ScoringModel::from_cuts(swapped, Measures::default(), day(1000)).unwrap_err();
    assert_eq!(error.to_string(), "cut points of monetary stand for frequency");
}

#[test]
fn a_scoring_reads_back_what_it_shows() {
    for bins in 2..=100 {
        let scoring = Scoring::quantiles(Bins::new(bins).unwrap());
        assert_eq!(scoring.to_string().parse(), Ok(scoring));
    }
}

#[test]
fn few_customers_are_told_as_such_also_where_cuts_are_their_values() {
    for method in ["cume-dist", "percent-rank", "tiles-current", "quintile"] {
        let rfm = Rfm::builder(day(1000)).scoring(method.parse().unwrap()).build().unwrap();
        let causes = |rows: &[(i32, i64)]| -> Vec<EmptyCause> {
            let diagnostics = rfm.segment(customers(rows)).unwrap().diagnostics().into_iter();
            let cause = |diagnostic| match diagnostic {
                Diagnostic::EmptyScores { cause, .. } => Some(cause),
                _ => None,
            };
            diagnostics.filter_map(cause).collect()
        };
        assert_eq!(causes(&[(1, 500), (2, 600), (3, 700)]), [EmptyCause::FewCustomers; 2], "{method}");
        let two_values: Vec<(i32, i64)> = (0..10).map(|at| (at % 2, i64::from(at % 2))).collect();
        assert_eq!(causes(&two_values), [EmptyCause::Ties; 2], "{method}");
    }
}

#[test]
fn fine_shares_of_fine_money_fit() {
    let amounts = [1_000_000_000, 2_000_000_000, 3_000_000_000];
    let percentiles: Scoring = "percentiles:33.333333333,66.666666667".parse().unwrap();
    let Scoring::Cuts(method) = percentiles else { panic!("percentiles are cuts") };
    let cuts = method.fit(Values::whole(Dimension::Monetary, &amounts, scale(9))).unwrap();
    assert_eq!(
        cuts.cuts().iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["83333333333/50000000000", "116666666667/50000000000"]
    );
}
