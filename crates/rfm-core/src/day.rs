//! Calendar days without a clock or a time zone.

use core::fmt;
use core::str::FromStr;

/// A calendar day of the proleptic Gregorian calendar, 0001-01-01 to 9999-12-31.
///
/// Kept as days since 1970-01-01, which is also Arrow's `Date32`. It has no time of day and no zone: whoever turns a
/// timestamp into a day decides where the day ends.
///
/// # Examples
///
/// ```
/// use rfm_core::Day;
///
/// let day = Day::from_ymd(2011, 12, 10)?;
/// assert_eq!(day.to_string(), "2011-12-10");
/// assert_eq!(day.days_since(Day::from_ymd(2011, 11, 30)?), 10);
/// assert_eq!("2011-12-10".parse(), Ok(day));
/// # Ok::<(), rfm_core::DayError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// The error of a day that the calendar does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such day: expected a date such as 2011-12-10 between the years 1 and 9999")]
pub struct DayError;

impl Day {
    /// The earliest day, 0001-01-01.
    pub const MIN: Day = Day(-719_162);
    /// The latest day, 9999-12-31.
    pub const MAX: Day = Day(2_932_896);

    /// The day of a year (1..=9999), month (1..=12) and day of the month.
    ///
    /// # Errors
    ///
    /// [`DayError`] if the calendar has no such day, such as 2023-02-29.
    pub const fn from_ymd(year: i32, month: u8, day: u8) -> Result<Day, DayError> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) {
            return Err(DayError);
        }
        Ok(Day(days_from_civil(year, month, day)))
    }

    /// The day that lies `days` after 1970-01-01 (before it, if negative); `None` outside of [`Day::MIN`]..=[`Day::MAX`].
    #[must_use]
    pub const fn from_epoch_days(days: i32) -> Option<Day> {
        if days < Day::MIN.0 || days > Day::MAX.0 { None } else { Some(Day(days)) }
    }

    /// Days since 1970-01-01; negative before it.
    #[must_use]
    pub const fn epoch_days(self) -> i32 {
        self.0
    }

    /// Days from `earlier` to this day; negative if `earlier` is later.
    #[must_use]
    pub const fn days_since(self, earlier: Day) -> i32 {
        // Both lie within ±3 million days, so this never saturates.
        self.0.saturating_sub(earlier.0)
    }

    /// The day after this one; `None` after [`Day::MAX`].
    #[must_use]
    pub const fn next(self) -> Option<Day> {
        Day::from_epoch_days(self.0.saturating_add(1))
    }

    /// Year, month (1..=12) and day of the month (1..=31).
    #[must_use]
    pub const fn ymd(self) -> (i32, u8, u8) {
        civil_from_days(self.0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `YYYY-MM-DD` and nothing else; the forms of real files are read by [`crate::cell`].
impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Day, DayError> {
        let bytes = text.as_bytes();
        let &[a, b, c, d, b'-', e, f, b'-', g, h] = bytes else { return Err(DayError) };
        if [a, b, c, d, e, f, g, h].iter().any(|byte| !byte.is_ascii_digit()) {
            return Err(DayError);
        }
        let number = |range: core::ops::Range<usize>| text[range].parse::<u16>().map_err(|_| DayError);
        let part = |range| number(range).and_then(|value| u8::try_from(value).map_err(|_| DayError));
        Day::from_ymd(i32::from(number(0..4)?), part(5..7)?, part(8..10)?)
    }
}

pub(crate) const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// The two conversions below count in eras of 400 years that begin on a 1st of March, so that the leap day is the last
// day of a year. See Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), `days_from_civil`.
const ERA_DAYS: i32 = 146_097;
const EPOCH_OFFSET: i32 = 719_468;

#[expect(clippy::arithmetic_side_effects, clippy::as_conversions, reason = "the year is within 1..=9999")]
const fn days_from_civil(year: i32, month: u8, day: u8) -> i32 {
    let month = month as i32;
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day as i32 - 1;
    era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH_OFFSET
}

#[expect(clippy::arithmetic_side_effects, clippy::as_conversions, reason = "a Day is within MIN..=MAX")]
const fn civil_from_days(days: i32) -> (i32, u8, u8) {
    let days = days + EPOCH_OFFSET;
    let era = days.div_euclid(ERA_DAYS);
    let day_of_era = days.rem_euclid(ERA_DAYS);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + if month <= 2 { 1 } else { 0 }, month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_calendar_survives_the_round_trip_in_order() {
        let mut expected = (1, 1, 1);
        for days in Day::MIN.epoch_days()..=Day::MAX.epoch_days() {
            let day = Day::from_epoch_days(days).unwrap();
            assert_eq!(day.ymd(), expected);
            assert_eq!(Day::from_ymd(expected.0, expected.1, expected.2), Ok(day));
            expected = match expected {
                (year, 12, 31) => (year + 1, 1, 1),
                (year, month, last) if last == days_in_month(year, month) => (year, month + 1, 1),
                (year, month, day) => (year, month, day + 1),
            };
        }
        assert_eq!(expected, (10_000, 1, 1));
        assert_eq!(Day::from_ymd(1970, 1, 1).unwrap().epoch_days(), 0);
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2024, 13, 1), (2024, 0, 1), (2024, 4, 31), (0, 1, 1)]
        {
            assert_eq!(Day::from_ymd(year, month, day), Err(DayError));
        }
        for text in ["", "2024-1-1", "2024-02-30", "24-01-01", "2024-01-01 ", "+024-01-01"] {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text:?}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_have_no_neighbours() {
        assert_eq!(Day::MAX.next(), None);
        assert_eq!(Day::from_epoch_days(Day::MIN.0 - 1), None);
        assert_eq!(Day::from_ymd(2011, 12, 31).unwrap().next(), Day::from_ymd(2012, 1, 1).ok());
    }
}
