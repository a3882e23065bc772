//! Returns that cancel purchases.
//!
//! Which purchase a return is of depends on all lines of the customer and the product, so that lines are held until the end. Then
//! they are sorted by everything that tells them apart, returns cancel purchases, and what is left goes the way of all lines. So
//! neither the order of the input nor its parts decide anything.

use super::SummaryError;
use super::texts::Texts;
use crate::account::{Account, Reject};
use crate::batch::TransactionBatch;
use crate::day::Day;
use crate::money::Scale;
use crate::text::{TextBuffer, index};

/// Lines that wait for the end.
#[derive(Clone, Debug, Default)]
pub(super) struct LineTable {
    lines: Vec<Line>,
    /// Customers, orders, products and attributes are kept once each.
    customers: Texts,
    orders: Texts,
    products: Texts,
    attributes: Texts,
    /// The scale of all quantities.
    pieces: Scale,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    amount: i128,
    /// Pieces, also of a return.
    pieces: i128,
    customer: u32,
    product: u32,
    order: u32,
    attribute: u32,
    day: Day,
    time: u32,
    part: Part,
}

/// What a line has to do with returns. The order is that of lines at the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A purchase that a return may cancel: pieces and an amount above zero.
    Purchase,
    /// Neither that nor a return, such as a gift; there only if a policy keeps all lines, and counts as it is.
    Other,
    Return,
    /// A purchase of which nothing is left.
    Cancelled,
}

impl Part {
    fn of(batch: &TransactionBatch<'_>, row: usize, pieces: i64) -> Part {
        if batch.is_return(row) {
            Part::Return
        } else if pieces > 0 && batch.amounts[row] > 0 {
            Part::Purchase
        } else {
            Part::Other
        }
    }

    /// Whether the line is entered in the end.
    const fn is_left(self) -> bool {
        matches!(self, Part::Purchase | Part::Other)
    }
}

/// The lines that are left, as columns.
#[derive(Debug, Default)]
pub(super) struct LeftLines {
    customers: TextBuffer,
    orders: TextBuffer,
    attributes: TextBuffer,
    days: Vec<Day>,
    times: Vec<u32>,
    amounts: Vec<i128>,
}

/// Lines in one batch of those that are left.
const BATCH: usize = 8 * 1024;

impl LineTable {
    /// Number of customers, some of whom may have nothing left in the end.
    pub(super) fn customers(&self) -> usize {
        self.customers.len()
    }

    /// Bytes in use, with the room to grow.
    pub(super) fn memory(&self) -> usize {
        let lines = self.lines.capacity().saturating_mul(size_of::<Line>());
        [&self.customers, &self.orders, &self.products, &self.attributes]
            .into_iter()
            .fold(lines, |bytes, texts| bytes.saturating_add(texts.memory()))
    }

    /// Takes a line that is worth so much.
    pub(super) fn add(&mut self, batch: &TransactionBatch<'_>, row: usize, amount: i128) -> Result<(), SummaryError> {
        let (Some(products), Some(quantities)) = (batch.products, batch.quantities) else {
            return Err(SummaryError::NoProducts);
        };
        let places = batch.quantity_scales.map_or(Scale::UNITS, |scales| scales[row]);
        self.rescale_pieces(places)?;
        // 64 bits times 10^9 are less than 128.
        let pieces = i128::from(quantities[row]).saturating_mul(places.factor_to(self.pieces).into());
        self.lines.push(Line {
            amount,
            pieces: pieces.saturating_abs(),
            customer: self.customers.intern(batch.customer_ids.get(row))?,
            product: self.products.intern(products.get(row).trim_ascii())?,
            order: self.orders.intern(batch.order_ids.map_or("", |order_ids| order_ids.get(row)))?,
            attribute: self.attributes.intern(batch.attributes.map_or("", |attributes| attributes.get(row)))?,
            day: batch.days[row],
            time: batch.time(row),
            part: Part::of(batch, row, quantities[row]),
        });
        Ok(())
    }

    /// Takes the lines of another table.
    pub(super) fn merge(&mut self, mut other: LineTable) -> Result<(), SummaryError> {
        self.rescale_pieces(other.pieces)?;
        other.rescale_pieces(self.pieces)?;
        fn renumbered(mine: &mut Texts, theirs: &Texts) -> Result<Vec<u32>, SummaryError> {
            theirs.iter().map(|text| mine.intern(text)).collect()
        }
        let customers = renumbered(&mut self.customers, &other.customers)?;
        let products = renumbered(&mut self.products, &other.products)?;
        let orders = renumbered(&mut self.orders, &other.orders)?;
        let attributes = renumbered(&mut self.attributes, &other.attributes)?;
        self.lines.extend(other.lines.into_iter().map(|line| Line {
            customer: customers[index(line.customer)],
            product: products[index(line.product)],
            order: orders[index(line.order)],
            attribute: attributes[index(line.attribute)],
            ..line
        }));
        Ok(())
    }

