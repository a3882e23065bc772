//! What a choice does: the same customers, segmented in two ways.

use crate::money::Decimal;
use crate::segment_summary::share;
use crate::segmentation::Segmentation;

/// Two results side by side, customer by customer: how many have another code, how many another segment, and which segments
/// trade places.
///
/// The customers need not be the same: those of one result alone, because another rule of cleaning kept them, are counted apart,
/// and shares are taken of those in both.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::{Bins, Ntile, RankMethod};
/// use rfm_core::{Amount, Comparison, Day, Rfm, Scoring, Transaction};
///
/// let as_of = Day::from_ymd(2011, 12, 10)?;
/// let by_value = Rfm::builder(as_of).build()?;
/// let by_rank = Rfm::builder(as_of).scoring(Scoring::from(RankMethod::Ntile(Ntile::new(Bins::QUINTILE)))).build()?;
/// let mut summaries = by_value.summaries();
/// for customer_id in ["ann", "bob", "cat", "dan", "eve"] {
///     let (day, amount) = (Day::from_ymd(2011, 12, 1)?, Amount::from_minor(500));
///     summaries.push(Transaction { customer_id, order_id: None, day, amount })?;
/// }
/// let customers = summaries.finish()?;
/// let (by_value, by_rank) = (by_value.segment(customers.clone())?, by_rank.segment(customers)?);
///
/// // Five equal customers, whom only ranks tell apart.
/// let comparison = Comparison::of(&by_value, &by_rank);
/// assert_eq!((comparison.both(), comparison.other_code(), comparison.other_segment()), (5, Some(5), 5));
/// let moves: Vec<_> = comparison.moves().collect();
/// assert_eq!(moves[0], ("New Customers", "Champions", 1));
/// assert_eq!(moves.len(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The segments of each result and, last, its fallback.
    names: [Vec<String>; 2],
    both: u64,
    only: [u64; 2],
    other_code: Option<u64>,
    other_segment: u64,
    /// By the position of the first segment, then of the second.
    matrix: Vec<Vec<u64>>,
}

impl Comparison {
    /// Compares two results. Both are sorted by customer id, so that it takes one pass.
    #[must_use]
    pub fn of(first: &Segmentation, second: &Segmentation) -> Comparison {
        let names = [names(first), names(second)];
        // Codes of different bins have no meaning in common.
        let comparable = first.bins() == second.bins();
        let mut comparison = Comparison {
            both: 0,
            only: [0, 0],
            other_code: comparable.then_some(0),
            other_segment: 0,
            matrix: vec![vec![0; names[1].len()]; names[0].len()],
            names,
        };
        let (mut left, mut right) = (first.rows().peekable(), second.rows().peekable());
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some(one), Some(other)) => one.customer_id().cmp(other.customer_id()),
                (Some(_), None) => core::cmp::Ordering::Less,
                (None, Some(_)) => core::cmp::Ordering::Greater,
                (None, None) => return comparison,
            };
            let one = if order.is_le() { left.next() } else { None };
            let other = if order.is_ge() { right.next() } else { None };
            match (one, other) {
                (Some(one), Some(other)) => {
                    increment(&mut comparison.both);
                    if one.cell() != other.cell() {
                        comparison.other_code.iter_mut().for_each(increment);
                    }
                    if one.segment() != other.segment() {
                        increment(&mut comparison.other_segment);
                    }
                    increment(&mut comparison.matrix[one.segment_position()][other.segment_position()]);
                }
                (Some(_), None) => increment(&mut comparison.only[0]),
                _ => increment(&mut comparison.only[1]),
            }
        }
    }

    /// The segments of the first result in the order of its model and, last, its fallback: the rows of the matrix.
    #[must_use]
    pub fn first_segments(&self) -> &[String] {
        &self.names[0]
    }

    /// Those of the second result: the columns of the matrix.
    #[must_use]
    pub fn second_segments(&self) -> &[String] {
        &self.names[1]
    }

    /// Customers that are in both results.
    #[must_use]
    pub const fn both(&self) -> u64 {
        self.both
    }

    /// Customers of the first result alone, and of the second alone.
    #[must_use]
    pub const fn only(&self) -> [u64; 2] {
        self.only
    }

    /// Customers with another code; `None` if the results have different numbers of bins.
    #[must_use]
    pub const fn other_code(&self) -> Option<u64> {
        self.other_code
    }

    /// Customers in a segment of another name.
    #[must_use]
    pub const fn other_segment(&self) -> u64 {
        self.other_segment
    }

    /// The share of those in both with another code, 0 to 1 with six decimals; `None` of nobody or of different bins.
    #[must_use]
    pub fn other_code_share(&self) -> Option<Decimal> {
        share(self.other_code?.into(), self.both.into())
    }

    /// The share of those in both in another segment, 0 to 1 with six decimals; `None` of nobody.
    #[must_use]
    pub fn other_segment_share(&self) -> Option<Decimal> {
        share(self.other_segment.into(), self.both.into())
    }

    /// How many customers each pair of segments has: a row for each of the first result, a column for each of the second.
    #[must_use]
    pub fn matrix(&self) -> &[Vec<u64>] {
        &self.matrix
    }

    /// The pairs of segments of different names that have customers, with their number, in the order of the matrix.
    pub fn moves(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        let pairs = self.names[0].iter().zip(&self.matrix).flat_map(|(from, row)| {
            let columns = self.names[1].iter().zip(row);
            columns.map(move |(to, customers)| (from.as_str(), to.as_str(), *customers))
        });
        pairs.filter(|(from, to, customers)| from != to && *customers > 0)
    }
}

fn names(segmentation: &Segmentation) -> Vec<String> {
    let model = segmentation.segment_model();
    let names = model.segments().iter().map(|segment| segment.name.as_str());
    names.chain([model.fallback()]).map(str::to_owned).collect()
}

fn increment(count: &mut u64) {
    *count = count.saturating_add(1);
}
