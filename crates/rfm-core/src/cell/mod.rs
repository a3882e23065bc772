//! From a cell to a value, the same for every adapter.
//!
//! Formats are told, or proven from the data by [`DateEvidence`] and [`NumberEvidence`]; nothing is guessed. An error
//! describes the *shape* of what was found ("7 characters: letters"), not the value, because messages travel further
//! than data should.

mod cells;
mod date;
mod floats;
mod id;
mod lines;
mod number;
mod plain;
mod row;
mod shape;
mod value;
mod zone;

pub use cells::{CellFormats, Cells, Money, SummaryCells};
pub use date::{DateEvidence, DateFormat, DateFormats};
pub use floats::short_decimals;
pub use id::IdFormat;
pub use lines::{LineColumns, TakenLines, TextLines};
pub use number::{Number, NumberEvidence, NumberFormat};
pub use row::TransactionBuffer;
pub use shape::Shape;
pub use value::{Cell, CellFault};
pub use zone::DayZone;
#[cfg(feature = "jiff")]
pub use zone::UnknownZone;

use crate::account::Reject;
use crate::roles::Role;

/// Why a cell has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CellProblem {
    /// An empty cell where a value is needed.
    #[error("is empty")]
    Empty,
    /// Not a date of the format that the column has.
    #[error("expected a date as {format}, found {found}")]
    NotADate {
        /// The format of the column.
        format: DateFormat,
        /// What was found.
        found: Shape,
    },
    /// A date outside of 1970-01-01..=2199-12-31, where orders are not: a placeholder or a slip.
    #[error("the year {year} is outside of 1970 to 2199")]
    YearOutOfRange {
        /// The year.
        year: i32,
    },
    /// Not a number.
    #[error("expected a number with a decimal {format}, found {found}")]
    NotANumber {
        /// The decimal separator of the column.
        format: NumberFormat,
        /// What was found.
        found: Shape,
    },
    /// One separator before three digits in a column that does not tell which separator it is.
    #[error(
        "`{separator}` before three digits may be a decimal or a thousands separator; \
         say which with --decimal point or --decimal comma"
    )]
    AmbiguousNumber {
        /// The separator.
        separator: char,
    },
    /// More decimals than are kept.
    #[error("has {places} decimals, more than the {allowed} that are kept; round with --round")]
    TooManyDecimals {
        /// Decimals found.
        places: u32,
        /// Decimals that are kept.
        allowed: u8,
    },
    /// A cell that the rows before it do not have, or the other way round. Lend the batch first.
    #[error("is there in some rows of a batch and not in others")]
    OtherCells,
    /// More than 4 GiB of ids in one batch. Lend the batch first.
    #[error("does not fit the batch, which holds 4 GiB of ids")]
    BatchFull,
    /// A number in a column of dates.
    #[error("is a plain number, not a date; give the column a date format in the program that wrote it")]
    PlainNumber,
    /// A number that cannot be an id: it has decimals, or is a float of 2^53 and more.
    #[error("is a number with decimals, or too large to be exact; ids are texts or whole numbers")]
    NotAnId,
    /// What is no count of orders: it has decimals, or is less than 0.
    #[error("expected a whole number of orders, 0 or more, found {found}")]
    NotACount {
        /// What was found.
        found: Shape,
    },
    /// What is no number of days: it has decimals, or leads out of the calendar.
    #[error("expected a whole number of days, found {found}")]
    NotDays {
        /// What was found.
        found: Shape,
    },
    /// A recency, and nobody said which day it counts back from.
    #[error("recency in days needs the day that it counts back from; give it with --as-of")]
    NoAnalysisDate,
    /// A first order after the last one.
    #[error("is after the last order of the customer")]
    FirstAfterLast,
    /// Infinity, or not a number.
    #[error("is infinite or not a number")]
    NotFinite,
    /// A value of a type that cannot play the role.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What is needed, with its article.
        expected: &'static str,
        /// What is there, with its article.
        found: &'static str,
    },
    /// What stands in the place of a value and is none.
    #[error("{0}")]
    Fault(CellFault),
    /// A number, or the product of quantity and price, that does not fit 64 bits of minor units.
    #[error("is too large: the limit is 9223372036854775807 minor units")]
    TooLarge,
}

/// A cell that cannot be used, and the role that its column plays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{role}: {problem}")]
pub struct CellError {
    /// The role of the column.
    pub role: Role,
    /// What is wrong.
    pub problem: CellProblem,
}

impl CellError {
    /// The reason under which the line is counted if it is refused.
    #[must_use]
    pub const fn reject(&self) -> Reject {
        match self.role {
            Role::Date | Role::FirstOrder => Reject::BadDate,
            Role::Customer | Role::Order | Role::Product | Role::Currency | Role::Attribute => Reject::BadRecord,
            Role::Amount | Role::Quantity | Role::Price | Role::Recency | Role::Frequency => Reject::BadNumber,
        }
    }
}
