//! What a cell holds, and what it looks like.

use std::borrow::Cow;

use rfm_core::{Day, Decimal, Scale};
use rust_xlsxwriter::Format;

use super::limits::NUMBERS_BELOW;

/// A value as a table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<'a> {
    Empty,
    /// Always a string cell, never a formula.
    Text(Cow<'a, str>),
    Number(Decimal),
    Day(Day),
}

/// A value as a sheet has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stored<'a> {
    Empty,
    Text(Cow<'a, str>),
    Number(Decimal),
}

impl<'a> Cell<'a> {
    pub(super) fn count(count: u64) -> Cell<'a> {
        Cell::Number(Decimal::new(count.into(), Scale::UNITS))
    }

    pub(super) fn number_or_empty(number: Option<Decimal>) -> Cell<'a> {
        number.map_or(Cell::Empty, Cell::Number)
    }

    /// Numbers of more than 15 digits would lose some, and the calendar of a spreadsheet has a 29 February 1900 and nothing before
    /// that year: such numbers and days are texts.
    pub(super) fn stored(self) -> Stored<'a> {
        match self {
            Cell::Empty => Stored::Empty,
            Cell::Text(text) => Stored::Text(text),
            Cell::Number(number) if number.minor().unsigned_abs() < NUMBERS_BELOW => Stored::Number(number),
            Cell::Number(number) => Stored::Text(number.to_string().into()),
            Cell::Day(day) => match serial(day) {
                Some(serial) => Stored::Number(Decimal::new(serial.into(), Scale::UNITS)),
                None => Stored::Text(day.to_string().into()),
            },
        }
    }
}

/// The number of a day in the 1900 date system, from 1 March 1900.
fn serial(day: Day) -> Option<i32> {
    const EPOCH: i32 = 25_569;
    const MARCH_1900: i32 = 61;
    let serial = day.epoch_days() + EPOCH;
    (serial >= MARCH_1900).then_some(serial)
}

/// How the cells of a column are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Text,
    Day,
    Number(Scale),
    Share,
}

impl Look {
    pub(super) const COUNT: Look = Look::Number(Scale::UNITS);

    pub(super) fn format(self) -> Format {
        let number_format = match self {
            // Stays text when it is edited.
            Look::Text => "@".to_owned(),
            Look::Day => "yyyy-mm-dd".to_owned(),
            Look::Number(Scale::UNITS) => "#,##0".to_owned(),
            Look::Number(scale) => format!("#,##0.{}", "0".repeat(scale.decimals().into())),
            Look::Share => "0.0%".to_owned(),
        };
        Format::new().set_num_format(number_format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_are_a_number_and_sixteen_a_text() {
        let stored = |minor| Cell::Number(Decimal::new(minor, Scale::CENTS)).stored();
        let number = |minor| Stored::Number(Decimal::new(minor, Scale::CENTS));
        assert_eq!(stored(999_999_999_999_999), number(999_999_999_999_999));
        assert_eq!(stored(-999_999_999_999_999), number(-999_999_999_999_999));
        assert_eq!(stored(1_000_000_000_000_000), Stored::Text("10000000000000.00".into()));
        assert_eq!(stored(i128::MIN), Stored::Text("-1701411834604692317316873037158841057.28".into()));
        assert_eq!(Cell::count(u64::MAX).stored(), Stored::Text("18446744073709551615".into()));
    }

    #[test]
    fn days_that_a_spreadsheet_has_not_are_texts() {
        let stored = |text: &str| Cell::Day(text.parse().unwrap()).stored();
        let serial = |serial| Stored::Number(Decimal::new(serial, Scale::UNITS));
        assert_eq!(stored("1900-02-28"), Stored::Text("1900-02-28".into()));
        assert_eq!(stored("1900-03-01"), serial(61));
        assert_eq!(stored("1970-01-01"), serial(25_569));
        assert_eq!(stored("2011-12-10"), serial(40_887));
        assert_eq!(stored("9999-12-31"), serial(2_958_465));
        assert_eq!(stored("0001-01-01"), Stored::Text("0001-01-01".into()));
    }

    #[test]
    fn every_number_keeps_its_digits_as_a_binary_fraction() {
        for scale in (0..=9).filter_map(Scale::new) {
            for minor in [1, 123_456_789_012_345, 999_999_999_999_999, 100_000_000_000_001, 999_999_999_999_998] {
                let text = Decimal::new(minor, scale).to_string();
                let read: f64 = text.parse().unwrap();
                assert_eq!(format!("{read:.*}", usize::from(scale.decimals())), text);
            }
        }
    }
}
