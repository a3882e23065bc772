//! What can go wrong while a workbook is read.
//!
//! A kind carries fields, not sentences; the sentence is made once, here. The texts of calamine may hold cells, so they are
//! mapped to words of ours and not passed on.

use std::fmt;

use rfm_input::Position;
use rfm_input::worker::WorkerError;

/// An error of this crate: what went wrong and the place in the workbook.
///
/// The text is lower case and names file, sheet and cell as far as they are known.
#[derive(Debug)]
pub struct Error(Box<ErrorKind>);

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether the operating system failed to deliver the input, so that another attempt may succeed.
    #[must_use]
    pub fn is_io(&self) -> bool {
        match &*self.0 {
            ErrorKind::Input(error) => error.is_io(),
            ErrorKind::Elsewhere { cause, .. } => cause.downcast_ref().is_some_and(WorkerError::is_io),
            _ => false,
        }
    }

    /// Whether a limit of [`rfm_core::Limits`] ended the run.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match &*self.0 {
            ErrorKind::TooLarge { .. } | ErrorKind::Refused { is_limit: true, .. } => true,
            ErrorKind::Elsewhere { cause, .. } => cause.downcast_ref().is_some_and(WorkerError::is_limit),
            _ => false,
        }
    }

    /// The place in the workbook. Faults of a whole file have a position without a sheet.
    #[must_use]
    pub fn position(&self) -> &Position {
        match &*self.0 {
            ErrorKind::Input(error) => error.position(),
            ErrorKind::NotAWorkbook { position, .. }
            | ErrorKind::NotBuilt { position, .. }
            | ErrorKind::Protected { position }
            | ErrorKind::Refused { position, .. }
            | ErrorKind::Damaged { position, .. }
            | ErrorKind::Failed { position, .. }
            | ErrorKind::TooLarge { position, .. }
            | ErrorKind::OutsideGrid { position }
            | ErrorKind::Disordered { position }
            | ErrorKind::SameSheet { position }
            | ErrorKind::NoSheet { position, .. }
            | ErrorKind::NoData { position, .. }
            | ErrorKind::SeveralTables { position, .. }
            | ErrorKind::NoHeader { position, .. }
            | ErrorKind::Elsewhere { position, .. } => position,
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

/// Which limit was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// Bytes in one cell: [`rfm_core::Limits::field_bytes`].
    CellBytes,
    /// Bytes in one row: [`rfm_core::Limits::record_bytes`].
    RowBytes,
    /// Bytes of the texts that all cells of a sheet show: 16 GiB, and a thousand for each of the file.
    SheetBytes,
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LimitKind::CellBytes => "the text of a cell is longer than the limit in bytes",
            LimitKind::RowBytes => "the texts of a row are longer than the limit in bytes",
            LimitKind::SheetBytes => "the texts of the sheet are longer than the limit in bytes",
        })
    }
}

