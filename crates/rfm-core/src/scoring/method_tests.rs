use super::tests::{MPG, customers, day, numbers, scale};
use super::*;
use crate::Transaction;
use crate::cleaning::CleaningPolicy;
use crate::model::Rfm;
use crate::money::{Amount, Scale};
use crate::ratio::Ratio;
use crate::summaries::Summaries;

/// One of each; the number of a variant that is missing here does not compile.
fn every_method() -> Vec<Scoring> {
    let number = |scoring: &Scoring| match scoring {
        Scoring::Cuts(CutMethod::Quantile(_)) => 0,
        Scoring::Cuts(CutMethod::QuantileLeft(_)) => 1,
        Scoring::Cuts(CutMethod::RfmR(_)) => 2,
        Scoring::Cuts(CutMethod::PercentRank(_)) => 3,
        Scoring::Cuts(CutMethod::CumeDist(_)) => 4,
        Scoring::Cuts(CutMethod::CumeDistWorstFirst(_)) => 5,
        Scoring::Cuts(CutMethod::RankMinCut(_)) => 6,
        Scoring::Cuts(CutMethod::ProcRank(_)) => 7,
        Scoring::Cuts(CutMethod::P0Quartile(_)) => 8,
        Scoring::Cuts(CutMethod::NaturalBreaks(_)) => 9,
        Scoring::Cuts(CutMethod::TilesCurrent(_)) => 10,
        Scoring::Cuts(CutMethod::TilesNext(_)) => 11,
        Scoring::Cuts(CutMethod::QcutDrop(_)) => 12,
        Scoring::Ranks(RankMethod::Ntile(_)) => 13,
        Scoring::Ranks(RankMethod::NtileBestFirst(_)) => 14,
        Scoring::Ranks(RankMethod::RankFirstQcut(_)) => 15,
        Scoring::Cuts(CutMethod::Percentiles(_)) => 16,
        Scoring::Cuts(CutMethod::Custom(_)) => 17,
        Scoring::Ranks(RankMethod::RandomTies(_)) => 18,
    };
    let mut methods = Scoring::methods(Bins::QUINTILE);
    methods.extend(["percentiles:20,40,60,80", "cuts 1,2,3,4", "random-ties:5:42"].map(|text| text.parse().unwrap()));
    assert_eq!(methods.iter().map(number).collect::<Vec<_>>(), (0..=18).collect::<Vec<_>>());
    methods
}

#[test]
fn every_method_has_five_bins_and_reads_back_what_it_shows() {
    for method in every_method() {
        assert_eq!(method.bins(), 5, "{method}");
        assert_eq!(method.to_string().parse(), Ok(method.clone()));
        assert!(method.to_string().starts_with(method.name()) || method == Scoring::QUINTILE);
    }
    for bins in 2..=100 {
        for method in Scoring::methods(Bins::new(bins).unwrap()) {
            assert_eq!((method.bins(), method.to_string().parse()), (bins, Ok(method)));
        }
    }
    for (text, shown) in [
        (" NTILE ", "ntile:5"),
        ("rank_first_qcut:4", "rank-first-qcut:4"),
        ("quantile:5", "quintile"),
        ("qcut_right:5", "quintile"),
        ("p0-quartile", "p0-quartile:4"),
        ("cuts:30,90", "cuts 30,90"),
        ("quantile: 7", "7 quantiles"),
        ("percentiles: 2.50, 97.5", "percentiles:2.5,97.5"),
        ("Random-Ties:5:0042", "random-ties:5:42"),
        ("cuts >=30, 90", "cuts >=30,90"),
    ] {
        assert_eq!(text.parse::<Scoring>().unwrap().to_string(), shown);
    }
}

/// The scores of values on one dimension by a method, of the same values.
fn scores(dimension: Dimension, method: &str, values: &[i128]) -> Vec<u8> {
    let of = Values::whole(dimension, values, Scale::UNITS);
    match method.parse().unwrap() {
        Scoring::Cuts(method) => numbers(&method.fit(of).unwrap(), values, Scale::UNITS),
        Scoring::Ranks(method) => method.rank(of).unwrap().into_iter().map(Score::number).collect(),
    }
}

