//! What is known of one customer while lines arrive.

use super::SummaryError;
use crate::day::Day;

/// What is known of one customer while lines arrive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) first: Day,
    pub(super) last: Day,
    /// The latest second of the last day with a line.
    pub(super) last_time: u32,
    pub(super) orders: u64,
    pub(super) active_days: u32,
    /// Lines of the input: more than one is too many in a table of customers.
    pub(super) lines: u64,
    pub(super) total: i128,
}

impl Record {
    pub(super) fn add(
        &mut self,
        (day, time): (Day, u32),
        amount: i128,
        new_order: bool,
        new_day: bool,
    ) -> Result<(), SummaryError> {
        self.first = self.first.min(day);
        self.see(day, time);
        self.lines = self.lines.saturating_add(1);
        // As many orders and days as there are entries in tables that are counted with 32 bits.
        self.orders = self.orders.saturating_add(new_order.into());
        self.active_days = self.active_days.saturating_add(new_day.into());
        self.total = self.total.checked_add(amount).ok_or(SummaryError::Overflow)?;
        Ok(())
    }

    /// Takes the row of a table of customers.
    pub(super) fn enter(
        &mut self,
        first: Day,
        (last, time): (Day, u32),
        orders: u64,
        total: i128,
    ) -> Result<(), SummaryError> {
        self.first = self.first.min(first);
        self.see(last, time);
        self.lines = self.lines.saturating_add(1);
        self.orders = self.orders.saturating_add(orders);
        self.total = self.total.checked_add(total).ok_or(SummaryError::Overflow)?;
        Ok(())
    }

    /// Moves the last order to this moment, if it is later.
    fn see(&mut self, day: Day, time: u32) {
        if (day, time) > (self.last, self.last_time) {
            (self.last, self.last_time) = (day, time);
        }
    }

    /// Orders and active days are counted when the tables of distinct ones are merged: the counts of parts do not add.
    pub(super) fn merge(&mut self, other: &Record) -> Result<(), SummaryError> {
        self.first = self.first.min(other.first);
        self.see(other.last, other.last_time);
        self.lines = self.lines.saturating_add(other.lines);
        self.total = self.total.checked_add(other.total).ok_or(SummaryError::Overflow)?;
        Ok(())
    }
}
