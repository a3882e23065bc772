//! The fast way from columns to a batch: a column at a time, buffers lent where the layout allows, dictionaries looked up once
//! per entry.
//!
//! It knows only rows without any problem. Where it meets a cell that it cannot use it gives up, and the rows are taken one by
//! one, which is the definition of what they mean; a law holds the two against each other.

mod amounts;
mod days;
mod entries;
mod ids;
mod numbers;

use std::ops::Range;

use rfm_core::cell::{CellFormats, DayZone, IdFormat};
use rfm_core::{ColumnRoles, Role, TransactionBatch};

use self::{amounts::Amounts, days::Days, ids::Ids, numbers::Numbers};
use crate::rows::BatchRows;

/// The columns of the rows that are lent next. All memory is used again.
#[derive(Default)]
pub(crate) struct Columns {
    customers: Ids,
    orders: Ids,
    days: Days,
    amounts: Amounts,
    /// Of amounts that are not lent.
    amount_numbers: Numbers,
    quantities: Numbers,
    prices: Numbers,
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
        self.days.forget();
        [&mut self.amount_numbers, &mut self.quantities, &mut self.prices].into_iter().for_each(Numbers::forget);
    }

    /// Reads some rows; `None` if one of them has to be looked at by itself.
    pub(crate) fn fill(&mut self, rows: &BatchRows, chosen: Range<usize>, reading: Reading<'_>) -> Option<()> {
        let column = |role| rows.column(reading.roles.column(role)?);
        self.days.fill(column(Role::Date)?, &chosen, rows.len(), reading)?;
        let ids = reading.formats.ids;
        // Customers whose ids look like whole numbers from a float column are counted, row by row.
        self.customers.fill(column(Role::Customer)?, &chosen, ids, |id| !IdFormat::is_float_written(id))?;
        if let Some(orders) = column(Role::Order) {
            self.orders.fill(orders, &chosen, ids, |_| true)?;
        }
        let is_product = reading.roles.is_product();
        let beside = [(Role::Quantity, &mut self.quantities), (Role::Price, &mut self.prices)];
        for (role, numbers) in beside {
            match column(role) {
                Some(column) => numbers.fill(column, &chosen, rows.len(), reading, is_product)?,
                None if is_product => return None,
                None => {}
            }
        }
        if is_product {
            return self.amounts.multiply(&mut self.quantities, &mut self.prices);
        }
        let amounts = column(Role::Amount)?;
        if self.amounts.lend_from(amounts, &chosen, reading.formats.round).is_none() {
            self.amount_numbers.fill(amounts, &chosen, rows.len(), reading, true)?;
            self.amounts.take(&self.amount_numbers)?;
        }
        Some(())
    }

    /// The rows that were read last, of the same record batch; `None` if they were not.
    pub(crate) fn batch<'a>(&'a self, rows: &'a BatchRows, roles: &ColumnRoles) -> Option<TransactionBatch<'a>> {
        let column = |role| rows.column(roles.column(role)?);
        let customers = self.customers.column(column(Role::Customer)?)?;
        let (amounts, scale) = self.amounts.lend(column(Role::Amount))?;
        let mut batch = TransactionBatch::try_new(customers, self.days.all(), amounts, scale).ok()?;
        if let Some(orders) = column(Role::Order) {
            batch = batch.with_order_ids(self.orders.column(orders)?).ok()?;
        }
        if column(Role::Quantity).is_some() {
            batch = batch.with_quantities(self.quantities.units()).ok()?;
        }
        if column(Role::Price).is_some() {
            batch = batch.with_prices(self.prices.units()).ok()?;
        }
        Some(batch)
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::ArrayRef;
    use rfm_core::cell::{DateFormat, NumberFormat};

    use super::*;
    use crate::rows::{Column, Meaning};

    /// A column in which nothing but the values counts.
    pub(super) fn column(array: ArrayRef) -> Column {
        Column::new(array, None, Meaning::Value)
    }

    /// Calls a function with a way to read cells.
    pub(super) fn reading<T>(read: impl FnOnce(Reading<'_>) -> T) -> T {
        let formats = CellFormats {
            date: DateFormat::YearMonthDay,
            number: NumberFormat::Point,
            ids: IdFormat::AsWritten,
            round: None,
            as_of: None,
        };
        read(Reading { roles: &ColumnRoles::default(), formats: &formats, zone: None })
    }
}
