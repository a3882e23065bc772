//! Workbooks as a source of transactions.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::cell::CellFormats;
use rfm_core::{Reject, TransactionBatch, TransactionSource};
use rfm_input::{Evidence, FileId, InputName, InputReport, Intake, Position, RejectedLine, StoredFile};

use crate::error::Error;
use crate::kind::WorkbookKind;
use crate::layout::{Layout, layouts};
use crate::options::ExcelOptions;
use crate::pieces::ExcelPieces;
use crate::reading::{Facts, Reading};
use crate::workbook::{Sheets, Workbook};

/// Opens a workbook; see [`ExcelSource::open_with`].
pub type Opener = dyn Fn(&StoredFile) -> Result<Box<dyn Sheets>, Error> + Send + Sync;

/// One or several workbooks, read one after the other as one input, sheet by sheet, a batch of rows at a time.
///
/// Formats of dates and numbers that are stored as texts are proven by the cells of all sheets together, or asked for. Each sheet
/// has its own header and order of columns.
///
/// # Examples
///
/// ```no_run
/// use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
/// use rfm_excel::{ExcelOptions, ExcelSource};
///
/// let mut source = ExcelSource::open(["orders.xlsx"], ExcelOptions::default())?;
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// while let Some(batch) = source.next_batch()? {
///     summaries.push_batch(&batch)?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ExcelSource {
    pub(crate) opener: Box<Opener>,
    /// Whether rows have to be taken in their order.
    needs_order: bool,
    pub(crate) intake: Intake,
    /// The workbooks that are still to be read, the next one last.
    pub(crate) waiting: Vec<Waiting>,
    current: Option<(StoredFile, Reading)>,
    done: Vec<InputReport>,
    pub(crate) size: u64,
    /// Where an error ended the reading.
    stopped: Option<Position>,
}

/// A workbook whose tables are known.
pub(crate) struct Waiting {
    pub(crate) file: StoredFile,
    /// At hand if it is the only one; several are opened again when their turn comes, since each holds its strings.
    pub(crate) book: Option<Box<dyn Sheets>>,
    /// Whether several threads can have it.
    pub(crate) is_shared: bool,
    pub(crate) layouts: VecDeque<Layout>,
    pub(crate) facts: Facts,
}

impl fmt::Debug for ExcelSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExcelSource").field("intake", &self.intake).field("done", &self.done).finish_non_exhaustive()
    }
}

impl ExcelSource {
    /// Opens files as one input.
    ///
    /// # Errors
    ///
    /// [`Error`] if one cannot be opened or is given twice, is no workbook, has several tables, has no columns for the roles,
    /// or if the formats of dates and numbers are neither given nor proven.
    pub fn open<P: Into<PathBuf>>(
        paths: impl IntoIterator<Item = P>,
        options: impl Into<ExcelOptions>,
    ) -> Result<ExcelSource, Error> {
        let options = options.into();
        let opener = in_process(&options);
        ExcelSource::open_with(paths, options, opener)
    }

    /// The same, with workbooks that `opener` opens: in a process of their own, say.
    ///
    /// # Errors
    ///
    /// As [`ExcelSource::open`], and those of the opener.
    pub fn open_with<P: Into<PathBuf>>(
        paths: impl IntoIterator<Item = P>,
        options: impl Into<ExcelOptions>,
        opener: impl Fn(&StoredFile) -> Result<Box<dyn Sheets>, Error> + Send + Sync + 'static,
    ) -> Result<ExcelSource, Error> {
        let mut known: HashMap<FileId, InputName> = HashMap::new();
        let mut files = Vec::new();
        for path in paths {
            let file = StoredFile::open(&InputName::new(path))?;
            if let Some(other) = file.id().and_then(|id| known.insert(id.clone(), file.name().clone())) {
                return Err(rfm_input::Error::same_input(file.name(), other).into());
            }
            files.push(file);
        }
        ExcelSource::start(files, &options.into(), Box::new(opener))
    }

