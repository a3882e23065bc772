//! What lines say about their customers, of each customer the latest.

use std::hash::RandomState;

use super::SummaryError;
use super::orders::OrderTable;
use super::texts::Texts;
use crate::day::Day;
use crate::text::{TextBuffer, index};

/// The latest value of each customer; see [`crate::Summaries::with_attributes`] for what is latest.
///
/// Each distinct value is kept once: a country is that of many.
#[derive(Clone, Debug, Default)]
pub(super) struct AttributeTable {
    values: Texts,
    /// By the number of the customer; shorter than the customers if the last ones have no value.
    latest: Vec<Option<Latest>>,
}

#[derive(Clone, Copy, Debug)]
struct Latest {
    day: Day,
    /// `None`: without an id, which is the smallest one.
    order: Option<u32>,
    value: u32,
    /// Whether the customer has lines with another value.
    varied: bool,
}

impl AttributeTable {
    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let latest = self.latest.capacity().saturating_mul(size_of::<Option<Latest>>());
        self.values.memory().saturating_add(latest)
    }

    /// Takes the value of a line of an order. Nothing, if it is blank.
    pub(super) fn add(
        &mut self,
        hasher: &RandomState,
        orders: &OrderTable,
        customer: u32,
        (day, order): (Day, Option<u32>),
        value: &str,
    ) -> Result<(), SummaryError> {
        if value.trim_ascii().is_empty() {
            return Ok(());
        }
        let value = self.values.intern(hasher, value)?;
        self.enter(orders, customer, Latest { day, order, value, varied: false });
        Ok(())
    }

    /// Takes what another table has collected; `customers` are our numbers of their customers, and their orders are among ours.
    pub(super) fn merge(
        &mut self,
        hasher: &RandomState,
        orders: &OrderTable,
        (other, their_orders): (&AttributeTable, &OrderTable),
        customers: &[u32],
    ) -> Result<(), SummaryError> {
        for (theirs, customer) in other.latest.iter().zip(customers) {
            let Some(theirs) = theirs else { continue };
            let value = self.values.intern(hasher, other.values.get(theirs.value))?;
            let order = theirs.order.and_then(|order| orders.find(hasher, *customer, their_orders.id(order)));
            self.enter(orders, *customer, Latest { order, value, ..*theirs });
        }
        Ok(())
    }

    /// The values in the order of the sorted customers.
    pub(super) fn sorted(&self, order: &[usize]) -> Result<Attributes, SummaryError> {
        let texts = &self.values;
        let mut used: Vec<u32> = self.latest.iter().flatten().map(|latest| latest.value).collect();
        used.sort_unstable_by_key(|value| texts.get(*value));
        used.dedup();
        let mut values = TextBuffer::default();
        let mut ranks = vec![0; texts.len()];
        for (rank, value) in used.iter().enumerate() {
            // No more than there were before, and they fitted.
            values.push(texts.get(*value));
            ranks[index(*value)] = u32::try_from(rank).map_err(|_| SummaryError::TooMany)?;
        }
        let latest = |row: &usize| self.latest.get(*row).copied().flatten();
        let rows = order.iter().map(|row| latest(row).map(|latest| ranks[index(latest.value)])).collect();
        let varied = self.latest.iter().flatten().filter(|latest| latest.varied).count();
        Ok(Attributes { values, rows, varied })
    }

    fn enter(&mut self, orders: &OrderTable, customer: u32, new: Latest) {
        let at = index(customer);
        if self.latest.len() <= at {
            self.latest.resize(at.saturating_add(1), None);
        }
        let Some(old) = self.latest[at] else {
            self.latest[at] = Some(new);
            return;
        };
        let order_id = |latest: &Latest| latest.order.map_or("", |order| orders.id(order));
        let value = |latest: &Latest| self.values.get(latest.value);
        let later = new.day.cmp(&old.day).then_with(|| order_id(&new).cmp(order_id(&old)));
        let later = later.then_with(|| value(&new).cmp(value(&old)));
        let varied = old.varied || new.varied || old.value != new.value;
        let latest = if later.is_gt() { new } else { old };
        self.latest[at] = Some(Latest { varied, ..latest });
    }
}

/// The attribute of each customer, in the order of the sorted rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    /// The values that somebody has, sorted, so that equal customers are equal.
    values: TextBuffer,
    rows: Vec<Option<u32>>,
    varied: usize,
}

impl Attributes {
    pub(super) fn get(&self, row: usize) -> Option<&str> {
        self.rows[row].map(|value| self.values.column().get(index(value)))
    }

    pub(super) fn varied(&self) -> usize {
        self.varied
    }
}
