//! What can go wrong while Parquet files are read.

use std::fmt;

use rfm_input::worker::WorkerError;
use rfm_input::{InputName, Position};

use crate::preflight::{Fault, Rule};

/// An error of this crate: what went wrong and the place in the input.
///
/// The text is lower case and names file, row group, row and column as far as they are known; the cause is in
/// [`source`](std::error::Error::source). No text of the Parquet library is passed on, since it may hold data.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The error of any input, if it is one: of files, of columns and their roles, of cells.
    #[must_use]
    pub fn input(&self) -> Option<&rfm_input::Error> {
        match &*self.0 {
            ErrorKind::Input(error) => Some(error),
            ErrorKind::Arrow(error) => match error.kind() {
                rfm_arrow::ErrorKind::Input(error) => Some(error),
                _ => None,
            },
            _ => None,
        }
    }

    /// The place in the input.
    #[must_use]
    pub fn position(&self) -> &Position {
        match &*self.0 {
            ErrorKind::Input(error) => error.position(),
            ErrorKind::Arrow(error) => error.position(),
            ErrorKind::NotParquet { position }
            | ErrorKind::Damaged { position, .. }
            | ErrorKind::Crashed { position, .. }
            | ErrorKind::TooLarge { position, .. }
            | ErrorKind::Unsupported { position, .. }
            | ErrorKind::Undecided { position, .. }
            | ErrorKind::Elsewhere { position, .. }
            | ErrorKind::NoFiles { position, .. }
            | ErrorKind::OtherPartitions { position, .. }
            | ErrorKind::Lists { position } => position,
        }
    }

    /// Whether the operating system failed to deliver the input, so that another attempt may succeed.
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.input().is_some_and(rfm_input::Error::is_io)
    }

    /// Whether a limit ended the reading.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match &*self.0 {
            ErrorKind::TooLarge { .. } => true,
            ErrorKind::Elsewhere { cause, .. } => cause.downcast_ref().is_some_and(WorkerError::is_limit),
            _ => false,
        }
    }

    /// Whether it cannot be told that the file is safe to read here; another process, with limits, may read it.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        matches!(*self.0, ErrorKind::Undecided { .. })
    }

    pub(crate) fn of_fault(fault: Fault, name: &InputName) -> Error {
        let position = Position::new(name);
        let position = match &fault.column {
            Some(column) => position.named(column),
            None => position,
        };
        let part = Part { row_group: fault.row_group, offset: fault.offset };
        match fault.rule {
            Rule::Read(cause) => return rfm_input::Error::of_read(cause, position).into(),
            Rule::NoParquet => ErrorKind::NotParquet { position },
            Rule::Limit { what, limit } => ErrorKind::TooLarge { position, part, what, limit },
            Rule::Unsupported { what, help } => ErrorKind::Unsupported { position, part, what, help },
            Rule::Encrypted => ErrorKind::Unsupported {
                position,
                part,
                what: "the file is encrypted".to_owned(),
                help: "write it without encryption",
            },
            Rule::Contradiction(problem) => ErrorKind::Damaged { position, part, problem },
            Rule::Cut => {
                let problem = "it ends too early; it was not copied or written completely";
                ErrorKind::Damaged { position, part, problem }
            }
            Rule::Malformed | Rule::End => {
                ErrorKind::Damaged { position, part, problem: "its description of the data cannot be read" }
            }
        }
        .into()
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

impl From<rfm_input::Error> for Error {
    fn from(error: rfm_input::Error) -> Error {
        ErrorKind::Input(error).into()
    }
}

impl From<rfm_input::ErrorKind> for Error {
    fn from(kind: rfm_input::ErrorKind) -> Error {
        rfm_input::Error::from(kind).into()
    }
}

impl From<rfm_arrow::Error> for Error {
    fn from(error: rfm_arrow::Error) -> Error {
        ErrorKind::Arrow(error).into()
    }
}

/// A part of a Parquet file, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub(crate) row_group: Option<usize>,
    pub(crate) offset: Option<u64>,
}

impl Part {
    /// The row group, from 1.
    #[must_use]
    pub fn row_group(self) -> Option<usize> {
        self.row_group.map(|group| group + 1)
    }

