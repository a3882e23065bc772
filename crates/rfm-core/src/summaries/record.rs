//! What is known of the customers while lines arrive.

use core::hint::black_box;

use super::SummaryError;
use super::key::Key;
use super::slots::Slots;
use super::texts::Texts;
use crate::day::Day;
use crate::parallel;
use crate::text::index;

/// What is known of one customer. It fills one line of the cache, so that a line of the input touches one.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Record {
    pub(super) id: Key,
    pub(super) total: i128,
    pub(super) orders: u64,
    /// Lines of the input: more than one is too many in a table of customers.
    pub(super) lines: u64,
    pub(super) first: Day,
    pub(super) last: Day,
    /// The latest second of the last day with a line.
    pub(super) last_time: u32,
    pub(super) active_days: u32,
}

const _: () = assert!(size_of::<Record>() == 64, "a record is a line of the cache");

impl Record {
    fn new(id: Key, day: Day) -> Record {
        Record { id, total: 0, orders: 0, lines: 0, first: day, last: day, last_time: 0, active_days: 0 }
    }

    /// Takes lines of one day, the last of them at this time. Orders and days are counted where distinct ones are told apart.
    #[inline]
    pub(super) fn add(&mut self, (day, time): (Day, u32), lines: u64, amount: i128) -> Result<(), SummaryError> {
        self.first = self.first.min(day);
        self.see(day, time);
        self.lines = self.lines.saturating_add(lines);
        self.total = self.total.checked_add(amount).ok_or(SummaryError::Overflow)?;
        Ok(())
    }

    pub(super) fn count_order(&mut self) {
        self.orders = self.orders.saturating_add(1);
    }

    /// There are fewer days in the calendar than 32 bits count.
    pub(super) fn count_day(&mut self) {
        self.active_days = self.active_days.saturating_add(1);
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
        self.orders = self.orders.saturating_add(orders);
        self.add((last, time), 1, total)
    }

    /// Moves the last order to this moment, if it is later.
    #[inline]
    fn see(&mut self, day: Day, time: u32) {
        if (day, time) > (self.last, self.last_time) {
            (self.last, self.last_time) = (day, time);
        }
    }

    /// Adds what another one has counted. Orders and days that both have are counted twice until the tables of distinct ones are
    /// merged.
    fn merge(&mut self, other: &Record) -> Result<(), SummaryError> {
        self.first = self.first.min(other.first);
        self.see(other.last, other.last_time);
        self.lines = self.lines.saturating_add(other.lines);
        self.orders = self.orders.saturating_add(other.orders);
        self.active_days = self.active_days.saturating_add(other.active_days);
        self.total = self.total.checked_add(other.total).ok_or(SummaryError::Overflow)?;
        Ok(())
    }
}

/// The records of all customers, numbered in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    records: Vec<Record>,
    by_id: Slots<Place, 8>,
    /// Ids that a key does not hold.
    long_ids: Texts,
}

/// The upper half of the hash of a customer, and the number plus one: so that other customers are passed over, and the table
/// grows, without a look at the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    hash: u32,
    number: u32,
}

impl Place {
    #[inline]
    fn kept(hash: u64) -> u32 {
        u32::try_from(hash >> 32).unwrap_or(u32::MAX)
    }

    #[inline]
    fn hash(self) -> u64 {
        u64::from(self.hash) << 32
    }

    #[inline]
    fn customer(self) -> u32 {
        self.number.wrapping_sub(1)
    }
}

impl Records {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn all(&self) -> &[Record] {
        &self.records
    }

    pub(super) fn all_mut(&mut self) -> &mut [Record] {
        &mut self.records
    }

