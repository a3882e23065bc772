//! What frequency counts.

use core::fmt;
use core::str::FromStr;

use super::{MeasureColumn, Tenure, UnknownMeasure};
use crate::axes::Dimension;
use crate::day::Day;
use crate::money::Scale;
use crate::period::PeriodUnit;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers};

/// What frequency counts. A table of customers has one count, which stands for orders, lines and days.
///
/// As text each is its name: `orders`, `repeat-weeks`.
///
/// # Examples
///
/// ```
/// use rfm_core::FrequencyMeasure;
///
/// assert_eq!("repeat-weeks".parse(), Ok(FrequencyMeasure::RepeatWeeks));
/// let error = "week".parse::<FrequencyMeasure>().expect_err("no such name");
/// assert!(error.to_string().ends_with("did you mean `weeks`?"));
/// ```
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
    /// Weeks, from Monday to Sunday, with a line.
    Weeks,
    /// Calendar months with a line.
    Months,
    /// Distinct days with a line after the first one: the frequency of models of lifetime value.
    RepeatDays,
    /// Weeks with a line after the first one.
    RepeatWeeks,
    /// Calendar months with a line after the first one.
    RepeatMonths,
    /// Distinct orders over the calendar months from that of the first order to that of the analysis date, both counted.
    OrdersPerMonth,
    /// Distinct orders over the calendar years from that of the first order to that of the analysis date, both counted.
    OrdersPerYear,
    /// Distinct days with a line over the same years.
    ActiveDaysPerYear,
}

impl FrequencyMeasure {
    /// All measures.
    pub const ALL: [FrequencyMeasure; 11] = [
        FrequencyMeasure::Orders,
        FrequencyMeasure::Lines,
        FrequencyMeasure::ActiveDays,
        FrequencyMeasure::Weeks,
        FrequencyMeasure::Months,
        FrequencyMeasure::RepeatDays,
        FrequencyMeasure::RepeatWeeks,
        FrequencyMeasure::RepeatMonths,
        FrequencyMeasure::OrdersPerMonth,
        FrequencyMeasure::OrdersPerYear,
        FrequencyMeasure::ActiveDaysPerYear,
    ];

    /// The name, in small letters with hyphens: `active-days`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            FrequencyMeasure::Orders => "orders",
            FrequencyMeasure::Lines => "lines",
            FrequencyMeasure::ActiveDays => "active-days",
            FrequencyMeasure::Weeks => "weeks",
            FrequencyMeasure::Months => "months",
            FrequencyMeasure::RepeatDays => "repeat-days",
            FrequencyMeasure::RepeatWeeks => "repeat-weeks",
            FrequencyMeasure::RepeatMonths => "repeat-months",
            FrequencyMeasure::OrdersPerMonth => "orders-per-month",
            FrequencyMeasure::OrdersPerYear => "orders-per-year",
            FrequencyMeasure::ActiveDaysPerYear => "active-days-per-year",
        }
    }

    /// Whether it is a count over a time, which need not be whole.
    #[must_use]
    pub const fn is_rate(self) -> bool {
        matches!(
            self,
            FrequencyMeasure::OrdersPerMonth | FrequencyMeasure::OrdersPerYear | FrequencyMeasure::ActiveDaysPerYear
        )
    }

    /// Whether it looks at the first order, which a table of customers need not tell: there the last one takes its place.
    #[must_use]
    pub const fn needs_first_order(self) -> bool {
        self.is_rate()
    }

    pub(super) const fn needs_active_days(self) -> bool {
        matches!(
            self,
            FrequencyMeasure::ActiveDays | FrequencyMeasure::RepeatDays | FrequencyMeasure::ActiveDaysPerYear
        )
    }

    pub(super) const fn needs_daily_money(self) -> bool {
        matches!(
            self,
            FrequencyMeasure::Weeks
                | FrequencyMeasure::Months
                | FrequencyMeasure::RepeatWeeks
                | FrequencyMeasure::RepeatMonths
        )
    }

    /// The decimals with which it is shown.
    pub(super) fn scale(self) -> Scale {
        const RATE: Scale = Scale::new(6).expect("at most 9");
        if self.is_rate() { RATE } else { Scale::UNITS }
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Option<MeasureColumn<'_>> {
        let counts = match self {
            FrequencyMeasure::Orders => customers.orders(),
            FrequencyMeasure::Lines => customers.lines(),
            FrequencyMeasure::ActiveDays => customers.active_days()?,
            _ => {
                let values = customers.iter().map(|customer| self.value(&customer, analysis_date));
                let values = values.collect::<Option<Vec<Ratio>>>()?;
                return Some(if self.is_rate() {
                    MeasureColumn::Ratios(values)
                } else {
                    MeasureColumn::counts(values.into_iter().map(Ratio::numerator))
                });
            }
        };
        Some(MeasureColumn::Counts(counts))
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        let periods = |unit| customer.periods(unit);
        let count = match self {
            FrequencyMeasure::Orders | FrequencyMeasure::OrdersPerMonth | FrequencyMeasure::OrdersPerYear => {
                customer.orders()
            }
            FrequencyMeasure::Lines => customer.lines(),
            FrequencyMeasure::ActiveDays | FrequencyMeasure::ActiveDaysPerYear => customer.active_days()?,
            FrequencyMeasure::RepeatDays => customer.active_days()?.saturating_sub(1),
            FrequencyMeasure::Weeks => periods(PeriodUnit::Week)?.count(),
            FrequencyMeasure::Months => periods(PeriodUnit::Month)?.count(),
            FrequencyMeasure::RepeatWeeks => periods(PeriodUnit::Week)?.repeats(),
            FrequencyMeasure::RepeatMonths => periods(PeriodUnit::Month)?.repeats(),
        };
        let tenure = match self {
            FrequencyMeasure::OrdersPerMonth => Tenure::Months.of(customer, analysis_date),
            FrequencyMeasure::OrdersPerYear | FrequencyMeasure::ActiveDaysPerYear => {
                Tenure::Years.of(customer, analysis_date)
            }
            _ => 1,
        };
        Some(Ratio::new(count.into(), tenure))
    }
}

impl fmt::Display for FrequencyMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FrequencyMeasure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<FrequencyMeasure, UnknownMeasure> {
        UnknownMeasure::unless(text, Dimension::Frequency, &FrequencyMeasure::ALL, FrequencyMeasure::name)
    }
}
