//! Record batches as a source of transactions.

use std::collections::VecDeque;
use std::fmt;
use std::iter::Empty;
use std::path::PathBuf;

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, Schema};
use rfm_core::{Reject, TransactionBatch, TransactionSource};
use rfm_input::{Evidence, InputName, InputReport, Intake, Position, RejectedLine};

use crate::error::{Error, ErrorKind};
use crate::intake::BatchIntake;
use crate::layout::Layout;
use crate::options::ArrowOptions;

/// Rows of a reader that are looked at before the first one is lent, where formats have to be proven.
const SAMPLE: usize = 64 * 1024;

/// Record batches, in memory or from a reader, as transactions.
///
/// Formats of dates and numbers that are texts are proven by all batches that are in memory, and of a reader by its first 65,536
/// rows, since it can be read only once; types that are dates and numbers need no proof.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use arrow_array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray};
/// use rfm_arrow::{ArrowOptions, ArrowSource};
/// use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
///
/// let batch = RecordBatch::try_from_iter([
///     ("customer", Arc::new(StringArray::from(vec!["ann", "bob"])) as ArrayRef),
///     ("date", Arc::new(Date32Array::from(vec![15_317, 15_318]))),
///     ("amount", Arc::new(Decimal128Array::from(vec![1_999, 500]).with_precision_and_scale(10, 2)?)),
/// ])?;
/// let mut source = ArrowSource::from_batches("orders", &batch.schema(), [batch], ArrowOptions::default())?;
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// while let Some(batch) = source.next_batch()? {
///     summaries.push_batch(&batch)?;
/// }
/// assert_eq!(summaries.finish()?.get(0).expect("ann").total().to_string(), "19.99");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ArrowSource<R> {
    layout: Layout,
    intake: BatchIntake,
    /// Batches that were looked at, the next one first.
    waiting: VecDeque<RecordBatch>,
    reader: Option<R>,
    rows: u64,
    /// Where an error ended the reading.
    stopped: Option<Position>,
}

impl ArrowSource<Empty<Result<RecordBatch, ArrowError>>> {
    /// Reads batches in memory, all with one schema; `name` is what messages call them.
    ///
    /// # Errors
    ///
    /// [`Error`] if a role has no column, or one whose type cannot play it, and if formats of dates and numbers are neither given
    /// nor proven.
    pub fn from_batches(
        name: impl Into<PathBuf>,
        schema: &Schema,
        batches: impl IntoIterator<Item = RecordBatch>,
        options: ArrowOptions,
    ) -> Result<ArrowSource<Empty<Result<RecordBatch, ArrowError>>>, Error> {
        let layout = Layout::try_new(&InputName::new(name), schema, &options)?;
        ArrowSource::start(layout, batches.into_iter().collect(), None, &options)
    }
}

impl<R: RecordBatchReader> ArrowSource<R> {
    /// Reads a reader to its end; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`ArrowSource::from_batches`]; if the reader fails at its beginning.
    pub fn new(name: impl Into<PathBuf>, mut reader: R, options: ArrowOptions) -> Result<ArrowSource<R>, Error> {
        let layout = Layout::try_new(&InputName::new(name), &reader.schema(), &options)?;
        let mut sample = VecDeque::new();
        let mut rows = 0;
        while layout.needs_evidence() && rows < SAMPLE {
            match reader.next() {
                Some(Ok(batch)) => {
                    rows += batch.num_rows();
                    sample.push_back(batch);
                }
                Some(Err(cause)) => {
                    let position = layout.site().position(Some(rows as u64 + 1), None);
                    return Err(ErrorKind::Stream { position, cause }.into());
                }
                None => return ArrowSource::start(layout, sample, None, &options),
            }
        }
        ArrowSource::start(layout, sample, Some(reader), &options)
    }
}

