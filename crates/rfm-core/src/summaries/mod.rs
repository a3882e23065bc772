//! From transactions to one summary per customer.
//!
//! [`Summaries`] takes batches in any order and merges with others of its kind; [`Summaries::finish`] sorts by customer
//! id. Any split of the same lines over any number of them gives the same [`Customers`], byte for byte.

mod attributes;
mod customers;
mod error;
mod key;
mod matching;
mod orders;
mod periods;
mod record;
mod returned;
mod texts;

pub(crate) use customers::mean;
pub use customers::{CustomerReturns, CustomerSummary, Customers, OrderValues};
pub use error::SummaryError;
pub use periods::{DailyMoney, Periods};

use std::hash::RandomState;

use crate::account::{Account, Refusal, Reject};
use crate::batch::{Transaction, TransactionBatch};
use crate::cleaning::CleaningPolicy;
use crate::day::Day;
use crate::money::Scale;
use crate::returns::Returns;
use crate::text::TextColumn;
use attributes::AttributeTable;
use key::Key;
use matching::LineTable;
use orders::OrderTable;
use periods::DayTable;
use record::{Record, Records};
use returned::ReturnTable;

/// What an order was taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderDefinition {
    /// The lines of a customer that share an order id.
    OrderId,
    /// Each line, because the input has no order ids.
    EachLine,
    /// What a table of customers counted.
    Counted,
}

/// Collects transactions, one record for each customer.
///
/// Memory grows with customers and distinct orders, not with lines, unless returns are to be matched ([`Returns::Match`]). Sums are
/// exact; a sum that does not fit is an error. Customers are told apart exactly, and so are orders whose ids have up to 15 bytes;
/// longer ones are told apart by 128 bits of hash under random keys, so that of n of them two count as one with a chance of about
/// n² / 2^129: 1.5 in 10^21 where there are 10^9.
///
/// # Examples
///
/// ```
/// use rfm_core::{Amount, CleaningPolicy, Day, Summaries, Transaction};
///
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// for (order_id, cents) in [("1", 500), ("2", 750), ("1", 250)] {
///     let day = Day::from_ymd(2011, 12, 1)?;
///     let amount = Amount::from_minor(cents);
///     summaries.push(Transaction { customer_id: "ann", order_id: Some(order_id), day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let ann = customers.get(0).expect("one customer");
/// assert_eq!((ann.orders(), ann.lines(), ann.total().to_string()), (2, 3, "15.00".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Summaries {
    policy: CleaningPolicy,
    account: Account,
    row_scale: Scale,
    fixed_scale: Option<Scale>,
    memory_limit: Option<usize>,
    hasher: RandomState,
    records: Records,
    orders: OrderTable,
    daily_money: Option<DayTable>,
    attributes: Option<AttributeTable>,
    keeps_times: bool,
    /// Returns that count, or are kept beside what was bought.
    returns: ReturnTable,
    /// All lines, where returns are matched at the end.
    lines: LineTable,
    definition: Option<OrderDefinition>,
    /// Which of the excluded orders occurred, as the policy sorts them.
    excluded_found: Vec<bool>,
    verdicts: Vec<Option<Reject>>,
    /// Kept for its memory.
    runs: Vec<Run>,
}

/// Lines one after the other that differ in nothing but times and amounts. Lines of an order mostly follow each other, so that the
/// tables are asked once for several.
#[derive(Clone, Copy, Debug)]
struct Run {
    customer: Key,
    /// The number of the customer, once it is known.
    number: u32,
    /// `None`: the order has no id, so that it is only this line.
    order: Option<Key>,
    day: Day,
    /// The latest one.
    time: u32,
    lines: u64,
    amount: i128,
    /// The first row.
    row: usize,
}

/// Runs that go through the tables together: one table after the other, so that waiting for the memory of one run overlaps with
/// that of the next. Few enough to stay in the cache.
const RUNS: usize = 256;

