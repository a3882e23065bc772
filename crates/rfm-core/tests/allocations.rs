//! Scoring one customer allocates nothing. In a file of its own, since the allocator counts for the whole program.

use rfm_core::scoring::Bins;
use rfm_core::{Amount, Axes, Day, FrequencyMeasure, MonetaryMeasure, Ratio, Rfm, Scale, Scoring, Transaction};

#[test]
fn one_customer_is_scored_without_allocation() {
    let day = Day::from_ymd(2011, 12, 10).unwrap();
    let hundred = Scoring::quantiles(Bins::PERCENTILE);
    for (scoring, frequency, monetary) in [
        (Scoring::QUINTILE, FrequencyMeasure::Orders, MonetaryMeasure::Total),
        (Scoring::QUARTILE, FrequencyMeasure::ActiveDays, MonetaryMeasure::MeanOrder),
        (hundred, FrequencyMeasure::Lines, MonetaryMeasure::MedianOrder),
    ] {
        let builder = Rfm::builder(day).scoring(scoring).frequency_measure(frequency).monetary_measure(monetary);
        let rfm = builder.build().unwrap();
        let mut summaries = rfm.summaries();
        for at in 0..100u8 {
            let (customer_id, day) = (&format!("{}", at % 40), Day::from_ymd(2011, 11, at % 30 + 1).unwrap());
            let amount = Amount::from_minor(i64::from(at) * 199 + 1);
            summaries.push(Transaction { customer_id, order_id: None, day, amount }).unwrap();
        }
        let customers = summaries.finish().unwrap();
        let model = rfm.fit(&customers).unwrap();
        for scale in [Scale::CENTS, Scale::MAX] {
            let assigner = model.prepare(scale).unwrap();
            let mut scored = 0;
            let counted = allocation_counter::measure(|| {
                for customer in customers.iter() {
                    let assigned = assigner.assign(&customer, day).unwrap();
                    scored += assigner.name_of(assigned).len() + usize::from(assigned.cell().recency.number());
                }
                let values = Axes { recency: 3, frequency: 2, monetary: 1_999 };
                scored += usize::from(assigner.assign_values(values).unwrap().segment().is_some());
                scored += usize::from(
                    assigner.assign_ratios(values.map(|_, value| Ratio::new(value, 7))).unwrap().segment().is_some(),
                );
            });
            assert!(scored > customers.len());
            assert_eq!(counted.count_total, 0, "{monetary}");
        }
    }
    // The counter does count.
    assert!(allocation_counter::measure(|| drop(model_text())).count_total > 0);
}

fn model_text() -> String {
    "a text".repeat(3)
}
