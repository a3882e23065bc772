//! The way from rows to batches, the same for every adapter.

use std::fmt;
use std::sync::atomic::Ordering;

use rfm_core::cell::{
    CellError, CellFormats, CellProblem, Cells, DateFormats, IdFormat, LineColumns, NumberFormat, TextLines,
    TransactionBuffer,
};
use rfm_core::{ColumnRoles, Decimal, Refusal, Reject, Role, TransactionBatch};

use crate::currency::Currencies;
use crate::error::{Error, ErrorKind};
use crate::evidence::{Evidence, Known};
use crate::options::{BadRows, ReadOptions};
use crate::position::Position;
use crate::rejects::{BatchLines, RejectedLine};
use crate::repeats::Repeats;
use crate::row::{Row, Site};

/// Rows in one batch: enough to make the cost of a batch vanish, few enough to stay in the cache.
const BATCH: usize = 8 * 1024;

/// Text in one batch, about: rows at the limits of their size must not add up to gigabytes.
const BATCH_BYTES: usize = 4 << 20;

/// Takes rows and gives batches: reads the cells, leaves out what is blank, repeated or cannot be read, as was asked for, and
/// accounts for it.
///
/// An adapter finds rows, and hands each to [`Intake::take`] until [`Intake::is_full`]; then it lends [`Intake::batch`].
pub struct Intake {
    options: ReadOptions,
    formats: CellFormats,
    /// How the formats of dates and numbers are known.
    known: (Known, Known),
    /// Those of the table at hand, if rows have no other cells that are read, and nothing else is done with them.
    line_columns: Option<LineColumns>,
    /// Lines that are tried at once: fewer after one that is not plain, so that the lines behind it are not looked at in vain.
    stride: usize,
    currencies: Currencies,
    repeats: Option<Repeats>,
    buffer: TransactionBuffer,
    bytes: usize,
    lines: BatchLines,
    refused: u64,
    float_ids: u64,
}

impl Intake {
    /// Reads cells as given, or as the evidence proves.
    ///
    /// # Errors
    ///
    /// [`Error`] if the format of dates or numbers is neither given nor proven.
    pub fn new(options: ReadOptions, evidence: &Evidence) -> Result<Intake, Error> {
        Ok(Intake {
            formats: evidence.formats(&options)?,
            known: evidence.known(&options),
            line_columns: None,
            stride: BATCH,
            currencies: Currencies::default(),
            repeats: options.drops_repeats.then(Repeats::default),
            buffer: options.buffer(),
            bytes: 0,
            lines: BatchLines::new(options.keep_rejects),
            refused: 0,
            float_ids: 0,
            options,
        })
    }

    /// Another one that reads cells alike, for rows that somebody else takes; [`Intake::merge`] adds it up.
    #[must_use]
    pub fn alike(&self) -> Intake {
        Intake {
            options: self.options.clone(),
            formats: self.formats,
            known: self.known,
            line_columns: None,
            stride: BATCH,
            currencies: Currencies::default(),
            repeats: self.options.drops_repeats.then(Repeats::default),
            buffer: self.options.buffer(),
            bytes: 0,
            lines: BatchLines::new(self.options.keep_rejects),
            refused: 0,
            float_ids: 0,
        }
    }

    /// Counts the rows that another one took. `false` if both left out more bad rows than was allowed: which one was too many is
    /// known only to who takes all rows in their order.
    ///
    /// The batch of the other one stays there, and so do the lines that it would know again.
    #[must_use]
    pub fn merge(&mut self, other: &Intake) -> bool {
        self.currencies.merge(&other.currencies);
        self.buffer.add_rounded(other.rounded());
        self.refused += other.refused;
        self.float_ids += other.float_ids;
        !matches!(self.options.bad_rows, BadRows::Skip { limit: Some(limit) } if self.refused > limit)
    }

    /// Begins a table. Batches hold rows of one table.
    pub fn begin(&mut self, site: &Site) {
        self.line_columns = LineColumns::of(site.roles()).filter(|_| !self.options.need_order());
        self.lines.begin(site);
    }

    /// Begins a batch.
    pub fn clear(&mut self) {
        self.buffer.clear();
        self.lines.clear();
        self.bytes = 0;
    }

    /// Whether the batch holds enough.
    #[must_use]
    #[inline]
    pub fn is_full(&self) -> bool {
        self.buffer.len() >= BATCH || self.bytes >= BATCH_BYTES
    }

