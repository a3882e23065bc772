//! Days of the calendars of spreadsheets.

use std::fmt;

use rfm_core::cell::{Cell, CellFault};

/// From which day a workbook counts its days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateSystem {
    /// Day 1 is 1 January 1900. Day 60 is the 29 February 1900, which never was.
    #[default]
    From1900,
    /// Day 0 is 1 January 1904, as in workbooks of old Macintosh programs.
    From1904,
}

impl fmt::Display for DateSystem {
    /// `1900` or `1904`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateSystem::From1900 => "1900",
            DateSystem::From1904 => "1904",
        })
    }
}

const DAY_MILLISECONDS: f64 = 86_400_000.0;

impl DateSystem {
    /// The day of a serial number, and the time of day that its fraction is, to the second; a day alone at midnight.
    ///
    /// Serial numbers are sums of floats and may fall short of midnight by some nanoseconds; they are rounded to the
    /// millisecond, which is what spreadsheets show.
    pub(crate) fn moment(self, serial: f64) -> Cell<'static> {
        let (first, last) = match self {
            DateSystem::From1900 => (1, 2_958_465),
            DateSystem::From1904 => (0, 2_957_003),
        };
        // Of infinity and NaN too: a cast takes them to the ends, and to 0.
        if !(0.0..3_000_000.0).contains(&serial) {
            return Cell::Fault(CellFault::NoDay);
        }
        let milliseconds = (serial * DAY_MILLISECONDS).round() as i64;
        let (day, second) =
            ((milliseconds / DAY_MILLISECONDS as i64) as i32, milliseconds % DAY_MILLISECONDS as i64 / 1_000);
        let at = |day: i32| moment(day, second);
        match (self, day) {
            _ if day > last => Cell::Fault(CellFault::NoDay),
            _ if day < first || (day == 0 && serial > 0.0) => Cell::Fault(CellFault::TimeOnly),
            (DateSystem::From1900, 60) => Cell::Fault(CellFault::DayThatNeverWas),
            (DateSystem::From1900, 1..60) => at(day - 25_568),
            (DateSystem::From1900, _) => at(day - 25_569),
            (DateSystem::From1904, _) => at(day - 24_107),
        }
    }
}

/// A day, or a second of it other than midnight.
fn moment(day: i32, second: i64) -> Cell<'static> {
    if second == 0 { Cell::Date(day) } else { Cell::Local(i64::from(day) * 86_400 + second) }
}

/// The day of a date that is stored as ISO 8601 text, as in OpenDocument, and its time: `2011-12-09`, `2011-12-09T08:26:00`. A
/// time with an offset stays a text, since its day depends on a zone; one that is none is midnight.
pub(crate) fn iso_moment(text: &str) -> Cell<'_> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    if date.is_empty() || (date.contains(':') && time.is_empty()) {
        return Cell::Fault(CellFault::TimeOnly);
    }
    if time.contains(['Z', 'z', '+', '-']) {
        return Cell::Text(text);
    }
    day_of(date).map_or(Cell::Fault(CellFault::NoDay), |day| moment(day, second_of(time).unwrap_or_default()))
}

/// The second of the day of `08:26`, `08:26:00` or `08:26:00.5`.
fn second_of(time: &str) -> Option<i64> {
    let (time, _) = time.split_once('.').unwrap_or((time, ""));
    let mut parts = time.split(':').map(|part| part.parse::<u8>().ok().map(i64::from));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let is_time = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    is_time.then_some((hour * 60 + minute) * 60 + second)
}

fn day_of(date: &str) -> Option<i32> {
    let mut parts = date.splitn(3, '-');
    let mut next = || parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let (year, month, day) = (next()?, next()?, next()?);
    let day = rfm_core::Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(day.epoch_days())
}

