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
    /// The day of a serial number, whose fraction is the time of day.
    ///
    /// Serial numbers are sums of floats and may fall short of midnight by some nanoseconds; they are rounded to the
    /// millisecond, which is what spreadsheets show.
    ///
    /// # Errors
    ///
    /// The [`CellFault`] of what is no day.
    pub(crate) fn day(self, serial: f64) -> Result<i32, CellFault> {
        let (first, last) = match self {
            DateSystem::From1900 => (1, 2_958_465),
            DateSystem::From1904 => (0, 2_957_003),
        };
        // Of infinity and NaN too: a cast takes them to the ends, and to 0.
        if !(0.0..3_000_000.0).contains(&serial) {
            return Err(CellFault::NoDay);
        }
        let day = ((serial * DAY_MILLISECONDS).round() / DAY_MILLISECONDS).floor() as i32;
        match (self, day) {
            _ if day > last => Err(CellFault::NoDay),
            _ if day < first || (day == 0 && serial > 0.0) => Err(CellFault::TimeOnly),
            (DateSystem::From1900, 60) => Err(CellFault::DayThatNeverWas),
            (DateSystem::From1900, 1..60) => Ok(day - 25_568),
            (DateSystem::From1900, _) => Ok(day - 25_569),
            (DateSystem::From1904, _) => Ok(day - 24_107),
        }
    }
}

/// The day of a date that is stored as ISO 8601 text, as in OpenDocument: `2011-12-09`, `2011-12-09T08:26:00`. A time with
/// an offset stays a text, since its day depends on a zone.
pub(crate) fn iso_day(text: &str) -> Cell<'_> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    if date.is_empty() || (date.contains(':') && time.is_empty()) {
        return Cell::Fault(CellFault::TimeOnly);
    }
    if time.contains(['Z', 'z', '+', '-']) {
        return Cell::Text(text);
    }
    day_of(date).unwrap_or(Cell::Fault(CellFault::NoDay))
}

fn day_of(date: &str) -> Option<Cell<'static>> {
    let mut parts = date.splitn(3, '-');
    let mut next = || parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let (year, month, day) = (next()?, next()?, next()?);
    let day = rfm_core::Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(Cell::Date(day.epoch_days()))
}

#[cfg(test)]
mod tests {
    use rfm_core::Day;

    use super::*;

    fn day(year: i32, month: u8, day: u8) -> Result<i32, CellFault> {
        Ok(Day::from_ymd(year, month, day).unwrap().epoch_days())
    }

    #[test]
    fn the_1900_calendar_has_a_day_that_never_was() {
        let of = |serial: f64| DateSystem::From1900.day(serial);
        assert_eq!(of(0.0), Err(CellFault::TimeOnly));
        assert_eq!(of(0.75), Err(CellFault::TimeOnly));
        for (serial, (month, number)) in (1..60).zip((1..=31).map(|day| (1, day)).chain((1..=28).map(|day| (2, day)))) {
            assert_eq!(of(f64::from(serial)), day(1900, month, number), "{serial}");
        }
        assert_eq!(of(60.0), Err(CellFault::DayThatNeverWas));
        assert_eq!(of(60.99), Err(CellFault::DayThatNeverWas));
        assert_eq!(of(61.0), day(1900, 3, 1));
        assert_eq!(of(40_148.322_916_666_664), day(2009, 12, 1));
        assert_eq!(of(2_958_465.0), day(9999, 12, 31));
        assert_eq!(of(2_958_465.9), day(9999, 12, 31));
        for beyond in [2_958_466.0, -1.0, -0.5, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(of(beyond), Err(CellFault::NoDay), "{beyond}");
        }
    }

    #[test]
    fn the_1904_calendar_begins_with_day_zero() {
        let of = |serial: f64| DateSystem::From1904.day(serial);
        for serial in 0..=31 {
            let number = u8::try_from(serial % 31 + 1).unwrap();
            assert_eq!(of(f64::from(serial)), day(1904, if serial < 31 { 1 } else { 2 }, number), "{serial}");
        }
        assert_eq!(of(59.0), day(1904, 2, 29));
        assert_eq!(of(60.0), day(1904, 3, 1));
        assert_eq!(of(61.5), day(1904, 3, 2));
        assert_eq!(of(0.5), Err(CellFault::TimeOnly));
        assert_eq!(of(2_957_003.0), day(9999, 12, 31));
        assert_eq!(of(2_957_004.0), Err(CellFault::NoDay));
        assert_eq!(of(-1.0), Err(CellFault::NoDay));
    }

    #[test]
    fn a_sum_that_falls_short_of_midnight_is_midnight() {
        assert_eq!(DateSystem::From1900.day(40_148.999_999_999_99), day(2009, 12, 2));
        assert_eq!(DateSystem::From1900.day(40_148.999_988_425_93), day(2009, 12, 1), "23:59:59");
    }

    #[test]
    fn dates_of_text_lose_their_time_and_keep_their_offset() {
        let ninth = day(2011, 12, 9).map(Cell::Date).unwrap();
        assert_eq!(iso_day("2011-12-09"), ninth);
        assert_eq!(iso_day("2011-12-09T08:26:00"), ninth);
        assert_eq!(iso_day("2011-12-09T23:26:00Z"), Cell::Text("2011-12-09T23:26:00Z"));
        assert_eq!(iso_day("2011-12-09T23:26:00-02:00"), Cell::Text("2011-12-09T23:26:00-02:00"));
        assert_eq!(iso_day("T08:26"), Cell::Fault(CellFault::TimeOnly));
        assert_eq!(iso_day("08:26:00"), Cell::Fault(CellFault::TimeOnly));
        for none in ["2024-02-30", "2024-13-01", "2024", "2024-1", "9.12.2011", "+2024-01-01", "-1-01-01"] {
            assert_eq!(iso_day(none), Cell::Fault(CellFault::NoDay), "{none}");
        }
    }
}
