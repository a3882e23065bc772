//! What monetary value is.

use core::fmt;
use core::str::FromStr;

use super::{MeasureColumn, Tenure, UnknownMeasure};
use crate::axes::Dimension;
use crate::day::Day;
use crate::money::Decimal;
use crate::period::PeriodUnit;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers, mean};

/// What monetary value is, in units of money.
///
/// As text each is its name: `total`, `mean-per-week`.
///
/// # Examples
///
/// ```
/// use rfm_core::MonetaryMeasure;
///
/// assert_eq!("median-order".parse(), Ok(MonetaryMeasure::MedianOrder));
/// assert_eq!(MonetaryMeasure::TotalPerYear.to_string(), "total-per-year");
/// ```
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
    /// Total over distinct days with a line.
    MeanPerDay,
    /// Total over weeks, from Monday to Sunday, with a line.
    MeanPerWeek,
    /// Total over calendar months with a line.
    MeanPerMonth,
    /// The money of the days after the first one over their number, 0 if there is none: the money of models of lifetime value.
    RepeatMeanPerDay,
    /// The same of weeks.
    RepeatMeanPerWeek,
    /// The same of calendar months.
    RepeatMeanPerMonth,
    /// Total over the calendar months from that of the first order to that of the analysis date, both counted.
    TotalPerMonth,
    /// Total over the calendar years from that of the first order to that of the analysis date, both counted.
    TotalPerYear,
    /// The same as whole units of money, cut off towards zero as integers are divided in SQL.
    WholeTotalPerYear,
}

impl MonetaryMeasure {
    /// All measures.
    pub const ALL: [MonetaryMeasure; 13] = [
        MonetaryMeasure::Total,
        MonetaryMeasure::MeanOrder,
        MonetaryMeasure::MedianOrder,
        MonetaryMeasure::LargestOrder,
        MonetaryMeasure::MeanPerDay,
        MonetaryMeasure::MeanPerWeek,
        MonetaryMeasure::MeanPerMonth,
        MonetaryMeasure::RepeatMeanPerDay,
        MonetaryMeasure::RepeatMeanPerWeek,
        MonetaryMeasure::RepeatMeanPerMonth,
        MonetaryMeasure::TotalPerMonth,
        MonetaryMeasure::TotalPerYear,
        MonetaryMeasure::WholeTotalPerYear,
    ];

    /// The name, in small letters with hyphens: `mean-order`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            MonetaryMeasure::Total => "total",
            MonetaryMeasure::MeanOrder => "mean-order",
            MonetaryMeasure::MedianOrder => "median-order",
            MonetaryMeasure::LargestOrder => "largest-order",
            MonetaryMeasure::MeanPerDay => "mean-per-day",
            MonetaryMeasure::MeanPerWeek => "mean-per-week",
            MonetaryMeasure::MeanPerMonth => "mean-per-month",
            MonetaryMeasure::RepeatMeanPerDay => "repeat-mean-per-day",
            MonetaryMeasure::RepeatMeanPerWeek => "repeat-mean-per-week",
            MonetaryMeasure::RepeatMeanPerMonth => "repeat-mean-per-month",
            MonetaryMeasure::TotalPerMonth => "total-per-month",
            MonetaryMeasure::TotalPerYear => "total-per-year",
            MonetaryMeasure::WholeTotalPerYear => "whole-total-per-year",
        }
    }

    /// Whether it looks at the first order, which a table of customers need not tell: there the last one takes its place.
    #[must_use]
    pub const fn needs_first_order(self) -> bool {
        matches!(
            self,
            MonetaryMeasure::TotalPerMonth | MonetaryMeasure::TotalPerYear | MonetaryMeasure::WholeTotalPerYear
        )
    }

    pub(super) const fn needs_order_values(self) -> bool {
        matches!(self, MonetaryMeasure::MedianOrder | MonetaryMeasure::LargestOrder)
    }

    pub(super) const fn needs_active_days(self) -> bool {
        matches!(self, MonetaryMeasure::MeanPerDay)
    }

    pub(super) const fn needs_daily_money(self) -> bool {
        matches!(
            self,
            MonetaryMeasure::MeanPerWeek
                | MonetaryMeasure::MeanPerMonth
                | MonetaryMeasure::RepeatMeanPerDay
                | MonetaryMeasure::RepeatMeanPerWeek
                | MonetaryMeasure::RepeatMeanPerMonth
        )
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Option<MeasureColumn<'_>> {
        if self == MonetaryMeasure::Total {
            return Some(MeasureColumn::Whole { values: customers.totals().into(), scale: customers.scale() });
        }
        let values = customers.iter().map(|customer| self.value(&customer, analysis_date));
        values.collect::<Option<Vec<Ratio>>>().map(MeasureColumn::Ratios)
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        let periods = |unit| customer.periods(unit);
        let total_over = |count: u64| Some(mean(customer.total().minor(), count, customer.total().scale()));
        match self {
            MonetaryMeasure::Total => Some(customer.total().into()),
            MonetaryMeasure::MeanOrder => Some(customer.mean_order()),
            MonetaryMeasure::MedianOrder => Some(customer.order_values()?.median()),
            MonetaryMeasure::LargestOrder => Some(customer.order_values()?.largest().into()),
            MonetaryMeasure::MeanPerDay => total_over(customer.active_days()?),
            MonetaryMeasure::MeanPerWeek => Some(periods(PeriodUnit::Week)?.mean()),
            MonetaryMeasure::MeanPerMonth => Some(periods(PeriodUnit::Month)?.mean()),
            MonetaryMeasure::RepeatMeanPerDay => Some(periods(PeriodUnit::Day)?.repeat_mean()),
            MonetaryMeasure::RepeatMeanPerWeek => Some(periods(PeriodUnit::Week)?.repeat_mean()),
            MonetaryMeasure::RepeatMeanPerMonth => Some(periods(PeriodUnit::Month)?.repeat_mean()),
            MonetaryMeasure::TotalPerMonth => total_over(Tenure::Months.of(customer, analysis_date)),
            MonetaryMeasure::TotalPerYear => total_over(Tenure::Years.of(customer, analysis_date)),
            MonetaryMeasure::WholeTotalPerYear => {
                whole(customer.total()).checked_div(Tenure::Years.of(customer, analysis_date).into()).map(Ratio::whole)
            }
        }
    }
}

/// The whole units, cut off towards zero.
fn whole(money: Decimal) -> i128 {
    money.minor().checked_div(money.scale().minor_units().into()).unwrap_or_default()
}

impl fmt::Display for MonetaryMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for MonetaryMeasure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<MonetaryMeasure, UnknownMeasure> {
        UnknownMeasure::unless(text, Dimension::Monetary, &MonetaryMeasure::ALL, MonetaryMeasure::name)
    }
}
