//! What can be wrong with one record alone.

use std::fmt;

/// A rule of quoting or text that one record breaks, while the records around it can still be read.
///
/// Lines are physical lines and columns are fields, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// Text between a closing quote and the next delimiter, as in `"5" screen`; inner quotes must be doubled.
    TextAfterQuote {
        /// The line of the closing quote.
        line: u64,
        /// The field.
        column: usize,
    },
    /// A quote inside a field that does not begin with one, as in `5" screen`.
    QuoteInPlainField {
        /// The line.
        line: u64,
        /// The field.
        column: usize,
    },
    /// Bytes that are not UTF-8.
    InvalidUtf8 {
        /// The line.
        line: u64,
        /// The field.
        column: usize,
        /// The first bad byte, counted from 1 from the start of the field as it stands in the file.
        byte: usize,
    },
    /// A NUL byte, as in damaged files and in UTF-16 without a mark.
    Nul {
        /// The line.
        line: u64,
        /// The field.
        column: usize,
    },
}

impl Flaw {
    /// The physical line, from 1.
    #[must_use]
    pub fn line(self) -> u64 {
        match self {
            Flaw::TextAfterQuote { line, .. }
            | Flaw::QuoteInPlainField { line, .. }
            | Flaw::InvalidUtf8 { line, .. }
            | Flaw::Nul { line, .. } => line,
        }
    }

    /// The column, from 1.
    #[must_use]
    pub fn column(self) -> usize {
        match self {
            Flaw::TextAfterQuote { column, .. }
            | Flaw::QuoteInPlainField { column, .. }
            | Flaw::InvalidUtf8 { column, .. }
            | Flaw::Nul { column, .. } => column,
        }
    }
}

impl fmt::Display for Flaw {
    /// The rule and what would do, without the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::TextAfterQuote { .. } => f.write_str(
                "expected a delimiter or the line's end after a closing quote, found more text; \
                 quotes inside a quoted field must be doubled",
            ),
            Flaw::QuoteInPlainField { .. } => f.write_str(
                "found a quote inside a field that does not begin with one; \
                 if the file has no quoting, read it with --quote none",
            ),
            Flaw::InvalidUtf8 { byte, .. } => {
                write!(
                    f,
                    "expected UTF-8 text, found bytes that are none at byte {byte} of the field; name the encoding with --encoding"
                )
            }
            Flaw::Nul { .. } => f.write_str(
                "found a NUL byte, which no text has; if the file is UTF-16, say so with --encoding utf-16le",
            ),
        }
    }
}
