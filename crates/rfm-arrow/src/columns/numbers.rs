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
use rfm_core::cell::{Cell, Number, short_decimals};

use super::Reading;
use super::entries::Entries;
use crate::rows::Column;

/// One number for each row.
#[derive(Default)]
pub(super) struct Numbers {
    units: Vec<i64>,
    /// The decimals of all of them, if those of each are not known: as many as one of them needs.
    scale: Scale,
    /// The decimals of each.
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

    /// The decimals of all of them, of which one needs as many; `None` if each has decimals of its own.
    pub(super) fn scale(&self) -> Option<Scale> {
        self.places.is_empty().then_some(self.scale)
    }

    /// The decimals of each.
    pub(super) fn places(&self) -> impl Iterator<Item = Scale> + Clone {
        (0..self.units.len()).map(|row| self.places.get(row).copied().unwrap_or(self.scale))
    }

    /// Gives each number as many decimals as it needs.
    pub(super) fn tell_apart(&mut self) {
        if self.places.is_empty() && self.scale > Scale::UNITS {
            let scale = std::mem::take(&mut self.scale).decimals();
            self.places.extend(self.units.iter_mut().map(|units| {
                let mut places = scale;
                while places > 0 && *units % 10 == 0 {
                    *units /= 10;
                    places -= 1;
                }
                Scale::new(places).unwrap_or_default()
            }));
        }
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
        self.scale = Scale::UNITS;
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
            DataType::Float64 => self.take_floats(array, chosen, round, |value| read(Cell::Float(value))),
            DataType::Decimal32(_, scale @ 0..=9) => {
                self.take_decimals::<Decimal32Type>(array, chosen, scale.unsigned_abs(), round)
            }
            DataType::Decimal64(_, scale @ 0..=9) => {
                self.take_decimals::<Decimal64Type>(array, chosen, scale.unsigned_abs(), round)
            }
            DataType::Decimal128(_, scale @ 0..=9) => {
                self.take_decimals::<Decimal128Type>(array, chosen, scale.unsigned_abs(), round)
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

    /// Decimals, if they need not be rounded.
    fn take_decimals<T: ArrowPrimitiveType>(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        scale: u8,
        round: Option<Scale>,
    ) -> Option<()>
    where
        T::Native: TryInto<i64>,
    {
        let values = array.as_primitive::<T>().values().get(chosen.clone())?;
        let mut are_small = true;
        self.units.extend(values.iter().map(|value| {
            let units = (*value).try_into();
            are_small &= units.is_ok();
            units.unwrap_or_default()
        }));
        if !are_small {
            return None;
        }
        self.scale = Scale::new(scale)?;
        self.shorten(round)
    }

    /// Floats of few decimals, as most prices are. Others are read one by one.
    fn take_floats(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        round: Option<Scale>,
        read: impl Fn(f64) -> Option<Number>,
    ) -> Option<()> {
        let values = array.as_primitive::<Float64Type>().values().get(chosen.clone())?;
        if let Some(scale) = short_decimals(values, &mut self.units) {
            self.scale = scale;
            return self.shorten(round);
        }
        self.units.clear();
        self.take(values.iter().map(|value| read(*value)))
    }

    /// Takes the zeros away that all of them end with: the first that has none ends the search. `None` if more decimals are left than
    /// are asked for.
    fn shorten(&mut self, round: Option<Scale>) -> Option<()> {
        while self.scale > Scale::UNITS && self.units.iter().all(|units| units % 10 == 0) {
            self.units.iter_mut().for_each(|units| *units /= 10);
            self.scale = Scale::new(self.scale.decimals() - 1)?;
        }
        round.is_none_or(|round| self.scale <= round).then_some(())
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
