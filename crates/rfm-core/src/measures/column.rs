//! The values of all customers on one dimension.

use std::borrow::Cow;

use super::numbers::Numbers;
use crate::day::Day;
use crate::money::Scale;
use crate::ratio::Ratio;

/// The values of all customers on one dimension, in the order of the customers.
///
/// Most measures are whole numbers, which are compared as such; means and rates are exact ratios. What the customers have as it is, is
/// borrowed from them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeasureColumn<'c> {
    /// Minor units of money, or other whole numbers.
    Whole {
        /// One value for each customer.
        values: Cow<'c, [i128]>,
        /// The scale of the values: that of the money, [`Scale::UNITS`] for days and counts.
        scale: Scale,
    },
    /// Counts.
    Counts(&'c [u64]),
    /// Days up to another day.
    Days {
        /// One day for each customer.
        from: &'c [Day],
        /// The day that all of them are counted to.
        until: Day,
    },
    /// Days, counts or units of money that need not be whole.
    Ratios(Vec<Ratio>),
}

impl MeasureColumn<'_> {
    /// The numbers, to be read in any order.
    pub(crate) fn numbers(&self) -> Numbers<'_> {
        match self {
            MeasureColumn::Whole { values, scale } => Numbers::Whole(values, *scale),
            MeasureColumn::Counts(counts) => Numbers::Counts(counts),
            MeasureColumn::Days { from, until } => Numbers::Days(from, *until),
            MeasureColumn::Ratios(values) => Numbers::Ratios(values),
        }
    }

    /// A column of whole numbers.
    pub(super) fn counts(values: impl Iterator<Item = i128>) -> MeasureColumn<'static> {
        MeasureColumn::Whole { values: values.collect::<Vec<_>>().into(), scale: Scale::UNITS }
    }

    /// The values of these rows, which exist.
    pub(crate) fn select(&self, rows: &[usize]) -> MeasureColumn<'static> {
        if let MeasureColumn::Ratios(values) = self {
            return MeasureColumn::Ratios(rows.iter().map(|row| values[*row]).collect());
        }
        let numbers = self.numbers();
        let values = rows.iter().map(|row| numbers.whole(*row)).collect::<Vec<_>>().into();
        MeasureColumn::Whole { values, scale: numbers.scale().unwrap_or_default() }
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers().len()
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a customer, in units; `None` behind the last one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Ratio> {
        self.numbers().get(row)
    }
}