#[test]
fn the_cuts_of_rs_package_are_the_published_ones() {
    let values = Values::whole(Dimension::Monetary, &MPG, scale(1));
    let cuts = CutMethod::RfmR(Bins::QUINTILE).fit(values).unwrap();
    assert_eq!(cuts.cuts().iter().map(Ratio::to_string).collect::<Vec<_>>(), ["16.2", "18.92", "22", "25.08"]);
    let ones = [1, 1, 1, 1, 1, 1, 1, 2, 3, 9];
    assert_eq!(scores(Dimension::Frequency, "rfm-r", &ones), [1, 1, 1, 1, 1, 1, 1, 4, 4, 5]);
    assert_eq!(scores(Dimension::Recency, "rfm-r", &ones), [5, 5, 5, 5, 5, 5, 5, 2, 2, 1]);
}

#[test]
fn methods_differ_where_customers_are_equal() {
    // Ten customers, the ones of them seven.
    let ones = [1, 1, 1, 1, 1, 1, 1, 2, 3, 9];
    for (method, expected) in [
        ("quintile", [1, 1, 1, 1, 1, 1, 1, 4, 5, 5]),
        ("quantile-left", [4, 4, 4, 4, 4, 4, 4, 4, 5, 5]),
        ("percent-rank", [1, 1, 1, 1, 1, 1, 1, 4, 5, 5]),
        ("cume-dist", [1, 1, 1, 1, 1, 1, 1, 4, 5, 5]),
        ("cume-dist-worst-first", [4, 4, 4, 4, 4, 4, 4, 4, 5, 5]),
        ("rank-min-cut", [1, 1, 1, 1, 1, 1, 1, 4, 5, 5]),
        ("proc-rank", [2, 2, 2, 2, 2, 2, 2, 4, 5, 5]),
        ("p0-quartile:5", [4, 4, 4, 4, 4, 4, 4, 5, 5, 5]),
        ("natural-breaks", [1, 1, 1, 1, 1, 1, 1, 2, 3, 4]),
        ("tiles-current", [1, 1, 1, 1, 1, 1, 1, 2, 3, 4]),
        ("tiles-next", [2, 2, 2, 2, 2, 2, 2, 3, 4, 5]),
        ("ntile", [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
        ("ntile-best-first", [4, 3, 3, 2, 2, 1, 1, 4, 5, 5]),
        ("rank-first-qcut", [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]),
    ] {
        assert_eq!(scores(Dimension::Frequency, method, &ones), expected, "{method}");
    }
}

#[test]
fn cuts_of_ranks_lie_on_the_worst_value_of_a_score_or_beyond_the_best() {
    let cuts = |dimension, values: &[i128]| {
        let cuts = CutMethod::CumeDist(Bins::TERTILE).fit(Values::whole(dimension, values, Scale::CENTS)).unwrap();
        (cuts.cuts().iter().map(Ratio::to_string).collect::<Vec<_>>(), cuts.closed())
    };
    let text = |cuts: [&str; 2]| cuts.map(str::to_owned).to_vec();
    // 3.00 is worse than nobody else, 9.00 better than two thirds: nobody scores 3 if two are best.
    assert_eq!(cuts(Dimension::Monetary, &[300, 500, 900]), (text(["5", "9"]), Closed::Left));
    assert_eq!(cuts(Dimension::Monetary, &[300, 900, 900]), (text(["9", "9.01"]), Closed::Left));
    assert_eq!(cuts(Dimension::Recency, &[300, 500, 900]), (text(["3", "5"]), Closed::Right));
    assert_eq!(cuts(Dimension::Recency, &[300, 300, 900]), (text(["2.99", "3"]), Closed::Right));
}

#[test]
fn tiles_are_those_of_the_documentation_of_spss_modeler() {
    let values = [10, 13, 15, 15, 20];
    assert_eq!(scores(Dimension::Monetary, "tiles-current:4", &values), [1, 1, 2, 2, 3]);
    assert_eq!(scores(Dimension::Monetary, "tiles-next:4", &values), [1, 2, 3, 3, 4]);
    assert_eq!(scores(Dimension::Recency, "tiles-next:4", &values), [4, 3, 2, 2, 1]);
}

#[test]
fn natural_breaks_are_those_of_published_examples() {
    // The two obvious groups, and three of unequal size.
    assert_eq!(scores(Dimension::Monetary, "natural-breaks:2", &[1, 2, 3, 100, 101]), [1, 1, 1, 2, 2]);
    assert_eq!(scores(Dimension::Recency, "natural-breaks:3", &[4, 5, 9, 10, 20, 21]), [3, 3, 2, 2, 1, 1]);
    // Both halves are as good: the cut is the one nearest to the worst value.
    assert_eq!(scores(Dimension::Monetary, "natural-breaks:2", &[0, 1, 2]), [1, 2, 2]);
    assert_eq!(scores(Dimension::Recency, "natural-breaks:2", &[0, 1, 2]), [2, 2, 1]);
    let far = Values::whole(Dimension::Monetary, &[0, i128::MAX], Scale::UNITS);
    let error = CutMethod::NaturalBreaks(Bins::QUARTILE).fit(far).unwrap_err();
    assert_eq!(error.to_string(), "a cut point of monetary does not fit 128 bits");
}

#[test]
fn a_method_that_only_ranks_names_one_that_can_be_kept() {
    for (text, instead) in
        [("ntile", "quintile"), ("rank-first-qcut:4", "quartile"), ("random-ties:7:1", "7 quantiles")]
    {
        let scoring: Scoring = text.parse().unwrap();
        let rfm = Rfm::builder(day(1000)).frequency(scoring.clone()).build().unwrap();
        let error = rfm.fit(&customers(&[(0, 1)])).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "frequency: `{scoring}` ranks the customers at hand and learns no cut points that could be kept; `{instead}` \
                 is the nearest that does"
            )
        );
    }
    let nested = Rfm::builder(day(1000)).binning(Binning::Nested).build().unwrap();
    let error = nested.fit(&customers(&[(0, 1)])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "nested binning scores customers inside of groups and learns no cut points that could be kept; independent binning does"
    );
}

