//! The two bytes that give a text its columns.

mod detect;

use std::fmt;

pub(crate) use self::detect::{CANDIDATES, detect};
pub use self::detect::{Detection, Evidence};
use crate::error::{Error, ErrorKind};

/// Delimiter and quote of a text.
///
/// # Examples
///
/// ```
/// use rfm_csv::Dialect;
///
/// let tabs_without_quoting = Dialect::try_new(b'\t', None)?;
/// assert_eq!(tabs_without_quoting.delimiter(), b'\t');
/// assert!(Dialect::try_new(b'"', Some(b'"')).is_err());
/// # Ok::<(), rfm_csv::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    delimiter: u8,
    quote: Option<u8>,
}

impl Dialect {
    /// Takes two bytes; without a quote, quotes are characters like any other.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadDialect`] if one of them is not ASCII, a line end or NUL, or if they are equal.
    pub fn try_new(delimiter: u8, quote: Option<u8>) -> Result<Dialect, Error> {
        let usable = |byte: u8| byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0);
        let problem = if !usable(delimiter) {
            "the delimiter must be one ASCII character, not a line end and not NUL"
        } else if !quote.is_none_or(usable) {
            "the quote must be one ASCII character, not a line end and not NUL"
        } else if quote == Some(delimiter) {
            "delimiter and quote must differ"
        } else {
            return Ok(Dialect { delimiter, quote });
        };
        Err(Error::new(ErrorKind::BadDialect { problem }))
    }

    /// The byte between two fields.
    #[must_use]
    pub fn delimiter(self) -> u8 {
        self.delimiter
    }

    /// The byte around a field that may hold delimiters and line ends.
    #[must_use]
    pub fn quote(self) -> Option<u8> {
        self.quote
    }
}

impl Default for Dialect {
    /// Comma and double quote.
    fn default() -> Dialect {
        Dialect { delimiter: b',', quote: Some(b'"') }
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialect")
            .field("delimiter", &char::from(self.delimiter))
            .field("quote", &self.quote.map(char::from))
            .finish()
    }
}

#[cfg(test)]
mod tests;
