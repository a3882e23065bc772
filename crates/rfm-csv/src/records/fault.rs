//! Why no further record can be read.

use std::io;

use rfm_input::{InputName, Position};

use crate::{
    error::{Error, ErrorKind, LimitKind},
    input::read_error,
};

/// An error of the record layer, which does not know the file's name.
#[derive(Debug)]
pub(crate) struct RecordError {
    fault: RecordFault,
    line: u64,
    column: Option<usize>,
}

/// What ended the reading.
#[derive(Debug)]
pub(crate) enum RecordFault {
    /// The reader failed, or reached text that cannot be decoded.
    Read(io::Error),
    /// A quote is never closed.
    UnclosedQuote,
    /// A quoted field spanned lines that it may have swallowed.
    SwallowedLines { closed_line: u64, flaw_line: u64 },
    /// A limit was passed.
    TooLarge { limit: LimitKind, value: u64 },
    /// Reading went on after an error.
    Stopped,
}

impl RecordError {
    pub(super) fn new(fault: RecordFault, line: u64, column: Option<usize>) -> RecordError {
        RecordError { fault, line, column }
    }

    /// What ended the reading.
    pub(crate) fn fault(&self) -> &RecordFault {
        &self.fault
    }

    /// The physical line, from 1: where a quote opened, otherwise where reading stopped.
    #[cfg(test)]
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The column, from 1.
    #[cfg(test)]
    pub(crate) fn column(&self) -> Option<usize> {
        self.column
    }

    /// The same for the outside, with the name of the input.
    pub(crate) fn into_error(self, input: &InputName) -> Error {
        let position = Position::new(input).at_line(self.line).at_column(self.column);
        Error::new(match self.fault {
            RecordFault::Read(cause) => return read_error(cause, position),
            RecordFault::UnclosedQuote => ErrorKind::UnclosedQuote { position },
            RecordFault::SwallowedLines { closed_line, flaw_line } => {
                ErrorKind::SwallowedLines { position, closed_line, flaw_line }
            }
            RecordFault::TooLarge { limit, value } => ErrorKind::TooLarge { position, limit, value },
            RecordFault::Stopped => ErrorKind::Input(rfm_input::ErrorKind::Stopped { position }.into()),
        })
    }
}
