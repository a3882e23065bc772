//! The fast way from columns to a batch: a column at a time, buffers lent where the layout allows, dictionaries looked up once
//! per entry.
//!
//! It knows only rows without any problem. Where it meets a cell that it cannot use it gives up, and the rows are taken one by
//! one, which is the definition of what they mean; a law holds the two against each other.

use std::collections::HashMap;
use std::ops::Range;

use arrow_array::cast::AsArray;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, OffsetSizeTrait};
use arrow_schema::DataType;
use rfm_core::cell::{Cell, CellFormats, DayZone, IdFormat, Number};
use rfm_core::{ColumnRoles, Day, Role, Scale, TextColumn, TransactionBatch};

use crate::cell::{cell, place};
use crate::rows::{BatchRows, Column};

/// The columns of the rows that are lent next.
#[derive(Default)]
pub(crate) struct Columns {
    customers: Texts,
    orders: Option<Texts>,
    days: Vec<Day>,
    amounts: Amounts,
    quantities: Option<Vec<i64>>,
    prices: Option<Vec<i64>>,
    /// By the column: what the entries of its dictionary mean. Of one record batch.
    days_of: HashMap<usize, Entries<Day>>,
    numbers_of: HashMap<usize, Entries<Number>>,
}

/// How the cells of all columns are read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'r> {
    pub(crate) roles: &'r ColumnRoles,
    pub(crate) formats: &'r CellFormats,
    pub(crate) zone: Option<&'r DayZone>,
}

/// Whether only roles are played that columns at a time can serve.
pub(crate) fn serve(roles: &ColumnRoles) -> bool {
    let served = [Role::Customer, Role::Order, Role::Date, Role::Amount, Role::Quantity, Role::Price];
    Role::ALL.into_iter().all(|role| served.contains(&role) || roles.column(role).is_none())
}

impl Columns {
    /// Forgets the record batch.
    pub(crate) fn clear(&mut self) {
        self.days_of.clear();
        self.numbers_of.clear();
    }

    /// Reads some rows; `None` if one of them has to be looked at by itself.
    pub(crate) fn fill(&mut self, rows: &BatchRows, chosen: Range<usize>, reading: Reading<'_>) -> Option<()> {
        let at = |role| reading.roles.column(role);
        let column = |role| rows.column(at(role)?);
        self.fill_days(rows, at(Role::Date)?, &chosen, reading)?;
        let ids = reading.formats.ids;
        // Customers whose ids look like whole numbers from a float column are counted, row by row.
        self.customers.fill(column(Role::Customer)?, &chosen, ids, |id| !is_float_written(id))?;
        self.orders = match column(Role::Order) {
            Some(order) => {
                let mut orders = self.orders.take().unwrap_or_default();
                orders.fill(order, &chosen, ids, |_| true)?;
                Some(orders)
            }
            None => None,
        };
        let mut number = |role: Role, is_needed: bool| match at(role) {
            Some(at) => self.numbers(rows, at, &chosen, reading, is_needed).map(Some),
            None => Some(None),
        };
        if reading.roles.is_product() {
            let (quantities, prices) = (number(Role::Quantity, true)??, number(Role::Price, true)??);
            self.amounts = Amounts::product(&quantities, &prices)?;
            self.quantities = Some(units(&quantities));
            self.prices = Some(units(&prices));
        } else {
            let (quantities, prices) = (number(Role::Quantity, false)?, number(Role::Price, false)?);
            self.amounts = match Amounts::lent(column(Role::Amount)?, &chosen, reading.formats.round) {
                Some(amounts) => amounts,
                None => Amounts::of(&number(Role::Amount, true)??)?,
            };
            self.quantities = quantities.as_deref().map(units);
            self.prices = prices.as_deref().map(units);
        }
        Some(())
    }

    /// The rows that were read last, of the same record batch.
    pub(crate) fn batch<'a>(&'a self, rows: &'a BatchRows, roles: &ColumnRoles) -> Option<TransactionBatch<'a>> {
        let column = |role| rows.column(roles.column(role)?);
        let customers = self.customers.column(column(Role::Customer)?)?;
        let (amounts, scale) = self.amounts.lend(column(Role::Amount))?;
        let mut batch = TransactionBatch::try_new(customers, &self.days, amounts, scale).ok()?;
        if let Some(orders) = &self.orders {
            batch = batch.with_order_ids(orders.column(column(Role::Order)?)?).ok()?;
        }
        if let Some(quantities) = &self.quantities {
            batch = batch.with_quantities(quantities).ok()?;
        }
        if let Some(prices) = &self.prices {
            batch = batch.with_prices(prices).ok()?;
        }
        Some(batch)
    }

