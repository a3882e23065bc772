//! What columns come to in each group of customers: sums, and the least and the greatest values.

use core::ops::Range;

use crate::axes::{Axes, Dimension, RfmCell};
use crate::measures::{Numbers, in_units};
use crate::money::Scale;
use crate::parallel::{BLOCK, blocks, parts};
use crate::ratio::Ratio;

/// A sum of 128-bit numbers that no number of them overflows on the way: whether the whole fits does not depend on their order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    /// Of the numbers over 2^64, rounded down.
    high: i128,
    /// Of what that leaves.
    low: u128,
}

impl Sum {
    fn add(&mut self, value: i128) {
        // Below 2^63 rows both stay far from their ends.
        self.high = self.high.wrapping_add(value >> 64);
        self.low = self.low.wrapping_add(u128::from(low_digits(value)));
    }

    pub(crate) fn plus(self, other: Sum) -> Sum {
        Sum { high: self.high.wrapping_add(other.high), low: self.low.wrapping_add(other.low) }
    }

    /// The sum; `None` if it does not fit.
    pub(crate) fn total(self) -> Option<i128> {
        let carried = i128::try_from(self.low >> 64).ok()?;
        let high = i64::try_from(self.high.checked_add(carried)?).ok()?;
        let low = u64::try_from(self.low & u128::from(u64::MAX)).ok()?;
        Some(i128::from(high) << 64 | i128::from(low))
    }
}

/// The last 64 binary digits.
fn low_digits(value: i128) -> u64 {
    u64::try_from(value & i128::from(u64::MAX)).unwrap_or_default()
}

/// The number of rows of each group.
pub(crate) fn sizes(groups: &[u32], count: usize) -> Vec<usize> {
    let counts = parts(groups.len(), |rows| {
        let mut counts = vec![0usize; count];
        groups[rows].iter().for_each(|group| {
            let count = &mut counts[crate::text::index(*group)];
            *count = count.wrapping_add(1);
        });
        counts
    });
    added(counts, count, usize::wrapping_add)
}

/// The sum of each group of rows.
pub(crate) fn sums(numbers: Numbers<'_>, groups: &[u32], count: usize) -> Vec<Sum> {
    let sums = parts(numbers.len(), |rows| {
        let mut sums = vec![Sum::default(); count];
        each(numbers, rows, |row, value| sums[crate::text::index(groups[row])].add(value));
        sums
    });
    added(sums, count, Sum::plus)
}

/// Parts of a table of so many groups, added up.
fn added<T: Copy + Default>(parts: Vec<Vec<T>>, count: usize, plus: fn(T, T) -> T) -> Vec<T> {
    parts.into_iter().fold(vec![T::default(); count], |mut all, part| {
        all.iter_mut().zip(part).for_each(|(all, part)| *all = plus(*all, part));
        all
    })
}

/// The customers who have a score, and their least and greatest value in units.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ScoreStatistics {
    pub(crate) customers: u64,
    pub(crate) range: Option<(Ratio, Ratio)>,
}

/// What each score of a dimension comes to, from 1 on.
pub(crate) fn by_score(
    numbers: Numbers<'_>,
    dimension: Dimension,
    cells: &[RfmCell],
    bins: Axes<u8>,
) -> Vec<ScoreStatistics> {
    let scores = usize::from(bins[dimension]);
    let place = |row: usize| usize::from(cells[row][dimension].number().saturating_sub(1));
    match numbers.as_ratios() {
        Some(ratios) => {
            let of = |rows: Range<usize>| Ranges::of(scores, rows.map(|row| (place(row), ratios[row])));
            Ranges::joined(parts(ratios.len(), of), |value| value)
        }
        None => {
            let ranges = parts(numbers.len(), |rows| {
                let mut ranges = Ranges::new(scores);
                each(numbers, rows, |row, value| ranges.add(place(row), value));
                ranges
            });
            let scale = numbers.scale().unwrap_or(Scale::UNITS);
            Ranges::joined(ranges, |value| in_units(value, scale))
        }
    }
}

/// Of each score the number of customers, and their least and greatest value.
struct Ranges<T>(Vec<(u64, Option<(T, T)>)>);

impl<T: Copy + Ord> Ranges<T> {
    fn new(scores: usize) -> Ranges<T> {
        Ranges(vec![(0, None); scores])
    }

    fn of(scores: usize, values: impl Iterator<Item = (usize, T)>) -> Ranges<T> {
        let mut ranges = Ranges::new(scores);
        values.for_each(|(score, value)| ranges.add(score, value));
        ranges
    }

    fn add(&mut self, score: usize, value: T) {
        let (customers, range) = &mut self.0[score];
        *customers = customers.wrapping_add(1);
        *range = Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))));
    }

    fn joined(parts: Vec<Ranges<T>>, shown: impl Fn(T) -> Ratio) -> Vec<ScoreStatistics> {
        let scores = parts.first().map_or(0, |part| part.0.len());
        let mut all = Ranges::new(scores);
        for part in parts {
            for ((all, range), (customers, of_part)) in all.0.iter_mut().zip(part.0) {
                *all = all.saturating_add(customers);
                *range = match (*range, of_part) {
                    (Some((low, high)), Some((least, greatest))) => Some((low.min(least), high.max(greatest))),
                    (known, None) | (None, known) => known,
                };
            }
        }
        let statistics = |(customers, range): (u64, Option<(T, T)>)| ScoreStatistics {
            customers,
            range: range.map(|(low, high)| (shown(low), shown(high))),
        };
        all.0.into_iter().map(statistics).collect()
    }
}

/// Tells the whole numbers of rows.
fn each(numbers: Numbers<'_>, rows: Range<usize>, mut tell: impl FnMut(usize, i128)) {
    let mut block = [0; BLOCK];
    for (first, length) in blocks(rows) {
        let values = &mut block[..length];
        numbers.read(first, values);
        (first..).zip(values.iter()).for_each(|(row, value)| tell(row, *value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(values: &[i128]) -> Sum {
        values.iter().fold(Sum::default(), |mut sum, value| {
            sum.add(*value);
            sum
        })
    }

    #[test]
    fn a_sum_may_pass_128_bits_on_the_way() {
        assert_eq!(sum(&[i128::MAX, i128::MAX, i128::MIN, i128::MIN]).total(), Some(-2));
        assert_eq!(sum(&[i128::MIN]).total(), Some(i128::MIN));
        assert_eq!((sum(&[i128::MAX, 1]).total(), sum(&[i128::MIN, -1]).total()), (None, None));
        assert_eq!(Sum::default().total(), Some(0));
    }

    proptest! {
        #[test]
        fn a_sum_is_that_of_its_parts(values in proptest::collection::vec(any::<i128>(), 0..20), at in 0..20usize) {
            let halves: Vec<i128> = values.iter().map(|value| value >> 5).collect();
            let (one, other) = halves.split_at(at.min(halves.len()));
            prop_assert_eq!(sum(one).plus(sum(other)).total(), Some(halves.iter().sum()));
        }
    }
}
