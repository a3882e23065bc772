//! Numbers at positions of a sorted list that is never made.
//!
//! A quintile needs eight of ten million numbers. One pass counts the numbers in buckets, of which each small number has one of its own
//! and large ones share one with those that agree in their first binary digits; so it is known in which bucket a position lies. A second
//! pass collects what is in those buckets, mostly some thousandth of all, which is sorted. Days and counts need no second pass.
//!
//! Numbers that do not fit 64 bits are in the buckets of the nearest that do, and are compared in full when they are collected. Where
//! all numbers share a bucket, all are sorted, as they would be without this.

use crate::measures::{Numbers, in_units};
use crate::money::Scale;
use crate::parallel::{BLOCK, blocks, parts, sort};
use crate::ratio::Ratio;

/// Which rows belong together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Groups<'a> {
    /// Of each row the group; empty if there is one group.
    of: &'a [u32],
    count: usize,
}

impl<'a> Groups<'a> {
    pub(crate) const ONE: Groups<'static> = Groups { of: &[], count: 1 };

    /// Groups below `count`, one for each row.
    pub(crate) const fn new(of: &'a [u32], count: usize) -> Groups<'a> {
        Groups { of, count }
    }

    fn get(self, row: usize) -> usize {
        self.of.get(row).map_or(0, |group| crate::text::index(*group))
    }
}

/// The whole numbers at positions of each group, counted from 0 in ascending order; positions that exist.
pub(crate) fn whole_at(numbers: Numbers<'_>, groups: Groups<'_>, wanted: &[Vec<usize>]) -> Vec<Vec<i128>> {
    let counted = Counted::of(numbers, groups);
    counted.at(wanted, &|row| numbers.whole(row), &|bucket| Some(counted.buckets.only(bucket)?.into()))
}

/// The numbers at positions of all, in units.
pub(crate) fn at(numbers: Numbers<'_>, wanted: Vec<usize>) -> Vec<Ratio> {
    if let Some(ratios) = numbers.as_ratios() {
        let found = Counted::of(numbers, Groups::ONE).at(&[wanted], &|row| ratios[row], &|_| None);
        return found.into_iter().flatten().collect();
    }
    let scale = numbers.scale().unwrap_or(Scale::UNITS);
    whole_at(numbers, Groups::ONE, &[wanted]).into_iter().flatten().map(|value| in_units(value, scale)).collect()
}

/// Each distinct number in ascending order, in units, with how many rows have it.
pub(crate) fn distinct(numbers: Numbers<'_>) -> Vec<(Ratio, usize)> {
    let counted = Counted::of(numbers, Groups::ONE);
    if let Some(ratios) = numbers.as_ratios() {
        return counted.distinct(&|row| ratios[row], &|_| None);
    }
    let scale = numbers.scale().unwrap_or(Scale::UNITS);
    let found = counted.distinct(&|row| numbers.whole(row), &|bucket| Some(counted.buckets.only(bucket)?.into()));
    found.into_iter().map(|(value, count)| (in_units(value, scale), count)).collect()
}

/// Buckets of 64-bit numbers in ascending order: each has the numbers that agree in sign, in length and in so many binary digits behind
/// the first; `None`: all numbers.
#[derive(Clone, Copy, Debug)]
struct Buckets(Option<u32>);

impl Buckets {
    /// More digits take more of the cache than they spare sorting.
    const MOST_DIGITS: u32 = 10;

    /// As many as are worth it where so many rows have so many groups.
    fn for_rows(rows: usize, groups: usize) -> Buckets {
        let room = rows.max(1 << 12);
        let fits = |digits: &u32| Buckets(Some(*digits)).count().saturating_mul(groups) <= room;
        Buckets((0..=Buckets::MOST_DIGITS).rev().find(fits))
    }

    fn count(self) -> usize {
        self.0.map_or(1, |digits| Buckets::half(digits).saturating_mul(2))
    }

    /// The number of buckets of each sign.
    fn half(digits: u32) -> usize {
        crate::text::index(64u32.saturating_sub(digits)) << digits
    }

    fn of(self, value: i64) -> usize {
        let Some(digits) = self.0 else { return 0 };
        let magnitude = (value ^ (value >> 63)).unsigned_abs();
        let length = 63u32.saturating_sub((magnitude | 1).leading_zeros());
        let shift = length.saturating_sub(digits);
        let rest = usize::try_from(magnitude >> shift).unwrap_or_default();
        let place = (crate::text::index(shift) << digits).wrapping_add(rest);
        let half = Buckets::half(digits);
        if value < 0 { half.wrapping_sub(1).wrapping_sub(place) } else { half.wrapping_add(place) }
    }

