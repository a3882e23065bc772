//! The values that strategies learn from.

use core::ops::Range;

use crate::axes::Dimension;
use crate::measures::MeasureColumn;
use crate::money::Scale;
use crate::ratio::Ratio;

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

#[derive(Clone, Copy, Debug)]
enum Numbers<'a> {
    Whole(&'a [i128], Scale),
    Ratios(&'a [Ratio]),
}

impl<'a> Values<'a> {
    /// The values of a column.
    #[must_use]
    pub fn new(dimension: Dimension, column: &'a MeasureColumn<'_>) -> Values<'a> {
        match column {
            MeasureColumn::Whole { values, scale } => Values::whole(dimension, values, *scale),
            MeasureColumn::Ratios(values) => Values::ratios(dimension, values),
        }
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
        match self.numbers {
            Numbers::Whole(_, scale) => in_units(1, scale),
            Numbers::Ratios(_) => Ratio::from(1),
        }
    }

    /// Whether a lower value is the better one.
    #[must_use]
    pub const fn less_is_better(&self) -> bool {
        matches!(self.dimension, Dimension::Recency)
    }

    /// Number of customers.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self.numbers {
            Numbers::Whole(values, _) => values.len(),
            Numbers::Ratios(values) => values.len(),
        }
    }

    /// Whether there is no customer.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a customer in units: days, a count, whole units of money.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Ratio> {
        match self.numbers {
            Numbers::Whole(values, scale) => values.get(row).map(|value| in_units(*value, scale)),
            Numbers::Ratios(values) => values.get(row).copied(),
        }
    }

    /// The values in ascending order.
    #[must_use]
    pub fn sorted(&self) -> SortedValues {
        match self.numbers {
            Numbers::Whole(values, scale) => {
                let mut values = values.to_vec();
                values.sort_unstable();
                SortedValues { dimension: self.dimension, numbers: Sorted::Whole(values, scale) }
            }
            Numbers::Ratios(values) => {
                let mut values = values.to_vec();
                values.sort_unstable();
                SortedValues { dimension: self.dimension, numbers: Sorted::Ratios(values) }
            }
        }
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
        match self.numbers {
            Numbers::Whole(values, _) if less_is_better => {
                rows.sort_by_cached_key(|row| (core::cmp::Reverse(values[*row]), tie(*row)));
            }
            Numbers::Whole(values, _) => rows.sort_by_cached_key(|row| (values[*row], tie(*row))),
            Numbers::Ratios(values) if less_is_better => {
                rows.sort_by_cached_key(|row| (core::cmp::Reverse(values[*row]), tie(*row)));
            }
            Numbers::Ratios(values) => rows.sort_by_cached_key(|row| (values[*row], tie(*row))),
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
        let steps = u128::try_from(self.len().checked_sub(1)?).ok()?.checked_mul(part.into())?;
        let below = usize::try_from(steps.checked_div(parts.into())?).ok()?;
        let fraction = u64::try_from(steps.checked_rem(parts.into())?).ok()?;
        let above = below.saturating_add(1).min(self.len().saturating_sub(1));
        match &self.numbers {
            Sorted::Whole(values, scale) => {
                let (lower, upper) = (*values.get(below)?, *values.get(above)?);
                let way = upper.checked_sub(lower)?.checked_mul(fraction.into())?;
                let numerator = lower.checked_mul(parts.into())?.checked_add(way)?;
                // Reduced before it is divided once more: parts and minor units together may pass 64 bits.
                Ratio::new(numerator, parts).checked_mul(in_units(1, *scale))
            }
            Sorted::Ratios(values) => {
                let (lower, upper) = (*values.get(below)?, *values.get(above)?);
                let share = |of: Ratio, weight: u64| of.checked_mul(Ratio::new(weight.into(), parts));
                share(lower, parts.checked_sub(fraction)?)?.checked_add(share(upper, fraction)?)
            }
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

fn in_units(value: i128, scale: Scale) -> Ratio {
    Ratio::new(value, scale.minor_units().unsigned_abs())
}
