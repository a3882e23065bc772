//! The values of all customers on one dimension.

use std::borrow::Cow;

use crate::money::Scale;
use crate::ratio::Ratio;

/// The values of all customers on one dimension, in the order of the customers.
///
/// Most measures are whole numbers, which are compared as such; means and rates are exact ratios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeasureColumn<'c> {
    /// Days, counts, or minor units of money.
    Whole {
        /// One value for each customer.
        values: Cow<'c, [i128]>,
        /// The scale of the values: that of the money, [`Scale::UNITS`] for days and counts.
        scale: Scale,
    },
    /// Days, counts or units of money that need not be whole.
    Ratios(Vec<Ratio>),
}

impl MeasureColumn<'_> {
    /// A column of whole numbers.
    pub(super) fn counts(values: impl Iterator<Item = i128>) -> MeasureColumn<'static> {
        MeasureColumn::Whole { values: values.collect::<Vec<_>>().into(), scale: Scale::UNITS }
    }

    /// The values of these rows, which exist.
    pub(crate) fn select(&self, rows: &[usize]) -> MeasureColumn<'static> {
        match self {
            MeasureColumn::Whole { values, scale } => {
                let values = rows.iter().map(|row| values[*row]).collect::<Vec<_>>().into();
                MeasureColumn::Whole { values, scale: *scale }
            }
            MeasureColumn::Ratios(values) => MeasureColumn::Ratios(rows.iter().map(|row| values[*row]).collect()),
        }
    }

    /// Number of customers.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            MeasureColumn::Whole { values, .. } => values.len(),
            MeasureColumn::Ratios(values) => values.len(),
        }
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a customer, in units; `None` behind the last one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<Ratio> {
        match self {
            MeasureColumn::Whole { values, scale } => {
                values.get(row).map(|value| Ratio::new(*value, scale.minor_units().unsigned_abs()))
            }
            MeasureColumn::Ratios(values) => values.get(row).copied(),
        }
    }
}
