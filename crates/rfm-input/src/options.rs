//! How an input is to be read, whatever its format is: everything that the caller may know better than the file says.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rfm_core::cell::{DateFormat, DayZone, IdFormat, NumberFormat, TransactionBuffer};
use rfm_core::{ColumnChoice, Day, Limits, Role, Scale};

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

/// How cells and rows are read; the default finds everything out by itself and refuses to guess.
///
/// # Examples
///
/// ```
/// use rfm_core::Role;
/// use rfm_core::cell::DateFormat;
/// use rfm_input::ReadOptions;
///
/// let options = ReadOptions::default().column(Role::Customer, "Client ref").date_format(DateFormat::DayMonthYear);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    pub(crate) roles: ColumnChoice,
    pub(crate) date: Option<DateFormat>,
    pub(crate) number: Option<NumberFormat>,
    pub(crate) ids: IdFormat,
    pub(crate) round: Option<Scale>,
    pub(crate) zone: Option<DayZone>,
    pub(crate) drops_repeats: bool,
    pub(crate) bad_rows: BadRows,
    pub(crate) keep_rejects: bool,
    pub(crate) show_values: bool,
    pub(crate) limits: Limits,
    pub(crate) progress: Option<Arc<AtomicU64>>,
    pub(crate) row_count: Option<Arc<AtomicU64>>,
    pub(crate) as_of: Option<Day>,
    pub(crate) times: bool,
}

impl ReadOptions {
    /// Names the column of a role, instead of looking for a known name.
    #[must_use]
    pub fn column(self, role: Role, name: impl Into<String>) -> ReadOptions {
        ReadOptions { roles: self.roles.with(role, name), ..self }
    }

    /// The columns of all roles that the caller names.
    #[must_use]
    pub fn columns(self, roles: ColumnChoice) -> ReadOptions {
        ReadOptions { roles, ..self }
    }

    /// The format of the dates, instead of the one that the data prove.
    #[must_use]
    pub fn date_format(self, format: DateFormat) -> ReadOptions {
        ReadOptions { date: Some(format), ..self }
    }

    /// The decimal separator, instead of the one that the data prove.
    #[must_use]
    pub fn number_format(self, format: NumberFormat) -> ReadOptions {
        ReadOptions { number: Some(format), ..self }
    }

    /// What is done to ids; nothing unless told otherwise.
    #[must_use]
    pub fn ids(self, ids: IdFormat) -> ReadOptions {
        ReadOptions { ids, ..self }
    }

    /// Rounds amounts, quantities and prices to so many decimals, half to even; without it more than nine are an error.
    #[must_use]
    pub fn round(self, scale: Scale) -> ReadOptions {
        ReadOptions { round: Some(scale), ..self }
    }

    /// Lets rows of several currencies pass, for amounts that are converted to one. Without it they are an error if there is
    /// a column of currencies, named or known by its name (`currency`, `Währung`, …).
    #[must_use]
    pub fn any_currency(self) -> ReadOptions {
        ReadOptions { roles: self.roles.without(Role::Currency), ..self }
    }

    /// Counts the days of times with an offset in a zone, instead of as they are written. Times without an offset are local
    /// already.
    #[must_use]
    pub fn zone(self, zone: DayZone) -> ReadOptions {
        ReadOptions { zone: Some(zone), ..self }
    }

    /// The zone in which days are counted, if one was given.
    #[must_use]
    pub fn day_zone(&self) -> Option<&DayZone> {
        self.zone.as_ref()
    }

    /// The day that recency counts back from, for tables of customers that have it in days.
    #[must_use]
    pub fn as_of(self, analysis_date: Day) -> ReadOptions {
        ReadOptions { as_of: Some(analysis_date), ..self }
    }

    /// Reads the times of day of the dates too, so that batches have them
    /// ([`with_times`](rfm_core::TransactionBatch::with_times)).
    #[must_use]
    pub fn with_times(self) -> ReadOptions {
        ReadOptions { times: true, ..self }
    }

    /// Whether times of day are read.
    #[must_use]
    pub fn reads_times(&self) -> bool {
        self.times
    }

