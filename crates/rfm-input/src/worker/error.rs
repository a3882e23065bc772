//! What the parent says when a reading process did not read.

use std::error::Error;
use std::{fmt, io};

use super::ending::Ending;
use super::message::FailureClass;
use crate::{InputName, Position};

/// An input could not be read by a reading process.
///
/// The text names the input; what the process wrote to standard error is never part of it, since that may hold data.
#[derive(Debug)]
pub struct WorkerError(Box<WorkerErrorKind>);

/// What went wrong; see [`WorkerError::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerErrorKind {
    /// The program could not be started.
    #[error("{position}: the process that reads this file cannot be started")]
    Start {
        /// The input.
        position: Position,
        /// What the operating system said.
        #[source]
        cause: io::Error,
    },
    /// The process ended, or had to be ended, before it had sent everything.
    #[error(
        "{position}: this file cannot be read safely: the reading process {ending} {}; {remedy}",
        after(*rows)
    )]
    Ended {
        /// The input.
        position: Position,
        /// How it ended.
        ending: Ending,
        /// How many rows it had sent.
        rows: u64,
        /// What would help.
        remedy: &'static str,
    },
    /// The process met an error and said so.
    #[error("{}{text}", prefix(position, *class))]
    Reported {
        /// The input.
        position: Position,
        /// What the error is about.
        class: FailureClass,
        /// Its text, which names the place, but for those of [`FailureClass::Worker`]; its causes are the sources.
        #[source]
        cause: Option<ReportedText>,
        /// The text itself.
        text: String,
    },
}

/// A cause that the reading process told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedText {
    text: String,
    cause: Option<Box<ReportedText>>,
}

impl ReportedText {
    /// The texts from the outermost on.
    fn chain(texts: impl DoubleEndedIterator<Item = String>) -> Option<ReportedText> {
        texts.rev().fold(None, |cause, text| Some(ReportedText { text, cause: cause.map(Box::new) }))
    }
}

impl fmt::Display for ReportedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for ReportedText {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &dyn Error)
    }
}

impl WorkerError {
    /// An error that the process told, by its text and those of its causes.
    pub(super) fn reported(input: &InputName, class: FailureClass, texts: Vec<String>) -> WorkerError {
        let mut texts = texts.into_iter();
        let text = texts.next().unwrap_or_else(|| "the reading process does not say what is wrong".to_owned());
        let (position, cause) = (Position::new(input), ReportedText::chain(texts));
        WorkerErrorKind::Reported { position, class, cause, text }.into()
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &WorkerErrorKind {
        &self.0
    }

    /// Whether the operating system failed, so that another attempt may succeed.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(*self.0, WorkerErrorKind::Start { .. } | WorkerErrorKind::Reported { class: FailureClass::Io, .. })
    }

    /// Whether a limit ended the reading: of memory or time, or one that the process met and told.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match &*self.0 {
            WorkerErrorKind::Ended { ending, .. } => ending.is_limit(),
            WorkerErrorKind::Reported { class, .. } => *class == FailureClass::Limit,
            WorkerErrorKind::Start { .. } => false,
        }
    }

    /// The input as a whole; where in it, only the text of a reported error says.
    #[must_use]
    pub fn position(&self) -> &Position {
        match &*self.0 {
            WorkerErrorKind::Start { position, .. }
            | WorkerErrorKind::Ended { position, .. }
            | WorkerErrorKind::Reported { position, .. } => position,
        }
    }
}

impl fmt::Display for WorkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for WorkerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<WorkerErrorKind> for WorkerError {
    fn from(kind: WorkerErrorKind) -> WorkerError {
        WorkerError(Box::new(kind))
    }
}

/// Texts of the reading process itself name no input.
fn prefix(position: &Position, class: FailureClass) -> String {
    if class == FailureClass::Worker { format!("{position}: ") } else { String::new() }
}

fn after(rows: u64) -> String {
    match rows {
        0 => "before the first row".to_owned(),
        1 => "after 1 row".to_owned(),
        rows => format!("after {} rows", grouped(rows)),
    }
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_in_words_of_english() {
        assert_eq!(after(0), "before the first row");
        assert_eq!(after(1), "after 1 row");
        assert_eq!(after(999), "after 999 rows");
        assert_eq!(after(1_200), "after 1,200 rows");
        assert_eq!(after(12_345_678), "after 12,345,678 rows");
    }

    #[test]
    fn a_reported_error_is_itself_again() {
        let texts = ["a.xls: cannot be opened", "refused", "not yours"].map(str::to_owned).to_vec();
        let error = WorkerError::reported(&InputName::new("a.xls"), FailureClass::Io, texts);
        assert_eq!(error.to_string(), "a.xls: cannot be opened");
        let cause = error.source().expect("a cause");
        assert_eq!(cause.to_string(), "refused");
        let cause = cause.source().expect("a cause of it");
        assert_eq!(cause.to_string(), "not yours");
        assert!(cause.source().is_none());
        assert!(error.is_io() && !error.is_limit());
    }

    #[test]
    fn an_error_of_the_process_itself_gets_the_name_of_the_input() {
        let texts = vec!["row 17 does not fit".to_owned()];
        let error = WorkerError::reported(&InputName::new("a.xls"), FailureClass::Worker, texts);
        assert_eq!(error.to_string(), "a.xls: row 17 does not fit");
    }
}
