//! How delimited text is to be read: everything that the caller may know better than the file says.

use rfm_input::ReadOptions;

use crate::encoding::Encoding;

/// How a text is read; the default finds everything out by itself and refuses to guess.
///
/// What is not about delimited text is said by [`ReadOptions`]: `CsvOptions::from(read)`, or [`CsvOptions::reading`].
///
/// # Examples
///
/// ```
/// use rfm_core::Role;
/// use rfm_core::cell::DateFormat;
/// use rfm_csv::{CsvOptions, ReadOptions};
///
/// let read = ReadOptions::default().column(Role::Customer, "Client ref").date_format(DateFormat::DayMonthYear);
/// let options = CsvOptions::from(read).delimiter(b'|');
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct CsvOptions {
    pub(crate) read: ReadOptions,
    pub(crate) delimiter: Option<u8>,
    pub(crate) quote: Option<u8>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) column_names: Option<Vec<String>>,
    pub(crate) strict: bool,
}

impl Default for CsvOptions {
    fn default() -> CsvOptions {
        CsvOptions::from(ReadOptions::default())
    }
}

impl From<ReadOptions> for CsvOptions {
    fn from(read: ReadOptions) -> CsvOptions {
        CsvOptions { read, delimiter: None, quote: Some(b'"'), encoding: None, column_names: None, strict: false }
    }
}

impl CsvOptions {
    /// How cells and rows are read.
    #[must_use]
    pub fn reading(self, read: ReadOptions) -> CsvOptions {
        CsvOptions { read, ..self }
    }

    /// The delimiter, instead of the one among `,` `;` tab `|` that divides the text best.
    #[must_use]
    pub fn delimiter(self, delimiter: u8) -> CsvOptions {
        CsvOptions { delimiter: Some(delimiter), ..self }
    }

    /// The quote, `"` unless told otherwise; `None`: quotes are characters like any other.
    #[must_use]
    pub fn quote(self, quote: Option<u8>) -> CsvOptions {
        CsvOptions { quote, ..self }
    }

    /// The encoding, instead of what a byte order mark says, or UTF-8.
    #[must_use]
    pub fn encoding(self, encoding: Encoding) -> CsvOptions {
        CsvOptions { encoding: Some(encoding), ..self }
    }

    /// The names of the columns of a text without a header: its first record is data.
    #[must_use]
    pub fn column_names<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> CsvOptions {
        CsvOptions { column_names: Some(names.into_iter().map(Into::into).collect()), ..self }
    }

    /// Makes an error of what is otherwise a warning: a last line without a line end, as of a file that was cut short.
    #[must_use]
    pub fn strict(self) -> CsvOptions {
        CsvOptions { strict: true, ..self }
    }
}
