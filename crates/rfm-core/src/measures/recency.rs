//! How the time since the last order is counted.

use core::fmt;
use core::str::FromStr;

use super::{MeasureColumn, UnknownMeasure};
use crate::axes::Dimension;
use crate::day::Day;
use crate::period::PeriodUnit;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers};

/// How the time since the last order is counted.
///
/// As text each is its name: `days`.
///
/// # Examples
///
/// ```
/// use rfm_core::RecencyMeasure;
///
/// assert_eq!("weeks".parse(), Ok(RecencyMeasure::Weeks));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecencyMeasure {
    /// Days from the calendar day of the last order to the analysis date.
    #[default]
    Days,
    /// Weeks, from Monday to Sunday, from that of the last order to that of the analysis date; 0 within one.
    Weeks,
    /// Calendar months from that of the last order to that of the analysis date; 0 within one.
    Months,
}

impl RecencyMeasure {
    /// All measures.
    pub const ALL: [RecencyMeasure; 3] = [RecencyMeasure::Days, RecencyMeasure::Weeks, RecencyMeasure::Months];

    /// The name: `days`, `weeks` or `months`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RecencyMeasure::Days => "days",
            RecencyMeasure::Weeks => "weeks",
            RecencyMeasure::Months => "months",
        }
    }

    const fn unit(self) -> PeriodUnit {
        match self {
            RecencyMeasure::Days => PeriodUnit::Day,
            RecencyMeasure::Weeks => PeriodUnit::Week,
            RecencyMeasure::Months => PeriodUnit::Month,
        }
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Result<MeasureColumn<'_>, &'static str> {
        let last_orders = customers.last_orders().iter();
        Ok(MeasureColumn::counts(last_orders.map(|last| self.unit().between(*last, analysis_date).into())))
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        Some(Ratio::from(i64::from(self.unit().between(customer.last_order(), analysis_date))))
    }
}

impl fmt::Display for RecencyMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RecencyMeasure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<RecencyMeasure, UnknownMeasure> {
        UnknownMeasure::unless(text, Dimension::Recency, &RecencyMeasure::ALL, RecencyMeasure::name)
    }
}
