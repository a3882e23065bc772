//! What the cells of all inputs prove about the formats of dates and numbers, and the errors of what they leave open.

use std::fmt;

use memchr::memchr2;
use rfm_core::Role;
use rfm_core::cell::{
    Cell, CellFormats, DateEvidence, DateFormat, DateFormats, IdFormat, NumberEvidence, NumberFormat, Shape,
};

use crate::error::{Error, ErrorKind};
use crate::options::ReadOptions;
use crate::position::Position;
use crate::row::{Row, Site};

/// What cells say about the formats of dates and numbers, over all inputs. Cells of formats that have types for them say
/// nothing, and need nothing said.
///
/// The places are kept for messages only.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    dates: DateEvidence,
    numbers: NumberEvidence,
    /// The column of the first date.
    date_column: Option<Position>,
    /// Where the first cell stood that is a date in no format, and its shape.
    no_date: Option<(Position, Shape)>,
    /// Whether any cell is a date by its type, so that a text which is none is only a bad cell.
    has_typed_dates: bool,
    /// Where dates, or numbers, began to contradict those before.
    dates_differ: Option<Position>,
    numbers_differ: Option<Position>,
    /// Whether there is more that could not be looked at, since it can be read only once.
    is_partial: bool,
}

/// How a format is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The caller gave it.
    Given,
    /// Some cell can be read in it only, and all others can.
    Proven,
    /// No cell has anything to say, so it does not matter.
    Open,
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Known::Given => "given",
            Known::Proven => "proven by the data",
            Known::Open => "as no cell tells",
        })
    }
}

impl Evidence {
    /// Takes the cells of a row into account, as far as their formats are not given.
    pub fn observe(&mut self, row: &impl Row, site: &Site, options: &ReadOptions) {
        if options.date.is_none() {
            self.observe_date(row, site);
        }
        if options.number.is_none() {
            self.observe_numbers(row, site);
        }
    }

    /// The same, without the formats that are proven by now.
    pub fn observe_further(&mut self, row: &impl Row, site: &Site, options: &ReadOptions) {
        if !self.is_date_decided(options) {
            self.observe_date(row, site);
        }
        if !self.is_number_decided(options) {
            self.observe_numbers(row, site);
        }
    }

    fn observe_date(&mut self, row: &impl Row, site: &Site) {
        let roles = site.roles();
        // Nobody who never ordered has a date, whatever stands in its place.
        let orders = roles.column(Role::Frequency).and_then(|column| row.cell(column).text());
        if orders.is_none_or(|orders| orders.trim() != "0") {
            for column in [Role::Date, Role::FirstOrder].into_iter().filter_map(|role| roles.column(role)) {
                self.observe_date_of(row, site, column);
            }
        }
    }

    fn observe_date_of(&mut self, row: &impl Row, site: &Site, column: usize) {
        let mut digits = String::new();
        let date = match row.cell(column) {
            Cell::Text(text) => text,
            Cell::Date(_) | Cell::Local(_) | Cell::Instant(_) => {
                self.has_typed_dates = true;
                return;
            }
            // The digits of a whole number may be a date: 20111209.
            // Other numbers are no dates in any format, which is said where they are read.
            cell => match cell.id(IdFormat::AsWritten, &mut digits) {
                Ok(digits) if DateFormats::of(digits).iter().next().is_some() => digits,
                _ => return,
            },
        };
        let position = || site.position(Some(row.number()), Some(column));
        let (dates, no_dates) = self.dates.counts();
        if !self.dates.observe(date) && self.dates_differ.is_none() {
            self.dates_differ = Some(position());
        }
        if dates == 0 && self.dates.counts().0 > 0 {
            self.date_column.get_or_insert_with(|| site.position(None, Some(column)));
        }
        if self.dates.counts().1 > no_dates {
            self.no_date.get_or_insert_with(|| (position(), Shape::of(date)));
        }
    }

