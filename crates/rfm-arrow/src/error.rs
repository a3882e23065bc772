//! What can go wrong when record batches are read.

use std::fmt;

use arrow_schema::ArrowError;
use rfm_core::Role;
use rfm_input::Position;

/// An error of reading record batches: what went wrong, and where.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The place in the input.
    #[must_use]
    pub fn position(&self) -> &Position {
        match &*self.0 {
            ErrorKind::Input(error) => error.position(),
            ErrorKind::Type { position, .. }
            | ErrorKind::OtherColumns { position }
            | ErrorKind::Stream { position, .. } => position,
        }
    }

    /// Whether the input could not be delivered, so that another attempt may succeed.
    #[must_use]
    pub fn is_io(&self) -> bool {
        match &*self.0 {
            ErrorKind::Input(error) => error.is_io(),
            ErrorKind::Stream { cause, .. } => matches!(cause, ArrowError::IoError(..)),
            _ => false,
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

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What can go wrong with any input: its columns, its cells, its formats.
    #[error(transparent)]
    Input(rfm_input::Error),
    /// A column whose type cannot play its role.
    #[error("{position}: values of the type {found} cannot play the role of the {role}; {needed}")]
    Type {
        /// The column.
        position: Position,
        /// What it is needed for.
        role: Role,
        /// Its type, without the names of fields.
        found: String,
        /// The types that can, as a sentence.
        needed: &'static str,
    },
    /// A batch without one of the columns that are read, or with another type of it, than the schema has.
    #[error("{position}: this record batch does not have the column as the schema says")]
    OtherColumns {
        /// The first row of the batch, and the column.
        position: Position,
    },
    /// The reader of record batches failed.
    #[error("{position}: cannot be read further")]
    Stream {
        /// The row that would have been next.
        position: Position,
        /// What the reader said.
        #[source]
        cause: ArrowError,
    },
}