impl Summaries {
    /// No transactions yet; those to come are judged by `policy`.
    #[must_use]
    pub fn new(policy: CleaningPolicy) -> Summaries {
        Summaries {
            excluded_found: vec![false; policy.excluded_orders()],
            policy,
            account: Account::default(),
            row_scale: Scale::CENTS,
            fixed_scale: None,
            memory_limit: None,
            hasher: RandomState::new(),
            records: Records::default(),
            orders: OrderTable::default(),
            daily_money: None,
            attributes: None,
            keeps_times: false,
            returns: ReturnTable::default(),
            lines: LineTable::default(),
            definition: None,
            verdicts: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// Keeps the value of each order, so that the customers have the [`OrderValues`]: mean, median and largest.
    #[must_use]
    pub fn with_order_values(mut self) -> Summaries {
        self.orders.keep_values();
        self
    }

    /// Keeps the money of each customer on each day, so that the customers have [`DailyMoney`], and with it what they bought in
    /// days, weeks or months ([`Periods`]).
    ///
    /// It is the money of purchases on the days of purchases, so that it does not go with [`Returns::Net`]: the first batch is an
    /// error then ([`SummaryError::NetDays`]).
    #[must_use]
    pub fn with_daily_money(self) -> Summaries {
        Summaries { daily_money: Some(DayTable::default()), ..self }
    }

    /// Keeps of each customer what the lines say about them ([`TransactionBatch::with_attributes`]): the value on the latest order
    /// that counts and has one.
    ///
    /// That is the order of the latest day; among those of one day the one with the largest id, and among the lines of that one the
    /// largest value, both by their bytes. Lines without a value, or with a blank one, are passed over, so that an order on which
    /// nobody filled it in does not undo what an earlier one said.
    #[must_use]
    pub fn with_attributes(self) -> Summaries {
        Summaries { attributes: Some(AttributeTable::default()), ..self }
    }

    /// Keeps the time of day of each customer's last order ([`TransactionBatch::with_times`]): the latest one on the latest day.
    #[must_use]
    pub fn with_times(self) -> Summaries {
        Summaries { keeps_times: true, ..self }
    }

    /// Shows money at this scale, and takes the amounts of [`Summaries::push`] as minor units of it.
    ///
    /// Without it rows are in cents, and money is shown with as many decimals as the amounts need: none if all are whole,
    /// otherwise two or more.
    #[must_use]
    pub fn with_scale(self, scale: Scale) -> Summaries {
        Summaries { row_scale: scale, fixed_scale: Some(scale), ..self }
    }

    /// Stops with [`SummaryError::Memory`] when customers and orders need more bytes than this.
    ///
    /// It is looked at after each batch, so that a batch may go beyond it. The finished columns and the scores, about 100 bytes
    /// for a customer, come on top.
    #[must_use]
    pub fn with_memory_limit(self, bytes: usize) -> Summaries {
        Summaries { memory_limit: Some(bytes), ..self }
    }

    /// Bytes that customers and orders need now, with the room that tables keep to grow: 75 to 150 for a customer, and the id if it
    /// has more than 15 bytes; 40 to 80 for an order; 40 to 80 for a day with its money; 50 to 100, the id of the latest order and
    /// each distinct value once for the attributes; where returns are matched 64 to 128 for a line and each distinct text once.
    #[must_use]
    pub fn memory(&self) -> usize {
        [
            self.records.memory(),
            self.orders.memory(),
            self.daily_money.as_ref().map_or(0, DayTable::memory),
            self.attributes.as_ref().map_or(0, AttributeTable::memory),
            self.returns.memory(),
            self.lines.memory(),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    /// Where every line went so far.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// How many of the orders that the policy excludes occurred so far, on whatever line that could be read.
    #[must_use]
    pub fn excluded_orders_found(&self) -> usize {
        self.excluded_found.iter().filter(|found| **found).count()
    }

    /// The rules that say which lines count.
    #[must_use]
    pub const fn policy(&self) -> &CleaningPolicy {
        &self.policy
    }

    /// Number of customers so far; where returns are matched, of all who may have something left in the end.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len().saturating_add(self.lines.customers())
    }

    /// Whether no line counts so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes one row. Returns why it does not count, or `None` if it does as far as is known by then ([`Reject::is_late`]).
    ///
    /// # Errors
    ///
    /// As [`Summaries::push_batch`].
    pub fn push(&mut self, row: Transaction<'_>) -> Result<Option<Reject>, SummaryError> {
        fn end(text: &str) -> Result<[u32; 1], SummaryError> {
            u32::try_from(text.len()).map(|end| [end]).map_err(|_| SummaryError::TooMany)
        }
        let customer_end = end(row.customer_id)?;
        let order_end = end(row.order_id.unwrap_or(""))?;
        let column = |text, ends| TextColumn::new(text, ends).unwrap_or_default();
        let batch = TransactionBatch {
            customer_ids: column(row.customer_id, &customer_end),
            order_ids: row.order_id.map(|order_id| column(order_id, &order_end)),
            days: &[row.day],
            times: None,
            amounts: &[row.amount.minor().into()],
            scale: self.row_scale,
            quantities: None,
            quantity_scales: None,
            products: None,
            prices: None,
            attributes: None,
            summaries: None,
            refused: &[],
        };
        self.push_batch(&batch).map(|verdicts| verdicts.first().copied().flatten())
    }

    /// Takes a batch. Returns for each row why it does not count, or `None` if it does as far as is known by then
    /// ([`Reject::is_late`]).
    ///
    /// An order id that is empty or blank, where the policy keeps such lines, is an order of its own.
    ///
    /// # Errors
    ///
    /// [`SummaryError`]. The summaries hold a part of the batch then and are of no further use.
    pub fn push_batch(&mut self, batch: &TransactionBatch<'_>) -> Result<&[Option<Reject>], SummaryError> {
        self.refuse(batch.refused)?;
        if batch.customer_ids.is_empty() {
            return Ok(&[]);
        }
        let definition = match (batch.summaries, batch.order_ids) {
            (Some(_), _) => OrderDefinition::Counted,
            (None, Some(_)) => OrderDefinition::OrderId,
            (None, None) => OrderDefinition::EachLine,
        };
        self.define_orders(definition)?;
        if self.policy.excluded_orders() > 0 && definition != OrderDefinition::OrderId {
            return Err(SummaryError::NoOrderIds);
        }
        let mode = self.policy.returns_mode();
        let has_rules_of_lines = self.policy.window() != (None, None)
            || self.policy.cancellation_prefix().is_some()
            || mode != Returns::Exclude;
        if definition == OrderDefinition::Counted && has_rules_of_lines {
            return Err(SummaryError::RulesOfLines);
        }
        if mode == Returns::Net && self.daily_money.is_some() {
            return Err(SummaryError::NetDays);
        }
        self.rescale(batch.scale)?;
        let factor = i128::from(batch.scale.factor_to(self.account.scale()));
        let mut verdicts = core::mem::take(&mut self.verdicts);
        self.policy.judge_noting(batch, &mut verdicts, |position| self.excluded_found[position] = true);

        let mut last = 0;
        for (row, verdict) in verdicts.iter().enumerate() {
            let amount = batch.amounts[row].checked_mul(factor).ok_or(SummaryError::Overflow)?;
            self.account.record(*verdict, amount)?;
            match (verdict, mode) {
                (None, Returns::Match) => self.lines.add(&self.hasher, batch, row, amount)?,
                (None, Returns::Net) if batch.is_return(row) => {
                    let line = (batch.days[row], amount);
                    self.returns.add(&self.hasher, batch.customer_ids.get(row), None, line)?;
                }
                (Some(Reject::Returned), _) => {
                    let (order_id, line) = (order_id(batch, row), (batch.days[row], amount));
                    self.returns.add(&self.hasher, batch.customer_ids.get(row), Some(order_id), line)?;
                }
                (None, _) if batch.summaries.is_some() => self.enter_customer(batch, row, amount)?,
                (None, _) => self.enter(batch, row, amount, &mut last)?,
                (Some(_), _) => {}
            }
        }
        self.enter_runs(batch)?;
        self.verdicts = verdicts;
        self.check_memory(0)?;
        Ok(&self.verdicts)
    }

    /// Takes a row of a table of customers.
    fn enter_customer(&mut self, batch: &TransactionBatch<'_>, row: usize, amount: i128) -> Result<(), SummaryError> {
        let Some(summaries) = batch.summaries else { return Ok(()) };
        let (day, time) = (batch.days[row], batch.time(row));
        let first = summaries.first[row].min(day);
        let id = self.records.key(batch.customer_ids.get(row))?;
        let customer = self.records.find_or_insert(id, first)?;
        self.records.get_mut(customer).enter(first, (day, time), summaries.orders[row], amount)?;
        self.add_attribute(customer, (day, ""), attribute(batch, row))
    }

    /// Takes a line that counts; `last` is the one before it that did, if there are runs. It is in the tables when
    /// [`Summaries::enter_runs`] has been called with the same batch.
    #[inline]
    fn enter(
        &mut self,
        batch: &TransactionBatch<'_>,
        row: usize,
        amount: i128,
        last: &mut usize,
    ) -> Result<(), SummaryError> {
        let (day, time) = (batch.days[row], batch.time(row));
        let is_same = |column: Option<TextColumn<'_>>| column.is_none_or(|column| column.are_equal(row, *last));
        if let Some(run) = self.runs.last_mut() {
            let is_of_run = run.order.is_some()
                && run.day == day
                && is_same(batch.order_ids)
                && is_same(Some(batch.customer_ids))
                && (self.attributes.is_none() || is_same(batch.attributes));
            if is_of_run {
                run.time = run.time.max(time);
                run.lines = run.lines.saturating_add(1);
                run.amount = run.amount.checked_add(amount).ok_or(SummaryError::Overflow)?;
                return Ok(());
            }
        }
        *last = row;
        if self.runs.len() == RUNS {
            self.enter_runs(batch)?;
        }
        let customer = self.records.key(batch.customer_ids.get(row))?;
        let order_id = order_id(batch, row);
        let order = (!order_id.is_empty()).then(|| Key::hashed(order_id));
        self.runs.push(Run { customer, number: 0, order, day, time, lines: 1, amount, row });
        Ok(())
    }

    /// Takes the lines that wait, all of them of this batch.
    fn enter_runs(&mut self, batch: &TransactionBatch<'_>) -> Result<(), SummaryError> {
        let mut runs = core::mem::take(&mut self.runs);
        for run in &mut runs {
            run.number = self.records.find_or_insert(run.customer, run.day)?;
        }
        for run in &runs {
            let record = self.records.get_mut(run.number);
            self.orders.add(run.number, record, run.order, run.day);
            record.add((run.day, run.time), run.lines, run.amount)?;
            self.orders.add_value(run.number, run.order, run.amount)?;
            if let Some(days) = &mut self.daily_money {
                days.add(&self.hasher, run.number, run.day, run.amount)?;
            }
            if self.attributes.is_some() {
                let (order_id, value) = (order_id(batch, run.row), attribute(batch, run.row));
                self.add_attribute(run.number, (run.day, order_id), value)?;
            }
        }
        runs.clear();
        self.runs = runs;
        Ok(())
    }

    /// Accounts for lines that could not become rows.
    ///
    /// # Errors
    ///
    /// [`SummaryError::Overflow`].
    pub fn refuse(&mut self, refused: &[Refusal]) -> Result<(), SummaryError> {
        for refusal in refused {
            if let Some(amount) = refusal.amount {
                self.rescale(amount.scale())?;
            }
            self.account.refuse(refusal)?;
        }
        Ok(())
    }

    /// Takes everything that another one has collected. The order of merging does not matter.
    ///
    /// # Errors
    ///
    /// As [`Summaries::push_batch`].
    pub fn merge(&mut self, mut other: Summaries) -> Result<(), SummaryError> {
        let settings = |one: &Summaries| {
            let kept = (one.orders.keeps_values(), one.daily_money.is_some(), one.attributes.is_some());
            (one.fixed_scale, one.row_scale, kept, one.keeps_times)
        };
        if self.policy != other.policy || settings(self) != settings(&other) {
            return Err(SummaryError::DifferentSettings);
        }
        if let Some(definition) = other.definition {
            self.define_orders(definition)?;
        }
        self.excluded_found.iter_mut().zip(&other.excluded_found).for_each(|(found, theirs)| *found |= theirs);
        self.rescale(other.account.scale())?;
        other.rescale(self.account.scale())?;
        self.account.merge(core::mem::take(&mut other.account))?;
        let customers = self.records.merge(&other.records)?;
        self.orders.merge(&other.orders, &customers, self.records.all_mut())?;
        if let (Some(days), Some(theirs)) = (&mut self.daily_money, &other.daily_money) {
            days.merge(&self.hasher, theirs, &customers)?;
        }
        if let (Some(attributes), Some(theirs)) = (&mut self.attributes, &other.attributes) {
            attributes.merge(&self.hasher, theirs, &customers)?;
        }
        self.returns.merge(&self.hasher, &other.returns)?;
        self.lines.merge(&self.hasher, other.lines)?;
        self.check_memory(0)
    }

    /// The customers, sorted by the bytes of their ids, with the account of all lines.
    ///
    /// # Errors
    ///
    /// [`SummaryError::Scale`] if [`Summaries::with_scale`] asked for fewer decimals than the amounts need,
    /// [`SummaryError::RepeatedCustomers`] if a table of customers has a customer more than once.
    pub fn finish(mut self) -> Result<Customers, SummaryError> {
        let found = self.account.scale();
        let scale = match self.fixed_scale {
            Some(asked) if found > asked => {
                return Err(SummaryError::Scale { found: found.decimals(), asked: asked.decimals() });
            }
            Some(asked) => asked,
            None if found == Scale::UNITS => found,
            None => found.max(Scale::CENTS),
        };
        self.rescale(scale)?;
        let definition = self.definition.unwrap_or(OrderDefinition::EachLine);
        if definition == OrderDefinition::Counted {
            match self.records.all().iter().filter(|record| record.lines > 1).count() {
                0 => {}
                customers => return Err(SummaryError::RepeatedCustomers { customers }),
            }
        }
        let excluded_found = self.excluded_orders_found();
        let (all, rounded_matches) = (self.len(), self.cancel_matched(definition)?);
        // The sorted columns are built beside the records: what is not needed any more goes first.
        self.records.forget_keys();
        self.orders.forget_keys();
        // A table of customers tells nothing of single orders and days, whatever was asked for.
        let daily_money = self.daily_money.take().filter(|_| definition != OrderDefinition::Counted);
        let order_values = self.orders.values().filter(|_| definition != OrderDefinition::Counted);
        let kept = (daily_money, self.attributes.as_ref());
        let mut customers =
            Customers::sorted(&self.records, order_values, kept, self.account, definition, excluded_found)?;
        if !self.keeps_times {
            customers.forget_times();
        }
        match self.policy.returns_mode() {
            Returns::Exclude => {}
            Returns::Net => customers.net(&self.returns)?,
            Returns::Separate => customers.keep_returns(&self.returns),
            Returns::Match => customers.note_matched(all.saturating_sub(customers.len()), rounded_matches),
        }
        Ok(customers)
    }

    /// Lets returns cancel purchases, and takes the lines that are left; of how many the money was rounded.
    fn cancel_matched(&mut self, definition: OrderDefinition) -> Result<u64, SummaryError> {
        let mut lines = core::mem::take(&mut self.lines);
        let rounded = lines.cancel(&mut self.account)?;
        lines.for_each_batch(definition == OrderDefinition::OrderId, |batch| {
            let mut last = 0;
            for (row, amount) in batch.amounts.iter().enumerate() {
                self.enter(batch, row, *amount, &mut last)?;
            }
            self.enter_runs(batch)?;
            // The lines are still there while the customers grow.
            self.check_memory(lines.memory())
        })?;
        Ok(rounded)
    }

    fn add_attribute(&mut self, customer: u32, order: (Day, &str), value: &str) -> Result<(), SummaryError> {
        match &mut self.attributes {
            Some(attributes) => attributes.add(&self.hasher, customer, order, value),
            None => Ok(()),
        }
    }

    /// Whether these summaries, and `held` bytes that are no part of them, are within the limit.
    fn check_memory(&self, held: usize) -> Result<(), SummaryError> {
        let needed = self.memory().saturating_add(held);
        match self.memory_limit {
            Some(limit) if needed > limit => Err(SummaryError::Memory { customers: self.len(), needed, limit }),
            _ => Ok(()),
        }
    }

    fn define_orders(&mut self, definition: OrderDefinition) -> Result<(), SummaryError> {
        match self.definition {
            Some(before) if before != definition => {
                let is_table = [before, definition].contains(&OrderDefinition::Counted);
                Err(if is_table { SummaryError::MixedLevels } else { SummaryError::MixedOrders })
            }
            _ => {
                self.definition = Some(definition);
                Ok(())
            }
        }
    }

    /// Counts all money at `scale` from now on, if that is finer.
    fn rescale(&mut self, scale: Scale) -> Result<(), SummaryError> {
        let factor = i128::from(self.account.scale().factor_to(scale));
        if factor != 1 {
            for record in self.records.all_mut() {
                record.total = record.total.checked_mul(factor).ok_or(SummaryError::Overflow)?;
            }
            self.orders.rescale(factor)?;
            self.daily_money.as_mut().map_or(Ok(()), |days| days.rescale(factor))?;
            self.returns.rescale(factor)?;
            self.lines.rescale(factor)?;
            self.account.rescale(scale)?;
        }
        Ok(())
    }
}

/// The order id of a row, empty if it has none. As for the cleaning rules, blanks are no id.
fn order_id<'b>(batch: &TransactionBatch<'b>, row: usize) -> &'b str {
    let order_id = batch.order_ids.map(|order_ids| order_ids.get(row));
    order_id.filter(|order_id| !order_id.trim_ascii().is_empty()).unwrap_or("")
}

/// What a row says about its customer; empty: nothing.
fn attribute<'b>(batch: &TransactionBatch<'b>, row: usize) -> &'b str {
    batch.attributes.map_or("", |attributes| attributes.get(row))
}

#[cfg(test)]
mod tests;
