//! One line: from its cells to a row of a batch.

mod many;

use super::{
    Cell, CellError, CellFormats, CellProblem, Cells, DateFormat, DayZone, Money, Number, NumberFormat, SummaryCells,
};
use crate::account::Refusal;
use crate::batch::{SummaryColumns, TransactionBatch};
use crate::day::Day;
use crate::money::{Decimal, Scale};
use crate::roles::Role;
use crate::text::{RunBuffer, TextColumn};

/// Numbers at a common scale that grows with what is pushed. A cell has 64 bits, and 128 hold it at any scale, so that no row
/// depends on its neighbours.
#[derive(Clone, Debug, Default)]
struct NumberBuffer {
    units: Vec<i128>,
    scale: Scale,
}

impl NumberBuffer {
    fn clear(&mut self) {
        self.units.clear();
        self.scale = Scale::UNITS;
    }

    #[inline]
    fn push(&mut self, units: i64, places: Scale) {
        if places > self.scale {
            self.grow(places);
        }
        // Two factors of 64 bits.
        self.units.push(i128::from(units).wrapping_mul(places.factor_to(self.scale).into()));
    }

    #[cold]
    fn grow(&mut self, places: Scale) {
        let factor = self.scale.factor_to(places);
        for units in &mut self.units {
            *units = units.saturating_mul(factor.into());
        }
        self.scale = places;
    }
}

/// The columns of one batch, filled line by line from cells; an adapter keeps one and lends it again and again.
///
/// # Examples
///
/// ```
/// use rfm_core::cell::{Cell, CellFormats, Cells, DateFormat, IdFormat, Money, NumberFormat, TransactionBuffer};
///
/// let formats = CellFormats {
///     date: DateFormat::DayMonthYear,
///     number: NumberFormat::Comma,
///     ids: IdFormat::AsWritten,
///     round: None,
///     as_of: None,
/// };
/// let mut buffer = TransactionBuffer::default();
/// let money = Money::Product { quantity: Cell::Integer(3), price: Cell::Text("1.200,50") };
/// let (customer, order, date) = (Cell::Text("ann"), Some(Cell::Integer(17)), Cell::Text("9.12.2011"));
/// buffer.push(&Cells { customer, order, product: None, date, money, attribute: None, summary: None }, &formats)?;
/// assert_eq!(buffer.batch().len(), 1);
/// # Ok::<(), rfm_core::cell::CellError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TransactionBuffer {
    customers: RunBuffer,
    orders: RunBuffer,
    products: RunBuffer,
    attributes: RunBuffer,
    days: Vec<Day>,
    /// Of each row, if they are kept.
    times: Option<Vec<u32>>,
    order_counts: Vec<u64>,
    first_days: Vec<Day>,
    amounts: NumberBuffer,
    quantities: Vec<i64>,
    /// The decimals of each quantity; only beside products.
    quantity_scales: Vec<Scale>,
    prices: Vec<i64>,
    refused: Vec<Refusal>,
    rounded: u64,
    /// The last date cell that was not plain, its day and time: in most exports the lines of an order follow each other.
    last_date: (String, Option<(Day, u32)>),
    last_format: Option<DateFormat>,
    zone: Option<DayZone>,
    /// The digits of ids that are numbers.
    scratch: [String; 4],
    /// Of the rows so far, if there are any.
    presence: Presence,
}

/// Which cells a row has, one bit each: a column is there for all rows of a batch or for none, since a row without the cell would
/// shift it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Presence(u8);

impl Presence {
    const ROLES: [Role; 6] =
        [Role::Order, Role::Product, Role::Quantity, Role::Price, Role::Attribute, Role::Frequency];

    #[inline]
    fn of(cells: &Cells<'_>, line: &Line) -> Presence {
        Presence::of_each([
            cells.order.is_some(),
            cells.product.is_some(),
            line.quantity.is_some(),
            line.price.is_some(),
            cells.attribute.is_some(),
            cells.summary.is_some(),
        ])
    }

    /// In the order of the roles.
    #[inline]
    fn of_each(has: [bool; 6]) -> Presence {
        Presence(has.into_iter().fold(0, |shape, has| shape << 1 | u8::from(has)))
    }

