//! Records out of delimited text: framed, split, checked, each with its true place in the file.
//!
//! Advice to the next reader. There are two ways through this module, and they must agree:
//!
//! * A record on one line, whose quotes enclose whole fields or are doubled within these, takes the fast way: [`index`] finds
//!   where fields begin 64 bytes at a time, and they are slices of the buffer. Nearly all records do. Many of them at once are
//!   [`Records::pass_lines`], of which nothing is looked at but what is asked for; one alone is a [`Record`].
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

mod block;
mod buffer;
mod cut;
mod fault;
mod fields;
mod flaw;
mod frame;
mod index;
mod record;
mod structure;

use std::io::{self, Read};

use memchr::memchr;
use rfm_core::Limits;
use rfm_core::cell::TextLines;

pub use self::flaw::Flaw;
use self::{
    buffer::Buffer,
    fields::Fields,
    frame::{Frame, Suspect},
    index::Index,
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
    index: Index,
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
            index: Index::new(dialect),
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

    /// Lends the lines that come next, as far as they are plain records of so many fields, and passes as many as `take` tells. What
    /// it does not want to see, or to see alone, is the [`Records::next_record`].
    pub(crate) fn pass_lines(&mut self, columns: usize, take: impl FnOnce(&TextLines<'_>) -> usize) -> usize {
        // Quotes of these lines could tell what a suspect was; and a line of one field may be a blank one.
        if self.stopped || self.suspect.is_some() || columns < 2 {
            return 0;
        }
        self.look_ahead();
        let (from, begins) = self.index.alike(self.buffer.all(), columns);
        let to = from + *begins.last().unwrap_or(&0) as usize;
        let text = self.buffer.text(from, to).filter(|_| self.buffer.is_clean(to));
        let lines = text.and_then(|text| TextLines::new(text, begins, columns, self.dialect.quote()));
        let taken = lines.filter(|lines| !lines.is_empty()).map_or(0, |lines| take(&lines));
        if taken > 0 {
            let start = self.index.pass(taken, taken * columns);
            self.buffer.consume(start - self.buffer.start());
            self.after_cr = false;
            self.lines += taken as u64;
            self.number += taken as u64;
        }
        taken
    }

    fn advance(&mut self) -> Result<Option<Found>, RecordError> {
        loop {
            self.look_ahead();
            match self.index.line(self.buffer.all()) {
                Some(begins) => {
                    let first = begins[0];
                    self.fields.clear();
                    begins[1..].iter().for_each(|next| self.fields.end_at((next - first - 1) as usize));
                    if let Some(found) = self.plain() {
                        return Ok(Some(found));
                    }
                }
                None => match self.buffer.pending().first().copied() {
                    Some(b'\n' | b'\r') => self.skip_line_end(),
                    Some(_) => return self.frame().map(Some),
                    None if self.fill()? => {}
                    None => return Ok(None),
                },
            }
        }
    }

    /// Finds the next plain lines, if none are known.
    fn look_ahead(&mut self) {
        if self.after_cr && self.buffer.pending().first() == Some(&b'\n') {
            self.skip_line_end();
        }
        self.index.look(self.buffer.all(), self.buffer.start(), self.unchecked_bytes);
    }

    /// A line end where a record could begin: a blank line, or the second half of a CRLF.
    fn skip_line_end(&mut self) {
        let byte = self.buffer.pending()[0];
        if byte == b'\n' && self.after_cr {
            self.after_cr = false;
        } else {
            self.after_cr = byte == b'\r';
            self.lines += 1;
            self.blank_lines += 1;
        }
        self.buffer.consume(1);
        self.index.clear();
    }

    /// The fast way: the next line of the index, whose fields are noted. `None` if it was a blank one.
    fn plain(&mut self) -> Option<Found> {
        let from = self.buffer.start();
        let line = &self.buffer.pending()[..*self.fields.ends().last()?];
        let length = line.strip_suffix(b"\r").unwrap_or(line).len();
        let next = self.index.pass(1, self.fields.ends().len());
        self.buffer.consume(next - from);
        self.after_cr = false;
        if length == 0 {
            self.lines += 1;
            self.blank_lines += 1;
            return None;
        }
        self.fields.end_last_at(length);
        self.flaw = None;
        let record = &self.buffer.all()[from..from + length];
        let quote = self.dialect.quote().filter(|quote| memchr(*quote, record).is_some());
        let is_doubled = quote.is_some_and(|quote| memchr::memmem::find(record, &[quote; 2]).is_some());
        if let Some(quote) = quote {
            // As the careful way does where a field of one line was closed.
            self.suspect = None;
            if is_doubled {
                self.fields.unquote(record, quote);
            }
        }
        let quoted = quote.is_some() && !is_doubled;
        Some(self.count(Found { from, to: from + length, unquoted: is_doubled, quoted, line: 0, lines: 1 }))
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
        self.index.clear();
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

    /// Reads more, after everything has been passed; false at the end.
    fn fill(&mut self) -> Result<bool, RecordError> {
        self.index.clear();
        let more = self.buffer.fill(&mut self.reader);
        more.map_err(|cause| RecordError::new(RecordFault::Read(cause), self.lines + 1, Some(1)))
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
