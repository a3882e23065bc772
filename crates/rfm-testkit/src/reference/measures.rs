//! The measures of one customer, each as it is defined.

use std::collections::BTreeMap;

use rfm_core::{Day, FrequencyMeasure, MonetaryMeasure, PeriodUnit, Ratio, RecencyMeasure, Scale};

use super::Facts;

/// The first day of the year 2024, a Monday.
const MONDAY: i32 = 19_723;

/// A period of a unit, as a number that grows by 1.
///
/// # Panics
///
/// If there is no reference for the unit yet.
pub fn period(unit: PeriodUnit, day: Day) -> i32 {
    match unit {
        PeriodUnit::Day => day.epoch_days(),
        PeriodUnit::Week => (day.epoch_days() - MONDAY).div_euclid(7),
        PeriodUnit::Month => day.ymd().0 * 12 + i32::from(day.ymd().1),
        other => panic!("no reference for {other:?}"),
    }
}

impl Facts {
    /// The periods with a line, and their money.
    pub fn periods(&self, unit: PeriodUnit) -> BTreeMap<i32, i128> {
        let mut periods = BTreeMap::new();
        for (day, money) in &self.days {
            *periods.entry(period(unit, *day)).or_default() += money;
        }
        periods
    }

    /// The recency.
    ///
    /// # Panics
    ///
    /// If there is no reference for the measure yet.
    pub fn recency(&self, measure: RecencyMeasure, analysis_date: Day) -> Ratio {
        let unit = match measure {
            RecencyMeasure::Days => PeriodUnit::Day,
            RecencyMeasure::Weeks => PeriodUnit::Week,
            RecencyMeasure::Months => PeriodUnit::Month,
            other => panic!("no reference for {other:?}"),
        };
        Ratio::whole(i128::from(period(unit, analysis_date) - period(unit, self.last())))
    }

    /// The frequency.
    ///
    /// # Panics
    ///
    /// If there is no reference for the measure yet.
    pub fn frequency(&self, measure: FrequencyMeasure, analysis_date: Day) -> Ratio {
        let orders = self.orders.len() + self.single_lines.len();
        let periods = |unit| self.periods(unit).len();
        let (count, over) = match measure {
            FrequencyMeasure::Orders => (orders, 1),
            FrequencyMeasure::Lines => (usize::try_from(self.lines).expect("few lines"), 1),
            FrequencyMeasure::ActiveDays => (self.days.len(), 1),
            FrequencyMeasure::Weeks => (periods(PeriodUnit::Week), 1),
            FrequencyMeasure::Months => (periods(PeriodUnit::Month), 1),
            FrequencyMeasure::RepeatDays => (self.days.len() - 1, 1),
            FrequencyMeasure::RepeatWeeks => (periods(PeriodUnit::Week) - 1, 1),
            FrequencyMeasure::RepeatMonths => (periods(PeriodUnit::Month) - 1, 1),
            FrequencyMeasure::OrdersPerMonth => (orders, self.months_until(analysis_date)),
            FrequencyMeasure::OrdersPerYear => (orders, self.years_until(analysis_date)),
            FrequencyMeasure::ActiveDaysPerYear => (self.days.len(), self.years_until(analysis_date)),
            other => panic!("no reference for {other:?}"),
        };
        Ratio::new(i128::try_from(count).expect("few lines"), over)
    }

    /// The monetary value, in units.
    ///
    /// # Panics
    ///
    /// If there is no reference for the measure yet.
    pub fn monetary(&self, measure: MonetaryMeasure, analysis_date: Day, scale: Scale) -> Ratio {
        let unit = scale.minor_units().unsigned_abs();
        let over = |money: i128, count: u64| Ratio::new(money, count * unit);
        let mean = |money: &[i128]| match money.len() {
            0 => Ratio::whole(0),
            count => over(money.iter().sum(), u64::try_from(count).expect("few lines")),
        };
        let of_periods = |unit| self.periods(unit).into_values().collect::<Vec<i128>>();
        let orders = self.order_values();
        let (count, total) = (orders.len(), self.total);
        match measure {
            MonetaryMeasure::Total => over(total, 1),
            MonetaryMeasure::MeanOrder => mean(&orders),
            MonetaryMeasure::MedianOrder => over(orders[(count - 1) / 2] + orders[count / 2], 2),
            MonetaryMeasure::LargestOrder => over(orders[count - 1], 1),
            MonetaryMeasure::MeanPerDay => mean(&of_periods(PeriodUnit::Day)),
            MonetaryMeasure::MeanPerWeek => mean(&of_periods(PeriodUnit::Week)),
            MonetaryMeasure::MeanPerMonth => mean(&of_periods(PeriodUnit::Month)),
            MonetaryMeasure::RepeatMeanPerDay => mean(&of_periods(PeriodUnit::Day)[1..]),
            MonetaryMeasure::RepeatMeanPerWeek => mean(&of_periods(PeriodUnit::Week)[1..]),
            MonetaryMeasure::RepeatMeanPerMonth => mean(&of_periods(PeriodUnit::Month)[1..]),
            MonetaryMeasure::TotalPerMonth => over(total, self.months_until(analysis_date)),
            MonetaryMeasure::TotalPerYear => over(total, self.years_until(analysis_date)),
            MonetaryMeasure::WholeTotalPerYear => {
                Ratio::whole(total / i128::from(unit) / i128::from(self.years_until(analysis_date)))
            }
            other => panic!("no reference for {other:?}"),
        }
    }

    /// Calendar months from that of the first line to this one, both counted.
    fn months_until(&self, day: Day) -> u64 {
        counted(period(PeriodUnit::Month, self.first()), period(PeriodUnit::Month, day))
    }

    /// Calendar years from that of the first line to this one, both counted.
    fn years_until(&self, day: Day) -> u64 {
        counted(self.first().ymd().0, day.ymd().0)
    }
}

/// How many numbers there are from one to another, at least 1.
fn counted(first: i32, last: i32) -> u64 {
    u64::try_from((first..=last).count().max(1)).expect("few")
}