    /// Reads a workbook in memory; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`ExcelSource::open`].
    pub fn from_bytes(
        name: impl Into<PathBuf>,
        bytes: impl Into<Arc<[u8]>>,
        options: impl Into<ExcelOptions>,
    ) -> Result<ExcelSource, Error> {
        let options = options.into();
        let opener = in_process(&options);
        let file = StoredFile::from_bytes(&InputName::new(name), bytes);
        ExcelSource::start(vec![file], &options, Box::new(opener))
    }

    fn start(files: Vec<StoredFile>, options: &ExcelOptions, opener: Box<Opener>) -> Result<ExcelSource, Error> {
        let size = files.iter().map(StoredFile::size).sum();
        let is_only = files.len() == 1;
        let mut waiting = Vec::new();
        let mut evidence = Evidence::default();
        // Sheets that may have more to say, by file.
        let mut undecided: Vec<(usize, Layout)> = Vec::new();
        for file in files {
            let mut book = opener(&file)?;
            let mut found = VecDeque::new();
            for (layout, sample) in layouts(file.name(), &mut *book, options)? {
                if sample.observe(&layout, &options.read, &mut evidence) && !sample.is_complete() {
                    undecided.push((waiting.len(), layout.clone()));
                }
                found.push_back(layout);
            }
            let (facts, is_shared) = (facts(&*book, &found).into(), book.share().is_some());
            waiting.push(Waiting { file, book: is_only.then_some(book), is_shared, layouts: found, facts });
        }
        // If the beginnings do not decide, the rest is looked at too.
        for (at, layout) in undecided {
            if !evidence.is_decided(&options.read) {
                let Waiting { file, book, .. } = &mut waiting[at];
                match book {
                    Some(book) => observe_all(&mut **book, &layout, options, &mut evidence)?,
                    None => observe_all(&mut *opener(file)?, &layout, options, &mut evidence)?,
                }
            }
        }
        waiting.reverse();
        let intake = Intake::new(options.read.clone(), &evidence)?;
        let needs_order = options.read.need_order();
        let (current, done) = (None, Vec::new());
        Ok(ExcelSource { opener, needs_order, intake, waiting, current, done, size, stopped: None })
    }

    /// One that has read everything, in any order.
    pub(crate) fn read_through(opener: Box<Opener>, intake: Intake, done: Vec<InputReport>, size: u64) -> ExcelSource {
        let (waiting, current) = (Vec::new(), None);
        ExcelSource { opener, needs_order: false, intake, waiting, current, done, size, stopped: None }
    }

    /// Whether no row has been read, and the order does not matter.
    pub(crate) fn is_free(&self) -> bool {
        !self.needs_order && self.current.is_none() && self.done.is_empty() && self.stopped.is_none()
    }

    /// The sheets for several threads, each of which reads a sheet at a time.
    ///
    /// Threads that read an `.xlsx` file open it once, and share what is not in its sheets. All sheets of another workbook are read by one
    /// thread, since opening it is most of the work; so are those that an opener gives, unless they can be shared. As many workbooks
    /// may be open at a time as there are threads.
    ///
    /// # Errors
    ///
    /// The source itself, if there are no two pieces, or if it has to be read in order: rows have begun to be read; lines that are
    /// repeated are dropped, or the rejected ones are kept.
    pub fn into_pieces(self) -> Result<ExcelPieces, Box<ExcelSource>> {
        ExcelPieces::new(self)
    }

    /// The size of all inputs as they are stored.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How the cells are read.
    #[must_use]
    pub fn formats(&self) -> CellFormats {
        *self.intake.formats()
    }

    /// What was found out about each sheet that has been read to its end, in the order of reading.
    #[must_use]
    pub fn reports(&self) -> &[InputReport] {
        &self.done
    }

