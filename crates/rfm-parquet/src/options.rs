//! How Parquet files are to be read.

use rfm_arrow::ArrowOptions;
use rfm_core::Scale;
use rfm_input::ReadOptions;

/// How Parquet files are read: as every input is ([`ReadOptions`]), and what only this format needs.
///
/// # Examples
///
/// ```
/// use rfm_core::{Role, Scale};
/// use rfm_input::ReadOptions;
/// use rfm_parquet::ParquetOptions;
///
/// let options = ParquetOptions::from(ReadOptions::default().column(Role::Amount, "cents")).minor_units(Scale::CENTS);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ParquetOptions {
    pub(crate) arrow: ArrowOptions,
    pub(crate) refuses_undecided: bool,
}

impl ParquetOptions {
    /// Sets what holds for every input.
    #[must_use]
    pub fn reading(self, read: ReadOptions) -> ParquetOptions {
        ParquetOptions { arrow: self.arrow.reading(read), ..self }
    }

    /// Reads whole numbers in the columns of amounts and prices as minor units of this scale: 1999 as 19.99 at two decimals.
    #[must_use]
    pub fn minor_units(self, scale: Scale) -> ParquetOptions {
        ParquetOptions { arrow: self.arrow.minor_units(scale), ..self }
    }

    /// Refuses files of which only decoding shows how much memory they take, with an error of which
    /// [`Error::is_undecided`](crate::Error::is_undecided) holds, so that another process may read them. Without it they
    /// are read here: a crafted one can then end the process by asking for more memory than there is.
    #[must_use]
    pub fn refuse_undecided(self) -> ParquetOptions {
        ParquetOptions { refuses_undecided: true, ..self }
    }

    /// What holds for every input.
    #[must_use]
    pub fn read_options(&self) -> &ReadOptions {
        self.arrow.read_options()
    }
}

impl From<ReadOptions> for ParquetOptions {
    fn from(read: ReadOptions) -> ParquetOptions {
        ParquetOptions { arrow: read.into(), refuses_undecided: false }
    }
}
