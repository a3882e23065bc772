//! The values that strategies learn from.

use core::ops::Range;

use crate::axes::Dimension;
use crate::measures::{MeasureColumn, Numbers, in_units};
use crate::money::Scale;
use crate::parallel::sort;
use crate::ratio::Ratio;
use crate::selection;

/// One value per customer on one dimension: days, counts, minor units of money, or exact ratios.
///
/// Strategies of cuts do not look at the order of customers; those of ranks take it as the order of ties, unless keys are given.
///
/// # Examples
///
/// ```
/// use rfm_core::scoring::Values;
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let cents = Values::whole(Dimension::Monetary, &[500, 250], Scale::CENTS);
/// assert_eq!(cents.get(1), Some(Ratio::new(5, 2)));
/// assert_eq!(cents.sorted().get(0), Some(Ratio::new(5, 2)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    dimension: Dimension,
    numbers: Numbers<'a>,
    tie_keys: &'a [i64],
    ids: Option<&'a [&'a str]>,
}

impl<'a> Values<'a> {
    /// The values of a column.
    #[must_use]
    pub fn new(dimension: Dimension, column: &'a MeasureColumn<'_>) -> Values<'a> {
        Values { dimension, numbers: column.numbers(), tie_keys: &[], ids: None }
    }

    /// Whole numbers: minor units of money at `scale`, or days or counts at [`Scale::UNITS`].
    #[must_use]
    pub const fn whole(dimension: Dimension, values: &'a [i128], scale: Scale) -> Values<'a> {
        Values { dimension, numbers: Numbers::Whole(values, scale), tie_keys: &[], ids: None }
    }

    /// Days, counts or units of money that need not be whole.
    #[must_use]
    pub const fn ratios(dimension: Dimension, values: &'a [Ratio]) -> Values<'a> {
        Values { dimension, numbers: Numbers::Ratios(values), tie_keys: &[], ids: None }
    }

    /// Orders equal values by keys, one for each customer, the lowest first; by the order of customers where keys are equal too.
    #[must_use]
    pub const fn with_tie_keys(self, tie_keys: &'a [i64]) -> Values<'a> {
        Values { tie_keys, ..self }
    }

    /// Tells whose the values are, one id for each customer.
    #[must_use]
    pub const fn with_ids(self, ids: &'a [&'a str]) -> Values<'a> {
        Values { ids: Some(ids), ..self }
    }

    /// Whose the values are, if that was told.
    #[must_use]
    pub const fn ids(&self) -> Option<&'a [&'a str]> {
        self.ids
    }

    /// The dimension.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The smallest step between values: a minor unit; of days and counts, means and rates 1.
    #[must_use]
    pub fn unit(&self) -> Ratio {
        in_units(1, self.numbers.scale().unwrap_or(Scale::UNITS))
    }

    /// Whether a lower value is the better one.
    #[must_use]
    pub const fn less_is_better(&self) -> bool {
        matches!(self.dimension, Dimension::Recency)
    }

    /// Number of customers.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is no customer.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a customer in units: days, a count, whole units of money.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Ratio> {
        self.numbers.get(row)
    }

    /// The values at positions of the ascending order, counted from 0, without sorting all of them; `None` if one is behind the last.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::scoring::Values;
    /// use rfm_core::{Dimension, Ratio, Scale};
    ///
    /// let orders = Values::whole(Dimension::Frequency, &[7, 1, 3, 1], Scale::UNITS);
    /// assert_eq!(orders.at(&[3, 0]), Some(vec![Ratio::from(7), Ratio::from(1)]));
    /// assert_eq!(orders.at(&[4]), None);
    /// ```
    #[must_use]
    pub fn at(&self, positions: &[usize]) -> Option<Vec<Ratio>> {
        let exist = positions.iter().all(|position| *position < self.len());
        exist.then(|| selection::at(self.numbers, positions.to_vec()))
    }

    /// The type-7 quantiles at probabilities, numerator and denominator each, as [`SortedValues::quantile`] gives them, without
    /// sorting all values.
    #[must_use]
    pub fn quantiles(&self, probabilities: impl IntoIterator<Item = (u64, u64)>) -> Option<Vec<Ratio>> {
        let steps = probabilities.into_iter().map(|(part, parts)| Step::of(self.len(), part, parts));
        let steps = steps.collect::<Option<Vec<Step>>>()?;
        let positions = steps.iter().flat_map(|step| [step.below, step.above]).collect();
        if let Some(scale) = self.numbers.scale() {
            let values = selection::whole_at(self.numbers, selection::Groups::ONE, &[positions]).pop()?;
            return values.chunks(2).zip(&steps).map(|(pair, step)| step.whole(pair[0], pair[1], scale)).collect();
        }
        let values = selection::at(self.numbers, positions);
        values.chunks(2).zip(&steps).map(|(pair, step)| step.ratio(pair[0], pair[1])).collect()
    }

    /// Each distinct value in ascending order, and how many customers have it.
    #[must_use]
    pub fn distinct(&self) -> Vec<(Ratio, usize)> {
        selection::distinct(self.numbers)
    }

    /// The values in ascending order.
    #[must_use]
    pub fn sorted(&self) -> SortedValues {
        let numbers = if let Some(ratios) = self.numbers.as_ratios() {
            let mut ratios = ratios.to_vec();
            sort(&mut ratios);
            Sorted::Ratios(ratios)
        } else {
            let mut values = vec![0; self.len()];
            self.numbers.read(0, &mut values);
            sort(&mut values);
            Sorted::Whole(values, self.numbers.scale().unwrap_or(Scale::UNITS))
        };
        SortedValues { dimension: self.dimension, numbers }
    }

    /// The rows from the worst value to the best; equal values in the order of their keys ([`Values::with_tie_keys`]), then of the
    /// rows.
    #[must_use]
    pub fn from_worst(&self) -> Vec<usize> {
        self.from_worst_by(|row| self.tie_keys.get(row))
    }

    /// What tells a row apart from others of the same value, if the values have keys for that.
    pub(super) fn tie_key(&self, row: usize) -> Option<&i64> {
        self.tie_keys.get(row)
    }

    /// The rows from the worst value to the best; equal values in the order of `tie`, then of the rows.
    #[must_use]
    pub fn from_worst_by<K: Ord>(&self, tie: impl Fn(usize) -> K) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.len()).collect();
        let less_is_better = self.less_is_better();
        if let Some(values) = self.numbers.as_ratios() {
            if less_is_better {
                rows.sort_by_cached_key(|row| (core::cmp::Reverse(values[*row]), tie(*row)));
            } else {
                rows.sort_by_cached_key(|row| (values[*row], tie(*row)));
            }
        } else if less_is_better {
            rows.sort_by_cached_key(|row| (core::cmp::Reverse(self.numbers.whole(*row)), tie(*row)));
        } else {
            rows.sort_by_cached_key(|row| (self.numbers.whole(*row), tie(*row)));
        }
        rows
    }
}

