//! The distinct days of each customer with a line, if they are asked for.

use super::key::Seeds;
use super::record::Record;
use super::slots::Slots;
use crate::day::Day;
use crate::text::index;

/// Distinct pairs of customer and day. How many there are of a customer is counted in the record.
#[derive(Clone, Debug, Default)]
pub(super) struct ActiveDays(Slots<CustomerDay, 8>);

/// The number of a customer plus one, and a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CustomerDay(u64);

impl CustomerDay {
    pub(super) fn new(customer: u32, day: Day) -> CustomerDay {
        let day = u32::from_ne_bytes(day.epoch_days().to_ne_bytes());
        CustomerDay(u64::from(customer).wrapping_add(1) << 32 | u64::from(day))
    }

    fn customer(self) -> u32 {
        u32::try_from(self.0 >> 32).unwrap_or(0).saturating_sub(1)
    }

    /// The same day of another customer.
    fn moved(self, customer: u32) -> CustomerDay {
        CustomerDay(u64::from(customer).wrapping_add(1) << 32 | self.0 & 0xFFFF_FFFF)
    }

    pub(super) fn hash(self) -> u64 {
        Seeds::get().hash([self.0])
    }
}

impl ActiveDays {
    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        self.0.memory()
    }

    /// Has the memory of these days of customers at hand soon.
    pub(super) fn look_at(&self, days: impl Iterator<Item = (u32, Day)>) {
        self.0.look_at(days.map(|(customer, day)| CustomerDay::new(customer, day).hash()));
    }

    /// Takes a day of a customer, and counts it if it is new. The record still lacks the lines of it.
    #[inline]
    pub(super) fn add(&mut self, customer: u32, record: &mut Record, day: Day) {
        let is_known = record.lines > 0 && [record.first, record.last].contains(&day);
        let new_day = CustomerDay::new(customer, day);
        if !is_known && self.0.insert(new_day.hash(), new_day, CustomerDay::hash) {
            record.count_day();
        }
    }

    /// Takes the days of another table; `customers` are our numbers of their customers. The records hold the sum of both counts:
    /// what both tables have is taken off.
    pub(super) fn merge(&mut self, other: &ActiveDays, customers: &[u32], records: &mut [Record]) {
        self.0.reserve(other.0.len(), CustomerDay::hash);
        for day in other.0.iter() {
            let customer = customers[index(day.customer())];
            let day = day.moved(customer);
            if !self.0.insert(day.hash(), day, CustomerDay::hash) {
                let record = &mut records[index(customer)];
                record.active_days = record.active_days.saturating_sub(1);
            }
        }
    }
}
