//! Ids of customers and orders.

use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, OffsetSizeTrait};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;
use rfm_core::cell::IdFormat;
use rfm_core::{RunBuffer, ShortText, TextColumn};

use crate::rows::Column;

/// The most bytes of a text that a view holds itself.
const IN_VIEW: usize = 12;

/// Ids one by one if they are short, one after the other if they are not; or where they stand in the array that they are lent from.
#[derive(Default)]
pub(super) struct Ids {
    short: Vec<ShortText>,
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
        self.short.clear();
        self.texts.clear();
        self.lent = None;
        let Some(array) = column.plain() else { return self.take_cells(column, chosen, format, accepts) };
        if format == IdFormat::AsWritten && self.lend_from(array, chosen, &accepts).is_some() {
            return Some(());
        }
        let nulls = array.nulls().filter(|nulls| nulls.null_count() > 0);
        if self.take_short(array, chosen, nulls, format, &accepts).is_some() {
            return Some(());
        }
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
            _ => self.take_cells(column, chosen, format, accepts),
        }
    }

    /// Ids of a few bytes: views of texts, if all of them are accepted, and whole numbers.
    fn take_short(
        &mut self,
        array: &dyn Array,
        chosen: &Range<usize>,
        nulls: Option<&NullBuffer>,
        format: IdFormat,
        accepts: impl Fn(&str) -> bool,
    ) -> Option<()> {
        let short = Short { all: &mut self.short, chosen: chosen.clone(), nulls };
        match array.data_type() {
            DataType::Utf8View if format == IdFormat::AsWritten => {
                let array = array.as_string_view();
                short.take_views(array.views(), |row| accepts(array.value(row)))
            }
            DataType::Int8 => short.take_integers::<Int8Type>(array),
            DataType::Int16 => short.take_integers::<Int16Type>(array),
            DataType::Int32 => short.take_integers::<Int32Type>(array),
            DataType::Int64 => short.take_integers::<Int64Type>(array),
            DataType::UInt8 => short.take_integers::<UInt8Type>(array),
            DataType::UInt16 => short.take_integers::<UInt16Type>(array),
            DataType::UInt32 => short.take_integers::<UInt32Type>(array),
            DataType::UInt64 => short.take_integers::<UInt64Type>(array),
            _ => None,
        }
    }

    fn take_cells(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        format: IdFormat,
        accepts: impl Fn(&str) -> bool,
    ) -> Option<()> {
        let mut last = None;
        chosen.clone().try_for_each(|row| {
            let cell = column.cell(row);
            if last == Some(cell) {
                return self.texts.try_repeat().then_some(());
            }
            last = Some(cell);
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
        let Some(range) = &self.lent else {
            let are_short = !self.short.is_empty();
            return Some(if are_short { TextColumn::of_short(&self.short) } else { self.texts.column() });
        };
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

    /// Equal views show the same text, which is looked at once: the lines of an order follow each other in most files.
    fn take_views<'a>(
        &mut self,
        views: &[u128],
        accepts: impl Fn(&str) -> bool,
        text: impl Fn(usize) -> Option<&'a str>,
    ) -> Option<()> {
        let Texts { all, chosen, nulls, format } = self;
        let mut last = None;
        chosen.clone().try_for_each(|row| {
            let view = if nulls.is_some_and(|nulls| nulls.is_null(row)) { None } else { Some(*views.get(row)?) };
            if last == Some(view) {
                return all.try_repeat().then_some(());
            }
            last = Some(view);
            let text = if view.is_some() { text(row)? } else { "" };
            (accepts(text) && all.try_push(format.normalise(text))).then_some(())
        })
    }
}

/// Takes ids of one type that are short.
struct Short<'s> {
    all: &'s mut Vec<ShortText>,
    chosen: Range<usize>,
    nulls: Option<&'s NullBuffer>,
}

