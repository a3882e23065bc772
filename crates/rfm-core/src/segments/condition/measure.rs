//! What rules may ask of a customer beside the scores.

use core::fmt;

use crate::axes::Dimension;
use crate::day::Day;
use crate::measures::Measures;
use crate::ratio::Ratio;
use crate::summaries::CustomerSummary;

/// What rules may ask of a customer beside the scores: days, counts, and units of money.
///
/// # Examples
///
/// ```
/// use rfm_core::RuleMeasure;
///
/// assert_eq!(RuleMeasure::RecencyDays.name(), "recency_days");
/// assert_eq!(RuleMeasure::named("Mean_Order"), Some(RuleMeasure::MeanOrder));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RuleMeasure {
    /// Days from the last order to the analysis date, 0 or more, as results show them: whole periods of 24 hours where recency
    /// is measured in elapsed time, otherwise days of the calendar.
    RecencyDays,
    /// Frequency, by the measure of the run.
    Frequency,
    /// Monetary value, by the measure of the run.
    Monetary,
    /// Distinct orders.
    Orders,
    /// Lines that count.
    Lines,
    /// Distinct days with a line.
    ActiveDays,
    /// Days from the first order to the analysis date, 0 or more.
    TenureDays,
    /// The money of all lines.
    Total,
    /// Total over distinct orders.
    MeanOrder,
    /// The middle order by its value.
    MedianOrder,
    /// The order of the largest value.
    LargestOrder,
    /// Distinct orders that were returned, in part or whole; known only where returns are kept beside purchases.
    Returns,
    /// The money of what was returned; known only where returns are kept beside purchases.
    Returned,
    /// Returned over purchased money, 0 of somebody whose purchases are worth nothing; known only where returns are kept beside
    /// purchases.
    ReturnRate,
}

/// Which numbers a measure can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Domain {
    /// 0, 1, 2 …
    Count,
    /// Any number that is not negative.
    NotNegative,
    /// Any number.
    Any,
}

impl RuleMeasure {
    /// All of them.
    pub const ALL: [RuleMeasure; 14] = [
        RuleMeasure::RecencyDays,
        RuleMeasure::Frequency,
        RuleMeasure::Monetary,
        RuleMeasure::Orders,
        RuleMeasure::Lines,
        RuleMeasure::ActiveDays,
        RuleMeasure::TenureDays,
        RuleMeasure::Total,
        RuleMeasure::MeanOrder,
        RuleMeasure::MedianOrder,
        RuleMeasure::LargestOrder,
        RuleMeasure::Returns,
        RuleMeasure::Returned,
        RuleMeasure::ReturnRate,
    ];

    /// The name in conditions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RuleMeasure::RecencyDays => "recency_days",
            RuleMeasure::Frequency => "frequency",
            RuleMeasure::Monetary => "monetary",
            RuleMeasure::Orders => "orders",
            RuleMeasure::Lines => "lines",
            RuleMeasure::ActiveDays => "active_days",
            RuleMeasure::TenureDays => "tenure_days",
            RuleMeasure::Total => "total",
            RuleMeasure::MeanOrder => "mean_order",
            RuleMeasure::MedianOrder => "median_order",
            RuleMeasure::LargestOrder => "largest_order",
            RuleMeasure::Returns => "returns",
            RuleMeasure::Returned => "returned",
            RuleMeasure::ReturnRate => "return_rate",
        }
    }

    /// The measure of a name; case does not count.
    #[must_use]
    pub fn named(name: &str) -> Option<RuleMeasure> {
        RuleMeasure::ALL.into_iter().find(|measure| measure.name().eq_ignore_ascii_case(name))
    }

    /// What it needs that the summaries may not have; empty for what they always have.
    pub(crate) const fn needs(self) -> &'static str {
        match self {
            RuleMeasure::MedianOrder | RuleMeasure::LargestOrder => "the value of each order",
            RuleMeasure::ActiveDays => "the days with a line",
            RuleMeasure::Returns | RuleMeasure::Returned | RuleMeasure::ReturnRate => "returns beside purchases",
            // What the measures of the run need was looked at when customers were scored.
            _ => "",
        }
    }

    /// Whether the summaries have to keep the value of each order.
    pub(crate) const fn needs_order_values(self) -> bool {
        matches!(self, RuleMeasure::MedianOrder | RuleMeasure::LargestOrder)
    }

    /// Whether it counts distinct orders.
    pub(crate) const fn counts_orders(self) -> bool {
        matches!(self, RuleMeasure::Orders | RuleMeasure::Returns)
    }

    /// Whether it is the value of single orders.
    pub(crate) const fn values_orders(self) -> bool {
        matches!(self, RuleMeasure::MeanOrder | RuleMeasure::MedianOrder | RuleMeasure::LargestOrder)
    }

    /// Whether it counts what a table of customers does not tell, where orders stand for it.
    pub(crate) const fn counts_lines_or_days(self) -> bool {
        matches!(self, RuleMeasure::Lines | RuleMeasure::ActiveDays)
    }

    pub(crate) const fn domain(self) -> Domain {
        match self {
            RuleMeasure::RecencyDays
            | RuleMeasure::Orders
            | RuleMeasure::Lines
            | RuleMeasure::ActiveDays
            | RuleMeasure::TenureDays
            | RuleMeasure::Returns => Domain::Count,
            // Frequency is a rate by some measures of the run.
            RuleMeasure::Frequency | RuleMeasure::Returned | RuleMeasure::ReturnRate => Domain::NotNegative,
            RuleMeasure::Monetary
            | RuleMeasure::Total
            | RuleMeasure::MeanOrder
            | RuleMeasure::MedianOrder
            | RuleMeasure::LargestOrder => Domain::Any,
        }
    }

    /// What a customer has; `None` if the summaries did not keep it.
    pub(crate) fn value(
        self,
        customer: &CustomerSummary<'_>,
        measures: &Measures,
        analysis_date: Day,
    ) -> Option<Ratio> {
        let count = |count: u64| Ratio::new(count.into(), 1);
        match self {
            RuleMeasure::RecencyDays => Some(i64::from(measures.recency.days(customer, analysis_date)).into()),
            RuleMeasure::Frequency => measures.value(Dimension::Frequency, customer, analysis_date),
            RuleMeasure::Monetary => measures.value(Dimension::Monetary, customer, analysis_date),
            RuleMeasure::Orders => Some(count(customer.orders())),
            RuleMeasure::Lines => Some(count(customer.lines())),
            RuleMeasure::ActiveDays => customer.active_days().map(count),
            RuleMeasure::TenureDays => Some(i64::from(analysis_date.days_since(customer.first_order())).into()),
            RuleMeasure::Total => Some(customer.total().into()),
            RuleMeasure::MeanOrder => Some(customer.mean_order()),
            RuleMeasure::MedianOrder => Some(customer.order_values()?.median()),
            RuleMeasure::LargestOrder => Some(customer.order_values()?.largest().into()),
            RuleMeasure::Returns => Some(count(customer.returns()?.orders())),
            RuleMeasure::Returned => Some(customer.returns()?.money().into()),
            RuleMeasure::ReturnRate => customer.returns().map(|_| customer.return_rate().unwrap_or(Ratio::from(0))),
        }
    }

    /// Its place among all.
    #[expect(clippy::as_conversions, reason = "the place of a variant")]
    pub(super) const fn place(self) -> usize {
        self as usize
    }
}

impl fmt::Display for RuleMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
