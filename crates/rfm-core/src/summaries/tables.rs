//! What is known of the customers, in parts that several threads fill side by side.

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::SummaryError;
use super::active_days::ActiveDays;
use super::attributes::AttributeTable;
use super::key::Key;
use super::orders::OrderTable;
use super::periods::{DaySums, DayTable};
use super::record::Records;
use super::runs::Run;
use crate::batch::TransactionBatch;
use crate::day::Day;
use crate::money::Scale;
use crate::parallel;

/// Into how many parts the customers are divided by the hash of their ids: enough that threads seldom wait for each other.
pub(super) const PARTS: usize = 16;

/// All that is known of the customers of one part.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) records: Records,
    pub(super) orders: OrderTable,
    pub(super) active_days: Option<ActiveDays>,
    pub(super) daily_money: Option<DayTable>,
    pub(super) attributes: Option<AttributeTable>,
    /// What the money is counted at: the finest scale of all whose runs are in here.
    pub(super) scale: Scale,
}

impl Tables {
    /// Bytes in use, with the room to grow.
    fn memory(&self) -> usize {
        let daily_money = self.daily_money.as_ref().map_or(0, DayTable::memory);
        let attributes = self.attributes.as_ref().map_or(0, AttributeTable::memory);
        let active_days = self.active_days.as_ref().map_or(0, ActiveDays::memory);
        [self.records.memory(), self.orders.memory(), active_days, daily_money, attributes]
            .into_iter()
            .fold(0, usize::saturating_add)
    }

    /// Takes runs of lines of this batch, with money at this scale. Empties the list.
    ///
    /// One table after the other, and each is looked at before it is worked with: most of the time goes into waiting for memory, and
    /// so the waits for many runs overlap.
    pub(super) fn enter(
        &mut self,
        runs: &mut Vec<Run>,
        scale: Scale,
        batch: &TransactionBatch<'_>,
    ) -> Result<(), SummaryError> {
        self.rescale(scale)?;
        let factor = i128::from(scale.factor_to(self.scale));
        self.records.look_at_places(runs.iter().map(|run| run.hash));
        for run in runs.iter_mut() {
            run.number = if run.customer.is_some() { self.records.likely(run.hash) } else { None };
        }
        self.records.look_at(runs.iter().filter_map(|run| run.number));
        for run in runs.iter_mut() {
            let known = run.number.zip(run.customer).filter(|(number, key)| self.records.is(*number, *key));
            let number = match known {
                Some((number, _)) => number,
                None => self.customer(run.customer, batch.customer_ids.get(run.row), run.day)?,
            };
            run.number = Some(number);
            run.hash = run.order.map_or(0, |order| OrderTable::hash(number, order));
        }
        self.orders.look_at(runs.iter().filter(|run| run.order.is_some()).map(|run| run.hash));
        if let Some(days) = &self.active_days {
            days.look_at(runs.iter().filter_map(|run| Some((run.number?, run.day))));
        }
        for run in runs.drain(..) {
            let Some(number) = run.number else { continue };
            let amount = if factor == 1 { Some(run.amount) } else { run.amount.checked_mul(factor) };
            let amount = amount.ok_or(SummaryError::Overflow)?;
            let record = self.records.get_mut(number);
            if run.order.is_none_or(|order| self.orders.insert(run.hash, number, order)) {
                record.count_order();
            }
            if let Some(days) = &mut self.active_days {
                days.add(number, record, run.day);
            }
            record.add((run.day, run.time), u64::try_from(run.lines).unwrap_or(u64::MAX), amount)?;
            self.orders.add_value(number, run.order, amount)?;
            if let Some(days) = &mut self.daily_money {
                days.add(number, run.day, amount)?;
            }
            if let Some(attributes) = &mut self.attributes {
                attributes.add(number, (run.day, batch.order_id(run.row)), batch.attribute(run.row))?;
            }
        }
        Ok(())
    }

    /// Takes a row of a table of customers.
    pub(super) fn enter_customer(
        &mut self,
        batch: &TransactionBatch<'_>,
        row: usize,
        amount: i128,
        scale: Scale,
    ) -> Result<(), SummaryError> {
        let Some(summaries) = batch.summaries else { return Ok(()) };
        self.rescale(scale)?;
        let amount = amount.checked_mul(scale.factor_to(self.scale).into()).ok_or(SummaryError::Overflow)?;
        let (day, time) = (batch.days[row], batch.time(row));
        let first = summaries.first[row].min(day);
        let id = batch.customer_ids.get(row);
        let customer = self.customer(Key::exact(id.as_bytes()), id, first)?;
        self.records.get_mut(customer).enter(first, (day, time), summaries.orders[row], amount)?;
        match &mut self.attributes {
            Some(attributes) => attributes.add(customer, (day, ""), batch.attribute(row)),
            None => Ok(()),
        }
    }

