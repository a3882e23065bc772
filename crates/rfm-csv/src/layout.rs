//! What is settled about an input before its first row is used: encoding, dialect, columns. And what is looked at for that.

use std::io::Read;

use memchr::memrchr2;
use rfm_core::{ColumnRoles, Refusal, Reject, Role, RoleError};
use rfm_input::{Evidence, InputName, Intake, Position, Row, Site, is_data, without_data};

use crate::dialect::{CANDIDATES, Detection, Dialect, detect};
use crate::encoding::{Encoding, Transcoder};
use crate::error::{Error, ErrorKind, LimitKind};
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
    /// What is wrong with the header, so that its names cannot be trusted.
    header_flaw: Option<Flaw>,
    /// Whether what was looked at is all of the input.
    pub(crate) is_complete: bool,
    /// Whether the first record may be a row and no header, so that messages do not show it.
    pub(crate) is_header_doubtful: bool,
    /// For a first record of one field: another delimiter that divides it, and into how many.
    better_delimiter: Option<(char, usize)>,
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
                let detection = detect(text.sample(), is_complete, options.quote, options.read.given_limits());
                (detection.dialect(), Some(detection))
            }
        };
        let Header { names, line, flaw: header_flaw } = match &options.column_names {
            Some(names) => Header { names: names.clone(), line: None, flaw: None },
            None => header(&mut text, dialect, options, &name)?,
        };
        // Names that give all roles a column are those of a header, whatever they look like.
        let is_header_doubtful = line.is_some()
            && (names.len() == 1 || is_row(&names))
            && ColumnRoles::resolve(&names, options.read.roles()).is_err();
        let better_delimiter = match line {
            Some(_) if names.len() == 1 => better_delimiter(text.sample(), dialect, options),
            _ => None,
        };
        let layout = Layout {
            name,
            compression,
            encoding,
            is_marked,
            dialect,
            detection,
            names,
            header_line: line,
            header_flaw,
            is_complete,
            is_header_doubtful,
            better_delimiter,
        };
        Ok((layout, text))
    }

    /// Gives the roles to columns.
    pub(crate) fn site(&self, options: &CsvOptions) -> Result<Site, Error> {
        self.check_header()?;
        let roles = ColumnRoles::resolve(&self.names, options.read.roles());
        let roles = roles.map_err(|problem| self.role_error(problem))?;
        Ok(Site::of_text(&self.name, self.names.clone(), roles).hiding_names(self.is_header_doubtful))
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
        if self.header_line.is_none() {
            return rfm_input::Error::from(rfm_input::ErrorKind::Columns { position, problem, has_header: false })
                .into();
        }
        if self.names.len() == 1 {
            let found = self.detection.as_ref().is_none_or(|detection| detection.columns() > 1);
            let delimiter = found.then(|| char::from(self.dialect.delimiter()));
            return ErrorKind::Undivided { position, delimiter, better: self.better_delimiter }.into();
        }
        // One with a name that the caller knows is a header.
        let is_known = matches!(problem, RoleError::Ambiguous { .. } | RoleError::Unknown { similar: Some(_), .. });
        if self.is_header_doubtful && !is_known {
            let cells = self.names.iter().filter(|name| is_data(name)).count();
            return ErrorKind::NoHeader { position, cells, columns: self.names.len() }.into();
        }
        let problem = without_data(problem);
        rfm_input::Error::from(rfm_input::ErrorKind::Columns { position, problem, has_header: true }).into()
    }

    /// Gathers evidence from what was looked at.
    pub(crate) fn observe_sample(&self, text: &InputText, site: &Site, options: &CsvOptions, evidence: &mut Evidence) {
        let sample = text.sample();
        // The last line of a cut sample may be cut itself.
        let end = if self.is_complete { sample.len() } else { memrchr2(b'\n', b'\r', sample).map_or(0, |at| at + 1) };
        let mut records = Records::of_text(&sample[..end], self.dialect, options.read.given_limits());
        // An error here stands again where rows are read, and is reported there.
        while let Ok(Some(record)) = records.next_record() {
            if self.is_whole_row(&record) {
                evidence.observe(&record, site, &options.read);
            }
        }
    }

    /// Gathers evidence from all of the input, until it decides.
    pub(crate) fn observe_all(
        &self,
        ticket: &Ticket,
        site: &Site,
        options: &CsvOptions,
        evidence: &mut Evidence,
    ) -> Result<(), Error> {
        let text = Layout::of(ticket.open()?, options)?.1;
        let mut records = Records::new(text, self.dialect, options.read.given_limits());
        while !evidence.is_decided(&options.read) {
            match records.next_record().map_err(|error| self.record_error(error))? {
                Some(record) if self.is_whole_row(&record) => {
                    evidence.observe_further(&record, site, &options.read);
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
        } else if record.is_blank() {
            RecordKind::Blank
        } else {
            RecordKind::Row
        }
    }

    fn is_whole_row(&self, record: &Record<'_>) -> bool {
        self.kind_of(record) == RecordKind::Row && record.is_sound() && record.len() == self.names.len()
    }

    /// Takes records into a batch until it is full, and counts the rows; `false` at the end of the records.
    pub(crate) fn take<R: Read>(
        &self,
        records: &mut Records<R>,
        site: &Site,
        intake: &mut Intake,
        rows: &mut u64,
    ) -> Result<bool, Error> {
        while !intake.is_full() {
            // Behind the header, as many lines at once as are plain.
            if intake.takes_lines() && self.header_line.is_none_or(|header| header <= records.lines()) {
                let taken = records.pass_lines(self.names.len(), |lines| intake.take_lines(lines));
                *rows += taken as u64;
                if taken > 0 {
                    continue;
                }
            }
            let Some(record) = records.next_record().map_err(|error| self.record_error(error))? else {
                return Ok(false);
            };
            if Some(record.line()) == self.header_line {
                continue;
            }
            *rows += 1;
            match self.check(&record) {
                Err(error) if !record.is_blank() => {
                    let position = error.position().cloned();
                    let position = position.unwrap_or_else(|| self.position(Some(record.line()), None));
                    let refusal = Refusal { reason: Reject::BadRecord, amount: None };
                    intake.refuse(&record, error, position, refusal)?;
                }
                _ => intake.take(&record, site)?,
            }
        }
        Ok(true)
    }

    /// Finds what is wrong with a record as such: a flaw, or another number of fields than the header has.
    #[inline]
    pub(crate) fn check(&self, record: &Record<'_>) -> Result<(), Error> {
        if record.is_sound() && record.len() == self.names.len() { Ok(()) } else { Err(self.broken(record)) }
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
                let has_header = self.header_line.is_some();
                ErrorKind::Ragged { position, expected: self.names.len(), found: record.len(), has_header }.into()
            }
        }
    }

    /// An error of the record layer, which does not know names.
    pub(crate) fn record_error(&self, error: RecordError) -> Error {
        let name = |column: usize| column.checked_sub(1).and_then(|column| self.shown_name(column));
        error.into_error(&self.name).with_column_name(name)
    }

    /// The place of a cell; the column is counted from 0.
    pub(crate) fn position(&self, line: Option<u64>, column: Option<usize>) -> Position {
        let mut position = Position::new(&self.name);
        if let Some(line) = line {
            position = position.at_line(line);
        }
        position = position.at_column(column.map(|column| column + 1));
        match column.and_then(|column| self.shown_name(column)) {
            Some(name) => position.named(name),
            None => position,
        }
    }

    /// The name of a column in a message, unless it may be data.
    fn shown_name(&self, column: usize) -> Option<&str> {
        self.names.get(column).filter(|_| !self.is_header_doubtful).map(String::as_str)
    }
}

