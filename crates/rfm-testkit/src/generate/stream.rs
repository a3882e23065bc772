//! The lines of all buyers, in order.
//!
//! In order of time this is a simulation, day by day, with a calendar queue: each day has a list of the buyers whose next
//! order falls on it, linked through one array, so a buyer costs eight bytes and a step costs no search. Returns wait in a
//! ring of as many days as a return may take.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};

use super::line::{DayText, GUEST, HEADER, Line, OrderLine};
use super::shape::LineOrder;
use super::shop::{LONGEST_RETURN, Shop};

/// A checked [`Shape`](super::Shape), ready to give its lines, any number of times.
#[derive(Clone, Debug)]
pub struct OrderGenerator {
    shop: Shop,
    customers: u32,
    limit: u64,
}

impl OrderGenerator {
    pub(super) fn new(shop: Shop, customers: u32, limit: u64) -> Self {
        Self { shop, customers, limit }
    }

    /// The number of customers with an id. With a window, or a number of lines given, some of them may have no line.
    pub fn customers(&self) -> u32 {
        self.customers
    }

    /// The lines. In order of time they are made as they are taken; shuffled, all of them are made first.
    pub fn lines(&self) -> Lines<'_> {
        Lines { shop: &self.shop, source: self.source() }
    }

    /// Writes header and lines as CSV and gives the number of lines, the header not counted.
    ///
    /// UTF-8 without a mark, line ends LF, quotes only where RFC 4180 needs them, prices with two decimals, dates as
    /// `2024-03-01 14:05:00`, guests with an empty customer id; dirty cells as their [`Dirt`](super::Dirt) says. The
    /// writer gets blocks of some 64 KiB and need not be buffered.
    ///
    /// # Errors
    ///
    /// What the writer gives; then an unknown part of the lines is written.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<u64> {
        const BLOCK: usize = 1 << 16;
        let mut block = Vec::with_capacity(BLOCK + 1024);
        block.extend_from_slice(HEADER);
        let mut days = DayText::default();
        let mut written = 0;
        let mut source = self.source();
        while let Some(line) = source.next_line(&self.shop) {
            line.append_csv(&self.shop.catalogue, &mut days, &mut block);
            written += 1;
            if block.len() >= BLOCK {
                out.write_all(&block)?;
                block.clear();
            }
        }
        out.write_all(&block)?;
        out.flush()?;
        Ok(written)
    }

    fn source(&self) -> Source {
        let mut simulation = Simulation::new(&self.shop, self.customers, self.limit);
        match self.shop.shape.line_order {
            LineOrder::Time => Source::Time(simulation),
            LineOrder::Shuffled => {
                let mut lines = Vec::new();
                while let Some(line) = simulation.next_line(&self.shop) {
                    lines.push(line);
                }
                let mut random = self.shop.shuffling();
                for end in (1..lines.len()).rev() {
                    // 2^32 lines would be 128 GiB; the machine gives up before the cast does.
                    lines.swap(end, random.below(end as u32 + 1) as usize);
                }
                Source::Shuffled(lines.into_iter())
            }
        }
    }
}

/// The lines of an [`OrderGenerator`].
pub struct Lines<'a> {
    shop: &'a Shop,
    source: Source,
}

impl fmt::Debug for Lines<'_> {
    // The state has an entry for every customer, which nobody wants to see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}

impl Iterator for Lines<'_> {
    type Item = OrderLine;

    fn next(&mut self) -> Option<OrderLine> {
        Some(self.source.next_line(self.shop)?.to_order_line(&self.shop.catalogue))
    }
}

enum Source {
    Time(Simulation),
    Shuffled(std::vec::IntoIter<Line>),
}

impl Source {
    fn next_line(&mut self, shop: &Shop) -> Option<Line> {
        match self {
            Self::Time(simulation) => simulation.next_line(shop),
            Self::Shuffled(lines) => lines.next(),
        }
    }
}

/// No buyer: the end of a list.
const END: u32 = u32::MAX;