/// Values in ascending order, as [`Values::sorted`] gives them.
#[derive(Clone, Debug)]
pub struct SortedValues {
    dimension: Dimension,
    numbers: Sorted,
}

#[derive(Clone, Debug)]
enum Sorted {
    Whole(Vec<i128>, Scale),
    Ratios(Vec<Ratio>),
}

impl SortedValues {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.numbers {
            Sorted::Whole(values, _) => values.len(),
            Sorted::Ratios(values) => values.len(),
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a position, counted from 0, in units.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Ratio> {
        match &self.numbers {
            Sorted::Whole(values, scale) => values.get(position).map(|value| in_units(*value, *scale)),
            Sorted::Ratios(values) => values.get(position).copied(),
        }
    }

    /// The type-7 quantile at `part / parts` (Hyndman & Fan 1996, doi:10.2307/2684934; the default of R, numpy and pandas): with
    /// h = (n − 1) part / parts, the value at floor(h) and the fraction of h of the way to the next. `None` of no values, or
    /// if it does not fit.
    #[must_use]
    pub fn quantile(&self, part: u64, parts: u64) -> Option<Ratio> {
        let step = Step::of(self.len(), part, parts)?;
        match &self.numbers {
            Sorted::Whole(values, scale) => step.whole(*values.get(step.below)?, *values.get(step.above)?, *scale),
            Sorted::Ratios(values) => step.ratio(*values.get(step.below)?, *values.get(step.above)?),
        }
    }

    /// The runs of equal values in ascending order: each value, and the positions that have it.
    #[must_use]
    pub fn runs(&self) -> Vec<(Ratio, Range<usize>)> {
        fn ends<T: PartialEq>(values: &[T]) -> Vec<Range<usize>> {
            let mut start = 0;
            let lengths = values.chunk_by(|one, next| one == next).map(<[T]>::len);
            lengths
                .map(|length| {
                    let run = start..length.saturating_add(start);
                    start = run.end;
                    run
                })
                .collect()
        }
        let runs = match &self.numbers {
            Sorted::Whole(values, _) => ends(values),
            Sorted::Ratios(values) => ends(values),
        };
        runs.into_iter().filter_map(|run| Some((self.get(run.start)?, run))).collect()
    }

    /// Number of distinct values.
    #[must_use]
    pub fn distinct(&self) -> usize {
        match &self.numbers {
            Sorted::Whole(values, _) => values.chunk_by(|one, next| one == next).count(),
            Sorted::Ratios(values) => values.chunk_by(|one, next| one == next).count(),
        }
    }

    /// The dimension.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }
}

/// Between which two positions a quantile lies, and how far on the way from the first to the second.
#[derive(Clone, Copy)]
struct Step {
    below: usize,
    above: usize,
    /// Over `parts`.
    fraction: u64,
    parts: u64,
}

impl Step {
    /// `None` of no values.
    fn of(values: usize, part: u64, parts: u64) -> Option<Step> {
        let last = values.checked_sub(1)?;
        let steps = u128::try_from(last).ok()?.checked_mul(part.into())?;
        let below = usize::try_from(steps.checked_div(parts.into())?).ok().filter(|below| *below <= last)?;
        let fraction = u64::try_from(steps.checked_rem(parts.into())?).ok()?;
        Some(Step { below, above: below.saturating_add(1).min(last), fraction, parts })
    }

    fn whole(self, lower: i128, upper: i128, scale: Scale) -> Option<Ratio> {
        let way = upper.checked_sub(lower)?.checked_mul(self.fraction.into())?;
        let numerator = lower.checked_mul(self.parts.into())?.checked_add(way)?;
        // Reduced before it is divided once more: parts and minor units together may pass 64 bits.
        Ratio::new(numerator, self.parts).checked_mul(in_units(1, scale))
    }

    fn ratio(self, lower: Ratio, upper: Ratio) -> Option<Ratio> {
        let share = |of: Ratio, weight: u64| of.checked_mul(Ratio::new(weight.into(), self.parts));
        share(lower, self.parts.checked_sub(self.fraction)?)?.checked_add(share(upper, self.fraction)?)
    }
}
