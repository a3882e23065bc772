//! What can go wrong between a file and its segments.

use std::fmt;
use std::path::PathBuf;

use rfm_core::{ConfigError, FitError, RuleFileError, SummaryError, UnknownPreset};

/// An error of this crate. The text says where, what was wanted, what was found and what would do; the cause is in
/// [`source`](std::error::Error::source).
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether settings are wrong or contradict each other, whatever the data are.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match &*self.0 {
            ErrorKind::Config(_) | ErrorKind::UnknownSegments(_) | ErrorKind::Extra(_) | ErrorKind::NoInput => true,
            ErrorKind::Csv(error) => matches!(
                error.kind(),
                rfm_csv::ErrorKind::UnknownEncoding { .. } | rfm_csv::ErrorKind::BadDialect { .. }
            ),
            _ => false,
        }
    }

    /// Whether an output could not be written.
    #[must_use]
    pub fn is_output(&self) -> bool {
        matches!(&*self.0, ErrorKind::Output(_))
    }

    /// Whether a limit ended the run.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match &*self.0 {
            ErrorKind::Csv(error) => error.is_limit(),
            ErrorKind::Summary(error) => matches!(error, SummaryError::TooMany | SummaryError::Memory { .. }),
            _ => false,
        }
    }

    /// Whether the reader of standard output went away, which is no failure of ours.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(&*self.0, ErrorKind::Output(error) if error.is_broken_pipe())
    }

    /// What would help, where the text does not say it already.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match &*self.0 {
            ErrorKind::Output(error) => error.help(),
            ErrorKind::UnknownSegments(_) => {
                Some("see them with `rfm rules list`; a file of rules ends in .toml, a table of codes in .csv")
            }
            ErrorKind::NoUsableLine { .. } => Some(
                "see what was detected with `rfm inspect`; keep more lines with --keep, --from, --until or --as-of",
            ),
            _ => None,
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

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is nothing to read.
    #[error("no input; name a file, or - for standard input")]
    NoInput,
    /// Delimited text could not be read.
    #[error(transparent)]
    Csv(#[from] rfm_csv::Error),
    /// Transactions could not be summarised.
    #[error(transparent)]
    Summary(#[from] SummaryError),
    /// Settings do not agree.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Cut points could not be learned or applied.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// There is no line to be used.
    #[error("{inputs}: no row; expected at least one below the header")]
    NoRow {
        /// The inputs.
        inputs: String,
    },
    /// No line counts, so that there is no customer.
    #[error("{inputs}: no usable line; {account}")]
    NoUsableLine {
        /// The inputs.
        inputs: String,
        /// Where the lines went.
        account: String,
    },
    /// Segments that are neither built in nor a file.
    #[error(transparent)]
    UnknownSegments(UnknownPreset),
    /// A file of rules or codes that is wrong.
    #[error("{}, {error}", path.display())]
    RuleFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: RuleFileError,
    },
    /// A table of codes that is wrong.
    #[error("{place}: {problem}")]
    CodeTable {
        /// File, line and column.
        place: String,
        /// What is wrong.
        problem: String,
    },
    /// A file of rules that cannot be opened.
    #[error("cannot read `{}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Extra columns that this run cannot have.
    #[error(transparent)]
    Extra(#[from] rfm_output::ExtraError),
    /// An output could not be written.
    #[error(transparent)]
    Output(#[from] rfm_output::Error),
}

impl<E: Into<ErrorKind>> From<E> for Error {
    fn from(error: E) -> Error {
        Error(Box::new(error.into()))
    }
}
