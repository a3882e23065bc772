//! The distinct orders of each customer, their days and, on request, their values.

use core::hint::black_box;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::key::{Key, Seeds};
use super::{Record, SummaryError};
use crate::day::Day;
use crate::text::index;

/// Distinct orders: an order is a customer and an order id. Ids of up to 15 bytes are told apart exactly, longer ones by
/// 128 bits of hash ([`Key::hashed`]).
#[derive(Clone, Debug, Default)]
pub(super) struct OrderTable {
    orders: HashTable<Order>,
    /// Distinct pairs of customer and day.
    days: HashTable<CustomerDay>,
    values: Option<Values>,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    id: Key,
    customer: u32,
    /// A day of the order that is in `days`; most orders have just one.
    day: Day,
}

impl Order {
    fn hash(&self) -> u64 {
        OrderTable::hash(self.customer, self.id)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CustomerDay {
    customer: u32,
    day: Day,
}

impl CustomerDay {
    fn hash(&self) -> u64 {
        Seeds::get().hash_customer_day(self.customer, self.day)
    }
}

/// What is new about an order and a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// The order, and perhaps the day.
    Order,
    /// Perhaps the day.
    Day,
    Nothing,
}

/// What each order is worth, in minor units.
#[derive(Clone, Debug, Default)]
struct Values {
    by_order: HashTable<Value>,
    /// Customer and value of orders without an id.
    others: Vec<(u32, i128)>,
}

#[derive(Clone, Copy, Debug)]
struct Value {
    id: Key,
    customer: u32,
    value: i128,
}

impl OrderTable {
    pub(super) fn keep_values(&mut self) {
        self.values = Some(Values::default());
    }

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let values = self.values.as_ref().map_or(0, Values::memory);
        [self.orders.allocation_size(), self.days.allocation_size(), values].into_iter().fold(0, usize::saturating_add)
    }

    /// The hash of an order.
    #[inline]
    pub(super) fn hash(customer: u32, id: Key) -> u64 {
        Seeds::get().hash(id, customer.into())
    }

    /// Has the memory of the orders with these hashes at hand soon.
    #[inline]
    pub(super) fn look_at(&self, hashes: impl Iterator<Item = u64>) {
        let days = hashes.filter_map(|hash| self.orders.find(hash, |_| true)).map(|order| order.day.epoch_days());
        black_box(days.fold(0, |all, day| all ^ day));
    }

    /// Has the memory of these days of customers at hand soon.
    #[inline]
    pub(super) fn look_at_days(&self, days: impl Iterator<Item = (u32, Day)>) {
        let days = days.map(|(customer, day)| CustomerDay { customer, day });
        let found = days.filter_map(|day| self.days.find(day.hash(), |_| true)).map(|day| day.customer);
        black_box(found.fold(0, |all, customer| all ^ customer));
    }

    /// Takes an order with a day of it, and tells what is new.
    #[inline]
    pub(super) fn add(&mut self, hash: u64, customer: u32, id: Key, day: Day) -> News {
        let order = Order { id, customer, day };
        match self.orders.entry(hash, |other| (other.id, other.customer) == (id, customer), Order::hash) {
            Entry::Occupied(mut found) => {
                let known = core::mem::replace(&mut found.get_mut().day, day);
                if known == day { News::Nothing } else { News::Day }
            }
            Entry::Vacant(place) => {
                place.insert(order);
                News::Order
            }
        }
    }

    /// Takes a day of a customer, and counts it if it is new. The record still lacks the lines of it.
    #[inline]
    pub(super) fn add_day(&mut self, customer: u32, record: &mut Record, day: Day) {
        let new_day = CustomerDay { customer, day };
        if record.lines == 0 || day < record.first || day > record.last {
            self.days.insert_unique(new_day.hash(), new_day, CustomerDay::hash);
            record.count_day();
        } else if day != record.first && day != record.last && self.insert_day(new_day) {
            record.count_day();
        }
    }

