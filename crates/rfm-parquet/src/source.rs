//! Parquet files as a source of transactions.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use rfm_arrow::BatchIntake;
use rfm_core::cell::CellFormats;
use rfm_core::{Reject, TransactionBatch, TransactionSource};
use rfm_input::{Evidence, FileId, InputName, InputReport, Intake, Position, RejectedLine, StoredFile};

use crate::error::Error;
use crate::files::{Files, Found};
use crate::options::ParquetOptions;
use crate::pieces::{Cut, ParquetPieces};
use crate::reading::{Reading, report};
use crate::table::{Columns, Table};

/// One or several Parquet files, or directories of them, read one after the other as one input, a batch of rows at a time.
///
/// Only the columns that play a role are read. Each file has its own order of columns, and its own types for them. Formats of
/// dates and numbers that are stored as texts are proven by the cells of all files together, or asked for.
///
/// # Examples
///
/// ```no_run
/// use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
/// use rfm_parquet::{ParquetOptions, ParquetSource};
///
/// let mut source = ParquetSource::open(["orders/"], ParquetOptions::default())?;
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// while let Some(batch) = source.next_batch()? {
///     summaries.push_batch(&batch)?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ParquetSource {
    pub(crate) options: ParquetOptions,
    pub(crate) intake: BatchIntake,
    pub(crate) waiting: VecDeque<Waiting>,
    current: Option<Reading>,
    pub(crate) skipped: Vec<InputName>,
    pub(crate) done: Vec<InputReport>,
    pub(crate) size: u64,
    /// Where an error ended the reading.
    stopped: Option<Position>,
}

/// A file whose columns have roles: open, or to be opened again when its turn comes, so that many files do not need many
/// handles.
#[derive(Debug)]
pub(crate) enum Waiting {
    Open(Arc<Table>),
    Closed { found: Found, id: Option<FileId>, size: u64 },
}

impl Waiting {
    pub(crate) fn open(self, options: &ParquetOptions) -> Result<Arc<Table>, Error> {
        match self {
            Waiting::Open(table) => Ok(table),
            Waiting::Closed { found, id, size } => {
                // Looked at once more, since it is opened once more.
                let table = Table::open(&found, options)?;
                if table.file().id() != id.as_ref() || table.file().size() != size {
                    return Err(rfm_input::ErrorKind::Changed { position: Position::new(&found.name) }.into());
                }
                Ok(Arc::new(table))
            }
        }
    }
}

impl ParquetSource {
    /// Opens files and directories as one input. What lies in a directory is read in the order of the paths, without entries
    /// whose names begin with `.` or `_`; directories called `key=value` are columns.
    ///
    /// # Errors
    ///
    /// [`Error`] if a file cannot be opened, is given twice, is damaged or not read here, has no columns for the roles or
    /// columns of types that cannot play them, or if the formats of dates and numbers are neither given nor proven.
    pub fn open<P: Into<PathBuf>>(
        paths: impl IntoIterator<Item = P>,
        options: impl Into<ParquetOptions>,
    ) -> Result<ParquetSource, Error> {
        let options = options.into();
        let Files { found, skipped } = Files::of(paths.into_iter().map(Into::into))?;
        let mut evidence = Evidence::default();
        let mut known: HashMap<FileId, InputName> = HashMap::new();
        let mut waiting = VecDeque::with_capacity(found.len());
        let mut size = 0;
        let several = found.len() > 1;
        for found in &found {
            let table = Arc::new(Table::open(found, &options)?);
            let file = table.file();
            if let Some(other) = file.id().and_then(|id| known.insert(id.clone(), found.name.clone())) {
                let position = Position::new(&found.name);
                return Err(rfm_input::ErrorKind::SameInput { position, other }.into());
            }
            table.observe(&mut evidence, options.read_options())?;
            size += file.size();
            waiting.push_back(match several {
                true => Waiting::Closed { found: found.clone(), id: file.id().cloned(), size: file.size() },
                false => Waiting::Open(table),
            });
        }
        ParquetSource::start(waiting, skipped, size, &evidence, options)
    }

    /// Reads a file in memory; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`ParquetSource::open`].
    pub fn from_bytes(
        name: impl Into<PathBuf>,
        bytes: impl Into<Arc<[u8]>>,
        options: impl Into<ParquetOptions>,
    ) -> Result<ParquetSource, Error> {
        let options = options.into();
        let found = Found { name: InputName::new(name), partitions: Vec::new() };
        let file = StoredFile::from_bytes(&found.name, bytes);
        let size = file.size();
        let table = Arc::new(Table::of(file, &found, &options)?);
        let mut evidence = Evidence::default();
        table.observe(&mut evidence, options.read_options())?;
        ParquetSource::start([Waiting::Open(table)].into(), Vec::new(), size, &evidence, options)
    }

