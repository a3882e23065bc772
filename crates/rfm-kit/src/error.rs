//! What can go wrong between a file and its segments.

use std::fmt;
use std::path::PathBuf;

use rfm_core::{
    ConfigError, FitError, ModelFileError, Role, RoleError, RuleFileError, SummaryError, UnknownSegmentPreset,
};
use rfm_input::{InputName, Position};

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

    /// What can go wrong in an input of any format, if it is that.
    #[must_use]
    pub fn input(&self) -> Option<&rfm_input::Error> {
        match &*self.0 {
            ErrorKind::Input(error) => Some(error),
            #[cfg(feature = "csv")]
            ErrorKind::Csv(error) => match error.kind() {
                rfm_csv::ErrorKind::Input(error) => Some(error),
                _ => None,
            },
            #[cfg(feature = "excel")]
            ErrorKind::Excel(error) => match error.kind() {
                rfm_excel::ErrorKind::Input(error) => Some(error),
                _ => None,
            },
            #[cfg(feature = "parquet")]
            ErrorKind::Parquet(error) => error.input(),
            _ => None,
        }
    }

    /// The place in an input, for errors that have one.
    #[must_use]
    pub fn position(&self) -> Option<&Position> {
        match &*self.0 {
            ErrorKind::Input(error) => Some(error.position()),
            #[cfg(feature = "csv")]
            ErrorKind::Csv(error) => error.position(),
            #[cfg(feature = "excel")]
            ErrorKind::Excel(error) => Some(error.position()),
            #[cfg(feature = "parquet")]
            ErrorKind::Parquet(error) => Some(error.position()),
            ErrorKind::RepeatedAttributes { second, .. } => Some(second),
            _ => None,
        }
    }

    /// Whether settings are wrong or contradict each other, whatever the data are.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match &*self.0 {
            ErrorKind::Config(_) | ErrorKind::UnknownSegments(_) | ErrorKind::Extra(_) | ErrorKind::NoInput => true,
            ErrorKind::RepeatsOverFormats | ErrorKind::NoCutPoints => true,
            ErrorKind::Fit(FitError::OnlyRanks { .. } | FitError::Nested | FitError::NotFitted) => true,
            #[cfg(feature = "csv")]
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
            #[cfg(feature = "csv")]
            ErrorKind::Csv(error) => error.is_limit(),
            #[cfg(feature = "excel")]
            ErrorKind::Excel(error) => error.is_limit(),
            #[cfg(feature = "parquet")]
            ErrorKind::Parquet(error) => error.is_limit(),
            ErrorKind::TimeLimit { .. } | ErrorKind::Threads { .. } => true,
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
    /// The system gives no threads.
    #[error("cannot start {threads} thread{}", if *threads == 1 { "" } else { "s" })]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is nothing to read.
    #[error("no input; name a file, or - for standard input")]
    NoInput,
    /// An input could not be read, whatever its format is.
    #[error(transparent)]
    Input(#[from] rfm_input::Error),
    /// Delimited text could not be read.
    #[cfg(feature = "csv")]
    #[error(transparent)]
    Csv(#[from] rfm_csv::Error),
    /// A workbook could not be read.
    #[cfg(feature = "excel")]
    #[error(transparent)]
    Excel(#[from] rfm_excel::Error),
    /// Parquet could not be read.
    #[cfg(feature = "parquet")]
    #[error(transparent)]
    Parquet(#[from] rfm_parquet::Error),
    /// A format that this build does not read.
    #[error("{}: this is {format}, which this build does not read; {help}", path.display())]
    NoAdapter {
        /// The input.
        path: PathBuf,
        /// What it is, with its article.
        format: &'static str,
        /// What would do.
        help: &'static str,
    },
    /// A second table without a column of ids.
    #[error("{input}: {problem}; the table needs a header, and its column of the {role} a known name or --{}", role.option())]
    KeyColumn {
        /// The table.
        input: InputName,
        /// What the column has to tell.
        role: Role,
        /// What is missing or ambiguous.
        problem: RoleError,
    },
    /// A table of attributes of which no row belongs to a customer of the orders.
    #[error(
        "{input}: no value of its column `{column}` is the id of a customer of the orders; rename the column that has the ids"
    )]
    NothingMatches {
        /// The table.
        input: InputName,
        /// The column that was taken for that of the ids.
        column: String,
    },
    /// Repeated lines are to be dropped over files of different formats, whose lines cannot be compared.
    #[error(
        "repeated lines are compared within one format, and the inputs have several; convert them to one, or keep the lines"
    )]
    RepeatsOverFormats,
    /// A table of attributes that says two things about one customer.
    #[error("{second}: this customer has another row, at {first}, that says something else")]
    RepeatedAttributes {
        /// The earlier row.
        first: Position,
        /// The later one.
        second: Position,
    },
    /// Reading took too long.
    #[error("reading took longer than the limit of {seconds} seconds; allow more, or read fewer files at a time")]
    TimeLimit {
        /// The limit.
        seconds: u64,
    },
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
    UnknownSegments(UnknownSegmentPreset),
    /// A file of rules or codes that is wrong.
    #[error("{}, {error}", path.display())]
    RuleFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: RuleFileError,
    },
    /// A model file that is wrong.
    #[error("{}, {error}", path.display())]
    ModelFile {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        error: ModelFileError,
    },
    /// A model that there is none of, because customers were only ranked.
    #[error("these scores are ranks, which have no cut points that a model could keep")]
    NoCutPoints,
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
