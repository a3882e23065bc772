//! Ids of customers and orders.

use core::fmt;

/// How ids are normalised before they are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdFormat {
    /// Not at all: ids are equal if their bytes are.
    #[default]
    AsWritten,
    /// Whole numbers that went through a float column lose what it added: `13085.0` becomes `13085`. Other ids stay.
    Integer,
}

impl IdFormat {
    /// The normalised id.
    ///
    /// # Examples
    ///
    /// ```
    /// use rfm_core::cell::IdFormat;
    ///
    /// assert_eq!(IdFormat::Integer.normalise("13085.0"), "13085");
    /// assert_eq!(IdFormat::Integer.normalise("0x1.0"), "0x1.0");
    /// assert_eq!(IdFormat::AsWritten.normalise("13085.0"), "13085.0");
    /// ```
    #[must_use]
    pub fn normalise(self, id: &str) -> &str {
        match self {
            IdFormat::AsWritten => id,
            IdFormat::Integer => float_written_integer(id).unwrap_or(id),
        }
    }

    /// Whether the id looks like a whole number that went through a float column: digits, then `.0`.
    #[must_use]
    pub fn is_float_written(id: &str) -> bool {
        float_written_integer(id).is_some()
    }
}

/// Looks from the end: most ids have neither a zero there nor a point in front of zeros.
#[inline]
pub(super) fn float_written_integer(id: &str) -> Option<&str> {
    let bytes = id.as_bytes();
    let [.., b'0'] = bytes else { return None };
    let point = bytes.iter().rposition(|byte| *byte != b'0')?;
    let whole = id.get(..point).filter(|_| bytes[point] == b'.')?;
    let digits = whole.strip_prefix('-').unwrap_or(whole).as_bytes();
    (!digits.is_empty() && digits.iter().all(u8::is_ascii_digit)).then_some(whole)
}

impl fmt::Display for IdFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdFormat::AsWritten => "as-written",
            IdFormat::Integer => "integer",
        })
    }
}
