//! The error of this crate.

use std::path::{Path, PathBuf};

/// Why data could not be generated or a golden table could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(#[source] Box<ErrorKind>);

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    pub(crate) fn shape(what: impl Into<String>) -> Self {
        ErrorKind::Shape { what: what.into() }.into()
    }

    pub(crate) fn no_column(path: &Path, column: &str, header: &[String]) -> Self {
        ErrorKind::NoColumn { path: path.to_owned(), column: column.to_owned(), header: header.join(", ") }.into()
    }

    pub(crate) fn cell(path: &Path, line: u64, column: &str, wanted: &'static str, found: &str) -> Self {
        ErrorKind::Cell { path: path.to_owned(), line, column: column.to_owned(), wanted, found: found.to_owned() }
            .into()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

/// The kinds of [`Error`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The settings of a [`Shape`](crate::generate::Shape) do not agree with each other.
    #[error("shape: {what}")]
    #[non_exhaustive]
    Shape {
        /// Which settings, and what they would have to be.
        what: String,
    },
    /// A table could not be read as RFC 4180 text in UTF-8.
    #[error("{}: not readable as CSV", path.display())]
    #[non_exhaustive]
    Read {
        /// The table.
        path: PathBuf,
        /// What the parser said. Boxed, so that the parser's type stays out of this interface.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A table lacks a column.
    #[error("{}: no column `{column}`; the header has {header}", path.display())]
    #[non_exhaustive]
    NoColumn {
        /// The table.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The columns there are, joined by commas.
        header: String,
    },
    /// A cell has not the form its column promises.
    #[error("{}: line {line}, column `{column}`: expected {wanted}, found `{found}`", path.display())]
    #[non_exhaustive]
    Cell {
        /// The table.
        path: PathBuf,
        /// The physical line on which the record starts, counted from 1.
        line: u64,
        /// The column.
        column: String,
        /// The form wanted.
        wanted: &'static str,
        /// The text found. Golden tables are public data, so the value itself may be shown.
        found: String,
    },
}
