//! Cells as adapters find them: texts, and values of formats that have types.

use core::fmt::{self, Write as _};

use super::floats::{short, shortest};
use super::number::{round_to, settle};
use super::{CellProblem, DateFormat, DayZone, IdFormat, Number, NumberFormat, Shape};
use crate::day::Day;
use crate::money::Scale;
use crate::text::ShortText;

/// A cell as an adapter found it: a text, or a value that its format has a type for.
///
/// Every adapter hands its cells over as these, and what a cell means as an id, a day or a number is said here once, so that
/// the same table gives the same result whatever it was stored in.
///
/// # Examples
///
/// ```
/// use rfm_core::Day;
/// use rfm_core::cell::{Cell, DateFormat, IdFormat, NumberFormat};
///
/// assert_eq!(Cell::Float(13085.0).id(IdFormat::AsWritten, &mut String::new()), Ok("13085"));
/// assert_eq!(Cell::Date(15_317).day(DateFormat::DayMonthYear, None), Ok(Day::from_ymd(2011, 12, 9)?));
/// let number = Cell::Float(0.1).number(NumberFormat::Comma, None).expect("a number");
/// assert_eq!((number.units, number.places.decimals()), (1, 1));
/// # Ok::<(), rfm_core::DayError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// Nothing: a null, an empty cell of a sheet.
    #[default]
    Empty,
    /// A text, also of a number or a date that is stored as one.
    Text(&'a str),
    /// A whole number.
    Integer(i128),
    /// `units` × 10^-`places`.
    Decimal {
        /// The digits as a whole number.
        units: i128,
        /// How many of them are decimals.
        places: u8,
    },
    /// A binary floating point number: the shortest decimal that reads back as it.
    Float(f64),
    /// A calendar day: days since 1970-01-01.
    Date(i32),
    /// A local time: seconds since 1970-01-01 00:00 of the clock that wrote it, rounded down.
    Local(i64),
    /// An instant: seconds since 1970-01-01 00:00 UTC, rounded down.
    Instant(i64),
    /// True or false.
    Bool(bool),
    /// What stands in the place of a value and is none.
    Fault(CellFault),
}

/// What a cell holds instead of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum CellFault {
    /// The result of a formula that failed.
    #[error("holds the error {0}")]
    ErrorValue(&'static str),
    /// A formula whose result was never stored.
    #[error("is a formula without a stored result; open the workbook in a spreadsheet program and save it")]
    NoStoredResult,
    /// A cell below or beside the one that holds the value of a merged area.
    #[error("is covered by a merged cell; unmerge the cells and fill the value down")]
    Covered,
    /// A cell that the file has twice.
    #[error("is in the file more than once")]
    Repeated,
    /// Day 60 of the spreadsheet calendar that begins with 1900.
    #[error("is day 60 of the 1900 calendar, the 29 February 1900 that never was")]
    DayThatNeverWas,
    /// A serial number that the spreadsheet calendar has no day for.
    #[error("is a date that the calendar of the workbook does not have")]
    NoDay,
    /// A time of day or a duration.
    #[error("is a time without a date")]
    TimeOnly,
    /// More digits than 128 bits hold.
    #[error("is too large: the limit is 9223372036854775807 minor units")]
    TooLarge,
    /// A list, a map or a structure.
    #[error("is a list or a structure; name one of its fields")]
    Nested,
}

/// The largest number up to which floats hold every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Seconds of a day.
const DAY: i64 = 86_400;