    /// The number of a bucket that has just one.
    fn only(self, bucket: usize) -> Option<i64> {
        let digits = self.0?;
        let half = Buckets::half(digits);
        let place = bucket.checked_sub(half).unwrap_or_else(|| half.saturating_sub(1).saturating_sub(bucket));
        let value = i64::try_from(place).ok().filter(|_| place >> digits < 2)?;
        Some(if bucket < half { !value } else { value })
    }
}

/// How many numbers of each group are in each bucket.
struct Counted<'a> {
    numbers: Numbers<'a>,
    groups: Groups<'a>,
    buckets: Buckets,
    /// The buckets of the first group, then those of the next.
    counts: Vec<usize>,
}

/// Where the number at a position is: in which bucket, and how many of it are before.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    before: usize,
}

impl<'a> Counted<'a> {
    fn of(numbers: Numbers<'a>, groups: Groups<'a>) -> Counted<'a> {
        let buckets = Buckets::for_rows(numbers.len(), groups.count);
        let mut counted = Counted { numbers, groups, buckets, counts: Vec::new() };
        let counts = parts(numbers.len(), |rows| {
            let mut counts = vec![0usize; buckets.count().saturating_mul(groups.count)];
            counted.each(rows, |_, at| counts[at] = counts[at].wrapping_add(1));
            counts
        });
        let mut counts = counts.into_iter();
        let mut all = counts.next().unwrap_or_default();
        for part in counts {
            all.iter_mut().zip(part).for_each(|(all, part)| *all = all.wrapping_add(part));
        }
        counted.counts = all;
        counted
    }

    /// Tells each row and the place of its count.
    fn each(&self, rows: core::ops::Range<usize>, mut tell: impl FnMut(usize, usize)) {
        let mut block = [0; BLOCK];
        for (first, length) in blocks(rows) {
            let values = &mut block[..length];
            self.numbers.read_narrow(first, values);
            let rows = (first..).zip(values.iter());
            if self.groups.of.is_empty() {
                rows.for_each(|(row, value)| tell(row, self.buckets.of(*value)));
            } else {
                let size = self.buckets.count();
                rows.for_each(|(row, value)| {
                    tell(row, self.groups.get(row).wrapping_mul(size).wrapping_add(self.buckets.of(*value)));
                });
            }
        }
    }

    /// The numbers at positions of each group. `exact` is the number of a row, `only` that of a bucket which has just one.
    fn at<T: Copy + Ord + Send>(
        &self,
        wanted: &[Vec<usize>],
        exact: &(impl Fn(usize) -> T + Sync),
        only: &impl Fn(usize) -> Option<T>,
    ) -> Vec<Vec<T>> {
        let places: Vec<Vec<Place>> =
            wanted.iter().enumerate().map(|(group, wanted)| self.places(group, wanted)).collect();
        let size = self.buckets.count();
        let only = |at: usize| only(at.checked_rem(size).unwrap_or_default());
        let mut open = vec![false; self.counts.len()];
        for place in places.iter().flatten().filter(|place| only(place.at).is_none()) {
            open[place.at] = true;
        }
        let collected = self.collect(&open, exact);
        let starts = self.starts(&open);
        let value = |place: &Place| {
            only(place.at).unwrap_or_else(|| {
                let start = starts.partition_point(|(at, _)| *at < place.at);
                collected[starts[start].1.saturating_add(place.before)].1
            })
        };
        places.iter().map(|places| places.iter().map(value).collect()).collect()
    }

    /// Where the numbers at positions of a group are.
    fn places(&self, group: usize, wanted: &[usize]) -> Vec<Place> {
        let mut order: Vec<usize> = (0..wanted.len()).collect();
        order.sort_by_key(|which| wanted[*which]);
        let size = self.buckets.count();
        let mut at = size.saturating_mul(group);
        let mut passed = 0usize;
        let mut places = vec![Place { at, before: 0 }; wanted.len()];
        for which in order {
            // Positions exist, so that this ends within the group.
            while passed.saturating_add(self.counts[at]) <= wanted[which] {
                passed = passed.saturating_add(self.counts[at]);
                at = at.saturating_add(1);
            }
            places[which] = Place { at, before: wanted[which].saturating_sub(passed) };
        }
        places
    }

    /// Where each open bucket begins among the numbers of all of them.
    fn starts(&self, open: &[bool]) -> Vec<(usize, usize)> {
        let mut start = 0usize;
        let buckets = self.counts.iter().enumerate().filter(|(at, _)| open[*at]);
        buckets
            .map(|(at, count)| {
                let begin = start;
                start = start.saturating_add(*count);
                (at, begin)
            })
            .collect()
    }

    /// The numbers of the open buckets with their groups, in ascending order.
    fn collect<T: Ord + Send>(&self, open: &[bool], exact: &(impl Fn(usize) -> T + Sync)) -> Vec<(usize, T)> {
        if !open.contains(&true) {
            return Vec::new();
        }
        let collected = parts(self.numbers.len(), |rows| {
            let mut collected = Vec::new();
            self.each(rows, |row, at| {
                if open[at] {
                    collected.push((self.groups.get(row), exact(row)));
                }
            });
            collected
        });
        let mut collected: Vec<(usize, T)> = collected.into_iter().flatten().collect();
        sort(&mut collected);
        collected
    }

    /// Each distinct number of all rows, with how many have it.
    fn distinct<T: Copy + Ord + Send>(
        &self,
        exact: &(impl Fn(usize) -> T + Sync),
        only: &impl Fn(usize) -> Option<T>,
    ) -> Vec<(T, usize)> {
        let used = || self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let mut open = vec![false; self.counts.len()];
        used().filter(|(bucket, _)| only(*bucket).is_none()).for_each(|(bucket, _)| open[bucket] = true);
        let collected = self.collect(&open, exact);
        let mut rest = collected.as_slice();
        let mut distinct = Vec::new();
        for (bucket, count) in used() {
            match only(bucket) {
                Some(value) => distinct.push((value, *count)),
                None => {
                    let (values, behind) = rest.split_at(*count);
                    rest = behind;
                    let runs = values.chunk_by(|one, next| one.1 == next.1);
                    distinct.extend(runs.map(|run| (run[0].1, run.len())));
                }
            }
        }
        distinct
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn buckets_are_in_the_order_of_their_numbers() {
        for digits in 0..=Buckets::MOST_DIGITS {
            let buckets = Buckets(Some(digits));
            assert_eq!((buckets.of(i64::MIN), buckets.of(i64::MAX)), (0, buckets.count() - 1));
            let near = (-5_000..5_000).chain((1..62).flat_map(|power| {
                let value = 1i64 << power;
                [value - 1, value, value + 1, value + (value >> digits), 1 - value, -value, -value - 1]
            }));
            let mut values: Vec<i64> = near.collect();
            values.sort_unstable();
            assert!(values.windows(2).all(|pair| buckets.of(pair[0]) <= buckets.of(pair[1])), "{digits} digits");
            for value in values {
                if let Some(only) = buckets.only(buckets.of(value)) {
                    assert_eq!(only, value, "{digits} digits");
                }
            }
            assert_eq!([0, -1, 1].map(|value| buckets.only(buckets.of(value))), [Some(0), Some(-1), Some(1)]);
        }
    }

    /// Small numbers, many equal ones, some that share a bucket, and a few beyond 64 bits.
    fn numbers() -> impl Strategy<Value = Vec<i128>> {
        let number = prop_oneof![
            4 => -20i128..3_000,
            4 => 1_000_000i128..1_000_050,
            1 => any::<i64>().prop_map(i128::from),
            1 => any::<i128>(),
        ];
        proptest::collection::vec(number, 1..300)
    }

    proptest! {
        #[test]
        fn every_position_has_the_number_that_sorting_puts_there(values in numbers(), digits in 0..=10u32, sorted in any::<bool>()) {
            let groups: Vec<u32> = (0..values.len()).map(|row| row as u32 * 7 % 3).collect();
            let numbers = Numbers::Whole(&values, Scale::CENTS);
            let digits = (!sorted).then_some(digits);
            let of_group = |group: u32| {
                let rows = values.iter().zip(&groups).filter(|(_, of)| **of == group);
                let mut of: Vec<i128> = rows.map(|(value, _)| *value).collect();
                of.sort_unstable();
                of
            };
            let expected: Vec<Vec<i128>> = (0..3).map(of_group).collect();
            // From the last to the first, since any order will do.
            let wanted: Vec<Vec<usize>> = expected.iter().map(|of| (0..of.len()).rev().collect()).collect();
            let mut counted = Counted::of(numbers, Groups::new(&groups, 3));
            counted.buckets = Buckets(digits);
            counted.counts = vec![0; counted.buckets.count() * 3];
            let mut counts = counted.counts.clone();
            counted.each(0..values.len(), |_, at| counts[at] += 1);
            counted.counts = counts;
            let found = counted.at(&wanted, &|row| values[row], &|bucket| Some(counted.buckets.only(bucket)?.into()));
            let reversed: Vec<Vec<i128>> = expected.into_iter().map(|of| of.into_iter().rev().collect()).collect();
            prop_assert_eq!(&found, &reversed);
            prop_assert_eq!(&whole_at(numbers, Groups::new(&groups, 3), &wanted), &reversed);
        }

        #[test]
        fn distinct_numbers_are_those_of_the_sorted_list(values in numbers()) {
            let mut sorted = values.clone();
            sorted.sort_unstable();
            let expected: Vec<(Ratio, usize)> =
                sorted.chunk_by(|one, next| one == next).map(|run| (Ratio::new(run[0], 100), run.len())).collect();
            prop_assert_eq!(distinct(Numbers::Whole(&values, Scale::CENTS)), expected);
            let halves: Vec<Ratio> = values.iter().map(|value| Ratio::new(*value, 2)).collect();
            let expected: Vec<(Ratio, usize)> =
                sorted.chunk_by(|one, next| one == next).map(|run| (Ratio::new(run[0], 2), run.len())).collect();
            prop_assert_eq!(distinct(Numbers::Ratios(&halves)), expected);
        }
    }
}
