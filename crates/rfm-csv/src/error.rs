//! What can go wrong while delimited text is read.
//!
//! A kind carries fields, not sentences; the sentence is made once, here. No kind carries a value of the data: a message
//! may end up in a log, and an export of customers has nothing to say there.

mod position;

use std::{fmt, io};

use rfm_core::RoleError;
use rfm_core::cell::{CellProblem, DateFormat};

pub use self::position::{InputName, Position};
use crate::{encoding::Encoding, records::Flaw};

/// The position inside a kind, shared or exclusive as the kind is borrowed. No wildcard: a new kind must be decided on.
macro_rules! place {
    ($kind:expr) => {
        match $kind {
            ErrorKind::NotFound { position }
            | ErrorKind::NotAFile { position, .. }
            | ErrorKind::Open { position, .. }
            | ErrorKind::Read { position, .. }
            | ErrorKind::Changed { position }
            | ErrorKind::Truncated { position, .. }
            | ErrorKind::Damaged { position, .. }
            | ErrorKind::UnsupportedFormat { position, .. }
            | ErrorKind::UnsupportedEncoding { position, .. }
            | ErrorKind::ContradictingMark { position, .. }
            | ErrorKind::MalformedText { position, .. }
            | ErrorKind::UnclosedQuote { position }
            | ErrorKind::SwallowedLines { position, .. }
            | ErrorKind::TooLarge { position, .. }
            | ErrorKind::Flawed { position, .. }
            | ErrorKind::Stopped { position }
            | ErrorKind::SameInput { position, .. }
            | ErrorKind::Empty { position }
            | ErrorKind::Columns { position, .. }
            | ErrorKind::NoHeader { position, .. }
            | ErrorKind::Undivided { position, .. }
            | ErrorKind::Ragged { position, .. }
            | ErrorKind::BadCell { position, .. }
            | ErrorKind::UnknownDate { position, .. }
            | ErrorKind::MixedDates { position }
            | ErrorKind::AmbiguousDate { position, .. }
            | ErrorKind::MixedNumbers { position }
            | ErrorKind::UnprovenNumber { position }
            | ErrorKind::SeveralCurrencies { position, .. }
            | ErrorKind::UnfinishedLine { position } => Some(position),
            ErrorKind::TooManyBadRows { .. } | ErrorKind::UnknownEncoding { .. } | ErrorKind::BadDialect { .. } => None,
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
        matches!(*self.0, ErrorKind::NotFound { .. } | ErrorKind::Open { .. } | ErrorKind::Read { .. })
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
            ErrorKind::TooManyBadRows { last, .. } => last.position(),
            kind => place!(kind),
        }
    }

    /// The place, so that the layer that knows the header can add the column's name.
    pub(crate) fn position_mut(&mut self) -> Option<&mut Position> {
        place!(&mut *self.0)
    }

    /// Names the column in the position; `header` gives the name of a column counted from 1.
    pub(crate) fn with_column_name<'h>(mut self, header: impl FnOnce(usize) -> Option<&'h str>) -> Error {
        if let Some(position) = self.position_mut()
            && let Some(name) = position.column().and_then(header)
        {
            position.set_column_name(name);
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

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No file has this path.
    #[error("{position}: no such file")]
    NotFound {
        /// The path as it was given.
        position: Position,
    },
    /// The path names something that is not read as a file: a directory, a socket, a disk.
    #[error("{position}: this is {found}, not a file")]
    NotAFile {
        /// The path as it was given.
        position: Position,
        /// What the path names, with its article.
        found: &'static str,
    },
    /// The file is there and cannot be opened.
    #[error("{position}: cannot be opened")]
    Open {
        /// The path as it was given.
        position: Position,
        /// What the operating system said.
        #[source]
        cause: io::Error,
    },
    /// The operating system failed while the file was read.
    #[error("{position}: cannot be read further")]
    Read {
        /// The line that was being read.
        position: Position,
        /// What the operating system said.
        #[source]
        cause: io::Error,
    },
    /// The file had another size or another modification time at the end than at the start.
    #[error("{position}: changed while it was being read; read it again when it is complete")]
    Changed {
        /// The file.
        position: Position,
    },
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
    /// Two of the inputs are the same file.
    #[error("{position}: is the same file as `{other}`, which was given too; its rows would count twice")]
    SameInput {
        /// The later one.
        position: Position,
        /// The earlier one.
        other: InputName,
    },
    /// No record at all, not even a header.
    #[error("{position}: is empty; expected a header and rows")]
    Empty {
        /// The file.
        position: Position,
    },
    /// The columns do not have the roles that are needed.
    #[error("{position}: {}", columns(problem, *has_header))]
    Columns {
        /// The header.
        position: Position,
        /// What is missing, unknown or ambiguous. Names in a header that are dates, numbers or addresses are described.
        problem: RoleError,
        /// Whether the names are those of a header, or of [`CsvOptions::column_names`](crate::CsvOptions::column_names).
        has_header: bool,
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
    /// A cell that cannot be read.
    #[error("{position}: {problem}{}", shown(value))]
    BadCell {
        /// The cell.
        position: Position,
        /// What is wrong.
        problem: CellProblem,
        /// The cell itself, if the caller asked to see values.
        value: Option<String>,
    },
    /// No cell of the date column is a date.
    #[error("{position}: expected a date, found {found}; if these are dates, name their format with --date-format")]
    UnknownDate {
        /// The first of them.
        position: Position,
        /// Its shape.
        found: String,
    },
    /// Dates that no one format reads.
    #[error("{position}: this date is in another format than those before it; name the right one with --date-format")]
    MixedDates {
        /// The first date that contradicts those before.
        position: Position,
    },
    /// Dates that several formats read, to different days.
    #[error(
        "{position}: every date can be read as {}; {}", list(candidates),
        if *is_whole {
            "say which with --date-format"
        } else {
            "only the beginning of a pipe can be looked at, so name the format with --date-format or give the file"
        }
    )]
    AmbiguousDate {
        /// The column.
        position: Position,
        /// The formats.
        candidates: Vec<DateFormat>,
        /// Whether all dates were looked at. Of what can be read only once it is the beginning.
        is_whole: bool,
    },
    /// Numbers with a decimal point and numbers with a decimal comma.
    #[error(
        "{position}: this number contradicts those before it, some have a decimal point and some a decimal comma; \
         say which is right with --decimal point or --decimal comma"
    )]
    MixedNumbers {
        /// The first number that contradicts those before.
        position: Position,
    },
    /// A decimal comma in what can be read only once and has no such number at its beginning.
    #[error(
        "{position}: this number has a decimal comma, and no number at the beginning of the pipe told of one; \
         say which is right with --decimal point or --decimal comma, or give the file"
    )]
    UnprovenNumber {
        /// The number.
        position: Position,
    },
    /// Rows of several currencies.
    #[error(
        "{position}: the rows are in {}{} currencies, whose amounts do not add up: {}; give the rows of one, or \
         --any-currency if the amounts are converted",
        if *others > 0 { "more than " } else { "" }, counts.len(), rows_of(counts, *others)
    )]
    SeveralCurrencies {
        /// The column.
        position: Position,
        /// The currencies and how many rows have each, the most frequent first. Texts that are no codes are described.
        counts: Vec<(String, u64)>,
        /// Rows of still other ones.
        others: u64,
    },
    /// A last line without a line end, where that was not to pass.
    #[error("{position}: the last line has no line end, as in a file that was cut short")]
    UnfinishedLine {
        /// The line.
        position: Position,
    },
    /// More rows had to be left out than was allowed.
    #[error("more than {limit} bad rows; the next one is {last}")]
    TooManyBadRows {
        /// The limit.
        limit: u64,
        /// The row that passed it.
        last: Box<Error>,
    },
    /// Reading went on after an error that ended it.
    #[error("{position}: reading stopped at an earlier error")]
    Stopped {
        /// The line of that error.
        position: Position,
    },
}

