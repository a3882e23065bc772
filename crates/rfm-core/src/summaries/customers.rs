//! The finished summaries.

use super::attributes::Attributes;
use super::periods::{DailyMoney, Days, Periods};
use super::record::Records;
use super::returned::{ReturnTable, Returned};
use super::tables::AllTables;
use super::{OrderDefinition, SummaryError};
use crate::account::{Account, Reject};
use crate::day::Day;
use crate::money::{Decimal, Scale};
use crate::parallel;
use crate::period::PeriodUnit;
use crate::ratio::Ratio;
use crate::text::{TextBuffer, index};

/// One summary per customer, sorted by the bytes of the customer ids; made by [`crate::Summaries::finish`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customers {
    ids: TextBuffer,
    first: Vec<Day>,
    last: Vec<Day>,
    /// The time of day of the last order, if times are kept.
    last_times: Option<Vec<u32>>,
    orders: Vec<u64>,
    lines: Vec<u64>,
    active_days: Option<Vec<u64>>,
    totals: Vec<i128>,
    order_values: Option<Vec<OrderSummary>>,
    days: Option<Days>,
    attributes: Option<Attributes>,
    /// What each customer returned, if that is kept.
    returned: Option<Vec<Returned>>,
    only_returns: usize,
    rounded_matches: u64,
    account: Account,
    definition: OrderDefinition,
    excluded_found: usize,
}

/// What every customer has, of some of them in their order.
#[derive(Default)]
struct Columns {
    ids: TextBuffer,
    first: Vec<Day>,
    last: Vec<Day>,
    last_times: Vec<u32>,
    orders: Vec<u64>,
    lines: Vec<u64>,
    active_days: Vec<u64>,
    totals: Vec<i128>,
}

impl Columns {
    fn of(records: &Records, order: &[usize], is_counted: bool) -> Result<Columns, SummaryError> {
        let mut columns = Columns::default();
        columns.reserve(order.len());
        let mut bytes = [0; 16];
        // Row by row: a record is one line of the cache, and the columns are written one behind the other.
        for row in order {
            let record = &records.all()[*row];
            let count = |count: u64| if is_counted { record.orders } else { count };
            let id = records.id(record, &mut bytes);
            if !columns.ids.has_room(id) {
                return Err(SummaryError::TooMany);
            }
            columns.ids.push(id);
            columns.first.push(record.first);
            columns.last.push(record.last);
            columns.last_times.push(record.last_time);
            columns.orders.push(record.orders);
            columns.lines.push(count(record.lines));
            columns.active_days.push(count(record.active_days.into()));
            columns.totals.push(record.total);
        }
        Ok(columns)
    }

    fn reserve(&mut self, rows: usize) {
        self.ids.reserve(rows);
        self.first.reserve_exact(rows);
        self.last.reserve_exact(rows);
        self.last_times.reserve_exact(rows);
        self.orders.reserve_exact(rows);
        self.lines.reserve_exact(rows);
        self.active_days.reserve_exact(rows);
        self.totals.reserve_exact(rows);
    }

    fn append(&mut self, mut other: Columns) -> Result<(), SummaryError> {
        if self.totals.is_empty() {
            *self = other;
            return Ok(());
        }
        self.ids.append(&other.ids).ok_or(SummaryError::TooMany)?;
        self.first.append(&mut other.first);
        self.last.append(&mut other.last);
        self.last_times.append(&mut other.last_times);
        self.orders.append(&mut other.orders);
        self.lines.append(&mut other.lines);
        self.active_days.append(&mut other.active_days);
        self.totals.append(&mut other.totals);
        Ok(())
    }
}

/// What one customer's orders are worth, in minor units: median (times two, to stay whole) and largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OrderSummary {
    twice_median: i128,
    largest: i128,
}

impl Customers {
    pub(super) fn sorted(
        AllTables { records, values, has_active_days, days, attributes }: AllTables,
        account: Account,
        definition: OrderDefinition,
        excluded_found: usize,
    ) -> Result<Customers, SummaryError> {
        let order = records.order();
        // A table of customers counts one thing, and its count stands for all three.
        let is_counted = definition == OrderDefinition::Counted;
        let pieces = parallel::parts(order.len(), |rows| Columns::of(&records, &order[rows], is_counted));
        let mut columns = Columns::default();
        pieces.into_iter().try_for_each(|piece| columns.append(piece?))?;
        let Columns { ids, first, last, last_times, orders, lines, active_days, totals } = columns;
        Ok(Customers {
            ids,
            first,
            last,
            last_times: Some(last_times),
            orders,
            lines,
            active_days: (has_active_days || is_counted).then_some(active_days),
            totals,
            order_values: values.map(|values| summarise_orders(values, &order)).transpose()?,
            days: days.map(|days| days.sorted(&order)).transpose()?,
            attributes: attributes.map(|attributes| attributes.sorted(&order)).transpose()?,
            returned: None,
            only_returns: 0,
            rounded_matches: 0,
            account,
            definition,
            excluded_found,
        })
    }

