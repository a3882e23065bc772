//! What makes a file one that is not read.

use std::{fmt, io};

use super::thrift::Broken;

/// A file that breaks a rule, and where: the row group and the column as far as they are known.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    /// Row groups count from 0 here.
    pub(crate) row_group: Option<usize>,
    /// The path of the column.
    pub(crate) column: Option<String>,
    /// The byte of the file at which it shows.
    pub(crate) offset: Option<u64>,
}

impl Fault {
    pub(super) fn at(self, offset: u64) -> Fault {
        Fault { offset: Some(offset), ..self }
    }

    pub(super) fn of_column(self, row_group: usize, column: &str) -> Fault {
        Fault { row_group: Some(row_group), column: Some(column.to_owned()), ..self }
    }
}

impl From<Rule> for Fault {
    fn from(rule: Rule) -> Fault {
        Fault { rule, row_group: None, column: None, offset: None }
    }
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Fault {
        match broken {
            Broken::End => Rule::End.into(),
            Broken::Malformed => Rule::Malformed.into(),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(cause: io::Error) -> Fault {
        match cause.kind() {
            io::ErrorKind::UnexpectedEof => Rule::Cut.into(),
            _ => Rule::Read(cause).into(),
        }
    }
}

/// The rule that is broken.
#[derive(Debug)]
pub(crate) enum Rule {
    /// The operating system failed.
    Read(io::Error),
    /// No Parquet file at all.
    NoParquet,
    /// The beginning is there, the end is not.
    Cut,
    Encrypted,
    /// Thrift that is none, or lacks what is needed.
    Malformed,
    /// Thrift that ends in the middle.
    End,
    /// Something that contradicts something else.
    Contradiction(&'static str),
    /// A number beyond a limit.
    Limit {
        what: &'static str,
        limit: u64,
    },
    /// Something that is not read here.
    Unsupported {
        what: String,
        help: &'static str,
    },
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::Read(_) => f.write_str("cannot be read further"),
            Rule::NoParquet => f.write_str("this is not a Parquet file: it does not begin with PAR1"),
            Rule::Cut => f.write_str("the file ends too early; it was not copied or written completely"),
            Rule::Encrypted => f.write_str("the file is encrypted, which is not read; write it without encryption"),
            Rule::Malformed | Rule::End => {
                f.write_str("the file is damaged: its description of the data cannot be read")
            }
            Rule::Contradiction(what) => write!(f, "the file is damaged: {what}"),
            Rule::Limit { what, limit } => write!(f, "{what} than the limit ({limit})"),
            Rule::Unsupported { what, help } => write!(f, "{what}, which is not read; {help}"),
        }
    }
}
