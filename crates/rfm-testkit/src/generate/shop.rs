//! Customers and orders, each made from its own random stream whenever it is asked for. Nothing is stored here.
//!
//! Advice to the next reader: the bytes of committed files hang on the order of the draws in this file. A new property
//! draws from a stream of its own (a new `kind` of [`SplitMix64::for_item`]); then the files change only where it shows.

use super::catalogue::{Basket, Catalogue, pick_country, pick_quantity};
use super::dirt::Dirt;
use super::line::{GUEST, Line};
use super::random::SplitMix64;
use super::shape::{BUYER_TAIL, ORDER_TAIL, Shape};

/// The longest time between a purchase and its return, in days.
pub(super) const LONGEST_RETURN: u32 = 30;

// What a stream is for.
const BUYER: u64 = 1;
const ORDER: u64 = 2;
const RETURN: u64 = 3;
const SHUFFLE: u64 = 4;
const BUYER_TAILS: u64 = 5;
const ORDER_TAILS: u64 = 6;

/// The shape, with what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    pub(super) shape: Shape,
    /// The days of the shop's life and of the window, in days since 1970-01-01.
    pub(super) life: (i32, i32),
    pub(super) window: (i32, i32),
    pub(super) catalogue: std::sync::Arc<Catalogue>,
}

/// One who buys: a customer or a guest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buyer {
    pub(super) actor: u32,
    pub(super) first: i32,
    last: i32,
    orders: u32,
    country: u8,
}

/// One order, without its lines: those are drawn from `random` when they are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    gap: SplitMix64,
    pub(super) second: u32,
    pub(super) lines: u32,
    pub(super) duplicates: u32,
    /// How many of the last lines come later, and how many seconds later.
    pub(super) spread: (u32, u32),
    pub(super) takes_back: Option<TakesBack>,
    random: SplitMix64,
}

/// The return of an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct TakesBack {
    /// Days after the purchase, 1 to [`LONGEST_RETURN`].
    pub(super) delay: u32,
    pub(super) second: u32,
    whole: bool,
    random: SplitMix64,
}

impl Shop {
    pub(super) fn new(shape: Shape) -> Self {
        let life = (shape.first_day.days(), shape.last_day.days());
        let window = shape.window.map_or(life, |(from, until)| (from.days(), until.days()));
        Self { shape, life, window, catalogue: Catalogue::new().into() }
    }

    /// The actors behind a number of customers: guests are numbered apart, so that more customers change none of them.
    pub(super) fn guests_for(&self, customers: u32) -> u32 {
        (u64::from(customers) * u64::from(self.shape.guests) / 1000) as u32
    }

    pub(super) fn is_in_window(&self, day: i32) -> bool {
        (self.window.0..=self.window.1).contains(&day)
    }

    pub(super) fn shuffling(&self) -> SplitMix64 {
        SplitMix64::for_item(self.shape.seed, SHUFFLE, 0, 0)
    }

    pub(super) fn buyer(&self, actor: u32) -> Buyer {
        let mut random = SplitMix64::for_item(self.shape.seed, BUYER, actor, 0);
        let (open, close) = self.life;
        let days = (close - open) as u32;
        let country = pick_country(&mut random);
        let once = random.per_mille(self.shape.one_time_buyers) || actor & GUEST != 0;
        let (one, other) = (random.below(days + 1), random.below(days + 1));
        if once {
            return Buyer { actor, first: open + one as i32, last: close, orders: 1, country };
        }
        // How many draws a tail takes hangs on the tail: one that is set has a stream of its own, beside the usual way.
        let usual = random.heavy(BUYER_TAIL, 8);
        let orders = match self.shape.buyer_tail {
            BUYER_TAIL => 1 + usual,
            tail => 1 + SplitMix64::for_item(self.shape.seed, BUYER_TAILS, actor, 0).heavy(tail, 8),
        };
        // The earlier of two days: who bought often has been here longer.
        let first = open + one.min(other) as i32;
        // Half of the customers leave at some day, save the best ones.
        let leaves = random.per_mille(500) && orders < 16;
        let stays = random.below((close - first) as u32 + 1) as i32;
        Buyer { actor, first, last: if leaves { first + stays } else { close }, orders, country }
    }

    /// The order number `index` (from 0) of a buyer.
    pub(super) fn order(&self, buyer: &Buyer, index: u32) -> Order {
        let mut random = SplitMix64::for_item(self.shape.seed, ORDER, buyer.actor, index);
        let gap = random;
        random.next_u64();
        random.next_u64();
        let second = shop_hours(&mut random);
        // Unless set, half of the orders have one line, one in 32 has 32 to 63.
        let usual = random.heavy(ORDER_TAIL, 5);
        let lines = match self.shape.order_tail {
            ORDER_TAIL => usual,
            tail => SplitMix64::for_item(self.shape.seed, ORDER_TAILS, buyer.actor, index).heavy(tail, 5),
        };
        // Whole duplicates plus one more as often as the rest of the share says.
        let duplicates = (lines * self.shape.duplicates + random.below(1000)) / 1000;
        let is_spread = random.per_mille(self.shape.spread_orders) && lines > 1;
        let spread = (1 + random.below(lines / 2), 300 + random.below(10_000));
        let is_returned = random.per_mille(self.shape.returns) && buyer.actor & GUEST == 0;
        let takes_back = is_returned.then(|| {
            let mut random = SplitMix64::for_item(self.shape.seed, RETURN, buyer.actor, index);
            let delay = 1 + random.below(LONGEST_RETURN);
            TakesBack { delay, second: shop_hours(&mut random), whole: random.per_mille(250), random }
        });
        Order { gap, second, lines, duplicates, spread: if is_spread { spread } else { (0, 0) }, takes_back, random }
    }

