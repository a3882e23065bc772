//! What models of lifetime value take: frequency, recency, age and money of each customer, in periods.

use crate::day::Day;
use crate::period::PeriodUnit;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers, DailyMoney, Periods};

/// Makes the summaries that models of lifetime value are fitted to, as the Python packages `lifetimes` and `pymc-marketing`
/// make them: all that a customer buys within a period is one purchase, and the first one is not a repeat.
///
/// Nothing is estimated here. The customers need their [`DailyMoney`] ([`crate::Summaries::with_daily_money`]).
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, CleaningPolicy, Clv, Day, PeriodUnit, Ratio, Summaries, Transaction};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default()).with_daily_money();
/// for (day, cents) in [(1, 300), (2, 100), (5, 500)] {
///     let (day, amount) = (Day::from_ymd(2015, 1, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let end = Day::from_ymd(2015, 2, 7)?;
/// let [ann] = Clv::repeat(PeriodUnit::Day).summaries(&customers, end)?[..] else { panic!("one customer") };
/// assert_eq!((ann.frequency, ann.recency, ann.age, ann.monetary), (2, 4, 37, Ratio::from(3)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clv {
    unit: PeriodUnit,
    flavour: Flavour,
}

/// What becomes of the first purchase, and from where recency counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flavour {
    Repeat,
    LifetimesWithFirst,
    PymcWithFirst,
}

/// What a model of lifetime value takes of one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClvSummary<'c> {
    /// Who it is.
    pub customer_id: &'c str,
    /// Periods with a purchase: those after the first one, or all, as the flavour says.
    pub frequency: u64,
    /// Periods from the first purchase to the last; of [`Clv::pymc_with_first`] from the last to the end.
    pub recency: i32,
    /// Periods from the first purchase to the end, `T` of the packages.
    pub age: i32,
    /// The mean money of the periods that frequency counts, in units of money; 0 if it counts none.
    pub monetary: Ratio,
}

/// What a model is fitted to, and what the customer did next to hold the model against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClvSplit<'c> {
    /// Up to the end of the training.
    pub train: ClvSummary<'c>,
    /// Periods with a purchase in the test.
    pub test_frequency: u64,
    /// The mean money of those periods, in units of money; 0 of none.
    pub test_monetary: Ratio,
    /// Periods from that of the end of the training to that of the end of the test, the same for all.
    pub test_age: i32,
}

/// Why there are no such summaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClvError {
    /// The money of single days was not kept, or the input is a table of customers, which does not tell.
    #[error("summaries for lifetime value need the money of each day, which these customers do not have")]
    NoDailyMoney,
    /// There is no purchase up to the end of the training.
    #[error("no purchase to train with: none is of {until} or before")]
    EmptyTrain {
        /// The last day of the training.
        until: Day,
    },
    /// There is no purchase in the test.
    #[error("no purchase to test with: none is after {after} and not after {until}")]
    EmptyTest {
        /// The last day of the training.
        after: Day,
        /// The last day of the test.
        until: Day,
    },
}

impl Clv {
    /// Frequency and money of the periods after the first one; recency from the first to the last one. The default of both
    /// packages, and what their models take.
    #[must_use]
    pub const fn repeat(unit: PeriodUnit) -> Clv {
        Clv { unit, flavour: Flavour::Repeat }
    }

    /// `include_first_transaction=True` of `lifetimes`: frequency and money of all periods, and all else as [`Clv::repeat`].
    #[must_use]
    pub const fn lifetimes_with_first(unit: PeriodUnit) -> Clv {
        Clv { unit, flavour: Flavour::LifetimesWithFirst }
    }

    /// `include_first_transaction=True` of `pymc-marketing`: frequency and money of all periods, and recency from the last one to
    /// the end, as in RFM. The package leaves the age out.
    #[must_use]
    pub const fn pymc_with_first(unit: PeriodUnit) -> Clv {
        Clv { unit, flavour: Flavour::PymcWithFirst }
    }

    /// The unit of all times.
    #[must_use]
    pub const fn unit(&self) -> PeriodUnit {
        self.unit
    }

