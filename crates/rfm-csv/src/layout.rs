//! What is settled about an input before its first row is used: encoding, dialect, columns, and what the cells of its
//! beginning prove about the formats of dates and numbers.

use std::io::Read;

use rfm_core::cell::{DateEvidence, IdFormat, NumberEvidence, Shape};
use rfm_core::{ColumnRoles, Role, RoleError};

use crate::dialect::{Detection, Dialect, detect};
use crate::encoding::{Encoding, Transcoder};
use crate::error::{Error, ErrorKind, InputName, Position};
use crate::input::{Compression, Input};
use crate::options::CsvOptions;
use crate::records::{Record, Records};
use crate::sample::Sampled;

/// Text of the beginning that is looked at: some thousand records.
const SAMPLE: usize = 256 * 1024;

/// A reader of the records of one input.
pub(crate) type InputRecords = Records<Sampled<Transcoder<Input>>>;

/// What is settled about one input.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) name: InputName,
    pub(crate) compression: Compression,
    pub(crate) encoding: Encoding,
    pub(crate) is_marked: bool,
    pub(crate) dialect: Dialect,
    /// The evidence for the delimiter, unless it was given.
    pub(crate) detection: Option<Detection>,
    /// The names of the columns: the header, or what the caller said.
    pub(crate) names: Vec<String>,
    /// The line of the header, if there is one.
    pub(crate) header_line: Option<u64>,
    pub(crate) evidence: Evidence,
    /// Whether the evidence comes from all of the input.
    pub(crate) is_complete: bool,
}

/// What cells say about their formats.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) dates: DateEvidence,
    pub(crate) numbers: NumberEvidence,
    /// Where the first cell stood that is a date in no format, and its shape.
    pub(crate) first_unreadable: Option<(u64, Shape)>,
    /// Where dates, or numbers, began to contradict those before.
    pub(crate) dates_differ: Option<u64>,
    pub(crate) numbers_differ: Option<u64>,
    /// Customer ids, and how many of them look like whole numbers from a float column.
    pub(crate) ids: u64,
    pub(crate) float_ids: u64,
}

impl Evidence {
    /// Whether every cell to come can be read without more evidence.
    pub(crate) fn is_decided(&self, options: &CsvOptions) -> bool {
        let dates = options.date.is_some() || self.dates.format().is_some() || self.dates_differ.is_some();
        let numbers = options.number.is_some()
            || self.numbers.counts() != (0, 0)
            || !self.numbers.has_ambiguous_cells()
            || self.numbers_differ.is_some();
        dates && numbers
    }

    /// The evidence of two inputs.
    pub(crate) fn and(self, other: Evidence) -> Evidence {
        Evidence {
            dates: self.dates.and(other.dates),
            numbers: self.numbers.and(other.numbers),
            ids: self.ids + other.ids,
            float_ids: self.float_ids + other.float_ids,
            ..self
        }
    }

    fn observe(&mut self, record: &Record<'_>, roles: &ColumnRoles) {
        let cell = |role| roles.column(role).and_then(|column| record.field_str(column));
        if let Some(date) = cell(Role::Date) {
            let (_, unreadable) = self.dates.counts();
            if !self.dates.observe(date) {
                self.dates_differ.get_or_insert(record.line());
            }
            if self.dates.counts().1 > unreadable {
                self.first_unreadable.get_or_insert((record.line(), Shape::of(date)));
            }
        }
        for role in [Role::Amount, Role::Quantity, Role::Price] {
            if let Some(number) = cell(role) {
                self.numbers.observe(number);
                if self.numbers.format().is_none() {
                    self.numbers_differ.get_or_insert(record.line());
                }
            }
        }
        if let Some(id) = cell(Role::Customer).filter(|id| !id.is_empty()) {
            self.ids += 1;
            self.float_ids += u64::from(IdFormat::is_float_written(id));
        }
    }
}

