//! What customers returned, beside what they bought.

use super::SummaryError;
use super::key::Key;
use super::orders::OrderTable;
use super::texts::Texts;
use crate::text::index;

/// The returns of each customer. Their ids are kept apart from those of the customers, who may have nothing but returns.
#[derive(Clone, Debug, Default)]
pub(super) struct ReturnTable {
    ids: Texts,
    /// By the number of the id.
    returned: Vec<Returned>,
    /// Distinct return orders.
    orders: OrderTable,
}

/// What one customer returned; the money is below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Returned {
    pub(super) orders: u64,
    pub(super) lines: u64,
    pub(super) money: i128,
}

impl ReturnTable {
    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let returned = self.returned.capacity().saturating_mul(size_of::<Returned>());
        [self.ids.memory(), returned, self.orders.memory()].into_iter().fold(0, usize::saturating_add)
    }

    /// Takes a line, of a return order if its orders are counted. An empty id is an order of its own.
    pub(super) fn add(&mut self, customer_id: &str, order_id: Option<&str>, money: i128) -> Result<(), SummaryError> {
        let customer = self.customer(customer_id)?;
        let is_new = match order_id {
            Some("") => true,
            Some(order_id) => {
                let order_id = Key::hashed(order_id.as_bytes());
                self.orders.insert(OrderTable::hash(customer, order_id), customer, order_id)
            }
            None => false,
        };
        self.returned[index(customer)].add(Returned { orders: is_new.into(), lines: 1, money })
    }

    fn customer(&mut self, id: &str) -> Result<u32, SummaryError> {
        let customer = self.ids.intern(id)?;
        if index(customer) == self.returned.len() {
            self.returned.push(Returned::default());
        }
        Ok(customer)
    }

    /// Takes what another table has collected.
    pub(super) fn merge(&mut self, other: &ReturnTable) -> Result<(), SummaryError> {
        let mut customers = Vec::with_capacity(other.returned.len());
        for (id, returned) in other.ids.iter().zip(&other.returned) {
            let customer = self.customer(id)?;
            self.returned[index(customer)].add(*returned)?;
            customers.push(customer);
        }
        self.orders.merge_orders(&other.orders, &customers, |customer| {
            let returned = &mut self.returned[index(customer)];
            returned.orders = returned.orders.saturating_sub(1);
        });
        Ok(())
    }

    pub(super) fn rescale(&mut self, factor: i128) -> Result<(), SummaryError> {
        for returned in &mut self.returned {
            returned.money = returned.money.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        Ok(())
    }

    /// Customer id and returns of everybody who has returns.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Returned)> {
        self.ids.iter().zip(self.returned.iter().copied())
    }
}

impl Returned {
    fn add(&mut self, other: Returned) -> Result<(), SummaryError> {
        self.orders = self.orders.saturating_add(other.orders);
        self.lines = self.lines.saturating_add(other.lines);
        self.money = self.money.checked_add(other.money).ok_or(SummaryError::Overflow)?;
        Ok(())
    }
}
