//! The settings of the generator.

use super::date::Date;
use super::shop::Shop;
use super::stream::OrderGenerator;
use crate::error::Error;

/// How a shop and its customers are. Shares are per mille, so that no share needs a float.
///
/// Every setting draws from the same random streams whatever the others are: raising the share of dirty cells, say, spoils
/// more cells and changes nothing else.
#[derive(Clone, Debug)]
pub struct Shape {
    pub(super) seed: u64,
    pub(super) size: Size,
    pub(super) first_day: Date,
    pub(super) last_day: Date,
    pub(super) window: Option<(Date, Date)>,
    pub(super) one_time_buyers: u32,
    pub(super) buyer_tail: u32,
    pub(super) order_tail: u32,
    pub(super) guests: u32,
    pub(super) returns: u32,
    pub(super) free_items: u32,
    pub(super) duplicates: u32,
    pub(super) spread_orders: u32,
    pub(super) dirty_cells: u32,
    pub(super) line_order: LineOrder,
}

/// How much is generated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Size {
    Customers(u32),
    Lines(u64),
}

/// The order in which lines come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineOrder {
    /// By time; lines of one moment by order id. Needs about 10 bytes of memory per customer.
    #[default]
    Time,
    /// At random, every line on its own. Needs 32 bytes of memory per line.
    Shuffled,
}

impl Shape {
    /// 1,000 customers from 2024-01-01 to 2025-12-31, half of them one-time buyers; returns, guests, free items, spread
    /// orders and a few duplicates; no dirty cells; in order of time; seed 0.
    pub fn new() -> Self {
        Self {
            seed: 0,
            size: Size::Customers(1000),
            first_day: Date::from_days(19_723),
            last_day: Date::from_days(20_453),
            window: None,
            one_time_buyers: 500,
            buyer_tail: BUYER_TAIL,
            order_tail: ORDER_TAIL,
            guests: 250,
            returns: 60,
            free_items: 8,
            duplicates: 5,
            spread_orders: 50,
            dirty_cells: 0,
            line_order: LineOrder::Time,
        }
    }

    /// Another seed gives another shop of the same shape.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The number of customers who have an id. Replaces [`lines`](Self::lines).
    pub fn customers(mut self, customers: u32) -> Self {
        self.size = Size::Customers(customers);
        self
    }

    /// The number of lines; as many customers as that takes. The last lines of the last customer too many are cut off, so
    /// the stream has exactly this many. Replaces [`customers`](Self::customers).
    pub fn lines(mut self, lines: u64) -> Self {
        self.size = Size::Lines(lines);
        self
    }

    /// The day the shop opens: nobody buys before.
    pub fn first_day(mut self, day: Date) -> Self {
        self.first_day = day;
        self
    }

    /// The last day with orders.
    pub fn last_day(mut self, day: Date) -> Self {
        self.last_day = day;
        self
    }

    /// Gives only the lines of these days, both included. The shop lives from first to last day all the same, so two
    /// generators that differ in their windows alone give two exports of one shop: same customers, no order twice.
    pub fn window(mut self, from: Date, until: Date) -> Self {
        self.window = Some((from, until));
        self
    }

    /// The share of customers who buy once; the others buy 2 to 512 times, with a heavy tail.
    pub fn one_time_buyers(mut self, per_mille: u32) -> Self {
        self.one_time_buyers = per_mille;
        self
    }

    /// How heavy the tail of those who buy again is: with each doubling of the number of orders, this share of them is
    /// left. 375 unless set, an exponent of 1.4.
    pub fn buyer_tail(mut self, per_mille: u32) -> Self {
        self.buyer_tail = per_mille;
        self
    }

    /// How heavy the tail of long orders is, which have 1 to 63 lines: with each doubling of the number of lines, this
    /// share of the orders is left. 500 unless set, a mean of nearly 5 lines.
    pub fn order_tail(mut self, per_mille: u32) -> Self {
        self.order_tail = per_mille;
        self
    }

