//! Natural breaks: the classes with the least variance inside them.
//!
//! For the next reader: classes of values x with n customers and sum S have the squared deviations Σx² − Σ S²/n, of which the first
//! sum is the same for all classes, so that the best classes have the greatest Σ S²/n. Each S²/n is kept as its whole part and the
//! rest. Whole parts alone tell most pairs of candidates apart; the others are compared as fractions of as many digits as they
//! need, so that ties are ties and no rounding decides. The crates for this, natural-breaks and ckmeans, compute with binary fractions,
//! which decide ties by rounding.

use super::ranks;
use super::wide::Wide;
use super::{Bins, CutPoints, FitError, Values};

/// The optimal classes of one dimension, as Jenks (1967) and Fisher (1958, doi:10.1080/01621459.1958.10501479) define them and
/// Wang & Song (2011, doi:10.32614/RJ-2011-015) compute them: of all ways to cut the sorted values into k classes the one with the
/// least sum of squared deviations from the means of the classes. Of equally good ones each cut is as near to the worst value as
/// it can be. With fewer distinct values than classes each value is a class, from score 1 on.
///
/// O(k d log d) for d distinct values.
pub(super) fn fit(bins: Bins, values: Values<'_>) -> Result<CutPoints, FitError> {
    let points = Points::of(values).ok_or(FitError::Overflow { dimension: values.dimension() })?;
    let starts = points.classes(bins.number().into());
    ranks::cuts(values, bins, |place| {
        let passed = starts.iter().filter(|start| u128::from(**start) <= place.worse).count();
        u128::try_from(passed).ok()
    })
}

/// The distinct values from the worst to the best, as running sums.
struct Points {
    /// Customers up to a point; it begins with 0.
    customers: Vec<u64>,
    /// Sums of the distances from the worst value, in the largest unit of which all are multiples that is easily found.
    sums: Vec<u128>,
}

/// A part of what classes add up to: `whole + rest / customers`.
struct Share {
    whole: u128,
    rest: u128,
    customers: u64,
}

/// For each number of points the start of the last of so many classes.
type Starts = Vec<u32>;

impl Points {
    /// `None` if a square does not fit.
    fn of(values: Values<'_>) -> Option<Points> {
        let mut distinct = values.distinct();
        if values.less_is_better() {
            distinct.reverse();
        }
        let mut points = Points { customers: vec![0], sums: vec![0] };
        let Some((worst, _)) = distinct.first() else { return Some(points) };
        let mut unit = 1u128;
        let mut distances = Vec::with_capacity(distinct.len());
        for (value, equal) in &distinct {
            let distance = value.checked_sub(*worst)?;
            let denominator = u128::from(distance.denominator());
            unit = unit.checked_mul(denominator.checked_div(gcd(unit, denominator))?)?;
            distances.push((distance.numerator().unsigned_abs(), denominator, u64::try_from(*equal).ok()?));
        }
        let (mut customers, mut sum) = (0u64, 0u128);
        for (numerator, denominator, equal) in distances {
            let distance = numerator.checked_mul(unit.checked_div(denominator)?)?;
            customers = customers.checked_add(equal)?;
            sum = sum.checked_add(distance.checked_mul(equal.into())?)?;
            points.customers.push(customers);
            points.sums.push(sum);
        }
        // The greatest square of all, and more than any sum of shares.
        sum.checked_mul(sum)?;
        u32::try_from(points.len()).ok()?;
        Some(points)
    }

    fn len(&self) -> usize {
        self.sums.len().saturating_sub(1)
    }

    /// What a class of these points adds; at least one of them.
    fn share(&self, from: usize, to: usize) -> Share {
        let customers = self.customers[to].wrapping_sub(self.customers[from]);
        let sum = self.sums[to].wrapping_sub(self.sums[from]);
        let (square, divisor) = (sum.wrapping_mul(sum), u128::from(customers.max(1)));
        Share {
            whole: square.checked_div(divisor).unwrap_or_default(),
            rest: square.checked_rem(divisor).unwrap_or_default(),
            customers: customers.max(1),
        }
    }