    /// The first cell that one has and the other has not.
    #[cold]
    fn contradiction(self, other: Presence) -> CellError {
        let bit = 5u8.saturating_sub(u8::try_from((self.0 ^ other.0).ilog2()).unwrap_or(0));
        CellError { role: Presence::ROLES[usize::from(bit)], problem: CellProblem::OtherCells }
    }
}

impl TransactionBuffer {
    /// Counts the days of times with an offset in a zone, instead of as they are written.
    #[must_use]
    pub fn in_zone(self, zone: DayZone) -> TransactionBuffer {
        TransactionBuffer { zone: Some(zone), last_date: (String::new(), None), ..self }
    }

    /// Keeps the times of day of the dates, so that the batch has them.
    #[must_use]
    pub fn with_times(self) -> TransactionBuffer {
        TransactionBuffer { times: Some(Vec::new()), last_date: (String::new(), None), ..self }
    }

    /// Appends the row of a line. On an error nothing is appended.
    ///
    /// All rows of a batch have the same cells: each an order id or none, and likewise product, quantity, price, attribute and
    /// summary.
    ///
    /// Of a customer without orders (a frequency of 0) only id and total are read, and an empty total is 0.
    ///
    /// # Errors
    ///
    /// [`CellError`] for a cell that cannot be read.
    pub fn push(&mut self, cells: &Cells<'_>, formats: &CellFormats) -> Result<(), CellError> {
        let of = |role| move |problem| CellError { role, problem };
        let summary = cells.summary.map(|summary| self.summary(&summary, cells.date, formats)).transpose()?;
        let (day, time) = match &summary {
            Some(summary) => (summary.last, summary.time),
            None => self.day(cells.date, formats.date).map_err(of(Role::Date))?,
        };
        let line = match (&summary, &cells.money) {
            (Some(Summary { orders: 0, .. }), Money::Amount { amount, .. }) if amount.is_blank() => Line::default(),
            _ => self.money(&cells.money, formats)?,
        };
        let presence = Presence::of(cells, &line);
        if presence != self.presence && !self.days.is_empty() {
            return Err(self.presence.contradiction(presence));
        }
        let [customer, order, attribute, product] = &mut self.scratch;
        let customer = cells.customer.id(formats.ids, customer).map_err(of(Role::Customer))?;
        let order = cells.order.map(|cell| cell.id(formats.ids, order).map_err(of(Role::Order))).transpose()?;
        let product = cells.product.map(|cell| cell.id(formats.ids, product).map_err(of(Role::Product))).transpose()?;
        let attribute = cells.attribute.map(|cell| match cell {
            Cell::Text(text) => text,
            cell => {
                *attribute = cell.to_string();
                attribute.as_str()
            }
        });
        let columns = [
            (Role::Customer, &self.customers, Some(customer)),
            (Role::Order, &self.orders, order),
            (Role::Product, &self.products, product),
            (Role::Attribute, &self.attributes, attribute),
        ];
        for (role, column, text) in columns {
            if text.is_some_and(|text| !column.has_room(text)) {
                return Err(CellError { role, problem: CellProblem::BatchFull });
            }
        }
        self.presence = presence;
        self.customers.push(customer);
        order.into_iter().for_each(|order| self.orders.push(order));
        attribute.into_iter().for_each(|attribute| self.attributes.push(attribute));
        if let Some(product) = product {
            self.products.push(product);
            self.quantity_scales.extend(line.quantity.map(|_| line.quantity_places));
        }
        self.days.push(day);
        self.times.iter_mut().for_each(|times| times.push(time));
        if let Some(Summary { orders, first, .. }) = summary {
            self.order_counts.push(orders);
            self.first_days.push(first);
        }
        self.amounts.push(line.amount, line.places);
        self.quantities.extend(line.quantity);
        self.prices.extend(line.price);
        self.rounded = self.rounded.saturating_add(u64::from(line.rounded));
        Ok(())
    }

