//! The days of rows.

use std::ops::Range;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_schema::{DataType, TimeUnit};
use rfm_core::Day;
use rfm_core::cell::Cell;

use super::Reading;
use super::entries::Entries;
use crate::rows::Column;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// One day for each row.
#[derive(Default)]
pub(super) struct Days {
    all: Vec<Day>,
    /// Of the dictionary of the record batch.
    entries: Option<Entries<Day>>,
}

impl Days {
    /// Forgets the record batch.
    pub(super) fn forget(&mut self) {
        self.entries = None;
    }

    pub(super) fn all(&self) -> &[Day] {
        &self.all
    }

    /// Reads some rows of a record batch that has `rows`; `None` if one has no day.
    pub(super) fn fill(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        rows: usize,
        reading: Reading<'_>,
    ) -> Option<()> {
        self.all.clear();
        let read = |cell: Cell<'_>| cell.day(reading.formats.date, reading.zone).ok();
        if let Some(array) = column.visible()
            && let Some(entries) = Entries::of(&mut self.entries, array, rows)
        {
            for row in chosen.clone() {
                self.all.push(entries.get(array, row, |cell| read(column.mean(cell)))?);
            }
            return Some(());
        }
        let read_row = |row| read(column.cell(row));
        let Some(array) = column.plain() else { return self.take_cells(column, chosen, read) };
        match array.data_type() {
            DataType::Date32 => self.take_days::<Date32Type>(array, chosen, 1, read_row),
            DataType::Date64 => self.take_days::<Date64Type>(array, chosen, DAY * 1_000, read_row),
            // Otherwise days begin at other hours at different times of the year.
            DataType::Timestamp(unit, of_array) if of_array.is_none() || reading.zone.is_none() => match unit {
                TimeUnit::Second => self.take_days::<TimestampSecondType>(array, chosen, DAY, read_row),
                TimeUnit::Millisecond => {
                    self.take_days::<TimestampMillisecondType>(array, chosen, DAY * 1_000, read_row)
                }
                TimeUnit::Microsecond => {
                    self.take_days::<TimestampMicrosecondType>(array, chosen, DAY * 1_000_000, read_row)
                }
                TimeUnit::Nanosecond => {
                    self.take_days::<TimestampNanosecondType>(array, chosen, DAY * 1_000_000_000, read_row)
                }
            },
            _ => self.take_cells(column, chosen, read),
        }
    }

    /// Moments that are counted in equal parts of a day. In most files those of one day follow each other, and no time is divided
    /// for them.
    fn take_days<T: ArrowPrimitiveType>(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        in_day: i64,
        read: impl Fn(usize) -> Option<Day>,
    ) -> Option<()>
    where
        T::Native: Into<i64>,
    {
        if array.null_count() > 0 && chosen.clone().any(|row| array.is_null(row)) {
            return None;
        }
        let values = array.as_primitive::<T>().values().get(chosen.clone())?;
        let mut last: Option<(i64, Day)> = None;
        self.all.reserve(values.len());
        for (row, value) in chosen.clone().zip(values) {
            let value: i64 = (*value).into();
            let day = match last {
                Some((first, day)) if (0..in_day).contains(&value.wrapping_sub(first)) => day,
                _ => {
                    let day = read(row)?;
                    last = Some((value.div_euclid(in_day).checked_mul(in_day)?, day));
                    day
                }
            };
            self.all.push(day);
        }
        Some(())
    }

    /// The lines of an order follow each other, and so do their dates.
    fn take_cells(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        read: impl Fn(Cell<'_>) -> Option<Day>,
    ) -> Option<()> {
        let mut last: Option<(Cell<'_>, Day)> = None;
        for row in chosen.clone() {
            let cell = column.cell(row);
            let day = match last {
                Some((known, day)) if known == cell => day,
                _ => read(cell)?,
            };
            last = Some((cell, day));
            self.all.push(day);
        }
        Some(())
    }
}
