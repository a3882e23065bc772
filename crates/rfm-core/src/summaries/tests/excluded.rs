//! Orders on a list are left out, and the list is accounted for.

use super::*;

fn policy() -> CleaningPolicy {
    CleaningPolicy::default().excluding_orders(["1", " 2\t", "2", "", " ", "never", "C1"])
}

const ROWS: [Row<'_>; 6] = [
    ("ann", "1", 1, 100),
    ("bob", "1 ", 1, 200),
    ("ann", "11", 1, 400),
    ("", "2", 1, 800),
    ("ann", "C1", 1, -1_600),
    ("ann", "3", 1, 3_200),
];

#[test]
fn listed_orders_do_not_count_whoever_has_them() {
    let mut summaries = counting_days(policy().cancelled_orders_begin_with("C"));
    let excluded = Some(Reject::ExcludedOrder);
    assert_eq!(
        push(&mut summaries, &ROWS, Scale::CENTS).unwrap(),
        [excluded, excluded, None, Some(Reject::MissingCustomer), excluded, None]
    );
    let customers = summaries.finish().unwrap();
    assert_eq!(facts(&customers, "ann"), (2, 2, 1, "36.00".to_owned()));
    assert_eq!(customers.find("bob"), None);
    assert_eq!((policy().excluded_orders(), customers.excluded_orders_found()), (4, 3), "blank ids are none");
}

#[test]
fn listed_orders_are_found_once_in_whatever_part_they_are() {
    for cut in 0..=ROWS.len() {
        let part = |rows: &[Row<'_>]| {
            let mut summaries = counting_days(policy());
            push(&mut summaries, rows, Scale::CENTS).unwrap();
            summaries
        };
        let (mut left, right) = (part(&ROWS[..cut]), part(&ROWS[cut..]));
        left.merge(right).unwrap();
        assert_eq!(left.excluded_orders_found(), 3);
        assert_eq!(left.finish().unwrap(), part(&ROWS).finish().unwrap(), "cut at {cut}");
    }
}

#[test]
fn a_list_of_orders_needs_order_ids() {
    let columns = Columns::of(&ROWS);
    let mut summaries = counting_days(policy());
    let error = summaries.push_batch(&columns.without_orders(Scale::CENTS)).map(|_| ()).unwrap_err();
    assert_eq!(error, SummaryError::NoOrderIds);
    assert_eq!(
        error.to_string(),
        "orders are to be left out, but the input has no order ids; name the column with --order"
    );
    // A list of nothing needs none, and neither do lines that could not be read.
    let none = CleaningPolicy::default().excluding_orders([""]);
    assert!(counting_days(none).push_batch(&columns.without_orders(Scale::CENTS)).is_ok());
    let refused = [Refusal { reason: Reject::BadRecord, amount: None }];
    let empty = Columns::of(&[]);
    let batch = empty.without_orders(Scale::CENTS).with_refused(&refused);
    assert!(counting_days(policy()).push_batch(&batch).is_ok());
}
