//! What the cells of all inputs prove about the formats of dates and numbers, and the errors of what they leave open.

use std::fmt;

use memchr::memchr2;
use rfm_core::cell::{CellFormats, DateEvidence, DateFormat, NumberEvidence, NumberFormat, Shape};
use rfm_core::{ColumnRoles, Role};

use crate::error::{Error, ErrorKind, Position};
use crate::layout::Layout;
use crate::options::CsvOptions;
use crate::records::Record;

/// What cells say about their formats, over all inputs. The places are kept for messages only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    dates: DateEvidence,
    numbers: NumberEvidence,
    /// The column of the first date.
    date_column: Option<Position>,
    /// Where the first cell stood that is a date in no format, and its shape.
    no_date: Option<(Position, Shape)>,
    /// Where dates, or numbers, began to contradict those before.
    dates_differ: Option<Position>,
    numbers_differ: Option<Position>,
    /// Whether there is more that could not be looked at, since it can be read only once.
    is_partial: bool,
}

/// How a format is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Given,
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
    pub(crate) fn observe(&mut self, record: &Record<'_>, layout: &Layout, roles: &ColumnRoles, options: &CsvOptions) {
        if options.date.is_none() {
            self.observe_date(record, layout, roles);
        }
        if options.number.is_none() {
            self.observe_numbers(record, layout, roles);
        }
    }

    /// The same, without the formats that are proven by now.
    pub(crate) fn observe_further(
        &mut self,
        record: &Record<'_>,
        layout: &Layout,
        roles: &ColumnRoles,
        options: &CsvOptions,
    ) {
        if !self.is_date_decided(options) {
            self.observe_date(record, layout, roles);
        }
        if !self.is_number_decided(options) {
            self.observe_numbers(record, layout, roles);
        }
    }

    fn observe_date(&mut self, record: &Record<'_>, layout: &Layout, roles: &ColumnRoles) {
        let column = roles.column(Role::Date);
        let Some(date) = column.and_then(|column| record.field_str(column)) else { return };
        let position = || layout.position(Some(record.line()), column);
        let (dates, no_dates) = self.dates.counts();
        if !self.dates.observe(date) && self.dates_differ.is_none() {
            self.dates_differ = Some(position());
        }
        if dates == 0 && self.dates.counts().0 > 0 {
            self.date_column.get_or_insert_with(|| layout.position(None, column));
        }
        if self.dates.counts().1 > no_dates {
            self.no_date.get_or_insert_with(|| (position(), Shape::of(date)));
        }
    }

    fn observe_numbers(&mut self, record: &Record<'_>, layout: &Layout, roles: &ColumnRoles) {
        for role in [Role::Amount, Role::Quantity, Role::Price] {
            let column = roles.column(role);
            let Some(number) = column.and_then(|column| record.field_str(column)) else { continue };
            // Whole numbers tell nothing, and are most of what a second look reads.
            if memchr2(b'.', b',', number.as_bytes()).is_some() {
                self.numbers.observe(number);
                if self.numbers.format().is_none() && self.numbers_differ.is_none() {
                    self.numbers_differ = Some(layout.position(Some(record.line()), column));
                }
            }
        }
    }

    /// Tells that there is more that cannot be looked at.
    pub(crate) fn set_partial(&mut self) {
        self.is_partial = true;
    }

    /// Whether no further cell can change the answer, or it is given.
    pub(crate) fn is_decided(&self, options: &CsvOptions) -> bool {
        self.is_date_decided(options) && self.is_number_decided(options)
    }

    fn is_date_decided(&self, options: &CsvOptions) -> bool {
        options.date.is_some() || self.dates.format().is_some() || self.dates_differ.is_some()
    }

    fn is_number_decided(&self, options: &CsvOptions) -> bool {
        options.number.is_some() || self.numbers.counts() != (0, 0)
    }

    /// Dates that were looked at; numbers that prove a decimal point; numbers that prove a decimal comma.
    pub(crate) fn counts(&self) -> (u64, u64, u64) {
        let (point, comma) = self.numbers.counts();
        (self.dates.counts().0, point, comma)
    }

    /// The formats that every date can be read in.
    pub(crate) fn date_candidates(&self) -> Vec<DateFormat> {
        self.dates.candidates().iter().collect()
    }

    /// The format of the dates; `None` if there is neither a date nor anything that should be one.
    pub(crate) fn date_format(&self) -> Result<Option<DateFormat>, Error> {
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
        match self.no_date.clone() {
            Some((position, shape)) => Err(ErrorKind::UnknownDate { position, found: shape.to_string() }.into()),
            None => Ok(None),
        }
    }

    /// The format of the numbers.
    pub(crate) fn number_format(&self) -> Result<NumberFormat, Error> {
        match self.numbers_differ.clone() {
            Some(position) => Err(ErrorKind::MixedNumbers { position }.into()),
            None => Ok(self.numbers.format().unwrap_or_default()),
        }
    }

    /// How cells are read: as given, or as proven.
    pub(crate) fn formats(&self, options: &CsvOptions) -> Result<CellFormats, Error> {
        let date = match options.date {
            Some(format) => format,
            // Where there is no date, any format reports that where one should be.
            None => self.date_format()?.unwrap_or(DateFormat::YearMonthDay),
        };
        let number = match options.number {
            Some(format) => format,
            None => self.number_format()?,
        };
        Ok(CellFormats { date, number, ids: options.ids, round: options.round })
    }

    /// How the formats of dates and numbers are known.
    pub(crate) fn known(&self, options: &CsvOptions) -> (Known, Known) {
        let known = |is_given: bool, is_proven: bool| match (is_given, is_proven) {
            (true, _) => Known::Given,
            (_, true) => Known::Proven,
            _ => Known::Open,
        };
        let (dates, point, comma) = self.counts();
        (known(options.date.is_some(), dates > 0), known(options.number.is_some(), point + comma > 0))
    }
}
