//! The money of each customer on each day, and what it comes to in days, weeks or months.

use core::ops::Range;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::SummaryError;
use super::active_days::CustomerDay;
use super::customers::mean;
use crate::day::Day;
use crate::money::{Decimal, Scale};
use crate::period::PeriodUnit;
use crate::ratio::Ratio;
use crate::text::index;

/// The money of each customer on each day with a line, while lines arrive.
///
/// Days are kept, whatever the unit that is asked for in the end: weeks and months are made of whole days, but not of each other,
/// and an end of the observation may fall within either.
#[derive(Clone, Debug, Default)]
pub(super) struct DayTable {
    days: HashTable<DaySum>,
}

#[derive(Clone, Copy, Debug)]
struct DaySum {
    customer: u32,
    day: Day,
    /// In minor units.
    money: i128,
}

impl DayTable {
    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        self.days.allocation_size()
    }

    pub(super) fn add(&mut self, customer: u32, day: Day, money: i128) -> Result<(), SummaryError> {
        let is_same = |sum: &DaySum| (sum.customer, sum.day) == (customer, day);
        let hash = |sum: &DaySum| CustomerDay::new(sum.customer, sum.day).hash();
        let new = DaySum { customer, day, money };
        match self.days.entry(hash(&new), is_same, hash) {
            Entry::Occupied(mut found) => {
                let sum = found.get_mut();
                sum.money = sum.money.checked_add(money).ok_or(SummaryError::Overflow)?;
            }
            Entry::Vacant(place) => {
                place.insert(new);
            }
        }
        Ok(())
    }

    /// Takes the days of another table; `customers` are our numbers of their customers.
    pub(super) fn merge(&mut self, other: &DayTable, customers: &[u32]) -> Result<(), SummaryError> {
        other.days.iter().try_for_each(|sum| self.add(customers[index(sum.customer)], sum.day, sum.money))
    }

    pub(super) fn rescale(&mut self, factor: i128) -> Result<(), SummaryError> {
        for sum in &mut self.days {
            sum.money = sum.money.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        Ok(())
    }
}

/// The days of all customers, in no order.
#[derive(Debug, Default)]
pub(super) struct DaySums(Vec<DaySum>);

impl DaySums {
    /// Takes the days of customers who are counted from `first`.
    pub(super) fn append(&mut self, table: DayTable, first: u32) {
        self.0.extend(table.days.into_iter().map(|sum| DaySum { customer: sum.customer.saturating_add(first), ..sum }));
    }

    /// The days in the order of the sorted customers, and of each customer from the first to the last.
    ///
    /// An error if twice the money of a customer, refunds taken as money too, does not fit: so no part of it can overflow later.
    pub(super) fn sorted(self, order: &[usize]) -> Result<Days, SummaryError> {
        let DaySums(mut sums) = self;
        sums.sort_unstable_by_key(|sum| (sum.customer, sum.day));
        // Where the days of each customer lie in `sums`, by the number of the customer.
        let mut places: Vec<Range<usize>> = vec![0..0; order.len()];
        let mut start = 0usize;
        for days in sums.chunk_by(|one, next| one.customer == next.customer) {
            let turnover = days.iter().try_fold(0u128, |sum, day| sum.checked_add(day.money.unsigned_abs()));
            turnover
                .filter(|turnover| *turnover <= i128::MAX.unsigned_abs().wrapping_div(2))
                .ok_or(SummaryError::Overflow)?;
            let end = start.saturating_add(days.len());
            places[index(days[0].customer)] = start..end;
            start = end;
        }
        let mut sorted = Days {
            ends: Vec::with_capacity(order.len()),
            days: Vec::with_capacity(sums.len()),
            money: Vec::with_capacity(sums.len()),
        };
        for customer in order {
            for sum in &sums[places[*customer].clone()] {
                sorted.days.push(sum.day);
                sorted.money.push(sum.money);
            }
            sorted.ends.push(sorted.days.len());
        }
        Ok(sorted)
    }
}

/// The days with a line and their money, of each customer of the finished summaries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Days {
    /// Where the days of each customer end.
    ends: Vec<usize>,
    days: Vec<Day>,
    /// In minor units.
    money: Vec<i128>,
}

impl Days {
    /// The days of a customer in ascending order, with their money.
    pub(super) fn get(&self, row: usize, scale: Scale) -> DailyMoney<'_> {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        let range = start..self.ends[row];
        DailyMoney { days: &self.days[range.clone()], money: &self.money[range], scale }
    }
}

/// The money of one customer on each day with a line, at least one; made by [`crate::CustomerSummary::daily_money`].
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, CleaningPolicy, Day, PeriodUnit, Ratio, Summaries, Transaction};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default()).with_daily_money();
/// for (day, cents) in [(1, 500), (1, 250), (5, 100), (29, 700)] {
///     let (day, amount) = (Day::from_ymd(2011, 12, day)?, Amount::from_minor(cents));
///     summaries.push(Transaction { customer_id: "ann", order_id: None, day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let days = customers.get(0).and_then(|ann| ann.daily_money()).expect("she bought, and it was kept");
/// // 2011-12-01 is a Thursday, and the 5th of another week.
/// assert_eq!(days.periods(PeriodUnit::Week).count(), 3);
/// assert_eq!(days.periods(PeriodUnit::Month).first_money().to_string(), "15.50");
/// assert_eq!(days.until(Day::from_ymd(2011, 12, 4)?).map(|days| days.total()), "7.50".parse().ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DailyMoney<'a> {
    days: &'a [Day],
    money: &'a [i128],
    scale: Scale,
}