/// Whether names are none, but the cells of a row: half of them or more are data, and none is one that we know.
fn is_row(names: &[String]) -> bool {
    let filled = names.iter().filter(|name| !name.is_empty()).count();
    let data = names.iter().filter(|name| is_data(name)).count();
    data > 0 && data >= filled - data && !names.iter().any(|name| is_synonym(name))
}

/// Whether columns of some role are known by this name. Compared as [`Role::synonyms`] says.
fn is_synonym(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Role::ALL
        .iter()
        .any(|role| role.synonyms(rfm_core::Level::Lines).iter().any(|group| group.contains(&plain.as_str())))
}

/// The delimiter that divides the first record into most fields, if another one does.
fn better_delimiter(sample: &[u8], dialect: Dialect, options: &CsvOptions) -> Option<(char, usize)> {
    let mut best: Option<(char, usize)> = None;
    for delimiter in CANDIDATES.into_iter().filter(|delimiter| *delimiter != dialect.delimiter()) {
        let Ok(other) = Dialect::try_new(delimiter, options.quote) else { continue };
        let mut records = Records::of_text(sample, other, options.read.given_limits());
        let Ok(Some(record)) = records.next_record() else { continue };
        if record.is_sound() && record.len() > best.map_or(1, |(_, fields)| fields) {
            best = Some((char::from(delimiter), record.len()));
        }
    }
    best
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
    let mut records = Records::of_text(text.sample(), dialect, options.read.given_limits());
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
