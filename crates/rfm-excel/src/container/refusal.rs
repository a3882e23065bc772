//! What can be wrong with a container.

use std::error::Error;
use std::io;
use std::sync::Arc;

/// Why a container, or a part of it, is not read on. It names the part; the file is named by who opened it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// There is no directory at the end.
    #[error("the zip directory at the end is missing; the file is cut short or damaged, or it is no workbook")]
    NoDirectory,
    /// The directory contradicts itself or the file.
    #[error("the zip directory does not fit the file: {what}")]
    Directory {
        /// Which rule is broken.
        what: &'static str,
    },
    /// The directory has too many entries.
    #[error("the zip directory has more entries than the limit ({limit})")]
    TooManyEntries {
        /// The limit.
        limit: usize,
    },
    /// Two entries have one name.
    #[error("two parts are called `{part}`")]
    Repeated {
        /// The name.
        part: String,
    },
    /// Two entries share bytes of the file.
    #[error("part `{part}` overlaps another")]
    Overlap {
        /// The part that begins inside another.
        part: String,
    },
    /// A part is encrypted.
    #[error("part `{part}` is encrypted; save the workbook without a password")]
    Encrypted {
        /// The part.
        part: String,
    },
    /// A part is compressed in a way that workbooks are not.
    #[error(
        "part `{part}` is compressed by method {method}; workbooks are stored or deflated; save the workbook again"
    )]
    Method {
        /// The part.
        part: String,
        /// The number of the method in the zip format.
        method: u16,
    },
    /// A part is too large.
    #[error("part `{part}` has more bytes than the limit ({limit})")]
    TooLarge {
        /// The part.
        part: String,
        /// The limit.
        limit: u64,
    },
    /// All parts together are too large.
    #[error("the parts have more bytes than the limit ({limit})")]
    TotalTooLarge {
        /// The limit.
        limit: u64,
    },
    /// A part grows too much when it is inflated.
    #[error("part `{part}` grows more than {limit} times when it is inflated, as no workbook does")]
    Ratio {
        /// The part.
        part: String,
        /// The limit.
        limit: u64,
    },
    /// The content of a part is not what the directory says.
    #[error("part `{part}` is damaged: {what}")]
    Damaged {
        /// The part.
        part: String,
        /// Which rule is broken.
        what: &'static str,
    },
    /// A part is no XML as workbooks have it.
    #[error("part `{part}` is no well-formed XML: {what}")]
    Xml {
        /// The part.
        part: String,
        /// Which rule is broken.
        what: &'static str,
    },
    /// A part declares a document type, and with it entities.
    #[error("part `{part}` declares a document type, which workbooks do not have")]
    DocumentType {
        /// The part.
        part: String,
    },
    /// A cell, string, tag, text or comment is too long.
    #[error("part `{part}`: {what} has more bytes than the limit ({limit})")]
    TooLong {
        /// The part.
        part: String,
        /// What is too long.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Strings, formats and names would take too much memory.
    #[error(
        "part `{part}` would take more memory than a part of its size may ({limit} bytes): too many strings, formats or names"
    )]
    TooMuchKept {
        /// The part.
        part: String,
        /// The limit.
        limit: u64,
    },
    /// The count of shared strings is far from the truth.
    #[error("part `{part}` declares {declared} strings and has {found}")]
    StringCount {
        /// The part.
        part: String,
        /// The count that it declares.
        declared: u64,
        /// The strings there are.
        found: u64,
    },
}

impl Refusal {
    /// The refusal inside an error that came back through calamine or [`std::io`], if there is one.
    pub(crate) fn of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Refusal> {
        let mut error = error;
        loop {
            if let Some(refusal) = error.downcast_ref() {
                return Some(refusal);
            }
            let io: Option<&io::Error> =
                error.downcast_ref().or_else(|| Some(&**error.downcast_ref::<Arc<io::Error>>()?));
            // An `io::Error` gives as its source that of what it holds, not what it holds.
            error = match io.and_then(io::Error::get_ref) {
                Some(held) => held,
                None => error.source()?,
            };
        }
    }

    /// Whether a cap was met, rather than a rule broken.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(
            self,
            Refusal::TooManyEntries { .. }
                | Refusal::TooLarge { .. }
                | Refusal::TotalTooLarge { .. }
                | Refusal::Ratio { .. }
                | Refusal::TooLong { .. }
                | Refusal::TooMuchKept { .. }
        )
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, refusal)
    }
}
