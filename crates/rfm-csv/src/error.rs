//! What can go wrong while delimited text is read.
//!
//! A kind carries fields, not sentences; the sentence is made once, here. No kind carries a value of the data: a message
//! may end up in a log, and an export of customers has nothing to say there.

use std::{fmt, io};

use rfm_input::Position;

use crate::{encoding::Encoding, records::Flaw};

/// The position inside a kind, shared or exclusive as the kind is borrowed. No wildcard: a new kind must be decided on.
macro_rules! place {
    ($kind:expr) => {
        match $kind {
            ErrorKind::Truncated { position, .. }
            | ErrorKind::Damaged { position, .. }
            | ErrorKind::UnsupportedFormat { position, .. }
            | ErrorKind::UnsupportedEncoding { position, .. }
            | ErrorKind::ContradictingMark { position, .. }
            | ErrorKind::MalformedText { position, .. }
            | ErrorKind::UnclosedQuote { position }
            | ErrorKind::SwallowedLines { position, .. }
            | ErrorKind::TooLarge { position, .. }
            | ErrorKind::Flawed { position, .. }
            | ErrorKind::Empty { position }
            | ErrorKind::NoHeader { position, .. }
            | ErrorKind::Undivided { position, .. }
            | ErrorKind::Ragged { position, .. }
            | ErrorKind::UnfinishedLine { position } => Some(position),
            ErrorKind::Input(_) | ErrorKind::UnknownEncoding { .. } | ErrorKind::BadDialect { .. } => None,
        }
    };
}

/// An error of this crate: what went wrong and, where it is known, the place in the input.
///
/// The text is lower case and names file, line and column as far as they are known; the cause, such as the error of the
/// operating system, is in [`source`](std::error::Error::source) and not repeated in the text.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Error {
        Error(Box::new(kind))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether the operating system failed to deliver the input, so that another attempt may succeed.
    ///
    /// Faults of the content, such as a damaged compressed file, are not counted here.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(&*self.0, ErrorKind::Input(error) if error.is_io())
    }

    /// Whether a limit of [`rfm_core::Limits`] ended the run.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(*self.0, ErrorKind::TooLarge { .. })
    }

    /// The place in the input, for the kinds that have one; `None` where only settings are at fault.
    ///
    /// Faults of a whole file have a position without a line.
    #[must_use]
    pub fn position(&self) -> Option<&Position> {
        match &*self.0 {
            ErrorKind::Input(error) => Some(error.position()),
            kind => place!(kind),
        }
    }

    /// Names the column in the position; `header` gives the name of a column counted from 1.
    pub(crate) fn with_column_name<'h>(mut self, header: impl FnOnce(usize) -> Option<&'h str>) -> Error {
        if let Some(position) = place!(&mut *self.0)
            && let Some(name) = position.column().and_then(header)
        {
            *position = position.clone().named(name);
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&*self.0)
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Error {
        Error::new(kind)
    }
}

