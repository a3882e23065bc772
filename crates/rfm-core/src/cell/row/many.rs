//! Many lines at once, a column at a time.

use super::{Presence, TransactionBuffer};
use crate::cell::plain::PlainNumbers;
use crate::cell::{Cell, CellFormats, DateFormat, IdFormat, LineColumns, TakenLines, TextLines};
use crate::money::Scale;
use crate::text::RunBuffer;

impl TransactionBuffer {
    /// Appends the rows of lines as [`TransactionBuffer::push`] does with the same texts as cells, in a fraction of the time, up to
    /// the first line that this is not made for: everything but plain numbers and dates that can be read. `push` says what that
    /// line is.
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
        if !has_room || (presence != self.presence && !self.days.is_empty()) {
            return TakenLines::default();
        }
        let before = self.days.len();
        let dated = self.push_days(lines, columns.date, formats.date);
        let taken =
            self.push_money(&lines.first(dated), columns.money, PlainNumbers::of(formats.number, formats.round));
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
        let mut known = None;
        for cell in lines.column(column) {
            let read = match known {
                Some((last, read)) if lines.are_alike(cell, last) => read,
                _ => match self.day(Cell::Text(lines.plainly(cell)), format) {
                    Ok(read) => read,
                    Err(_) => break,
                },
            };
            known = Some((cell, read));
            self.days.push(read.0);
            if let Some(times) = &mut self.times {
                times.push(read.1);
            }
        }
        self.days.len().saturating_sub(before)
    }

    /// Appends money until some is not plain, and tells how many lines.
    fn push_money(&mut self, lines: &TextLines<'_>, columns: (usize, Option<usize>), plain: PlainNumbers) -> usize {
        let before = self.amounts.units.len();
        let first = lines.column(columns.0);
        if let Some(second) = columns.1 {
            for (quantity, price) in first.zip(lines.column(second)) {
                let (Some((quantity, few)), Some((price, more))) =
                    (lines.number(quantity, plain), lines.number(price, plain))
                else {
                    break;
                };
                let places = Scale::new(few.decimals().saturating_add(more.decimals()));
                let (Some(places), Some(amount)) = (places, quantity.checked_mul(price)) else { break };
                self.amounts.push(amount, places);
                self.quantities.push(quantity);
                self.prices.push(price);
            }
        } else {
            for amount in first {
                let Some((amount, places)) = lines.number(amount, plain) else { break };
                self.amounts.push(amount, places);
            }
        }
        self.amounts.units.len().saturating_sub(before)
    }
}

/// Appends ids, for which there is room, and counts those that look like whole numbers from a float column.
fn push_ids(ids: &mut RunBuffer, lines: &TextLines<'_>, column: usize, format: IdFormat) -> u64 {
    let mut known = None;
    let mut float_ids = 0u64;
    for cell in lines.column(column) {
        let is_float = match known {
            Some((last, is_float)) if lines.are_alike(cell, last) && ids.try_repeat() => is_float,
            _ => {
                let id = lines.value(cell);
                ids.push(format.normalise(&id));
                IdFormat::is_float_written(&id)
            }
        };
        known = Some((cell, is_float));
        float_ids = float_ids.saturating_add(is_float.into());
    }
    float_ids
}

#[cfg(test)]
mod tests;
