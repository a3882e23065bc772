//! Numbers of customers where they are kept.

use crate::day::Day;
use crate::money::Scale;
use crate::ratio::Ratio;

/// One number for each customer, read from wherever it is kept: a column of 16-byte numbers, made anew for each look, would cost more than
/// what is done with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Numbers<'a> {
    /// Minor units of a scale.
    Whole(&'a [i128], Scale),
    Counts(&'a [u64]),
    /// Days from each of these to the last one.
    Days(&'a [Day], Day),
    Ratios(&'a [Ratio]),
}

impl<'a> Numbers<'a> {
    pub(crate) const fn len(self) -> usize {
        match self {
            Numbers::Whole(values, _) => values.len(),
            Numbers::Counts(counts) => counts.len(),
            Numbers::Days(days, _) => days.len(),
            Numbers::Ratios(values) => values.len(),
        }
    }

    /// The scale of whole numbers; none of ratios.
    pub(crate) const fn scale(self) -> Option<Scale> {
        match self {
            Numbers::Whole(_, scale) => Some(scale),
            Numbers::Counts(_) | Numbers::Days(..) => Some(Scale::UNITS),
            Numbers::Ratios(_) => None,
        }
    }

    pub(crate) const fn as_ratios(self) -> Option<&'a [Ratio]> {
        match self {
            Numbers::Ratios(values) => Some(values),
            _ => None,
        }
    }

    /// The value of a customer in units: days, a count, whole units of money.
    pub(crate) fn get(self, row: usize) -> Option<Ratio> {
        match self {
            Numbers::Whole(values, scale) => values.get(row).map(|value| in_units(*value, scale)),
            Numbers::Counts(counts) => counts.get(row).map(|count| Ratio::whole((*count).into())),
            Numbers::Days(days, until) => days.get(row).map(|day| Ratio::from(i64::from(until.days_since(*day)))),
            Numbers::Ratios(values) => values.get(row).copied(),
        }
    }

    /// The whole number of a row, which exists; of a ratio the largest that is not above it.
    pub(crate) fn whole(self, row: usize) -> i128 {
        match self {
            Numbers::Whole(values, _) => values[row],
            Numbers::Counts(counts) => counts[row].into(),
            Numbers::Days(days, until) => until.days_since(days[row]).into(),
            Numbers::Ratios(values) => values[row].floor(),
        }
    }

    /// The whole numbers of rows that exist, from `first` on, as [`Numbers::whole`].
    pub(crate) fn read(self, first: usize, into: &mut [i128]) {
        let rows = first..first.saturating_add(into.len());
        match self {
            Numbers::Whole(values, _) => into.copy_from_slice(&values[rows]),
            Numbers::Counts(counts) => read(into, &counts[rows], |count| (*count).into()),
            Numbers::Days(days, until) => read(into, &days[rows], |day| until.days_since(*day).into()),
            Numbers::Ratios(values) => read(into, &values[rows], |value| value.floor()),
        }
    }

    /// The same in 64 bits: a number that does not fit becomes the nearest that does, so that none overtakes another.
    pub(crate) fn read_narrow(self, first: usize, into: &mut [i64]) {
        let rows = first..first.saturating_add(into.len());
        match self {
            Numbers::Whole(values, _) => read(into, &values[rows], |value| narrow(*value)),
            Numbers::Counts(counts) => read(into, &counts[rows], |count| i64::try_from(*count).unwrap_or(i64::MAX)),
            Numbers::Days(days, until) => read(into, &days[rows], |day| until.days_since(*day).into()),
            Numbers::Ratios(values) => read(into, &values[rows], |value| narrow(value.floor())),
        }
    }

    /// The same in 32 bits.
    pub(crate) fn read_half(self, first: usize, into: &mut [i32]) {
        let rows = first..first.saturating_add(into.len());
        match self {
            Numbers::Whole(values, _) => read(into, &values[rows], |value| half(narrow(*value))),
            Numbers::Counts(counts) => read(into, &counts[rows], |count| i32::try_from(*count).unwrap_or(i32::MAX)),
            Numbers::Days(days, until) => read(into, &days[rows], |day| until.days_since(*day)),
            Numbers::Ratios(values) => read(into, &values[rows], |value| half(narrow(value.floor()))),
        }
    }
}

fn read<T, U>(into: &mut [U], values: &[T], number: impl Fn(&T) -> U) {
    into.iter_mut().zip(values).for_each(|(into, value)| *into = number(value));
}

/// The nearest number of 32 bits.
fn half(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
}

pub(crate) fn in_units(value: i128, scale: Scale) -> Ratio {
    Ratio::new(value, scale.minor_units().unsigned_abs())
}

/// The nearest number of 64 bits.
fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}