fn shown(value: &Option<String>) -> String {
    value.as_ref().map(|value| format!(" (`{}`)", value.escape_debug())).unwrap_or_default()
}

fn fields(count: usize) -> &'static str {
    if count == 1 { "field" } else { "fields" }
}

/// Names that were given are in no header.
fn columns(problem: &RoleError, has_header: bool) -> String {
    let problem = problem.to_string();
    if has_header { problem } else { problem.replacen("; the header has ", "; --columns has ", 1) }
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

fn rows_of(counts: &[(String, u64)], others: u64) -> String {
    let mut shown: Vec<String> = counts.iter().map(|(name, rows)| format!("{name} ({rows})")).collect();
    if others > 0 {
        shown.push(format!("others ({others})"));
    }
    shown.join(", ")
}

fn list(formats: &[DateFormat]) -> String {
    formats.iter().map(DateFormat::to_string).collect::<Vec<_>>().join(" and as ")
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
    fn the_cause_is_the_source_and_not_in_the_text() {
        let cause = io::Error::other("disk on fire");
        let error = Error::new(ErrorKind::Read { position: Position::new(&InputName::new("a.csv")).at_line(2), cause });
        assert_eq!(error.to_string(), "a.csv, line 2: cannot be read further");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk on fire"));
        assert!(error.is_io() && !error.is_limit());
    }

    #[test]
    fn errors_can_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
    }
}
