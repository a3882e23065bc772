//! From transactions to one summary per customer.
//!
//! [`Summaries`] takes batches in any order and merges with others of its kind; [`Summaries::finish`] sorts by customer
//! id. Any split of the same lines over any number of them gives the same [`Customers`], byte for byte.

mod active_days;
mod attributes;
mod customers;
mod error;
mod key;
mod matching;
mod orders;
mod periods;
mod record;
mod returned;
mod runs;
mod slots;
mod tables;
mod texts;

pub(crate) use customers::mean;
pub use customers::{CustomerReturns, CustomerSummary, Customers, OrderValues};
pub use error::SummaryError;
pub use periods::{DailyMoney, Periods};

use core::ops::Range;
use std::sync::Arc;

use crate::account::{Account, Refusal, Reject};
use crate::batch::{Transaction, TransactionBatch};
use crate::cleaning::CleaningPolicy;
use crate::money::Scale;
use crate::returns::Returns;
use crate::text::TextColumn;
use active_days::ActiveDays;
use attributes::AttributeTable;
use key::Key;
use matching::LineTable;
use periods::DayTable;
use record::Record;
use returned::ReturnTable;
use runs::{Run, Runs, key_of, part_of};
use tables::{AllTables, PARTS, SharedTables, Tables};

/// Another one that holds the same, in tables of its own.
impl Clone for Summaries {
    fn clone(&self) -> Summaries {
        Summaries {
            policy: self.policy.clone(),
            account: self.account.clone(),
            row_scale: self.row_scale,
            fixed_scale: self.fixed_scale,
            memory_limit: self.memory_limit,
            keeps: self.keeps,
            tables: Arc::new(SharedTables::clone(&self.tables)),
            first_part: self.first_part,
            returns: self.returns.clone(),
            lines: self.lines.clone(),
            definition: self.definition,
            excluded_found: self.excluded_found.clone(),
            verdicts: Vec::new(),
            runs: Runs::default(),
        }
    }
}

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
#[derive(Debug)]
pub struct Summaries {
    policy: CleaningPolicy,
    account: Account,
    row_scale: Scale,
    fixed_scale: Option<Scale>,
    memory_limit: Option<usize>,
    keeps: Keeps,
    /// The customers and their orders.
    tables: Arc<SharedTables>,
    /// The part of the tables that runs are entered into first.
    first_part: usize,
    /// Returns that count, or are kept beside what was bought.
    returns: ReturnTable,
    /// All lines, where returns are matched at the end.
    lines: LineTable,
    definition: Option<OrderDefinition>,
    /// Which of the excluded orders occurred, as the policy sorts them.
    excluded_found: Vec<bool>,
    verdicts: Vec<Option<Reject>>,
    runs: Runs,
}

