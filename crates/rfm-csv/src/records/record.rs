//! One record, lent by the reader.

use std::fmt;

use rfm_core::cell::Cell;
use rfm_input::Row;

use super::Flaw;

/// The fields of one record and its place in the file.
#[derive(Clone, Copy)]
pub(crate) struct Record<'r> {
    pub(super) raw: &'r [u8],
    /// What the fields are slices of: the raw bytes, or the unquoted ones.
    pub(super) bytes: &'r [u8],
    /// The same as text, if that is known already.
    pub(super) text: Option<&'r str>,
    pub(super) ends: &'r [usize],
    /// What encloses the fields that begin with it.
    pub(super) quote: Option<u8>,
    pub(super) line: u64,
    pub(super) lines: u64,
    #[cfg(test)]
    pub(super) number: u64,
    pub(super) flaw: Option<&'r Flaw>,
}

// A record has at least one field, so `is_empty` would always be false.
#[allow(clippy::len_without_is_empty)]
impl<'r> Record<'r> {
    /// Number of fields, at least one.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field, counted from 0, without its quotes; `None` beyond the last.
    #[cfg(test)]
    pub(crate) fn field(&self, index: usize) -> Option<&'r [u8]> {
        let (from, to) = self.range(index)?;
        self.bytes.get(from..to)
    }

    /// A field as text; `None` beyond the last, and for a field that is not UTF-8.
    ///
    /// Costs next to nothing for a record without quotes in a stretch of the file that is UTF-8; otherwise the field is
    /// checked here, once for each call.
    #[inline]
    pub(crate) fn field_str(&self, index: usize) -> Option<&'r str> {
        let (from, to) = self.range(index)?;
        match self.text {
            Some(text) => text.get(from..to),
            None => str::from_utf8(self.bytes.get(from..to)?).ok(),
        }
    }

    /// A line of one field that is empty is an empty line, which is no row at all.
    #[cold]
    fn are_all_blank(&self) -> bool {
        let is_blank = |field: Option<&str>| field.is_some_and(|field| field.trim_ascii().is_empty());
        self.len() > 1 && (0..self.len()).all(|column| is_blank(self.field_str(column)))
    }

    #[inline]
    fn range(&self, index: usize) -> Option<(usize, usize)> {
        let to = *self.ends.get(index)?;
        let from = match index.checked_sub(1) {
            Some(before) => self.ends.get(before)? + 1,
            None => 0,
        };
        match self.quote {
            Some(quote) if self.bytes.get(from) == Some(&quote) => Some((from + 1, to - 1)),
            _ => Some((from, to)),
        }
    }

    /// The bytes of the record as they are in the (decoded) text, without the line end.
    pub(crate) fn raw(&self) -> &'r [u8] {
        self.raw
    }

    /// The physical line where the record begins, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The number of physical lines it spans, at least 1.
    #[cfg(test)]
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// The number of the record in the file, from 1; a header is a record too.
    #[cfg(test)]
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The first rule that the record breaks, quoting before text. A flawed record must not be used as it is.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        self.flaw.copied()
    }

    /// Whether it breaks none.
    #[inline]
    pub(crate) fn is_sound(&self) -> bool {
        self.flaw.is_none()
    }
}

impl Row for Record<'_> {
    /// Fields that are not there, or no text, were found before.
    #[inline]
    fn cell(&self, column: usize) -> Cell<'_> {
        Cell::Text(self.field_str(column).unwrap_or_default())
    }

    fn number(&self) -> u64 {
        self.line()
    }

    /// Nearly all records show with their first byte that they are not.
    #[inline(always)]
    fn is_blank(&self) -> bool {
        let begins_blank = self.quote.is_some()
            || self.ends.first() == Some(&0)
            || self.bytes.first().is_none_or(u8::is_ascii_whitespace);
        begins_blank && self.are_all_blank()
    }

    fn write_text(&self, out: &mut String) {
        out.push_str(&String::from_utf8_lossy(self.raw()));
    }

    #[inline]
    fn bytes(&self) -> usize {
        self.raw().len()
    }
}

impl fmt::Debug for Record<'_> {
    /// Without the data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("line", &self.line)
            .field("lines", &self.lines)
            .field("columns", &self.len())
            .field("flaw", &self.flaw)
            .finish_non_exhaustive()
    }
}
