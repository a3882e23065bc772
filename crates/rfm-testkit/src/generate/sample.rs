//! The two files in `examples/data`.

use super::date::Date;
use super::shape::Shape;
use super::stream::OrderGenerator;
use crate::error::Error;

/// What `examples/data/orders.csv` holds: two years of a shop, 2024-01-01 to 2025-12-31; some 400 customers and 4,000
/// lines, with guests, returns, free items and duplicates, without dirty cells.
///
/// # Errors
///
/// None; the shape is a fixed one.
pub fn sample_orders() -> Result<OrderGenerator, Error> {
    shop().window(Date::from_days(OPENS), Date::from_days(NEW_YEAR - 1)).build()
}

/// What `examples/data/orders-2026.csv` holds: the next quarter of the same shop, to 2026-03-31, with customers of the
/// first file and new ones.
///
/// # Errors
///
/// None; the shape is a fixed one.
pub fn sample_orders_2026() -> Result<OrderGenerator, Error> {
    shop().window(Date::from_days(NEW_YEAR), Date::from_days(CLOSES)).build()
}

/// 2024-01-01.
const OPENS: i32 = 19_723;
/// 2026-01-01.
const NEW_YEAR: i32 = 20_454;
/// 2026-03-31.
const CLOSES: i32 = 20_543;

fn shop() -> Shape {
    let (opens, closes) = (Date::from_days(OPENS), Date::from_days(CLOSES));
    Shape::new().seed(2026).customers(440).first_day(opens).last_day(closes)
}
