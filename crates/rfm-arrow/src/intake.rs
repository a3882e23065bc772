//! From record batches to batches of transactions.

use std::fmt;
use std::ops::Range;
use std::sync::atomic::Ordering;

use rfm_core::{Reject, TransactionBatch};
use rfm_input::{Evidence, Intake, RejectedLine};

use crate::columns::{Columns, Reading, serve};
use crate::error::Error;
use crate::layout::Layout;
use crate::options::ArrowOptions;
use crate::rows::BatchRows;

/// Rows that are read at a time: enough to make the cost of a batch vanish, few enough to stay in the cache.
const ROWS: usize = 4 * 1024;

/// Takes the rows of record batches, one record batch after the other, and gives batches of transactions.
///
/// For adapters: [`ArrowSource`](crate::ArrowSource) is one of these with a reader before it. Columns are read as columns, unless
/// a row has to be looked at by itself: one that is bad, or where repeated or rejected lines, currencies, products or times of day are asked for.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch};
/// use rfm_arrow::{ArrowOptions, BatchIntake, Layout};
/// use rfm_input::{Evidence, InputName};
///
/// let batch = RecordBatch::try_from_iter([
///     ("customer", Arc::new(Int64Array::from(vec![17, 18])) as ArrayRef),
///     ("date", Arc::new(Date32Array::from(vec![15_317, 15_318]))),
///     ("amount", Arc::new(Float64Array::from(vec![19.99, 5.0]))),
/// ])?;
/// let options = ArrowOptions::default();
/// let layout = Layout::try_new(&InputName::new("orders"), &batch.schema(), &options)?;
/// let mut intake = BatchIntake::try_new(&options, &Evidence::default())?;
/// intake.begin(&layout);
/// intake.enter(layout.rows(&batch, 1)?);
/// assert_eq!(intake.next_batch(&layout)?.expect("two rows").len(), 2);
/// assert!(intake.next_batch(&layout)?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BatchIntake {
    options: ArrowOptions,
    intake: Intake,
    columns: Columns,
    /// The record batch, and how many of its rows have been taken.
    current: Option<BatchRows>,
    taken: usize,
    /// Whether nothing that was asked for needs rows, and whether no row of this record batch did so far.
    may_be_fast: bool,
    is_fast: bool,
}

impl BatchIntake {
    /// Reads cells as given, or as the evidence proves.
    ///
    /// # Errors
    ///
    /// [`Error`] if the format of dates or numbers is neither given nor proven.
    pub fn try_new(options: &ArrowOptions, evidence: &Evidence) -> Result<BatchIntake, Error> {
        let read = options.read_options();
        Ok(BatchIntake {
            intake: Intake::new(read.clone(), evidence)?,
            columns: Columns::default(),
            current: None,
            taken: 0,
            may_be_fast: !read.need_order() && !read.reads_times(),
            is_fast: false,
            options: options.clone(),
        })
    }

    /// Looks at every row by itself, however fast its columns could be read. The result is the same.
    #[must_use]
    pub fn row_by_row(self) -> BatchIntake {
        BatchIntake { may_be_fast: false, ..self }
    }

    /// Another one that reads cells alike, for record batches that somebody else takes; [`BatchIntake::merge`] adds it up.
    #[must_use]
    pub fn alike(&self) -> BatchIntake {
        BatchIntake {
            options: self.options.clone(),
            intake: self.intake.alike(),
            columns: Columns::default(),
            current: None,
            taken: 0,
            may_be_fast: self.may_be_fast,
            is_fast: false,
        }
    }

    /// Counts the rows that another one took, as [`Intake::merge`] does.
    #[must_use]
    pub fn merge(&mut self, other: &Intake) -> bool {
        self.intake.merge(other)
    }

    /// Begins a table.
    pub fn begin(&mut self, layout: &Layout) {
        self.intake.begin(layout.site());
    }

    /// Takes the rows of a record batch. What was left of the one before is forgotten.
    pub fn enter(&mut self, rows: BatchRows) {
        self.columns.clear();
        self.current = Some(rows);
        self.taken = 0;
        self.is_fast = self.may_be_fast;
    }

    /// Whether the record batch has rows that were not lent.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        self.current.as_ref().is_some_and(|rows| self.taken < rows.len())
    }

    /// The next rows of the record batch; `None` if all have been lent. `layout` is the one that made the rows.
    ///
    /// # Errors
    ///
    /// [`Error`] if a row cannot be used and leaving it out was not asked for.
    pub fn next_batch(&mut self, layout: &Layout) -> Result<Option<TransactionBatch<'_>>, Error> {
        if !self.has_rows() {
            return Ok(None);
        }
        self.fill(layout)?;
        Ok(Some(self.batch(layout)))
    }

    /// Reads the next rows.
    pub(crate) fn fill(&mut self, layout: &Layout) -> Result<(), Error> {
        let Some(rows) = &self.current else { return Ok(()) };
        self.intake.clear();
        let roles = layout.site().roles();
        let chosen = self.taken..rows.len().min(self.taken.saturating_add(ROWS));
        if self.is_fast {
            let zone = self.options.read_options().day_zone();
            let reading = Reading { roles, formats: self.intake.formats(), zone };
            self.is_fast = serve(roles) && self.columns.fill(rows, chosen.clone(), reading).is_some();
        }
        self.taken = match self.is_fast {
            true => chosen.end,
            false => take(&mut self.intake, rows, chosen, layout)?,
        };
        Ok(())
    }

    /// The rows that were read last.
    pub(crate) fn batch(&self, layout: &Layout) -> TransactionBatch<'_> {
        let Some(rows) = self.current.as_ref().filter(|_| self.is_fast) else { return self.intake.batch() };
        let batch = self.columns.batch(rows, layout.site().roles()).expect("the columns were filled from these rows");
        if let Some(counter) = self.options.read_options().row_counter() {
            counter.fetch_add(batch.len() as u64, Ordering::Relaxed);
        }
        batch
    }

    /// The rows that are taken one by one: formats, numbers that were rounded, ids that look like floats.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The same, of one that has taken all its rows.
    #[must_use]
    pub fn into_intake(self) -> Intake {
        self.intake
    }

    /// The rows of the last batch that do not count, with their texts, if
    /// [`ReadOptions::keep_rejects`](rfm_input::ReadOptions::keep_rejects) asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.intake.rejected_lines(verdicts)
    }
}

impl fmt::Debug for BatchIntake {
    /// Without the columns, which hold data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { options, current, taken, is_fast, .. } = self;
        f.debug_struct("BatchIntake")
            .field("options", options)
            .field("current", current)
            .field("taken", taken)
            .field("is_fast", is_fast)
            .finish_non_exhaustive()
    }
}

/// Takes rows until the batch is full; returns where it stopped.
fn take(intake: &mut Intake, rows: &BatchRows, chosen: Range<usize>, layout: &Layout) -> Result<usize, Error> {
    for row in chosen.clone() {
        if intake.is_full() {
            return Ok(row);
        }
        intake.take(&rows.row(row), layout.site())?;
    }
    Ok(chosen.end)
}
