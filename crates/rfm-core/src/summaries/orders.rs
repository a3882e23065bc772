//! The distinct orders of each customer, their days and, on request, their values.

use core::hash::BuildHasher;
use std::hash::RandomState;

use hashbrown::HashTable;

use super::{Record, SummaryError};
use crate::day::Day;
use crate::text::index;

/// Distinct orders, exactly: an order is a customer and an order id. An empty id is never found again.
#[derive(Clone, Debug, Default)]
pub(super) struct OrderTable {
    by_key: HashTable<u32>,
    orders: Vec<Order>,
    /// Order ids, one after the other.
    ids: String,
    /// Distinct pairs of customer and day.
    days: HashTable<(u32, Day)>,
    /// Value of each order, in minor units; only if they are kept.
    values: Option<Vec<i128>>,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    customer: u32,
    id_end: u32,
    /// A day of the order that is in `days`; most orders have just one.
    day: Option<Day>,
}

impl OrderTable {
    pub(super) fn keep_values(&mut self) {
        self.values = Some(Vec::new());
    }

    pub(super) fn keeps_values(&self) -> bool {
        self.values.is_some()
    }

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let orders = self.orders.capacity().saturating_mul(size_of::<Order>());
        let values = self.values.as_ref().map_or(0, |values| values.capacity().saturating_mul(size_of::<i128>()));
        [self.by_key.allocation_size(), orders, self.ids.capacity(), self.days.allocation_size(), values]
            .into_iter()
            .fold(0, usize::saturating_add)
    }

    /// The number of an order, and whether it is new.
    pub(super) fn intern(
        &mut self,
        hasher: &RandomState,
        customer: u32,
        id: &str,
    ) -> Result<(u32, bool), SummaryError> {
        let order = u32::try_from(self.orders.len()).map_err(|_| SummaryError::TooMany)?;
        if !id.is_empty() {
            let hash = hasher.hash_one((customer, id));
            if let Some(order) = self.find_hashed(hash, customer, id) {
                return Ok((order, false));
            }
            let (orders, ids) = (&self.orders, &self.ids);
            let key = |order: u32| (orders[index(order)].customer, id_of(orders, ids, order));
            self.by_key.insert_unique(hash, order, |order| hasher.hash_one(key(*order)));
            self.ids.push_str(id);
        }
        let id_end = u32::try_from(self.ids.len()).map_err(|_| SummaryError::TooMany)?;
        self.orders.push(Order { customer, id_end, day: None });
        if let Some(values) = &mut self.values {
            values.push(0);
        }
        Ok((order, true))
    }

    /// The number of an order that is there.
    pub(super) fn find(&self, hasher: &RandomState, customer: u32, id: &str) -> Option<u32> {
        self.find_hashed(hasher.hash_one((customer, id)), customer, id)
    }

    fn find_hashed(&self, hash: u64, customer: u32, id: &str) -> Option<u32> {
        let key = |order: u32| (self.orders[index(order)].customer, self.id(order));
        self.by_key.find(hash, |order| key(*order) == (customer, id)).copied()
    }

    /// The id of an order; empty if it has none.
    pub(super) fn id(&self, order: u32) -> &str {
        id_of(&self.orders, &self.ids, order)
    }

    /// Adds a line to an order. Returns whether it is the customer's first on that day.
    pub(super) fn add(
        &mut self,
        hasher: &RandomState,
        order: u32,
        customer: u32,
        day: Day,
        amount: i128,
    ) -> Result<bool, SummaryError> {
        if let Some(values) = &mut self.values {
            let value = &mut values[index(order)];
            *value = value.checked_add(amount).ok_or(SummaryError::Overflow)?;
        }
        if self.orders[index(order)].day == Some(day) {
            return Ok(false);
        }
        self.orders[index(order)].day = Some(day);
        Ok(self.insert_day(hasher, customer, day))
    }

    fn insert_day(&mut self, hasher: &RandomState, customer: u32, day: Day) -> bool {
        let entry = (customer, day);
        let found = self.days.entry(hasher.hash_one(entry), |other| *other == entry, |other| hasher.hash_one(other));
        let is_new = matches!(found, hashbrown::hash_table::Entry::Vacant(_));
        found.or_insert(entry);
        is_new
    }

    /// Customer and id of every order.
    pub(super) fn keys(&self) -> impl Iterator<Item = (u32, &str)> {
        self.orders.iter().zip(0..).map(|(order, number)| (order.customer, self.id(number)))
    }

    pub(super) fn rescale(&mut self, factor: i128) -> Result<(), SummaryError> {
        for value in self.values.iter_mut().flatten() {
            *value = value.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        Ok(())
    }

    /// Takes the orders and days of another table and counts the new ones; `customers` are our numbers of their customers.
    pub(super) fn merge(
        &mut self,
        hasher: &RandomState,
        other: &OrderTable,
        customers: &[u32],
        records: &mut [Record],
    ) -> Result<(), SummaryError> {
        for (number, theirs) in other.orders.iter().enumerate() {
            let customer = customers[index(theirs.customer)];
            let number = u32::try_from(number).map_err(|_| SummaryError::TooMany)?;
            let (order, is_new) = self.intern(hasher, customer, other.id(number))?;
            if let (Some(values), Some(theirs)) = (&mut self.values, &other.values) {
                let value = &mut values[index(order)];
                *value = value.checked_add(theirs[index(number)]).ok_or(SummaryError::Overflow)?;
            }
            let record = &mut records[index(customer)];
            record.orders = record.orders.saturating_add(is_new.into());
        }
        for (customer, day) in &other.days {
            let customer = customers[index(*customer)];
            let is_new = self.insert_day(hasher, customer, *day);
            let record = &mut records[index(customer)];
            record.active_days = record.active_days.saturating_add(is_new.into());
        }
        Ok(())
    }

    /// Frees everything but the values.
    pub(super) fn forget_keys(&mut self) {
        self.by_key = HashTable::new();
        self.days = HashTable::new();
        self.ids = String::new();
        if self.values.is_none() {
            self.orders = Vec::new();
        }
    }

    /// Customer and value of every order, if values are kept.
    pub(super) fn values(&self) -> Option<impl Iterator<Item = (u32, i128)> + '_> {
        let values = self.values.as_ref()?;
        Some(self.orders.iter().map(|order| order.customer).zip(values.iter().copied()))
    }
}

fn id_of<'t>(orders: &[Order], ids: &'t str, order: u32) -> &'t str {
    let order = index(order);
    let start = order.checked_sub(1).map_or(0, |previous| index(orders[previous].id_end));
    &ids[start..index(orders[order].id_end)]
}