    fn start(
        waiting: VecDeque<Waiting>,
        skipped: Vec<InputName>,
        size: u64,
        evidence: &Evidence,
        options: ParquetOptions,
    ) -> Result<ParquetSource, Error> {
        let intake = BatchIntake::try_new(&options.arrow, evidence)?;
        Ok(ParquetSource::of(options, intake, waiting, skipped, size))
    }

    /// One that has not begun.
    pub(crate) fn of(
        options: ParquetOptions,
        intake: BatchIntake,
        waiting: VecDeque<Waiting>,
        skipped: Vec<InputName>,
        size: u64,
    ) -> ParquetSource {
        ParquetSource { options, intake, waiting, current: None, skipped, done: Vec::new(), size, stopped: None }
    }

    /// Whether no row has been read.
    pub(crate) fn is_fresh(&self) -> bool {
        self.current.is_none() && self.done.is_empty() && self.stopped.is_none()
    }

    /// The inputs for so many threads: row groups, and where there are few of them parts of row groups.
    ///
    /// Each thread holds the pages that it decodes, as the one that reads in order does.
    ///
    /// # Errors
    ///
    /// The source itself, if it has to be read in order: rows have begun to be read; lines that are repeated are dropped, or the
    /// rejected ones are kept.
    pub fn into_pieces(self, threads: usize) -> Result<ParquetPieces, Box<ParquetSource>> {
        ParquetPieces::new(self, Cut::Threads(threads))
    }

    /// The same, with so many rows of a row group in a piece, or what is left of it.
    ///
    /// # Errors
    ///
    /// As [`ParquetSource::into_pieces`].
    pub fn into_pieces_of(self, rows: u64) -> Result<ParquetPieces, Box<ParquetSource>> {
        ParquetPieces::new(self, Cut::Rows(rows))
    }

    /// The size of all files.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Entries of directories that were passed over, since their names begin with `.` or `_`.
    #[must_use]
    pub fn skipped(&self) -> &[InputName] {
        &self.skipped
    }

    /// How the cells are read.
    #[must_use]
    pub fn formats(&self) -> CellFormats {
        *self.intake.intake().formats()
    }

    /// What was found out about each file that has been read to its end, in the order of reading.
    #[must_use]
    pub fn reports(&self) -> &[InputReport] {
        &self.done
    }

    /// What became of the rows.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        self.intake.intake()
    }

    /// The rows of the last batch that do not count, with the cells that were read, if
    /// [`ReadOptions::keep_rejects`](rfm_input::ReadOptions::keep_rejects) asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.intake.rejected_lines(verdicts)
    }

    /// The next file, opened; `None` if there is none.
    fn advance(&mut self) -> Result<Option<Reading>, Error> {
        let Some(waiting) = self.waiting.pop_front() else { return Ok(None) };
        let table = waiting.open(&self.options)?;
        self.intake.begin(table.layout());
        let columns = match self.options.read_options().drops_repeated_lines() {
            true => Columns::All,
            false => Columns::Needed,
        };
        Ok(Some(Reading::new(table.stretches().collect(), table, columns)))
    }

    /// Goes to a batch that has rows left; `false` at the end of all.
    fn has_rows(&mut self) -> Result<bool, Error> {
        while !self.intake.has_rows() {
            if self.current.is_none() {
                self.current = self.advance()?;
            }
            let Some(mut reading) = self.current.take() else {
                self.intake.intake().finish()?;
                return Ok(false);
            };
            match reading.next(self.options.read_options())? {
                Some(rows) => {
                    self.intake.enter(rows);
                    self.current = Some(reading);
                }
                None => self.finish(reading)?,
            }
        }
        Ok(true)
    }

    fn finish(&mut self, reading: Reading) -> Result<(), Error> {
        let fingerprint = reading.table.file().fingerprint()?;
        self.done.push(report(&reading.table, reading.columns, reading.taken, fingerprint, self.intake()));
        Ok(())
    }
}

impl TransactionSource for ParquetSource {
    type Error = Error;

    /// After an error, every further call is an error too: what was read no longer adds up.
    fn next_batch(&mut self) -> Result<Option<TransactionBatch<'_>>, Error> {
        if let Some(position) = self.stopped.clone() {
            return Err(rfm_input::ErrorKind::Stopped { position }.into());
        }
        let stopped = |error: &Error| Some(error.position().clone());
        match self.has_rows() {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => {
                self.stopped = stopped(&error);
                return Err(error);
            }
        }
        let Some(reading) = &self.current else { return Ok(None) };
        self.intake.next_batch(reading.table.layout()).map_err(|error| {
            let error = Error::from(error);
            self.stopped = stopped(&error);
            error
        })
    }
}