    /// Whether the batch holds nothing, not even a row that was left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The rows since [`Intake::clear`].
    #[must_use]
    pub fn batch(&self) -> TransactionBatch<'_> {
        if let Some(counter) = &self.options.row_count {
            counter.fetch_add(self.buffer.len() as u64, Ordering::Relaxed);
        }
        self.buffer.batch()
    }

    /// Whether there is a short way for the rows of the table at hand, where they are lines of a text.
    #[must_use]
    pub fn takes_lines(&self) -> bool {
        self.line_columns.is_some()
    }

    /// Takes rows that are lines of a text, as [`Intake::take`] does with one after the other, until the batch is full or one is
    /// not plain, and tells how many. [`Intake::take`] says what the next one is.
    pub fn take_lines(&mut self, lines: &TextLines<'_>) -> usize {
        let Some(columns) = &self.line_columns else { return 0 };
        let lines = lines.first(self.stride.min(BATCH.saturating_sub(self.buffer.len())));
        let taken = self.buffer.push_lines(&lines, columns, &self.formats);
        self.stride = if taken.lines == lines.len() { self.stride.saturating_mul(2) } else { 1 };
        self.bytes += lines.first(taken.lines).bytes();
        self.float_ids += taken.float_ids;
        taken.lines
    }

    /// Takes a row.
    ///
    /// # Errors
    ///
    /// [`Error`] if a cell cannot be read and bad rows are not left out, or more of them than was allowed.
    pub fn take(&mut self, row: &impl Row, site: &Site) -> Result<(), Error> {
        self.bytes += row.bytes();
        if row.is_blank() {
            self.exclude(Reject::BlankRow, Some(Decimal::default()), row);
            return Ok(());
        }
        let key = self.repeats.as_ref().map(|repeats| repeats.key(row, site));
        if let (Some(repeats), Some(key)) = (&self.repeats, key)
            && repeats.contains(key)
        {
            let worth = self.buffer.worth(&cells(row, site.roles()).money, &self.formats);
            self.exclude(Reject::RepeatedLine, worth, row);
            return Ok(());
        }
        let rules = CellRules { formats: &self.formats, known: self.known, show_values: self.options.show_values };
        match read_row(row, site, &rules, &mut self.buffer) {
            Ok(()) => {
                if let (Some(repeats), Some(key)) = (&mut self.repeats, key) {
                    repeats.insert(key);
                }
                self.float_ids += u64::from(has_float_id(row, site.roles()));
                self.currencies.observe(row, site);
                self.lines.push(row);
                Ok(())
            }
            Err(bad) if bad.error.is_contradiction() => Err(bad.error),
            Err(bad) => {
                let position = bad.error.position().clone();
                self.leave_out(row, bad.error, position, bad.refusal)
            }
        }
    }

    /// Leaves out a row that can be read but is not to count, and accounts for it.
    fn exclude(&mut self, reason: Reject, worth: Option<Decimal>, row: &impl Row) {
        self.buffer.refuse(Refusal { reason, amount: worth });
        self.lines.refuse(row, reason, None);
    }

    /// Stops at a bad row, or leaves it out and counts it, as was asked for. For rows that are broken as such; those with a cell
    /// that cannot be read come here from [`Intake::take`].
    ///
    /// # Errors
    ///
    /// The error, if bad rows are not left out; [`ErrorKind::TooManyBadRows`].
    pub fn refuse<E>(&mut self, row: &impl Row, error: E, position: Position, refusal: Refusal) -> Result<(), E>
    where
        E: std::error::Error + Send + Sync + From<Error> + 'static,
    {
        self.bytes += row.bytes();
        self.leave_out(row, error, position, refusal)
    }

    fn leave_out<E>(&mut self, row: &impl Row, error: E, position: Position, refusal: Refusal) -> Result<(), E>
    where
        E: std::error::Error + Send + Sync + From<Error> + 'static,
    {
        let BadRows::Skip { limit } = self.options.bad_rows else { return Err(error) };
        if let Some(limit) = limit.filter(|limit| self.refused >= *limit) {
            return Err(Error::from(ErrorKind::TooManyBadRows { position, limit, last: Box::new(error) }).into());
        }
        self.refused += 1;
        self.buffer.refuse(refusal);
        self.lines.refuse(row, refusal.reason, Some(&error));
        Ok(())
    }

    /// Checks what can be told at the end of all rows only.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SeveralCurrencies`].
    pub fn finish(&self) -> Result<(), Error> {
        self.currencies.check()
    }

    /// The currencies of the rows so far.
    #[must_use]
    pub fn currencies(&self) -> &Currencies {
        &self.currencies
    }

    /// How the cells are read.
    #[must_use]
    pub fn formats(&self) -> &CellFormats {
        &self.formats
    }

    /// How the formats of dates and numbers are known.
    #[must_use]
    pub fn known(&self) -> (Known, Known) {
        self.known
    }

    /// Rows of which a number was rounded: as was asked for, or because it is a float with more than nine decimals.
    #[must_use]
    pub fn rounded(&self) -> u64 {
        self.buffer.rounded()
    }

    /// Rows so far whose customer id is a text that looks like a whole number from a float column, such as `13085.0`.
    #[must_use]
    pub fn float_ids(&self) -> u64 {
        self.float_ids
    }

    /// The rows of the last batch that do not count, with their texts, if [`ReadOptions::keep_rejects`] asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.lines.rejected(verdicts)
    }
}

