//! Ids of customers and orders.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, OffsetSizeTrait};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use rfm_core::cell::{Cell, IdFormat};
use rfm_core::{RunBuffer, TextColumn};

use crate::rows::Column;

/// Ids one after the other; or where they stand in the array that they are lent from.
#[derive(Default)]
pub(super) struct Ids {
    texts: RunBuffer,
    lent: Option<Range<usize>>,
    /// Where those that are lent end.
    ends: Vec<u32>,
    digits: String,
}

impl Ids {
    /// Reads the ids of some rows, if all that are texts are accepted.
    pub(super) fn fill(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        format: IdFormat,
        accepts: impl Fn(&str) -> bool,
    ) -> Option<()> {
        self.texts.clear();
        self.lent = None;
        let Some(array) = column.plain() else { return self.take_cells(column, chosen, format, accepts) };
        if format == IdFormat::AsWritten && self.lend_from(array, chosen, &accepts).is_some() {
            return Some(());
        }
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        let mut texts = Texts { all: &mut self.texts, chosen: chosen.clone(), nulls, format };
        match array.data_type() {
            DataType::Utf8View => {
                let array = array.as_string_view();
                texts.take_views(array.views(), accepts, |row| Some(array.value(row)))
            }
            DataType::BinaryView => {
                let array = array.as_binary_view();
                texts.take_views(array.views(), accepts, |row| std::str::from_utf8(array.value(row)).ok())
            }
            DataType::Utf8 => {
                let array = array.as_string::<i32>();
                texts.take(accepts, |row| Some(array.value(row)))
            }
            DataType::LargeUtf8 => {
                let array = array.as_string::<i64>();
                texts.take(accepts, |row| Some(array.value(row)))
            }
            DataType::Int8 => texts.take_integers::<Int8Type>(array, &mut self.digits),
            DataType::Int16 => texts.take_integers::<Int16Type>(array, &mut self.digits),
            DataType::Int32 => texts.take_integers::<Int32Type>(array, &mut self.digits),
            DataType::Int64 => texts.take_integers::<Int64Type>(array, &mut self.digits),
            DataType::UInt8 => texts.take_integers::<UInt8Type>(array, &mut self.digits),
            DataType::UInt16 => texts.take_integers::<UInt16Type>(array, &mut self.digits),
            DataType::UInt32 => texts.take_integers::<UInt32Type>(array, &mut self.digits),
            DataType::UInt64 => texts.take_integers::<UInt64Type>(array, &mut self.digits),
            _ => self.take_cells(column, chosen, format, accepts),
        }
    }

    fn take_cells(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        format: IdFormat,
        accepts: impl Fn(&str) -> bool,
    ) -> Option<()> {
        chosen.clone().try_for_each(|row| {
            let cell = column.cell(row);
            let is_accepted = cell.text().is_none_or(&accepts);
            let id = cell.id(format, &mut self.digits).ok().filter(|_| is_accepted)?;
            self.texts.try_push(id).then_some(())
        })
    }

    /// Texts that stand one after the other in an array, if all are accepted.
    fn lend_from(&mut self, array: &dyn Array, chosen: &Range<usize>, accepts: impl Fn(&str) -> bool) -> Option<()> {
        self.ends.clear();
        self.lent = match array.data_type() {
            DataType::Utf8 => lend::<i32>(array, chosen, &mut self.ends, accepts),
            DataType::LargeUtf8 => lend::<i64>(array, chosen, &mut self.ends, accepts),
            _ => None,
        };
        self.lent.is_some().then_some(())
    }

    /// The ids that were read last, of the same column.
    pub(super) fn column<'a>(&'a self, column: &'a Column) -> Option<TextColumn<'a>> {
        let Some(range) = &self.lent else { return Some(self.texts.column()) };
        let array = column.plain()?;
        let bytes = match array.data_type() {
            DataType::Utf8 => array.as_string::<i32>().value_data(),
            _ => array.as_string::<i64>().value_data(),
        };
        TextColumn::new(std::str::from_utf8(bytes.get(range.clone())?).ok()?, &self.ends)
    }
}

