//! One line: from its cells to a row of a batch.

use super::{Cell, CellError, CellProblem, DateFormat, DayZone, IdFormat, NumberFormat};
use crate::account::Refusal;
use crate::batch::TransactionBatch;
use crate::day::Day;
use crate::money::{Decimal, Scale};
use crate::roles::Role;
use crate::text::{TextBuffer, TextColumn};

/// The cells of one line that play a role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells<'a> {
    /// The customer id; empty if nobody knows.
    pub customer: Cell<'a>,
    /// The order id, if there is a column of them.
    pub order: Option<Cell<'a>>,
    /// The date.
    pub date: Cell<'a>,
    /// What the line is worth.
    pub money: Money<'a>,
    /// What the line says about the customer, if a column was chosen for that: a country, a shop.
    pub attribute: Option<Cell<'a>>,
}

/// The cells that say what a line is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Money<'a> {
    /// The amount, beside a quantity and a price if there are such columns.
    Amount {
        /// The amount of the line.
        amount: Cell<'a>,
        /// Pieces; only its sign counts, and an empty cell is none.
        quantity: Option<Cell<'a>>,
        /// Price of a piece; only its sign counts, and an empty cell is none.
        price: Option<Cell<'a>>,
    },
    /// Quantity times price.
    Product {
        /// Pieces.
        quantity: Cell<'a>,
        /// Price of a piece.
        price: Cell<'a>,
    },
}

/// How the cells of an input are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellFormats {
    /// The dates.
    pub date: DateFormat,
    /// The decimal separator of all numbers.
    pub number: NumberFormat,
    /// What is done to ids.
    pub ids: IdFormat,
    /// Rounds amounts, quantities and prices to so many decimals; `None`: more than nine are an error.
    pub round: Option<Scale>,
}

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

    fn push(&mut self, units: i64, places: Scale) {
        if places > self.scale {
            let factor = self.scale.factor_to(places);
            for units in &mut self.units {
                *units = units.saturating_mul(factor.into());
            }
            self.scale = places;
        }
        self.units.push(i128::from(units).saturating_mul(places.factor_to(self.scale).into()));
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
/// };
/// let mut buffer = TransactionBuffer::default();
/// let money = Money::Product { quantity: Cell::Integer(3), price: Cell::Text("1.200,50") };
/// let (customer, order, date) = (Cell::Text("ann"), Some(Cell::Integer(17)), Cell::Text("9.12.2011"));
/// buffer.push(&Cells { customer, order, date, money, attribute: None }, &formats)?;
/// assert_eq!(buffer.batch().len(), 1);
/// # Ok::<(), rfm_core::cell::CellError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TransactionBuffer {
    customers: TextBuffer,
    orders: TextBuffer,
    attributes: TextBuffer,
    days: Vec<Day>,
    amounts: NumberBuffer,
    quantities: Vec<i64>,
    prices: Vec<i64>,
    refused: Vec<Refusal>,
    rounded: u64,
    /// The last date cell and its day: in most exports the lines of an order follow each other.
    last_date: (String, Option<Day>),
    last_format: Option<DateFormat>,
    zone: Option<DayZone>,
    /// The digits of ids that are numbers.
    scratch: [String; 2],
}

impl TransactionBuffer {
    /// Counts the days of times with an offset in a zone, instead of as they are written.
    #[must_use]
    pub fn in_zone(self, zone: DayZone) -> TransactionBuffer {
        TransactionBuffer { zone: Some(zone), last_date: (String::new(), None), ..self }
    }

