//! What every scoring method makes of data that has little to tell: `degenerate.txt`, which people have reviewed.
//!
//! `RFM_WRITE_SNAPSHOT=1` writes the file anew.

use std::fmt::Write as _;
use std::path::Path;

use rfm_core::scoring::{Bins, RankingStrategy, ScoringStrategy, Values};
use rfm_core::{Dimension, FitError, Scale, Scoring};
use rfm_testkit::snapshot;

/// Customers per score, from 1 on, and the cuts of a method that has some.
fn outcome(dimension: Dimension, method: &Scoring, values: &[i128]) -> Result<(Vec<usize>, Vec<String>), FitError> {
    let ids: Vec<String> = (0..values.len()).map(|row| format!("{row:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let of = Values::whole(dimension, values, Scale::UNITS).with_ids(&ids);
    let (scores, cuts) = match method {
        Scoring::Cuts(method) => {
            let cuts = method.fit(of)?;
            let overflow = |_| FitError::Overflow { dimension };
            let thresholds = cuts.thresholds(Scale::UNITS).map_err(overflow)?;
            let scores = values.iter().map(|value| thresholds.score(*value)).collect();
            (scores, cuts.cuts().iter().map(|cut| cut.to_string()).collect())
        }
        Scoring::Ranks(method) => (method.rank(of)?, Vec::new()),
    };
    let size = |score: u8| scores.iter().filter(|other| other.number() == score).count();
    Ok(((1..=method.bins()).map(size).collect(), cuts))
}

fn line(method: &Scoring, values: &[i128]) -> String {
    let sizes = |dimension| match outcome(dimension, method, values) {
        Ok((sizes, _)) => sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(" "),
        Err(error) => error.to_string(),
    };
    let (more, less) = (sizes(Dimension::Frequency), sizes(Dimension::Recency));
    let cuts = match outcome(Dimension::Frequency, method, values) {
        Ok((_, cuts)) => cuts.join(" "),
        Err(_) => String::new(),
    };
    format!("  {:<24} | {more:<14} | {less:<14} | {cuts}", method.to_string()).trim_end().to_owned()
}

#[test]
fn every_method_has_a_result_of_degenerate_data() {
    let mut methods = Scoring::methods(Bins::QUINTILE);
    methods.extend(["percentiles:20,50,80,95", "cuts 1,2,3,4", "random-ties:5:42"].map(|text| text.parse().unwrap()));
    let once = |customers: usize, others: &[i128]| [vec![1; customers], others.to_vec()].concat();
    let cases = [
        ("no customer", Vec::new()),
        ("one customer: 7", vec![7]),
        ("two customers: 3, 8", vec![3, 8]),
        ("two customers who are equal: 7, 7", vec![7, 7]),
        ("ten customers who are equal: 7 each", vec![7; 10]),
        ("97 of 100 bought once, the others 2, 3 and 5 times", once(97, &[2, 3, 5])),
        ("fewer values than bins: four customers each of 1, 2 and 3", [1, 2, 3].repeat(4)),
        ("most at the best: one customer of 1, nine of 2", once(1, &[2; 9])),
        ("no ties: 1 to 10", (1..=10).collect()),
        ("half of what fits: 0 and i128::MAX / 2 thrice each", [0, i128::MAX / 2].repeat(3)),
        ("all that fits: i128::MIN, 0, i128::MAX", vec![i128::MIN, 0, i128::MAX]),
    ];
    let mut found =
        "Customers per score, 1 to 5, where more is better (frequency, money) and where less is (recency); \
                     the cuts where more is better.\n"
            .to_owned();
    for (name, values) in cases {
        writeln!(found, "\n{name}").unwrap();
        methods.iter().for_each(|method| writeln!(found, "{}", line(method, &values)).unwrap());
    }
    snapshot::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/degenerate.txt"), &found);
}
