//! What is settled about an input before its first row is used: encoding, dialect, columns. And what is looked at for that.

use memchr::memrchr2;
use rfm_core::cell::{DateFormats, IdFormat, NumberFormat};
use rfm_core::{ColumnRoles, Role, RoleError};

use crate::dialect::{Detection, Dialect, detect};
use crate::encoding::{Encoding, Transcoder};
use crate::error::{Error, ErrorKind, InputName, LimitKind, Position};
use crate::evidence::Evidence;
use crate::input::{Compression, Input, Ticket, read_error};
use crate::options::CsvOptions;
use crate::records::{Flaw, Record, RecordError, RecordFault, Records};
use crate::sample::Sampled;

/// Text of the beginning that is looked at: some thousand records.
const SAMPLE: usize = 256 * 1024;

/// The text of one input, from its start.
pub(crate) type InputText = Sampled<Transcoder<Input>>;

/// A reader of the records of one input.
pub(crate) type InputRecords = Records<InputText>;

/// What is settled about one input.
#[derive(Clone, Debug)]
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
    /// The same with their columns, in the order of the names.
    names_in_order: Vec<(String, usize)>,
    /// What is wrong with the header, so that its names cannot be trusted.
    header_flaw: Option<Flaw>,
    /// Whether what was looked at is all of the input.
    pub(crate) is_complete: bool,
    /// Customer ids in what was looked at, and how many of them look like whole numbers from a float column.
    pub(crate) ids: u64,
    pub(crate) float_ids: u64,
}

/// What a record is to who reads rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordKind {
    Header,
    /// Nothing but blanks in any field, as spreadsheets write below the data.
    Blank,
    Row,
}

impl Layout {
    /// Looks at the beginning of an input and leaves it in the text, from the start.
    pub(crate) fn of(input: Input, options: &CsvOptions) -> Result<(Layout, InputText), Error> {
        let name = input.name().clone();
        let compression = input.compression();
        let transcoder = Transcoder::new(input, options.encoding, &name)?;
        let (encoding, is_marked) = (transcoder.encoding(), transcoder.is_marked());
        let mut text = Sampled::new(transcoder, SAMPLE);
        let is_complete = text.is_complete();
        let (dialect, detection) = match options.delimiter {
            Some(delimiter) => (Dialect::try_new(delimiter, options.quote)?, None),
            None => {
                let detection = detect(text.sample(), is_complete, options.quote, options.limits);
                (detection.dialect(), Some(detection))
            }
        };
        let Header { names, line: header_line, flaw: header_flaw } = match &options.column_names {
            Some(names) => Header { names: names.clone(), line: None, flaw: None },
            None => header(&mut text, dialect, options, &name)?,
        };
        let mut names_in_order: Vec<(String, usize)> = names.iter().cloned().zip(0..).collect();
        names_in_order.sort();
        let layout = Layout {
            name,
            compression,
            encoding,
            is_marked,
            dialect,
            detection,
            names,
            header_line,
            names_in_order,
            header_flaw,
            is_complete,
            ids: 0,
            float_ids: 0,
        };
        Ok((layout, text))
    }

    /// Gives the roles to columns.
    pub(crate) fn roles(&self, options: &CsvOptions) -> Result<ColumnRoles, Error> {
        self.check_header()?;
        ColumnRoles::resolve(&self.names, &options.roles).map_err(|problem| self.role_error(problem))
    }

    /// The names of the columns and where they stand, in the order of the names.
    pub(crate) fn names_in_order(&self) -> &[(String, usize)] {
        &self.names_in_order
    }

    /// Refuses a header with a flaw.
    pub(crate) fn check_header(&self) -> Result<(), Error> {
        match self.header_flaw {
            Some(flaw) => {
                let position = Position::new(&self.name).at_line(flaw.line()).at_column(Some(flaw.column()));
                Err(ErrorKind::Flawed { position, flaw }.into())
            }
            None => Ok(()),
        }
    }

    fn role_error(&self, problem: RoleError) -> Error {
        let position = self.position(self.header_line, None);
        let cells = self.names.iter().filter(|name| is_data(name)).count();
        // A first row is not shown in a message as if it were a header. One with a name that we or the caller know is one.
        let is_known = matches!(problem, RoleError::Ambiguous { .. } | RoleError::Unknown { similar: Some(_), .. });
        let is_header = self.header_line.is_none() || cells == 0 || is_known;
        if is_header {
            ErrorKind::Columns { position, problem }.into()
        } else {
            ErrorKind::NoHeader { position, cells, columns: self.names.len() }.into()
        }
    }

