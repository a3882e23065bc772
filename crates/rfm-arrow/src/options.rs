//! How record batches are to be read.

use rfm_core::Scale;
use rfm_input::ReadOptions;

/// How record batches are read: as every input is ([`ReadOptions`]), and what only columns with types need.
///
/// # Examples
///
/// ```
/// use rfm_arrow::ArrowOptions;
/// use rfm_core::{Role, Scale};
/// use rfm_input::ReadOptions;
///
/// let options = ArrowOptions::from(ReadOptions::default().column(Role::Amount, "cents")).minor_units(Scale::CENTS);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ArrowOptions {
    read: ReadOptions,
    minor_units: Option<Scale>,
}

impl ArrowOptions {
    /// How cells and rows are read.
    #[must_use]
    pub fn reading(self, read: ReadOptions) -> ArrowOptions {
        ArrowOptions { read, ..self }
    }

    /// Reads whole numbers in the columns of amounts and prices as minor units of this scale: 1999 as 19.99 at two decimals.
    /// Columns of other types are not concerned.
    #[must_use]
    pub fn minor_units(self, scale: Scale) -> ArrowOptions {
        ArrowOptions { minor_units: Some(scale), ..self }
    }

    /// What holds for every input.
    #[must_use]
    pub fn read_options(&self) -> &ReadOptions {
        &self.read
    }

    /// The scale of which whole numbers are minor units, if there is one.
    #[must_use]
    pub fn minor_unit_scale(&self) -> Option<Scale> {
        self.minor_units
    }
}

impl From<ReadOptions> for ArrowOptions {
    fn from(read: ReadOptions) -> ArrowOptions {
        ArrowOptions { read, minor_units: None }
    }
}