impl<R> ArrowSource<R> {
    fn start(
        layout: Layout,
        waiting: VecDeque<RecordBatch>,
        reader: Option<R>,
        options: &ArrowOptions,
    ) -> Result<ArrowSource<R>, Error> {
        let mut evidence = Evidence::default();
        if layout.needs_evidence() {
            observe(&layout, &waiting, options, &mut evidence)?;
            if reader.is_some() {
                evidence.set_partial();
            }
        }
        let mut intake = BatchIntake::try_new(options, &evidence)?;
        intake.begin(&layout);
        Ok(ArrowSource { layout, intake, waiting, reader, rows: 0, stopped: None })
    }

    /// Looks at every row by itself, however fast its columns could be read. The result is the same.
    #[must_use]
    pub fn row_by_row(self) -> ArrowSource<R> {
        ArrowSource { intake: self.intake.row_by_row(), ..self }
    }

    /// The columns and their roles.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// How the cells are read, and what was found out while reading them.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        self.intake.intake()
    }

    /// What was found out about the input so far; complete when all batches have been lent.
    #[must_use]
    pub fn report(&self) -> InputReport {
        let intake = self.intake();
        let report = InputReport::new(self.layout.site(), self.rows).fact("format", "Arrow record batches");
        report.formats(intake.formats(), intake.known())
    }

    /// The rows of the last batch that do not count, with their texts, if
    /// [`ReadOptions::keep_rejects`](rfm_input::ReadOptions::keep_rejects) asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.intake.rejected_lines(verdicts)
    }
}

impl<R: Iterator<Item = Result<RecordBatch, ArrowError>>> ArrowSource<R> {
    /// Enters the next record batch; `false` if there is none.
    fn advance(&mut self) -> Result<bool, Error> {
        let first = self.rows.saturating_add(1);
        let batch = match self.waiting.pop_front() {
            Some(batch) => batch,
            None => match self.reader.as_mut().and_then(Iterator::next) {
                Some(Ok(batch)) => batch,
                Some(Err(cause)) => {
                    let position = self.layout.site().position(Some(first), None);
                    return Err(ErrorKind::Stream { position, cause }.into());
                }
                None => return Ok(false),
            },
        };
        self.intake.enter(self.layout.rows(&batch, first)?);
        self.rows += batch.num_rows() as u64;
        Ok(true)
    }

    /// Goes to a record batch that has rows left; `false` at the end of all.
    fn has_rows(&mut self) -> Result<bool, Error> {
        while !self.intake.has_rows() {
            if !self.advance()? {
                self.intake.intake().finish()?;
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<R> fmt::Debug for ArrowSource<R> {
    /// Without the batches, which hold data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArrowSource").field("layout", &self.layout).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<R: Iterator<Item = Result<RecordBatch, ArrowError>>> TransactionSource for ArrowSource<R> {
    type Error = Error;

    /// After an error, every further call is an error too: what was read no longer adds up.
    fn next_batch(&mut self) -> Result<Option<TransactionBatch<'_>>, Error> {
        if let Some(position) = self.stopped.clone() {
            return Err(rfm_input::ErrorKind::Stopped { position }.into());
        }
        let filled = match self.has_rows() {
            Ok(true) => self.intake.fill(&self.layout),
            Ok(false) => return Ok(None),
            Err(error) => Err(error),
        };
        match filled {
            Ok(()) => Ok(Some(self.intake.batch(&self.layout))),
            Err(error) => {
                self.stopped = Some(error.position().clone());
                Err(error)
            }
        }
    }
}

/// Looks at rows until they prove the formats.
fn observe(
    layout: &Layout,
    batches: &VecDeque<RecordBatch>,
    options: &ArrowOptions,
    evidence: &mut Evidence,
) -> Result<(), Error> {
    let mut first = 1;
    for batch in batches {
        let rows = layout.rows(batch, first)?;
        for row in 0..rows.len() {
            if row % 1_024 == 0 && evidence.is_decided(options.read_options()) {
                return Ok(());
            }
            evidence.observe_further(&rows.row(row), layout.site(), options.read_options());
        }
        first += rows.len() as u64;
    }
    Ok(())
}
