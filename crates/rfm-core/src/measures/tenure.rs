//! For how long somebody has been a customer.

use crate::day::Day;
use crate::period::PeriodUnit;
use crate::summaries::CustomerSummary;

/// The unit in which the time as a customer is counted: calendar units from that of the first order to that of the analysis
/// date, both counted, so that nobody has been one for no time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tenure {
    Months,
    Years,
}

impl Tenure {
    /// At least 1, also before the first order.
    pub(super) fn of(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> u64 {
        let first = customer.first_order();
        let passed = match self {
            Tenure::Months => PeriodUnit::Month.between(first, analysis_date),
            Tenure::Years => analysis_date.ymd().0.saturating_sub(first.ymd().0),
        };
        u64::try_from(passed).unwrap_or(0).saturating_add(1)
    }
}