#[cfg(test)]
mod tests {
    use rfm_core::Day;

    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Cell<'static> {
        Cell::Date(Day::from_ymd(year, month, day).unwrap().epoch_days())
    }

    fn at(day: Cell<'_>, second: i64) -> Cell<'static> {
        let Cell::Date(day) = day else { panic!("{day} is no day") };
        Cell::Local(i64::from(day) * 86_400 + second)
    }

    #[test]
    fn the_1900_calendar_has_a_day_that_never_was() {
        let of = |serial: f64| DateSystem::From1900.moment(serial);
        assert_eq!(of(0.0), Cell::Fault(CellFault::TimeOnly));
        assert_eq!(of(0.75), Cell::Fault(CellFault::TimeOnly));
        for (serial, (month, number)) in (1..60).zip((1..=31).map(|day| (1, day)).chain((1..=28).map(|day| (2, day)))) {
            assert_eq!(of(f64::from(serial)), day(1900, month, number), "{serial}");
        }
        assert_eq!(of(60.0), Cell::Fault(CellFault::DayThatNeverWas));
        assert_eq!(of(60.99), Cell::Fault(CellFault::DayThatNeverWas));
        assert_eq!(of(61.0), day(1900, 3, 1));
        assert_eq!(of(40_148.322_916_666_664), at(day(2009, 12, 1), 7 * 3_600 + 45 * 60));
        assert_eq!(of(2_958_465.0), day(9999, 12, 31));
        assert_eq!(of(2_958_465.5), at(day(9999, 12, 31), 43_200));
        for beyond in [2_958_466.0, -1.0, -0.5, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(of(beyond), Cell::Fault(CellFault::NoDay), "{beyond}");
        }
    }

    #[test]
    fn the_1904_calendar_begins_with_day_zero() {
        let of = |serial: f64| DateSystem::From1904.moment(serial);
        for serial in 0..=31 {
            let number = u8::try_from(serial % 31 + 1).unwrap();
            assert_eq!(of(f64::from(serial)), day(1904, if serial < 31 { 1 } else { 2 }, number), "{serial}");
        }
        assert_eq!(of(59.0), day(1904, 2, 29));
        assert_eq!(of(60.0), day(1904, 3, 1));
        assert_eq!(of(61.5), at(day(1904, 3, 2), 43_200));
        assert_eq!(of(0.5), Cell::Fault(CellFault::TimeOnly));
        assert_eq!(of(2_957_003.0), day(9999, 12, 31));
        assert_eq!(of(2_957_004.0), Cell::Fault(CellFault::NoDay));
        assert_eq!(of(-1.0), Cell::Fault(CellFault::NoDay));
    }

    #[test]
    fn a_sum_that_falls_short_of_midnight_is_midnight() {
        assert_eq!(DateSystem::From1900.moment(40_148.999_999_999_99), day(2009, 12, 2));
        assert_eq!(DateSystem::From1900.moment(40_148.999_988_425_93), at(day(2009, 12, 1), 86_399));
    }

    #[test]
    fn dates_of_text_keep_their_time_and_their_offset() {
        assert_eq!(iso_moment("2011-12-09"), day(2011, 12, 9));
        assert_eq!(iso_moment("2011-12-09T08:26:00"), at(day(2011, 12, 9), 30_360));
        assert_eq!(iso_moment("2011-12-09T08:26"), at(day(2011, 12, 9), 30_360));
        assert_eq!(iso_moment("2011-12-09T08:26:07.999"), at(day(2011, 12, 9), 30_367));
        for no_time in ["2011-12-09T", "2011-12-09T00:00:00", "2011-12-09T25:00", "2011-12-09T8", "2011-12-09T1:2:3:4"]
        {
            assert_eq!(iso_moment(no_time), day(2011, 12, 9), "{no_time}");
        }
        assert_eq!(iso_moment("2011-12-09T23:26:00Z"), Cell::Text("2011-12-09T23:26:00Z"));
        assert_eq!(iso_moment("2011-12-09T23:26:00-02:00"), Cell::Text("2011-12-09T23:26:00-02:00"));
        assert_eq!(iso_moment("T08:26"), Cell::Fault(CellFault::TimeOnly));
        assert_eq!(iso_moment("08:26:00"), Cell::Fault(CellFault::TimeOnly));
        for none in ["2024-02-30", "2024-13-01", "2024", "2024-1", "9.12.2011", "+2024-01-01", "-1-01-01"] {
            assert_eq!(iso_moment(none), Cell::Fault(CellFault::NoDay), "{none}");
        }
    }
}