    pub(super) fn forget_times(&mut self) {
        self.last_times = None;
    }

    /// Lets the money of returns count. Lines of those who bought nothing do not count after all.
    pub(super) fn net(&mut self, returns: &ReturnTable) -> Result<(), SummaryError> {
        for (id, returned) in returns.iter() {
            match self.find(id) {
                Some(row) => {
                    let total = &mut self.totals[row];
                    *total = total.checked_add(returned.money).ok_or(SummaryError::Overflow)?;
                }
                None => {
                    self.only_returns = self.only_returns.saturating_add(1);
                    self.account.reassign(Reject::OnlyReturns, returned.lines, returned.money);
                }
            }
        }
        Ok(())
    }

    /// Keeps returns beside what was bought.
    pub(super) fn keep_returns(&mut self, returns: &ReturnTable) {
        let mut rows = vec![Returned::default(); self.len()];
        for (id, returned) in returns.iter() {
            match self.find(id) {
                Some(row) => rows[row] = returned,
                None => self.only_returns = self.only_returns.saturating_add(1),
            }
        }
        self.returned = Some(rows);
    }

    /// Notes how many customers have nothing left, and of how many lines the money was rounded.
    pub(super) fn note_matched(&mut self, customers: usize, rounded: u64) {
        self.only_returns = customers;
        self.rounded_matches = rounded;
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.last.len()
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    /// The summary of a row, 0 to [`Customers::len`] − 1.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<CustomerSummary<'_>> {
        (row < self.len()).then_some(CustomerSummary { customers: self, row })
    }

    /// The row of a customer.
    #[must_use]
    pub fn find(&self, customer_id: &str) -> Option<usize> {
        let mut range = 0..self.len();
        while !range.is_empty() {
            let middle = range.start.midpoint(range.end);
            match self.ids.column().get(middle).cmp(customer_id) {
                core::cmp::Ordering::Equal => return Some(middle),
                core::cmp::Ordering::Less => range.start = middle.saturating_add(1),
                core::cmp::Ordering::Greater => range.end = middle,
            }
        }
        None
    }

    /// All summaries, sorted by customer id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = CustomerSummary<'_>> {
        (0..self.len()).map(|row| CustomerSummary { customers: self, row })
    }

    /// The latest day on which anybody bought.
    #[must_use]
    pub fn last_day(&self) -> Option<Day> {
        self.last.iter().copied().max()
    }

    /// The latest order of anybody: its day and the second of that day, 0 to 86,399. `None` without a customer, and where
    /// [`crate::Summaries::with_times`] did not ask for times.
    #[must_use]
    pub fn last_moment(&self) -> Option<(Day, u32)> {
        self.last.iter().copied().zip(self.last_times.as_ref()?.iter().copied()).max()
    }

    /// The time of day of each customer's last order, if times are kept.
    pub(crate) fn last_times(&self) -> Option<&[u32]> {
        self.last_times.as_deref()
    }

    /// Whether the time of day of each last order was kept.
    #[must_use]
    pub const fn has_times(&self) -> bool {
        self.last_times.is_some()
    }

    /// Whether returns were kept beside what was bought ([`crate::Returns::Separate`]).
    #[must_use]
    pub const fn has_returns(&self) -> bool {
        self.returned.is_some()
    }

    /// How many customers are not here because they have nothing but returns, or, where returns are matched, because nothing is
    /// left of what they bought. 0 where returns are just excluded: nobody looks at them then.
    #[must_use]
    pub const fn only_returns(&self) -> usize {
        self.only_returns
    }

    /// Lines of which a return cancelled a part whose share of the money is no whole number of minor units, so that what is left was
    /// rounded, half to even ([`crate::Returns::Match`]).
    #[must_use]
    pub const fn rounded_matches(&self) -> u64 {
        self.rounded_matches
    }

    /// Where every line went.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The scale of all money.
    #[must_use]
    pub const fn scale(&self) -> Scale {
        self.account.scale()
    }

    /// What an order was taken to be.
    #[must_use]
    pub const fn order_definition(&self) -> OrderDefinition {
        self.definition
    }

    /// Whether the values of single orders were kept.
    #[must_use]
    pub const fn has_order_values(&self) -> bool {
        self.order_values.is_some()
    }

    /// Whether the days with a line were counted.
    #[must_use]
    pub const fn has_active_days(&self) -> bool {
        self.active_days.is_some()
    }

    /// Whether the money of single days was kept.
    #[must_use]
    pub const fn has_daily_money(&self) -> bool {
        self.days.is_some()
    }

    /// Whether attributes were kept.
    #[must_use]
    pub const fn has_attributes(&self) -> bool {
        self.attributes.is_some()
    }

    /// How many customers have lines with different attributes, of which [`CustomerSummary::attribute`] is only one.
    #[must_use]
    pub fn varied_attributes(&self) -> usize {
        self.attributes.as_ref().map_or(0, Attributes::varied)
    }

    /// How many of the orders that the policy excludes occurred on a line, whether or not that line had another reason not to
    /// count. Lines that could not be read are not looked at.
    #[must_use]
    pub const fn excluded_orders_found(&self) -> usize {
        self.excluded_found
    }

    pub(crate) fn last_orders(&self) -> &[Day] {
        &self.last
    }

    pub(crate) fn orders(&self) -> &[u64] {
        &self.orders
    }

    pub(crate) fn lines(&self) -> &[u64] {
        &self.lines
    }

    pub(crate) fn active_days(&self) -> Option<&[u64]> {
        self.active_days.as_deref()
    }

    pub(crate) fn totals(&self) -> &[i128] {
        &self.totals
    }
}