    pub(super) fn get_mut(&mut self, customer: u32) -> &mut Record {
        &mut self.records[index(customer)]
    }

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let records = self.records.capacity().saturating_mul(size_of::<Record>());
        [records, self.by_id.memory(), self.long_ids.memory()].into_iter().fold(0, usize::saturating_add)
    }

    /// What stands for an id.
    #[inline]
    pub(super) fn key(&mut self, id: &str) -> Result<Key, SummaryError> {
        Key::kept(id, &mut self.long_ids)
    }

    /// The number of the customer whose id has this hash, most likely; found without a look at a record.
    #[inline]
    pub(super) fn likely(&self, hash: u64) -> Option<u32> {
        let hash = Place::kept(hash);
        self.by_id.find(u64::from(hash) << 32, |place| place.hash == hash).map(Place::customer)
    }

    /// Has the numbers of customers with these hashes at hand soon.
    #[inline]
    pub(super) fn look_at_places(&self, hashes: impl Iterator<Item = u64>) {
        self.by_id.look_at(hashes);
    }

    /// Has the records of these customers at hand soon.
    #[inline]
    pub(super) fn look_at(&self, customers: impl Iterator<Item = u32>) {
        black_box(customers.fold(0, |all, customer| all ^ self.records[index(customer)].lines));
    }

    /// Whether a customer has this id.
    #[inline]
    pub(super) fn is(&self, customer: u32, id: Key) -> bool {
        self.records[index(customer)].id == id
    }

    /// The number of a customer, who is made if new.
    pub(super) fn find_or_insert(&mut self, id: Key, day: Day) -> Result<u32, SummaryError> {
        let hash = Place::kept(id.hash());
        let records = &self.records;
        let is_it = |place: Place| place.hash == hash && records[index(place.customer())].id == id;
        if let Some(place) = self.by_id.find(u64::from(hash) << 32, is_it) {
            return Ok(place.customer());
        }
        let number = u32::try_from(records.len()).ok().and_then(|records| records.checked_add(1));
        let place = Place { hash, number: number.ok_or(SummaryError::TooMany)? };
        self.by_id.insert(place.hash(), place, Place::hash);
        self.records.push(Record::new(id, day));
        Ok(place.customer())
    }

    /// None yet, with room for so many.
    pub(super) fn with_room(customers: usize) -> Records {
        Records { records: Vec::with_capacity(customers), ..Records::default() }
    }

    /// Takes the customers of another table, none of whom is ours, under the numbers that follow ours. They are not found by their
    /// ids any more.
    pub(super) fn append(&mut self, other: Records) -> Result<(), SummaryError> {
        let texts = self.long_ids.len();
        self.long_ids.append(&other.long_ids)?;
        self.records.extend(other.records.into_iter().map(|record| Record { id: record.id.moved(texts), ..record }));
        Ok(())
    }

    /// Takes the customers of another table, and returns our numbers of them.
    pub(super) fn merge(&mut self, other: &Records) -> Result<Vec<u32>, SummaryError> {
        let mut bytes = [0; 16];
        let mut customers = Vec::with_capacity(other.records.len());
        for theirs in &other.records {
            let id = self.key(theirs.id.text(&other.long_ids, &mut bytes))?;
            let customer = self.find_or_insert(id, theirs.first)?;
            self.records[index(customer)].merge(theirs)?;
            customers.push(customer);
        }
        Ok(customers)
    }

    /// The customers in the order of their ids.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<(Key, usize)> = self.records.iter().map(|record| record.id).zip(0..).collect();
        if self.long_ids.len() == 0 {
            parallel::sort(&mut order);
        } else {
            order.sort_unstable_by(|(left, _), (right, _)| {
                let (mut left_bytes, mut right_bytes) = ([0; 16], [0; 16]);
                left.text(&self.long_ids, &mut left_bytes).cmp(right.text(&self.long_ids, &mut right_bytes))
            });
        }
        order.into_iter().map(|(_, row)| row).collect()
    }

    /// The id of a customer; `bytes` holds a short one.
    pub(super) fn id<'r>(&'r self, record: &Record, bytes: &'r mut [u8; 16]) -> &'r str {
        record.id.text(&self.long_ids, bytes)
    }

    /// Gives back the table by which customers are found.
    pub(super) fn forget_places(&mut self) {
        self.by_id = Slots::default();
    }
}
