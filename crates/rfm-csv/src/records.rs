//! Records out of delimited text: framed, split, checked, each with its true place in the file.
//!
//! Advice to the next reader. There are two ways through this module, and they must agree:
//!
//! * A record on one line, whose quotes enclose whole fields or are doubled within these, takes the fast way: [`scan`] finds
//!   delimiters, line ends and quotes 64 bytes at a time, fields are slices of the buffer, nothing is looked at twice, and nothing
//!   is copied but records with doubled quotes. Nearly all records do.
//! * Everything else goes through [`frame`], a state machine that can stop at any byte and go on after more was read. It
//!   unquotes into a scratch buffer, tracks lines and columns, and judges what the quotes mean.
//!
//! The grammar is that of `csv-core` with its default settings (a quote opens only at the start of a field; text after a
//! closing quote belongs to the field; quotes in a plain field are literal), so that a file without flaws reads the same
//! everywhere. What `csv-core` lets pass is reported as a [`Flaw`] of the record. The law behind it: a well-formed file has
//! an even number of quotes, every field without flaw accounts for an even number, so one stray quote always leaves a
//! flawed record or a quote that never closes. The tests insert one at every byte.
//!
//! `csv-core` itself is not called: it keeps neither where a quote opened nor what came after it closed, and a second pass
//! to find out would cost more than this one. It is the reference in the tests.

mod buffer;
mod cut;
mod fault;
mod fields;
mod flaw;
mod frame;
mod record;
mod scan;

use std::io::{self, Read};

use memchr::memchr;
use rfm_core::Limits;

pub use self::flaw::Flaw;
use self::{
    buffer::Buffer,
    fields::Fields,
    frame::{Frame, Suspect},
    scan::Scanner,
};
pub(crate) use self::{
    cut::{Cutter, line_ends},
    fault::{RecordError, RecordFault},
    record::Record,
};
use crate::dialect::Dialect;

/// Bytes that are asked for at once: large enough for few calls, small enough to stay in the second-level cache.
const CAPACITY: usize = 256 * 1024;

/// Reads records one at a time; each borrows from here until the next is read.
pub(crate) struct Records<R> {
    reader: R,
    dialect: Dialect,
    limits: Limits,
    /// Above this many bytes a record may pass a limit, and is framed with all checks.
    unchecked_bytes: usize,
    buffer: Buffer,
    scanner: Scanner,
    fields: Fields,
    suspect: Option<Suspect>,
    /// That of the last record. Kept here, since a record that carries it takes longer to hand over than to find.
    flaw: Option<Flaw>,
    /// Physical lines that are complete.
    lines: u64,
    blank_lines: u64,
    number: u64,
    /// The last byte taken was a CR that ended a record or a blank line: an LF now belongs to it.
    after_cr: bool,
    ended_without_newline: bool,
    stopped: bool,
}

impl<'t> Records<&'t [u8]> {
    /// Reads a text at hand, in a buffer that is no larger than it need be: texts are looked at more than once, and most
    /// are small.
    pub(crate) fn of_text(text: &'t [u8], dialect: Dialect, limits: Limits) -> Records<&'t [u8]> {
        Records::with_capacity(text, dialect, limits, CAPACITY.min(text.len() + 1))
    }
}

impl Records<io::Empty> {
    /// Reads a piece of a text that begins and ends between two records; `lines` are before it.
    pub(crate) fn of_piece(text: Vec<u8>, lines: u64, dialect: Dialect, limits: Limits) -> Records<io::Empty> {
        let records = Records::with_capacity(io::empty(), dialect, limits, 1);
        Records { buffer: Buffer::holding(text, limits.record_bytes), lines, ..records }
    }

    /// The memory of the piece, for another one.
    pub(crate) fn into_memory(self) -> Vec<u8> {
        self.buffer.into_memory()
    }
}

/// Where the record is that was just found; its bytes are still in the buffer.
struct Found {
    from: usize,
    to: usize,
    /// Whether the fields are slices of the unquoted text.
    unquoted: bool,
    /// Otherwise: fields that begin with a quote end with one, and neither belongs to them.
    quoted: bool,
    line: u64,
    lines: u64,
}

/// What quotes a record on the fast way has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Quotes {
    None,
    /// Around fields.
    Around,
    /// Also in fields, doubled.
    Doubled,
}

impl<R: Read> Records<R> {
    /// Reads from `reader`, which delivers UTF-8 without a byte order mark.
    pub(crate) fn new(reader: R, dialect: Dialect, limits: Limits) -> Records<R> {
        Records::with_capacity(reader, dialect, limits, CAPACITY)
    }

