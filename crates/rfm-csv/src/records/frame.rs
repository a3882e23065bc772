//! The careful way through a record: a state machine that can stop at any byte.

use memchr::{memchr, memchr2_iter, memchr3};
use rfm_core::Limits;

use super::{
    Flaw,
    fault::{RecordError, RecordFault},
    fields::Fields,
};
use crate::{dialect::Dialect, error::LimitKind};

/// A quoted field that spans lines and closed properly, while no quote after it has confirmed that it was meant so.
///
/// A stray quote swallows lines up to the next quote and leaves everything after it turned inside out. If the text goes on
/// by chance like after a proper closing, the next quote gives it away: it stands in the middle of a plain field. So a
/// flaw of quoting right after such a field is not that record's own, and ends the reading: nobody knows how many records
/// are gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect {
    opened: Place,
    closed_line: u64,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    line: u64,
    column: usize,
}

#[derive(Clone, Copy, Debug)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote in a quoted field, which closed it or is the first of two.
    Quote,
}

/// One record on its way. Offsets count from the start of the record.
#[derive(Debug)]
pub(super) struct Frame {
    dialect: Dialect,
    limits: Limits,
    first_line: u64,
    /// The next byte to look at.
    at: usize,
    state: State,
    /// Where that byte is.
    here: Place,
    field_start: usize,
    /// Where the last quoted field opened.
    opened: Place,
    flaw: Option<Flaw>,
}

impl Frame {
    pub(super) fn new(line: u64, dialect: Dialect, limits: Limits) -> Frame {
        let here = Place { line, column: 1 };
        Frame {
            dialect,
            limits,
            first_line: line,
            at: 0,
            state: State::FieldStart,
            here,
            field_start: 0,
            opened: here,
            flaw: None,
        }
    }

    /// Goes on through `record`, which begins where it began before and holds more; `last` says that there is no more.
    ///
    /// Returns the length of the record without its line end, or `None` if it does not end here.
    pub(super) fn run(
        &mut self,
        record: &[u8],
        last: bool,
        fields: &mut Fields,
        suspect: &mut Option<Suspect>,
    ) -> Result<Option<usize>, RecordError> {
        let length = self.go_on(record, last, fields, suspect)?;
        if self.at > self.limits.record_bytes {
            let start = Place { line: self.first_line, column: 1 };
            return Err(too_large(LimitKind::RecordBytes, self.limits.record_bytes as u64, start, false));
        }
        Ok(length)
    }

    /// Line and column of what was looked at last.
    pub(super) fn place(&self) -> (u64, usize) {
        (self.here.line, self.here.column)
    }

    /// Where the field at hand begins in the record.
    pub(super) fn field_start(&self) -> usize {
        self.field_start
    }

    pub(super) fn lines(&self) -> u64 {
        self.here.line - self.first_line + 1
    }

