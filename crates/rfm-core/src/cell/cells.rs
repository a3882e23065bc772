//! The cells of a row that play a role, and how they are written.

use super::row::whole;
use super::{Cell, CellError, CellProblem, DateFormat, IdFormat, NumberFormat};
use crate::day::Day;
use crate::money::Scale;
use crate::roles::{ColumnRoles, Level, Role};

/// The cells of one row that play a role: of an order line, or of a customer if there is a summary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells<'a> {
    /// The customer id; empty if nobody knows.
    pub customer: Cell<'a>,
    /// The order id, if there is a column of them.
    pub order: Option<Cell<'a>>,
    /// What was bought, if a column of products was asked for.
    pub product: Option<Cell<'a>>,
    /// The date; of a customer that of the last order, and not looked at where there is a recency.
    pub date: Cell<'a>,
    /// What the line is worth; of a customer the total of all orders, which is always an amount.
    pub money: Money<'a>,
    /// What the line says about the customer, if a column was chosen for that: a country, a shop.
    pub attribute: Option<Cell<'a>>,
    /// What a table of customers says beside last order and total.
    pub summary: Option<SummaryCells<'a>>,
}

/// The cells that say what a line is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Money<'a> {
    /// The amount, beside a quantity and a price if there are such columns.
    Amount {
        /// The amount of the line.
        amount: Cell<'a>,
        /// Pieces; only its sign counts unless returns are matched, and an empty cell is none.
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

/// The cells of a customer that order lines do not have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SummaryCells<'a> {
    /// How many orders there are: a whole number, 0 or more.
    pub orders: Cell<'a>,
    /// The day of the first order, if there is a column of them; an empty one is that of the last order.
    pub first: Option<Cell<'a>>,
    /// How many days before [`CellFormats::as_of`] the last order was, where there is no date: a whole number, negative if the
    /// order is later.
    pub recency: Option<Cell<'a>>,
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
    /// The day that a column of recency counts back from. Without such a column it may be missing.
    pub as_of: Option<Day>,
}

impl<'a> Cells<'a> {
    /// The cells of a row by the roles of their columns; `cell` gives the one of a column, counted from 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::{Cell, Cells, Money};
    /// use rfm_core::{ColumnChoice, ColumnRoles};
    ///
    /// let roles = ColumnRoles::resolve(&["customer", "date", "price", "qty"], &ColumnChoice::default())?;
    /// let row = ["ann", "2011-12-09", "1.50", "3"];
    /// let cells = Cells::of(&roles, |column| Cell::Text(row[column]));
    /// assert_eq!(cells.money, Money::Product { quantity: Cell::Text("3"), price: Cell::Text("1.50") });
    /// # Ok::<(), rfm_core::RoleError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn of(roles: &ColumnRoles, cell: impl Fn(usize) -> Cell<'a>) -> Cells<'a> {
        let optional = |role| roles.column(role).map(&cell);
        let needed = |role| optional(role).unwrap_or_default();
        let money = if roles.is_product() {
            Money::Product { quantity: needed(Role::Quantity), price: needed(Role::Price) }
        } else {
            let (quantity, price) = (optional(Role::Quantity), optional(Role::Price));
            Money::Amount { amount: needed(Role::Amount), quantity, price }
        };
        Cells {
            customer: needed(Role::Customer),
            order: optional(Role::Order),
            product: optional(Role::Product),
            date: needed(Role::Date),
            money,
            attribute: optional(Role::Attribute),
            summary: (roles.level() == Level::Customers).then(|| SummaryCells {
                orders: needed(Role::Frequency),
                first: optional(Role::FirstOrder),
                recency: optional(Role::Recency),
            }),
        }
    }
}

impl CellFormats {
    /// Whether rows of these columns can be read at all, to be asked before the first one is.
    ///
    /// # Errors
    ///
    /// [`CellProblem::NoAnalysisDate`] if there is a column of recency and no day that it counts back from.
    pub fn check(&self, roles: &ColumnRoles) -> Result<(), CellError> {
        match (roles.column(Role::Recency), self.as_of) {
            (Some(_), None) => Err(CellError { role: Role::Recency, problem: CellProblem::NoAnalysisDate }),
            _ => Ok(()),
        }
    }

    /// The day that lies a number of days before the analysis date.
    pub(super) fn day_of_recency(&self, recency: Cell<'_>) -> Result<Day, CellProblem> {
        let as_of = self.as_of.ok_or(CellProblem::NoAnalysisDate)?;
        let day = whole(recency, self.number)?
            .and_then(|days| i64::from(as_of.epoch_days()).checked_sub(days))
            .and_then(|day| i32::try_from(day).ok())
            .and_then(Day::from_epoch_days)
            .ok_or_else(|| CellProblem::NotDays { found: recency.shape() })?;
        let (year, _, _) = day.ymd();
        if (1970..2200).contains(&year) { Ok(day) } else { Err(CellProblem::YearOutOfRange { year }) }
    }
}