    /// The number of customers that are worse than those of each class but the first, for at most so many classes.
    fn classes(&self, classes: usize) -> Vec<u64> {
        let mut layers: Vec<Starts> = Vec::new();
        let mut sums: Vec<u128> =
            (0..=self.len()).map(|to| if to == 0 { 0 } else { self.share(0, to).whole }).collect();
        for class in 2..=classes.min(self.len()) {
            let mut layer = Layer { points: self, class, below: &sums, layers: &layers, starts: Vec::new() };
            layer.starts = vec![0; self.len().saturating_add(1)];
            layer.fill();
            let starts = layer.starts;
            let last = |to: usize| crate::text::index(starts[to]);
            sums = (0..=self.len())
                .map(|to| if to < class { 0 } else { sums[last(to)].wrapping_add(self.share(last(to), to).whole) })
                .collect();
            layers.push(starts);
        }
        let mut starts = chain(&layers, self.len());
        starts.reverse();
        starts.into_iter().map(|start| self.customers[start]).collect()
    }
}

/// The starts of all classes of the first points, from the last class to the second.
fn chain(layers: &[Starts], to: usize) -> Vec<usize> {
    let mut to = to;
    let starts = layers.iter().rev().map(|starts| {
        to = crate::text::index(starts[to]);
        to
    });
    starts.collect()
}

/// The search for the starts of the last of `class` classes, at least two, when those of one class fewer are known.
struct Layer<'a> {
    points: &'a Points,
    class: usize,
    /// The whole parts of the best sums of one class fewer.
    below: &'a [u128],
    layers: &'a [Starts],
    starts: Starts,
}

impl Layer<'_> {
    /// The best start never falls when points are added, so that the best of the middle halves the search for both sides.
    fn fill(&mut self) {
        let first = self.class.saturating_sub(1);
        let mut open = vec![(self.class, self.points.len(), first, self.points.len().saturating_sub(1))];
        while let Some((low, high, from, to)) = open.pop() {
            if low > high {
                continue;
            }
            let middle = low.midpoint(high);
            let mut best = from;
            for start in from.saturating_add(1)..=to.min(middle.saturating_sub(1)) {
                if self.is_better(start, best, middle) {
                    best = start;
                }
            }
            self.starts[middle] = u32::try_from(best).unwrap_or(u32::MAX);
            open.push((low, middle.saturating_sub(1), from, best));
            open.push((middle.saturating_add(1), high, best, to));
        }
    }

    /// Whether the last class of the first `end` points better begins at `start` than at `best`.
    fn is_better(&self, start: usize, best: usize, end: usize) -> bool {
        let whole = |start: usize| self.below[start].wrapping_add(self.points.share(start, end).whole);
        let (ours, theirs) = (whole(start), whole(best));
        // The rests of so many classes add up to less than their number.
        if ours.abs_diff(theirs) >= u128::try_from(self.class).unwrap_or(u128::MAX) {
            return ours > theirs;
        }
        let lower = ours.min(theirs);
        let (ours, theirs) =
            (self.fraction(start, end, ours.wrapping_sub(lower)), self.fraction(best, end, theirs.wrapping_sub(lower)));
        ours.0.times(&theirs.1) > theirs.0.times(&ours.1)
    }

    /// `whole` and the rests of all classes as one fraction, not in lowest terms.
    fn fraction(&self, start: usize, end: usize, whole: u128) -> (Wide, Wide) {
        // It is at most the number of classes.
        let whole = u64::try_from(whole).unwrap_or(u64::MAX);
        let (mut numerator, mut denominator) = (Wide::from(whole), Wide::from(1));
        let mut end = end;
        for start in [start].into_iter().chain(chain(self.layers, start)).chain([0]) {
            let share = self.points.share(start, end);
            let rest = u64::try_from(share.rest).unwrap_or(u64::MAX);
            numerator = numerator.times_small(share.customers).plus(&denominator.times_small(rest));
            denominator = denominator.times_small(share.customers);
            end = start;
        }
        (numerator, denominator)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a.max(1)
}
