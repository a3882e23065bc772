//! What the rows of an input are.

use core::fmt;

/// What a row of the input is: a line of an order, or a customer with what all orders come to.
///
/// Tables of customers are what other programs made of lines: with their counts and totals a customer enters where the lines of
/// others are already summarised, and the result is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Level {
    /// A line of an order.
    #[default]
    Lines,
    /// A customer, with the day of the last order (or the days since), the number of orders and their total.
    Customers,
}

impl Level {
    /// All levels.
    pub const ALL: [Level; 2] = [Level::Lines, Level::Customers];

    /// The name in messages and of the value that sets it (`--level lines`).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Level::Lines => "lines",
            Level::Customers => "customers",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