    pub(super) fn rescale(&mut self, factor: i128) -> Result<(), SummaryError> {
        for line in &mut self.lines {
            line.amount = line.amount.checked_mul(factor).ok_or(SummaryError::Overflow)?;
        }
        Ok(())
    }

    /// Counts pieces at `scale` from now on, if that is finer.
    fn rescale_pieces(&mut self, scale: Scale) -> Result<(), SummaryError> {
        let factor = i128::from(self.pieces.factor_to(scale));
        if factor != 1 {
            for line in &mut self.lines {
                line.pieces = line.pieces.checked_mul(factor).ok_or(SummaryError::Overflow)?;
            }
            self.pieces = scale;
        }
        Ok(())
    }

    /// Lets returns cancel purchases, accounts for both, and keeps the lines that are left. Returns of how many of them the money
    /// was rounded: their share was no whole number of minor units.
    pub(super) fn cancel(&mut self, account: &mut Account) -> Result<u64, SummaryError> {
        let mut lines = core::mem::take(&mut self.lines);
        // Everything that tells lines apart takes part, so that lines which compare equal are.
        lines.sort_unstable_by(|left, right| {
            let numbers = |line: &Line| (line.customer, line.product, line.day, line.time, line.part);
            let rest = |line: &Line| {
                (self.orders.get(line.order), line.pieces, line.amount, self.attributes.get(line.attribute))
            };
            numbers(left).cmp(&numbers(right)).then_with(|| rest(left).cmp(&rest(right)))
        });
        let mut rounded: u64 = 0;
        for group in lines.chunk_by_mut(|left, right| (left.customer, left.product) == (right.customer, right.product))
        {
            if group.iter().any(|line| line.part == Part::Return) {
                let has_product = group.first().is_some_and(|line| !self.products.get(line.product).is_empty());
                rounded = rounded.saturating_add(cancel_group(group, has_product, account)?);
            }
        }
        lines.retain(|line| line.part.is_left());
        self.lines = lines;
        Ok(rounded)
    }

    /// The lines, some at a time.
    pub(super) fn for_each_batch(
        &self,
        has_order_ids: bool,
        mut take: impl FnMut(&TransactionBatch<'_>) -> Result<(), SummaryError>,
    ) -> Result<(), SummaryError> {
        let mut left = LeftLines::default();
        for lines in self.lines.chunks(BATCH) {
            left.clear();
            for line in lines {
                left.push(self, line)?;
            }
            take(&left.batch(has_order_ids))?;
        }
        Ok(())
    }
}

impl LeftLines {
    fn clear(&mut self) {
        *self = LeftLines::default();
    }

    fn push(&mut self, table: &LineTable, line: &Line) -> Result<(), SummaryError> {
        let texts = [
            (&mut self.customers, table.customers.get(line.customer)),
            (&mut self.orders, table.orders.get(line.order)),
            (&mut self.attributes, table.attributes.get(line.attribute)),
        ];
        for (column, text) in texts {
            if !column.has_room(text) {
                return Err(SummaryError::TooMany);
            }
            column.push(text);
        }
        self.days.push(line.day);
        self.times.push(line.time);
        self.amounts.push(line.amount);
        Ok(())
    }

    fn batch(&self, has_order_ids: bool) -> TransactionBatch<'_> {
        TransactionBatch {
            customer_ids: self.customers.column(),
            order_ids: has_order_ids.then(|| self.orders.column()),
            days: &self.days,
            times: Some(&self.times),
            amounts: &self.amounts,
            scale: Scale::UNITS,
            quantities: None,
            quantity_scales: None,
            products: None,
            prices: None,
            attributes: Some(self.attributes.column()),
            summaries: None,
            refused: &[],
        }
    }
}