    /// Accounts for a line that cannot become a row.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refused.push(refusal);
    }

    /// What a line is worth as far as its money can be read, for the account of a line that is refused for another reason.
    #[must_use]
    pub fn worth(&self, money: &Money<'_>, formats: &CellFormats) -> Option<Decimal> {
        self.money(money, formats).ok().map(|line| Decimal::new(line.amount.into(), line.places))
    }

    /// The rows so far, as a batch.
    #[must_use]
    pub fn batch(&self) -> TransactionBatch<'_> {
        let present = |values: &[i64]| values.len() == self.days.len() && !values.is_empty();
        let (orders, attributes, products) = (self.orders.column(), self.attributes.column(), self.products.column());
        let filled = |column: TextColumn<'_>| column.len() == self.days.len() && !column.is_empty();
        TransactionBatch {
            customer_ids: self.customers.column(),
            order_ids: filled(orders).then_some(orders),
            attributes: filled(attributes).then_some(attributes),
            days: &self.days,
            times: self.times.as_deref().filter(|times| times.len() == self.days.len()),
            amounts: &self.amounts.units,
            scale: self.amounts.scale,
            quantities: present(&self.quantities).then_some(&self.quantities),
            quantity_scales: (present(&self.quantities) && self.quantity_scales.len() == self.days.len())
                .then_some(&self.quantity_scales),
            products: filled(products).then_some(products),
            prices: present(&self.prices).then_some(&self.prices),
            summaries: (!self.order_counts.is_empty())
                .then_some(SummaryColumns { orders: &self.order_counts, first: &self.first_days }),
            refused: &self.refused,
        }
    }

    /// Number of rows, and of refused lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.days.len().saturating_add(self.refused.len())
    }

    /// Whether there is neither a row nor a refused line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lines, over all batches, of which a number was rounded.
    #[must_use]
    pub const fn rounded(&self) -> u64 {
        self.rounded
    }

    /// Adds lines of which a number was rounded, in another buffer.
    pub const fn add_rounded(&mut self, lines: u64) {
        self.rounded = self.rounded.saturating_add(lines);
    }

    /// Empties the columns and keeps their memory.
    pub fn clear(&mut self) {
        self.customers.clear();
        self.orders.clear();
        self.products.clear();
        self.attributes.clear();
        self.days.clear();
        self.times.iter_mut().for_each(Vec::clear);
        self.order_counts.clear();
        self.first_days.clear();
        self.amounts.clear();
        self.quantities.clear();
        self.quantity_scales.clear();
        self.prices.clear();
        self.refused.clear();
    }

    /// The day of a date, and the time of day if times are kept; otherwise midnight.
    fn day(&mut self, cell: Cell<'_>, format: DateFormat) -> Result<(Day, u32), CellProblem> {
        let (keeps_times, zone) = (self.times.is_some(), self.zone.as_ref());
        let read = |cell: Cell<'_>| {
            if keeps_times { cell.day_and_time(format, zone) } else { cell.day(format, zone).map(|day| (day, 0)) }
        };
        let Cell::Text(text) = cell else { return read(cell) };
        if let Some((day, time)) = format.read_plainly(text) {
            return Ok((day, if keeps_times { time } else { 0 }));
        }
        if let (Some(known), true) = (self.last_date.1, self.last_format == Some(format) && self.last_date.0 == text) {
            return Ok(known);
        }
        let day_and_time = read(cell)?;
        self.last_date.0.clear();
        self.last_date.0.push_str(text);
        self.last_date.1 = Some(day_and_time);
        self.last_format = Some(format);
        Ok(day_and_time)
    }

    /// What a customer is known by beside the total.
    fn summary(
        &mut self,
        summary: &SummaryCells<'_>,
        date: Cell<'_>,
        formats: &CellFormats,
    ) -> Result<Summary, CellError> {
        let of = |role| move |problem| CellError { role, problem };
        let orders = count(summary.orders, formats.number).map_err(of(Role::Frequency))?;
        if orders == 0 {
            // Nobody looks at the days of a row without orders. They are often empty, or a placeholder.
            return Ok(Summary { orders, first: Day::MIN, last: Day::MIN, time: 0 });
        }
        let (last, time) = match summary.recency {
            Some(recency) => (formats.day_of_recency(recency).map_err(of(Role::Recency))?, 0),
            None => self.day(date, formats.date).map_err(of(Role::Date))?,
        };
        let first = match summary.first.filter(|first| !first.is_blank()) {
            Some(first) => first.day(formats.date, self.zone.as_ref()).map_err(of(Role::FirstOrder))?,
            None => last,
        };
        if first > last {
            return Err(CellError { role: Role::FirstOrder, problem: CellProblem::FirstAfterLast });
        }
        Ok(Summary { orders, first, last, time })
    }

    fn money(&self, money: &Money<'_>, formats: &CellFormats) -> Result<Line, CellError> {
        let read = |role: Role, cell: Cell<'_>| {
            cell.number(formats.number, formats.round).map_err(|problem| CellError { role, problem })
        };
        // A column beside the amount decides nothing but signs and what a return is of: an empty cell there is no reason to refuse
        // the line.
        let beside = |role: Role, cell: Option<Cell<'_>>| match cell.map(|cell| read(role, cell)) {
            Some(Err(CellError { problem: CellProblem::Empty, .. })) => {
                Ok(Some(Number { units: 1, ..Number::default() }))
            }
            Some(Ok(number)) => Ok(Some(number)),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        };
        match *money {
            Money::Amount { amount, quantity, price } => {
                let amount = read(Role::Amount, amount)?;
                let quantity = beside(Role::Quantity, quantity)?;
                Ok(Line {
                    amount: amount.units,
                    places: amount.places,
                    quantity: quantity.map(|quantity| quantity.units),
                    quantity_places: quantity.map_or(Scale::UNITS, |quantity| quantity.places),
                    price: beside(Role::Price, price)?.map(|price| price.units),
                    rounded: amount.rounded,
                })
            }
            Money::Product { quantity, price } => {
                let quantity = read(Role::Quantity, quantity)?;
                let price = read(Role::Price, price)?;
                let problem = |problem| CellError { role: Role::Price, problem };
                let product = i128::from(quantity.units).saturating_mul(price.units.into());
                let (amount, places) = shorten(product, quantity.places, price.places).map_err(problem)?;
                Ok(Line {
                    amount,
                    places,
                    quantity: Some(quantity.units),
                    quantity_places: quantity.places,
                    price: Some(price.units),
                    rounded: quantity.rounded || price.rounded,
                })
            }
        }
    }
}

