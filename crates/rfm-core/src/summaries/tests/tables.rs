//! Tables of customers enter as they are.

use super::*;

/// Customer, orders, first and last day of December 2011, total.
type Known<'a> = (&'a str, u64, u8, u8, i128);

fn enter(summaries: &mut Summaries, rows: &[Known<'_>], scale: Scale) -> Result<Vec<Option<Reject>>, SummaryError> {
    let ids = column(rows.iter().map(|row| row.0));
    let orders: Vec<u64> = rows.iter().map(|row| row.1).collect();
    let first: Vec<Day> = rows.iter().map(|row| day(row.2)).collect();
    let last: Vec<Day> = rows.iter().map(|row| day(row.3)).collect();
    let totals: Vec<i128> = rows.iter().map(|row| row.4).collect();
    let batch = TransactionBatch::try_new(ids.column(), &last, &totals, scale).unwrap();
    summaries.push_batch(&batch.with_summaries(&orders, &first).unwrap()).map(<[_]>::to_vec)
}

fn table(rows: &[Known<'_>]) -> Result<Summaries, SummaryError> {
    let mut summaries = Summaries::new(CleaningPolicy::default()).with_order_values();
    enter(&mut summaries, rows, Scale::CENTS).map(|_| summaries)
}

#[test]
fn what_the_table_counts_is_what_counts() {
    let customers = table(&[("bob", u64::MAX, 2, 2, 0), ("ann", 7, 1, 9, -250)]).unwrap().finish().unwrap();
    assert_eq!(customers.order_definition(), OrderDefinition::Counted);
    assert_eq!(facts(&customers, "ann"), (7, 7, 7, "-2.50".to_owned()));
    assert_eq!(facts(&customers, "bob"), (u64::MAX, u64::MAX, u64::MAX, "0.00".to_owned()));
    let ann = customers.get(0).unwrap();
    assert_eq!((ann.first_order(), ann.last_order(), ann.order_values()), (day(1), day(9), None));
    assert!(!customers.has_order_values(), "a table of customers does not tell");
    assert_eq!(customers.account().used().lines(), 2);
}

#[test]
fn a_first_order_after_the_last_is_the_last() {
    let customers = table(&[("ann", 7, 9, 1, 1)]).unwrap().finish().unwrap();
    let ann = customers.get(0).unwrap();
    assert_eq!((ann.first_order(), ann.last_order()), (day(1), day(1)));
}

#[test]
fn a_window_or_cancellations_of_a_table_of_customers_are_an_error() {
    let rows = [("ann", 1, 1, 1, 1)];
    let plain = CleaningPolicy::default;
    for policy in [plain().from(day(5)), plain().until(day(6)), CleaningPolicy::online_retail()] {
        let error = enter(&mut Summaries::new(policy), &rows, Scale::CENTS).unwrap_err();
        assert_eq!(error, SummaryError::RulesOfLines);
    }
}

#[test]
fn rules_about_sales_do_not_look_at_customers() {
    let mut summaries = Summaries::new(CleaningPolicy::default().as_of(day(20)));
    let rows =
        [("ann", 1, 1, 1, -1), (" ", 0, 1, 30, 2), ("bob", 0, 1, 30, 4), ("cat", 1, 1, 21, 8), ("dan", 1, 1, 20, 0)];
    let verdicts = enter(&mut summaries, &rows, Scale::CENTS).unwrap();
    let rejects = [Reject::MissingCustomer, Reject::NoOrders, Reject::AfterAnalysisDate].map(Some);
    assert_eq!(verdicts, [None, rejects[0], rejects[1], rejects[2], None]);
    let account = summaries.account();
    assert_eq!(account.money(account.rejected(Reject::NoOrders)).to_string(), "0.04");
    assert_eq!(Reject::NoOrders.to_string(), "no orders");
}

#[test]
fn customers_with_several_rows_are_counted_and_refused() {
    let rows =
        [("ann", 1, 1, 1, 1), ("bob", 1, 1, 1, 1), ("ann", 1, 1, 1, 1), ("cat", 1, 1, 1, 1), ("ann", 0, 1, 1, 1)];
    let error = table(&rows).unwrap().finish().unwrap_err();
    assert_eq!(error, SummaryError::RepeatedCustomers { customers: 1 });
    assert_eq!(
        error.to_string(),
        "1 customer is in more than one row; a table of customers has one row for each, \
         and order lines are read with --level lines"
    );
    let mut merged = table(&rows[..3]).unwrap();
    merged.merge(table(&[("bob", 2, 1, 1, 1), ("dan", 1, 1, 1, 1)]).unwrap()).unwrap();
    let error = merged.finish().unwrap_err();
    assert_eq!(error, SummaryError::RepeatedCustomers { customers: 2 });
    assert!(error.to_string().starts_with("2 customers are in more than one row"));
}

#[test]
fn parts_of_a_table_merge_at_any_scale() {
    let whole = table(&[("ann", 3, 1, 2, 500), ("bob", 1, 1, 1, 1)]).unwrap().finish().unwrap();
    let mut merged = table(&[("bob", 1, 1, 1, 1)]).unwrap();
    let mut units = Summaries::new(CleaningPolicy::default()).with_order_values();
    enter(&mut units, &[("ann", 3, 1, 2, 5)], Scale::UNITS).unwrap();
    units.merge(core::mem::replace(&mut merged, units.clone())).unwrap();
    assert_eq!(units.finish().unwrap(), whole);
}

#[test]
fn lines_and_customers_do_not_mix() {
    let lines = || Columns::of(&[("ann", "1", 1, 1)]);
    for with_orders in [true, false] {
        let columns = lines();
        let batch = if with_orders { columns.batch(Scale::CENTS) } else { columns.without_orders(Scale::CENTS) };
        let mut customers = table(&[("ann", 1, 1, 1, 1)]).unwrap();
        assert_eq!(customers.push_batch(&batch).map(|_| ()), Err(SummaryError::MixedLevels));
        let mut summaries = Summaries::new(CleaningPolicy::default()).with_order_values();
        summaries.push_batch(&batch).unwrap();
        assert_eq!(summaries.merge(table(&[("bob", 1, 1, 1, 1)]).unwrap()), Err(SummaryError::MixedLevels));
    }
    assert_eq!(
        SummaryError::MixedLevels.to_string(),
        "some of the input are order lines and some is a table of customers"
    );
}

#[test]
fn a_list_of_orders_is_no_use_to_a_table_of_customers() {
    let mut summaries = Summaries::new(CleaningPolicy::default().excluding_orders(["1"]));
    assert_eq!(enter(&mut summaries, &[("ann", 1, 1, 1, 1)], Scale::CENTS), Err(SummaryError::NoOrderIds));
}

#[test]
fn totals_that_do_not_fit_are_an_error() {
    assert_eq!(table(&[("ann", 1, 1, 1, i128::MAX), ("bob", 1, 1, 1, 1)]).map(|_| ()), Err(SummaryError::Overflow));
    assert_eq!(table(&[("ann", 1, 1, 1, i128::MIN)]).map(|_| ()), Err(SummaryError::Overflow));
}

#[test]
fn columns_of_customers_have_one_value_for_each_row() {
    let ids = column(["ann"].into_iter());
    let days = [day(1)];
    let batch = || TransactionBatch::try_new(ids.column(), &days, &[1], Scale::CENTS).unwrap();
    assert_eq!(batch().with_summaries(&[], &days).unwrap_err().to_string(), "column `orders` has 0 rows, expected 1");
    assert_eq!(batch().with_summaries(&[1], &[]).unwrap_err().to_string(), "column `first day` has 0 rows, expected 1");
}