/// Median and maximum of each customer's orders, in the order of the sorted rows.
fn summarise_orders(mut values: Vec<(u32, i128)>, order: &[usize]) -> Result<Vec<OrderSummary>, SummaryError> {
    values.sort_unstable();
    let mut summaries = vec![OrderSummary { twice_median: 0, largest: 0 }; order.len()];
    for group in values.chunk_by(|left, right| left.0 == right.0) {
        // The same one of an odd number.
        let (lower, upper) =
            (group[group.len().saturating_sub(1).wrapping_div(2)].1, group[group.len().wrapping_div(2)].1);
        let twice_median = lower.checked_add(upper).ok_or(SummaryError::Overflow)?;
        let (customer, largest) = group[group.len().saturating_sub(1)];
        summaries[index(customer)] = OrderSummary { twice_median, largest };
    }
    Ok(order.iter().map(|row| summaries[*row]).collect())
}

/// What is known of one customer.
#[derive(Clone, Copy, Debug)]
pub struct CustomerSummary<'a> {
    customers: &'a Customers,
    row: usize,
}

impl<'a> CustomerSummary<'a> {
    /// Who it is.
    #[must_use]
    pub fn customer_id(&self) -> &'a str {
        self.customers.ids.column().get(self.row)
    }

    /// What an order was taken to be.
    pub(crate) fn order_definition(&self) -> OrderDefinition {
        self.customers.definition
    }

    /// The day of the first order that counts.
    #[must_use]
    pub fn first_order(&self) -> Day {
        self.customers.first[self.row]
    }

    /// The day of the last order that counts.
    #[must_use]
    pub fn last_order(&self) -> Day {
        self.customers.last[self.row]
    }

    /// The time of day of the last order, in seconds since midnight, 0 to 86,399; `None` where
    /// [`crate::Summaries::with_times`] did not ask for it.
    #[must_use]
    pub fn last_time(&self) -> Option<u32> {
        self.customers.last_times.as_ref().map(|times| times[self.row])
    }

    /// Number of distinct orders, at least 1. Without order ids each line is one; of a table of customers it is what the table
    /// says.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.customers.orders[self.row]
    }

    /// Number of lines, at least 1; of a table of customers its count of orders.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.customers.lines[self.row]
    }

    /// Number of distinct days with a line, at least 1, if [`crate::Summaries::with_active_days`] asked for it; of a table of
    /// customers always its count of orders.
    #[must_use]
    pub fn active_days(&self) -> Option<u64> {
        Some(self.customers.active_days.as_ref()?[self.row])
    }

    /// The money of all lines; with [`crate::Returns::Net`] less that of returns, and then it may be zero or negative.
    #[must_use]
    pub fn total(&self) -> Decimal {
        Decimal::new(self.customers.totals[self.row], self.customers.scale())
    }

    /// Total over distinct orders, in units of money.
    #[must_use]
    pub fn mean_order(&self) -> Ratio {
        mean(self.customers.totals[self.row], self.orders(), self.customers.scale())
    }

    /// What the customer returned, if [`crate::Returns::Separate`] keeps that; zeros of somebody who returned nothing.
    #[must_use]
    pub fn returns(&self) -> Option<CustomerReturns> {
        let Returned { orders, lines, money } = self.customers.returned.as_ref()?[self.row];
        Some(CustomerReturns { orders, lines, money: Decimal::new(money.saturating_neg(), self.customers.scale()) })
    }

    /// Returned money over the money of all purchases, if returns are kept. More than 1 of somebody who returned what was bought
    /// before the first line; `None` also where the purchases are worth nothing, or less.
    ///
    /// It is exact where the purchases are worth less than 2^64 minor units. Past that both sums may lose their last binary digits,
    /// as many as the money of the purchases has beyond 64.
    #[must_use]
    pub fn return_rate(&self) -> Option<Ratio> {
        let returned = self.returns()?.money();
        let gross = self.total();
        if gross.minor() <= 0 {
            return None;
        }
        Ratio::from(returned).checked_div(Ratio::from(gross)).or_else(|| {
            let surplus = gross.minor().ilog2().saturating_sub(u64::MAX.ilog2());
            let cut = |money: Decimal| money.minor().checked_shr(surplus);
            Some(Ratio::new(cut(returned)?, u64::try_from(cut(gross)?).ok()?))
        })
    }

    /// What the lines say about the customer, if [`crate::Summaries::with_attributes`] asked for it and one of them says
    /// something.
    #[must_use]
    pub fn attribute(&self) -> Option<&'a str> {
        self.customers.attributes.as_ref()?.get(self.row)
    }

    /// The money of each day with a line, if [`crate::Summaries::with_daily_money`] asked for it. A table of customers does not
    /// tell.
    #[must_use]
    pub fn daily_money(&self) -> Option<DailyMoney<'a>> {
        Some(self.customers.days.as_ref()?.get(self.row, self.customers.scale()))
    }

    /// What the customer bought in days, weeks or months; there where [`CustomerSummary::daily_money`] is.
    #[must_use]
    pub fn periods(&self, unit: PeriodUnit) -> Option<Periods> {
        Some(self.daily_money()?.periods(unit))
    }

    /// What the orders are worth, if [`crate::Summaries::with_order_values`] asked for it. A table of customers does not tell.
    #[must_use]
    pub fn order_values(&self) -> Option<OrderValues> {
        let summary = self.customers.order_values.as_ref()?[self.row];
        let scale = self.customers.scale();
        let unit = scale.minor_units().unsigned_abs();
        Some(OrderValues {
            mean: self.mean_order(),
            median: Ratio::new(summary.twice_median, unit.saturating_mul(2)),
            largest: Decimal::new(summary.largest, scale),
        })
    }
}