impl Short<'_> {
    fn take_views(self, views: &[u128], accepts: impl Fn(usize) -> bool) -> Option<()> {
        self.take(views, |row, view| {
            // The length is in the lowest bytes, and the text behind it if it is short.
            let text = ShortText::new((view >> 32).to_le_bytes(), view as u32 as usize)?;
            (text.as_bytes().len() <= IN_VIEW && accepts(row)).then_some(text)
        })
    }

    fn take_integers<T: ArrowPrimitiveType>(self, array: &dyn Array) -> Option<()>
    where
        T::Native: TryInto<u64>,
    {
        self.take(array.as_primitive::<T>().values(), |_, value| ShortText::digits(value.try_into().ok()?))
    }

    /// Takes what `short` makes of the first value of each run of equal ones, and nothing for nulls: the lines of an order follow each
    /// other in most files. Nothing at all is taken if one is not short.
    fn take<T: Copy + PartialEq>(
        self,
        values: &[T],
        mut short: impl FnMut(usize, T) -> Option<ShortText>,
    ) -> Option<()> {
        let Short { all, chosen, nulls } = self;
        let values = values.get(chosen.clone())?;
        let mut take = |all: &mut Vec<ShortText>, rows: Range<usize>| {
            values.get(rows)?.chunk_by(T::eq).try_for_each(|run| {
                let text = short(chosen.start + all.len(), *run.first()?)?;
                all.push(text);
                if run.len() > 1 {
                    all.resize(all.len() + run.len() - 1, text);
                }
                Some(())
            })
        };
        all.reserve(values.len());
        let taken = match nulls.map(|nulls| nulls.slice(chosen.start, chosen.len())) {
            None => take(all, 0..values.len()),
            Some(nulls) => nulls.valid_slices().try_for_each(|(first, end)| {
                all.resize(first, ShortText::EMPTY);
                take(all, first..end)
            }),
        };
        match taken {
            Some(()) => all.resize(values.len(), ShortText::EMPTY),
            None => all.clear(),
        }
        taken
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

    use arrow_array::{ArrayRef, Int64Array, StringArray, StringViewArray};

    use super::super::tests::column;
    use super::*;

    #[test]
    fn texts_are_lent_as_they_are() {
        let ids: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None, Some("ann"), Some("bob")]));
        let column = column(ids);
        let mut texts = Ids::default();
        texts.fill(&column, &(1..4), IdFormat::AsWritten, |_| true).unwrap();
        assert!(texts.lent.is_some() && texts.texts.column().is_empty());
        assert_eq!(texts.column(&column).unwrap().iter().collect::<Vec<_>>(), ["", "ann", "bob"]);
    }

    /// The ids of some rows, and whether all are short.
    fn ids(array: ArrayRef, chosen: Range<usize>, accepts: impl Fn(&str) -> bool) -> Option<(Vec<String>, bool)> {
        let (column, mut ids) = (column(array), Ids::default());
        ids.fill(&column, &chosen, IdFormat::AsWritten, accepts)?;
        Some((ids.column(&column)?.iter().map(str::to_owned).collect(), !ids.short.is_empty()))
    }

    #[test]
    fn numbers_are_their_digits() {
        let of = |numbers: Vec<Option<i64>>| {
            let rows = numbers.len();
            ids(Arc::new(Int64Array::from(numbers)), 1..rows, |_| true).unwrap()
        };
        let (texts, are_short) = of(vec![Some(-5), None, Some(17), Some(17), None, Some(0), None, None]);
        assert_eq!((texts, are_short), (["", "17", "17", "", "0", "", ""].map(str::to_owned).to_vec(), true));
        for large in [-1, i64::MIN, 1_000_000_000_000_000, i64::MAX] {
            let (texts, are_short) = of(vec![Some(1), Some(999_999_999_999_999), None, Some(large), Some(large)]);
            let large = large.to_string();
            assert_eq!(
                (texts, are_short),
                (vec!["999999999999999".to_owned(), String::new(), large.clone(), large], false)
            );
        }
    }

    #[test]
    fn views_hold_short_texts() {
        let of = |texts: Vec<Option<&str>>| {
            let rows = texts.len();
            ids(Arc::new(StringViewArray::from(texts)), 1..rows, |text| text != "no")
        };
        let (texts, are_short) = of(vec![Some("no"), Some("é"), None, Some("twelve bytes"), Some("")]).unwrap();
        assert_eq!((texts, are_short), (["é", "", "twelve bytes", ""].map(str::to_owned).to_vec(), true));
        let (texts, are_short) = of(vec![None, Some("é"), None, Some("thirteen here"), Some("é")]).unwrap();
        assert_eq!((texts, are_short), (["é", "", "thirteen here", "é"].map(str::to_owned).to_vec(), false));
        assert_eq!(of(vec![None, Some("é"), Some("no")]), None);
    }
}
