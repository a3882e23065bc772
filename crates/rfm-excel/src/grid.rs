//! How large a sheet can be. Readers below us believe any reference.

/// Rows of a sheet.
pub(crate) const ROWS: u32 = 1_048_576;

/// Columns of a sheet.
pub(crate) const COLUMNS: u32 = 16_384;
