//! What the three dimensions measure: how recently, how often and for how much, each by a named choice.
//!
//! A measure of a customer is an exact number: whole days, counts and minor units, or a [`Ratio`] where it is a mean or a rate.
//! Nothing is rounded before it is scored; only what is shown is.

mod column;
mod frequency;
mod monetary;
mod numbers;
mod recency;
mod tenure;
mod unknown;

pub use column::MeasureColumn;
pub use frequency::FrequencyMeasure;
pub use monetary::MonetaryMeasure;
pub(crate) use numbers::{Numbers, in_units};
pub use recency::RecencyMeasure;
pub use unknown::UnknownMeasure;

use crate::axes::Dimension;
use crate::day::Day;
use crate::money::{Decimal, Scale};
use crate::ratio::Ratio;
use crate::segments::RuleMeasure;
use crate::summaries::{CustomerSummary, Customers, OrderDefinition};
use tenure::Tenure;

/// The measure of each dimension.
///
/// # Examples
///
/// ```
/// use rfm_core::{FrequencyMeasure, Measures, MonetaryMeasure};
///
/// let measures = Measures { monetary: MonetaryMeasure::MeanOrder, ..Measures::default() };
/// assert_eq!((measures.frequency, measures.monetary.name()), (FrequencyMeasure::Orders, "mean-order"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// How the time since the last order is counted.
    pub recency: RecencyMeasure,
    /// What frequency counts.
    pub frequency: FrequencyMeasure,
    /// What monetary value is.
    pub monetary: MonetaryMeasure,
}

/// The error of a measure that needs what the summaries did not keep, or what the input does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{dimension} by `{measure}` needs {needs}, which these summaries do not have")]
pub struct NotKept {
    /// The dimension.
    pub dimension: Dimension,
    /// The name of the measure.
    pub measure: &'static str,
    /// What it needs.
    pub needs: &'static str,
}

impl Measures {
    /// The name of the measure of a dimension.
    #[must_use]
    pub const fn name(&self, dimension: Dimension) -> &'static str {
        match dimension {
            Dimension::Recency => self.recency.name(),
            Dimension::Frequency => self.frequency.name(),
            Dimension::Monetary => self.monetary.name(),
        }
    }

    /// Whether the summaries have to keep the value of each order ([`crate::Summaries::with_order_values`]).
    #[must_use]
    pub const fn need_order_values(&self) -> bool {
        self.monetary.needs_order_values()
    }

    /// Whether the summaries have to keep the days with a line ([`crate::Summaries::with_active_days`]).
    #[must_use]
    pub const fn need_active_days(&self) -> bool {
        self.frequency.needs_active_days() || self.monetary.needs_active_days()
    }

    /// Whether the summaries have to keep the money of each day ([`crate::Summaries::with_daily_money`]).
    #[must_use]
    pub const fn need_daily_money(&self) -> bool {
        self.frequency.needs_daily_money() || self.monetary.needs_daily_money()
    }

    /// Whether the summaries have to keep the time of each last order ([`crate::Summaries::with_times`]).
    #[must_use]
    pub const fn need_times(&self) -> bool {
        self.recency.needs_times()
    }

    /// Whether values of customers with these two kinds of orders mean the same, and those that rules compare too.
    ///
    /// A table of customers has one count, which is of orders. Without it, what an order is matters to what counts or values
    /// orders, and not to lines, days and sums.
    pub(crate) fn are_comparable(&self, rules: &[RuleMeasure], one: OrderDefinition, other: OrderDefinition) -> bool {
        let count_orders = matches!(
            self.frequency,
            FrequencyMeasure::Orders | FrequencyMeasure::OrdersPerMonth | FrequencyMeasure::OrdersPerYear
        );
        let value_orders = matches!(
            self.monetary,
            MonetaryMeasure::MeanOrder | MonetaryMeasure::MedianOrder | MonetaryMeasure::LargestOrder
        );
        let matters = |matters: fn(RuleMeasure) -> bool| rules.iter().any(|measure| matters(*measure));
        let kinds = [one, other];
        let is_there = |orders: OrderDefinition| kinds.contains(&orders);
        one == other
            || if is_there(OrderDefinition::Counted) {
                is_there(OrderDefinition::OrderId) && count_orders && !matters(RuleMeasure::counts_lines_or_days)
            } else {
                let by_rules = matters(RuleMeasure::counts_orders) || matters(RuleMeasure::values_orders);
                !count_orders && !value_orders && !by_rules
            }
    }

    /// The values of all customers on a dimension, in their order.
    ///
    /// # Errors
    ///
    /// [`NotKept`] if the summaries do not have what the measure needs.
    pub fn column<'c>(
        &self,
        dimension: Dimension,
        customers: &'c Customers,
        analysis_date: Day,
    ) -> Result<MeasureColumn<'c>, NotKept> {
        match dimension {
            Dimension::Recency => self.recency.column(customers, analysis_date),
            Dimension::Frequency => self.frequency.column(customers, analysis_date),
            Dimension::Monetary => self.monetary.column(customers, analysis_date),
        }
        .ok_or_else(|| self.not_kept(dimension))
    }

    /// The error of a dimension whose measure needs what the summaries did not keep.
    pub(crate) const fn not_kept(&self, dimension: Dimension) -> NotKept {
        let needs = match dimension {
            Dimension::Recency => "the time of the last order",
            Dimension::Monetary if self.monetary.needs_order_values() => "the value of each order",
            Dimension::Frequency if self.frequency.needs_active_days() => "the days with a line",
            Dimension::Monetary if self.monetary.needs_active_days() => "the days with a line",
            Dimension::Frequency | Dimension::Monetary => "the money of each day",
        };
        NotKept { dimension, measure: self.name(dimension), needs }
    }

    /// The value of one customer on a dimension: days, a count, or units of money. `None` where [`Measures::column`] is an error.
    #[must_use]
    pub fn value(&self, dimension: Dimension, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        match dimension {
            Dimension::Recency => self.recency.value(customer, analysis_date),
            Dimension::Frequency => self.frequency.value(customer, analysis_date),
            Dimension::Monetary => self.monetary.value(customer, analysis_date),
        }
    }

    /// The decimals with which values of a dimension are shown: none for times and counts, six for rates, and those of the run for
    /// money.
    #[must_use]
    pub fn scale(&self, dimension: Dimension, money: Scale) -> Scale {
        match dimension {
            Dimension::Recency => Scale::UNITS,
            Dimension::Frequency => self.frequency.scale(),
            Dimension::Monetary => money,
        }
    }

    /// A value as it is shown; a tie goes to the even neighbour.
    pub(crate) fn shown(
        &self,
        dimension: Dimension,
        customer: &CustomerSummary<'_>,
        analysis_date: Day,
        money: Scale,
    ) -> Decimal {
        // What is a whole number of its scale as it is, as mostly.
        match dimension {
            Dimension::Monetary if self.monetary == MonetaryMeasure::Total => return customer.total(),
            Dimension::Frequency if self.frequency == FrequencyMeasure::Orders => {
                return Decimal::new(customer.orders().into(), Scale::UNITS);
            }
            _ => {}
        }
        let value = self.value(dimension, customer, analysis_date).unwrap_or(Ratio::from(0));
        value.to_decimal(self.scale(dimension, money))
    }
}

#[cfg(test)]
mod tests;
