//! Order lines made from a seed.
//!
//! A [`Shape`] says how the shop and its customers are; [`Shape::build`] checks it; the [`OrderGenerator`] gives the lines,
//! one by one, as CSV or as Parquet, as often as asked and always the same. 100 million lines in order of time are made in
//! the memory of their customers, since every customer and order is made from a random stream of its own when its day has
//! come.
//!
//! ```
//! use rfm_testkit::generate::{Date, Shape};
//!
//! let day = |y, m, d| Date::from_ymd(y, m, d).ok_or("no such day");
//! let generator = Shape::new()
//!     .seed(42)
//!     .customers(50)
//!     .first_day(day(2024, 1, 1)?)
//!     .last_day(day(2024, 12, 31)?)
//!     .returns(100) // one order in ten
//!     .build()?;
//! for line in generator.lines().take(3) {
//!     println!("{} {} {:?} {}", line.timestamp(), line.order_id(), line.customer_id(), line.quantity());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The numbers are made up. They are like those of a shop in what matters to segmentation: half of the customers buy once,
//! few buy hundreds of times, and amounts span four orders of magnitude. Seasons, weekdays and prices that rise are left out.

mod catalogue;
#[cfg(feature = "parquet")]
mod columns;
mod date;
mod dirt;
mod line;
mod random;
mod sample;
mod shape;
mod shop;
mod stream;
#[cfg(test)]
mod tests;

pub use date::Date;
pub use dirt::{Dirt, Expected};
pub use line::OrderLine;
pub use random::SplitMix64;
pub use sample::{sample_orders, sample_orders_2026};
pub use shape::{LineOrder, Shape};
pub use stream::{Lines, OrderGenerator};
