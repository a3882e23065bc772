use super::*;
use crate::scoring::CustomCuts;
use crate::{Amount, CleaningPolicy, FitError, Rfm, Summaries, Transaction};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Orders of one customer, in cents.
fn ann(orders: &[(&str, i64)]) -> Customers {
    let mut summaries =
        Summaries::new(CleaningPolicy::keep_all()).with_active_days().with_daily_money().with_order_values();
    for (date, cents) in orders {
        let amount = Amount::from_minor(*cents);
        summaries.push(Transaction { customer_id: "ann", order_id: None, day: day(date), amount }).unwrap();
    }
    summaries.finish().unwrap()
}

/// Five orders on four days, in three weeks and three months. 2021-11-29 is a Monday.
const ORDERS: [(&str, i64); 5] =
    [("2021-11-29", 1_000), ("2021-12-01", 2_000), ("2021-12-06", 3_000), ("2021-12-06", 1_000), ("2022-03-15", 501)];

fn value(measures: Measures, dimension: Dimension, orders: &[(&str, i64)], analysis_date: &str) -> String {
    let customers = ann(orders);
    let (analysis_date, customer) = (day(analysis_date), customers.get(0).unwrap());
    let value = measures.value(dimension, &customer, analysis_date).unwrap();
    // Of a column it is the same.
    let column = measures.column(dimension, &customers, analysis_date).unwrap();
    assert_eq!((column.len(), column.get(0)), (1, Some(value)), "{}", measures.name(dimension));
    value.to_string()
}

fn recency(measure: RecencyMeasure, orders: &[(&str, i64)], analysis_date: &str) -> String {
    let measures = Measures { recency: measure, ..Measures::default() };
    value(measures, Dimension::Recency, orders, analysis_date)
}

fn frequency(measure: FrequencyMeasure, orders: &[(&str, i64)], analysis_date: &str) -> String {
    let measures = Measures { frequency: measure, ..Measures::default() };
    value(measures, Dimension::Frequency, orders, analysis_date)
}

fn monetary(measure: MonetaryMeasure, orders: &[(&str, i64)], analysis_date: &str) -> String {
    let measures = Measures { monetary: measure, ..Measures::default() };
    value(measures, Dimension::Monetary, orders, analysis_date)
}

#[test]
fn every_measure_of_frequency_counts_what_it_says() {
    // November to September are 11 months, of two calendar years.
    let expected = ["5", "5", "4", "3", "3", "3", "2", "2", "5/11", "2.5", "2"];
    assert_eq!(FrequencyMeasure::ALL.map(|measure| frequency(measure, &ORDERS, "2022-09-01")), expected);
}

#[test]
fn every_measure_of_money_divides_by_what_it_says() {
    let of_orders = ["75.01", "15.002", "10", "30"];
    // Over four days, three weeks and three months; without the first of each, which are of 10, 30 and 10.
    let of_periods = ["18.7525", "7501/300", "7501/300", "21.67", "22.505", "32.505"];
    let of_tenure = ["7501/1100", "37.505", "37"];
    let expected = [&of_orders[..], &of_periods, &of_tenure].concat();
    assert_eq!(MonetaryMeasure::ALL.map(|measure| monetary(measure, &ORDERS, "2022-09-01")), expected[..]);
}

#[test]
fn recency_counts_the_borders_of_periods_that_were_passed() {
    let periods = [RecencyMeasure::Days, RecencyMeasure::Weeks, RecencyMeasure::Months];
    let of = |analysis_date| periods.map(|measure| recency(measure, &ORDERS, analysis_date));
    // The last order is of a Tuesday.
    assert_eq!(of("2022-03-15"), ["0", "0", "0"]);
    assert_eq!(of("2022-03-20"), ["5", "0", "0"]);
    assert_eq!(of("2022-03-21"), ["6", "1", "0"]);
    assert_eq!(of("2022-04-01"), ["17", "2", "1"]);
}

#[test]
fn somebody_who_bought_once_has_no_repeats_and_a_tenure_of_one() {
    let once = [("2022-12-31", -1_999)];
    let repeats = [FrequencyMeasure::RepeatDays, FrequencyMeasure::RepeatWeeks, FrequencyMeasure::RepeatMonths];
    assert_eq!(repeats.map(|measure| frequency(measure, &once, "2022-12-31")), ["0", "0", "0"]);
    assert_eq!(monetary(MonetaryMeasure::RepeatMeanPerDay, &once, "2022-12-31"), "0");
    assert_eq!(frequency(FrequencyMeasure::OrdersPerMonth, &once, "2022-12-31"), "1");
    // A day later is another year; whole units are cut off towards zero.
    assert_eq!(monetary(MonetaryMeasure::TotalPerYear, &once, "2023-01-01"), "-9.995");
    assert_eq!(monetary(MonetaryMeasure::WholeTotalPerYear, &once, "2023-01-01"), "-9");
}

