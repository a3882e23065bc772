//! One set of limits for every adapter, so that a crafted or broken file ends in an error, not in memory.

/// How much of one input an adapter may hold at once.
///
/// Adapters refuse what is larger with an error that names the limit; they never truncate.
/// The defaults are far above real exports: a field of 1 MiB, a record of 16 MiB, 16,384 columns, 1,000 lines in a field.
///
/// # Examples
///
/// ```
/// use rfm_core::Limits;
///
/// let limits = Limits { field_lines: 10, ..Limits::default() };
/// assert_eq!(limits.field_bytes, 1 << 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in one field (cell), after decoding to UTF-8.
    pub field_bytes: usize,
    /// Bytes in one record (row), with its delimiters and quotes.
    pub record_bytes: usize,
    /// Columns in one record.
    pub columns: usize,
    /// Physical lines inside one quoted field. A quote that is never closed runs into this first.
    pub field_lines: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { field_bytes: 1 << 20, record_bytes: 16 << 20, columns: 16_384, field_lines: 1_000 }
    }
}