impl<'a> Cell<'a> {
    /// Whether it holds nothing, or blanks only.
    #[must_use]
    #[inline]
    pub fn is_blank(self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim_ascii().is_empty(),
            _ => false,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub const fn text(self) -> Option<&'a str> {
        match self {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The cell as an id: a text as `format` says, a whole number by its digits; empty for an empty cell. `scratch` is
    /// overwritten, and holds the digits.
    ///
    /// # Errors
    ///
    /// [`CellProblem::NotAnId`] for a number with decimals or a float of 2^53 and more, which is not exact;
    /// [`CellProblem::WrongType`] for dates and truth values; [`CellProblem::Fault`].
    pub fn id<'t>(self, format: IdFormat, scratch: &'t mut String) -> Result<&'t str, CellProblem>
    where
        'a: 't,
    {
        let whole = match self {
            Cell::Empty => return Ok(""),
            Cell::Text(text) => return Ok(format.normalise(text)),
            Cell::Integer(number) => number,
            Cell::Float(_) | Cell::Decimal { .. } => self.whole().ok_or(CellProblem::NotAnId)?,
            Cell::Fault(fault) => return Err(CellProblem::Fault(fault)),
            Cell::Date(_) | Cell::Local(_) | Cell::Instant(_) | Cell::Bool(_) => return Err(self.is_no("an id")),
        };
        scratch.clear();
        write_whole(whole, scratch);
        Ok(scratch)
    }

    /// The cell as a calendar day. A text is read as `format` says, and so are the digits of a whole number, so that a column of
    /// numbers such as 20111209 is one of dates. An instant has its day in `zone`, or in UTC.
    ///
    /// # Errors
    ///
    /// Those of [`DateFormat::read_in`]; [`CellProblem::PlainNumber`] for numbers that are no dates; [`CellProblem::WrongType`];
    /// [`CellProblem::Fault`].
    pub fn day(self, format: DateFormat, zone: Option<&DayZone>) -> Result<Day, CellProblem> {
        match self {
            Cell::Empty => Err(CellProblem::Empty),
            Cell::Text(text) => format.read_in(text, zone),
            Cell::Date(days) => day_of(Some(days)),
            Cell::Local(_) | Cell::Instant(_) => day_of_second(self.local_second(zone)),
            _ => self.numbered_day(|digits| format.read_in(digits, zone)),
        }
    }

    /// The cell as a calendar day, as [`Cell::day`] reads it, and the time of day: seconds since midnight, 0 to 86,399; 0 where
    /// the cell has no time.
    ///
    /// # Errors
    ///
    /// As [`Cell::day`].
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::{Cell, DateFormat};
    ///
    /// let (_, second) = Cell::Local(1_323_435_000).day_and_time(DateFormat::YearMonthDay, None).expect("a date");
    /// assert_eq!(second, 12 * 3_600 + 50 * 60);
    /// ```
    pub fn day_and_time(self, format: DateFormat, zone: Option<&DayZone>) -> Result<(Day, u32), CellProblem> {
        match self {
            Cell::Text(text) => format.read_with_time(text, zone),
            Cell::Local(_) | Cell::Instant(_) => {
                let local = self.local_second(zone);
                let second = u32::try_from(local.rem_euclid(DAY)).unwrap_or_default();
                day_of_second(local).map(|day| (day, second))
            }
            Cell::Empty | Cell::Date(_) => self.day(format, zone).map(|day| (day, 0)),
            _ => self.numbered_day(|digits| format.read_with_time(digits, zone)),
        }
    }

    /// Seconds since 1970-01-01 00:00 of the local clock, of a time.
    fn local_second(self, zone: Option<&DayZone>) -> i64 {
        match self {
            Cell::Local(second) => second,
            Cell::Instant(second) => second.saturating_add(zone.map_or(0, |zone| zone.offset(second)).into()),
            _ => 0,
        }
    }

    /// The date that the digits of a whole number are, as `read` reads them.
    fn numbered_day<T>(self, read: impl Fn(&str) -> Result<T, CellProblem>) -> Result<T, CellProblem> {
        match self {
            Cell::Bool(_) => Err(self.is_no("a date")),
            Cell::Fault(fault) => Err(CellProblem::Fault(fault)),
            _ => {
                let digits = self.whole().map(|whole| whole.to_string());
                match digits.map(|digits| read(&digits)) {
                    // The digits are a date, only not one of these years.
                    Some(read @ (Ok(_) | Err(CellProblem::YearOutOfRange { .. }))) => read,
                    _ => Err(CellProblem::PlainNumber),
                }
            }
        }
    }

    /// The cell as a number; a text is read as `format` says.
    ///
    /// More than nine decimals are refused, or rounded half to even to as many as `round` names. A float has often more by
    /// accident (0.1 + 0.2) and is always rounded, to nine unless told otherwise; [`Number::rounded`] says so.
    ///
    /// # Errors
    ///
    /// Those of [`NumberFormat::read`]; [`CellProblem::NotFinite`] for infinity and NaN; [`CellProblem::WrongType`];
    /// [`CellProblem::Fault`].
    #[inline]
    pub fn number(self, format: NumberFormat, round: Option<Scale>) -> Result<Number, CellProblem> {
        let short = match self {
            Cell::Text(text) => return format.read(text, round),
            Cell::Float(number) => short(number),
            Cell::Decimal { units, places } => i64::try_from(units).ok().zip(Scale::new(places)),
            Cell::Integer(units) => i64::try_from(units).ok().map(|units| (units, Scale::UNITS)),
            _ => None,
        };
        match short {
            Some((units, places)) => round_to(Number::trimmed(units, places), round),
            None => self.typed_number(round),
        }
    }

    fn typed_number(self, round: Option<Scale>) -> Result<Number, CellProblem> {
        match self {
            Cell::Empty | Cell::Text(_) => Err(CellProblem::Empty),
            Cell::Integer(units) => settle(units, 0, round),
            Cell::Decimal { units, places } => settle(units, places.into(), round),
            Cell::Float(number) => {
                let (units, places) = shortest(number).ok_or(CellProblem::NotFinite)?;
                settle(units, places, Some(round.unwrap_or(Scale::MAX)))
            }
            Cell::Date(_) | Cell::Local(_) | Cell::Instant(_) | Cell::Bool(_) => Err(self.is_no("a number")),
            Cell::Fault(fault) => Err(CellProblem::Fault(fault)),
        }
    }

    /// The whole number that it is, if it is one exactly.
    fn whole(self) -> Option<i128> {
        match self {
            Cell::Integer(number) => Some(number),
            Cell::Decimal { units, places } => {
                let divisor = 10i128.checked_pow(places.into())?;
                (units.checked_rem(divisor)? == 0).then(|| units.checked_div(divisor))?
            }
            // A float of 2^53 or more may stand for its neighbour.
            Cell::Float(number) if number.abs() < EXACT => {
                let (units, places) = shortest(number)?;
                let number = settle(units, places, None).ok()?;
                (number.places == Scale::UNITS).then_some(number.units.into())
            }
            _ => None,
        }
    }

    fn is_no(self, expected: &'static str) -> CellProblem {
        CellProblem::WrongType { expected, found: self.kind() }
    }

    /// What kind of value it is, with its article.
    const fn kind(self) -> &'static str {
        match self {
            Cell::Empty => "nothing",
            Cell::Text(_) => "a text",
            Cell::Integer(_) | Cell::Decimal { .. } | Cell::Float(_) => "a number",
            Cell::Date(_) | Cell::Local(_) | Cell::Instant(_) => "a date",
            Cell::Bool(_) => "a truth value",
            Cell::Fault(_) => "an error",
        }
    }

