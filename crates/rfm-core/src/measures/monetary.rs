//! What monetary value is.

use core::fmt;

use super::MeasureColumn;
use crate::day::Day;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers};

/// What monetary value is, in units of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MonetaryMeasure {
    /// The money of all lines.
    #[default]
    Total,
    /// Total over distinct orders.
    MeanOrder,
    /// The middle order by its value; of an even number the mean of the middle two.
    MedianOrder,
    /// The order of the largest value.
    LargestOrder,
}

impl MonetaryMeasure {
    /// All measures.
    pub const ALL: [MonetaryMeasure; 4] = [
        MonetaryMeasure::Total,
        MonetaryMeasure::MeanOrder,
        MonetaryMeasure::MedianOrder,
        MonetaryMeasure::LargestOrder,
    ];

    /// The name: `total`, `mean-order`, `median-order` or `largest-order`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            MonetaryMeasure::Total => "total",
            MonetaryMeasure::MeanOrder => "mean-order",
            MonetaryMeasure::MedianOrder => "median-order",
            MonetaryMeasure::LargestOrder => "largest-order",
        }
    }

    pub(super) const fn needs_order_values(self) -> bool {
        matches!(self, MonetaryMeasure::MedianOrder | MonetaryMeasure::LargestOrder)
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Result<MeasureColumn<'_>, &'static str> {
        if self == MonetaryMeasure::Total {
            return Ok(MeasureColumn::Whole { values: customers.totals().into(), scale: customers.scale() });
        }
        let values = customers.iter().map(|customer| self.value(&customer, analysis_date));
        values.collect::<Option<Vec<Ratio>>>().map(MeasureColumn::Ratios).ok_or("the value of each order")
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, _: Day) -> Option<Ratio> {
        match self {
            MonetaryMeasure::Total => Some(customer.total().into()),
            MonetaryMeasure::MeanOrder => Some(customer.mean_order()),
            MonetaryMeasure::MedianOrder => Some(customer.order_values()?.median()),
            MonetaryMeasure::LargestOrder => Some(customer.order_values()?.largest().into()),
        }
    }
}

impl fmt::Display for MonetaryMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