impl Layout {
    /// Looks at the beginning of an input and leaves it in `text`, from the start.
    pub(crate) fn of(input: Input, options: &CsvOptions) -> Result<(Layout, Sampled<Transcoder<Input>>), Error> {
        let name = input.name().clone();
        let compression = input.compression();
        let transcoder = Transcoder::new(input, options.encoding, &name)?;
        let (encoding, is_marked) = (transcoder.encoding(), transcoder.is_marked());
        let text = Sampled::new(transcoder, SAMPLE);
        let (sample, is_complete) = (text.sample(), text.is_complete());
        let detection = match options.delimiter {
            Some(_) => None,
            None => Some(detect(sample, is_complete, options.quote, options.limits)),
        };
        let dialect = match (&detection, options.delimiter) {
            (Some(detection), _) => detection.dialect(),
            (None, delimiter) => Dialect::try_new(delimiter.unwrap_or(b','), options.quote)?,
        };
        let mut records = Records::new(sample, dialect, options.limits);
        let (names, header_line) = match &options.column_names {
            Some(names) => (names.clone(), None),
            None => header(&mut records, &name)?,
        };
        let evidence = Evidence::default();
        let layout = Layout {
            name,
            compression,
            encoding,
            is_marked,
            dialect,
            detection,
            names,
            header_line,
            evidence,
            is_complete,
        };
        Ok((layout, text))
    }

    /// Gives the roles to columns.
    pub(crate) fn roles(&self, options: &CsvOptions) -> Result<ColumnRoles, Error> {
        ColumnRoles::resolve(&self.names, &options.roles).map_err(|problem| self.role_error(problem))
    }

    fn role_error(&self, problem: RoleError) -> Error {
        let mut position = Position::new(&self.name);
        if let Some(line) = self.header_line {
            position = position.at_line(line);
        }
        ErrorKind::Columns { position, problem }.into()
    }

    /// Gathers evidence from the sample.
    pub(crate) fn observe_sample(&mut self, sample: &[u8], roles: &ColumnRoles, options: &CsvOptions) {
        let mut records = Records::new(sample, self.dialect, options.limits);
        let mut evidence = Evidence::default();
        // An error here stands again where rows are read, and is reported there.
        while let Ok(Some(record)) = records.next_record() {
            let is_row = self.is_row(&record);
            let line = record.line();
            if is_row && Some(line) != self.header_line {
                evidence.observe(&record, roles);
            }
            if records.ended_without_newline() && !self.is_complete {
                // The last record of a cut sample may be cut itself; what it showed is taken back.
                return;
            }
            self.evidence = evidence;
        }
    }

    /// Gathers evidence from all of the input, until it decides.
    pub(crate) fn observe_all(
        &mut self,
        records: &mut InputRecords,
        roles: &ColumnRoles,
        before: Evidence,
        options: &CsvOptions,
    ) -> Result<(), Error> {
        self.evidence = Evidence::default();
        loop {
            match records.next_record() {
                Ok(Some(record)) if self.is_row(&record) && Some(record.line()) != self.header_line => {
                    self.evidence.observe(&record, roles);
                    if before.and(self.evidence).is_decided(options) {
                        return Ok(());
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => {
                    self.is_complete = true;
                    return Ok(());
                }
                Err(error) => return Err(error.into_error(&self.name)),
            }
        }
    }

    fn is_row(&self, record: &Record<'_>) -> bool {
        record.flaw().is_none() && record.len() == self.names.len()
    }

    /// The place of a cell.
    pub(crate) fn position(&self, line: Option<u64>, column: Option<usize>) -> Position {
        let mut position = Position::new(&self.name);
        if let Some(line) = line {
            position = position.at_line(line);
        }
        position = position.at_column(column.map(|column| column + 1));
        if let Some(name) = column.and_then(|column| self.names.get(column)) {
            position.set_column_name(name);
        }
        position
    }
}

/// The names in the first record.
fn header<R: Read>(records: &mut Records<R>, name: &InputName) -> Result<(Vec<String>, Option<u64>), Error> {
    match records.next_record() {
        Ok(Some(record)) => {
            let line = record.line();
            if let Some(flaw) = record.flaw() {
                let position = Position::new(name).at_line(flaw.line()).at_column(Some(flaw.column()));
                return Err(ErrorKind::Flawed { position, flaw }.into());
            }
            let names = (0..record.len()).map(|column| record.field_str(column).unwrap_or_default().trim().to_owned());
            Ok((names.collect(), Some(line)))
        }
        Ok(None) => Err(ErrorKind::Empty { position: Position::new(name) }.into()),
        Err(error) => Err(error.into_error(name)),
    }
}