    /// The summary of each customer who bought up to the end, sorted by customer id; none if nobody did.
    ///
    /// The period of `end` counts as a whole, as in both packages: with weeks, purchases after `end` count up to the Sunday, which
    /// is [`PeriodUnit::last_day_of`]. Customers that are to be scored as of the same end should be read up to that day.
    /// Without an end the packages take the latest day of the data, [`Customers::last_day`].
    ///
    /// # Errors
    ///
    /// [`ClvError::NoDailyMoney`].
    pub fn summaries<'c>(&self, customers: &'c Customers, end: Day) -> Result<Vec<ClvSummary<'c>>, ClvError> {
        let until = self.unit.last_day_of(end);
        let days = with_days(customers)?.filter_map(|(customer, days)| Some((customer, days.until(until)?)));
        Ok(days.map(|(customer, days)| self.summary(customer, &days, end)).collect())
    }

    /// Splits the purchases: the summaries up to `train_end` with what their customers did after it up to `test_end`, as
    /// `rfm_train_test_split` of `pymc-marketing`. Customers who first bought in the test are left out.
    ///
    /// Both ends are days: within a week or month, what is after `train_end` belongs to the test.
    ///
    /// # Errors
    ///
    /// [`ClvError`].
    pub fn split<'c>(
        &self,
        customers: &'c Customers,
        train_end: Day,
        test_end: Day,
    ) -> Result<Vec<ClvSplit<'c>>, ClvError> {
        let test = |days: DailyMoney<'c>| days.after(train_end)?.until(test_end);
        let mut splits = Vec::new();
        let mut tests = false;
        for (customer, days) in with_days(customers)? {
            let test = test(days).map(|days| days.periods(self.unit));
            tests |= test.is_some();
            let Some(train) = days.until(train_end) else { continue };
            splits.push(ClvSplit {
                train: self.summary(customer, &train, train_end),
                test_frequency: test.map_or(0, |periods| periods.count()),
                test_monetary: test.map_or(Ratio::from(0), |periods| periods.mean()),
                test_age: self.unit.between(train_end, test_end),
            });
        }
        match (splits.is_empty(), tests) {
            (true, _) => Err(ClvError::EmptyTrain { until: train_end }),
            (false, false) => Err(ClvError::EmptyTest { after: train_end, until: test_end }),
            (false, true) => Ok(splits),
        }
    }

    fn summary<'c>(&self, customer: CustomerSummary<'c>, days: &DailyMoney<'c>, end: Day) -> ClvSummary<'c> {
        let periods: Periods = days.periods(self.unit);
        let age = self.unit.period_of(end).saturating_sub(periods.first());
        let between = periods.last().saturating_sub(periods.first());
        let (frequency, monetary) = match self.flavour {
            Flavour::Repeat => (periods.repeats(), periods.repeat_mean()),
            Flavour::LifetimesWithFirst | Flavour::PymcWithFirst => (periods.count(), periods.mean()),
        };
        let recency = match self.flavour {
            Flavour::Repeat | Flavour::LifetimesWithFirst => between,
            Flavour::PymcWithFirst => age.saturating_sub(between),
        };
        ClvSummary { customer_id: customer.customer_id(), frequency, recency, age, monetary }
    }
}