    /// The shape of what it holds, for messages.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Cell::Text(text) => Shape::of(text),
            _ => Shape::of(&self.to_string()),
        }
    }
}

/// The value as text: numbers in plain decimals, days in ISO 8601, nothing for an empty cell. For the file of rejected lines,
/// attributes, and eyes that may see values.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Cell::Empty => Ok(()),
            Cell::Text(text) => f.write_str(text),
            Cell::Integer(number) => write!(f, "{number}"),
            Cell::Decimal { units, places: 0 } => write!(f, "{units}"),
            Cell::Decimal { units, places } => {
                let width = usize::from(places).saturating_add(1);
                let digits = format!("{:0width$}", units.unsigned_abs());
                let (whole, decimals) = digits.split_at(digits.len().saturating_sub(places.into()));
                let sign = if units < 0 { "-" } else { "" };
                write!(f, "{sign}{whole}.{decimals}")
            }
            Cell::Float(number) => write!(f, "{number}"),
            Cell::Date(days) => match Day::from_epoch_days(days) {
                Some(day) => write!(f, "{day}"),
                None => write!(f, "day {days} since 1970-01-01"),
            },
            // A local midnight is what most formats store for a day alone.
            Cell::Local(second) if second.rem_euclid(DAY) == 0 => match day_at(second) {
                Some(day) => write!(f, "{day}"),
                None => write!(f, "second {second} since 1970-01-01"),
            },
            Cell::Local(second) | Cell::Instant(second) => {
                let of_day = second.rem_euclid(DAY);
                let (hour, minute) = (of_day.div_euclid(3_600), of_day.div_euclid(60).rem_euclid(60));
                let zone = if matches!(self, Cell::Instant(_)) { "Z" } else { "" };
                match day_at(second) {
                    Some(day) => write!(f, "{day}T{hour:02}:{minute:02}:{:02}{zone}", of_day.rem_euclid(60)),
                    None => write!(f, "second {second} since 1970-01-01"),
                }
            }
            Cell::Bool(truth) => write!(f, "{truth}"),
            Cell::Fault(CellFault::ErrorValue(code)) => f.write_str(code),
            Cell::Fault(fault) => write!(f, "({fault})"),
        }
    }
}

