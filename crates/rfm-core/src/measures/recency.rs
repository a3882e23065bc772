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
/// # Ok::<(), rfm_core::UnknownMeasure>(())
/// ```
///
/// An order of 9 December, 12:50, seen from 10 December, 09:00: it was on the day before, but no 24 hours ago.
///
/// ```
/// use rfm_core::{CleaningPolicy, Day, Measures, RecencyMeasure, Summaries, TextColumn, TransactionBatch};
/// use rfm_core::{Dimension, Ratio, Scale};
///
/// let customers = TextColumn::new("ann", &[3]).expect("the end lies in the text");
/// let days = [Day::from_ymd(2011, 12, 9)?];
/// let lines = TransactionBatch::try_new(customers, &days, &[1_000], Scale::CENTS)?;
/// let mut summaries = Summaries::new(CleaningPolicy::default()).with_times();
/// summaries.push_batch(&lines.with_times(&[12 * 3_600 + 50 * 60])?)?;
/// let customers = summaries.finish()?;
/// let ann = customers.get(0).expect("one customer");
/// let analysis_date = Day::from_ymd(2011, 12, 10)?;
/// let recency = |recency| {
///     let measures = Measures { recency, ..Measures::default() };
///     measures.value(Dimension::Recency, &ann, analysis_date)
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
    /// Weeks, from Monday to Sunday, from that of the last order to that of the analysis date; 0 within one.
    Weeks,
    /// Calendar months from that of the last order to that of the analysis date; 0 within one.
    Months,
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
    pub const ALL: [RecencyMeasure; 4] =
        [RecencyMeasure::Days, RecencyMeasure::Weeks, RecencyMeasure::Months, RecencyMeasure::ELAPSED];

    /// Elapsed time to midnight at the beginning of the analysis date.
    pub const ELAPSED: RecencyMeasure = RecencyMeasure::Elapsed { analysis_time: 0 };

    /// The name: `days`, `weeks`, `months` or `elapsed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RecencyMeasure::Days => "days",
            RecencyMeasure::Weeks => "weeks",
            RecencyMeasure::Months => "months",
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
            RecencyMeasure::Elapsed { analysis_time } => Some(analysis_time),
            _ => None,
        }
    }

    /// From a day, and the time of it where that is known, to the analysis date.
    fn between(self, day: Day, time: Option<u32>, analysis_date: Day) -> Option<i64> {
        let unit = match self {
            RecencyMeasure::Days => PeriodUnit::Day,
            RecencyMeasure::Weeks => PeriodUnit::Week,
            RecencyMeasure::Months => PeriodUnit::Month,
            RecencyMeasure::Elapsed { analysis_time } => {
                return Some(elapsed((day, time?), (analysis_date, analysis_time)));
            }
        };
        Some(unit.between(day, analysis_date).into())
    }

    pub(super) fn column(self, customers: &Customers, analysis_date: Day) -> Option<MeasureColumn<'_>> {
        if self == RecencyMeasure::Days {
            return Some(MeasureColumn::Days { from: customers.last_orders(), until: analysis_date });
        }
        let times = customers.last_times();
        let last_orders = customers.last_orders().iter().enumerate();
        let recency = last_orders.map(|(row, last)| {
            self.between(*last, times.and_then(|times| times.get(row).copied()), analysis_date).map(i128::from)
        });
        let recency: Option<Vec<i128>> = recency.collect();
        Some(MeasureColumn::counts(recency?.into_iter()))
    }

    pub(super) fn value(self, customer: &CustomerSummary<'_>, analysis_date: Day) -> Option<Ratio> {
        self.between(customer.last_order(), customer.last_time(), analysis_date).map(Ratio::from)
    }

    /// The same measure, counted to another second of the analysis date where times count; a second beyond the last one of the
    /// day, 86,399, is taken as that.
    #[must_use]
    pub const fn at(self, second: u32) -> RecencyMeasure {
        match self {
            RecencyMeasure::Elapsed { .. } => {
                RecencyMeasure::Elapsed { analysis_time: if second > LAST_SECOND { LAST_SECOND } else { second } }
            }
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

/// The last second of a day, counted from 0.
const LAST_SECOND: u32 = 86_399;

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

impl FromStr for RecencyMeasure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<RecencyMeasure, UnknownMeasure> {
        UnknownMeasure::unless(text, Dimension::Recency, &RecencyMeasure::ALL, RecencyMeasure::name)
    }
}
