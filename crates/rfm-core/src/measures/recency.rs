//! How the time since the last order is counted.

use core::fmt;

use super::MeasureColumn;
use crate::day::Day;
use crate::ratio::Ratio;
use crate::summaries::{CustomerSummary, Customers};

/// How the time since the last order is counted.
///
/// # Examples
///
/// An order of 9 December, 12:50, seen from 10 December, 09:00: it was on the day before, but no 24 hours ago.
///
/// ```
/// use rfm_core::{CleaningPolicy, Day, Measures, RecencyMeasure, Summaries, TextColumn, TransactionBatch};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let (customers, days) = (TextColumn::new("ann", &[3])?, [Day::from_ymd(2011, 12, 9)?]);
/// let lines = TransactionBatch::try_new(customers, &days, &[1_000], Scale::CENTS)?;
/// let mut summaries = Summaries::new(CleaningPolicy::default()).with_times();
/// summaries.push_batch(&lines.with_times(&[12 * 3_600 + 50 * 60])?)?;
/// let customers = summaries.finish()?;
/// let ann = customers.get(0).expect("one customer");
/// let recency = |recency| {
///     let measures = Measures { recency, ..Measures::default() };
///     measures.value(Dimension::Recency, &ann, Day::from_ymd(2011, 12, 10).ok()?)
/// };
/// assert_eq!(recency(RecencyMeasure::Days), Some(Ratio::from(1)));
/// assert_eq!(recency(RecencyMeasure::Elapsed { analysis_time: 9 * 3_600 }), Some(Ratio::from(0)));
/// assert_eq!(recency(RecencyMeasure::Elapsed { analysis_time: 12 * 3_600 + 50 * 60 }), Some(Ratio::from(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecencyMeasure {
    /// Days from the calendar day of the last order to the analysis date.
    #[default]
    Days,
    /// Whole periods of 24 hours from the time of the last order to a moment of the analysis date, rounded down. Needs times of day
    /// ([`crate::Summaries::with_times`]).
    ///
    /// It is mostly one less than the days: the calendar changes at midnight, this at the hour of the order. Clocks that are put
    /// back or forward are not looked at.
    Elapsed {
        /// The moment that is counted to: seconds since midnight of the analysis date.
        analysis_time: u32,
    },
}

impl RecencyMeasure {
    /// All measures.
    pub const ALL: [RecencyMeasure; 2] = [RecencyMeasure::Days, RecencyMeasure::ELAPSED];

    /// Elapsed time to midnight at the beginning of the analysis date.
    pub const ELAPSED: RecencyMeasure = RecencyMeasure::Elapsed { analysis_time: 0 };

    /// The name: `days` or `elapsed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RecencyMeasure::Days => "days",
            RecencyMeasure::Elapsed { .. } => "elapsed",
        }
    }

    /// Whether the summaries have to keep the time of each last order ([`crate::Summaries::with_times`]).
    #[must_use]
    pub const fn needs_times(self) -> bool {
        matches!(self, RecencyMeasure::Elapsed { .. })
    }

    /// The second of the analysis date that is counted to, where times count.
    #[must_use]
    pub const fn analysis_time(self) -> Option<u32> {
        match self {
            RecencyMeasure::Days => None,
            RecencyMeasure::Elapsed { analysis_time } => Some(analysis_time),
        }
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Result<MeasureColumn<'_>, &'static str> {
        match self {
            RecencyMeasure::Days => {
                let last_orders = customers.last_orders().iter();
                Ok(MeasureColumn::counts(last_orders.map(|last| analysis_date.days_since(*last).into())))
            }
            RecencyMeasure::Elapsed { analysis_time } => {
                let times = customers.last_times().ok_or("the time of the last order")?;
                let moments = customers.last_orders().iter().zip(times);
                let now = (analysis_date, analysis_time);
                Ok(MeasureColumn::counts(moments.map(|(day, time)| elapsed((*day, *time), now).into())))
            }
        }
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        match self {
            RecencyMeasure::Days => Some(Ratio::from(i64::from(analysis_date.days_since(customer.last_order())))),
            RecencyMeasure::Elapsed { analysis_time } => {
                let last = (customer.last_order(), customer.last_time()?);
                Some(Ratio::from(elapsed(last, (analysis_date, analysis_time))))
            }
        }
    }

    /// The same measure, counted to another second of the analysis date where times count.
    #[must_use]
    pub const fn at(self, second: u32) -> RecencyMeasure {
        match self {
            RecencyMeasure::Elapsed { .. } => RecencyMeasure::Elapsed { analysis_time: second },
            other => other,
        }
    }

    /// What the column of recency shows of a customer: days by the calendar, or by the clock where that is the measure.
    pub(crate) fn days(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> i32 {
        let days = analysis_date.days_since(customer.last_order());
        match (self, customer.last_time()) {
            (RecencyMeasure::Elapsed { analysis_time }, Some(time)) => {
                days.saturating_sub((analysis_time < time).into())
            }
            _ => days,
        }
    }
}

/// Whole periods of 24 hours between two moments.
fn elapsed((day, time): (Day, u32), (analysis_date, analysis_time): (Day, u32)) -> i64 {
    let days = i64::from(analysis_date.days_since(day));
    // Both are times of a day, so that they move the days by one at most.
    days.saturating_sub((analysis_time < time).into())
}

impl fmt::Display for RecencyMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
