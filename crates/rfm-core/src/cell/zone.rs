//! In which zone the days of a shop are counted.

use core::fmt;
use std::sync::Arc;

use crate::day::Day;

/// A zone: at each instant, how far its clocks are ahead of UTC.
///
/// Only instants are converted (times with an offset), so that the hour which a clock change skips or repeats never asks for a
/// choice: every instant has exactly one local day. Days are calendar days; on the two days of a clock change they are 23 and
/// 25 hours long.
#[derive(Clone)]
pub struct DayZone {
    name: Arc<str>,
    offset_at: Arc<dyn Fn(i64) -> i32 + Send + Sync>,
}

impl DayZone {
    /// A zone by its rule: from seconds since 1970-01-01 00:00 UTC to seconds that local clocks are ahead.
    #[must_use]
    pub fn new(name: &str, offset_at: impl Fn(i64) -> i32 + Send + Sync + 'static) -> DayZone {
        DayZone { name: name.into(), offset_at: Arc::new(offset_at) }
    }

    /// A zone of the IANA database, such as `Europe/Berlin`, in any case.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] for other names.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::DayZone;
    ///
    /// assert_eq!(DayZone::named("europe/berlin")?.name(), "Europe/Berlin");
    /// assert!(DayZone::named("Berlin").is_err());
    /// # Ok::<(), rfm_core::cell::UnknownZone>(())
    /// ```
    #[cfg(feature = "jiff")]
    pub fn named(name: &str) -> Result<DayZone, UnknownZone> {
        let zone = jiff::tz::TimeZone::get(name.trim()).map_err(|_| UnknownZone { name: name.to_owned() })?;
        let known = zone.iana_name().unwrap_or(name).to_owned();
        Ok(DayZone::new(&known, move |utc| {
            // Years that are read lie far within those that jiff knows.
            jiff::Timestamp::from_second(utc).map_or(0, |instant| zone.to_offset(instant).seconds())
        }))
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds that local clocks are ahead at an instant.
    pub(super) fn offset(&self, utc: i64) -> i32 {
        (self.offset_at)(utc)
    }

    /// The day in this zone of a time that was written with an offset, and the second of that day.
    pub(super) fn local(&self, day: Day, second: i32, offset: i32) -> Option<(Day, u32)> {
        const DAY: i64 = 86_400;
        let midnight = i64::from(day.epoch_days()).checked_mul(DAY)?;
        let utc = midnight.checked_add(second.into())?.checked_sub(offset.into())?;
        let local = utc.checked_add(self.offset(utc).into())?;
        let day = Day::from_epoch_days(i32::try_from(local.div_euclid(DAY)).ok()?)?;
        Some((day, u32::try_from(local.rem_euclid(DAY)).ok()?))
    }
}

impl fmt::Debug for DayZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DayZone").field(&self.name).finish()
    }
}

/// The error of a name that the IANA time zone database does not have.
#[cfg(feature = "jiff")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no time zone `{name}`; expected a name of the IANA database such as Europe/Berlin or America/New_York")]
pub struct UnknownZone {
    name: String,
}

#[cfg(all(test, feature = "jiff"))]
mod tests {
    use super::*;
    use crate::cell::DateFormat;

