//! The distinct orders of each customer and, on request, their values.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::key::{Key, Seeds};
use super::slots::Slots;
use super::{Record, SummaryError};
use crate::text::index;

/// Distinct orders: an order is a customer and an order id that is not empty. Ids of up to 15 bytes are told apart exactly, longer
/// ones by 128 bits of hash ([`Key::hashed`]).
#[derive(Clone, Debug, Default)]
pub(super) struct OrderTable {
    short: Slots<ShortOrder, 4>,
    long: Slots<LongOrder, 2>,
    values: Option<Values>,
}

/// An order whose id has up to 11 bytes: the number of the customer, and the key without the bytes that are zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct ShortOrder(u64, u64);

/// Any other order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct LongOrder {
    id: Key,
    customer: u32,
}

impl ShortOrder {
    /// `None` if the id is longer.
    #[inline]
    fn of(customer: u32, id: Key) -> Option<ShortOrder> {
        let (high, low) = id.packed()?;
        Some(ShortOrder(u64::from(customer) << 32 | u64::from(high), low))
    }

    fn customer(self) -> u32 {
        u32::try_from(self.0 >> 32).unwrap_or(0)
    }

    /// The order of the same id of another customer.
    fn moved(self, customer: u32) -> ShortOrder {
        ShortOrder(u64::from(customer) << 32 | self.0 & 0xFFFF_FFFF, self.1)
    }

    #[inline]
    fn hash(self) -> u64 {
        Seeds::get().hash([self.0, self.1])
    }
}

impl LongOrder {
    fn hash(self) -> u64 {
        let [high, low] = self.id.words();
        Seeds::get().hash([high, low, self.customer.into()])
    }
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
        [self.short.memory(), self.long.memory(), values].into_iter().fold(0, usize::saturating_add)
    }

    /// The hash of an order.
    #[inline]
    pub(super) fn hash(customer: u32, id: Key) -> u64 {
        ShortOrder::of(customer, id).map_or_else(|| LongOrder { id, customer }.hash(), ShortOrder::hash)
    }

    /// Has the memory of the orders with these hashes at hand soon.
    #[inline]
    pub(super) fn look_at(&self, hashes: impl Iterator<Item = u64>) {
        self.short.look_at(hashes);
    }

    /// Takes an order that has this hash, and tells whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, hash: u64, customer: u32, id: Key) -> bool {
        match ShortOrder::of(customer, id) {
            Some(order) => self.short.insert(hash, order, ShortOrder::hash),
            None => self.long.insert(hash, LongOrder { id, customer }, LongOrder::hash),
        }
    }

    /// Adds to the value of an order, if values are kept.
    #[inline]
    pub(super) fn add_value(&mut self, customer: u32, id: Option<Key>, amount: i128) -> Result<(), SummaryError> {
        match &mut self.values {
            Some(values) => values.add(customer, id, amount),
            None => Ok(()),
        }
    }

    pub(super) fn rescale(&mut self, factor: i128) -> Result<(), SummaryError> {
        let Some(values) = &mut self.values else { return Ok(()) };
        let known = values.by_order.iter_mut().map(|value| &mut value.value);
        for value in known.chain(values.others.iter_mut().map(|(_, value)| value)) {
            *value = value.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        Ok(())
    }

    /// Takes the orders of another table; `customers` are our numbers of their customers. The records hold the sum of both counts:
    /// what both tables have is taken off.
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
        self.short.reserve(other.short.len(), ShortOrder::hash);
        for order in other.short.iter() {
            let customer = customers[index(order.customer())];
            let order = order.moved(customer);
            if !self.short.insert(order.hash(), order, ShortOrder::hash) {
                both(customer);
            }
        }
        self.long.reserve(other.long.len(), LongOrder::hash);
        for order in other.long.iter() {
            let customer = customers[index(order.customer)];
            let order = LongOrder { customer, ..order };
            if !self.long.insert(order.hash(), order, LongOrder::hash) {
                both(customer);
            }
        }
    }

    /// Customer and value of every order, if values are kept.
    pub(super) fn into_values(self) -> Option<impl Iterator<Item = (u32, i128)>> {
        let Values { by_order, others } = self.values?;
        Some(by_order.into_iter().map(|order| (order.customer, order.value)).chain(others))
    }
}

impl Values {
    fn add(&mut self, customer: u32, id: Option<Key>, amount: i128) -> Result<(), SummaryError> {
        let Some(id) = id else {
            self.others.push((customer, amount));
            return Ok(());
        };
        let hash = |value: &Value| OrderTable::hash(value.customer, value.id);
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
