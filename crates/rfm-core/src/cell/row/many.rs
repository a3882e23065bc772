//! Many lines at once, a column at a time.
//!
//! The loops here are of what nearly all cells are; all else is behind a call, so that what the loops work with stays in registers.

use super::{Presence, TransactionBuffer};
use crate::cell::id::float_written_integer;
use crate::cell::lines::Span;
use crate::cell::plain::PlainNumbers;
use crate::cell::{Cell, CellFormats, DateFormat, IdFormat, LineColumns, TakenLines, TextLines};
use crate::day::Day;
use crate::money::Scale;
use crate::text::RunBuffer;

impl TransactionBuffer {
    /// Appends the rows of lines as [`TransactionBuffer::push`] does with the same texts as cells, in a fraction of the time, up to
    /// the first line that this is not made for: everything but plain numbers and dates that can be read. `push` says what that
    /// line is. None is taken where the lines have fewer cells than the columns ask for.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::{CellFormats, DateFormat, IdFormat, LineColumns, NumberFormat, TextLines, TransactionBuffer};
    /// use rfm_core::{ColumnChoice, ColumnRoles};
    ///
    /// let roles = ColumnRoles::resolve(&["customer", "date", "amount"], &ColumnChoice::default())?;
    /// let columns = LineColumns::of(&roles).expect("nothing else is read");
    /// let (date, number) = (DateFormat::YearMonthDay, NumberFormat::Point);
    /// let formats = CellFormats { date, number, ids: IdFormat::AsWritten, round: None, as_of: None };
    ///
    /// let text = "ann,2011-12-09,1.50\nbob,2011-12-10,1.50 EUR\n";
    /// let lines = TextLines::new(text, &[0, 4, 15, 20, 24, 35, 44], 3, None).expect("three cells in each line");
    /// let mut buffer = TransactionBuffer::default();
    /// assert_eq!(buffer.push_lines(&lines, &columns, &formats).lines, 1);
    /// assert_eq!(buffer.batch().len(), 1);
    /// # Ok::<(), rfm_core::RoleError>(())
    /// ```
    pub fn push_lines(&mut self, lines: &TextLines<'_>, columns: &LineColumns, formats: &CellFormats) -> TakenLines {
        let is_product = columns.money.1.is_some();
        let presence = Presence::of_each([columns.order.is_some(), false, is_product, is_product, false, false]);
        let has_room = self.customers.has_room(lines.text()) && self.orders.has_room(lines.text());
        if !columns.are_among(lines.columns()) || !has_room || (presence != self.presence && !self.days.is_empty()) {
            return TakenLines::default();
        }
        let before = self.days.len();
        let dated = self.push_days(lines, columns.date, formats.date);
        let (dated, plain) = (lines.first(dated), PlainNumbers::of(formats.number, formats.round));
        let taken = match columns.money {
            (quantity, Some(price)) => self.push_products(&dated, (quantity, price), plain),
            (amount, None) => self.push_amounts(&dated, amount, plain),
        };
        let rows = before.saturating_add(taken);
        self.days.truncate(rows);
        self.times.iter_mut().for_each(|times| times.truncate(rows));
        let lines = lines.first(taken);
        let float_ids = push_ids(&mut self.customers, &lines, columns.customer, formats.ids);
        if let Some(order) = columns.order {
            push_ids(&mut self.orders, &lines, order, formats.ids);
        }
        if taken > 0 {
            self.presence = presence;
        }
        TakenLines { lines: taken, float_ids }
    }

    /// Appends days until one cannot be read, and tells how many.
    fn push_days(&mut self, lines: &TextLines<'_>, column: usize, format: DateFormat) -> usize {
        let before = self.days.len();
        let mut cells = lines.column(column);
        let first = cells.next().and_then(|first| Some((first, self.read_day(lines, first, format)?)));
        let Some((mut last, (mut day, mut time))) = first else { return 0 };
        self.push_day(day, time);
        for cell in cells {
            if !lines.are_alike(cell, last) {
                match self.read_day(lines, cell, format) {
                    Some(read) => (day, time) = read,
                    None => break,
                }
            }
            last = cell;
            self.push_day(day, time);
        }
        self.days.len().saturating_sub(before)
    }