#[test]
fn whole_units_are_divided_as_integers_are() {
    // 18750 over 2018 to 2022, and over four years.
    let orders = [("2018-12-31", 1_000_000), ("2019-05-01", 875_099)];
    assert_eq!(monetary(MonetaryMeasure::WholeTotalPerYear, &orders, "2022-09-01"), "3750");
    assert_eq!(monetary(MonetaryMeasure::WholeTotalPerYear, &orders, "2021-12-31"), "4687");
    assert_eq!(frequency(FrequencyMeasure::ActiveDaysPerYear, &orders, "2022-09-01"), "0.4");
}

#[test]
fn the_settings_keep_what_the_measures_need() {
    for frequency in FrequencyMeasure::ALL {
        for monetary in MonetaryMeasure::ALL {
            let builder = Rfm::builder(day("2022-09-01")).frequency_measure(frequency).monetary_measure(monetary);
            let rfm = builder.build().unwrap();
            let mut summaries = rfm.summaries();
            for (date, cents) in ORDERS {
                let (day, amount) = (day(date), Amount::from_minor(cents));
                summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount }).unwrap();
            }
            let segmentation = rfm.segment(summaries.finish().unwrap()).unwrap();
            assert_eq!(segmentation.measures().name(Dimension::Monetary), monetary.to_string());
        }
    }
}

#[test]
fn what_was_not_kept_is_told() {
    let mut summaries = Summaries::new(CleaningPolicy::default());
    let (of, amount) = (day("2022-03-15"), Amount::from_minor(1));
    summaries.push(Transaction { customer_id: "ann", order_id: None, day: of, amount }).unwrap();
    let customers = summaries.finish().unwrap();
    let error = |measures| {
        let rfm = Rfm::builder(day("2022-09-01")).measures(measures).build().unwrap();
        match rfm.segment(customers.clone()).unwrap_err() {
            FitError::NotKept(error) => error.to_string(),
            other => panic!("{other}"),
        }
    };
    assert_eq!(
        error(Measures { frequency: FrequencyMeasure::Weeks, ..Measures::default() }),
        "frequency by `weeks` needs the money of each day, which these summaries do not have"
    );
    assert_eq!(
        error(Measures { frequency: FrequencyMeasure::RepeatDays, ..Measures::default() }),
        "frequency by `repeat-days` needs the days with a line, which these summaries do not have"
    );
    assert_eq!(
        error(Measures { monetary: MonetaryMeasure::MeanPerDay, ..Measures::default() }),
        "monetary by `mean-per-day` needs the days with a line, which these summaries do not have"
    );
    assert_eq!(
        error(Measures { monetary: MonetaryMeasure::MedianOrder, ..Measures::default() }),
        "monetary by `median-order` needs the value of each order, which these summaries do not have"
    );
}

#[test]
fn a_rate_is_scored_exactly_and_shown_with_six_decimals() {
    let cuts: CustomCuts = "0.454545, 0.454546".parse().unwrap();
    let builder = Rfm::builder(day("2022-09-01")).frequency_measure(FrequencyMeasure::OrdersPerMonth);
    let segmentation = builder.frequency(cuts).build().unwrap().segment(ann(&ORDERS)).unwrap();
    let row = segmentation.get("ann").unwrap();
    assert_eq!((row.frequency().to_string().as_str(), row.cell().frequency.number()), ("0.454545", 2));
}

#[test]
fn every_measure_reads_back_its_name() {
    for measure in RecencyMeasure::ALL {
        assert_eq!(measure.to_string().parse(), Ok(measure));
    }
    for measure in FrequencyMeasure::ALL {
        assert_eq!(measure.to_string().replace('-', "_").to_uppercase().parse(), Ok(measure));
    }
    for measure in MonetaryMeasure::ALL {
        assert_eq!(measure.to_string().parse(), Ok(measure));
    }
    assert_eq!(
        "week".parse::<RecencyMeasure>().unwrap_err().to_string(),
        "no measure of recency `week`; there are days, weeks, months, elapsed; did you mean `weeks`?"
    );
}
