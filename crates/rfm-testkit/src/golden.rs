//! Tables made by other people's tools, read exactly.
//!
//! [`Table`] reads any of them; the typed readers know the columns of those that many tests need. What the tables hold, and
//! with which tools they were made, stands in the README beside them. The rows of the typed readers have public fields:
//! they are what a file said, with no promise to keep.
//!
//! ```no_run
//! use rfm_testkit::golden::CustomerValues;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let Some(shared) = rfm_testkit::shared("monetary is exact") else { return Ok(()) };
//! let customers = CustomerValues::read(shared.join("golden/online_retail_II/rfm_values.csv"))?;
//! let total: Option<i128> = customers.iter().map(|customer| customer.monetary.at_scale(3)).sum();
//! assert_eq!(total, Some(17_743_429_178));
//! # Ok(())
//! # }
//! ```

mod customers;
mod decimal;
mod readings;
mod segments;
mod table;

pub use customers::{CustomerScores, CustomerValues, Scores};
pub use decimal::Decimal;
pub use readings::{MessyReadings, Reading};
pub use segments::{Method, SegmentTotals};
pub use table::{Row, Table};
