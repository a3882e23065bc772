//! What can go wrong while an input is read, whatever its format is.
//!
//! A kind carries fields, not sentences; the sentence is made once, here. No kind carries a value of the data: a message
//! may end up in a log, and an export of customers has nothing to say there.

use std::{fmt, io};

use rfm_core::RoleError;
use rfm_core::cell::{CellProblem, DateFormat};

use crate::position::{InputName, Position};
use crate::stored::Changed;

/// An error of reading: what went wrong and the place in the input.
///
/// The text is lower case and names file, sheet, row and column as far as they are known; the cause, such as the error of the
/// operating system, is in [`source`](std::error::Error::source) and not repeated in the text.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The error of a read that failed: a changed file, or what the operating system said.
    #[must_use]
    pub fn of_read(cause: io::Error, position: Position) -> Error {
        match cause.get_ref().is_some_and(|inner| inner.is::<Changed>()) {
            true => ErrorKind::Changed { position }.into(),
            false => ErrorKind::Read { position, cause }.into(),
        }
    }

    /// The error of a file that was given before, as `other`.
    #[must_use]
    pub fn same_input(input: &InputName, other: InputName) -> Error {
        ErrorKind::SameInput { position: Position::new(input), other }.into()
    }

    /// Whether the operating system failed to deliver the input, so that another attempt may succeed.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(*self.0, ErrorKind::NotFound { .. } | ErrorKind::Open { .. } | ErrorKind::Read { .. })
    }

    /// Whether the error of a cell puts the whole column in question, so that leaving the row out is no remedy.
    #[must_use]
    pub fn is_contradiction(&self) -> bool {
        matches!(
            *self.0,
            ErrorKind::MixedDates { .. }
                | ErrorKind::UnknownDate { .. }
                | ErrorKind::MixedNumbers { .. }
                | ErrorKind::UnprovenNumber { .. }
                | ErrorKind::BadCell { problem: CellProblem::NoAnalysisDate, .. }
        )
    }

    /// The place in the input. Faults of a whole file have a position without a row.
    #[must_use]
    pub fn position(&self) -> &Position {
        match &*self.0 {
            ErrorKind::NotFound { position }
            | ErrorKind::NotAFile { position, .. }
            | ErrorKind::Open { position, .. }
            | ErrorKind::Read { position, .. }
            | ErrorKind::Changed { position }
            | ErrorKind::Stopped { position }
            | ErrorKind::SameInput { position, .. }
            | ErrorKind::Columns { position, .. }
            | ErrorKind::BadCell { position, .. }
            | ErrorKind::UnknownDate { position, .. }
            | ErrorKind::MixedDates { position }
            | ErrorKind::AmbiguousDate { position, .. }
            | ErrorKind::MixedNumbers { position }
            | ErrorKind::UnprovenNumber { position }
            | ErrorKind::SeveralCurrencies { position, .. }
            | ErrorKind::TooManyBadRows { position, .. } => position,
        }
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
        Error(Box::new(kind))
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
    /// Two of the inputs are the same file.
    #[error("{position}: is the same file as `{other}`, which was given too; its rows would count twice")]
    SameInput {
        /// The later one.
        position: Position,
        /// The earlier one.
        other: InputName,
    },
    /// The columns do not have the roles that are needed.
    #[error("{position}: {}", columns(problem, *has_header))]
    Columns {
        /// The header.
        position: Position,
        /// What is missing, unknown or ambiguous. Names in a header that are dates, numbers or addresses are described.
        problem: RoleError,
        /// Whether the names are those of a header, or were given (`--columns`).
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
    /// More rows had to be left out than was allowed.
    #[error("more than {limit} bad rows; the next one is {last}")]
    TooManyBadRows {
        /// The row that passed the limit.
        position: Position,
        /// The limit.
        limit: u64,
        /// What is wrong with that row.
        last: Box<dyn std::error::Error + Send + Sync>,
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

/// Names that were given are in no header.
fn columns(problem: &RoleError, has_header: bool) -> String {
    let problem = problem.to_string();
    if has_header { problem } else { problem.replacen("; the header has ", "; --columns has ", 1) }
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

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn the_cause_is_the_source_and_not_in_the_text() {
        let position = Position::new(&InputName::new("a.csv")).at_line(2);
        let error = Error::of_read(io::Error::other("disk on fire"), position.clone());
        assert_eq!(error.to_string(), "a.csv, line 2: cannot be read further");
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("disk on fire"));
        assert!(error.is_io());
        assert!(matches!(Error::of_read(Changed.into(), position).kind(), ErrorKind::Changed { .. }));
    }

    #[test]
    fn errors_can_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
    }
}
