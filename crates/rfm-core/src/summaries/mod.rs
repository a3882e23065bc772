//! From transactions to one summary per customer.
//!
//! [`Summaries`] takes batches in any order and merges with others of its kind; [`Summaries::finish`] sorts by customer
//! id. Any split of the same lines over any number of them gives the same [`Customers`], byte for byte.

mod attributes;
mod customers;
mod error;
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

use core::hash::BuildHasher;
use std::hash::RandomState;

use hashbrown::HashTable;

use crate::account::{Account, Refusal, Reject};
use crate::batch::{Transaction, TransactionBatch};
use crate::cleaning::CleaningPolicy;
use crate::day::Day;
use crate::money::Scale;
use crate::returns::Returns;
use crate::text::{TextColumn, index};
use attributes::AttributeTable;
use matching::LineTable;
use orders::OrderTable;
use periods::DayTable;
use record::Record;
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
/// Memory grows with customers and distinct orders, not with lines, unless returns are to be matched ([`Returns::Match`]). Sums are exact; a sum that does not fit is an error.
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
    /// Ids of the customers, one after the other, and where each ends.
    ids: String,
    id_ends: Vec<u32>,
    by_id: HashTable<u32>,
    hasher: RandomState,
    records: Vec<Record>,
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
            ids: String::new(),
            id_ends: Vec::new(),
            by_id: HashTable::new(),
            hasher: RandomState::new(),
            records: Vec::new(),
            orders: OrderTable::default(),
            daily_money: None,
            attributes: None,
            keeps_times: false,
            returns: ReturnTable::default(),
            lines: LineTable::default(),
            definition: None,
            verdicts: Vec::new(),
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

    /// Bytes that customers and orders need now, with the room that tables keep to grow: 60 to 120 and the id for a
    /// customer, 40 to 80 and the id for an order; 40 to 80 for a day with its money; 20 to 40 and each distinct value once for
    /// the attributes; where returns are matched 64 to 128 for a line and each distinct text once.
    #[must_use]
    pub fn memory(&self) -> usize {
        fn bytes<T>(entries: usize) -> usize {
            entries.saturating_mul(size_of::<T>())
        }
        [
            self.ids.capacity(),
            bytes::<u32>(self.id_ends.capacity()),
            self.by_id.allocation_size(),
            bytes::<Record>(self.records.capacity()),
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

        let mut last = LastLine::default();
        for (row, verdict) in verdicts.iter().enumerate() {
            let amount = batch.amounts[row].checked_mul(factor).ok_or(SummaryError::Overflow)?;
            self.account.record(*verdict, amount)?;
            match (verdict, mode) {
                (None, Returns::Match) => self.lines.add(&self.hasher, batch, row, amount)?,
                (None, Returns::Net) if batch.is_return(row) => {
                    self.returns.add(&self.hasher, batch.customer_ids.get(row), None, amount)?;
                }
                (Some(Reject::Returned), _) => {
                    let order_id = order_id(batch, row);
                    self.returns.add(&self.hasher, batch.customer_ids.get(row), Some(order_id), amount)?;
                }
                (None, _) => self.enter(batch, row, amount, &mut last)?,
                (Some(_), _) => {}
            }
        }
        self.verdicts = verdicts;
        self.check_memory(0)?;
        Ok(&self.verdicts)
    }

    /// Takes a row that counts.
    fn enter<'b>(
        &mut self,
        batch: &TransactionBatch<'b>,
        row: usize,
        amount: i128,
        last: &mut LastLine<'b>,
    ) -> Result<(), SummaryError> {
        let (id, day, time) = (batch.customer_ids.get(row), batch.days[row], batch.time(row));
        let attribute = batch.attributes.map_or("", |attributes| attributes.get(row));
        if let Some(summaries) = batch.summaries {
            let first = summaries.first[row].min(day);
            let customer = self.customer(id, first)?;
            self.records[index(customer)].enter(first, (day, time), summaries.orders[row], amount)?;
            return self.add_attribute(customer, day, None, attribute);
        }
        let customer = match last.customer {
            Some((last, customer)) if last == id => customer,
            _ => {
                last.order = None;
                self.customer(id, day)?
            }
        };
        last.customer = Some((id, customer));
        let order_id = order_id(batch, row);
        let (order, is_new) = match last.order {
            Some((last, order)) if last == order_id && !order_id.is_empty() => (order, false),
            _ => self.orders.intern(&self.hasher, customer, order_id)?,
        };
        last.order = Some((order_id, order));
        let is_new_day = self.orders.add(&self.hasher, order, customer, day, amount)?;
        self.records[index(customer)].add((day, time), amount, is_new, is_new_day)?;
        if let Some(days) = &mut self.daily_money {
            days.add(&self.hasher, customer, day, amount)?;
        }
        self.add_attribute(customer, day, Some(order).filter(|_| !order_id.is_empty()), attribute)
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
        let ids = TextColumn::new(&other.ids, &other.id_ends).unwrap_or_default();
        let mut customers = Vec::with_capacity(other.records.len());
        for (id, theirs) in ids.iter().zip(&other.records) {
            let customer = self.customer(id, theirs.first)?;
            self.records[index(customer)].merge(theirs)?;
            if self.definition == Some(OrderDefinition::Counted) {
                // A sum only where it is no use: of customers that are repeated.
                let record = &mut self.records[index(customer)];
                record.orders = record.orders.saturating_add(theirs.orders);
            }
            customers.push(customer);
        }
        self.orders.merge(&self.hasher, &other.orders, &customers, &mut self.records)?;
        if let (Some(days), Some(theirs)) = (&mut self.daily_money, &other.daily_money) {
            days.merge(&self.hasher, theirs, &customers)?;
        }
        if let (Some(attributes), Some(theirs)) = (&mut self.attributes, &other.attributes) {
            attributes.merge(&self.hasher, &self.orders, (theirs, &other.orders), &customers)?;
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
            match self.records.iter().filter(|record| record.lines > 1).count() {
                0 => {}
                customers => return Err(SummaryError::RepeatedCustomers { customers }),
            }
        }
        let excluded_found = self.excluded_orders_found();
        let (all, rounded_matches) = (self.len(), self.cancel_matched(definition)?);
        // The sorted columns are built beside the records: what is not needed any more goes first.
        self.by_id = HashTable::new();
        self.orders.forget_keys();
        let ids = TextColumn::new(&self.ids, &self.id_ends).unwrap_or_default();
        // A table of customers tells nothing of single orders and days, whatever was asked for.
        let daily_money = self.daily_money.take().filter(|_| definition != OrderDefinition::Counted);
        let order_values = self.orders.values().filter(|_| definition != OrderDefinition::Counted);
        let kept = (daily_money, self.attributes.as_ref());
        let mut customers =
            Customers::sorted(ids, &self.records, order_values, kept, self.account, definition, excluded_found)?;
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
            let mut last = LastLine::default();
            for (row, amount) in batch.amounts.iter().enumerate() {
                self.enter(batch, row, *amount, &mut last)?;
            }
            // The lines are still there while the customers grow.
            self.check_memory(lines.memory())
        })?;
        Ok(rounded)
    }

    /// The number of a customer, who is made if new.
    fn customer(&mut self, id: &str, day: Day) -> Result<u32, SummaryError> {
        let hash = self.hasher.hash_one(id);
        let (ids, id_ends) = (&self.ids, &self.id_ends);
        let id_of = |customer: u32| {
            let customer = index(customer);
            let start = customer.checked_sub(1).map_or(0, |previous| index(id_ends[previous]));
            &ids[start..index(id_ends[customer])]
        };
        if let Some(customer) = self.by_id.find(hash, |customer| id_of(*customer) == id) {
            return Ok(*customer);
        }
        let customer = u32::try_from(self.records.len()).map_err(|_| SummaryError::TooMany)?;
        let end = self.ids.len().checked_add(id.len()).and_then(|end| u32::try_from(end).ok());
        let hasher = &self.hasher;
        self.by_id.insert_unique(hash, customer, |customer| hasher.hash_one(id_of(*customer)));
        self.ids.push_str(id);
        self.id_ends.push(end.ok_or(SummaryError::TooMany)?);
        self.records.push(Record {
            first: day,
            last: day,
            last_time: 0,
            orders: 0,
            active_days: 0,
            lines: 0,
            total: 0,
        });
        Ok(customer)
    }

    fn add_attribute(&mut self, customer: u32, day: Day, order: Option<u32>, value: &str) -> Result<(), SummaryError> {
        match &mut self.attributes {
            Some(attributes) => attributes.add(&self.hasher, &self.orders, customer, (day, order), value),
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
            for record in &mut self.records {
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

/// The customer and the order of the line before: lines of an order mostly follow each other, so that these are looked at before
/// any table.
#[derive(Default)]
struct LastLine<'b> {
    customer: Option<(&'b str, u32)>,
    order: Option<(&'b str, u32)>,
}

/// The order id of a row, empty if it has none. As for the cleaning rules, blanks are no id.
fn order_id<'b>(batch: &TransactionBatch<'b>, row: usize) -> &'b str {
    let order_id = batch.order_ids.map(|order_ids| order_ids.get(row));
    order_id.filter(|order_id| !order_id.trim_ascii().is_empty()).unwrap_or("")
}

#[cfg(test)]
mod tests;
