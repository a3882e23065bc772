mod attributes;
mod excluded;
mod periods;
mod returns;
mod tables;

use super::*;
use crate::day::Day;
use crate::money::{Amount, Decimal};
use crate::ratio::Ratio;
use crate::text::TextBuffer;

/// Customer, order, day of December 2011, minor units.
type Row<'a> = (&'a str, &'a str, u8, i64);

fn day(of_month: u8) -> Day {
    Day::from_ymd(2011, 12, of_month).unwrap()
}

fn scale(decimals: u8) -> Scale {
    Scale::new(decimals).unwrap()
}

fn column<'a>(texts: impl Iterator<Item = &'a str>) -> TextBuffer {
    let mut buffer = TextBuffer::default();
    texts.for_each(|text| buffer.push(text));
    buffer
}

/// Columns that batches are lent from; with order ids unless told otherwise.
struct Columns {
    customers: TextBuffer,
    orders: TextBuffer,
    days: Vec<Day>,
    amounts: Vec<i128>,
}

impl Columns {
    fn of(rows: &[Row<'_>]) -> Columns {
        Columns {
            customers: column(rows.iter().map(|row| row.0)),
            orders: column(rows.iter().map(|row| row.1)),
            days: rows.iter().map(|row| day(row.2)).collect(),
            amounts: rows.iter().map(|row| row.3.into()).collect(),
        }
    }

    fn without_orders(&self, scale: Scale) -> TransactionBatch<'_> {
        TransactionBatch::try_new(self.customers.column(), &self.days, &self.amounts, scale).unwrap()
    }

    fn batch(&self, scale: Scale) -> TransactionBatch<'_> {
        self.without_orders(scale).with_order_ids(self.orders.column()).unwrap()
    }
}

