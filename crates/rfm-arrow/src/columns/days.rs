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
const DAY: u64 = 86_400;

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
        let Some(array) = column.plain() else { return self.take_cells(column, chosen, read) };
        match array.data_type() {
            DataType::Date32 => self.take_days::<Date32Type, 1>(array, chosen, read),
            DataType::Date64 => self.take_days::<Date64Type, { DAY * 1_000 }>(array, chosen, read),
            // Otherwise days begin at other hours at different times of the year.
            DataType::Timestamp(unit, of_array) if of_array.is_none() || reading.zone.is_none() => match unit {
                TimeUnit::Second => self.take_days::<TimestampSecondType, DAY>(array, chosen, read),
                TimeUnit::Millisecond => {
                    self.take_days::<TimestampMillisecondType, { DAY * 1_000 }>(array, chosen, read)
                }
                TimeUnit::Microsecond => {
                    self.take_days::<TimestampMicrosecondType, { DAY * 1_000_000 }>(array, chosen, read)
                }
                TimeUnit::Nanosecond => {
                    self.take_days::<TimestampNanosecondType, { DAY * 1_000_000_000 }>(array, chosen, read)
                }
            },
            _ => self.take_cells(column, chosen, read),
        }
    }

    /// Moments that are counted in equal parts of a day, `IN_DAY` of them, which the compiler knows: it divides by a multiplication then.
    ///
    /// The days that can be used follow each other, so that all can be if the first of 1970 and the latest one can. A moment before 1970
    /// is a very late one here.
    fn take_days<T: ArrowPrimitiveType, const IN_DAY: u64>(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        read: impl Fn(Cell<'_>) -> Option<Day>,
    ) -> Option<()>
    where
        T::Native: Into<i64>,
    {
        if array.null_count() > 0 && chosen.clone().any(|row| array.is_null(row)) {
            return None;
        }
        let values = array.as_primitive::<T>().values().get(chosen.clone())?;
        let mut latest = 0;
        self.all.extend(values.iter().map(|value| {
            let moment: i64 = (*value).into();
            let day = moment.cast_unsigned() / IN_DAY;
            latest = latest.max(day);
            // Of a day that does not fit nothing is used.
            Day::from_epoch_days(day as i32).unwrap_or(Day::MIN)
        }));
        [0, i32::try_from(latest).ok()?].into_iter().all(|day| read(Cell::Date(day)).is_some()).then_some(())
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        ArrayRef, Date32Array, Date64Array, TimestampMicrosecondArray, TimestampMillisecondArray,
        TimestampNanosecondArray, TimestampSecondArray,
    };

    use super::super::tests::{column, reading};
    use super::*;

    fn days(array: ArrayRef) -> Option<Vec<String>> {
        let (rows, mut days) = (array.len(), Days::default());
        reading(|reading| days.fill(&column(array), &(0..rows), rows, reading))?;
        Some(days.all().iter().map(Day::to_string).collect())
    }

    /// The moments of some milliseconds in each type.
    fn of_each_type(milliseconds: [i64; 2]) -> [ArrayRef; 5] {
        [
            Arc::new(Date64Array::from(milliseconds.to_vec())),
            Arc::new(TimestampSecondArray::from(milliseconds.map(|value| value.div_euclid(1_000)).to_vec())),
            Arc::new(TimestampMillisecondArray::from(milliseconds.to_vec())),
            Arc::new(TimestampMicrosecondArray::from(milliseconds.map(|value| value * 1_000).to_vec())),
            Arc::new(TimestampNanosecondArray::from(milliseconds.map(|value| value * 1_000_000).to_vec())),
        ]
    }

    #[test]
    fn moments_from_1970_to_2199_have_a_day() {
        let last = i64::from(Day::from_ymd(2200, 1, 1).unwrap().epoch_days()) * 86_400_000 - 1;
        for array in of_each_type([0, last]) {
            assert_eq!(days(array).unwrap(), ["1970-01-01", "2199-12-31"]);
        }
        for array in of_each_type([86_399_999, 86_400_000]) {
            assert_eq!(days(array).unwrap(), ["1970-01-01", "1970-01-02"]);
        }
        for array in of_each_type([0, -1]).into_iter().chain(of_each_type([last + 1, 0])) {
            assert_eq!(days(array), None);
        }
        assert_eq!(days(Arc::new(TimestampSecondArray::from(vec![i64::MAX, 0]))), None);
        assert_eq!(days(Arc::new(TimestampSecondArray::from(vec![0, i64::MIN]))), None);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let array = |days: [i32; 2]| Arc::new(Date32Array::from(days.to_vec())) as ArrayRef;
        assert_eq!(days(array([0, 84_005])).unwrap(), ["1970-01-01", "2199-12-31"]);
        for wrong in [-1, 84_006, i32::MIN, i32::MAX] {
            assert_eq!(days(array([0, wrong])), None);
        }
        assert_eq!(days(Arc::new(Date32Array::from(vec![Some(0), None]))), None);
        assert_eq!(days(Arc::new(Date32Array::from(Vec::<i32>::new()))).unwrap(), [""; 0]);
    }
}