    pub(super) fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    fn go_on(
        &mut self,
        record: &[u8],
        last: bool,
        fields: &mut Fields,
        suspect: &mut Option<Suspect>,
    ) -> Result<Option<usize>, RecordError> {
        let delimiter = self.dialect.delimiter();
        loop {
            let rest = &record[self.at..];
            match self.state {
                State::FieldStart => match rest.first() {
                    None if !last => return Ok(None),
                    Some(&byte) if Some(byte) == self.dialect.quote() => {
                        self.opened = self.here;
                        self.state = State::Quoted;
                        self.at += 1;
                    }
                    _ => self.state = State::Plain,
                },
                State::Plain => {
                    let stop = memchr3(delimiter, b'\n', b'\r', rest);
                    let text = &rest[..stop.unwrap_or(rest.len())];
                    if self.dialect.quote().is_some_and(|quote| memchr(quote, text).is_some()) {
                        let Place { line, column } = self.here;
                        self.judge(Flaw::QuoteInPlainField { line, column }, suspect)?;
                    }
                    self.push(text, self.here, fields)?;
                    self.at += text.len();
                    match stop {
                        Some(stop) if rest[stop] == delimiter => {
                            fields.end();
                            self.at += 1;
                            self.here.column += 1;
                            self.field_start = self.at;
                            self.state = State::FieldStart;
                            if self.here.column > self.limits.columns {
                                let start = Place { line: self.first_line, column: 1 };
                                return Err(too_large(LimitKind::Columns, self.limits.columns as u64, start, false));
                            }
                        }
                        None if !last => return Ok(None),
                        // A line end, or the end of the text.
                        _ => {
                            fields.end();
                            return Ok(Some(self.at));
                        }
                    }
                }
                State::Quoted => {
                    let stop = self.dialect.quote().and_then(|quote| memchr(quote, rest));
                    let text = &rest[..stop.unwrap_or(rest.len())];
                    self.here.line += line_breaks(record, self.at, self.at + text.len());
                    if self.here.line - self.opened.line >= self.limits.field_lines {
                        return Err(too_large(LimitKind::FieldLines, self.limits.field_lines, self.opened, true));
                    }
                    self.push(text, self.opened, fields)?;
                    self.at += text.len();
                    match stop {
                        Some(_) => {
                            self.at += 1;
                            self.state = State::Quote;
                        }
                        None if last => {
                            let Place { line, column } = self.opened;
                            return Err(RecordError::new(RecordFault::UnclosedQuote, line, Some(column)));
                        }
                        None => return Ok(None),
                    }
                }
                State::Quote => {
                    self.state = match rest.first() {
                        None if !last => return Ok(None),
                        Some(&byte) if Some(byte) == self.dialect.quote() => {
                            self.push(&[byte], self.opened, fields)?;
                            self.at += 1;
                            State::Quoted
                        }
                        Some(&byte) if byte != delimiter && byte != b'\n' && byte != b'\r' => {
                            if self.here.line > self.opened.line {
                                *suspect = Some(Suspect { opened: self.opened, closed_line: self.here.line });
                            }
                            let Place { line, column } = self.here;
                            self.judge(Flaw::TextAfterQuote { line, column }, suspect)?;
                            State::Plain
                        }
                        // Closed properly.
                        _ => {
                            *suspect = (self.here.line > self.opened.line)
                                .then_some(Suspect { opened: self.opened, closed_line: self.here.line });
                            State::Plain
                        }
                    };
                }
            }
        }
    }

    /// A flaw of quoting is the record's own, unless it gives a suspect away.
    fn judge(&mut self, flaw: Flaw, suspect: &mut Option<Suspect>) -> Result<(), RecordError> {
        if let Some(Suspect { opened, closed_line }) = *suspect {
            let fault = RecordFault::SwallowedLines { closed_line, flaw_line: flaw.line() };
            return Err(RecordError::new(fault, opened.line, Some(opened.column)));
        }
        self.flaw.get_or_insert(flaw);
        Ok(())
    }

    fn push(&self, text: &[u8], begun: Place, fields: &mut Fields) -> Result<(), RecordError> {
        if fields.open_bytes() + text.len() > self.limits.field_bytes {
            return Err(too_large(LimitKind::FieldBytes, self.limits.field_bytes as u64, begun, true));
        }
        fields.push(text);
        Ok(())
    }
}

fn too_large(limit: LimitKind, value: u64, Place { line, column }: Place, in_field: bool) -> RecordError {
    RecordError::new(RecordFault::TooLarge { limit, value }, line, in_field.then_some(column))
}

/// Line breaks in a part of a record: CR, LF and CRLF count one each, and so does a CRLF that the parts divide.
fn line_breaks(record: &[u8], from: usize, to: usize) -> u64 {
    let mut breaks = 0;
    for at in memchr2_iter(b'\n', b'\r', &record[from..to]) {
        let at = from + at;
        let second_half = record[at] == b'\n' && at > 0 && record[at - 1] == b'\r';
        breaks += u64::from(!second_half);
    }
    breaks
}