/// Takes ids of one type.
struct Texts<'t> {
    all: &'t mut RunBuffer,
    chosen: Range<usize>,
    nulls: Option<&'t NullBuffer>,
    format: IdFormat,
}

impl Texts<'_> {
    fn take<'a>(&mut self, accepts: impl Fn(&str) -> bool, text: impl Fn(usize) -> Option<&'a str>) -> Option<()> {
        let Texts { all, chosen, nulls, format } = self;
        chosen.clone().try_for_each(|row| {
            let text = if nulls.is_some_and(|nulls| nulls.is_null(row)) { "" } else { text(row)? };
            (accepts(text) && all.try_push(format.normalise(text))).then_some(())
        })
    }

    /// Equal views show the same text.
    fn take_views<'a>(
        &mut self,
        views: &[u128],
        accepts: impl Fn(&str) -> bool,
        text: impl Fn(usize) -> Option<&'a str>,
    ) -> Option<()> {
        let format = self.format;
        self.take_runs(views, |all, row, view| {
            let text = if view.is_some() { text(row)? } else { "" };
            (accepts(text) && all.try_push(format.normalise(text))).then_some(())
        })
    }

    /// The digits are written out once for each run of equal numbers.
    fn take_integers<T: ArrowPrimitiveType>(&mut self, array: &dyn Array, digits: &mut String) -> Option<()>
    where
        T::Native: Into<i128>,
    {
        let format = self.format;
        self.take_runs(array.as_primitive::<T>().values(), |all, _, value| {
            let cell = value.map_or(Cell::Empty, |value| Cell::Integer(value.into()));
            all.try_push(cell.id(format, digits).ok()?).then_some(())
        })
    }

    /// Calls `push` with the first row of each run of equal values, `None` for nulls, and repeats what it appended for the others: the
    /// lines of an order follow each other in most files.
    fn take_runs<T: Copy + PartialEq>(
        &mut self,
        values: &[T],
        mut push: impl FnMut(&mut RunBuffer, usize, Option<T>) -> Option<()>,
    ) -> Option<()> {
        let Texts { all, chosen, nulls, .. } = self;
        let mut last = None;
        chosen.clone().try_for_each(|row| {
            let value = if nulls.is_some_and(|nulls| nulls.is_null(row)) { None } else { Some(*values.get(row)?) };
            if last == Some(value) {
                return all.try_repeat().then_some(());
            }
            last = Some(value);
            push(all, row, value)
        })
    }
}

/// Where the texts of some rows stand in the values of an array, and in `ends` where each of them ends; `None` if one is not
/// accepted or a null hides something, and for more than 4 GiB.
fn lend<O: OffsetSizeTrait>(
    array: &dyn Array,
    chosen: &Range<usize>,
    ends: &mut Vec<u32>,
    accepts: impl Fn(&str) -> bool,
) -> Option<Range<usize>> {
    let array = array.as_string::<O>();
    let offsets = array.value_offsets().get(chosen.start..=chosen.end)?;
    let start = offsets.first()?.as_usize();
    for (row, pair) in chosen.clone().zip(offsets.windows(2)) {
        if pair[0] != pair[1] && (array.is_null(row) || !accepts(array.value(row))) {
            return None;
        }
        ends.push(u32::try_from(pair[1].as_usize() - start).ok()?);
    }
    Some(start..offsets.last()?.as_usize())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, StringArray};

    use super::*;
    use crate::rows::Meaning;

    #[test]
    fn texts_are_lent_as_they_are() {
        let ids: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None, Some("ann"), Some("bob")]));
        let column = Column::new(ids, None, Meaning::Value);
        let mut texts = Ids::default();
        texts.fill(&column, &(1..4), IdFormat::AsWritten, |_| true).unwrap();
        assert!(texts.lent.is_some() && texts.texts.column().is_empty());
        assert_eq!(texts.column(&column).unwrap().iter().collect::<Vec<_>>(), ["", "ann", "bob"]);
    }
}