    /// Appends the row of a line. On an error nothing is appended.
    ///
    /// All rows of a batch have the same cells: each an order id or none, and likewise quantity and price.
    ///
    /// # Errors
    ///
    /// [`CellError`] for the first cell, in the order of [`Role`], that cannot be read.
    pub fn push(&mut self, cells: &Cells<'_>, formats: &CellFormats) -> Result<(), CellError> {
        let of = |role| move |problem| CellError { role, problem };
        let day = self.day(cells.date, formats.date).map_err(of(Role::Date))?;
        let line = self.money(&cells.money, formats)?;
        self.check_shape(cells, &line)?;
        let [customer, order] = &mut self.scratch;
        let customer = cells.customer.id(formats.ids, customer).map_err(of(Role::Customer))?;
        let order = cells.order.map(|cell| cell.id(formats.ids, order).map_err(of(Role::Order))).transpose()?;
        if !self.customers.has_room(customer) || !self.orders.has_room(order.unwrap_or_default()) {
            return Err(CellError { role: Role::Customer, problem: CellProblem::BatchFull });
        }
        match cells.attribute {
            Some(Cell::Text(text)) if self.attributes.has_room(text) => self.attributes.push(text),
            Some(Cell::Text(_)) => return Err(CellError { role: Role::Attribute, problem: CellProblem::BatchFull }),
            Some(cell) => self.attributes.push(&cell.to_string()),
            None => {}
        }
        self.customers.push(customer);
        order.into_iter().for_each(|order| self.orders.push(order));
        self.days.push(day);
        self.amounts.push(line.amount, line.places);
        self.quantities.extend(line.quantity);
        self.prices.extend(line.price);
        self.rounded = self.rounded.saturating_add(u64::from(line.rounded));
        Ok(())
    }

    /// A column is there for all rows of a batch or for none: a row without the cell would shift it.
    fn check_shape(&self, cells: &Cells<'_>, line: &Line) -> Result<(), CellError> {
        if self.days.is_empty() {
            return Ok(());
        }
        let other = [
            (Role::Order, cells.order.is_some(), !self.orders.column().is_empty()),
            (Role::Quantity, line.quantity.is_some(), !self.quantities.is_empty()),
            (Role::Price, line.price.is_some(), !self.prices.is_empty()),
            (Role::Attribute, cells.attribute.is_some(), !self.attributes.column().is_empty()),
        ];
        match other.into_iter().find(|(_, here, before)| here != before) {
            Some((role, ..)) => Err(CellError { role, problem: CellProblem::OtherCells }),
            None => Ok(()),
        }
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
        let (orders, attributes) = (self.orders.column(), self.attributes.column());
        let filled = |column: TextColumn<'_>| column.len() == self.days.len() && !column.is_empty();
        TransactionBatch {
            customer_ids: self.customers.column(),
            order_ids: filled(orders).then_some(orders),
            attributes: filled(attributes).then_some(attributes),
            days: &self.days,
            amounts: &self.amounts.units,
            scale: self.amounts.scale,
            quantities: present(&self.quantities).then_some(&self.quantities),
            prices: present(&self.prices).then_some(&self.prices),
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

    /// Empties the columns and keeps their memory.
    pub fn clear(&mut self) {
        self.customers.clear();
        self.orders.clear();
        self.attributes.clear();
        self.days.clear();
        self.amounts.clear();
        self.quantities.clear();
        self.prices.clear();
        self.refused.clear();
    }

    fn day(&mut self, cell: Cell<'_>, format: DateFormat) -> Result<Day, CellProblem> {
        let Cell::Text(text) = cell else { return cell.day(format, self.zone.as_ref()) };
        if let (Some(day), true) = (self.last_date.1, self.last_format == Some(format) && self.last_date.0 == text) {
            return Ok(day);
        }
        let day = format.read_in(text, self.zone.as_ref())?;
        self.last_date.0.clear();
        self.last_date.0.push_str(text);
        self.last_date.1 = Some(day);
        self.last_format = Some(format);
        Ok(day)
    }

    fn money(&self, money: &Money<'_>, formats: &CellFormats) -> Result<Line, CellError> {
        let read = |role: Role, cell: Cell<'_>| {
            cell.number(formats.number, formats.round).map_err(|problem| CellError { role, problem })
        };
        // A column beside the amount decides nothing but signs: an empty cell there is no reason to refuse the line.
        let beside = |role: Role, cell: Option<Cell<'_>>| match cell.map(|cell| read(role, cell)) {
            Some(Err(CellError { problem: CellProblem::Empty, .. })) => Ok(Some(1)),
            Some(Ok(number)) => Ok(Some(number.units)),
            Some(Err(error)) => Err(error),
            None => Ok(None),
        };
        match *money {
            Money::Amount { amount, quantity, price } => {
                let amount = read(Role::Amount, amount)?;
                Ok(Line {
                    amount: amount.units,
                    places: amount.places,
                    quantity: beside(Role::Quantity, quantity)?,
                    price: beside(Role::Price, price)?,
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
                    price: Some(price.units),
                    rounded: quantity.rounded || price.rounded,
                })
            }
        }
    }
}

