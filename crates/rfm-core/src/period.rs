//! Days, weeks and months as periods that are counted.

use core::fmt;
use core::str::FromStr;

use crate::day::Day;
use crate::suggest::{by_name, did_you_mean};

/// A unit of the calendar in which purchases are counted: all that a customer buys within one is one purchase.
///
/// Weeks begin on Monday, as those of ISO 8601 and pandas (`W-SUN`, weeks that end on Sunday) do; months are those of the calendar.
///
/// # Examples
///
/// ```
/// use rfm_core::{Day, PeriodUnit};
///
/// let (saturday, monday) = (Day::from_ymd(2011, 12, 10)?, Day::from_ymd(2011, 12, 12)?);
/// assert_eq!(PeriodUnit::Week.between(saturday, monday), 1);
/// assert_eq!(PeriodUnit::Month.between(saturday, monday), 0);
/// assert_eq!(PeriodUnit::Week.last_day_of(saturday).next(), Some(monday));
/// assert_eq!("week".parse(), Ok(PeriodUnit::Week));
/// # Ok::<(), rfm_core::DayError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PeriodUnit {
    /// Calendar days.
    Day,
    /// Weeks from Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
}

/// The days from the Monday of the week of 1970-01-01 to that day, a Thursday.
const EPOCH_WEEKDAY: i32 = 3;

impl PeriodUnit {
    /// All units.
    pub const ALL: [PeriodUnit; 3] = [PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month];

    /// The name: `day`, `week` or `month`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PeriodUnit::Day => "day",
            PeriodUnit::Week => "week",
            PeriodUnit::Month => "month",
        }
    }

    /// The number of the period in which a day lies: consecutive ones differ by 1, and that of 1970-01-01 is 0.
    #[must_use]
    pub const fn period_of(self, day: Day) -> i32 {
        match self {
            PeriodUnit::Day => day.epoch_days(),
            // Days are within ±3 million and years within 1..=9999, so that nothing here saturates.
            PeriodUnit::Week => day.epoch_days().saturating_add(EPOCH_WEEKDAY).div_euclid(7),
            PeriodUnit::Month => {
                let (year, month, _) = day.ymd();
                year.saturating_sub(1970).saturating_mul(12).saturating_add(before(month))
            }
        }
    }

    /// Periods from that of `earlier` to that of `later`, 0 within one; negative if `later` is the earlier one.
    #[must_use]
    pub const fn between(self, earlier: Day, later: Day) -> i32 {
        self.period_of(later).saturating_sub(self.period_of(earlier))
    }

    /// The first day of the period in which a day lies.
    #[must_use]
    pub const fn first_day_of(self, day: Day) -> Day {
        let passed = match self {
            PeriodUnit::Day => 0,
            PeriodUnit::Week => day.epoch_days().saturating_add(EPOCH_WEEKDAY).rem_euclid(7),
            PeriodUnit::Month => before(day.ymd().2),
        };
        // The calendar begins with a Monday that is the first of a month.
        match Day::from_epoch_days(day.epoch_days().saturating_sub(passed)) {
            Some(first) => first,
            None => Day::MIN,
        }
    }

    /// The last day of the period in which a day lies; [`Day::MAX`] in the week that the calendar ends within.
    #[must_use]
    pub const fn last_day_of(self, day: Day) -> Day {
        let first = self.first_day_of(day);
        let days = match self {
            PeriodUnit::Day => 0,
            PeriodUnit::Week => 6,
            PeriodUnit::Month => {
                let (year, month, _) = first.ymd();
                before(crate::day::days_in_month(year, month))
            }
        };
        match Day::from_epoch_days(first.epoch_days().saturating_add(days)) {
            Some(last) => last,
            None => Day::MAX,
        }
    }
}

/// How many months or days of the month there are before this one, which is counted from 1.
#[expect(clippy::as_conversions, reason = "i32::from is not const; u8 always fits")]
const fn before(number: u8) -> i32 {
    number.saturating_sub(1) as i32
}

impl fmt::Display for PeriodUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error of a name that no unit has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no unit `{name}`; expected day, week or month{}", did_you_mean(*similar))]
pub struct UnknownPeriodUnit {
    name: String,
    similar: Option<&'static str>,
}

impl FromStr for PeriodUnit {
    type Err = UnknownPeriodUnit;

    fn from_str(text: &str) -> Result<PeriodUnit, UnknownPeriodUnit> {
        by_name(text, &PeriodUnit::ALL, PeriodUnit::name)
            .map_err(|similar| UnknownPeriodUnit { name: text.to_owned(), similar })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// One day after the other, counting Mondays and firsts of months as they come.
    #[test]
    fn every_day_of_the_calendar_lies_in_the_period_that_counting_gives() {
        // 0001-01-01 is a Monday.
        let (mut weeks, mut months) = (0, 0);
        let (mut monday, mut first) = (Day::MIN, Day::MIN);
        let offsets = [PeriodUnit::Week, PeriodUnit::Month].map(|unit| unit.period_of(Day::MIN));
        let mut before: Option<Day> = None;
        for number in Day::MIN.epoch_days()..=Day::MAX.epoch_days() {
            let today = Day::from_epoch_days(number).unwrap();
            let is_monday = (number - Day::MIN.epoch_days()) % 7 == 0;
            let is_first = today.ymd().2 == 1;
            if let Some(before) = before {
                assert_eq!(PeriodUnit::Week.last_day_of(before) == before, is_monday, "{before}");
                assert_eq!(PeriodUnit::Month.last_day_of(before) == before, is_first, "{before}");
                (weeks, months) = (weeks + i32::from(is_monday), months + i32::from(is_first));
                monday = if is_monday { today } else { monday };
                first = if is_first { today } else { first };
            }
            assert_eq!(PeriodUnit::Day.period_of(today), number);
            assert_eq!(PeriodUnit::Week.period_of(today), offsets[0] + weeks, "{today}");
            assert_eq!(PeriodUnit::Month.period_of(today), offsets[1] + months, "{today}");
            assert_eq!(PeriodUnit::Week.first_day_of(today), monday);
            assert_eq!(PeriodUnit::Month.first_day_of(today), first);
            before = Some(today);
        }
    }

    #[test]
    fn the_epoch_lies_in_period_0() {
        for unit in PeriodUnit::ALL {
            assert_eq!(unit.period_of(day("1970-01-01")), 0, "{unit}");
        }
        assert_eq!(PeriodUnit::Week.first_day_of(day("1970-01-01")), day("1969-12-29"));
        assert_eq!(PeriodUnit::Month.period_of(day("1969-12-31")), -1);
    }

    #[test]
    fn the_calendar_ends_within_a_week() {
        assert_eq!(PeriodUnit::Week.last_day_of(Day::MAX), Day::MAX);
        assert_eq!(PeriodUnit::Week.first_day_of(Day::MAX), day("9999-12-27"));
        assert_eq!(PeriodUnit::Month.last_day_of(day("2024-02-10")), day("2024-02-29"));
    }

    #[test]
    fn a_unit_reads_back_its_name() {
        for unit in PeriodUnit::ALL {
            assert_eq!(unit.to_string().parse(), Ok(unit));
        }
        let error = "weak".parse::<PeriodUnit>().unwrap_err();
        assert_eq!(error.to_string(), "no unit `weak`; expected day, week or month; did you mean `week`?");
    }
}
