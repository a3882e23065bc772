//! The money of each day is kept if it is asked for.

use super::*;
use crate::period::PeriodUnit;

fn daily() -> Summaries {
    Summaries::new(CleaningPolicy::keep_all()).with_daily_money()
}

/// The days of December of a customer, and their money.
fn days(customers: &Customers, id: &str) -> Vec<(u8, String)> {
    let days = customers.get(customers.find(id).unwrap()).unwrap().daily_money().unwrap();
    days.iter().map(|(day, money)| (day.ymd().2, money.to_string())).collect()
}

fn shown<const N: usize>(expected: [(u8, &str); N]) -> Vec<(u8, String)> {
    expected.map(|(day, money)| (day, money.to_owned())).to_vec()
}

#[test]
fn days_have_the_money_of_all_their_lines_at_the_finest_scale() {
    let mut summaries = daily();
    push(&mut summaries, &SPREAD, Scale::CENTS).unwrap();
    push(&mut summaries, &[("ann", "9", 3, -1), ("cid", "9", 31, 0)], scale(3)).unwrap();
    let customers = summaries.finish().unwrap();
    assert!(customers.has_daily_money());
    assert_eq!(days(&customers, "ann"), shown([(1, "41.200"), (3, "0.029")]));
    assert_eq!(days(&customers, "bob"), shown([(1, "10.000"), (2, "20.000")]));
    assert_eq!(days(&customers, "cid"), shown([(31, "0.000")]));
}

#[test]
fn days_are_cut_at_either_end() {
    let mut summaries = daily();
    push(&mut summaries, &SPREAD, Scale::CENTS).unwrap();
    let customers = summaries.finish().unwrap();
    let ann = customers.get(0).unwrap().daily_money().unwrap();
    let total = |part: Option<DailyMoney<'_>>| part.map(|days| days.total().to_string());
    assert_eq!(total(ann.until(day(2))).as_deref(), Some("41.20"));
    assert_eq!(total(ann.after(day(1))).as_deref(), Some("0.03"));
    assert_eq!((total(ann.after(day(3))), total(ann.until(Day::MIN))), (None, None));
    let weeks = ann.periods(PeriodUnit::Week);
    assert_eq!((weeks.unit(), weeks.count(), weeks.repeats(), weeks.repeat_mean()), (PeriodUnit::Week, 1, 0, 0.into()));
    assert_eq!((weeks.median(), weeks.mean().to_string()), (weeks.mean(), "41.23".to_owned()));
}

#[test]
fn daily_money_is_kept_only_when_asked_for_and_counts_as_memory() {
    let customers = summaries_of(&SPREAD).finish().unwrap();
    assert!(!customers.has_daily_money() && customers.get(0).unwrap().periods(PeriodUnit::Day).is_none());
    let memory = |mut summaries: Summaries| {
        push(&mut summaries, &SPREAD, Scale::CENTS).unwrap();
        summaries.memory()
    };
    let none = || Summaries::new(CleaningPolicy::default());
    assert!(memory(none().with_daily_money()) > memory(none()));
    assert!(memory(none().with_active_days()) > memory(none()));
}

#[test]
fn a_table_of_customers_does_not_tell_of_days() {
    let (ids, last, total) = (column(["ann"].into_iter()), [day(3)], [500]);
    let batch = TransactionBatch::try_new(ids.column(), &last, &total, Scale::CENTS).unwrap();
    let mut summaries = Summaries::new(CleaningPolicy::default()).with_daily_money();
    summaries.push_batch(&batch.with_summaries(&[2], &[day(1)]).unwrap()).unwrap();
    let customers = summaries.finish().unwrap();
    assert!(!customers.has_daily_money() && customers.get(0).unwrap().daily_money().is_none());
}

#[test]
fn money_of_which_twice_does_not_fit_is_an_error() {
    for (amount, fits) in [(i128::MAX / 2, true), (i128::MAX / 2 + 1, false)] {
        let (ids, today, money) = (column(["ann"].into_iter()), [day(3)], [amount]);
        let mut summaries = daily();
        let batch = TransactionBatch::try_new(ids.column(), &today, &money, Scale::CENTS);
        summaries.push_batch(&batch.unwrap()).unwrap();
        let found = summaries.finish();
        assert_eq!(found.as_ref().err(), (!fits).then_some(&SummaryError::Overflow));
        if let Ok(customers) = found {
            let periods = customers.get(0).unwrap().periods(PeriodUnit::Month).unwrap();
            assert_eq!((periods.largest().minor(), periods.median()), (amount, Ratio::new(amount, 100)));
        }
    }
}
