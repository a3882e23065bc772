//! What becomes of returns.

use super::*;
use crate::{Axes, ConfigError, Measures, MonetaryMeasure, RecencyMeasure, Rfm};

/// Customer, order, product, day of December 2011, time, quantity, price.
type Line<'a> = (&'a str, &'a str, &'a str, u8, u32, i64, i64);

fn summaries_of_lines(policy: CleaningPolicy, lines: &[Line<'_>]) -> Summaries {
    let mut summaries = counting_days(policy).with_times();
    push_lines(&mut summaries, lines).unwrap();
    summaries
}

fn push_lines(summaries: &mut Summaries, lines: &[Line<'_>]) -> Result<Vec<Option<Reject>>, SummaryError> {
    let rows: Vec<Row<'_>> = lines.iter().map(|line| (line.0, line.1, line.3, line.5 * line.6)).collect();
    let columns = Columns::of(&rows);
    let products = column(lines.iter().map(|line| line.2));
    let times: Vec<u32> = lines.iter().map(|line| line.4).collect();
    let quantities: Vec<i64> = lines.iter().map(|line| line.5).collect();
    let prices: Vec<i64> = lines.iter().map(|line| line.6).collect();
    let batch = columns.batch(Scale::CENTS).with_times(&times).unwrap().with_products(products.column()).unwrap();
    let batch = batch.with_quantities(&quantities).unwrap().with_prices(&prices).unwrap();
    summaries.push_batch(&batch).map(<[_]>::to_vec)
}

fn finished(returns: Returns, lines: &[Line<'_>]) -> Customers {
    summaries_of_lines(CleaningPolicy::online_retail().returns(returns), lines).finish().unwrap()
}

fn tallies(customers: &Customers) -> Vec<(Reject, u64, String)> {
    let account = customers.account();
    let tally = |(reason, tally): (Reject, crate::Tally)| (reason, tally.lines(), account.money(tally).to_string());
    account.reasons().map(tally).collect()
}

/// Ann buys, buys again and returns; Bob has nothing but a return.
const LINES: [Line<'_>; 5] = [
    ("ann", "1", "cup", 1, 100, 10, 500),
    ("ann", "2", "cup", 3, 100, 2, 500),
    ("ann", "C3", "cup", 5, 100, -4, 500),
    ("bob", "C4", "pen", 6, 0, -1, 300),
    ("ann", "C5", "cup", 7, 0, 1, 500),
];

#[test]
fn by_default_returns_are_no_sales() {
    let customers = finished(Returns::Exclude, &LINES);
    assert_eq!(facts(&customers, "ann"), (2, 2, 2, "60.00".to_owned()));
    assert_eq!(tallies(&customers), [(Reject::Cancelled, 3, "-18.00".to_owned())]);
    assert_eq!((customers.has_returns(), customers.only_returns()), (false, 0));
    let plain = summaries_of_lines(CleaningPolicy::default(), &LINES).finish().unwrap();
    assert_eq!(tallies(&plain), [(Reject::QuantityNotPositive, 2, "-23.00".to_owned())]);
}

#[test]
fn net_money_is_less_that_of_returns_and_nothing_else_changes() {
    let customers = finished(Returns::Net, &LINES);
    assert_eq!(facts(&customers, "ann"), (2, 2, 2, "40.00".to_owned()));
    assert_eq!(customers.get(0).unwrap().last_order(), day(3));
    assert_eq!((customers.len(), customers.only_returns()), (1, 1));
    let expected = [(Reject::Cancelled, 1, "5.00".to_owned()), (Reject::OnlyReturns, 1, "-3.00".to_owned())];
    assert_eq!(tallies(&customers), expected);
    let account = customers.account();
    assert_eq!((account.used().lines(), account.money(account.used()).to_string()), (3, "40.00".to_owned()));
}

#[test]
fn net_money_counts_on_the_day_of_the_return() {
    let policy = CleaningPolicy::online_retail().returns(Returns::Net).until(day(4));
    let customers = summaries_of_lines(policy, &LINES).finish().unwrap();
    assert_eq!(facts(&customers, "ann").3, "60.00");
    assert_eq!(customers.account().rejected(Reject::AfterWindow).lines(), 2);
}

#[test]
fn returns_are_kept_beside_what_was_bought() {
    let customers = finished(Returns::Separate, &LINES);
    let ann = customers.get(0).unwrap();
    let returns = ann.returns().unwrap();
    assert_eq!((returns.orders(), returns.lines(), returns.money().to_string()), (1, 1, "20.00".to_owned()));
    assert_eq!(ann.return_rate(), Some(Ratio::new(1, 3)));
    assert_eq!(facts(&customers, "ann"), (2, 2, 2, "60.00".to_owned()));
    let expected = [(Reject::Cancelled, 1, "5.00".to_owned()), (Reject::Returned, 2, "-23.00".to_owned())];
    assert_eq!(tallies(&customers), expected);
    assert_eq!((customers.len(), customers.only_returns()), (1, 1));
}

#[test]
fn a_return_cancels_the_latest_purchase_that_has_enough_pieces() {
    // The later purchase has 2 pieces, the return is of 4: it is of the first one, and is not split.
    let customers = finished(Returns::Match, &LINES);
    assert_eq!(facts(&customers, "ann"), (2, 2, 2, "40.00".to_owned()));
    let expected = [
        (Reject::Cancelled, 1, "5.00".to_owned()),
        (Reject::MatchedReturn, 1, "0.00".to_owned()),
        (Reject::UnmatchedReturn, 1, "-3.00".to_owned()),
    ];
    assert_eq!(tallies(&customers), expected);
    assert_eq!((customers.len(), customers.only_returns()), (1, 1));
}

#[test]
fn a_purchase_without_pieces_is_no_line_of_its_order_any_more() {
    let customers = finished(
        Returns::Match,
        &[
            ("ann", "1", "cup", 1, 0, 3, 500),
            ("ann", "1", "pen", 1, 0, 1, 200),
            ("ann", "2", "cup", 4, 60, 3, 400),
            ("ann", "C3", "cup", 4, 60, -3, 450),
            ("ann", "C4", "cup", 4, 59, -1, 500),
        ],
    );
    // The second order is gone, at another price than it was returned; the earlier return is of the first one.
    assert_eq!(facts(&customers, "ann"), (1, 2, 1, "12.00".to_owned()));
    assert_eq!(customers.get(0).unwrap().last_order(), day(1));
    assert_eq!(tallies(&customers), [(Reject::MatchedReturn, 3, "-1.50".to_owned())]);
}

#[test]
fn a_return_before_its_purchase_or_of_an_unknown_product_is_unmatched() {
    let customers = finished(
        Returns::Match,
        &[
            ("ann", "C1", "cup", 1, 59, -1, 500),
            ("ann", "2", "cup", 1, 60, 1, 500),
            ("ann", "2", " ", 1, 60, 1, 100),
            ("ann", "C3", " ", 2, 0, -1, 100),
        ],
    );
    assert_eq!(facts(&customers, "ann").3, "6.00");
    assert_eq!(tallies(&customers), [(Reject::UnmatchedReturn, 2, "-6.00".to_owned())]);
}

#[test]
fn kept_lines_without_pieces_or_money_are_never_matched_and_never_lost() {
    let amounts = [500, 600, 700, 0, -600, 200, 100, -100];
    let names = ["ann", "ann", "dan", "cat", "cat", "cat", "eve", "eve"];
    let rows: Vec<Row<'_>> = names.into_iter().zip(amounts).map(|(name, amount)| (name, "1", 1, amount)).collect();
    let columns = Columns::of(&rows);
    let products = column(["cup", "pen", "pen", "pen", "pen", "mug", "hat", "hat"].into_iter());
    let batch = columns.batch(Scale::CENTS).with_products(products.column()).unwrap();
    // The last line is below zero without a quantity: no return, though a return of nothing would find a purchase.
    let batch = batch.with_quantities(&[0, 2, 0, -3, -3, 1, 1, 0]).unwrap();
    let mut summaries = counting_days(CleaningPolicy::keep_all().returns(Returns::Match));
    summaries.push_batch(&batch).unwrap();
    let customers = summaries.finish().unwrap();
    let found = ["ann", "dan", "cat", "eve"].map(|name| facts(&customers, name));
    let expected = [(1, 2, "11.00"), (1, 1, "7.00"), (1, 2, "2.00"), (1, 2, "0.00")];
    assert_eq!(found, expected.map(|(orders, lines, money)| (orders, lines, 1, money.to_owned())));
    assert_eq!(tallies(&customers), [(Reject::UnmatchedReturn, 1, "-6.00".to_owned())]);
    assert_eq!(customers.account().used().lines(), 7);
}

#[test]
fn a_share_of_an_amount_is_rounded_and_counted() {
    let columns = Columns::of(&[("ann", "1", 1, 1_000), ("ann", "2", 2, -333)]);
    let products = column(["cup", "cup"].into_iter());
    let batch = columns.batch(Scale::CENTS).with_products(products.column()).unwrap();
    // 1.5 pieces and -0.5: quantities of different scales.
    let scales = [scale(1), scale(2)];
    let batch = batch.with_quantities(&[15, -50]).unwrap().with_quantity_scales(&scales).unwrap();
    let mut summaries = counting_days(CleaningPolicy::default().returns(Returns::Match));
    summaries.push_batch(&batch).unwrap();
    let customers = summaries.finish().unwrap();
    assert_eq!(facts(&customers, "ann").3, "6.67");
    assert_eq!(customers.rounded_matches(), 1);
    assert_eq!(tallies(&customers), [(Reject::MatchedReturn, 1, "0.00".to_owned())]);
}

#[test]
fn matching_needs_products_and_quantities() {
    let mut summaries = counting_days(CleaningPolicy::default().returns(Returns::Match));
    assert_eq!(push(&mut summaries, &[("ann", "1", 1, 5)], Scale::CENTS), Err(SummaryError::NoProducts));
}

#[test]
fn matched_lines_count_as_memory() {
    let lines: Vec<Line<'_>> = (0..1_000).map(|_| LINES[0]).collect();
    let policy = CleaningPolicy::default();
    let (all, matched) = (policy.clone(), policy.clone().returns(Returns::Match));
    assert!(summaries_of_lines(all, &lines).memory() < 10_000);
    assert!(summaries_of_lines(matched.clone(), &lines).memory() > 60_000);
    let mut limited = counting_days(matched.clone()).with_memory_limit(50_000);
    assert!(matches!(push_lines(&mut limited, &lines), Err(SummaryError::Memory { .. })));
    // They are still held while the customers are made of them.
    let held = summaries_of_lines(matched.clone(), &lines).memory();
    let mut full = counting_days(matched).with_memory_limit(held);
    push_lines(&mut full, &lines).unwrap();
    assert!(matches!(full.finish(), Err(SummaryError::Memory { needed, .. }) if needed > held));
}

#[test]
fn the_money_of_days_does_not_go_with_net_returns() {
    let policy = CleaningPolicy::default().returns(Returns::Net);
    let mut summaries = counting_days(policy.clone()).with_daily_money();
    assert_eq!(push_lines(&mut summaries, &LINES), Err(SummaryError::NetDays));
    let builder = || Rfm::builder(day(9)).cleaning(policy.clone());
    assert_eq!(builder().daily_money().build().unwrap_err(), ConfigError::NetDays);
    let weeks = builder().measures(Measures { monetary: MonetaryMeasure::MeanPerWeek, ..Measures::default() });
    assert_eq!(weeks.build().unwrap_err(), ConfigError::NetDays);
    let days = builder().measures(Measures { monetary: MonetaryMeasure::MeanPerDay, ..Measures::default() });
    assert!(days.build().is_ok());
}

#[test]
fn a_rate_of_returns_is_there_however_large_the_sums_are() {
    let rate = |bought: i128, returned: i128| {
        let ids = column(["ann", "ann"].into_iter());
        let (days, amounts) = ([day(1); 2], [bought, -returned]);
        let batch = TransactionBatch::try_new(ids.column(), &days, &amounts, Scale::CENTS).unwrap();
        let mut summaries = counting_days(CleaningPolicy::default().returns(Returns::Separate));
        summaries.push_batch(&batch).unwrap();
        summaries.finish().unwrap().get(0).unwrap().return_rate().unwrap()
    };
    assert_eq!(rate(u64::MAX.into(), 5), Ratio::new(5, u64::MAX));
    assert_eq!(rate(300 << 64, 100 << 64), Ratio::new(1, 3));
    assert_eq!(rate(1 << 70, 1 << 69), Ratio::new(1, 2));
    let prime = (1 << 89) - 1;
    assert_eq!(rate(prime, prime / 4).to_decimal(Scale::CENTS).to_string(), "0.25");
}

#[test]
fn returns_say_nothing_of_a_table_of_customers() {
    let ids = column(["ann"].into_iter());
    let (days, amounts) = ([day(1)], [500]);
    let batch = TransactionBatch::try_new(ids.column(), &days, &amounts, Scale::CENTS).unwrap();
    let batch = batch.with_summaries(&[1], &days).unwrap();
    let mut summaries = counting_days(CleaningPolicy::default().returns(Returns::Net));
    assert_eq!(summaries.push_batch(&batch), Err(SummaryError::RulesOfLines));
}

#[test]
fn the_last_order_is_the_latest_of_the_latest_day() {
    let lines: [Line<'_>; 3] =
        [("ann", "1", "", 3, 500, 1, 100), ("ann", "2", "", 3, 90_000, 1, 100), ("ann", "3", "", 2, 80_000, 1, 100)];
    let customers = summaries_of_lines(CleaningPolicy::default(), &lines).finish().unwrap();
    assert_eq!(customers.last_moment(), Some((day(3), 86_399)), "behind the end of the day is its last second");
    let mut without = counting_days(CleaningPolicy::default());
    push_lines(&mut without, &lines).unwrap();
    let without = without.finish().unwrap();
    assert_eq!((without.last_moment(), without.get(0).unwrap().last_time()), (None, None));
    let rfm = Rfm::builder(day(4)).recency_measure(RecencyMeasure::ELAPSED).build().unwrap();
    assert!(rfm.segment(without).unwrap_err().to_string().contains("the time of the last order"));
}

#[test]
fn orders_after_the_moment_do_not_count() {
    let rfm = Rfm::builder(day(4)).recency_measure(RecencyMeasure::ELAPSED).analysis_time(3_600).build().unwrap();
    let mut summaries = rfm.summaries();
    let lines: [Line<'_>; 3] =
        [("ann", "1", "", 3, 3_601, 1, 100), ("bob", "2", "", 4, 3_600, 1, 100), ("bob", "3", "", 4, 3_601, 1, 100)];
    let verdicts = push_lines(&mut summaries, &lines).unwrap();
    assert_eq!(verdicts, [None, None, Some(Reject::AfterAnalysisDate)]);
    let customers = summaries.finish().unwrap();
    let model = rfm.fit(&customers).unwrap();
    let segmentation = model.assign(customers.clone()).unwrap();
    assert_eq!(segmentation.rows().map(|row| row.recency_days()).collect::<Vec<_>>(), [0, 0]);
    let later = model.clone().with_analysis_time(3_601).assign(customers.clone()).unwrap();
    assert_eq!(later.rows().map(|row| row.recency_days()).collect::<Vec<_>>(), [1, 0]);
    assert!(model.with_analysis_time(3_599).assign(customers).is_err(), "an order is later");
    assert_eq!(later.bins(), Axes::all(5));
}