/// Appends the digits of a number. Ids are numbers in many files, and the formatter takes several times as long.
fn write_whole(number: i128, out: &mut String) {
    let small = u64::try_from(number);
    let short = small.ok().and_then(ShortText::digits);
    // Writing to a string does not fail.
    let _ = match (short, small) {
        (Some(digits), _) => out.write_str(digits.as_str()),
        (None, Ok(small)) => write!(out, "{small}"),
        (None, Err(_)) => write!(out, "{number}"),
    };
}

/// The day of a second since 1970-01-01 00:00, if the calendar has it.
fn day_at(second: i64) -> Option<Day> {
    i32::try_from(second.div_euclid(DAY)).ok().and_then(Day::from_epoch_days)
}

fn day_of_second(second: i64) -> Result<Day, CellProblem> {
    day_of(i32::try_from(second.div_euclid(DAY)).ok())
}

fn day_of(days: Option<i32>) -> Result<Day, CellProblem> {
    let Some(day) = days.and_then(Day::from_epoch_days) else { return Err(CellProblem::Fault(CellFault::NoDay)) };
    let (year, _, _) = day.ymd();
    if (1970..2200).contains(&year) { Ok(day) } else { Err(CellProblem::YearOutOfRange { year }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(cell: Cell<'_>) -> Result<(i64, u8, bool), CellProblem> {
        cell.number(NumberFormat::Undecided, None).map(|n| (n.units, n.places.decimals(), n.rounded))
    }

    #[test]
    fn numbers_are_the_same_whatever_holds_them() {
        for (cell, units, places) in [
            (Cell::Text("2.10"), 21, 1),
            (Cell::Float(2.1), 21, 1),
            (Cell::Decimal { units: 2_100, places: 3 }, 21, 1),
            (Cell::Integer(-7), -7, 0),
            (Cell::Float(-7.0), -7, 0),
            (Cell::Float(-0.05), -5, 2),
            (Cell::Float(-0.0), 0, 0),
            (Cell::Float(1e15), 1_000_000_000_000_000, 0),
            (Cell::Decimal { units: 0, places: 38 }, 0, 0),
        ] {
            assert_eq!(number(cell), Ok((units, places, false)), "{cell:?}");
        }
    }

    #[test]
    fn floats_are_rounded_half_even_to_nine_decimals_and_say_so() {
        assert_eq!(number(Cell::Float(0.1 + 0.2)), Ok((3, 1, true)));
        assert_eq!(number(Cell::Float(1.000_000_000_5)), Ok((1, 0, true)));
        assert_eq!(number(Cell::Float(1.000_000_001_5)), Ok((1_000_000_002, 9, true)));
        assert_eq!(number(Cell::Float(5e-324)), Ok((0, 0, true)));
        assert_eq!(number(Cell::Float(1e300)), Err(CellProblem::TooLarge));
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Cell::Float(number).number(NumberFormat::Point, None), Err(CellProblem::NotFinite));
        }
        let ten = Cell::Decimal { units: 1, places: 10 };
        assert_eq!(number(ten), Err(CellProblem::TooManyDecimals { places: 10, allowed: 9 }));
    }

    #[test]
    fn ids_are_texts_or_exact_whole_numbers() {
        let id = |cell: Cell<'_>| cell.id(IdFormat::AsWritten, &mut String::new()).map(str::to_owned);
        assert_eq!(id(Cell::Text("007")).as_deref(), Ok("007"));
        assert_eq!(id(Cell::Float(13_085.0)).as_deref(), Ok("13085"));
        for number in [0, 7, 10, -1, u64::MAX.into(), i128::MAX, i128::MIN] {
            assert_eq!(id(Cell::Integer(number)), Ok(number.to_string()));
        }
        assert_eq!(id(Cell::Decimal { units: -1_300, places: 2 }).as_deref(), Ok("-13"));
        assert_eq!(id(Cell::Float(9_007_199_254_740_991.0)).as_deref(), Ok("9007199254740991"));
        for cell in [Cell::Float(9_007_199_254_740_992.0), Cell::Float(0.5), Cell::Decimal { units: 1, places: 1 }] {
            assert_eq!(id(cell), Err(CellProblem::NotAnId), "{cell:?}");
        }
        assert!(matches!(id(Cell::Date(0)), Err(CellProblem::WrongType { .. })));
        assert_eq!(id(Cell::Empty).as_deref(), Ok(""));
    }

    #[test]
    fn days_come_from_dates_texts_and_digits() {
        let day = |cell: Cell<'_>, format| cell.day(format, None).map(|day| day.to_string());
        assert_eq!(day(Cell::Date(15_317), DateFormat::Compact).as_deref(), Ok("2011-12-09"));
        assert_eq!(day(Cell::Integer(20_111_209), DateFormat::Compact).as_deref(), Ok("2011-12-09"));
        assert_eq!(day(Cell::Float(20_111_209.0), DateFormat::Compact).as_deref(), Ok("2011-12-09"));
        assert_eq!(day(Cell::Float(40_886.5), DateFormat::Compact), Err(CellProblem::PlainNumber));
        assert_eq!(
            day(Cell::Integer(19_691_231), DateFormat::Compact),
            Err(CellProblem::YearOutOfRange { year: 1969 })
        );
        assert_eq!(day(Cell::Integer(40_886), DateFormat::YearMonthDay), Err(CellProblem::PlainNumber));
        assert_eq!(day(Cell::Date(-1), DateFormat::Compact), Err(CellProblem::YearOutOfRange { year: 1969 }));
        assert_eq!(day(Cell::Date(i32::MAX), DateFormat::Compact), Err(CellProblem::Fault(CellFault::NoDay)));
        assert_eq!(day(Cell::Instant(i64::MIN), DateFormat::Compact), Err(CellProblem::Fault(CellFault::NoDay)));
        let zone = DayZone::new("five hours behind", |_| -5 * 3_600);
        let instant = Cell::Instant(1_709_263_800); // 2024-03-01T03:30:00Z
        assert_eq!(day(instant, DateFormat::Compact).as_deref(), Ok("2024-03-01"));
        assert_eq!(
            instant.day(DateFormat::Compact, Some(&zone)).map(|day| day.to_string()).as_deref(),
            Ok("2024-02-29")
        );
    }

    #[test]
    fn times_of_day_come_with_their_days() {
        let zone = DayZone::new("five hours behind", |_| -5 * 3_600);
        let read = |cell: Cell<'_>| {
            let (day, second) = cell.day_and_time(DateFormat::Compact, Some(&zone))?;
            assert_eq!(cell.day(DateFormat::Compact, Some(&zone)), Ok(day));
            Ok((day.to_string(), second))
        };
        let local = 1_709_263_800; // 2024-03-01T03:30:00
        assert_eq!(read(Cell::Local(local)), Ok(("2024-03-01".to_owned(), 12_600)));
        assert_eq!(read(Cell::Instant(local)), Ok(("2024-02-29".to_owned(), 81_000)));
        assert_eq!(read(Cell::Date(15_317)), Ok(("2011-12-09".to_owned(), 0)));
        assert_eq!(read(Cell::Integer(20_111_209_125_000)), Ok(("2011-12-09".to_owned(), 46_200)));
        assert_eq!(read(Cell::Empty), Err(CellProblem::Empty));
        assert_eq!(read(Cell::Local(i64::MIN)), Err(CellProblem::Fault(CellFault::NoDay)));
        assert_eq!(read(Cell::Integer(40_886)), Err(CellProblem::PlainNumber));
    }

    #[test]
    fn values_are_shown_plainly() {
        for (cell, text) in [
            (Cell::Decimal { units: -5, places: 2 }, "-0.05"),
            (Cell::Float(1e21), "1000000000000000000000"),
            (Cell::Instant(1_709_263_800), "2024-03-01T03:30:00Z"),
            (Cell::Local(1_709_263_800), "2024-03-01T03:30:00"),
            (Cell::Local(1_709_251_200), "2024-03-01"),
            (Cell::Date(0), "1970-01-01"),
            (Cell::Fault(CellFault::ErrorValue("#N/A")), "#N/A"),
        ] {
            assert_eq!(cell.to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn decimals_of_up_to_15_digits_are_found_again(units in -999_999_999_999_999i64..=999_999_999_999_999, places in 0u8..=6) {
            let written = Cell::Decimal { units: units.into(), places };
            let float = Cell::Float(written.to_string().parse().expect("a number"));
            prop_assert_eq!(number(float), number(written));
        }
    }
}
