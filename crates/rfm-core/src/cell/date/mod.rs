//! Dates as people and programs write them.
//!
//! The calendar day is the one that is written: a time behind it, and an offset behind that, are checked and, unless somebody
//! asks for them, dropped.
//! A shop in Sydney that exports `2024-03-01T08:00:00+11:00` sold on the 1st of March, whatever the date was elsewhere.
//! Where a system exports all times in UTC, a [`DayZone`] says in which zone the shop's days are counted.

mod cursor;
mod evidence;
mod plain;

pub use evidence::{DateEvidence, DateFormats};

use core::fmt;

use cursor::{Cursor, century, read_time_or_nothing, seconds};
use plain::read_plain;

use super::{CellProblem, DayZone, Shape};
use crate::day::Day;

/// The order in which a column writes year, month and day.
///
/// Numbers are separated by `-`, `/` or `.`, the same one twice. A time (`14:05`, `14:05:00.123`, `2:05 PM`) and an offset
/// (`Z`, `+01:00`) may follow. Years of two digits mean 1969 to 2068, as in POSIX.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DateFormat {
    /// `2011-12-09`, year of four digits.
    YearMonthDay,
    /// `9/12/2011`, `09.12.11`
    DayMonthYear,
    /// `12/9/2011`, `12/09/11`
    MonthDayYear,
    /// `20111209`
    Compact,
    /// `9 Dec 2011`, `09-Dec-11`, `9. Dezember 2011`
    DayMonthName,
    /// `Dec 9, 2011`
    MonthNameDay,
    /// `11-12-09`: year of two digits first, with hyphens only.
    ShortYearMonthDay,
}

impl DateFormat {
    /// All formats.
    pub const ALL: [DateFormat; 7] = [
        DateFormat::YearMonthDay,
        DateFormat::DayMonthYear,
        DateFormat::MonthDayYear,
        DateFormat::Compact,
        DateFormat::DayMonthName,
        DateFormat::MonthNameDay,
        DateFormat::ShortYearMonthDay,
    ];