struct Simulation {
    day: i32,
    customers: u32,
    /// Per day of the shop's life, the first buyer who orders then.
    heads: Vec<u32>,
    /// Per buyer, the next one of the same list. Customers first, then guests.
    next: Vec<u32>,
    /// Per buyer, the number of orders placed.
    placed: Vec<u32>,
    /// Returns of the days from `day` on: the buyer and the order taken back.
    returns: VecDeque<Vec<(u32, u32)>>,
    /// The orders of the day: second, actor, index, whether it is a return. All of it is the sort key, so that the place
    /// of an order does not hang on the order of the lists.
    events: Vec<(u32, u32, u32, bool)>,
    orders: u32,
    lines: Vec<Line>,
    taken: usize,
    left: u64,
}

impl Simulation {
    fn new(shop: &Shop, customers: u32, limit: u64) -> Self {
        let buyers = customers + shop.guests_for(customers);
        let (open, close) = shop.life;
        let mut simulation = Self {
            day: open,
            customers,
            heads: vec![END; (close - open) as usize + 1],
            next: vec![END; buyers as usize],
            placed: vec![0; buyers as usize],
            returns: vec![Vec::new(); LONGEST_RETURN as usize + 1].into(),
            events: Vec::new(),
            orders: 0,
            lines: Vec::new(),
            taken: 0,
            left: limit,
        };
        for slot in 0..buyers {
            let first = shop.buyer(simulation.actor(slot)).first;
            simulation.enlist(slot, (first - open) as usize);
        }
        simulation
    }

    fn actor(&self, slot: u32) -> u32 {
        if slot < self.customers { slot } else { GUEST | (slot - self.customers) }
    }

    fn enlist(&mut self, slot: u32, day: usize) {
        self.next[slot as usize] = self.heads[day];
        self.heads[day] = slot;
    }

    fn next_line(&mut self, shop: &Shop) -> Option<Line> {
        if self.left == 0 {
            return None;
        }
        while self.taken == self.lines.len() {
            if self.day > shop.life.1.min(shop.window.1) {
                return None;
            }
            self.make_day(shop);
            self.day += 1;
        }
        let line = self.lines[self.taken];
        self.taken += 1;
        self.left -= 1;
        Some(line)
    }

    /// Makes the lines of the day.
    fn make_day(&mut self, shop: &Shop) {
        self.gather_orders(shop);
        self.events.sort_unstable();
        self.lines.clear();
        self.taken = 0;
        // Days before the window take part in full, or else its order numbers and returns would be others.
        if shop.is_in_window(self.day) {
            for &(_, actor, index, is_return) in &self.events {
                let buyer = shop.buyer(actor);
                let order = shop.order(&buyer, index);
                let number = self.orders;
                let take = |line| self.lines.push(Line { order: number, ..line });
                match order.takes_back {
                    Some(back) if is_return => shop.cancellation(&buyer, &order, back, self.day, take),
                    _ => shop.purchase(&buyer, &order, self.day, take),
                }
                self.orders += 1;
            }
            // Stable, so that only the late lines of spread orders move.
            self.lines.sort_by_key(|line| line.second);
        } else {
            self.orders += self.events.len() as u32;
        }
        self.events.clear();
    }

    /// Finds the orders of the day, and puts their buyers and returns where they go next.
    fn gather_orders(&mut self, shop: &Shop) {
        let (open, close) = shop.life;
        let today = (self.day - open) as usize;
        let returned = self.returns.pop_front().unwrap_or_default();
        self.returns.push_back(Vec::new());
        for (actor, index) in returned {
            let order = shop.order(&shop.buyer(actor), index);
            let second = order.takes_back.map_or(0, |back| back.second);
            self.events.push((second, actor, index, true));
        }
        // An order of the same day puts the buyer back on top of the list that is being emptied.
        while self.heads[today] != END {
            let slot = self.heads[today];
            self.heads[today] = self.next[slot as usize];
            let index = self.placed[slot as usize];
            let buyer = shop.buyer(self.actor(slot));
            let order = shop.order(&buyer, index);
            self.events.push((order.second, buyer.actor, index, false));
            self.placed[slot as usize] = index + 1;
            if let Some(back) = order.takes_back
                && self.day + back.delay as i32 <= close
            {
                // The ring begins with tomorrow by now.
                self.returns[back.delay as usize - 1].push((buyer.actor, index));
            }
            if let Some(day) = buyer.next_day(&order, index + 1, self.day) {
                self.enlist(slot, (day - open) as usize);
            }
        }
    }
}