    #[inline(never)]
    fn read_day(&mut self, lines: &TextLines<'_>, cell: Span, format: DateFormat) -> Option<(Day, u32)> {
        self.day(Cell::Text(lines.plainly(cell)), format).ok()
    }

    #[inline]
    fn push_day(&mut self, day: Day, time: u32) {
        self.days.push(day);
        if let Some(times) = &mut self.times {
            times.push(time);
        }
    }

    /// Appends amounts until one is not plain, and tells how many.
    fn push_amounts(&mut self, lines: &TextLines<'_>, column: usize, plain: PlainNumbers) -> usize {
        let before = self.amounts.units.len();
        for amount in lines.column(column) {
            let Some((amount, places)) = lines.some_number(amount, plain).or_else(|| lines.number(amount, plain))
            else {
                break;
            };
            self.amounts.push(amount, places);
        }
        self.amounts.units.len().saturating_sub(before)
    }

    /// Appends quantities, prices and their products until some are not plain, and tells how many.
    fn push_products(&mut self, lines: &TextLines<'_>, columns: (usize, usize), plain: PlainNumbers) -> usize {
        let before = self.amounts.units.len();
        for (quantity, price) in lines.column(columns.0).zip(lines.column(columns.1)) {
            // Not one way behind the other: what comes from two ways passes through memory.
            let is_taken = match (lines.some_number(quantity, plain), lines.some_number(price, plain)) {
                (Some(quantity), Some(price)) => self.push_product(quantity, price),
                _ => self.push_other_product(lines, (quantity, price), plain),
            };
            if !is_taken {
                break;
            }
        }
        self.amounts.units.len().saturating_sub(before)
    }

    #[inline(never)]
    fn push_other_product(&mut self, lines: &TextLines<'_>, cells: (Span, Span), plain: PlainNumbers) -> bool {
        match (lines.number(cells.0, plain), lines.number(cells.1, plain)) {
            (Some(quantity), Some(price)) => self.push_product(quantity, price),
            _ => false,
        }
    }

    /// Appends a quantity and a price, unless their product is too large or has too many decimals.
    #[inline(always)]
    fn push_product(&mut self, (quantity, few): (i64, Scale), (price, more): (i64, Scale)) -> bool {
        let places = Scale::new(few.decimals().saturating_add(more.decimals()));
        let (Some(places), Some(amount)) = (places, quantity.checked_mul(price)) else { return false };
        self.amounts.push(amount, places);
        self.quantities.push(quantity);
        self.prices.push(price);
        true
    }
}

/// Appends ids, for which there is room, and counts those that look like whole numbers from a float column.
fn push_ids(ids: &mut RunBuffer, lines: &TextLines<'_>, column: usize, format: IdFormat) -> u64 {
    let mut cells = lines.column(column);
    let Some(mut last) = cells.next() else { return 0 };
    let mut is_float = push_id(ids, lines, last, format);
    let mut float_ids = u64::from(is_float);
    for cell in cells {
        if !(lines.are_alike(cell, last) && ids.try_repeat()) {
            is_float = push_id(ids, lines, cell, format);
        }
        last = cell;
        float_ids = float_ids.wrapping_add(is_float.into());
    }
    float_ids
}

/// Appends an id, and tells whether it looks like a whole number from a float column.
#[inline(never)]
fn push_id(ids: &mut RunBuffer, lines: &TextLines<'_>, cell: Span, format: IdFormat) -> bool {
    let id = lines.value(cell);
    let whole = float_written_integer(&id);
    ids.push(whole.filter(|_| format == IdFormat::Integer).unwrap_or(&id));
    whole.is_some()
}

#[cfg(test)]
mod tests;
