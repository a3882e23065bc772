//! From transactions to one summary per customer.
//!
//! [`Summaries`] takes batches in any order and merges with others of its kind; [`Summaries::finish`] sorts by customer
//! id. Any split of the same lines over any number of them gives the same [`Customers`], byte for byte.

mod customers;
mod orders;

pub use customers::{CustomerSummary, Customers, OrderValues};

use core::hash::BuildHasher;
use std::hash::RandomState;

use hashbrown::HashTable;

use crate::account::{Account, Overflow, Refusal, Reject};
use crate::batch::{Transaction, TransactionBatch};
use crate::cleaning::CleaningPolicy;
use crate::day::Day;
use crate::money::Scale;
use crate::text::{TextColumn, index};
use orders::OrderTable;

/// What an order was taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderDefinition {
    /// The lines of a customer that share an order id.
    OrderId,
    /// Each line, because the input has no order ids.
    EachLine,
}

/// Why transactions could not be summarised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SummaryError {
    /// The money of a customer, or of all, does not fit 128 bits.
    #[error("a sum of money does not fit 128 bits")]
    Overflow,
    /// Some batches have order ids and others have none, so that an order would mean two things.
    #[error("some of the input has order ids and some has none")]
    MixedOrders,
    /// Summaries that judge lines by other rules, or keep other values, cannot be merged.
    #[error("summaries of different settings cannot be merged")]
    DifferentSettings,
    /// More customers, orders, or bytes of ids than can be counted with 32 bits.
    #[error("more than 4294967295 customers or orders, or bytes of their ids")]
    TooMany,
    /// Customers and orders need more memory than was allowed.
    #[error(
        "{customers} customers and their orders need {needed} bytes, more than the limit of {limit}; \
         allow more, or read fewer customers at a time"
    )]
    Memory {
        /// Customers so far.
        customers: usize,
        /// Bytes that they need.
        needed: usize,
        /// Bytes that were allowed.
        limit: usize,
    },
    /// The amounts need more decimals than the scale that was asked for.
    #[error("the amounts have {found} decimals, more than the {asked} that were asked for")]
    Scale {
        /// Decimals that the amounts need.
        found: u8,
        /// Decimals that were asked for.
        asked: u8,
    },
}

impl From<Overflow> for SummaryError {
    fn from(_: Overflow) -> SummaryError {
        SummaryError::Overflow
    }
}

/// What is known of one customer while lines arrive.
#[derive(Clone, Copy, Debug)]
struct Record {
    first: Day,
    last: Day,
    orders: u32,
    active_days: u32,
    lines: u64,
    total: i128,
}

/// Collects transactions, one record for each customer.
///
/// Memory grows with customers and distinct orders, not with lines. Sums are exact; a sum that does not fit is an error.
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
    definition: Option<OrderDefinition>,
    verdicts: Vec<Option<Reject>>,
}

impl Summaries {
    /// No transactions yet; those to come are judged by `policy`.
    #[must_use]
    pub fn new(policy: CleaningPolicy) -> Summaries {
        Summaries {
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
    /// customer, 40 to 80 and the id for an order.
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
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    /// Where every line went so far.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The rules that say which lines count.
    #[must_use]
    pub const fn policy(&self) -> &CleaningPolicy {
        &self.policy
    }

    /// Number of customers so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether no line counts so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Takes one row. Returns why it does not count, or `None` if it does.
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
            amounts: &[row.amount.minor().into()],
            scale: self.row_scale,
            quantities: None,
            prices: None,
            attributes: None,
            refused: &[],
        };
        self.push_batch(&batch).map(|verdicts| verdicts.first().copied().flatten())
    }

    /// Takes a batch. Returns for each row why it does not count, or `None` if it does.
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
        let definition = if batch.order_ids.is_some() { OrderDefinition::OrderId } else { OrderDefinition::EachLine };
        self.define_orders(definition)?;
        self.rescale(batch.scale)?;
        let factor = i128::from(batch.scale.factor_to(self.account.scale()));
        let mut verdicts = core::mem::take(&mut self.verdicts);
        self.policy.judge(batch, &mut verdicts);