    /// Sets the share of one-time buyers and both tails as in the large files of the benches: 10 million lines have 1.4
    /// million orders of 220 thousand customers, and any other number of lines has as many lines per order and orders per
    /// customer.
    pub fn large(self) -> Self {
        self.one_time_buyers(280).buyer_tail(500).order_tail(585)
    }

    /// Orders without a customer id, per thousand customers (not per thousand orders). At most 1000.
    pub fn guests(mut self, per_mille: u32) -> Self {
        self.guests = per_mille;
        self
    }

    /// The share of customers' orders that are taken back, wholly or in part, 1 to 30 days later by an order with prefix
    /// `C` and negative quantities of the same products at the same prices. What falls behind the last day is left out.
    pub fn returns(mut self, per_mille: u32) -> Self {
        self.returns = per_mille;
        self
    }

    /// The share of lines with price 0.
    pub fn free_items(mut self, per_mille: u32) -> Self {
        self.free_items = per_mille;
        self
    }

    /// The share of purchased lines that come twice, equal in every cell. Other lines of an order differ in their product.
    pub fn duplicates(mut self, per_mille: u32) -> Self {
        self.duplicates = per_mille;
        self
    }

    /// The share of orders of two and more lines whose last lines are entered up to three hours later, with that time. The
    /// lines of the other orders are adjacent (in order of time).
    pub fn spread_orders(mut self, per_mille: u32) -> Self {
        self.spread_orders = per_mille;
        self
    }

    /// The share of lines with one dirty cell, of a [`Dirt`](super::Dirt) drawn evenly.
    pub fn dirty_cells(mut self, per_mille: u32) -> Self {
        self.dirty_cells = per_mille;
        self
    }

    /// The order of the lines.
    pub fn line_order(mut self, order: LineOrder) -> Self {
        self.line_order = order;
        self
    }

    /// Checks the shape and, where the number of lines is given, finds the number of customers that it takes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`](crate::ErrorKind::Shape) if a share is above 1000, the last day lies before the first, the
    /// window is empty or has no day of the shop's life, or more than 2^30 customers are asked for or needed.
    pub fn build(self) -> Result<OrderGenerator, Error> {
        let shares = [
            ("one_time_buyers", self.one_time_buyers),
            ("buyer_tail", self.buyer_tail),
            ("order_tail", self.order_tail),
            ("guests", self.guests),
            ("returns", self.returns),
            ("free_items", self.free_items),
            ("duplicates", self.duplicates),
            ("spread_orders", self.spread_orders),
            ("dirty_cells", self.dirty_cells),
        ];
        if let Some((name, share)) = shares.into_iter().find(|&(_, share)| share > 1000) {
            return Err(Error::shape(format!("`{name}` is {share} per mille; at most 1000 is possible")));
        }
        if self.last_day < self.first_day {
            return Err(Error::shape(format!(
                "the last day {} lies before the first day {}",
                self.last_day, self.first_day
            )));
        }
        if let Some((from, until)) = self.window
            && (until < from || until < self.first_day || self.last_day < from)
        {
            return Err(Error::shape(format!(
                "the window {from} to {until} has no day of {} to {}",
                self.first_day, self.last_day
            )));
        }
        let size = self.size;
        let shop = Shop::new(self);
        let (customers, limit) = match size {
            Size::Customers(customers) if customers > MOST_CUSTOMERS => {
                return Err(Error::shape(format!("{customers} customers; at most {MOST_CUSTOMERS} are possible")));
            }
            Size::Customers(customers) => (customers, u64::MAX),
            Size::Lines(lines) => match shop.customers_for(lines, MOST_CUSTOMERS) {
                Some(customers) => (customers, lines),
                None => return Err(Error::shape(format!("{lines} lines need more than {MOST_CUSTOMERS} customers"))),
            },
        };
        Ok(OrderGenerator::new(shop, customers, limit))
    }
}

/// Half of what the marking of guests in 32 bits leaves, since guests are numbered beside the customers.
const MOST_CUSTOMERS: u32 = 1 << 30;

/// The tails of [`Shape::new`].
pub(super) const BUYER_TAIL: u32 = 375;
pub(super) const ORDER_TAIL: u32 = 500;

impl Default for Shape {
    fn default() -> Self {
        Self::new()
    }
}
