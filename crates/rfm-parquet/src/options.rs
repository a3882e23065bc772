//! How Parquet files are to be read.

use std::fmt;
use std::sync::Arc;

use rfm_arrow::ArrowOptions;
use rfm_core::Scale;
use rfm_input::{InputName, ReadOptions};

/// Decodes columns of a file, by their places among those that hold values, where it can do no harm; see
/// [`ParquetOptions::rehearse`].
pub type Rehearsal = dyn Fn(&InputName, &[usize]) -> Result<(), Box<dyn std::error::Error + Send + Sync>> + Send + Sync;

/// What happens to files of which only decoding shows how much memory they take.
#[derive(Clone, Default)]
pub(crate) enum Undecided {
    #[default]
    Read,
    Refuse,
    Rehearse(Arc<Rehearsal>),
}

impl fmt::Debug for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Undecided::Read => "Read",
            Undecided::Refuse => "Refuse",
            Undecided::Rehearse(_) => "Rehearse",
        })
    }
}

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
    pub(crate) undecided: Undecided,
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
        ParquetOptions { undecided: Undecided::Refuse, ..self }
    }

    /// Has such files decoded elsewhere first, in a process with limits that calls [`rehearse`](crate::rehearse), say. What is decoded
    /// there without harm is then read here; an error of the rehearsal is one of the file.
    #[must_use]
    pub fn rehearse(
        self,
        rehearsal: impl Fn(&InputName, &[usize]) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
        + Send
        + Sync
        + 'static,
    ) -> ParquetOptions {
        ParquetOptions { undecided: Undecided::Rehearse(Arc::new(rehearsal)), ..self }
    }

    /// What holds for every input.
    #[must_use]
    pub fn read_options(&self) -> &ReadOptions {
        self.arrow.read_options()
    }
}

impl From<ReadOptions> for ParquetOptions {
    fn from(read: ReadOptions) -> ParquetOptions {
        ParquetOptions { arrow: read.into(), undecided: Undecided::default() }
    }
}