    fn fill_days(&mut self, rows: &BatchRows, at: usize, chosen: &Range<usize>, reading: Reading<'_>) -> Option<()> {
        let column = rows.column(at)?;
        let read = |cell: Cell<'_>| cell.day(reading.formats.date, reading.zone).ok();
        self.days.clear();
        if let Some(array) = column.visible()
            && let Some(entries) = Entries::of(&mut self.days_of, at, array, rows.len())
        {
            for row in chosen.clone() {
                self.days.push(entries.get(array, row, |cell| read(column.mean(cell)))?);
            }
            return Some(());
        }
        // The lines of an order follow each other, and so do its dates.
        let mut last: Option<(Cell<'_>, Day)> = None;
        for row in chosen.clone() {
            let cell = column.cell(row);
            let day = match last {
                Some((known, day)) if known == cell => day,
                _ => read(cell)?,
            };
            last = Some((cell, day));
            self.days.push(day);
        }
        Some(())
    }

    /// The numbers of a column; an empty cell is 1 where only signs count.
    fn numbers(
        &mut self,
        rows: &BatchRows,
        at: usize,
        chosen: &Range<usize>,
        reading: Reading<'_>,
        is_needed: bool,
    ) -> Option<Vec<Number>> {
        let column = rows.column(at)?;
        let CellFormats { number, round, .. } = *reading.formats;
        let read = |cell: Cell<'_>| {
            if !is_needed && cell.is_blank() {
                return Some(Number { units: 1, ..Number::default() });
            }
            cell.number(number, round).ok().filter(|number| !number.rounded)
        };
        if let Some(array) = column.visible()
            && let Some(entries) = Entries::of(&mut self.numbers_of, at, array, rows.len())
        {
            return chosen.clone().map(|row| entries.get(array, row, |cell| read(column.mean(cell)))).collect();
        }
        chosen.clone().map(|row| read(column.cell(row))).collect()
    }
}

fn is_float_written(id: &str) -> bool {
    id.ends_with('0') && IdFormat::is_float_written(id)
}

fn units(numbers: &[Number]) -> Vec<i64> {
    numbers.iter().map(|number| number.units).collect()
}

/// Ids one after the other; or where they stand in the array that they are lent from.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<u32>,
    lent: Option<Range<usize>>,
    scratch: String,
}

impl Texts {
    /// Reads the ids of some rows, if all that are texts are accepted.
    fn fill(
        &mut self,
        column: &Column,
        chosen: &Range<usize>,
        format: IdFormat,
        accepts: impl Fn(&str) -> bool,
    ) -> Option<()> {
        self.text.clear();
        self.ends.clear();
        self.lent = None;
        if format == IdFormat::AsWritten
            && let Some(array) = column.plain()
        {
            self.lent = match array.data_type() {
                DataType::Utf8 => lend::<i32>(array, chosen, &mut self.ends, &accepts),
                DataType::LargeUtf8 => lend::<i64>(array, chosen, &mut self.ends, &accepts),
                _ => None,
            };
            if self.lent.is_some() {
                return Some(());
            }
            self.ends.clear();
        }
        for row in chosen.clone() {
            let cell = column.cell(row);
            if cell.text().is_some_and(|text| !accepts(text)) {
                return None;
            }
            self.text.push_str(cell.id(format, &mut self.scratch).ok()?);
            self.ends.push(u32::try_from(self.text.len()).ok()?);
        }
        Some(())
    }