/// The numbers of one line.
struct Line {
    amount: i64,
    places: Scale,
    quantity: Option<i64>,
    price: Option<i64>,
    rounded: bool,
}

/// A product with the decimals of both factors; past nine, zeros at the end are dropped if there are enough of them.
fn shorten(mut product: i128, left: Scale, right: Scale) -> Result<(i64, Scale), CellProblem> {
    let mut places = left.decimals().saturating_add(right.decimals());
    while places > Scale::MAX.decimals() && product.wrapping_rem(10) == 0 {
        product = product.wrapping_div(10);
        places = places.saturating_sub(1);
    }
    let allowed = Scale::MAX.decimals();
    let scale = Scale::new(places).ok_or(CellProblem::TooManyDecimals { places: places.into(), allowed })?;
    Ok((i64::try_from(product).map_err(|_| CellProblem::TooLarge)?, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: CellFormats = CellFormats {
        date: DateFormat::YearMonthDay,
        number: NumberFormat::Point,
        ids: IdFormat::Integer,
        round: None,
    };

    fn product<'a>(quantity: &'a str, price: &'a str) -> Cells<'a> {
        let text = Cell::Text;
        let money = Money::Product { quantity: text(quantity), price: text(price) };
        Cells { customer: text("13085.0"), order: Some(text("C1")), date: text("2011-12-09"), money, attribute: None }
    }

    #[test]
    fn earlier_rows_follow_the_scale_of_later_ones() {
        let mut buffer = TransactionBuffer::default();
        buffer.push(&product("2", "3"), &FORMATS).unwrap();
        buffer.push(&product("-1", "0.125"), &FORMATS).unwrap();
        buffer.push(&product("0.5", "0.5"), &FORMATS).unwrap();
        let batch = buffer.batch();
        assert_eq!((batch.amounts, batch.scale.decimals()), (&[6_000, -125, 250][..], 3));
        assert_eq!(batch.quantities, Some(&[2, -1, 5][..]), "the digits: only the sign of a quantity counts");
        assert_eq!(batch.customer_ids.get(1), "13085");
    }

    #[test]
    fn an_error_leaves_the_batch_as_it_was() {
        let mut buffer = TransactionBuffer::default();
        buffer.push(&product("2", "3"), &FORMATS).unwrap();
        for (quantity, price, role) in
            [("x", "1", Role::Quantity), ("1", "", Role::Price), ("9223372036854775807", "2", Role::Price)]
        {
            assert_eq!(buffer.push(&product(quantity, price), &FORMATS).unwrap_err().role, role);
        }
        let bad_date = Cells { date: Cell::Text("2011-02-30"), ..product("1", "1") };
        assert_eq!(buffer.push(&bad_date, &FORMATS).unwrap_err().reject(), crate::Reject::BadDate);
        assert_eq!(buffer.worth(&bad_date.money, &FORMATS), Some(Decimal::new(1, Scale::UNITS)));
        assert_eq!((buffer.batch().len(), buffer.batch().amounts), (1, &[6][..]));
    }

    #[test]
    fn the_decimals_of_both_factors_are_kept_or_refused() {
        let mut buffer = TransactionBuffer::default();
        buffer.push(&product("0.00002", "0.00005"), &FORMATS).unwrap();
        assert_eq!(buffer.batch().amounts, [1]);
        let error = buffer.push(&product("0.00001", "0.00001"), &FORMATS).unwrap_err();
        assert_eq!(error.to_string(), "price: has 10 decimals, more than the 9 that are kept; round with --round");
    }
}
