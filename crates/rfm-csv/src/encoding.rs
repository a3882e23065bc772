//! How the bytes of an input stand for text, and the reader that turns them into UTF-8.
//!
//! Without a choice of the caller the text is UTF-8, or what a byte order mark at its start says. Nothing is guessed from
//! the content: a guess that is right for the first lines and wrong for the ten thousandth changes customer ids silently.

mod transcoder;

use std::fmt;

pub(crate) use self::transcoder::{Malformed, Transcoder};
use crate::error::{Error, ErrorKind};

/// The encoding of a text.
///
/// # Examples
///
/// ```
/// use rfm_csv::Encoding;
///
/// assert_eq!(Encoding::from_label("latin1")?, Encoding::Windows1252); // as the WHATWG standard has it
/// assert_eq!(Encoding::from_label("Shift_JIS")?.name(), "Shift_JIS");
/// # Ok::<(), rfm_csv::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8; ASCII is a part of it.
    Utf8,
    /// UTF-16, low byte first, as Windows writes it.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The Western European encoding of Windows; stands for Latin-1 too, which it contains but for control characters.
    Windows1252,
    /// One of the other encodings of the WHATWG standard, found by [`Encoding::from_label`].
    Other(OtherEncoding),
}

/// An encoding without a variant of its own; made by [`Encoding::from_label`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OtherEncoding(&'static encoding_rs::Encoding);

impl fmt::Debug for OtherEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Encoding {
    /// Finds an encoding by one of the labels of the WHATWG encoding standard, in any case, with blanks around it.
    ///
    /// As there, `latin1`, `iso-8859-1` and `ascii` are Windows-1252, and `utf-16` is the little-endian one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownEncoding`] for any other text, and for the labels that stand for no usable encoding
    /// (`replacement`, `x-user-defined`).
    pub fn from_label(label: &str) -> Result<Encoding, Error> {
        let unknown = || Error::new(ErrorKind::UnknownEncoding { label: label.to_owned() });
        let found = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(unknown)?;
        Ok(if found == encoding_rs::UTF_8 {
            Encoding::Utf8
        } else if found == encoding_rs::UTF_16LE {
            Encoding::Utf16Le
        } else if found == encoding_rs::UTF_16BE {
            Encoding::Utf16Be
        } else if found == encoding_rs::WINDOWS_1252 {
            Encoding::Windows1252
        } else if found == encoding_rs::X_USER_DEFINED {
            return Err(unknown());
        } else {
            Encoding::Other(OtherEncoding(found))
        })
    }

    /// The name in the WHATWG encoding standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.backing().name()
    }

    fn backing(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 => encoding_rs::UTF_8,
            Encoding::Utf16Le => encoding_rs::UTF_16LE,
            Encoding::Utf16Be => encoding_rs::UTF_16BE,
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
            Encoding::Other(OtherEncoding(encoding)) => encoding,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