    /// Seconds around both clock changes of a year, and around midnight; the days were read off `zdump -v` of tzdata 2024a.
    #[test]
    fn days_turn_at_local_midnight_around_both_clock_changes() {
        for (zone, instants) in [
            // Winter UTC+1, from 2024-03-31 01:00 UTC summer UTC+2, until 2024-10-27 01:00 UTC.
            (
                "Europe/Berlin",
                [
                    ("2024-03-30T22:59:59Z", "2024-03-30"),
                    ("2024-03-30T23:00:00Z", "2024-03-31"),
                    ("2024-03-31T21:59:59Z", "2024-03-31"),
                    ("2024-03-31T22:00:00Z", "2024-04-01"),
                    ("2024-10-26T22:00:00Z", "2024-10-27"),
                    ("2024-10-27T22:59:59Z", "2024-10-27"),
                    ("2024-10-27T23:00:00Z", "2024-10-28"),
                ],
            ),
            // Winter UTC-5, from 2024-03-10 07:00 UTC summer UTC-4, until 2024-11-03 06:00 UTC.
            (
                "America/New_York",
                [
                    ("2024-03-10T04:59:59Z", "2024-03-09"),
                    ("2024-03-10T05:00:00Z", "2024-03-10"),
                    ("2024-03-11T03:59:59Z", "2024-03-10"),
                    ("2024-03-11T04:00:00Z", "2024-03-11"),
                    ("2024-11-03T04:00:00Z", "2024-11-03"),
                    ("2024-11-04T04:59:59Z", "2024-11-03"),
                    ("2024-11-04T05:00:00Z", "2024-11-04"),
                ],
            ),
            // Summer UTC+11 until 2024-04-06 16:00 UTC, winter UTC+10, from 2024-10-05 16:00 UTC summer again.
            (
                "Australia/Sydney",
                [
                    ("2024-04-06T12:59:59Z", "2024-04-06"),
                    ("2024-04-06T13:00:00Z", "2024-04-07"),
                    ("2024-04-07T13:59:59Z", "2024-04-07"),
                    ("2024-04-07T14:00:00Z", "2024-04-08"),
                    ("2024-10-05T14:00:00Z", "2024-10-06"),
                    ("2024-10-06T12:59:59Z", "2024-10-06"),
                    ("2024-10-06T13:00:00Z", "2024-10-07"),
                ],
            ),
            // Half an hour of summer time: UTC+11 until 2024-04-06 15:00 UTC, then UTC+10:30, back at 2024-10-05 15:30 UTC.
            (
                "Australia/Lord_Howe",
                [
                    ("2024-04-06T12:59:59Z", "2024-04-06"),
                    ("2024-04-06T13:00:00Z", "2024-04-07"),
                    ("2024-04-07T13:29:59Z", "2024-04-07"),
                    ("2024-04-07T13:30:00Z", "2024-04-08"),
                    ("2024-10-05T13:30:00Z", "2024-10-06"),
                    ("2024-10-06T12:59:59Z", "2024-10-06"),
                    ("2024-10-06T13:00:00Z", "2024-10-07"),
                ],
            ),
            // Clocks change at midnight: summer UTC-3 until 2024-04-07 03:00 UTC, winter UTC-4, back at 2024-09-08 04:00 UTC.
            (
                "America/Santiago",
                [
                    ("2024-04-06T02:59:59Z", "2024-04-05"),
                    ("2024-04-07T02:59:59Z", "2024-04-06"),
                    ("2024-04-07T03:00:00Z", "2024-04-06"),
                    ("2024-04-07T04:00:00Z", "2024-04-07"),
                    ("2024-09-08T03:59:59Z", "2024-09-07"),
                    ("2024-09-08T04:00:00Z", "2024-09-08"),
                    ("2024-09-09T03:00:00Z", "2024-09-09"),
                ],
            ),
            // No clock change: UTC+5:45 all year; the offset of the text is another one.
            (
                "Asia/Kathmandu",
                [
                    ("2024-03-30T18:14:59Z", "2024-03-30"),
                    ("2024-03-30T18:15:00Z", "2024-03-31"),
                    ("2024-03-30T20:15:00+02:00", "2024-03-31"),
                    ("2024-03-30T12:14:59-06:00", "2024-03-30"),
                    ("2024-10-27 12:15 PM -0600", "2024-10-28"),
                    ("2024-10-27T23:59:59", "2024-10-27"),
                    ("2024-10-27", "2024-10-27"),
                ],
            ),
        ] {
            let zone = DayZone::named(zone).unwrap();
            for (text, expected) in instants {
                let day = DateFormat::YearMonthDay.read_in(text, Some(&zone)).map(|day| day.to_string());
                assert_eq!(day.as_deref(), Ok(expected), "{text} in {}", zone.name());
            }
        }
    }
}