/// What is kept of the customers beside what is always kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Keeps {
    order_values: bool,
    active_days: bool,
    daily_money: bool,
    attributes: bool,
    times: bool,
}

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
            keeps: Keeps::default(),
            tables: Arc::default(),
            first_part: 0,
            returns: ReturnTable::default(),
            lines: LineTable::default(),
            definition: None,
            verdicts: Vec::new(),
            runs: Runs::default(),
        }
    }

    /// Keeps the value of each order, so that the customers have the [`OrderValues`]: mean, median and largest.
    #[must_use]
    pub fn with_order_values(mut self) -> Summaries {
        self.keeps.order_values = true;
        self.change_tables(|tables| tables.orders.keep_values())
    }

    /// Keeps the days of each customer with a line, so that [`CustomerSummary::active_days`] counts them.
    #[must_use]
    pub fn with_active_days(mut self) -> Summaries {
        self.keeps.active_days = true;
        self.change_tables(|tables| tables.active_days = Some(ActiveDays::default()))
    }

    /// Keeps the money of each customer on each day, so that the customers have [`DailyMoney`], and with it what they bought in
    /// days, weeks or months ([`Periods`]).
    ///
    /// It is the money of purchases on the days of purchases, so that it does not go with [`Returns::Net`]: the first batch is an
    /// error then ([`SummaryError::NetDays`]).
    #[must_use]
    pub fn with_daily_money(mut self) -> Summaries {
        self.keeps.daily_money = true;
        self.change_tables(|tables| tables.daily_money = Some(DayTable::default()))
    }

    /// Keeps of each customer what the lines say about them ([`TransactionBatch::with_attributes`]): the value on the latest order
    /// that counts and has one.
    ///
    /// That is the order of the latest day; among those of one day the one with the largest id, and among the lines of that one the
    /// largest value, both by their bytes. Lines without a value, or with a blank one, are passed over, so that an order on which
    /// nobody filled it in does not undo what an earlier one said.
    #[must_use]
    pub fn with_attributes(mut self) -> Summaries {
        self.keeps.attributes = true;
        self.change_tables(|tables| tables.attributes = Some(AttributeTable::default()))
    }

    /// Keeps the time of day of each customer's last order ([`TransactionBatch::with_times`]): the latest one on the latest day.
    #[must_use]
    pub fn with_times(mut self) -> Summaries {
        self.keeps.times = true;
        self
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
    /// has more than 15 bytes; 21 to 43 for an order, or twice that if its id has more than 11 bytes, and 40 to 80 for its value; 11
    /// to 22 for a day with a line; 40 to 80 for a day with its money; 50 to 100, the id of the latest order and each distinct value
    /// once for the attributes; where returns are matched 64 to 128 for a line and each distinct text once.
    #[must_use]
    pub fn memory(&self) -> usize {
        let own = self.returns.memory().saturating_add(self.lines.memory());
        self.tables.memory().saturating_add(own)
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
        let known = self.tables.each(|tables| tables.records.len()).fold(0, usize::saturating_add);
        known.saturating_add(self.lines.customers())
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
        self.check_batch(batch)?;
        self.rescale(batch.scale)?;
        let factor = i128::from(batch.scale.factor_to(self.account.scale()));
        let is_matched = self.policy.returns_mode() == Returns::Match;
        let mut verdicts = core::mem::take(&mut self.verdicts);
        verdicts.clear();
        verdicts.resize(batch.len(), None);
        for (rows, are_sales) in batch.all_alike() {
            let note = |position: usize| self.excluded_found[position] = true;
            let verdict = self.policy.judge_alike(batch, rows.clone(), are_sales, &mut verdicts, note);
            // Sales that count are taken at once, unless each of them is an order, or is to be matched with returns.
            let is_alone = || is_matched || batch.ids(rows.start).known_order().is_none();
            match verdict {
                Some(verdict) if verdict.is_some() || !is_alone() => self.push_alike(batch, rows, verdict, factor)?,
                _ => {
                    for row in rows {
                        let amount = batch.amounts[row].checked_mul(factor).ok_or(SummaryError::Overflow)?;
                        self.push_row(batch, row, verdicts[row], amount)?;
                    }
                }
            }
        }
        self.enter_runs(batch)?;
        self.verdicts = verdicts;
        self.check_memory(0)?;
        Ok(&self.verdicts)
    }

    /// Whether a batch can be taken by these settings, and after those before it.
    fn check_batch(&mut self, batch: &TransactionBatch<'_>) -> Result<(), SummaryError> {
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
        if mode == Returns::Net && self.keeps.daily_money {
            return Err(SummaryError::NetDays);
        }
        Ok(())
    }

    /// Takes sales that are alike, of which all have this verdict.
    #[inline]
    fn push_alike(
        &mut self,
        batch: &TransactionBatch<'_>,
        rows: Range<usize>,
        verdict: Option<Reject>,
        factor: i128,
    ) -> Result<(), SummaryError> {
        let sum = batch.amounts[rows.clone()].iter().try_fold(0i128, |sum, amount| sum.checked_add(*amount));
        let sum = sum.and_then(|sum| if factor == 1 { Some(sum) } else { sum.checked_mul(factor) });
        let sum = sum.ok_or(SummaryError::Overflow)?;
        self.account.record(verdict, rows.len(), sum)?;
        if verdict.is_none() { self.enter(batch, rows, sum) } else { Ok(()) }
    }

    /// Takes a row of which this is the verdict.
    fn push_row(
        &mut self,
        batch: &TransactionBatch<'_>,
        row: usize,
        verdict: Option<Reject>,
        amount: i128,
    ) -> Result<(), SummaryError> {
        self.account.record(verdict, 1, amount)?;
        match (verdict, self.policy.returns_mode()) {
            (None, Returns::Match) => self.lines.add(batch, row, amount),
            (None, Returns::Net) if batch.is_return(row) => self.returns.add(batch.customer_ids.get(row), None, amount),
            (Some(Reject::Returned), _) => {
                self.returns.add(batch.customer_ids.get(row), Some(batch.order_id(row)), amount)
            }
            (None, _) if batch.summaries.is_some() => self.enter_customer(batch, row, amount),
            (None, _) => self.enter(batch, row..row.saturating_add(1), amount),
            (Some(_), _) => Ok(()),
        }
    }

    /// Takes a row of a table of customers.
    fn enter_customer(&self, batch: &TransactionBatch<'_>, row: usize, amount: i128) -> Result<(), SummaryError> {
        let (id, scale) = (batch.customer_ids.get(row), self.account.scale());
        self.tables.change(part_of(key_of(id.as_bytes()).1), |tables| tables.enter_customer(batch, row, amount, scale))
    }

    /// Takes lines that count and are alike, worth this together: one, or those of an order. They are in the tables when
    /// [`Summaries::enter_runs`] has been called with the same batch.
    #[inline]
    fn enter(&mut self, batch: &TransactionBatch<'_>, rows: Range<usize>, amount: i128) -> Result<(), SummaryError> {
        if self.runs.are_many() {
            self.enter_runs(batch)?;
        }
        let row = rows.start;
        let ids = batch.ids(row);
        let (customer, hash) = key_of(ids.customer);
        let run = Run {
            row,
            customer,
            hash,
            number: None,
            order: ids.known_order().map(Key::hashed),
            day: batch.days[row],
            lines: rows.len(),
            time: rows.map(|row| batch.time(row)).max().unwrap_or_default(),
            amount,
        };
        self.runs.push(part_of(hash), run);
        Ok(())
    }

    /// Takes the runs that wait, all of them of this batch.
    fn enter_runs(&mut self, batch: &TransactionBatch<'_>) -> Result<(), SummaryError> {
        let scale = self.account.scale();
        for part in (self.first_part..PARTS).chain(0..self.first_part) {
            let runs = &mut self.runs.parts[part];
            if !runs.is_empty() {
                self.tables.change(part, |tables| tables.enter(runs, scale, batch))?;
            }
        }
        self.runs.clear();
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

    /// Another one without a line so far, for another thread: it judges by the same rules, and fills the same tables, so that a
    /// customer whom both meet needs memory once. In the end [`Summaries::merge`] takes what it has counted.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Amount, CleaningPolicy, Day, Summaries, Transaction};
    ///
    /// let (day, amount) = (Day::from_ymd(2011, 12, 1)?, Amount::from_minor(500));
    /// let mut all = Summaries::new(CleaningPolicy::default());
    /// let others = [all.share(), all.share()];
    /// let others = std::thread::scope(|scope| {
    ///     let fill = |mut summaries: Summaries| {
    ///         summaries.push(Transaction { customer_id: "ann", order_id: Some("1"), day, amount })?;
    ///         Ok::<Summaries, rfm_core::SummaryError>(summaries)
    ///     };
    ///     others.map(|other| scope.spawn(move || fill(other))).map(|thread| thread.join().expect("no panic"))
    /// });
    /// for other in others {
    ///     all.merge(other?)?;
    /// }
    /// let customers = all.finish()?;
    /// let ann = customers.get(0).expect("one customer");
    /// assert_eq!((ann.orders(), ann.lines(), ann.total().to_string()), (1, 2, "10.00".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn share(&self) -> Summaries {
        let tables = Arc::clone(&self.tables);
        // Each begins at another part, so that they seldom wait for each other.
        let first_part = Arc::strong_count(&tables).wrapping_mul(5) % PARTS;
        Summaries {
            row_scale: self.row_scale,
            fixed_scale: self.fixed_scale,
            memory_limit: self.memory_limit,
            keeps: self.keeps,
            tables,
            first_part,
            ..Summaries::new(self.policy.clone())
        }
    }

    /// Takes everything that another one has collected. The order of merging does not matter.
    ///
    /// # Errors
    ///
    /// As [`Summaries::push_batch`].
    pub fn merge(&mut self, mut other: Summaries) -> Result<(), SummaryError> {
        let settings = |one: &Summaries| (one.fixed_scale, one.row_scale, one.keeps);
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
        if !Arc::ptr_eq(&self.tables, &other.tables) {
            for part in 0..PARTS {
                let theirs = other.tables.change(part, core::mem::take);
                self.tables.change(part, |tables| tables.merge(theirs))?;
            }
        }
        self.returns.merge(&other.returns)?;
        self.lines.merge(other.lines)?;
        self.check_memory(0)
    }

    /// The customers, sorted by the bytes of their ids, with the account of all lines.
    ///
    /// # Errors
    ///
    /// [`SummaryError::Scale`] if [`Summaries::with_scale`] asked for fewer decimals than the amounts need,
    /// [`SummaryError::RepeatedCustomers`] if a table of customers has a customer more than once, [`SummaryError::Shared`] while
    /// another one that shares the tables is not merged.
    pub fn finish(mut self) -> Result<Customers, SummaryError> {
        let found = self.tables.each(|tables| tables.scale).fold(self.account.scale(), Scale::max);
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
            let repeated = |tables: &Tables| tables.records.all().iter().filter(|record| record.lines > 1).count();
            match self.tables.each(repeated).fold(0, usize::saturating_add) {
                0 => {}
                customers => return Err(SummaryError::RepeatedCustomers { customers }),
            }
        }
        let excluded_found = self.excluded_orders_found();
        let (before, rounded_matches) = (self.len(), self.cancel_matched(definition)?);
        for part in 0..PARTS {
            self.tables.change(part, |tables| tables.rescale(scale))?;
        }
        let mut tables = AllTables::of(Arc::into_inner(self.tables).ok_or(SummaryError::Shared)?)?;
        if definition == OrderDefinition::Counted {
            // A table of customers tells nothing of single orders and days, whatever was asked for.
            (tables.values, tables.days) = (None, None);
        }
        let mut customers = Customers::sorted(tables, self.account, definition, excluded_found)?;
        if !self.keeps.times {
            customers.forget_times();
        }
        match self.policy.returns_mode() {
            Returns::Exclude => {}
            Returns::Net => customers.net(&self.returns)?,
            Returns::Separate => customers.keep_returns(&self.returns),
            Returns::Match => customers.note_matched(before.saturating_sub(customers.len()), rounded_matches),
        }
        Ok(customers)
    }

    /// Lets returns cancel purchases, and takes the lines that are left; of how many the money was rounded.
    fn cancel_matched(&mut self, definition: OrderDefinition) -> Result<u64, SummaryError> {
        let mut lines = core::mem::take(&mut self.lines);
        let rounded = lines.cancel(&mut self.account)?;
        lines.for_each_batch(definition == OrderDefinition::OrderId, |batch| {
            for (row, amount) in batch.amounts.iter().enumerate() {
                self.enter(batch, row..row.saturating_add(1), *amount)?;
            }
            self.enter_runs(batch)?;
            // The lines are still there while the customers grow.
            self.check_memory(lines.memory())
        })?;
        Ok(rounded)
    }

    fn change_tables(self, mut change: impl FnMut(&mut Tables)) -> Summaries {
        (0..PARTS).for_each(|part| self.tables.change(part, &mut change));
        self
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
            self.returns.rescale(factor)?;
            self.lines.rescale(factor)?;
            self.account.rescale(scale)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