fn push(summaries: &mut Summaries, rows: &[Row<'_>], scale: Scale) -> Result<Vec<Option<Reject>>, SummaryError> {
    summaries.push_batch(&Columns::of(rows).batch(scale)).map(<[_]>::to_vec)
}

/// No lines yet; active days are counted.
fn counting_days(policy: CleaningPolicy) -> Summaries {
    Summaries::new(policy).with_active_days()
}

fn summaries_of(rows: &[Row<'_>]) -> Summaries {
    let mut summaries = counting_days(CleaningPolicy::default());
    push(&mut summaries, rows, Scale::CENTS).unwrap();
    summaries
}

/// Orders, lines, active days and money of a customer.
fn facts(customers: &Customers, id: &str) -> (u64, u64, u64, String) {
    let summary = customers.get(customers.find(id).expect("a customer")).unwrap();
    (summary.orders(), summary.lines(), summary.active_days().unwrap(), summary.total().to_string())
}

const SPREAD: [Row<'_>; 6] = [
    ("ann", "1", 1, 100),
    ("bob", "1", 1, 1_000),
    ("ann", "2", 1, 20),
    ("ann", "1", 3, 3),
    ("bob", "1", 2, 2_000),
    ("ann", "1", 1, 4_000),
];

#[test]
fn lines_of_an_order_may_be_spread_over_a_batch() {
    let customers = summaries_of(&SPREAD).finish().unwrap();
    assert_eq!(customers.order_definition(), OrderDefinition::OrderId);
    assert_eq!(facts(&customers, "ann"), (2, 4, 2, "41.23".to_owned()));
    assert_eq!(facts(&customers, "bob"), (1, 2, 2, "30.00".to_owned()));
    let ann = customers.get(0).unwrap();
    assert_eq!((ann.customer_id(), ann.first_order(), ann.last_order()), ("ann", day(1), day(3)));
}

#[test]
fn lines_of_an_order_may_be_spread_over_batches_rows_and_merged_parts() {
    let whole = summaries_of(&SPREAD).finish().unwrap();
    let mut batches = counting_days(CleaningPolicy::default());
    let mut rows = counting_days(CleaningPolicy::default());
    let mut merged = counting_days(CleaningPolicy::default());
    for row in SPREAD {
        push(&mut batches, &[row], Scale::CENTS).unwrap();
        let (customer_id, order_id, of_month, cents) = row;
        let (day, amount) = (day(of_month), Amount::from_minor(cents));
        rows.push(Transaction { customer_id, order_id: Some(order_id), day, amount }).unwrap();
        // Now on this side, now on the other.
        let mut part = summaries_of(&[row]);
        core::mem::swap(&mut merged, &mut part);
        merged.merge(part).unwrap();
    }
    assert_eq!(batches.finish().unwrap(), whole);
    assert_eq!(rows.finish().unwrap(), whole);
    assert_eq!(merged.finish().unwrap(), whole);
}

#[test]
fn an_order_id_belongs_to_a_customer() {
    let rows = [("ann", "7", 1, 1), ("bob", "7", 1, 2), ("ann", "7", 1, 4), ("bob", "8", 1, 8)];
    let customers = summaries_of(&rows).finish().unwrap();
    assert_eq!(facts(&customers, "ann"), (1, 2, 1, "0.05".to_owned()));
    assert_eq!(facts(&customers, "bob"), (2, 2, 1, "0.10".to_owned()));
}

#[test]
fn ids_are_told_apart_by_where_they_end() {
    // One after the other both pairs read "annb7".
    let rows = [("ann", "b7", 1, 1), ("annb", "7", 1, 2), ("an", "nb7", 1, 4)];
    let customers = summaries_of(&rows).finish().unwrap();
    assert_eq!(customers.iter().map(|customer| customer.orders()).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(customers.iter().map(|customer| customer.customer_id()).collect::<Vec<_>>(), ["an", "ann", "annb"]);
}

#[test]
fn customers_are_sorted_by_the_bytes_of_their_ids() {
    let rows = [("é", "1", 1, 1), ("b", "1", 1, 1), ("B", "1", 1, 1), ("10", "1", 1, 1), ("9", "1", 1, 1)];
    let customers = summaries_of(&rows).finish().unwrap();
    assert_eq!(customers.iter().map(|customer| customer.customer_id()).collect::<Vec<_>>(), ["10", "9", "B", "b", "é"]);
    let found: Vec<Option<usize>> = customers.iter().map(|customer| customers.find(customer.customer_id())).collect();
    assert_eq!(found, [0, 1, 2, 3, 4].map(Some));
    assert_eq!((customers.find("a"), customers.find("ü")), (None, None));
}

#[test]
fn kept_lines_without_an_order_id_are_orders_of_their_own() {
    let rows = [("ann", "", 1, 1), ("ann", "", 1, 2), ("ann", "  ", 1, 4), ("ann", "  ", 2, 8), ("ann", "1", 2, 16)];
    let mut summaries = counting_days(CleaningPolicy::keep_all());
    assert_eq!(push(&mut summaries, &rows, Scale::CENTS).unwrap(), [None; 5]);
    let mut other = counting_days(CleaningPolicy::keep_all());
    push(&mut other, &rows, Scale::CENTS).unwrap();
    summaries.merge(other).unwrap();
    let customers = summaries.finish().unwrap();
    assert_eq!(facts(&customers, "ann"), (9, 10, 2, "0.62".to_owned()));
}

#[test]
fn without_order_ids_each_line_is_an_order() {
    let columns = Columns::of(&[("ann", "1", 1, 1), ("ann", "1", 1, 2), ("bob", "1", 1, 4)]);
    let mut summaries = counting_days(CleaningPolicy::default());
    summaries.push_batch(&columns.without_orders(Scale::CENTS)).unwrap();
    summaries
        .push(Transaction { customer_id: "ann", order_id: None, day: day(1), amount: Amount::from_minor(8) })
        .unwrap();
    let customers = summaries.finish().unwrap();
    assert_eq!(customers.order_definition(), OrderDefinition::EachLine);
    assert_eq!(facts(&customers, "ann"), (3, 3, 1, "0.11".to_owned()));
}

#[test]
fn input_with_and_without_order_ids_does_not_mix() {
    let columns = Columns::of(&[("ann", "1", 1, 1)]);
    let mut pushed = counting_days(CleaningPolicy::default());
    pushed.push_batch(&columns.without_orders(Scale::CENTS)).unwrap();
    let mut merged = summaries_of(&[("ann", "1", 1, 1)]);
    assert_eq!(merged.merge(pushed.clone()), Err(SummaryError::MixedOrders));
    assert_eq!(pushed.push_batch(&columns.batch(Scale::CENTS)).map(|_| ()), Err(SummaryError::MixedOrders));
}

#[test]
fn summaries_without_rows_mix_with_both() {
    let refused = [Refusal { reason: Reject::BadRecord, amount: None }];
    for with_orders in [true, false] {
        let columns = Columns::of(&[("ann", "1", 1, 1)]);
        let mut summaries = counting_days(CleaningPolicy::default());
        summaries.push_batch(&Columns::of(&[]).without_orders(Scale::MAX).with_refused(&refused)).unwrap();
        let batch = if with_orders { columns.batch(Scale::CENTS) } else { columns.without_orders(Scale::CENTS) };
        let mut other = counting_days(CleaningPolicy::default());
        other.push_batch(&batch).unwrap();
        summaries.merge(other).unwrap();
        let customers = summaries.finish().unwrap();
        // A batch without rows has no amounts either: its scale does not count.
        assert_eq!((customers.scale(), customers.account().read().lines()), (Scale::CENTS, 2));
    }
}

#[test]
fn no_lines_make_no_customers() {
    let customers = counting_days(CleaningPolicy::default()).finish().unwrap();
    assert_eq!((customers.len(), customers.is_empty(), customers.last_day()), (0, true, None));
    assert_eq!((customers.get(0).is_none(), customers.find("")), (true, None));
    assert_eq!(customers.account().read(), crate::Tally::default());
}

#[test]
fn the_scale_grows_with_what_the_amounts_need() {
    let parts: [(Row<'_>, u8); 4] =
        [(("ann", "1", 1, 5), 0), (("ann", "1", 1, 25), 1), (("bob", "1", 1, 1_125), 3), (("ann", "2", 1, 7), 2)];
    let mut one = counting_days(CleaningPolicy::default()).with_order_values();
    for (row, decimals) in parts {
        push(&mut one, &[row], scale(decimals)).unwrap();
    }
    let one = one.finish().unwrap();
    assert_eq!(one.scale(), scale(3));
    assert_eq!(facts(&one, "ann"), (2, 3, 1, "7.570".to_owned()));
    assert_eq!(one.account().money(one.account().used()).to_string(), "8.695");

    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let mut merged = counting_days(CleaningPolicy::default()).with_order_values();
        for part in order {
            let (row, decimals) = parts[part];
            let mut part = counting_days(CleaningPolicy::default()).with_order_values();
            push(&mut part, &[row], scale(decimals)).unwrap();
            merged.merge(part).unwrap();
        }
        assert_eq!(merged.finish().unwrap(), one, "{order:?}");
    }
}

#[test]
fn money_is_shown_with_no_decimals_or_at_least_two() {
    for (decimals, shown) in [(0, "7"), (1, "0.70"), (2, "0.07"), (4, "0.0007"), (9, "0.000000007")] {
        let mut summaries = counting_days(CleaningPolicy::default());
        push(&mut summaries, &[("ann", "1", 1, 7)], scale(decimals)).unwrap();
        assert_eq!(facts(&summaries.finish().unwrap(), "ann").3, shown);
    }
}

#[test]
fn a_scale_that_was_asked_for_is_kept_or_refused() {
    let mut summaries = counting_days(CleaningPolicy::default()).with_scale(scale(3));
    push(&mut summaries, &[("ann", "1", 1, 7)], Scale::UNITS).unwrap();
    summaries
        .push(Transaction { customer_id: "ann", order_id: Some("1"), day: day(1), amount: Amount::from_minor(5) })
        .unwrap();
    assert_eq!(facts(&summaries.clone().finish().unwrap(), "ann").3, "7.005");

    push(&mut summaries, &[("ann", "1", 1, 1)], scale(4)).unwrap();
    let error = summaries.finish().unwrap_err();
    assert_eq!(error, SummaryError::Scale { found: 4, asked: 3 });
    assert_eq!(error.to_string(), "the amounts have 4 decimals, more than the 3 that were asked for");
}

#[test]
fn rejected_and_refused_money_counts_towards_the_scale() {
    let mut summaries = summaries_of(&[("ann", "1", 1, 100)]);
    push(&mut summaries, &[("", "1", 1, 1)], scale(3)).unwrap();
    let amount = Some("0.00005".parse().unwrap());
    summaries.refuse(&[Refusal { reason: Reject::BadDate, amount }]).unwrap();
    let account = summaries.account();
    assert_eq!(account.money(account.read()).to_string(), "1.00105");
    assert_eq!(facts(&summaries.finish().unwrap(), "ann").3, "1.00000");
}

fn order_values(rows: &[Row<'_>]) -> OrderValues {
    let mut summaries = counting_days(CleaningPolicy::keep_all()).with_order_values();
    push(&mut summaries, rows, Scale::CENTS).unwrap();
    let customers = summaries.finish().unwrap();
    assert!(customers.has_order_values());
    customers.get(customers.find("ann").unwrap()).unwrap().order_values().unwrap()
}

#[test]
fn values_are_those_of_orders_not_of_lines() {
    let values =
        order_values(&[("ann", "1", 1, 500), ("bob", "1", 1, 9_900), ("ann", "2", 1, 300), ("ann", "1", 2, 700)]);
    assert_eq!(values.mean(), Ratio::new(15, 2));
    assert_eq!(values.median(), Ratio::new(15, 2));
    assert_eq!(values.largest(), Decimal::new(1_200, Scale::CENTS));
}

#[test]
fn the_median_of_an_even_number_lies_halfway() {
    let even = order_values(&[("ann", "1", 1, 1), ("ann", "2", 1, 10), ("ann", "3", 1, 4), ("ann", "4", 1, 100)]);
    assert_eq!((even.median(), even.mean()), (Ratio::new(7, 100), Ratio::new(115, 400)));
    let odd = order_values(&[("ann", "1", 1, 1), ("ann", "2", 1, 10), ("ann", "3", 1, 4)]);
    assert_eq!((odd.median(), odd.mean()), (Ratio::new(4, 100), Ratio::new(5, 100)));
    let halves = order_values(&[("ann", "1", 1, -1), ("ann", "2", 1, -2)]);
    assert_eq!((halves.median(), halves.largest().to_string()), (Ratio::new(-3, 200), "-0.01".to_owned()));
}

#[test]
fn order_values_are_kept_only_when_asked_for() {
    let customers = summaries_of(&SPREAD).finish().unwrap();
    assert!(!customers.has_order_values());
    assert_eq!(customers.get(0).unwrap().order_values(), None);
}

#[test]
fn an_order_may_have_any_number_of_lines_one_after_the_other() {
    for lines in [1, 63, 64, 65, 1_000] {
        let order = vec![("ann", "1", 1, 2); lines];
        let returned = [("ann", "1", 1, -2)];
        let rows = [&order[..], &returned, &order].concat();
        let count = 2 * lines as u64;
        let money = format!("{:.2}", 2.0 * count as f64 / 100.0);
        assert_eq!(facts(&summaries_of(&rows).finish().unwrap(), "ann"), (1, count, 1, money));
    }
}

#[test]
fn active_days_are_counted_only_when_asked_for() {
    let mut summaries = Summaries::new(CleaningPolicy::default());
    push(&mut summaries, &SPREAD, Scale::CENTS).unwrap();
    let customers = summaries.finish().unwrap();
    assert!(!customers.has_active_days());
    assert_eq!(customers.get(0).unwrap().active_days(), None);
}

#[test]
fn active_days_are_counted_once_across_orders_and_merges() {
    let rows: [Row<'_>; 6] = [
        ("ann", "1", 1, 1),
        ("ann", "2", 1, 1),
        ("ann", "1", 2, 1),
        ("ann", "1", 1, 1),
        ("ann", "3", 2, 1),
        ("bob", "3", 9, 1),
    ];
    assert_eq!(facts(&summaries_of(&rows).finish().unwrap(), "ann").2, 2);
    for cut in 0..=rows.len() {
        let mut left = summaries_of(&rows[..cut]);
        left.merge(summaries_of(&rows[cut..])).unwrap();
        // Lines behind a merge meet orders whose day the merge brought.
        push(&mut left, &[("ann", "1", 1, 1), ("ann", "1", 2, 1), ("ann", "4", 3, 1)], Scale::CENTS).unwrap();
        assert_eq!(facts(&left.finish().unwrap(), "ann").2, 3, "cut at {cut}");
    }
}

#[test]
fn summaries_of_different_settings_are_not_merged() {
    let plain = || Summaries::new(CleaningPolicy::default());
    for other in [
        Summaries::new(CleaningPolicy::keep_all()),
        Summaries::new(CleaningPolicy::default().as_of(day(1))),
        plain().with_order_values(),
        plain().with_active_days(),
        plain().with_daily_money(),
        plain().with_attributes(),
        Summaries::new(CleaningPolicy::default().excluding_orders(["1"])),
        plain().with_scale(Scale::CENTS),
    ] {
        assert_eq!(plain().merge(other.clone()), Err(SummaryError::DifferentSettings));
        assert_eq!(other.clone().merge(plain()), Err(SummaryError::DifferentSettings));
        assert_eq!(other.clone().merge(other), Ok(()));
    }
    assert_eq!(SummaryError::DifferentSettings.to_string(), "summaries of different settings cannot be merged");
}

#[test]
fn the_largest_amounts_add_up_at_the_finest_scale_in_any_order() {
    let huge: [Row<'_>; 2] = [("ann", "1", 1, i64::MAX), ("bob", "1", 1, i64::MIN)];
    for huge_first in [true, false] {
        let mut summaries = counting_days(CleaningPolicy::keep_all());
        if huge_first {
            push(&mut summaries, &huge, Scale::UNITS).unwrap();
        }
        push(&mut summaries, &[("cat", "1", 1, 1)], Scale::MAX).unwrap();
        if !huge_first {
            push(&mut summaries, &huge, Scale::UNITS).unwrap();
        }
        let customers = summaries.finish().unwrap();
        assert_eq!(facts(&customers, "ann").3, "9223372036854775807.000000000");
        assert_eq!(facts(&customers, "bob").3, "-9223372036854775808.000000000");
        assert_eq!(customers.account().money(customers.account().used()).to_string(), "-0.999999999");
    }
}

#[test]
fn money_that_does_not_fit_is_an_error_and_never_a_wrong_sum() {
    let refusal = |minor, reason| Refusal { reason, amount: Some(Decimal::new(minor, Scale::UNITS)) };
    let half = i128::MAX / 2 + 1;
    let cases = [
        [refusal(half, Reject::BadDate), refusal(half, Reject::BadDate)],
        // Each of the two reasons has its sum; all lines together have none.
        [refusal(half, Reject::BadDate), refusal(half, Reject::BadNumber)],
        // They would cancel each other out in this order, but not with others between them.
        [refusal(half, Reject::BadDate), refusal(-half, Reject::BadDate)],
        [refusal(0, Reject::BadDate), refusal(i128::MIN, Reject::BadDate)],
    ];
    for [first, second] in cases {
        let mut summaries = counting_days(CleaningPolicy::default());
        summaries.refuse(&[first]).unwrap();
        let mut other = counting_days(CleaningPolicy::default());
        if other.refuse(&[second]).is_ok() {
            assert_eq!(summaries.clone().merge(other), Err(SummaryError::Overflow));
        }
        assert_eq!(summaries.refuse(&[second]), Err(SummaryError::Overflow));
    }

    let mut finer = counting_days(CleaningPolicy::default());
    finer.refuse(&[refusal(half, Reject::BadDate)]).unwrap();
    assert_eq!(push(&mut finer.clone(), &[("ann", "1", 1, i64::MAX)], Scale::UNITS), Ok(vec![None]));
    assert_eq!(push(&mut finer, &[("ann", "1", 1, 1)], Scale::CENTS), Err(SummaryError::Overflow));

    let mut full = counting_days(CleaningPolicy::keep_all());
    full.refuse(&[refusal(i128::MAX - 1, Reject::BadDate)]).unwrap();
    assert_eq!(push(&mut full, &[("ann", "1", 1, -1)], Scale::UNITS), Ok(vec![None]));
    assert_eq!(push(&mut full, &[("ann", "1", 1, -1)], Scale::UNITS), Err(SummaryError::Overflow));
    assert_eq!(SummaryError::Overflow.to_string(), "a sum of money does not fit 128 bits");
}

#[test]
fn every_reason_is_counted_with_its_money() {
    let policy = CleaningPolicy::online_retail().from(day(5)).until(day(20)).as_of(day(15)).excluding_orders(["9"]);
    let mut summaries = counting_days(policy);
    // Customer, order, day, amount; quantity; price; verdict.
    let rows = [
        (("ann", "1", 5, 1), 1, 1, None),
        (("", "1", 6, 2), 1, 1, Some(Reject::MissingCustomer)),
        ((" \t", "1", 6, 4), 1, 1, Some(Reject::MissingCustomer)),
        (("ann", "9", 6, 8_192), 1, 1, Some(Reject::ExcludedOrder)),
        (("ann", "C1", 6, 8), 1, 1, Some(Reject::Cancelled)),
        (("ann", "c", 6, 16), 1, 1, Some(Reject::Cancelled)),
        (("ann", "1", 6, 32), 0, 1, Some(Reject::QuantityNotPositive)),
        (("ann", "1", 6, 64), -1, 1, Some(Reject::QuantityNotPositive)),
        (("ann", "1", 6, 128), 1, 0, Some(Reject::PriceNotPositive)),
        (("ann", "1", 6, -256), 1, 1, Some(Reject::AmountNotPositive)),
        (("ann", "1", 6, 0), 1, 1, Some(Reject::AmountNotPositive)),
        (("ann", " ", 6, 512), 1, 1, Some(Reject::MissingOrder)),
        (("ann", "1", 4, 1_024), 1, 1, Some(Reject::BeforeWindow)),
        (("ann", "1", 21, 2_048), 1, 1, Some(Reject::AfterWindow)),
        (("ann", "1", 16, 4_096), 1, 1, Some(Reject::AfterAnalysisDate)),
    ];
    let columns = Columns::of(&rows.map(|row| row.0));
    let (quantities, prices) = (rows.map(|row| row.1), rows.map(|row| row.2));
    let refused = [Reject::BadRecord, Reject::BadDate, Reject::BadNumber, Reject::BlankRow, Reject::RepeatedLine]
        .map(|reason| Refusal { reason, amount: (reason == Reject::BadDate).then(|| "81.92".parse().unwrap()) });
    let batch = columns.batch(Scale::CENTS).with_quantities(&quantities).unwrap().with_prices(&prices).unwrap();
    let verdicts = summaries.push_batch(&batch.with_refused(&refused)).unwrap();
    assert_eq!(verdicts, rows.map(|row| row.3));

    let account = summaries.account();
    let counted: Vec<(Reject, u64, u64, String)> = account
        .reasons()
        .map(|(reason, tally)| (reason, tally.lines(), tally.without_amount(), account.money(tally).to_string()))
        .collect();
    let expected = [
        (Reject::BadRecord, 1, 1, "0.00"),
        (Reject::BadDate, 1, 0, "81.92"),
        (Reject::BadNumber, 1, 1, "0.00"),
        (Reject::BlankRow, 1, 1, "0.00"),
        (Reject::RepeatedLine, 1, 1, "0.00"),
        (Reject::MissingCustomer, 2, 0, "0.06"),
        (Reject::ExcludedOrder, 1, 0, "81.92"),
        (Reject::Cancelled, 2, 0, "0.24"),
        (Reject::QuantityNotPositive, 2, 0, "0.96"),
        (Reject::PriceNotPositive, 1, 0, "1.28"),
        (Reject::AmountNotPositive, 2, 0, "-2.56"),
        (Reject::MissingOrder, 1, 0, "5.12"),
        (Reject::BeforeWindow, 1, 0, "10.24"),
        (Reject::AfterWindow, 1, 0, "20.48"),
        (Reject::AfterAnalysisDate, 1, 0, "40.96"),
    ];
    assert_eq!(counted, expected.map(|(reason, lines, without, money)| (reason, lines, without, money.to_owned())));
    assert_eq!((account.read().lines(), account.used().lines(), account.rejected_total().lines()), (20, 1, 19));
    assert_eq!(account.read().without_amount(), 4);
    // A reason without a line here would be one that nobody tests; customers without orders are in tables of customers only, and
    // the four of returns are tested with those.
    assert_eq!(account.reasons().count(), Reject::ALL.len() - 5);
    assert_eq!(account.money(account.read()).to_string(), "240.63");
    assert_eq!(account.money(account.rejected_total()).to_string(), "240.62");
}

#[test]
fn a_line_is_rejected_for_the_first_reason_that_applies() {
    // From a line with everything wrong one fault after the other is mended, in the order of the tests.
    let policy = CleaningPolicy::online_retail().from(day(5)).until(day(4)).as_of(day(3)).excluding_orders(["C"]);
    let mut line = ("", "C", 4, 0, 0, 0);
    let mut reasons = Vec::new();
    for mend in 0..8 {
        match mend {
            1 => line.0 = "ann",
            2 => line.1 = "C2",
            3 => line.1 = "",
            4 => line.4 = 1,
            5 => line.5 = 1,
            6 => line.3 = 1,
            7 => line.1 = "1",
            _ => {}
        }
        let mut summaries = counting_days(policy.clone());
        let columns = Columns::of(&[(line.0, line.1, line.2, line.3)]);
        let (quantities, prices) = ([line.4], [line.5]);
        let batch = columns.batch(Scale::CENTS).with_quantities(&quantities).unwrap().with_prices(&prices).unwrap();
        reasons.push(summaries.push_batch(&batch).unwrap()[0].unwrap());
    }
    // The window is tested last; day 4 is before it, 5 behind its end, and both behind the analysis date.
    let of_rows = Reject::ALL.iter().position(|reason| *reason == Reject::MissingCustomer).unwrap();
    let of_lines = Reject::ALL[of_rows..].iter().filter(|reason| **reason != Reject::NoOrders);
    assert_eq!(reasons, of_lines.take(8).copied().collect::<Vec<_>>());
    let verdict = |of_month| {
        let mut summaries = counting_days(policy.clone());
        push(&mut summaries, &[("ann", "1", of_month, 1)], Scale::CENTS).unwrap()[0]
    };
    assert_eq!(verdict(5), Some(Reject::AfterWindow));
    let mut summaries = counting_days(CleaningPolicy::default().as_of(day(3)));
    let verdicts = push(&mut summaries, &[("ann", "1", 3, 1), ("ann", "1", 4, 1)], Scale::CENTS).unwrap();
    assert_eq!(verdicts, [None, Some(Reject::AfterAnalysisDate)]);
}

#[test]
fn all_lines_with_a_customer_count_where_nothing_is_cleaned() {
    let rows = [("ann", "C1", 1, -5), ("ann", "", 1, 0), ("ann", "2", 1, 7), ("", "2", 1, 1)];
    let columns = Columns::of(&rows);
    let mut summaries = counting_days(CleaningPolicy::keep_all());
    let batch = columns.batch(Scale::CENTS).with_quantities(&[-1, 0, -3, 1]).unwrap().with_prices(&[0; 4]).unwrap();
    let verdicts = summaries.push_batch(&batch).unwrap();
    assert_eq!(verdicts, [None, None, None, Some(Reject::MissingCustomer)]);
    assert_eq!(facts(&summaries.finish().unwrap(), "ann"), (3, 3, 1, "0.02".to_owned()));
}

#[test]
fn a_cancellation_prefix_may_end_inside_a_character() {
    let policy = CleaningPolicy::default().cancelled_orders_begin_with("Rü");
    let mut summaries = counting_days(policy);
    let rows = [("ann", "rü1", 1, 1), ("ann", "RÜ1", 1, 1), ("ann", "R", 1, 1), ("ann", "Rü", 1, 1)];
    let verdicts = push(&mut summaries, &rows, Scale::CENTS).unwrap();
    let cancelled = Some(Reject::Cancelled);
    assert_eq!(verdicts, [cancelled, None, None, cancelled], "only letters of ASCII are folded");
    assert_eq!(CleaningPolicy::default().cancelled_orders_begin_with("").cancellation_prefix(), None);
}

#[test]
fn a_batch_has_one_value_for_each_row() {
    let columns = Columns::of(&[("ann", "1", 1, 1), ("bob", "1", 1, 1)]);
    let error = columns.batch(Scale::CENTS).with_quantities(&[1]).unwrap_err();
    assert_eq!(error.to_string(), "column `quantity` has 1 rows, expected 2");
    assert!(TransactionBatch::try_new(columns.customers.column(), &columns.days[..1], &[1, 2], Scale::CENTS).is_err());
}

#[test]
fn memory_beyond_the_limit_is_an_error_that_says_how_much() {
    let rows = [("ann", "1", 1, 1), ("bob", "2", 1, 1)];
    let needed = summaries_of(&rows).memory();
    assert!(needed > 2 * 100, "{needed}");
    let limited = |limit| {
        let mut summaries = counting_days(CleaningPolicy::default()).with_memory_limit(limit);
        push(&mut summaries, &rows, Scale::CENTS).map(|_| summaries)
    };
    assert!(limited(needed).is_ok());
    let error = limited(needed - 1).map(|_| ()).unwrap_err();
    assert_eq!(error, SummaryError::Memory { customers: 2, needed, limit: needed - 1 });
    // Lines of known customers and orders need no more.
    let mut full = limited(needed).unwrap();
    push(&mut full, &rows, Scale::CENTS).unwrap();
    // A merge counts as well.
    let mut many = counting_days(CleaningPolicy::default());
    for order in 0..1_000 {
        push(&mut many, &[("ann", &order.to_string(), 1, 1)], Scale::CENTS).unwrap();
    }
    assert!(matches!(full.merge(many), Err(SummaryError::Memory { customers: 2, .. })));
}
