//! Returns and times of day: any order and any split give the same, everything is accounted for, and what is counted is what a
//! slow and obvious way counts.

use std::collections::BTreeMap;

use super::*;
use rfm_core::{RecencyMeasure, Returns, TextColumn, TransactionBatch};

/// A line at a price; the quantity of a return is mostly below zero, and the amount mostly the quantity times the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    customer: &'static str,
    product: &'static str,
    day: Day,
    time: u32,
    order: &'static str,
    quantity: i64,
    price: i64,
    amount: i64,
}

impl Line {
    const fn is_return(&self) -> bool {
        self.amount < 0 && self.quantity != 0 && self.price > 0
    }

    /// Whether it is a purchase that a return may cancel.
    const fn is_purchase(&self) -> bool {
        !self.is_return() && self.quantity > 0 && self.amount > 0
    }

    /// Whether it counts, be it a purchase or a return.
    fn counts(&self, policy: &CleaningPolicy) -> bool {
        self.push_to(&mut Summaries::new(policy.clone().returns(Returns::Net))).is_none()
    }

    /// Returns why it does not count.
    fn push_to(&self, summaries: &mut Summaries) -> Option<Reject> {
        fn column<'t>(text: &'t str, end: &'t [u32; 1]) -> TextColumn<'t> {
            TextColumn::new(text, end).unwrap()
        }
        let end = |text: &str| [u32::try_from(text.len()).unwrap()];
        let (customer, order, product) = (end(self.customer), end(self.order), end(self.product));
        let (days, amounts) = ([self.day], [self.amount.into()]);
        let batch = TransactionBatch::try_new(column(self.customer, &customer), &days, &amounts, Scale::CENTS).unwrap();
        let batch = batch.with_order_ids(column(self.order, &order)).unwrap();
        let (quantities, prices, times) = ([self.quantity], [self.price], [self.time]);
        let batch = batch.with_quantities(&quantities).unwrap().with_prices(&prices).unwrap();
        let batch = batch.with_products(column(self.product, &product)).unwrap().with_times(&times).unwrap();
        summaries.push_batch(&batch).unwrap()[0]
    }
}

fn line() -> impl Strategy<Value = Line> {
    let customer = prop::sample::select(vec!["", "ann", "ann", "bob", "cat"]);
    let product = prop::sample::select(vec!["", "cup", "cup", "pen"]);
    let order = prop::sample::select(vec!["1", "2", "3", "C4"]);
    let quantity = prop_oneof![3 => 1i64..6, 2 => -6i64..0, 1 => Just(0)];
    let price = prop_oneof![6 => 1i64..4, 1 => -1i64..1];
    let other_amount = prop_oneof![5 => Just(None), 1 => (-9i64..10).prop_map(Some)];
    (customer, product, ANALYSIS_DATE - 3..=ANALYSIS_DATE, 0u32..3, order, quantity, price, other_amount).prop_map(
        |(customer, product, day, hour, order, quantity, price, other_amount)| {
            let (day, time) = (Day::from_epoch_days(day).unwrap(), hour * 3_600);
            let amount = other_amount.unwrap_or(quantity * price);
            Line { customer, product, day, time, order, quantity, price, amount }
        },
    )
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(line(), 0..40)
}

fn returns() -> impl Strategy<Value = Returns> {
    prop::sample::select(Returns::ALL.to_vec())
}

fn empty(policy: &CleaningPolicy, returns: Returns) -> Summaries {
    Summaries::new(policy.clone().returns(returns)).with_times().with_order_values().with_active_days()
}

fn finished(lines: &[Line], policy: &CleaningPolicy, returns: Returns) -> Customers {
    let mut summaries = empty(policy, returns);
    for line in lines {
        line.push_to(&mut summaries);
    }
    summaries.finish().unwrap()
}

/// The lines that are no returns with the pieces left of them, and the returns that found no purchase, the slow way.
fn matched_naively(lines: &[Line], policy: &CleaningPolicy) -> (Vec<(Line, i64)>, Vec<Line>) {
    let mut sorted: Vec<Line> = lines.iter().copied().filter(|line| line.counts(policy)).collect();
    sorted.sort_by_key(|line| (line.day, line.time, line.is_return(), line.order, line.quantity.abs(), line.amount));
    let mut left: Vec<(Line, i64)> = Vec::new();
    let mut unmatched = Vec::new();
    for line in sorted {
        if !line.is_return() {
            left.push((line, line.quantity));
            continue;
        }
        let is_its = |(bought, pieces): &&mut (Line, i64)| {
            let same = (bought.customer, bought.product) == (line.customer, line.product);
            same && !line.product.is_empty() && bought.is_purchase() && *pieces >= line.quantity.abs()
        };
        match left.iter_mut().rev().find(is_its) {
            Some((_, pieces)) => *pieces -= line.quantity.abs(),
            None => unmatched.push(line),
        }
    }
    (left, unmatched)
}

