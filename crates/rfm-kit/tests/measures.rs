//! A run keeps what its measures need, whoever chose them.
#![cfg(feature = "csv")]

use rfm_kit::{Day, FrequencyMeasure, Job, MonetaryMeasure, RecencyMeasure};

#[test]
fn a_run_and_a_fitted_model_keep_what_their_measures_need() {
    let directory = tempfile::tempdir().expect("a directory");
    let orders = directory.path().join("orders.csv");
    let text =
        "customer,date,amount\nann,2011-11-28,10.00\nann,2011-12-01,5.00\nann,2011-12-05,2.50\nbob,2011-12-09,1.00\n";
    std::fs::write(&orders, text).expect("a file");
    let as_of = Day::from_ymd(2011, 12, 10).expect("a day");
    for monetary in [MonetaryMeasure::MeanPerWeek, MonetaryMeasure::MedianOrder] {
        let job = Job::new([&orders]).as_of(as_of).recency_measure(RecencyMeasure::Weeks);
        let fitted = job.frequency_measure(FrequencyMeasure::Weeks).monetary_measure(monetary).run().expect("a result");
        let ann = fitted.segmentation().get("ann").expect("she bought");
        let mean = if monetary == MonetaryMeasure::MeanPerWeek { "8.75" } else { "5.00" };
        assert_eq!((ann.frequency().to_string().as_str(), ann.monetary().to_string().as_str()), ("2", mean));
        let model = fitted.segmentation().model().expect("quantiles have cut points");
        let applied = Job::new([&orders]).as_of(as_of).model(model).run().expect("a result");
        assert_eq!(applied.segmentation(), fitted.segmentation());
    }
}