    /// The name on the command line and in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DateFormat::YearMonthDay => "yyyy-mm-dd",
            DateFormat::DayMonthYear => "d/m/y",
            DateFormat::MonthDayYear => "m/d/y",
            DateFormat::Compact => "yyyymmdd",
            DateFormat::DayMonthName => "d-mon-y",
            DateFormat::MonthNameDay => "mon-d-y",
            DateFormat::ShortYearMonthDay => "yy-mm-dd",
        }
    }

    /// The format of a name; `.` and `-` stand for `/` as well (`d.m.y`).
    #[must_use]
    pub fn from_name(name: &str) -> Option<DateFormat> {
        let plain = |text: &str| text.to_ascii_lowercase().replace(['.', '-', ' '], "/");
        match plain(name).as_str() {
            "iso" | "y/m/d" => Some(DateFormat::YearMonthDay),
            "compact" => Some(DateFormat::Compact),
            "dd/mm/yyyy" | "dd/mm/yy" => Some(DateFormat::DayMonthYear),
            "mm/dd/yyyy" | "mm/dd/yy" => Some(DateFormat::MonthDayYear),
            name => DateFormat::ALL.into_iter().find(|format| plain(format.name()) == name),
        }
    }

    /// Reads the calendar day of a cell.
    ///
    /// # Errors
    ///
    /// [`CellProblem::Empty`], [`CellProblem::NotADate`], or [`CellProblem::YearOutOfRange`] outside of 1970 to 2199.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Day, cell::DateFormat};
    ///
    /// let day = Day::from_ymd(2011, 12, 9)?;
    /// assert_eq!(DateFormat::DayMonthYear.read("9.12.2011 12:50"), Ok(day));
    /// assert_eq!(DateFormat::MonthNameDay.read("Dec 9, 2011"), Ok(day));
    /// assert!(DateFormat::YearMonthDay.read("2011-02-30").is_err());
    /// # Ok::<(), rfm_core::DayError>(())
    /// ```
    pub fn read(self, text: &str) -> Result<Day, CellProblem> {
        self.read_in(text, None)
    }

    /// Reads the calendar day of a cell in a zone: a time with an offset is an instant and has the day that the zone's clocks
    /// show; a time without one is local already, and its day stays.
    ///
    /// # Errors
    ///
    /// As [`DateFormat::read`].
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::{DateFormat, DayZone};
    ///
    /// let zone = DayZone::new("five hours behind", |_| -5 * 3_600);
    /// let read = |text| DateFormat::YearMonthDay.read_in(text, Some(&zone)).map(|day| day.to_string());
    /// assert_eq!(read("2024-03-01T03:30:00Z"), Ok("2024-02-29".to_owned()));
    /// assert_eq!(read("2024-03-01T03:30:00"), Ok("2024-03-01".to_owned()));
    /// ```
    pub fn read_in(self, text: &str, zone: Option<&DayZone>) -> Result<Day, CellProblem> {
        match self.read_plainly(text) {
            Some((day, _)) => Ok(day),
            None => self.checked(text, self.read_written(text.trim(), zone).map(|(day, _)| day), |day| *day),
        }
    }

    /// Reads the calendar day of a cell as [`DateFormat::read_in`] does, and the time of day behind it: seconds since midnight,
    /// 0 to 86,399, rounded down; 0 where there is no time. A leap second counts as the second before it.
    ///
    /// # Errors
    ///
    /// As [`DateFormat::read`].
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::{Day, cell::DateFormat};
    ///
    /// let day = Day::from_ymd(2011, 12, 9)?;
    /// assert_eq!(DateFormat::DayMonthYear.read_with_time("9/12/2011 12:50", None), Ok((day, 12 * 3_600 + 50 * 60)));
    /// assert_eq!(DateFormat::DayMonthYear.read_with_time("9/12/2011", None), Ok((day, 0)));
    /// # Ok::<(), rfm_core::DayError>(())
    /// ```
    pub fn read_with_time(self, text: &str, zone: Option<&DayZone>) -> Result<(Day, u32), CellProblem> {
        match self.read_plainly(text) {
            Some(read) => Ok(read),
            None => self.checked(text, self.read_written(text.trim(), zone), |(day, _)| *day),
        }
    }

    /// The day and time of what nearly all dates are, if this is one of them. It has no offset, and so its day is the same in any
    /// zone.
    #[inline]
    pub(in crate::cell) fn read_plainly(self, text: &str) -> Option<(Day, u32)> {
        if self == DateFormat::YearMonthDay { read_plain(text.as_bytes()) } else { None }
    }

    /// What was read, if it is a date of one of our years.
    fn checked<T>(self, text: &str, read: Option<T>, day_of: impl Fn(&T) -> Day) -> Result<T, CellProblem> {
        match read {
            Some(read) => {
                let (year, _, _) = day_of(&read).ymd();
                if (1970..2200).contains(&year) { Ok(read) } else { Err(CellProblem::YearOutOfRange { year }) }
            }
            None if text.trim().is_empty() => Err(CellProblem::Empty),
            None => Err(CellProblem::NotADate { format: self, found: Shape::of(text) }),
        }
    }

    fn read_written(self, text: &str, zone: Option<&DayZone>) -> Option<(Day, u32)> {
        let mut cursor = Cursor { rest: text };
        let mut compact = None;
        let (year, month, day) = match self {
            DateFormat::YearMonthDay => {
                let year = cursor.digits(4, 4)?;
                let separator = cursor.separator()?;
                let month = cursor.digits(1, 2)?;
                cursor.expect(separator)?;
                (i32::from(year), month, cursor.digits(1, 2)?)
            }
            DateFormat::ShortYearMonthDay => {
                let year = cursor.digits(2, 2)?;
                cursor.expect('-')?;
                let month = cursor.digits(2, 2)?;
                cursor.expect('-')?;
                (century(year), month, cursor.digits(2, 2)?)
            }
            DateFormat::DayMonthYear => {
                let (day, month, year) = cursor.numbers_and_year()?;
                (year, month, day)
            }
            DateFormat::MonthDayYear => {
                let (month, day, year) = cursor.numbers_and_year()?;
                (year, month, day)
            }
            DateFormat::Compact => {
                let date = (i32::from(cursor.digits_of(4)?), cursor.digits_of(2)?, cursor.digits_of(2)?);
                // 20111209125000: the time without separators, and without an offset.
                if cursor.rest.len() == 6 && cursor.rest.bytes().all(|byte| byte.is_ascii_digit()) {
                    let time = (cursor.digits_of(2)?, cursor.digits_of(2)?, cursor.digits_of(2)?);
                    if time.0 > 23 || time.1 > 59 || time.2 > 60 {
                        return None;
                    }
                    compact = Some(seconds(time.0, time.1, time.2));
                } else if cursor.rest.starts_with(|c: char| c.is_ascii_digit()) {
                    return None;
                }
                date
            }
            DateFormat::DayMonthName => {
                cursor.skip_weekday();
                let day = cursor.digits(1, 2)?;
                cursor.skip_filler();
                let month = cursor.month_name()?;
                cursor.skip_filler();
                (cursor.year()?, month, day)
            }
            DateFormat::MonthNameDay => {
                cursor.skip_weekday();
                let month = cursor.month_name()?;
                cursor.skip_filler();
                let day = cursor.digits(1, 2)?;
                cursor.skip_filler();
                (cursor.year()?, month, day)
            }
        };
        let time = read_time_or_nothing(cursor.rest)?;
        let second = compact.unwrap_or(time.second);
        let day = Day::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()?;
        match (zone, time.offset) {
            (Some(zone), Some(offset)) => zone.local(day, second, offset),
            // A leap second at the end of a day stays on it.
            _ => Some((day, u32::try_from(second).ok()?.min(86_399))),
        }
    }
}