        // Lines of an order mostly follow each other: the last customer and order are looked at before any table.
        let mut last_customer: Option<(&str, u32)> = None;
        let mut last_order: Option<(&str, u32)> = None;
        for (row, verdict) in verdicts.iter().enumerate() {
            let amount = batch.amounts[row].checked_mul(factor).ok_or(SummaryError::Overflow)?;
            self.account.record(*verdict, amount)?;
            if verdict.is_some() {
                continue;
            }
            let (id, day) = (batch.customer_ids.get(row), batch.days[row]);
            let customer = match last_customer {
                Some((last, customer)) if last == id => customer,
                _ => {
                    last_order = None;
                    self.customer(id, day)?
                }
            };
            last_customer = Some((id, customer));
            // As for the cleaning rules, blanks are no id.
            let order_id = batch.order_ids.map(|order_ids| order_ids.get(row));
            let order_id = order_id.filter(|order_id| !order_id.trim_ascii().is_empty()).unwrap_or("");
            let (order, is_new) = match last_order {
                Some((last, order)) if last == order_id && !order_id.is_empty() => (order, false),
                _ => self.orders.intern(&self.hasher, customer, order_id)?,
            };
            last_order = Some((order_id, order));
            let is_new_day = self.orders.add(&self.hasher, order, customer, day, amount)?;
            self.records[index(customer)].add(day, amount, is_new, is_new_day)?;
        }
        self.verdicts = verdicts;
        self.check_memory()?;
        Ok(&self.verdicts)
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
        let settings = |one: &Summaries| (one.fixed_scale, one.row_scale, one.orders.keeps_values());
        if self.policy != other.policy || settings(self) != settings(&other) {
            return Err(SummaryError::DifferentSettings);
        }
        if let Some(definition) = other.definition {
            self.define_orders(definition)?;
        }
        self.rescale(other.account.scale())?;
        other.rescale(self.account.scale())?;
        self.account.merge(core::mem::take(&mut other.account))?;
        let ids = TextColumn::new(&other.ids, &other.id_ends).unwrap_or_default();
        let mut customers = Vec::with_capacity(other.records.len());
        for (id, theirs) in ids.iter().zip(&other.records) {
            let customer = self.customer(id, theirs.first)?;
            self.records[index(customer)].merge(theirs)?;
            customers.push(customer);
        }
        self.orders.merge(&self.hasher, &other.orders, &customers, &mut self.records)?;
        self.check_memory()
    }

    /// The customers, sorted by the bytes of their ids, with the account of all lines.
    ///
    /// # Errors
    ///
    /// [`SummaryError::Scale`] if [`Summaries::with_scale`] asked for fewer decimals than the amounts need.
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
        // The sorted columns are built beside the records: what is not needed any more goes first.
        self.by_id = HashTable::new();
        self.orders.forget_keys();
        let ids = TextColumn::new(&self.ids, &self.id_ends).unwrap_or_default();
        Customers::sorted(ids, &self.records, self.orders.values(), self.account, definition)
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
        self.records.push(Record { first: day, last: day, orders: 0, active_days: 0, lines: 0, total: 0 });
        Ok(customer)
    }

    fn check_memory(&self) -> Result<(), SummaryError> {
        match self.memory_limit {
            Some(limit) if self.memory() > limit => {
                Err(SummaryError::Memory { customers: self.len(), needed: self.memory(), limit })
            }
            _ => Ok(()),
        }
    }

    fn define_orders(&mut self, definition: OrderDefinition) -> Result<(), SummaryError> {
        match self.definition {
            Some(before) if before != definition => Err(SummaryError::MixedOrders),
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
            self.account.rescale(scale)?;
        }
        Ok(())
    }
}

impl Record {
    fn add(&mut self, day: Day, amount: i128, new_order: bool, new_day: bool) -> Result<(), SummaryError> {
        self.first = self.first.min(day);
        self.last = self.last.max(day);
        self.lines = self.lines.saturating_add(1);
        // As many orders and days as there are entries in tables that are counted with 32 bits.
        self.orders = self.orders.saturating_add(new_order.into());
        self.active_days = self.active_days.saturating_add(new_day.into());
        self.total = self.total.checked_add(amount).ok_or(SummaryError::Overflow)?;
        Ok(())
    }

    /// Orders and active days are counted when the tables of distinct ones are merged: the counts of parts do not add.
    fn merge(&mut self, other: &Record) -> Result<(), SummaryError> {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.lines = self.lines.saturating_add(other.lines);
        self.total = self.total.checked_add(other.total).ok_or(SummaryError::Overflow)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