impl From<rfm_input::Error> for Error {
    fn from(error: rfm_input::Error) -> Error {
        Error::new(ErrorKind::Input(error))
    }
}

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What can go wrong in an input of any format: it cannot be opened, columns, cells.
    #[error(transparent)]
    Input(rfm_input::Error),
    /// The compressed data end in the middle.
    #[error("{position}: the {format} data end too early; the file was not copied or written completely")]
    Truncated {
        /// The line that was being read.
        position: Position,
        /// The compression: `gzip` or `zstd`.
        format: &'static str,
    },
    /// The compressed data are damaged, or bytes follow them that belong to nothing.
    #[error("{position}: the {format} data are damaged, or something else follows them")]
    Damaged {
        /// The line that was being read.
        position: Position,
        /// The compression: `gzip` or `zstd`.
        format: &'static str,
        /// What the decompressor said.
        #[source]
        cause: io::Error,
    },
    /// The content is in a format that this crate does not read.
    #[error("{position}: this is {format}, not delimited text; {help}")]
    UnsupportedFormat {
        /// The file.
        position: Position,
        /// The format, with its article.
        format: &'static str,
        /// What would do.
        help: &'static str,
    },
    /// The mark at the start of the text names an encoding that is not read.
    #[error("{position}: the text is marked as {found}, which is not read; save it as UTF-8")]
    UnsupportedEncoding {
        /// The file.
        position: Position,
        /// The encoding that the mark names.
        found: &'static str,
    },
    /// The mark at the start of the text contradicts the encoding that was given.
    #[error(
        "{position}: the text is marked as {mark}, but {given} was given; leave the encoding out, or convert the file"
    )]
    ContradictingMark {
        /// The file.
        position: Position,
        /// The encoding that the mark names.
        mark: Encoding,
        /// The encoding that was given.
        given: Encoding,
    },
    /// A label that names no encoding.
    #[error("no encoding is called `{label}`; use a name such as utf-8, utf-16le, windows-1252 or shift_jis")]
    UnknownEncoding {
        /// The label as it was given.
        label: String,
    },
    /// Bytes that mean nothing in the encoding of the file.
    #[error("{position}: expected {encoding} text, found bytes that are none")]
    MalformedText {
        /// The first place that cannot be read.
        position: Position,
        /// The encoding that was used.
        encoding: &'static str,
    },
    /// A delimiter or quote that cannot work.
    #[error("{problem}")]
    BadDialect {
        /// The rule that is broken.
        problem: &'static str,
    },
    /// A quoted field that runs to the end of the file.
    #[error(
        "{position}: a quote that opens here is never closed; if the file has no quoting, read it with --quote none"
    )]
    UnclosedQuote {
        /// Where the quote opened.
        position: Position,
    },
    /// A quoted field that spans lines and is followed, at once or at the next quote, by quoting that makes no sense.
    ///
    /// The lines in between may be records that a stray quote has swallowed, so no record after it can be trusted.
    #[error(
        "{position}: a quote that opens here closes in line {closed_line}, but line {flaw_line} shows that one of its \
         quotes is stray; if the file has no quoting, read it with --quote none"
    )]
    SwallowedLines {
        /// Where the quote opened.
        position: Position,
        /// The line of the quote that closed it.
        closed_line: u64,
        /// The line of the quote that makes no sense.
        flaw_line: u64,
    },
    /// One of the limits was passed.
    #[error("{position}: {limit} ({value})")]
    TooLarge {
        /// Where the field opened, or the record began.
        position: Position,
        /// Which limit.
        limit: LimitKind,
        /// Its value.
        value: u64,
    },
    /// One record breaks a rule of quoting or text; the records after it are not affected.
    #[error("{position}: {flaw}")]
    Flawed {
        /// The field.
        position: Position,
        /// The rule.
        flaw: Flaw,
    },
    /// No record at all, not even a header.
    #[error("{position}: is empty; expected a header and rows")]
    Empty {
        /// The file.
        position: Position,
    },
    /// A first line of one field, which is not shown: it may be a row, or all of its names in one.
    #[error("{position}: {}", undivided(*delimiter, *better))]
    Undivided {
        /// The first record.
        position: Position,
        /// The delimiter that was given, or that divides the lines below; `None` if none was found.
        delimiter: Option<char>,
        /// Another delimiter that divides the line, and into how many fields.
        better: Option<(char, usize)>,
    },
    /// The columns do not have the roles that are needed, and the first record looks like a row.
    #[error(
        "{position}: {cells} of the {columns} fields here are dates, numbers or addresses and no names; if the file has no header, \
         name its columns with --columns, otherwise name those that are needed"
    )]
    NoHeader {
        /// The first record.
        position: Position,
        /// How many of its fields are dates, numbers or mail addresses.
        cells: usize,
        /// How many fields it has.
        columns: usize,
    },
    /// A row with another number of fields than there are names.
    #[error(
        "{position}: expected {expected} {} as in {}, found {found}", fields(*expected),
        if *has_header { "the header" } else { "--columns" }
    )]
    Ragged {
        /// The row.
        position: Position,
        /// Fields of the header, or names that were given.
        expected: usize,
        /// Fields of the row.
        found: usize,
        /// Whether the names are those of a header, or of [`CsvOptions::column_names`](crate::CsvOptions::column_names).
        has_header: bool,
    },
    /// A last line without a line end, where that was not to pass.
    #[error("{position}: the last line has no line end, as in a file that was cut short")]
    UnfinishedLine {
        /// The line.
        position: Position,
    },
}

