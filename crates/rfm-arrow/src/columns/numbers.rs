//! Quantities, prices and amounts.

use std::ops::Range;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_schema::DataType;
use rfm_core::Scale;
use rfm_core::cell::{Cell, Number};

use super::Reading;
use super::entries::Entries;
use crate::rows::Column;

/// One number for each row.
#[derive(Default)]
pub(super) struct Numbers {
    units: Vec<i64>,
    /// The decimals of each; none at all where all are whole.
    places: Vec<Scale>,
    /// Of the dictionary of the record batch.
    entries: Option<Entries<Number>>,
}

impl Numbers {
    /// Forgets the record batch.
    pub(super) fn forget(&mut self) {
        self.entries = None;
    }

    /// The digits, as whole numbers.
    pub(super) fn units(&self) -> &[i64] {
        &self.units
    }

    /// The decimals of each; `None` where all are whole.
    pub(super) fn places(&self) -> Option<&[Scale]> {
        (!self.places.is_empty()).then_some(&self.places)
    }

    /// Reads some rows of a record batch that has `rows`; `None` if one has no number, or has to be rounded. An empty cell is 1
    /// where only signs count.
    pub(super) fn fill(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        rows: usize,
        reading: Reading<'_>,
        is_needed: bool,
    ) -> Option<()> {
        self.units.clear();
        self.places.clear();
        let (format, round) = (reading.formats.number, reading.formats.round);
        let read = |cell: Cell<'_>| {
            if !is_needed && cell.is_blank() {
                return Some(Number { units: 1, ..Number::default() });
            }
            cell.number(format, round).ok().filter(|number| !number.rounded)
        };
        if let Some(array) = column.visible()
            && let Some(entries) = Entries::of(&mut self.entries, array, rows)
        {
            for row in chosen.clone() {
                let Number { units, places, .. } = entries.get(array, row, |cell| read(column.mean(cell)))?;
                self.units.push(units);
                self.places.push(places);
            }
            return Some(());
        }
        let Some(array) = column.plain().filter(|array| array.null_count() == 0) else {
            return self.take(chosen.clone().map(|row| read(column.cell(row))));
        };
        match array.data_type() {
            DataType::Int8 => self.take_integers::<Int8Type>(array, chosen),
            DataType::Int16 => self.take_integers::<Int16Type>(array, chosen),
            DataType::Int32 => self.take_integers::<Int32Type>(array, chosen),
            DataType::Int64 => self.take_integers::<Int64Type>(array, chosen),
            DataType::UInt8 => self.take_integers::<UInt8Type>(array, chosen),
            DataType::UInt16 => self.take_integers::<UInt16Type>(array, chosen),
            DataType::UInt32 => self.take_integers::<UInt32Type>(array, chosen),
            DataType::Float64 => self.take_values::<Float64Type>(array, chosen, |value| read(Cell::Float(value))),
            DataType::Decimal32(_, scale @ 0..=9) if round.is_none() => {
                self.take_decimals::<Decimal32Type>(array, chosen, scale.unsigned_abs())
            }
            DataType::Decimal64(_, scale @ 0..=9) if round.is_none() => {
                self.take_decimals::<Decimal64Type>(array, chosen, scale.unsigned_abs())
            }
            DataType::Decimal128(_, scale @ 0..=9) if round.is_none() => {
                self.take_decimals::<Decimal128Type>(array, chosen, scale.unsigned_abs())
            }
            _ => self.take(chosen.clone().map(|row| read(column.cell(row)))),
        }
    }

    fn take(&mut self, mut numbers: impl Iterator<Item = Option<Number>>) -> Option<()> {
        numbers.try_for_each(|number| {
            let Number { units, places, .. } = number?;
            self.units.push(units);
            self.places.push(places);
            Some(())
        })
    }

    fn take_values<T: ArrowPrimitiveType>(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        read: impl Fn(T::Native) -> Option<Number>,
    ) -> Option<()> {
        let values = array.as_primitive::<T>().values().get(chosen.clone())?;
        self.units.reserve(values.len());
        self.places.reserve(values.len());
        self.take(values.iter().map(|value| read(*value)))
    }

    /// Decimals that need not be rounded, without the zeros that they end with.
    fn take_decimals<T: ArrowPrimitiveType>(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        scale: u8,
    ) -> Option<()>
    where
        T::Native: TryInto<i64>,
    {
        let values = array.as_primitive::<T>().values().get(chosen.clone())?;
        self.units.reserve(values.len());
        self.places.reserve(values.len());
        for value in values {
            let mut units: i64 = (*value).try_into().ok()?;
            let mut places = scale;
            while places > 0 && units % 10 == 0 {
                units /= 10;
                places -= 1;
            }
            self.units.push(units);
            self.places.push(Scale::new(places)?);
        }
        Some(())
    }

    fn take_integers<T: ArrowPrimitiveType>(&mut self, array: &dyn Array, chosen: &Range<usize>) -> Option<()>
    where
        T::Native: Into<i64>,
    {
        let values = array.as_primitive::<T>().values().get(chosen.clone())?;
        self.units.extend(values.iter().map(|value| (*value).into()));
        Some(())
    }
}