impl fmt::Display for DateFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(year: i32, month: u8, day: u8) -> Day {
        Day::from_ymd(year, month, day).unwrap()
    }

    #[test]
    fn every_written_form_is_read() {
        use DateFormat::*;
        let expected = day(2011, 12, 9);
        for (format, text) in [
            (YearMonthDay, "2011-12-09"),
            (YearMonthDay, "2011-12-09 12:50:00"),
            (YearMonthDay, "2011-12-09T12:50:00.123456Z"),
            (YearMonthDay, "2011-12-09T23:59:59+11:00"),
            (YearMonthDay, "2011-12-09 12:50:00 +0100"),
            (YearMonthDay, "2011/12/9"),
            (YearMonthDay, "2011.12.09 "),
            (DayMonthYear, "9/12/2011"),
            (DayMonthYear, "09.12.11"),
            (DayMonthYear, "09-12-2011 2:05 PM"),
            (MonthDayYear, "12/9/2011 0:00"),
            (MonthDayYear, "12/9/11"),
            (Compact, "20111209"),
            (Compact, "20111209125000"),
            (Compact, "20111209T12:50"),
            (DayMonthName, "9 Dec 2011"),
            (DayMonthName, "09-DEC-11"),
            (DayMonthName, "9. Dezember 2011"),
            (DayMonthName, "Fri, 09 Dec 2011 12:50:00 GMT"),
            (DayMonthName, "9 décembre 2011"),
            (MonthNameDay, "Dec 9, 2011"),
            (MonthNameDay, "December 09 2011, 12:50"),
            (ShortYearMonthDay, "11-12-09"),
        ] {
            assert_eq!(format.read(text), Ok(expected), "{text:?} as {format}");
            assert!(DateFormats::of(text).iter().any(|other| other == format), "{text:?}");
        }
    }

    #[test]
    fn times_of_day_are_read_with_their_dates() {
        let time = |format: DateFormat, text| format.read_with_time(text, None).map(|(_, second)| second);
        for (format, text, second) in [
            (DateFormat::YearMonthDay, "2011-12-09", 0),
            (DateFormat::YearMonthDay, "2011-12-09T12:50:07.999Z", 46_207),
            (DateFormat::YearMonthDay, "2011-12-09 23:59:60", 86_399),
            (DateFormat::DayMonthYear, "09-12-2011 2:05 PM", 50_700),
            (DateFormat::Compact, "20111209125000", 46_200),
            (DateFormat::Compact, "20111209T12:50", 46_200),
            (DateFormat::DayMonthName, "Fri, 09 Dec 2011 12:50:00 GMT", 46_200),
        ] {
            assert_eq!(time(format, text), Ok(second), "{text:?}");
        }
        assert_eq!(time(DateFormat::YearMonthDay, "  "), Err(CellProblem::Empty));
        let zone = DayZone::new("five hours behind", |_| -5 * 3_600);
        assert_eq!(
            DateFormat::YearMonthDay.read_with_time("2024-03-01T03:30:00Z", Some(&zone)),
            Ok((day(2024, 2, 29), 22 * 3_600 + 1_800))
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "n/a",
            "2011-02-30",
            "2011-13-01",
            "24-1-1",
            "2011-12/09",
            "2011-12-09x",
            "2011-12-09 25:00:00",
            "2011-12-09 12:61",
            "2011-12-09 12:50 +99:00",
            "2011",
            "201112",
            "1323388800",
            "2011120912",
            "12/9",
            "1/1/111",
        ] {
            for format in DateFormat::ALL {
                assert!(matches!(format.read(text), Err(CellProblem::NotADate { .. })), "{text:?} as {format}");
            }
        }
        assert_eq!(DateFormat::YearMonthDay.read("  "), Err(CellProblem::Empty));
    }

    #[test]
    fn placeholder_years_are_refused_by_name() {
        assert_eq!(DateFormat::YearMonthDay.read("9999-12-31"), Err(CellProblem::YearOutOfRange { year: 9999 }));
        assert_eq!(DateFormat::YearMonthDay.read("0024-01-01"), Err(CellProblem::YearOutOfRange { year: 24 }));
        assert_eq!(DateFormat::DayMonthYear.read("01/01/1900"), Err(CellProblem::YearOutOfRange { year: 1900 }));
    }

    #[test]
    fn years_of_two_digits_turn_at_69() {
        assert_eq!(DateFormat::DayMonthYear.read("01/02/70"), Ok(day(1970, 2, 1)));
        assert_eq!(DateFormat::DayMonthYear.read("01/02/68"), Ok(day(2068, 2, 1)));
        assert_eq!(DateFormat::DayMonthYear.read("01/02/69"), Err(CellProblem::YearOutOfRange { year: 1969 }));
    }

    #[test]
    fn a_short_year_in_front_is_never_taken_for_a_day() {
        let mut evidence = DateEvidence::default();
        for text in ["24-01-13", "24-02-14", "24-03-15"] {
            assert!(evidence.observe(text));
        }
        assert_eq!(evidence.format(), None);
    }

    #[test]
    fn mixed_formats_leave_no_candidate() {
        let mut evidence = DateEvidence::default();
        assert!(evidence.observe("17/04/2024"));
        assert!(evidence.observe("n/a"));
        assert!(!evidence.observe("04/17/2024"));
        assert_eq!(evidence.format(), None);
        assert_eq!(evidence.counts(), (2, 1));
    }

    #[test]
    fn names_are_read_back() {
        for format in DateFormat::ALL {
            assert_eq!(DateFormat::from_name(format.name()), Some(format));
        }
        assert_eq!(DateFormat::from_name("d.m.y"), Some(DateFormat::DayMonthYear));
        assert_eq!(DateFormat::from_name("ISO"), Some(DateFormat::YearMonthDay));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text: String) {
            for format in DateFormat::ALL {
                let _ = format.read(&text);
            }
        }

        #[test]
        fn both_ways_to_read_plain_dates_agree(
            text in "(19[67]|20[01]|2[12][09])[0-9]-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9])?",
            (at, byte) in (0usize..19, prop::sample::select(b"0123456789-:T /9;\x7f".to_vec())),
        ) {
            let written = |text: &str| {
                let read = DateFormat::YearMonthDay.read_written(text, None);
                read.filter(|(day, _)| (1970..2200).contains(&day.ymd().0))
            };
            let is_leap = text.ends_with(":60");
            prop_assert_eq!(read_plain(text.as_bytes()), written(&text).filter(|_| !is_leap));
            let mut other = text.into_bytes();
            other.iter_mut().skip(at).take(1).for_each(|other| *other = byte);
            if let Some(plain) = read_plain(&other) {
                prop_assert_eq!(written(core::str::from_utf8(&other).unwrap()), Some(plain));
            }
        }
    }
}