    /// With a buffer that begins with this size, so that tests can put a refill anywhere.
    fn with_capacity(reader: R, dialect: Dialect, limits: Limits, capacity: usize) -> Records<R> {
        Records {
            reader,
            dialect,
            limits,
            unchecked_bytes: limits.field_bytes.min(limits.record_bytes).min(limits.columns.saturating_sub(1)),
            buffer: Buffer::new(capacity, limits.record_bytes),
            scanner: Scanner::new(dialect.delimiter(), dialect.quote()),
            fields: Fields::default(),
            suspect: None,
            flaw: None,
            lines: 0,
            blank_lines: 0,
            number: 0,
            after_cr: false,
            ended_without_newline: false,
            stopped: false,
        }
    }

    /// The next record, or `None` at the end. Blank lines are skipped and counted.
    ///
    /// # Errors
    ///
    /// What cannot be skipped: a quote that is never closed, or that closed lines later and is proven stray by what
    /// follows; a limit passed; text that cannot be decoded; a reader that fails. After an error reading has stopped, and
    /// every further call is an error.
    pub(crate) fn next_record(&mut self) -> Result<Option<Record<'_>>, RecordError> {
        if self.stopped {
            return Err(RecordError::new(RecordFault::Stopped, self.lines + 1, None));
        }
        match self.advance() {
            Ok(None) => Ok(None),
            Ok(Some(found)) => {
                if self.flaw.is_none() && !self.buffer.is_clean(found.to) {
                    self.flaw = self.check(&found);
                }
                Ok(Some(self.lend(&found)))
            }
            Err(error) => {
                self.stopped = true;
                Err(error)
            }
        }
    }

    /// Physical lines passed so far; at the end, all lines of the file. A last line without a line end counts.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// How many of the lines were blank: no byte between two line ends.
    pub(crate) fn blank_lines(&self) -> u64 {
        self.blank_lines
    }

    /// Records passed so far.
    #[cfg(test)]
    pub(crate) fn records(&self) -> u64 {
        self.number
    }

    /// Whether the last record had no line end, as in a file that was cut short. Known after the last record.
    pub(crate) fn ended_without_newline(&self) -> bool {
        self.ended_without_newline
    }

    /// The reader below.
    pub(crate) fn get_ref(&self) -> &R {
        &self.reader
    }

    fn advance(&mut self) -> Result<Option<Found>, RecordError> {
        self.fields.clear();
        let mut quotes = Quotes::None;
        loop {
            let (start, fields) = (self.buffer.start(), &mut self.fields);
            let Some(at) = self.scanner.next_end(self.buffer.all(), |at| fields.end_at(at - start)) else {
                if self.buffer.pending().len() > self.unchecked_bytes {
                    return self.frame().map(Some);
                }
                if self.fill()? {
                    continue;
                }
                let length = self.buffer.pending().len();
                if length == 0 {
                    return Ok(None);
                }
                self.ended_without_newline = true;
                return Ok(Some(self.plain(length, quotes)));
            };
            let byte = self.buffer.all()[at];
            let length = at - self.buffer.start();
            if Some(byte) == self.dialect.quote() {
                match self.fields.is_begun_at(length).then(|| self.pass_quoted(byte)).flatten() {
                    Some(passed) => quotes = quotes.max(passed),
                    None => return self.frame().map(Some),
                }
            } else if length > self.unchecked_bytes {
                return self.frame().map(Some);
            } else if length > 0 {
                let found = self.plain(length, quotes);
                self.take_line_end();
                return Ok(Some(found));
            } else {
                self.skip_line_end(byte);
            }
        }
    }

    /// A line end where a record could begin: a blank line, or the second half of a CRLF.
    fn skip_line_end(&mut self, byte: u8) {
        if byte == b'\n' && self.after_cr {
            self.after_cr = false;
        } else {
            self.after_cr = byte == b'\r';
            self.lines += 1;
            self.blank_lines += 1;
        }
        self.buffer.consume(1);
    }

    /// Goes behind the quote that closes a field, and tells whether there were others in it; `None` if the field is not all there,
    /// not on one line, or with something behind that quote.
    fn pass_quoted(&mut self, quote: u8) -> Option<Quotes> {
        let text = self.buffer.all();
        let mut quotes = Quotes::Around;
        loop {
            let at = self.scanner.next_end(text, |_| {}).filter(|at| text[*at] == quote)?;
            let next = *text.get(at + 1)?;
            if self.dialect.ends_field(next) {
                // As the careful way does where a field of one line was closed.
                self.suspect = None;
                return Some(quotes);
            }
            // The second one of two.
            self.scanner.next_end(text, |_| {}).filter(|second| next == quote && *second == at + 1)?;
            quotes = Quotes::Doubled;
        }
    }

    /// The fast way: the record is the next `length` bytes, which pass no limit.
    #[inline]
    fn plain(&mut self, length: usize, quotes: Quotes) -> Found {
        self.fields.end_at(length);
        self.flaw = None;
        let from = self.buffer.start();
        let (quoted, unquoted) = (quotes == Quotes::Around, quotes == Quotes::Doubled);
        if let (Some(quote), true) = (self.dialect.quote(), unquoted) {
            self.fields.unquote(&self.buffer.all()[from..from + length], quote);
        }
        self.buffer.consume(length);
        self.count(Found { from, to: from + length, unquoted, quoted, line: 0, lines: 1 })
    }

    /// The careful way.
    fn frame(&mut self) -> Result<Found, RecordError> {
        let mut frame = Frame::new(self.lines + 1, self.dialect, self.limits);
        self.fields.clear();
        let mut last = false;
        let length = loop {
            match frame.run(self.buffer.pending(), last, &mut self.fields, &mut self.suspect)? {
                Some(length) => break length,
                None => match self.buffer.fill(&mut self.reader) {
                    Ok(more) => last = !more,
                    Err(cause) => {
                        let (line, column) = frame.place();
                        return Err(RecordError::new(RecordFault::Read(cause), line, Some(column)));
                    }
                },
            }
        };
        let from = self.buffer.start();
        self.ended_without_newline = length == self.buffer.pending().len();
        self.buffer.consume(length);
        if !self.ended_without_newline {
            self.take_line_end();
        }
        self.scanner.reset(self.buffer.start());
        self.flaw = frame.flaw();
        let (to, lines) = (from + length, frame.lines());
        Ok(self.count(Found { from, to, unquoted: true, quoted: false, line: 0, lines }))
    }

    #[inline]
    fn count(&mut self, found: Found) -> Found {
        let line = self.lines + 1;
        self.lines += found.lines;
        self.number += 1;
        Found { line, ..found }
    }

    /// Takes the byte that ends the record. The LF of a CRLF is left for later, since it may not have been read yet.
    #[inline]
    fn take_line_end(&mut self) {
        self.after_cr = self.buffer.pending().first() == Some(&b'\r');
        self.buffer.consume(1);
    }

    /// Reads more; false at the end. For records without a quote so far, of which everything has been scanned.
    fn fill(&mut self) -> Result<bool, RecordError> {
        let scanned = self.buffer.pending().len();
        let more = self.buffer.fill(&mut self.reader);
        // Consumed bytes are gone, and offsets have moved.
        self.scanner.reset(self.buffer.start() + scanned);
        more.map_err(|cause| {
            let column = 1 + self.fields.ends().len();
            RecordError::new(RecordFault::Read(cause), self.lines + 1, Some(column))
        })
    }

    #[inline]
    fn lend(&self, found: &Found) -> Record<'_> {
        let raw = &self.buffer.all()[found.from..found.to];
        Record {
            raw,
            bytes: if found.unquoted { self.fields.bytes() } else { raw },
            text: match found.unquoted {
                true => str::from_utf8(self.fields.bytes()).ok(),
                false => self.buffer.text(found.from, found.to),
            },
            ends: self.fields.ends(),
            quote: self.dialect.quote().filter(|_| found.quoted),
            line: found.line,
            lines: found.lines,
            #[cfg(test)]
            number: self.number,
            flaw: self.flaw.as_ref(),
        }
    }

    /// Looks for bad text in one record, where there is some in the buffer.
    #[cold]
    fn check(&self, found: &Found) -> Option<Flaw> {
        let raw = &self.buffer.all()[found.from..found.to];
        if let Err(error) = str::from_utf8(raw) {
            let (line, column, byte) = self.locate(found, raw, error.valid_up_to());
            return Some(Flaw::InvalidUtf8 { line, column, byte });
        }
        let (line, column, _) = self.locate(found, raw, memchr(0, raw)?);
        Some(Flaw::Nul { line, column })
    }

    /// Line, column and byte in the field, the two from 1, of a byte of a record.
    #[cold]
    fn locate(&self, found: &Found, raw: &[u8], at: usize) -> (u64, usize, usize) {
        let mut frame = Frame::new(found.line, self.dialect, self.limits);
        // The record was framed before without error, and so is its beginning.
        let _ = frame.run(&raw[..at], false, &mut Fields::default(), &mut None);
        let (line, column) = frame.place();
        (line, column, at + 1 - frame.field_start())
    }
}

impl<R> std::fmt::Debug for Records<R> {
    /// Without the buffers, which hold data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records")
            .field("dialect", &self.dialect)
            .field("lines", &self.lines)
            .field("records", &self.number)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