impl fmt::Debug for Intake {
    /// Without the rows and lines of the batch, which are data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake")
            .field("formats", &self.formats)
            .field("known", &self.known)
            .field("refused", &self.refused)
            .field("float_ids", &self.float_ids)
            .finish_non_exhaustive()
    }
}

/// A row that cannot be used: the error, and how it is accounted for.
pub(crate) struct BadRow {
    pub(crate) error: Error,
    pub(crate) refusal: Refusal,
}

/// What cells are read by.
#[derive(Clone, Copy, Debug)]
pub struct CellRules<'r> {
    /// The formats.
    pub formats: &'r CellFormats,
    /// How those of dates and numbers are known.
    pub known: (Known, Known),
    /// Whether messages show the cell that is wrong.
    pub show_values: bool,
}

/// Appends a row to a buffer, which stays as it is if the row cannot be used.
pub(crate) fn read_row(
    row: &impl Row,
    site: &Site,
    rules: &CellRules<'_>,
    buffer: &mut TransactionBuffer,
) -> Result<(), Box<BadRow>> {
    buffer.push(&cells(row, site.roles()), rules.formats).map_err(|error| bad_row(error, row, site, rules, buffer))
}

#[cold]
fn bad_row(
    error: CellError,
    row: &impl Row,
    site: &Site,
    rules: &CellRules<'_>,
    buffer: &TransactionBuffer,
) -> Box<BadRow> {
    let reason = error.reject();
    let amount = buffer.worth(&cells(row, site.roles()).money, rules.formats);
    let error = cell_error(error, row, site, rules);
    Box::new(BadRow { error, refusal: Refusal { reason, amount } })
}

fn cell_error(error: CellError, row: &impl Row, site: &Site, rules: &CellRules<'_>) -> Error {
    let column = site.roles().column(error.role);
    let cell = column.map(|column| row.cell(column)).unwrap_or_default();
    let text = cell.text().unwrap_or_default();
    let position = site.position(Some(row.number()), column);
    match (&error.problem, rules.known) {
        (CellProblem::NotADate { .. }, (Known::Proven, _)) if is_any_date(text) => {
            ErrorKind::MixedDates { position }.into()
        }
        (CellProblem::NotADate { found, .. }, (Known::Open, _)) if is_any_date(text) => {
            ErrorKind::UnknownDate { position, found: found.to_string() }.into()
        }
        (CellProblem::NotANumber { .. }, (_, Known::Proven)) if is_any_number(text) => {
            ErrorKind::MixedNumbers { position }.into()
        }
        (CellProblem::NotANumber { .. }, (_, Known::Open)) if is_any_number(text) => {
            ErrorKind::UnprovenNumber { position }.into()
        }
        _ => {
            let value = rules.show_values.then(|| cell.to_string()).filter(|_| column.is_some());
            ErrorKind::BadCell { position, problem: error.problem, value }.into()
        }
    }
}

fn is_any_date(text: &str) -> bool {
    DateFormats::of(text).iter().next().is_some()
}

/// Whether a text is a number in one of the two formats; which one is asked only where the other does not read it.
fn is_any_number(text: &str) -> bool {
    let is_number = |format: NumberFormat| {
        !matches!(format.read(text, None), Err(CellProblem::NotANumber { .. } | CellProblem::Empty))
    };
    is_number(NumberFormat::Point) || is_number(NumberFormat::Comma)
}

/// Whether the customer id is a text that looks like a whole number from a float column.
#[inline]
pub fn has_float_id(row: &impl Row, roles: &ColumnRoles) -> bool {
    let id = roles.column(Role::Customer).and_then(|column| row.cell(column).text());
    id.is_some_and(IdFormat::is_float_written)
}

/// The cells of the roles.
#[inline]
pub(crate) fn cells<'r>(row: &'r impl Row, roles: &ColumnRoles) -> Cells<'r> {
    Cells::of(roles, |column| row.cell(column))
}