    /// Reads what was bought too, as [`ColumnChoice::with_products`] says.
    #[must_use]
    pub fn with_products(self) -> ReadOptions {
        ReadOptions { roles: self.roles.with_products(), ..self }
    }

    /// Leaves out, and accounts for, lines that have the same text in every column as an earlier one, over all inputs. A bad line
    /// is a bad one each time.
    #[must_use]
    pub fn drop_repeated_lines(self) -> ReadOptions {
        ReadOptions { drops_repeats: true, ..self }
    }

    /// Whether repeated lines are left out.
    #[must_use]
    pub fn drops_repeated_lines(&self) -> bool {
        self.drops_repeats
    }

    /// What happens when a row cannot be used.
    #[must_use]
    pub fn bad_rows(self, bad_rows: BadRows) -> ReadOptions {
        ReadOptions { bad_rows, ..self }
    }

    /// What happens when a row cannot be used, as it was set.
    #[must_use]
    pub fn given_bad_rows(&self) -> BadRows {
        self.bad_rows
    }

    /// The decimals that numbers are rounded to, if they are.
    #[must_use]
    pub fn given_rounding(&self) -> Option<Scale> {
        self.round
    }

    /// Keeps the text of the lines of a batch, so that rejected ones can be written down.
    #[must_use]
    pub fn keep_rejects(self) -> ReadOptions {
        ReadOptions { keep_rejects: true, ..self }
    }

    /// Lets messages show the cell that is wrong, and not only its shape. For eyes that may see the data.
    #[must_use]
    pub fn show_values(self) -> ReadOptions {
        ReadOptions { show_values: true, ..self }
    }

    /// Adds the stored bytes that are read to a counter that somebody watches.
    #[must_use]
    pub fn progress(self, counter: Arc<AtomicU64>) -> ReadOptions {
        ReadOptions { progress: Some(counter), ..self }
    }

    /// Adds the rows that are read to a counter that somebody watches, a batch at a time.
    #[must_use]
    pub fn row_count(self, counter: Arc<AtomicU64>) -> ReadOptions {
        ReadOptions { row_count: Some(counter), ..self }
    }

    /// How much may be held at once.
    #[must_use]
    pub fn limits(self, limits: Limits) -> ReadOptions {
        ReadOptions { limits, ..self }
    }

    /// Where rows are collected.
    pub(crate) fn buffer(&self) -> TransactionBuffer {
        let buffer = TransactionBuffer::default();
        let buffer = if self.times { buffer.with_times() } else { buffer };
        match &self.zone {
            Some(zone) => buffer.in_zone(zone.clone()),
            None => buffer,
        }
    }

    /// The columns that were named.
    #[must_use]
    pub fn roles(&self) -> &ColumnChoice {
        &self.roles
    }

    /// Whether and how ids are normalised.
    #[must_use]
    pub fn id_format(&self) -> IdFormat {
        self.ids
    }

    /// The format of the dates, if one was given.
    #[must_use]
    pub fn given_date_format(&self) -> Option<DateFormat> {
        self.date
    }

    /// The decimal separator, if one was given.
    #[must_use]
    pub fn given_number_format(&self) -> Option<NumberFormat> {
        self.number
    }

    /// Whether rows have to be taken in their order: to know which one is repeated, or to give back rejected ones.
    #[must_use]
    pub fn need_order(&self) -> bool {
        self.drops_repeats || self.keep_rejects
    }

    /// Whether messages show the cell that is wrong.
    #[must_use]
    pub fn shows_values(&self) -> bool {
        self.show_values
    }

    /// How much may be held at once.
    #[must_use]
    pub fn given_limits(&self) -> Limits {
        self.limits
    }

    /// The counter of rows.
    #[must_use]
    pub fn row_counter(&self) -> Option<&Arc<AtomicU64>> {
        self.row_count.as_ref()
    }

    /// The counter of stored bytes.
    #[must_use]
    pub fn progress_counter(&self) -> Option<&Arc<AtomicU64>> {
        self.progress.as_ref()
    }
}