    /// The byte of the file, from 0.
    #[must_use]
    pub fn offset(self) -> Option<u64> {
        self.offset
    }
}

/// Follows a position: `, row group 3, byte 50803`.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(group) = self.row_group() {
            write!(f, ", row group {group}")?;
        }
        match self.offset {
            Some(offset) => write!(f, ", byte {offset}"),
            None => Ok(()),
        }
    }
}

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What can go wrong with any input.
    #[error(transparent)]
    Input(rfm_input::Error),
    /// What can go wrong with columns that have types: one that is missing, or of a type that cannot play its role.
    #[error(transparent)]
    Arrow(rfm_arrow::Error),
    /// A file of another kind.
    #[error("{position}: this is not a Parquet file: it does not begin with PAR1")]
    NotParquet {
        /// The file.
        position: Position,
    },
    /// A file that contradicts itself, or whose data cannot be decoded.
    #[error("{position}{part}: the file is damaged: {problem}")]
    Damaged {
        /// The file, and the column if the damage is in one.
        position: Position,
        /// Where in the file.
        part: Part,
        /// What does not fit.
        problem: &'static str,
    },
    /// The Parquet library panicked.
    #[error("{position}{part}: the file is damaged: the reader failed here")]
    Crashed {
        /// The file.
        position: Position,
        /// Where in the file.
        part: Part,
    },
    /// A limit was passed.
    #[error("{position}{part}: {what} than the limit ({limit})")]
    TooLarge {
        /// The file, and the column if there is one.
        position: Position,
        /// Where in the file.
        part: Part,
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: u64,
    },
    /// A file that is whole and is not read.
    #[error("{position}{part}: {what}, which is not read; {help}")]
    Unsupported {
        /// The file, and the column if there is one.
        position: Position,
        /// Where in the file.
        part: Part,
        /// What is not read.
        what: String,
        /// What would do.
        help: &'static str,
    },
    /// A file of which only decoding shows whether it is safe, where that was not to be tried in this process; see
    /// [`ParquetOptions::refuse_undecided`](crate::ParquetOptions::refuse_undecided).
    #[error(
        "{position}: the values are encoded as {encoding}, of which only decoding shows how much memory they take; \
         write the file with dictionaries or plain values"
    )]
    Undecided {
        /// The first column of this kind.
        position: Position,
        /// The name of the encoding.
        encoding: &'static str,
    },
    /// The error of a rehearsal; see [`ParquetOptions::rehearse`](crate::ParquetOptions::rehearse).
    #[error("{cause}")]
    Elsewhere {
        /// The file.
        position: Position,
        /// What it said, with the place in front.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A directory without a file to read.
    #[error("{position}: no file here; entries whose names begin with . or _ are passed over ({skipped})")]
    NoFiles {
        /// The directory.
        position: Position,
        /// How many entries were passed over.
        skipped: usize,
    },
    /// A file in a directory of partitions that is not divided by the same columns as the others.
    #[error("{position}: this directory is divided by {}, but here by {}", keys(expected), keys(found))]
    OtherPartitions {
        /// The file.
        position: Position,
        /// The columns of the first file.
        expected: Vec<String>,
        /// The columns of this one.
        found: Vec<String>,
    },
    /// A column of lists where whole lines are compared.
    #[error(
        "{position}: repeated lines cannot be told from others, since the values of this column are lists; \
         leave the column out of the file, or count all lines"
    )]
    Lists {
        /// The column.
        position: Position,
    },
}

fn keys(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_file_column_row_group_and_byte() {
        let fault = Fault {
            rule: Rule::Contradiction("a page is longer than its column"),
            row_group: Some(2),
            column: Some("customer.id".to_owned()),
            offset: Some(50_803),
        };
        let error = Error::of_fault(fault, &InputName::new("orders.parquet"));
        assert_eq!(
            error.to_string(),
            "orders.parquet, column `customer.id`, row group 3, byte 50803: the file is damaged: a page is longer than its column"
        );
        assert!(!error.is_io() && !error.is_limit() && !error.is_undecided());
    }

    #[test]
    fn errors_can_cross_threads() {
        fn crosses<T: Send + Sync + 'static>() {}
        crosses::<Error>();
    }
}