/// Cancels purchases among the sorted lines of one customer and product, or none where the product is not known.
fn cancel_group(group: &mut [Line], has_product: bool, account: &mut Account) -> Result<u64, SummaryError> {
    let mut left = LatestEnough::new(if has_product { group.len() } else { 0 });
    for (at, line) in group.iter().enumerate() {
        match line.part {
            Part::Purchase if has_product => left.set(at, line.pieces),
            Part::Return => match left.find(line.pieces) {
                Some((purchase, pieces)) => {
                    left.set(purchase, pieces.saturating_sub(line.pieces));
                    account.reassign(Reject::MatchedReturn, 1, line.amount);
                }
                None => account.reassign(Reject::UnmatchedReturn, 1, line.amount),
            },
            Part::Purchase | Part::Other | Part::Cancelled => {}
        }
    }
    let mut rounded: u64 = 0;
    for (at, line) in group.iter_mut().enumerate().filter(|(_, line)| has_product && line.part == Part::Purchase) {
        let pieces = left.get(at);
        if pieces == line.pieces {
            continue;
        }
        let (amount, is_rounded) = share(line.amount, pieces, line.pieces).ok_or(SummaryError::Overflow)?;
        rounded = rounded.saturating_add(is_rounded.into());
        let cancelled = line.amount.saturating_sub(amount);
        account.reassign(Reject::MatchedReturn, (pieces == 0).into(), cancelled);
        line.amount = amount;
        if pieces == 0 {
            line.part = Part::Cancelled;
        }
    }
    Ok(rounded)
}

/// `amount` × `part` / `whole`, a tie to the even neighbour, and whether it had to be rounded. No number is below zero.
fn share(amount: i128, part: i128, whole: i128) -> Option<(i128, bool)> {
    let product = amount.checked_mul(part)?;
    let (quotient, rest) = (product.checked_div(whole)?, product.checked_rem(whole)?);
    let twice = rest.checked_mul(2)?;
    let is_up = twice > whole || (twice == whole && quotient.wrapping_rem(2) != 0);
    Some((quotient.checked_add(is_up.into())?, rest != 0))
}

/// How many pieces are left of each purchase, and the latest one of which enough are: a tree of maxima, so that a customer with
/// any number of purchases and returns of one product takes no time that grows with their product.
struct LatestEnough {
    /// Leaves in the second half; each other entry is the larger of the two below it.
    tree: Vec<i128>,
    leaves: usize,
}

impl LatestEnough {
    fn new(purchases: usize) -> LatestEnough {
        let leaves = purchases.next_power_of_two();
        LatestEnough { tree: vec![0; leaves.saturating_mul(2)], leaves }
    }

    fn get(&self, purchase: usize) -> i128 {
        self.tree[self.leaves.saturating_add(purchase)]
    }

    fn set(&mut self, purchase: usize, pieces: i128) {
        let mut node = self.leaves.saturating_add(purchase);
        self.tree[node] = pieces;
        while node > 1 {
            node = node.wrapping_div(2);
            let below = node.saturating_mul(2);
            self.tree[node] = self.tree[below].max(self.tree[below.saturating_add(1)]);
        }
    }

    /// The latest purchase with at least so many pieces left, and how many are.
    fn find(&self, pieces: i128) -> Option<(usize, i128)> {
        let mut node = 1;
        if self.tree[node] < pieces {
            return None;
        }
        while node < self.leaves {
            let below: usize = node.saturating_mul(2);
            let later = below.saturating_add(1);
            node = if self.tree[later] >= pieces { later } else { below };
        }
        Some((node.saturating_sub(self.leaves), self.tree[node]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_share_is_rounded_half_to_even() {
        for (amount, part, whole, expected) in [
            (1_000, 7, 10, (700, false)),
            (1_000, 0, 10, (0, false)),
            (5, 1, 2, (2, true)),
            (7, 1, 2, (4, true)),
            (1_000, 1, 3, (333, true)),
            (1_000, 2, 3, (667, true)),
        ] {
            assert_eq!(share(amount, part, whole), Some(expected), "{amount} x {part} / {whole}");
        }
        assert_eq!(share(i128::MAX, 2, 3), None);
    }

    proptest! {
        #[test]
        fn the_latest_purchase_with_enough_left_is_found(
            purchases in prop::collection::vec(0i128..9, 1..40),
            wanted in 1i128..9,
        ) {
            let mut left = LatestEnough::new(purchases.len());
            purchases.iter().enumerate().for_each(|(at, pieces)| left.set(at, *pieces));
            let expected = purchases.iter().rposition(|pieces| *pieces >= wanted);
            prop_assert_eq!(left.find(wanted), expected.map(|at| (at, purchases[at])));
        }
    }
}