/// What went wrong; see [`Error::kind`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What all adapters have in common: files, columns, cells.
    #[error(transparent)]
    Input(rfm_input::Error),
    /// The content is none of the formats of workbooks, whatever the name says.
    #[error("{position}: this is {found}, not a workbook; {help}")]
    NotAWorkbook {
        /// The file.
        position: Position,
        /// What it is, with its article.
        found: &'static str,
        /// What would do.
        help: &'static str,
    },
    /// A format that this build does not read.
    #[error(
        "{position}: this is {format}, which is read only if the feature `legacy` is built in; save the workbook as .xlsx"
    )]
    NotBuilt {
        /// The file.
        position: Position,
        /// The format, with its article.
        format: &'static str,
    },
    /// The workbook is encrypted.
    #[error("{position}: is protected by a password; save a copy without one")]
    Protected {
        /// The file.
        position: Position,
    },
    /// The container of the parts is not read on.
    #[error("{position}: {rule}")]
    Refused {
        /// The workbook, or the row after which reading ended.
        position: Position,
        /// Why, and which part.
        rule: Box<dyn std::error::Error + Send + Sync>,
        /// Whether a limit was passed, rather than a rule broken.
        is_limit: bool,
    },
    /// The content breaks the rules of its format.
    #[error("{position}: is damaged, {problem}; open the workbook in a spreadsheet program and save it again")]
    Damaged {
        /// The file, or the row after which reading failed.
        position: Position,
        /// What is wrong.
        problem: &'static str,
    },
    /// The library that reads the format gave up in a way that it should not.
    #[error("{position}: cannot be read safely; open the workbook in a spreadsheet program and save it as .xlsx")]
    Failed {
        /// The file or sheet.
        position: Position,
    },
    /// One of the limits was passed.
    #[error("{position}: {limit} ({value})")]
    TooLarge {
        /// The cell or row.
        position: Position,
        /// Which limit.
        limit: LimitKind,
        /// Its value.
        value: u64,
    },
    /// A cell where no sheet has one.
    #[error("{position}: is outside of the 1048576 rows and 16384 columns that a sheet has")]
    OutsideGrid {
        /// The cell.
        position: Position,
    },
    /// A row that stands behind a later one.
    #[error("{position}: stands behind a later row; open the workbook in a spreadsheet program and save it again")]
    Disordered {
        /// The row.
        position: Position,
    },
    /// Two sheets of one name.
    #[error("{position}: is the name of two sheets; rename one")]
    SameSheet {
        /// The sheet.
        position: Position,
    },
    /// No sheet has the name or number that was asked for.
    #[error("{position}: no sheet `{}`; the workbook has {}{}", wanted.escape_debug(), list(sheets), did_you_mean(similar))]
    NoSheet {
        /// The workbook.
        position: Position,
        /// What was asked for.
        wanted: String,
        /// Its sheets.
        sheets: Vec<String>,
        /// A similar name.
        similar: Option<String>,
    },
    /// No sheet that is read has a cell.
    #[error("{position}: {}", no_data(hidden))]
    NoData {
        /// The workbook, or the sheet that was named.
        position: Position,
        /// Its hidden sheets.
        hidden: Vec<String>,
    },
    /// The visible sheets are not one table.
    #[error("{position}: has several tables, {}; choose one or several with --sheet", summaries(sheets))]
    SeveralTables {
        /// The workbook.
        position: Position,
        /// The sheets.
        sheets: Vec<SheetSummary>,
    },
    /// No row is one of names.
    #[error(
        "{position}: no row has the names of columns (the first {} looked at); say which one has with --header-row, or add it",
        if *rows == 1 { "one was".to_owned() } else { format!("{rows} were") }
    )]
    NoHeader {
        /// The sheet.
        position: Position,
        /// Rows that were looked at.
        rows: usize,
    },
    /// The error of a reader that is not of this crate; see [`Sheets`](crate::Sheets).
    #[error("{cause}")]
    Elsewhere {
        /// The workbook.
        position: Position,
        /// What it said, with the place in front.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What a sheet has, for the choice between several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetSummary {
    name: String,
    columns: usize,
    fits: bool,
}

impl SheetSummary {
    pub(crate) fn new(name: &str, columns: usize, fits: bool) -> SheetSummary {
        SheetSummary { name: name.to_owned(), columns, fits }
    }

    /// The name of the sheet.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many columns have names.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Whether all roles have columns.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.fits
    }
}

fn summaries(sheets: &[SheetSummary]) -> String {
    let shown = sheets.iter().map(|SheetSummary { name, columns, fits }| {
        let name = name.escape_debug();
        match (fits, columns) {
            (false, 0) => format!("`{name}` (no header)"),
            (_, 1) => format!("`{name}` (1 column)"),
            (true, _) => format!("`{name}` ({columns} columns)"),
            (false, _) => format!("`{name}` ({columns} columns without those needed)"),
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let quoted: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", name.escape_debug())).collect();
    match names.len().checked_sub(SHOWN) {
        Some(more @ 1..) => format!("{} and {more} more", quoted.join(", ")),
        _ if names.is_empty() => "none".to_owned(),
        _ => quoted.join(", "),
    }
}

fn did_you_mean(similar: &Option<String>) -> String {
    similar.as_ref().map(|name| format!("; did you mean `{}`?", name.escape_debug())).unwrap_or_default()
}

fn no_data(hidden: &[String]) -> String {
    let empty = "is empty; expected a header and rows";
    if hidden.is_empty() {
        return empty.to_owned();
    }
    format!("no visible sheet has data; hidden are {}, which are read if named with --sheet", list(hidden))
}
