//! What frequency counts.

use core::fmt;

use super::MeasureColumn;
use crate::day::Day;
use crate::money::Scale;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers};

/// What frequency counts. A table of customers has one count, which stands for orders, lines and days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrequencyMeasure {
    /// Distinct orders.
    #[default]
    Orders,
    /// Lines.
    Lines,
    /// Distinct days with a line.
    ActiveDays,
}

impl FrequencyMeasure {
    /// All measures.
    pub const ALL: [FrequencyMeasure; 3] =
        [FrequencyMeasure::Orders, FrequencyMeasure::Lines, FrequencyMeasure::ActiveDays];

    /// The name: `orders`, `lines` or `active-days`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            FrequencyMeasure::Orders => "orders",
            FrequencyMeasure::Lines => "lines",
            FrequencyMeasure::ActiveDays => "active-days",
        }
    }

    /// The decimals with which it is shown.
    pub(super) const fn scale(self) -> Scale {
        match self {
            FrequencyMeasure::Orders | FrequencyMeasure::Lines | FrequencyMeasure::ActiveDays => Scale::UNITS,
        }
    }

    pub(super) fn column(self, customers: &Customers, _: Day) -> Result<MeasureColumn<'_>, &'static str> {
        let counts = match self {
            FrequencyMeasure::Orders => customers.orders(),
            FrequencyMeasure::Lines => customers.lines(),
            FrequencyMeasure::ActiveDays => customers.active_days(),
        };
        Ok(MeasureColumn::counts(counts.iter().map(|count| i128::from(*count))))
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, _: Day) -> Option<Ratio> {
        let count = match self {
            FrequencyMeasure::Orders => customer.orders(),
            FrequencyMeasure::Lines => customer.lines(),
            FrequencyMeasure::ActiveDays => customer.active_days(),
        };
        Some(Ratio::new(count.into(), 1))
    }
}

impl fmt::Display for FrequencyMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