#[test]
fn ties_in_random_order_need_ids() {
    let random = RandomTies::new(Bins::QUARTILE, 1);
    let error = random.rank(Values::whole(Dimension::Recency, &[1, 2], Scale::UNITS)).unwrap_err();
    assert_eq!(error.to_string(), "recency: ties in random order need the ids of the customers");
}

#[test]
fn ties_are_told_apart_in_the_order_that_is_asked_for() {
    // One customer per line: an early and a late first order, and the other way round for the last one.
    let mut summaries = Summaries::new(CleaningPolicy::keep_all());
    for (customer_id, of) in [("ann", 5), ("ann", 6), ("bob", 1), ("bob", 9), ("cat", 2), ("cat", 3)] {
        let (day, amount) = (day(of), Amount::from_minor(1));
        summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
    }
    let customers = summaries.finish().unwrap();
    let scores = |tie_order| {
        let ntile: Scoring = "ntile:3".parse().unwrap();
        let rfm = Rfm::builder(day(9)).frequency(ntile).tie_order(tie_order).build().unwrap();
        let segmentation = rfm.segment(customers.clone()).unwrap();
        segmentation.rows().map(|row| row.cell().frequency.number()).collect::<Vec<_>>()
    };
    assert_eq!(TieOrder::ALL.map(scores), [[1, 2, 3], [3, 1, 2], [2, 3, 1]]);
}

#[test]
fn scores_that_small_groups_leave_empty_are_reported() {
    let rows: Vec<(i32, i64)> = (0..10).map(|at| (at, i64::from(at))).collect();
    let rfm = Rfm::builder(day(1000)).scoring("ntile".parse().unwrap()).binning(Binning::Nested).build().unwrap();
    let diagnostics = rfm.segment(customers(&rows)).unwrap().diagnostics();
    assert_eq!(
        diagnostics.last().unwrap().to_string(),
        "monetary: nobody scores 2, 3, 4, 5, because the groups of nested binning are too small or have equal values"
    );
}

#[test]
fn equal_customers_whom_a_method_tells_apart_are_reported() {
    let rfm = Rfm::builder(day(1000)).scoring("ntile".parse().unwrap()).build().unwrap();
    let diagnostics = rfm.segment(customers(&[(3, 500); 10])).unwrap().diagnostics();
    assert_eq!(diagnostics, Dimension::ALL.map(|dimension| Diagnostic::EqualApart { dimension }));
    assert_eq!(
        diagnostics[0].to_string(),
        "recency: all customers have the same value; only the order of ties tells their scores apart"
    );
}