/// What a row of a table of customers says beside the total.
struct Summary {
    orders: u64,
    first: Day,
    last: Day,
    /// The time of day of the last order.
    time: u32,
}

/// The numbers of one line.
#[derive(Default)]
struct Line {
    amount: i64,
    places: Scale,
    quantity: Option<i64>,
    quantity_places: Scale,
    price: Option<i64>,
    rounded: bool,
}

fn count(cell: Cell<'_>, format: NumberFormat) -> Result<u64, CellProblem> {
    let count = whole(cell, format)?.and_then(|count| u64::try_from(count).ok());
    count.ok_or_else(|| CellProblem::NotACount { found: cell.shape() })
}

/// The whole number of a cell; `None` of one that has decimals: neither a count nor a number of days is ever rounded.
pub(super) fn whole(cell: Cell<'_>, format: NumberFormat) -> Result<Option<i64>, CellProblem> {
    match cell.number(format, None) {
        Ok(Number { units, places: Scale::UNITS, rounded: false }) => Ok(Some(units)),
        Ok(_) | Err(CellProblem::TooManyDecimals { .. }) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// A product with the decimals of both factors; past nine, zeros at the end are dropped if there are enough of them.
#[inline]
fn shorten(product: i128, left: Scale, right: Scale) -> Result<(i64, Scale), CellProblem> {
    let places = left.decimals().saturating_add(right.decimals());
    let (product, scale) = match Scale::new(places) {
        Some(scale) => (product, scale),
        None => drop_zeros(product, places)?,
    };
    Ok((i64::try_from(product).map_err(|_| CellProblem::TooLarge)?, scale))
}

/// Apart from the way of nearly all lines, since dividing 128 bits takes longer than all the rest of a product.
#[cold]
fn drop_zeros(mut product: i128, mut places: u8) -> Result<(i128, Scale), CellProblem> {
    let allowed = Scale::MAX.decimals();
    while places > allowed && product.wrapping_rem(10) == 0 {
        product = product.wrapping_div(10);
        places = places.saturating_sub(1);
    }
    let scale = Scale::new(places).ok_or(CellProblem::TooManyDecimals { places: places.into(), allowed })?;
    Ok((product, scale))
}

#[cfg(test)]
#[path = "row_tests.rs"]
mod tests;
