//! How the time since the last order is counted.

use core::fmt;

use super::MeasureColumn;
use crate::day::Day;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers};

/// How the time since the last order is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecencyMeasure {
    /// Days from the calendar day of the last order to the analysis date.
    #[default]
    Days,
}

impl RecencyMeasure {
    /// All measures.
    pub const ALL: [RecencyMeasure; 1] = [RecencyMeasure::Days];

    /// The name: `days`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RecencyMeasure::Days => "days",
        }
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Result<MeasureColumn<'_>, &'static str> {
        match self {
            RecencyMeasure::Days => {
                let last_orders = customers.last_orders().iter();
                Ok(MeasureColumn::counts(last_orders.map(|last| analysis_date.days_since(*last).into())))
            }
        }
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        match self {
            RecencyMeasure::Days => Some(Ratio::from(i64::from(analysis_date.days_since(customer.last_order())))),
        }
    }
}

impl fmt::Display for RecencyMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