proptest! {
    #[test]
    fn order_and_parts_change_nothing(
        (lines, shuffled, places) in lines().prop_flat_map(|lines| {
            let (count, shuffled) = (lines.len(), Just(lines.clone()).prop_shuffle());
            (Just(lines), shuffled, prop::collection::vec(0..3usize, count))
        }),
        policy in policy(),
        returns in returns(),
    ) {
        let whole = finished(&lines, &policy, returns);
        prop_assert_eq!(finished(&shuffled, &policy, returns), whole.clone());
        let mut parts = [(); 3].map(|()| empty(&policy, returns));
        for (line, place) in shuffled.iter().zip(places) {
            line.push_to(&mut parts[place]);
        }
        let [mut first, second, third] = parts;
        let mut rest = third;
        rest.merge(second).unwrap();
        first.merge(rest).unwrap();
        prop_assert_eq!(first.finish().unwrap(), whole);
    }

    #[test]
    fn everything_read_counts_or_is_rejected(lines in lines(), policy in policy(), returns in returns()) {
        let customers = finished(&lines, &policy, returns);
        let account = customers.account();
        let rejected: Vec<Tally> = account.reasons().map(|(_, tally)| tally).collect();
        let read: u64 = rejected.iter().map(|tally| tally.lines()).sum::<u64>() + account.used().lines();
        prop_assert_eq!(read, lines.len() as u64);
        let money = |tally: Tally| account.money(tally).minor();
        let sum: i128 = rejected.iter().map(|tally| money(*tally)).sum::<i128>() + money(account.used());
        prop_assert_eq!(sum, lines.iter().map(|line| i128::from(line.amount)).sum::<i128>());
        let totals: i128 = customers.iter().map(|customer| customer.total().minor()).sum();
        prop_assert_eq!(totals, money(account.used()));
        if returns != Returns::Net {
            let used: u64 = customers.iter().map(|customer| customer.lines()).sum();
            prop_assert_eq!(used, account.used().lines());
        }
    }

    #[test]
    fn money_of_returns_is_netted_or_kept_apart(lines in lines(), policy in policy()) {
        let (mut expected, mut purchases) = (BTreeMap::<&str, (i64, i64)>::new(), Vec::new());
        for line in lines.iter().filter(|line| line.counts(&policy)) {
            let (bought, returned) = expected.entry(line.customer).or_default();
            *(if line.is_return() { returned } else { bought }) += line.amount;
            purchases.extend(Some(*line).filter(|line| !line.is_return()));
        }
        let all = expected.len();
        expected.retain(|id, _| purchases.iter().any(|line| line.customer == *id));
        let only_returns = all - expected.len();
        let [net, separate] = [Returns::Net, Returns::Separate].map(|returns| finished(&lines, &policy, returns));
        let sales = finished(&purchases, &policy, Returns::Exclude);
        prop_assert_eq!((net.only_returns(), separate.only_returns()), (only_returns, only_returns));
        prop_assert_eq!([net.len(), separate.len(), sales.len()], [expected.len(); 3]);
        for (((net, separate), sale), (id, (bought, returned))) in net.iter().zip(separate.iter()).zip(sales.iter()).zip(expected) {
            prop_assert_eq!([net.customer_id(), separate.customer_id()], [id; 2]);
            prop_assert_eq!(net.total().minor(), i128::from(bought + returned));
            prop_assert_eq!(separate.total(), sale.total());
            prop_assert_eq!(sale.total().minor(), i128::from(bought));
            prop_assert_eq!(separate.returns().unwrap().money().minor(), i128::from(-returned));
            let facts = |customer: &CustomerSummary<'_>| {
                (customer.orders(), customer.lines(), customer.active_days(), customer.first_order(), customer.last_time())
            };
            prop_assert_eq!([facts(&net), facts(&separate)], [facts(&sale); 2]);
        }
    }

    #[test]
    fn returns_cancel_the_latest_purchase_that_has_enough(lines in lines(), policy in policy()) {
        let (left, unmatched) = matched_naively(&lines, &policy);
        let customers = finished(&lines, &policy, Returns::Match);
        let (mut expected, mut rounded) = (BTreeMap::<&str, (i128, u64)>::new(), 0);
        for (line, pieces) in left.iter().filter(|(line, pieces)| !line.is_purchase() || *pieces > 0) {
            let (money, lines) = expected.entry(line.customer).or_default();
            // Of a line that nothing is taken of that is the amount, also where there are no pieces.
            let share = match line.quantity == *pieces {
                true => Ratio::from(line.amount),
                false => Ratio::new(i128::from(line.amount * pieces), line.quantity.unsigned_abs()),
            };
            *money += share.to_decimal(Scale::UNITS).minor();
            *lines += 1;
            rounded += u64::from(share.denominator() != 1);
        }
        let found: BTreeMap<&str, (i128, u64)> =
            customers.iter().map(|customer| (customer.customer_id(), (customer.total().minor(), customer.lines()))).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(customers.account().rejected(Reject::UnmatchedReturn).lines(), unmatched.len() as u64);
        prop_assert_eq!(customers.rounded_matches(), rounded);
    }

    #[test]
    fn elapsed_periods_are_those_of_the_seconds_between(lines in lines(), second in 0u32..86_400) {
        let rfm = Rfm::builder(analysis_date())
            .recency_measure(RecencyMeasure::ELAPSED)
            .analysis_time(second)
            .build()
            .unwrap();
        let mut summaries = rfm.summaries();
        for line in &lines {
            line.push_to(&mut summaries);
        }
        let customers = summaries.finish().unwrap();
        for customer in customers.iter() {
            let seconds = |day: Day, second: u32| i64::from(day.epoch_days()) * 86_400 + i64::from(second);
            let last = lines
                .iter()
                .filter(|line| line.customer == customer.customer_id())
                .filter(|line| line.counts(&CleaningPolicy::default()) && !line.is_return())
                .map(|line| seconds(line.day, line.time))
                .filter(|last| *last <= seconds(analysis_date(), second))
                .max()
                .unwrap();
            let expected = (seconds(analysis_date(), second) - last) / 86_400;
            let found = rfm.measures().value(Dimension::Recency, &customer, analysis_date());
            prop_assert_eq!(found, Some(Ratio::from(expected)));
        }
        if !customers.is_empty() {
            prop_assert!(rfm.segment(customers).is_ok());
        }
    }
}