    /// Gathers evidence from what was looked at.
    pub(crate) fn observe_sample(
        &mut self,
        text: &InputText,
        roles: &ColumnRoles,
        options: &CsvOptions,
        evidence: &mut Evidence,
    ) {
        let sample = text.sample();
        // The last line of a cut sample may be cut itself.
        let end = if self.is_complete { sample.len() } else { memrchr2(b'\n', b'\r', sample).map_or(0, |at| at + 1) };
        let mut records = Records::of_text(&sample[..end], self.dialect, options.limits);
        // An error here stands again where rows are read, and is reported there.
        while let Ok(Some(record)) = records.next_record() {
            if self.is_whole_row(&record) {
                evidence.observe(&record, self, roles, options);
                let id = roles.column(Role::Customer).and_then(|column| record.field_str(column));
                if let Some(id) = id.filter(|id| !id.is_empty()) {
                    self.ids += 1;
                    self.float_ids += u64::from(IdFormat::is_float_written(id));
                }
            }
        }
    }

    /// Gathers evidence from all of the input, until it decides.
    pub(crate) fn observe_all(
        &self,
        ticket: &Ticket,
        roles: &ColumnRoles,
        options: &CsvOptions,
        evidence: &mut Evidence,
    ) -> Result<(), Error> {
        let text = Layout::of(ticket.open()?, options)?.1;
        let mut records = Records::new(text, self.dialect, options.limits);
        while !evidence.is_decided(options) {
            match records.next_record().map_err(|error| self.record_error(error))? {
                Some(record) if self.is_whole_row(&record) => {
                    evidence.observe_further(&record, self, roles, options);
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }

    /// What a record is; a row may still be a bad one.
    #[inline]
    pub(crate) fn kind_of(&self, record: &Record<'_>) -> RecordKind {
        if Some(record.line()) == self.header_line {
            RecordKind::Header
        } else if record.len() > 1 && (0..record.len()).all(|column| is_blank(record.field_str(column))) {
            RecordKind::Blank
        } else {
            RecordKind::Row
        }
    }

    fn is_whole_row(&self, record: &Record<'_>) -> bool {
        self.kind_of(record) == RecordKind::Row && record.flaw().is_none() && record.len() == self.names.len()
    }

    /// Finds what is wrong with a record as such: a flaw, or another number of fields than the header has.
    #[inline]
    pub(crate) fn check(&self, record: &Record<'_>) -> Result<(), Error> {
        if record.flaw().is_none() && record.len() == self.names.len() { Ok(()) } else { Err(self.broken(record)) }
    }

    #[cold]
    fn broken(&self, record: &Record<'_>) -> Error {
        match record.flaw() {
            Some(flaw) => {
                let position = self.position(Some(flaw.line()), Some(flaw.column() - 1));
                ErrorKind::Flawed { position, flaw }.into()
            }
            None => {
                let position = self.position(Some(record.line()), None);
                ErrorKind::Ragged { position, expected: self.names.len(), found: record.len() }.into()
            }
        }
    }

    /// An error of the record layer, which does not know names.
    pub(crate) fn record_error(&self, error: RecordError) -> Error {
        let name = |column: usize| column.checked_sub(1).and_then(|column| self.names.get(column)).map(String::as_str);
        error.into_error(&self.name).with_column_name(name)
    }

    /// The place of a cell; the column is counted from 0.
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

#[inline]
fn is_blank(field: Option<&str>) -> bool {
    field.is_some_and(|field| field.trim_ascii().is_empty())
}

/// Whether a name is none, but a date, a number or an address.
fn is_data(name: &str) -> bool {
    let is_number = |format: NumberFormat| format.read(name, None).is_ok();
    name.contains('@')
        || DateFormats::of(name).iter().next().is_some()
        || is_number(NumberFormat::Point)
        || is_number(NumberFormat::Comma)
}

/// The first record: names, line, and what is wrong with it. Or names alone, as the caller gave them.
struct Header {
    names: Vec<String>,
    line: Option<u64>,
    flaw: Option<Flaw>,
}

/// The names in the first record.
fn header(text: &mut InputText, dialect: Dialect, options: &CsvOptions, name: &InputName) -> Result<Header, Error> {
    let is_complete = text.is_complete();
    let mut records = Records::of_text(text.sample(), dialect, options.limits);
    let found = match records.next_record() {
        Ok(Some(record)) => {
            let names = (0..record.len()).map(|column| record.field_str(column).unwrap_or_default().trim().to_owned());
            Some(Header { names: names.collect(), line: Some(record.line()), flaw: record.flaw() })
        }
        Ok(None) if is_complete => return Err(ErrorKind::Empty { position: Position::new(name) }.into()),
        Ok(None) => None,
        // Where the sample is cut a quote may be open.
        Err(error) if !is_complete && matches!(error.fault(), RecordFault::UnclosedQuote) => None,
        Err(error) => return Err(error.into_error(name)),
    };
    let is_cut = !is_complete && records.ended_without_newline();
    match found {
        Some(header) if !is_cut => Ok(header),
        _ => {
            let position = Position::new(name).at_line(records.lines().max(1));
            Err(match text.take_error() {
                Some(cause) => read_error(cause, position),
                None => ErrorKind::TooLarge { position, limit: LimitKind::HeaderBytes, value: SAMPLE as u64 }.into(),
            })
        }
    }
}
