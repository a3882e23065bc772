//! Real orders and a model that was fitted three months earlier, against the number in the published comparison of methods: of
//! the 4,338 customers of the second sheet, 35.8 % have another segment by frozen cut points than by new ones.

#![cfg(feature = "json")]
#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]
#![expect(clippy::disallowed_types, reason = "a test may read files")]

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use rfm_core::{Amount, CleaningPolicy, Customers, Day, Dimension, Model, Rfm, Scale, Summaries, Transaction};

/// The first sheet is so long; the second is the year that is known as Online Retail.
const FIRST_SHEET: usize = 525_461;

fn mills(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction:0<3}").parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The customers of the second sheet, and the same until a day: lines with a customer, a quantity and a price.
fn customers(shared: &Path, until: Day) -> [Customers; 2] {
    let file = File::open(shared.join("data/online_retail_II.csv.gz")).unwrap();
    let mut reader = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(BufReader::new(file)));
    let empty = || Summaries::new(CleaningPolicy::default()).with_scale(Scale::new(3).unwrap());
    let mut summaries = [empty(), empty()];
    for line in reader.records().skip(FIRST_SHEET) {
        // Invoice, StockCode, Description, Quantity, InvoiceDate, Price, Customer ID, Country
        let line = line.unwrap();
        let [quantity, price] = [line[3].parse().unwrap(), mills(&line[5])];
        let (day, amount) = (day(&line[4][..10]), Amount::from_minor(quantity * price));
        let transaction = Transaction { customer_id: &line[6], order_id: Some(&line[0]), day, amount };
        if quantity > 0 && price > 0 {
            summaries[0].push(transaction).unwrap();
            if day <= until {
                summaries[1].push(transaction).unwrap();
            }
        }
    }
    summaries.map(|summaries| summaries.finish().unwrap())
}

#[test]
fn the_share_of_other_segments_by_frozen_cuts_is_the_published_one() {
    let Some(shared) = rfm_testkit::shared("the_share_of_other_segments_by_frozen_cuts_is_the_published_one") else {
        return;
    };
    // The orders until ninety days before the analysis date, as of the day behind them. A day less of orders gives 1,563 customers,
    // as of the day of the last order itself it is 1,542: 36.0 and 35.5 %.
    let (last, end) = (day("2011-09-11"), day("2011-12-10"));
    let [now, then] = customers(&shared, last);
    assert_eq!((now.len(), end.days_since(last)), (4_338, 90));

    let rfm = Rfm::builder(day("2011-09-12")).build().unwrap();
    let file = rfm.fit(&then).unwrap().to_json();
    let frozen = Model::from_json(&file).unwrap().assign_at(now.clone(), end).unwrap();
    let drift = frozen.drift().unwrap();
    let comparison = drift.refit().unwrap().comparison();
    assert_eq!((comparison.other_segment(), comparison.other_code()), (1_554, Some(2_583)));
    assert_eq!(comparison.other_segment_share().unwrap().to_string(), "0.358230");

    // It is what a new fit gives, customer by customer.
    let again = Rfm::builder(end).build().unwrap().segment(now).unwrap();
    let pairs = frozen.rows().zip(again.rows());
    assert_eq!(pairs.filter(|(old, new)| old.segment() != new.segment()).count(), 1_554);

    // The year is not over: recency has moved most, and who bought first of all is further back than anybody was.
    let (dimension, bin) = drift.largest_move().unwrap();
    assert_eq!((dimension, bin.score().number(), bin.then(), bin.now()), (Dimension::Recency, 2, 674, 464));
    assert_eq!(drift.axes().recency.above(), 317);
    assert_eq!(
        drift.to_string(),
        "4338 customers as of 2011-12-10, 3385 when the model was fitted as of 2011-09-12; \
         recency 0.088; frequency 0.024; monetary 0.018; fitted again, 1554 customers have another segment"
    );
}