    fn column<'a>(&'a self, column: &'a Column) -> Option<TextColumn<'a>> {
        let text = match &self.lent {
            None => &self.text,
            Some(range) => {
                let array = column.plain()?;
                let bytes = match array.data_type() {
                    DataType::Utf8 => array.as_string::<i32>().value_data(),
                    _ => array.as_string::<i64>().value_data(),
                };
                std::str::from_utf8(bytes.get(range.clone())?).ok()?
            }
        };
        TextColumn::new(text, &self.ends)
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

/// What lines are worth: at a common scale, or lent from an array of decimals that has it.
#[derive(Default)]
struct Amounts {
    units: Vec<i128>,
    scale: Scale,
    lent: Option<Range<usize>>,
}

impl Amounts {
    fn of(numbers: &[Number]) -> Option<Amounts> {
        Amounts::at_common_scale(numbers.iter().map(|number| (number.units, number.places)))
    }

    /// Quantity times price, where the decimals of both are at most nine together.
    fn product(quantities: &[Number], prices: &[Number]) -> Option<Amounts> {
        let product = |(quantity, price): (&Number, &Number)| {
            let places = Scale::new(quantity.places.decimals() + price.places.decimals())?;
            Some((quantity.units.checked_mul(price.units)?, places))
        };
        let products: Option<Vec<(i64, Scale)>> = quantities.iter().zip(prices).map(product).collect();
        Amounts::at_common_scale(products?.into_iter())
    }

    fn at_common_scale(numbers: impl Iterator<Item = (i64, Scale)> + Clone) -> Option<Amounts> {
        let scale = numbers.clone().map(|(_, places)| places).max().unwrap_or_default();
        let at_scale = |(units, places): (i64, Scale)| {
            let factor = scale.minor_units() / places.minor_units();
            // 64 bits times 10^9 are less than 128.
            i128::from(units).checked_mul(factor.into())
        };
        Some(Amounts { units: numbers.map(at_scale).collect::<Option<_>>()?, scale, lent: None })
    }

    /// Decimals of 128 bits without nulls: as they are, or without the zeros that all of them end with, so that the scale is the
    /// one that a text of them would have.
    fn lent(column: &Column, chosen: &Range<usize>, round: Option<Scale>) -> Option<Amounts> {
        let array = column.plain()?;
        let DataType::Decimal128(_, places) = array.data_type() else { return None };
        let places = Scale::new(u8::try_from(*places).ok()?)?;
        let decimals = array.as_primitive_opt::<Decimal128Type>()?;
        let values = decimals.values().get(chosen.clone())?;
        if decimals.nulls().is_some_and(|nulls| nulls.slice(chosen.start, chosen.len()).null_count() > 0) {
            return None;
        }
        let mut zeros = places;
        for value in values {
            let value = i64::try_from(*value).ok()?;
            while value % zeros.minor_units() != 0 {
                zeros = Scale::new(zeros.decimals() - 1)?;
            }
        }
        let scale = Scale::new(places.decimals() - zeros.decimals())?;
        if round.is_some_and(|round| scale > round) {
            return None;
        }
        if zeros == Scale::UNITS {
            return Some(Amounts { units: Vec::new(), scale, lent: Some(chosen.clone()) });
        }
        let divisor = i128::from(zeros.minor_units());
        Some(Amounts { units: values.iter().map(|value| value / divisor).collect(), scale, lent: None })
    }

    fn lend<'a>(&'a self, column: Option<&'a Column>) -> Option<(&'a [i128], Scale)> {
        match &self.lent {
            None => Some((&self.units, self.scale)),
            Some(range) => {
                let values = column?.plain()?.as_primitive_opt::<Decimal128Type>()?.values();
                Some((values.get(range.clone())?, self.scale))
            }
        }
    }
}

/// What the entries of a dictionary mean, found out when they are first asked for: an entry that nobody uses may be no date.
struct Entries<T> {
    known: Vec<Option<T>>,
}

impl<T: Copy> Entries<T> {
    /// Those of the column at `at`; `None` if it has no dictionary, or one that is larger than what uses it.
    fn of<'e>(
        all: &'e mut HashMap<usize, Entries<T>>,
        at: usize,
        array: &dyn Array,
        rows: usize,
    ) -> Option<&'e mut Entries<T>> {
        let entries = array.as_any_dictionary_opt()?.values().len();
        (entries <= rows).then(|| all.entry(at).or_insert_with(|| Entries { known: vec![None; entries] }))
    }

    /// What the value of a row means.
    fn get(&mut self, array: &dyn Array, row: usize, read: impl FnOnce(Cell<'_>) -> Option<T>) -> Option<T> {
        let dictionary = array.as_any_dictionary_opt()?;
        let Some(place) = place(dictionary.keys(), row) else { return read(Cell::Empty) };
        let known = self.known.get_mut(place)?;
        if known.is_none() {
            *known = read(cell(dictionary.values(), place));
        }
        *known
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int8Type;
    use arrow_array::{ArrayRef, Decimal128Array, DictionaryArray, StringArray};

    use super::*;
    use crate::rows::Meaning;

    #[test]
    fn texts_and_decimals_are_lent_as_they_are() {
        let ids: ArrayRef = Arc::new(StringArray::from(vec![Some("x"), None, Some("ann"), Some("bob")]));
        let money = |units: Vec<i128>| {
            let array: ArrayRef = Arc::new(Decimal128Array::from(units).with_precision_and_scale(12, 4).unwrap());
            Column::new(array, None, Meaning::Value)
        };
        let column = Column::new(ids, None, Meaning::Value);
        let mut texts = Texts::default();
        texts.fill(&column, &(1..4), IdFormat::AsWritten, |_| true).unwrap();
        assert!(texts.lent.is_some() && texts.text.is_empty());
        assert_eq!(texts.column(&column).unwrap().iter().collect::<Vec<_>>(), ["", "ann", "bob"]);

        let column = money(vec![7, 10_001, -20_000]);
        let amounts = Amounts::lent(&column, &(1..3), None).unwrap();
        assert_eq!(amounts.lend(Some(&column)).unwrap(), (&[10_001, -20_000][..], Scale::new(4).unwrap()));
        assert!(amounts.units.is_empty());
        let column = money(vec![12_500, 0, -20_000]);
        let amounts = Amounts::lent(&column, &(0..3), None).unwrap();
        assert_eq!(
            amounts.lend(Some(&column)).unwrap(),
            (&[125, 0, -200][..], Scale::CENTS),
            "as a text of them would be"
        );
        assert!(Amounts::lent(&column, &(0..3), Some(Scale::UNITS)).is_none(), "has to be rounded");
    }

    #[test]
    fn entries_that_nobody_uses_are_not_read() {
        let array: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::from_iter(["17", "no number", "18", "17", "18"]));
        let array = array.slice(2, 3);
        let mut all = HashMap::new();
        let mut read = Vec::new();
        let entries = Entries::of(&mut all, 0, &array, 3).unwrap();
        for row in [0, 1, 2, 0] {
            entries.get(&array, row, |cell| {
                read.push(cell.text().unwrap().to_owned());
                Some(())
            });
        }
        assert_eq!(read, ["18", "17"]);
        assert!(Entries::of(&mut all, 1, &array, 2).is_none(), "more entries than rows");
    }
}