    /// Hands over the lines of a purchase, duplicates included, with their time and without an order number.
    pub(super) fn purchase(&self, buyer: &Buyer, order: &Order, day: i32, mut take: impl FnMut(Line)) {
        let mut random = order.random;
        let mut basket = Basket::default();
        for index in 0..order.lines {
            let mut line = self.line(buyer, day, order.second, &mut basket, &mut random);
            if index + order.spread.0 >= order.lines {
                line.second += order.spread.1;
            }
            take(line);
            if index < order.duplicates {
                take(line);
            }
        }
    }

    /// Hands over the lines of a return: all products of the purchase, or some pieces of one.
    pub(super) fn cancellation(
        &self,
        buyer: &Buyer,
        order: &Order,
        back: TakesBack,
        day: i32,
        mut take: impl FnMut(Line),
    ) {
        let mut purchased = order.random;
        let mut basket = Basket::default();
        let mut random = back.random;
        let chosen = random.below(order.lines);
        for index in 0..order.lines {
            let mut line = self.line(buyer, day, back.second, &mut basket, &mut purchased);
            line.is_return = true;
            line.dirt = self.dirt(buyer, &mut random);
            if back.whole {
                line.quantity = -line.quantity;
                take(line);
            } else if index == chosen {
                line.quantity = -1 - random.below(line.quantity.unsigned_abs()) as i32;
                take(line);
            }
        }
    }

    fn line(&self, buyer: &Buyer, day: i32, second: u32, basket: &mut Basket, random: &mut SplitMix64) -> Line {
        let product = basket.add(self.catalogue.pick(random));
        let quantity = pick_quantity(random);
        let full = self.catalogue.product(product).price;
        let reduced = random.per_mille(100);
        let free = random.per_mille(self.shape.free_items);
        let dirt = self.dirt(buyer, random);
        let price = match (free, reduced) {
            (true, _) => 0,
            (false, true) => full * 9 / 10,
            (false, false) => full,
        };
        let quantity = if free { 1 } else { quantity };
        let (actor, country) = (buyer.actor, buyer.country);
        Line { actor, order: 0, day, second, quantity, price, product, country, is_return: false, dirt }
    }

    fn dirt(&self, buyer: &Buyer, random: &mut SplitMix64) -> Option<Dirt> {
        let is_dirty = random.per_mille(self.shape.dirty_cells);
        let kinds = if buyer.actor & GUEST == 0 { Dirt::ALL.len() } else { Dirt::FOR_GUESTS };
        let kind = random.below(kinds as u32) as usize;
        is_dirty.then(|| Dirt::ALL[kind])
    }

    /// The lines of a buyer within the window, counted without making them.
    fn count_lines(&self, actor: u32) -> u64 {
        let buyer = self.buyer(actor);
        let (mut lines, mut index, mut day) = (0, 0, buyer.first);
        loop {
            let order = self.order(&buyer, index);
            if self.is_in_window(day) {
                lines += u64::from(order.lines + order.duplicates);
            }
            if let Some(back) = order.takes_back {
                let day = day + back.delay as i32;
                if day <= self.life.1 && self.is_in_window(day) {
                    lines += u64::from(if back.whole { order.lines } else { 1 });
                }
            }
            match buyer.next_day(&order, index + 1, day) {
                Some(next) => (index, day) = (index + 1, next),
                None => return lines,
            }
        }
    }

    /// The least number of customers, with their guests, who buy that many lines; `None` if `most` do not.
    pub(super) fn customers_for(&self, lines: u64, most: u32) -> Option<u32> {
        let (mut counted, mut customers, mut guests) = (0, 0, 0);
        while counted < lines {
            if customers == most {
                return None;
            }
            counted += self.count_lines(customers);
            customers += 1;
            while guests < self.guests_for(customers) {
                counted += self.count_lines(GUEST | guests);
                guests += 1;
            }
        }
        Some(customers)
    }
}

impl Buyer {
    /// The day of order number `index` after the one of `day`; `None` if there is none.
    ///
    /// Gaps are even between nothing and twice the mean of what is left, so orders fill the time without a plan of all of
    /// them. The second order always comes; a later one that would fall behind the customer's last day does not.
    pub(super) fn next_day(&self, before: &Order, index: u32, day: i32) -> Option<i32> {
        if index >= self.orders {
            return None;
        }
        let mut random = before.gap;
        let left = (self.last - day) as u32;
        let gap = random.below(2 * left / (self.orders - index + 1) + 1);
        // Two orders of one day happen, but not each time the gap is short.
        let gap = if gap == 0 && random.below(8) > 0 { 1 } else { gap as i32 };
        let next = day + gap;
        if next <= self.last { Some(next) } else { (index == 1).then_some(self.last) }
    }
}

/// A time of day between 8:00 and 21:00, most likely in the middle.
fn shop_hours(random: &mut SplitMix64) -> u32 {
    28_800 + random.below(23_400) + random.below(23_400)
}