fn fields(count: usize) -> &'static str {
    if count == 1 { "field" } else { "fields" }
}

fn undivided(delimiter: Option<char>, better: Option<(char, usize)>) -> String {
    match (delimiter.map(named), better) {
        (None, None) => "none of , ; tab | divides this line; name the delimiter with --delimiter".to_owned(),
        (None, Some((better, count))) => format!(
            "{} divides this line into {count} {}, but not the lines below it; name the delimiter with --delimiter",
            named(better),
            fields(count)
        ),
        (Some(delimiter), Some((better, count))) => format!(
            "{delimiter} does not divide this line, but {} divides it into {count} {}",
            named(better),
            fields(count)
        ),
        (Some(delimiter), None) => format!(
            "{delimiter} does not divide this line, nor does any of , ; tab |; the header must be the first line, and \
             --delimiter names what divides it"
        ),
    }
}

/// A delimiter in a message.
fn named(delimiter: char) -> String {
    if delimiter == '\t' { "a tab".to_owned() } else { format!("`{}`", delimiter.escape_debug()) }
}

/// The limits that a text can pass, those of [`rfm_core::Limits`] and one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// Bytes in one field.
    FieldBytes,
    /// Bytes in one record.
    RecordBytes,
    /// Columns in one record.
    Columns,
    /// Lines in one quoted field.
    FieldLines,
    /// Bytes up to the end of the header; this one is fixed.
    HeaderBytes,
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LimitKind::FieldBytes => "a field that begins here has more bytes than the limit",
            LimitKind::RecordBytes => "a record that begins here has more bytes than the limit",
            LimitKind::Columns => "a record that begins here has more columns than the limit",
            LimitKind::HeaderBytes => "no header ends within the bytes that are looked at for one",
            LimitKind::FieldLines => {
                "a quoted field that opens here has more lines than the limit; \
                 if the file has no quoting, read it with --quote none"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use rfm_input::InputName;

    use super::*;

    #[test]
    fn a_message_names_file_line_column_and_what_would_do() {
        let position = Position::new(&InputName::new("orders.csv")).at_line(17).at_column(Some(3));
        let error = Error::new(ErrorKind::UnclosedQuote { position });
        assert_eq!(
            error.to_string(),
            "orders.csv, line 17, column 3: a quote that opens here is never closed; \
             if the file has no quoting, read it with --quote none"
        );
        let named = error.with_column_name(|column| (column == 3).then_some("Description"));
        assert!(named.to_string().starts_with("orders.csv, line 17, column 3 `Description`: "), "{named}");
        assert_eq!(named.position().and_then(Position::line), Some(17));
        assert_eq!(named.position().and_then(Position::column_name), Some("Description"));
    }

    #[test]
    fn an_error_of_any_input_keeps_its_text_its_place_and_its_cause() {
        let position = Position::new(&InputName::new("a.csv")).at_line(2);
        let error = Error::from(rfm_input::Error::of_read(io::Error::other("disk on fire"), position));
        assert_eq!(error.to_string(), "a.csv, line 2: cannot be read further");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk on fire"));
        assert_eq!(error.position().and_then(Position::line), Some(2));
        assert!(error.is_io() && !error.is_limit());
    }

    #[test]
    fn errors_can_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
    }
}