fn with_days(customers: &Customers) -> Result<impl Iterator<Item = (CustomerSummary<'_>, DailyMoney<'_>)>, ClvError> {
    if !customers.has_daily_money() {
        return Err(ClvError::NoDailyMoney);
    }
    Ok(customers.iter().filter_map(|customer| Some((customer, customer.daily_money()?))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, CleaningPolicy, Summaries, Transaction};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// The fixture of the tests of lifetimes and pymc-marketing.
    fn customers() -> Customers {
        let mut summaries = Summaries::new(CleaningPolicy::keep_all()).with_daily_money();
        for (customer_id, date, units) in [
            ("1", "2015-01-01", 1),
            ("1", "2015-02-06", 2),
            ("2", "2015-01-01", 2),
            ("3", "2015-01-01", 3),
            ("3", "2015-01-02", 1),
            ("3", "2015-01-05", 5),
            ("4", "2015-01-16", 6),
            ("4", "2015-02-02", 3),
            ("4", "2015-02-05", 3),
            ("4", "2015-02-05", 6),
            ("5", "2015-01-16", 3),
            ("5", "2015-01-17", 1),
            ("5", "2015-01-18", 8),
            ("6", "2015-02-02", 5),
        ] {
            let amount = Amount::from_minor(units * 100);
            summaries.push(Transaction { customer_id, order_id: None, day: day(date), amount }).unwrap();
        }
        summaries.finish().unwrap()
    }

    fn rows(clv: Clv, end: &str) -> Vec<(u64, i32, i32, String)> {
        let customers = customers();
        let summaries = clv.summaries(&customers, day(end)).unwrap();
        summaries.iter().map(|row| (row.frequency, row.recency, row.age, row.monetary.to_string())).collect()
    }

    fn row(frequency: u64, recency: i32, age: i32, monetary: &str) -> (u64, i32, i32, String) {
        (frequency, recency, age, monetary.to_owned())
    }

    #[test]
    fn the_fixture_of_both_packages_has_their_numbers() {
        let repeat = [
            row(1, 36, 37, "2"),
            row(0, 0, 37, "0"),
            row(2, 4, 37, "3"),
            row(2, 20, 22, "6"),
            row(2, 2, 22, "4.5"),
            row(0, 0, 5, "0"),
        ];
        assert_eq!(rows(Clv::repeat(PeriodUnit::Day), "2015-02-07"), repeat);
        let with_first = [
            row(2, 1, 37, "1.5"),
            row(1, 37, 37, "2"),
            row(3, 33, 37, "3"),
            row(3, 2, 22, "6"),
            row(3, 20, 22, "4"),
            row(1, 5, 5, "5"),
        ];
        assert_eq!(rows(Clv::pymc_with_first(PeriodUnit::Day), "2015-02-07"), with_first);
        let lifetimes =
            with_first.into_iter().zip(repeat).map(|(with, without)| (with.0, without.1, without.2, with.3));
        assert_eq!(rows(Clv::lifetimes_with_first(PeriodUnit::Day), "2015-02-07"), lifetimes.collect::<Vec<_>>());
    }

    #[test]
    fn the_week_of_the_end_counts_as_a_whole() {
        // A Wednesday; customer 4 buys on the Thursday after it.
        let weekly = rows(Clv::repeat(PeriodUnit::Week), "2015-02-04");
        assert_eq!(weekly[3], row(1, 3, 3, "12"));
        assert_eq!(rows(Clv::repeat(PeriodUnit::Day), "2015-02-04")[3], row(1, 17, 19, "3"));
        // Customer 6 first buys on the Monday of that week.
        assert_eq!(rows(Clv::repeat(PeriodUnit::Week), "2015-02-01").len(), 5);
    }

    #[test]
    fn a_split_ends_with_days_and_drops_new_customers() {
        let customers = customers();
        let clv = Clv::repeat(PeriodUnit::Day);
        let split = clv.split(&customers, day("2015-02-01"), day("2015-02-04")).unwrap();
        let ids: Vec<&str> = split.iter().map(|row| row.train.customer_id).collect();
        assert_eq!(ids, ["1", "2", "3", "4", "5"]);
        let of = |row: &ClvSplit<'_>| (row.test_frequency, row.test_monetary.to_string(), row.test_age);
        assert_eq!(of(&split[3]), (1, "3".to_owned(), 3));
        assert_eq!(of(&split[0]), (0, "0".to_owned(), 3));
        assert_eq!((split[3].train.frequency, split[3].train.age), (0, 16));

        // Both purchases of the 5th are one, and one more is in the same week.
        let weekly = Clv::repeat(PeriodUnit::Week).split(&customers, day("2015-02-03"), day("2015-02-28")).unwrap();
        assert_eq!(of(&weekly[3]), (1, "9".to_owned(), 3));
        assert_eq!((weekly[3].train.frequency, weekly[3].train.monetary), (1, Ratio::from(3)));

        let error = |train, test| clv.split(&customers, day(train), day(test)).unwrap_err();
        let until = day("2014-12-31");
        assert_eq!(error("2014-12-31", "2015-02-04"), ClvError::EmptyTrain { until });
        let (after, until) = (day("2015-02-06"), day("2015-03-01"));
        assert_eq!(error("2015-02-06", "2015-03-01"), ClvError::EmptyTest { after, until });
    }

    #[test]
    fn without_daily_money_there_is_no_summary() {
        let mut summaries = Summaries::new(CleaningPolicy::default());
        let (day, amount) = (day("2015-01-01"), Amount::from_minor(1));
        summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount }).unwrap();
        let customers = summaries.finish().unwrap();
        let found = Clv::repeat(PeriodUnit::Day).summaries(&customers, day).unwrap_err();
        assert_eq!(found, ClvError::NoDailyMoney);
    }
}