    fn observe_numbers(&mut self, row: &impl Row, site: &Site) {
        for role in [Role::Amount, Role::Quantity, Role::Price, Role::Recency, Role::Frequency] {
            let column = site.roles().column(role);
            let Some(number) = column.and_then(|column| row.cell(column).text()) else { continue };
            // Whole numbers tell nothing, and are most of what a second look reads.
            if memchr2(b'.', b',', number.as_bytes()).is_some() {
                self.numbers.observe(number);
                if self.numbers.format().is_none() && self.numbers_differ.is_none() {
                    self.numbers_differ = Some(site.position(Some(row.number()), column));
                }
            }
        }
    }

    /// Tells that there is more that cannot be looked at.
    pub fn set_partial(&mut self) {
        self.is_partial = true;
    }

    /// Whether no further cell can change the answer, or it is given.
    #[must_use]
    pub fn is_decided(&self, options: &ReadOptions) -> bool {
        self.is_date_decided(options) && self.is_number_decided(options)
    }

    fn is_date_decided(&self, options: &ReadOptions) -> bool {
        options.date.is_some() || self.dates.format().is_some() || self.dates_differ.is_some()
    }

    fn is_number_decided(&self, options: &ReadOptions) -> bool {
        options.number.is_some() || self.numbers.counts() != (0, 0)
    }

    /// Dates that were looked at; numbers that prove a decimal point; numbers that prove a decimal comma.
    #[must_use]
    pub fn counts(&self) -> (u64, u64, u64) {
        let (point, comma) = self.numbers.counts();
        (self.dates.counts().0, point, comma)
    }

    /// The formats that every date can be read in.
    #[must_use]
    pub fn date_candidates(&self) -> Vec<DateFormat> {
        self.dates.candidates().iter().collect()
    }

    /// The format of the dates; `None` if no text is one, and there is none that should be: cells may be dates by their type.
    ///
    /// # Errors
    ///
    /// [`Error`] if dates contradict each other, can be read in several formats, or in none.
    pub fn date_format(&self) -> Result<Option<DateFormat>, Error> {
        if let Some(format) = self.dates.format() {
            return Ok(Some(format));
        }
        if let Some(position) = self.dates_differ.clone() {
            return Err(ErrorKind::MixedDates { position }.into());
        }
        if let Some(position) = self.date_column.clone() {
            let candidates = self.date_candidates();
            return Err(ErrorKind::AmbiguousDate { position, candidates, is_whole: !self.is_partial }.into());
        }
        match self.no_date.clone().filter(|_| !self.has_typed_dates) {
            Some((position, shape)) => Err(ErrorKind::UnknownDate { position, found: shape.to_string() }.into()),
            None => Ok(None),
        }
    }

    /// The format of the numbers.
    ///
    /// # Errors
    ///
    /// [`Error`] if numbers contradict each other.
    pub fn number_format(&self) -> Result<NumberFormat, Error> {
        match self.numbers_differ.clone() {
            Some(position) => Err(ErrorKind::MixedNumbers { position }.into()),
            None => Ok(self.numbers.format().unwrap_or_default()),
        }
    }

    /// How cells are read: as given, or as proven.
    ///
    /// # Errors
    ///
    /// [`Error`] if a format is neither given nor proven.
    pub fn formats(&self, options: &ReadOptions) -> Result<CellFormats, Error> {
        let date = match options.date {
            Some(format) => format,
            // Where there is no date, any format reports that where one should be.
            None => self.date_format()?.unwrap_or(DateFormat::YearMonthDay),
        };
        let number = match options.number {
            Some(format) => format,
            None => self.number_format()?,
        };
        Ok(CellFormats { date, number, ids: options.ids, round: options.round, as_of: options.as_of })
    }

    /// How the formats of dates and numbers are known.
    #[must_use]
    pub fn known(&self, options: &ReadOptions) -> (Known, Known) {
        let known = |is_given: bool, is_proven: bool| match (is_given, is_proven) {
            (true, _) => Known::Given,
            (_, true) => Known::Proven,
            _ => Known::Open,
        };
        let (dates, point, comma) = self.counts();
        (known(options.date.is_some(), dates > 0), known(options.number.is_some(), point + comma > 0))
    }
}
