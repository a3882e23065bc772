//! What lines say about their customers, of each customer the latest.

use super::SummaryError;
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
    /// The ids of the latest orders, as many as `latest`; empty: without an id, which is the smallest one.
    order_ids: Vec<String>,
    /// Bytes of these ids.
    id_bytes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Latest {
    day: Day,
    value: u32,
    /// Whether the customer has lines with another value.
    varied: bool,
}

impl AttributeTable {
    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let latest = self.latest.capacity().saturating_mul(size_of::<Option<Latest>>());
        let order_ids = self.order_ids.capacity().saturating_mul(size_of::<String>());
        [self.values.memory(), latest, order_ids, self.id_bytes].into_iter().fold(0, usize::saturating_add)
    }

    /// Takes the value of a line of an order; an empty id is none. Nothing, if the value is blank.
    pub(super) fn add(&mut self, customer: u32, (day, order_id): (Day, &str), value: &str) -> Result<(), SummaryError> {
        if value.trim_ascii().is_empty() {
            return Ok(());
        }
        let value = self.values.intern(value)?;
        self.enter(customer, order_id, Latest { day, value, varied: false });
        Ok(())
    }

    /// Takes what another table has collected; `customers` are our numbers of their customers.
    pub(super) fn merge(&mut self, other: &AttributeTable, customers: &[u32]) -> Result<(), SummaryError> {
        for ((theirs, order_id), customer) in other.latest.iter().zip(&other.order_ids).zip(customers) {
            let Some(theirs) = theirs else { continue };
            let value = self.values.intern(other.values.get(theirs.value))?;
            self.enter(*customer, order_id, Latest { value, ..*theirs });
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

    fn enter(&mut self, customer: u32, order_id: &str, new: Latest) {
        let at = index(customer);
        if self.latest.len() <= at {
            self.latest.resize(at.saturating_add(1), None);
            self.order_ids.resize(at.saturating_add(1), String::new());
        }
        let known = &mut self.order_ids[at];
        let is_later = |old: &Latest| {
            let value = |latest: &Latest| self.values.get(latest.value);
            let later = new.day.cmp(&old.day).then_with(|| order_id.cmp(known));
            later.then_with(|| value(&new).cmp(value(old))).is_gt()
        };
        let old = self.latest[at];
        let varied = old.map_or(new.varied, |old| old.varied || new.varied || old.value != new.value);
        let latest = match old {
            Some(old) if !is_later(&old) => old,
            _ => {
                self.id_bytes = self.id_bytes.saturating_sub(known.len()).saturating_add(order_id.len());
                known.clear();
                known.push_str(order_id);
                new
            }
        };
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