/// What one customer returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CustomerReturns {
    orders: u64,
    lines: u64,
    money: Decimal,
}

impl CustomerReturns {
    /// Number of distinct orders of returns; without order ids each line is one.
    #[must_use]
    pub const fn orders(&self) -> u64 {
        self.orders
    }

    /// Number of lines.
    #[must_use]
    pub const fn lines(&self) -> u64 {
        self.lines
    }

    /// What was returned is worth, 0 or more.
    #[must_use]
    pub const fn money(&self) -> Decimal {
        self.money
    }
}

/// `total / count` in units; `None` of nothing.
pub(crate) fn checked_mean(total: i128, count: u64, scale: Scale) -> Option<Ratio> {
    // The factors are reduced one after the other, so that the denominator stays within 64 bits unless it has to exceed it.
    let by_count = (count > 0).then(|| Ratio::new(total, count))?;
    let unit = scale.minor_units().unsigned_abs();
    let denominator = by_count.denominator().checked_mul(unit);
    denominator.map(|denominator| Ratio::new(by_count.numerator(), denominator))
}

/// The same, and 0 of nothing.
pub(crate) fn mean(total: i128, count: u64, scale: Scale) -> Ratio {
    // A customer has fewer than 2^32 orders or days, and a unit at most 10^9 minor units.
    checked_mean(total, count, scale).unwrap_or(Ratio::from(0))
}

/// What the orders of one customer are worth, in units of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderValues {
    mean: Ratio,
    median: Ratio,
    largest: Decimal,
}

impl OrderValues {
    /// Total over orders.
    #[must_use]
    pub const fn mean(&self) -> Ratio {
        self.mean
    }

    /// The middle one; of an even number the mean of the middle two.
    #[must_use]
    pub const fn median(&self) -> Ratio {
        self.median
    }

    /// The largest one.
    #[must_use]
    pub const fn largest(&self) -> Decimal {
        self.largest
    }
}