    /// Whether an order is new, whatever its days are.
    pub(super) fn insert(&mut self, customer: u32, id: Key, day: Day) -> bool {
        let order = Order { id, customer, day };
        let found = self.orders.entry(order.hash(), |other| (other.id, other.customer) == (id, customer), Order::hash);
        let is_new = matches!(found, Entry::Vacant(_));
        found.or_insert(order);
        is_new
    }

    /// Adds to the value of an order, if values are kept.
    #[inline]
    pub(super) fn add_value(&mut self, customer: u32, id: Option<Key>, amount: i128) -> Result<(), SummaryError> {
        match &mut self.values {
            Some(values) => values.add(customer, id, amount),
            None => Ok(()),
        }
    }

    fn insert_day(&mut self, day: CustomerDay) -> bool {
        let found = self.days.entry(day.hash(), |other| *other == day, CustomerDay::hash);
        let is_new = matches!(found, Entry::Vacant(_));
        found.or_insert(day);
        is_new
    }

    pub(super) fn rescale(&mut self, factor: i128) -> Result<(), SummaryError> {
        let Some(values) = &mut self.values else { return Ok(()) };
        let known = values.by_order.iter_mut().map(|value| &mut value.value);
        for value in known.chain(values.others.iter_mut().map(|(_, value)| value)) {
            *value = value.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        Ok(())
    }

    /// Takes the orders and days of another table; `customers` are our numbers of their customers. The records hold the sum of
    /// both counts: what both tables have is taken off.
    pub(super) fn merge(
        &mut self,
        other: &OrderTable,
        customers: &[u32],
        records: &mut [Record],
    ) -> Result<(), SummaryError> {
        self.merge_orders(other, customers, |customer| {
            let record = &mut records[index(customer)];
            record.orders = record.orders.saturating_sub(1);
        });
        for CustomerDay { customer, day } in &other.days {
            let customer = customers[index(*customer)];
            if !self.insert_day(CustomerDay { customer, day: *day }) {
                let record = &mut records[index(customer)];
                record.active_days = record.active_days.saturating_sub(1);
            }
        }
        if let (Some(values), Some(theirs)) = (&mut self.values, &other.values) {
            for Value { id, customer, value } in &theirs.by_order {
                values.add(customers[index(*customer)], Some(*id), *value)?;
            }
            for (customer, value) in &theirs.others {
                values.add(customers[index(*customer)], None, *value)?;
            }
        }
        Ok(())
    }

    /// Takes the orders of another table, and tells the customers of those that both have.
    pub(super) fn merge_orders(&mut self, other: &OrderTable, customers: &[u32], mut both: impl FnMut(u32)) {
        for theirs in &other.orders {
            let customer = customers[index(theirs.customer)];
            if !self.insert(customer, theirs.id, theirs.day) {
                both(customer);
            }
        }
    }

    /// Customer and value of every order, if values are kept; customers are counted from `first`.
    pub(super) fn into_values(self, first: u32) -> Option<impl Iterator<Item = (u32, i128)>> {
        let Values { by_order, others } = self.values?;
        let known = by_order.into_iter().map(|order| (order.customer, order.value)).chain(others);
        Some(known.map(move |(customer, value)| (customer.saturating_add(first), value)))
    }
}

impl Values {
    fn add(&mut self, customer: u32, id: Option<Key>, amount: i128) -> Result<(), SummaryError> {
        let Some(id) = id else {
            self.others.push((customer, amount));
            return Ok(());
        };
        let hash = |value: &Value| Seeds::get().hash(value.id, value.customer.into());
        let new = Value { id, customer, value: amount };
        match self.by_order.entry(hash(&new), |other| (other.id, other.customer) == (id, customer), hash) {
            Entry::Occupied(mut found) => {
                let value = &mut found.get_mut().value;
                *value = value.checked_add(amount).ok_or(SummaryError::Overflow)?;
            }
            Entry::Vacant(place) => {
                place.insert(new);
            }
        }
        Ok(())
    }

    fn memory(&self) -> usize {
        let others = self.others.capacity().saturating_mul(size_of::<(u32, i128)>());
        self.by_order.allocation_size().saturating_add(others)
    }
}