    /// The number of a customer, who is made if new.
    fn customer(&mut self, key: Option<Key>, id: &str, day: Day) -> Result<u32, SummaryError> {
        let key = match key {
            Some(key) => key,
            None => self.records.key(id)?,
        };
        self.records.find_or_insert(key, day)
    }

    /// Takes everything that is known of the customers of the same part elsewhere.
    pub(super) fn merge(&mut self, mut other: Tables) -> Result<(), SummaryError> {
        self.rescale(other.scale)?;
        other.rescale(self.scale)?;
        let customers = self.records.merge(&other.records)?;
        self.orders.merge(&other.orders, &customers, self.records.all_mut())?;
        if let (Some(days), Some(theirs)) = (&mut self.active_days, &other.active_days) {
            days.merge(theirs, &customers, self.records.all_mut());
        }
        if let (Some(days), Some(theirs)) = (&mut self.daily_money, &other.daily_money) {
            days.merge(theirs, &customers)?;
        }
        if let (Some(attributes), Some(theirs)) = (&mut self.attributes, &other.attributes) {
            attributes.merge(theirs, &customers)?;
        }
        Ok(())
    }

    /// Counts all money at `scale` from now on, if that is finer.
    pub(super) fn rescale(&mut self, scale: Scale) -> Result<(), SummaryError> {
        if scale <= self.scale {
            return Ok(());
        }
        let factor = i128::from(self.scale.factor_to(scale));
        for record in self.records.all_mut() {
            record.total = record.total.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        self.orders.rescale(factor)?;
        self.daily_money.as_mut().map_or(Ok(()), |days| days.rescale(factor))?;
        self.scale = scale;
        Ok(())
    }
}

/// The parts, each behind a lock of its own.
#[derive(Debug, Default)]
pub(super) struct SharedTables {
    parts: [Mutex<Tables>; PARTS],
    /// Bytes that all parts need.
    memory: AtomicUsize,
}

impl SharedTables {
    /// Changes one part.
    pub(super) fn change<T>(&self, part: usize, change: impl FnOnce(&mut Tables) -> T) -> T {
        let mut tables = self.lock(part);
        let before = tables.memory();
        let result = change(&mut tables);
        self.memory.fetch_add(tables.memory().wrapping_sub(before), Ordering::Relaxed);
        result
    }

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }

    /// Something of each part.
    pub(super) fn each<T>(&self, of: impl Fn(&Tables) -> T) -> impl Iterator<Item = T> {
        (0..PARTS).map(move |part| of(&self.lock(part)))
    }

    fn lock(&self, part: usize) -> MutexGuard<'_, Tables> {
        self.parts[part].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for SharedTables {
    fn clone(&self) -> SharedTables {
        let mut parts = self.each(Tables::clone);
        let parts = core::array::from_fn(|_| Mutex::new(parts.next().unwrap_or_default()));
        SharedTables { parts, memory: AtomicUsize::new(self.memory()) }
    }
}

/// All parts one behind the other, without what finds customers and orders while lines arrive.
#[derive(Debug, Default)]
pub(super) struct AllTables {
    pub(super) records: Records,
    /// Customer and value of every order, if values are kept.
    pub(super) values: Option<Vec<(u32, i128)>>,
    /// Whether the records have counted days with a line.
    pub(super) has_active_days: bool,
    pub(super) days: Option<DaySums>,
    pub(super) attributes: Option<AttributeTable>,
}

impl AllTables {
    /// Puts the parts together, after what finds customers and orders has been given back.
    pub(super) fn of(tables: SharedTables) -> Result<AllTables, SummaryError> {
        let parts = tables.parts.map(|part| part.into_inner().unwrap_or_else(PoisonError::into_inner));
        let parts = parallel::each(parts.into(), |part| {
            let Tables { mut records, orders, active_days, daily_money, attributes, .. } = part;
            records.forget_places();
            (records, orders.into_values(), active_days.is_some(), daily_money, attributes)
        });
        let customers = parts.iter().map(|(records, ..)| records.len()).fold(0, usize::saturating_add);
        let mut all = AllTables { records: Records::with_room(customers), ..AllTables::default() };
        for (records, values, has_active_days, days, attributes) in parts {
            let first = u32::try_from(all.records.len()).map_err(|_| SummaryError::TooMany)?;
            let numbers = first..first.saturating_add(u32::try_from(records.len()).map_err(|_| SummaryError::TooMany)?);
            all.records.append(records)?;
            all.has_active_days |= has_active_days;
            if let Some(values) = values {
                let values = values.map(|(customer, value)| (customer.saturating_add(first), value));
                all.values.get_or_insert_default().extend(values);
            }
            if let Some(days) = days {
                all.days.get_or_insert_default().append(days, first);
            }
            if let Some(attributes) = attributes {
                let numbers: Vec<u32> = numbers.collect();
                all.attributes.get_or_insert_default().merge(&attributes, &numbers)?;
            }
        }
        Ok(all)
    }
}
