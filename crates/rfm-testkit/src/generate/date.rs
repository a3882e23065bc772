//! A calendar day of the generator.
//!
//! Not `rfm_core::Day`: test data that share the calendar of the code under test would share its faults.

use std::fmt;

/// A day of the proleptic Gregorian calendar, year 1 to 9999, without a zone. Shown as `2024-03-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // Days since 1970-01-01: the generator counts in days and needs year, month and day only when it prints.
    days: i32,
}

impl Date {
    /// The day `year`-`month`-`day`; `None` if the calendar has none such or the year is not in 1 to 9999.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let date = Self { days: days_of(year, month, day) };
        // A day past the end of its month counts on into the next one and so does not come back.
        (date.ymd() == (year, month, day)).then_some(date)
    }

    pub(crate) fn from_days(days: i32) -> Self {
        Self { days }
    }

    /// Days since 1970-01-01, negative before.
    pub fn days(self) -> i32 {
        self.days
    }

    /// Year, month (1 to 12) and day of the month (1 to 31).
    ///
    /// Howard Hinnant, "chrono-compatible low-level date algorithms" (2013), `civil_from_days`: eras of 400 years that
    /// begin in March, so that the leap day is the last day of its year.
    pub fn ymd(self) -> (i32, u8, u8) {
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month as u8, day as u8)
    }
}

fn days_of(year: i32, month: u8, day: u8) -> i32 {
    let year = year - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = (i32::from(month) + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + i32::from(day) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        for (y, m, d, days) in [(1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2011, 12, 10, 15_318)] {
            assert_eq!(Date::from_ymd(y, m, d).unwrap().days(), days);
        }
    }

    #[test]
    fn days_that_do_not_exist_are_none() {
        for (y, m, d) in [
            (2023, 2, 29),
            (1900, 2, 29),
            (2024, 4, 31),
            (2024, 13, 1),
            (2024, 0, 1),
            (2024, 1, 0),
            (0, 1, 1),
            (10_000, 1, 1),
        ] {
            assert_eq!(Date::from_ymd(y, m, d), None);
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let last = Date::from_ymd(2101, 1, 1).unwrap().days();
        let mut before = Date::from_ymd(1899, 12, 31).unwrap();
        for days in before.days() + 1..=last {
            let date = Date::from_days(days);
            let (y, m, d) = date.ymd();
            assert_eq!(Date::from_ymd(y, m, d), Some(date));
            let (by, bm, bd) = before.ymd();
            assert!((y, m, d) == (by, bm, bd + 1) || d == 1 && (m == bm + 1 || m == 1 && y == by + 1));
            before = date;
        }
    }
}