impl<'a> DailyMoney<'a> {
    /// Each day with the sum of its lines, from the first to the last.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Day, Decimal)> + use<'a> {
        let DailyMoney { days, money, scale } = *self;
        days.iter().zip(money).map(move |(day, money)| (*day, Decimal::new(*money, scale)))
    }

    /// The money of all these days.
    #[must_use]
    pub fn total(&self) -> Decimal {
        Decimal::new(sum(self.money), self.scale)
    }

    /// The days up to this one, with it; `None` if there is none.
    #[must_use]
    pub fn until(&self, last: Day) -> Option<DailyMoney<'a>> {
        self.part(0..self.days.partition_point(|day| *day <= last))
    }

    /// The days after this one; `None` if there is none.
    #[must_use]
    pub fn after(&self, day: Day) -> Option<DailyMoney<'a>> {
        self.part(self.days.partition_point(|other| *other <= day)..self.days.len())
    }

    fn part(&self, range: Range<usize>) -> Option<DailyMoney<'a>> {
        (!range.is_empty()).then(|| DailyMoney {
            days: &self.days[range.clone()],
            money: &self.money[range],
            scale: self.scale,
        })
    }

    /// What these days come to in periods of a unit.
    #[must_use]
    pub fn periods(&self, unit: PeriodUnit) -> Periods {
        let mut money: Vec<i128> = Vec::new();
        let mut before = None;
        for (day, today) in self.days.iter().zip(self.money) {
            let period = unit.period_of(*day);
            match money.last_mut().filter(|_| before == Some(period)) {
                Some(sum) => *sum = sum.saturating_add(*today),
                None => money.push(*today),
            }
            before = Some(period);
        }
        let first_money = money.first().copied().unwrap_or_default();
        money.sort_unstable();
        let middle = money.len().wrapping_div(2);
        // The same one of an odd number.
        let lower = if money.len() % 2 == 0 { middle.saturating_sub(1) } else { middle };
        let at = |position: usize| money.get(position).copied().unwrap_or_default();
        Periods {
            unit,
            count: u64::try_from(money.len()).unwrap_or(u64::MAX),
            first: self.days.first().copied().unwrap_or(Day::MIN),
            last: self.days.last().copied().unwrap_or(Day::MIN),
            total: sum(self.money),
            first_money,
            twice_median: at(lower).saturating_add(at(middle)),
            largest: money.last().copied().unwrap_or_default(),
            scale: self.scale,
        }
    }
}

/// Never saturates, as was checked when the days were sorted.
fn sum(money: &[i128]) -> i128 {
    money.iter().fold(0, |sum, money| sum.saturating_add(*money))
}

/// What one customer bought in days, weeks or months, where all of one period is one purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    unit: PeriodUnit,
    count: u64,
    first: Day,
    last: Day,
    total: i128,
    first_money: i128,
    twice_median: i128,
    largest: i128,
    scale: Scale,
}

impl Periods {
    /// The unit.
    #[must_use]
    pub const fn unit(&self) -> PeriodUnit {
        self.unit
    }

    /// Number of periods with a purchase, at least 1.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Number of periods with a purchase after the first one.
    #[must_use]
    pub const fn repeats(&self) -> u64 {
        self.count.saturating_sub(1)
    }

    /// The first period with a purchase, as [`PeriodUnit::period_of`] numbers it.
    #[must_use]
    pub const fn first(&self) -> i32 {
        self.unit.period_of(self.first)
    }

    /// The last period with a purchase, as [`PeriodUnit::period_of`] numbers it.
    #[must_use]
    pub const fn last(&self) -> i32 {
        self.unit.period_of(self.last)
    }

    /// The money of all periods.
    #[must_use]
    pub const fn total(&self) -> Decimal {
        Decimal::new(self.total, self.scale)
    }

    /// The money of the first period.
    #[must_use]
    pub const fn first_money(&self) -> Decimal {
        Decimal::new(self.first_money, self.scale)
    }

    /// The money of a period with a purchase on average, in units of money.
    #[must_use]
    pub fn mean(&self) -> Ratio {
        mean(self.total, self.count, self.scale)
    }

    /// The same without the first period; 0 if there is no other.
    #[must_use]
    pub fn repeat_mean(&self) -> Ratio {
        let rest = self.total.saturating_sub(self.first_money);
        mean(rest, self.repeats(), self.scale)
    }

    /// The middle period by its money, in units of money; of an even number the mean of the middle two.
    #[must_use]
    pub fn median(&self) -> Ratio {
        Ratio::new(self.twice_median, self.scale.minor_units().unsigned_abs().saturating_mul(2))
    }

    /// The money of the period with the most.
    #[must_use]
    pub const fn largest(&self) -> Decimal {
        Decimal::new(self.largest, self.scale)
    }
}