    /// What became of the rows.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The rows of the last batch that do not count, with their texts, if
    /// [`ReadOptions::keep_rejects`](rfm_input::ReadOptions::keep_rejects) asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.intake.rejected_lines(verdicts)
    }

    /// The next workbook; `false` if there is none.
    fn advance(&mut self) -> Result<bool, Error> {
        let Some(Waiting { file, book, layouts, facts, .. }) = self.waiting.pop() else { return Ok(false) };
        let book = match book {
            Some(book) => book,
            None => (self.opener)(&file)?,
        };
        let reading = Reading::start(&file, book, layouts, facts, &mut self.intake);
        self.current = Some((file, reading));
        Ok(true)
    }

    /// Fills a batch with rows of one sheet; `false` at the end of all.
    fn fill(&mut self) -> Result<bool, Error> {
        self.intake.clear();
        while self.intake.is_empty() {
            if self.current.is_none() && !self.advance()? {
                self.intake.finish()?;
                return Ok(false);
            }
            if let Some((file, mut reading)) = self.current.take() {
                match reading.fill(&mut self.intake)? {
                    true => self.current = Some((file, reading)),
                    false => {
                        let fingerprint = Some(file.fingerprint()?);
                        let reports = reading.into_reports().into_iter();
                        self.done.extend(reports.map(|report| report.with_fingerprint(fingerprint)));
                    }
                }
            }
        }
        Ok(true)
    }
}

impl TransactionSource for ExcelSource {
    type Error = Error;

    /// After an error, every further call is an error too: what was read no longer adds up.
    fn next_batch(&mut self) -> Result<Option<TransactionBatch<'_>>, Error> {
        if let Some(position) = self.stopped.clone() {
            return Err(rfm_input::Error::from(rfm_input::ErrorKind::Stopped { position }).into());
        }
        match self.fill() {
            Ok(true) => Ok(Some(self.intake.batch())),
            Ok(false) => Ok(None),
            Err(error) => {
                self.stopped = Some(error.position().clone());
                Err(error)
            }
        }
    }
}

fn in_process(
    options: &ExcelOptions,
) -> impl Fn(&StoredFile) -> Result<Box<dyn Sheets>, Error> + Send + Sync + 'static {
    let (limits, counter) = (options.read.given_limits(), options.read.progress_counter().cloned());
    move |file| Ok(Box::new(Workbook::open_counted(file, limits, counter.clone())?))
}

/// Gathers evidence from all of a sheet, until it decides.
fn observe_all(
    book: &mut dyn Sheets,
    layout: &Layout,
    options: &ExcelOptions,
    evidence: &mut Evidence,
) -> Result<(), Error> {
    // What was looked at at first is in it already.
    let mut whole = evidence.clone();
    book.read(layout.sheet, &mut |rows| {
        for row in rows.iter().filter(|row| row.number() > layout.header.row && !row.is_blank()) {
            whole.observe_further(&row, &layout.site, &options.read);
        }
        if whole.is_decided(&options.read) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    *evidence = whole;
    Ok(())
}

/// What is told of a workbook beside its tables.
fn facts(book: &dyn Sheets, layouts: &VecDeque<Layout>) -> Vec<(String, String)> {
    let left_out = book.sheets().iter().enumerate().filter(|(at, _)| layouts.iter().all(|layout| layout.sheet != *at));
    let left_out: Vec<String> = left_out
        .map(|(_, sheet)| format!("`{}`{}", sheet.name(), if sheet.is_visible() { "" } else { " (hidden)" }))
        .collect();
    let left_out = if left_out.is_empty() { "none".to_owned() } else { left_out.join(", ") };
    let mut facts = vec![
        ("format".to_owned(), book.kind().to_string()),
        ("date_system".to_owned(), book.date_system().to_string()),
        ("sheets_not_read".to_owned(), left_out),
    ];
    if matches!(book.kind(), WorkbookKind::Xlsb | WorkbookKind::Ods) {
        facts.push(("merged_cells".to_owned(), "not told by this format's reader; covered cells are empty".to_owned()));
    }
    facts
}
