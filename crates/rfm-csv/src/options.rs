//! How delimited text is to be read: everything that the caller may know better than the file says.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rfm_core::cell::{DateFormat, DayZone, IdFormat, NumberFormat};
use rfm_core::{ColumnChoice, Limits, Scale};

use crate::encoding::Encoding;

/// What happens when a row cannot be used: a broken record, or a cell that is no date or no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadRows {
    /// The first one is an error.
    #[default]
    Fail,
    /// They are left out and accounted for; more of them than the limit, if there is one, are an error.
    ///
    /// A date or number in another format than the one that the data prove is an error all the same: it may be the others
    /// that are read wrongly.
    Skip {
        /// The most that are left out.
        limit: Option<u64>,
    },
}

/// How a text is read; the default finds everything out by itself and refuses to guess.
///
/// # Examples
///
/// ```
/// use rfm_core::Role;
/// use rfm_core::cell::DateFormat;
/// use rfm_csv::CsvOptions;
///
/// let options = CsvOptions::default().column(Role::Customer, "Client ref").date_format(DateFormat::DayMonthYear);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct CsvOptions {
    pub(crate) delimiter: Option<u8>,
    pub(crate) quote: Option<u8>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) column_names: Option<Vec<String>>,
    pub(crate) roles: ColumnChoice,
    pub(crate) date: Option<DateFormat>,
    pub(crate) number: Option<NumberFormat>,
    pub(crate) ids: IdFormat,
    pub(crate) round: Option<Scale>,
    pub(crate) zone: Option<DayZone>,
    pub(crate) drops_repeats: bool,
    pub(crate) bad_rows: BadRows,
    pub(crate) strict: bool,
    pub(crate) keep_rejects: bool,
    pub(crate) show_values: bool,
    pub(crate) limits: Limits,
    pub(crate) progress: Option<Arc<AtomicU64>>,
    pub(crate) row_count: Option<Arc<AtomicU64>>,
}

impl Default for CsvOptions {
    fn default() -> CsvOptions {
        CsvOptions {
            delimiter: None,
            quote: Some(b'"'),
            encoding: None,
            column_names: None,
            roles: ColumnChoice::default(),
            date: None,
            number: None,
            ids: IdFormat::default(),
            round: None,
            zone: None,
            drops_repeats: false,
            bad_rows: BadRows::default(),
            strict: false,
            keep_rejects: false,
            show_values: false,
            limits: Limits::default(),
            progress: None,
            row_count: None,
        }
    }
}

impl CsvOptions {
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

    /// Names the column of a role, instead of looking for a known name.
    #[must_use]
    pub fn column(self, role: rfm_core::Role, name: impl Into<String>) -> CsvOptions {
        CsvOptions { roles: self.roles.with(role, name), ..self }
    }

    /// The columns of all roles that the caller names.
    #[must_use]
    pub fn columns(self, roles: ColumnChoice) -> CsvOptions {
        CsvOptions { roles, ..self }
    }

    /// The format of the dates, instead of the one that the data prove.
    #[must_use]
    pub fn date_format(self, format: DateFormat) -> CsvOptions {
        CsvOptions { date: Some(format), ..self }
    }

    /// The decimal separator, instead of the one that the data prove.
    #[must_use]
    pub fn number_format(self, format: NumberFormat) -> CsvOptions {
        CsvOptions { number: Some(format), ..self }
    }

    /// What is done to ids; nothing unless told otherwise.
    #[must_use]
    pub fn ids(self, ids: IdFormat) -> CsvOptions {
        CsvOptions { ids, ..self }
    }

    /// Rounds amounts, quantities and prices to so many decimals, half to even; without it more than nine are an error.
    #[must_use]
    pub fn round(self, scale: Scale) -> CsvOptions {
        CsvOptions { round: Some(scale), ..self }
    }

    /// Lets rows of several currencies pass, for amounts that are converted to one. Without it they are an error if there is
    /// a column of currencies, named or known by its name (`currency`, `Währung`, …).
    #[must_use]
    pub fn any_currency(self) -> CsvOptions {
        CsvOptions { roles: self.roles.without(rfm_core::Role::Currency), ..self }
    }

    /// Counts the days of times with an offset in a zone, instead of as they are written. Times without an offset are local
    /// already.
    #[must_use]
    pub fn zone(self, zone: DayZone) -> CsvOptions {
        CsvOptions { zone: Some(zone), ..self }
    }

    /// The zone in which days are counted, if one was given.
    #[must_use]
    pub fn day_zone(&self) -> Option<&DayZone> {
        self.zone.as_ref()
    }

    /// Leaves out, and accounts for, lines that have the same text in every column as an earlier one, over all inputs. A bad line
    /// is a bad one each time.
    #[must_use]
    pub fn drop_repeated_lines(self) -> CsvOptions {
        CsvOptions { drops_repeats: true, ..self }
    }

    /// Whether repeated lines are left out.
    #[must_use]
    pub fn drops_repeated_lines(&self) -> bool {
        self.drops_repeats
    }

    /// What happens when a row cannot be used.
    #[must_use]
    pub fn bad_rows(self, bad_rows: BadRows) -> CsvOptions {
        CsvOptions { bad_rows, ..self }
    }

    /// Makes an error of what is otherwise a warning: a last line without a line end, as of a file that was cut short.
    #[must_use]
    pub fn strict(self) -> CsvOptions {
        CsvOptions { strict: true, ..self }
    }

    /// Keeps the text of the lines of a batch, so that rejected ones can be written down.
    #[must_use]
    pub fn keep_rejects(self) -> CsvOptions {
        CsvOptions { keep_rejects: true, ..self }
    }

    /// Lets messages show the cell that is wrong, and not only its shape. For eyes that may see the data.
    #[must_use]
    pub fn show_values(self) -> CsvOptions {
        CsvOptions { show_values: true, ..self }
    }

    /// Adds the stored bytes that are read to a counter that somebody watches.
    #[must_use]
    pub fn progress(self, counter: Arc<AtomicU64>) -> CsvOptions {
        CsvOptions { progress: Some(counter), ..self }
    }

    /// Adds the rows that are read to a counter that somebody watches, a batch at a time.
    #[must_use]
    pub fn row_count(self, counter: Arc<AtomicU64>) -> CsvOptions {
        CsvOptions { row_count: Some(counter), ..self }
    }

    /// How much may be held at once.
    #[must_use]
    pub fn limits(self, limits: Limits) -> CsvOptions {
        CsvOptions { limits, ..self }
    }
}
