//! Parquet files as a source of transactions.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rfm_arrow::{BatchIntake, BatchRows};
use rfm_core::cell::CellFormats;
use rfm_core::{Reject, TransactionBatch, TransactionSource};
use rfm_input::{Evidence, FileId, InputName, InputReport, Intake, Position, RejectedLine, Row as _, StoredFile};

use crate::error::Error;
use crate::files::{Files, Found};
use crate::options::ParquetOptions;
use crate::table::{Columns, GroupRows, Table};

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
    options: ParquetOptions,
    intake: BatchIntake,
    waiting: VecDeque<Waiting>,
    current: Option<Reading>,
    skipped: Vec<InputName>,
    done: Vec<InputReport>,
    size: u64,
    /// Where an error ended the reading.
    stopped: Option<Position>,
}

/// A file whose columns have roles: open, or to be opened again when its turn comes, so that many files do not need many
/// handles.
#[derive(Debug)]
enum Waiting {
    Open(Arc<Table>),
    Closed { found: Found, id: Option<FileId>, size: u64 },
}

/// The file that is being read.
#[derive(Debug)]
struct Reading {
    table: Arc<Table>,
    columns: Columns,
    group: usize,
    rows_of_groups: Vec<u64>,
    rows: Option<GroupRows>,
    /// Rows that were taken of the row group, and of the file.
    in_group: u64,
    taken: u64,
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
        Ok(ParquetSource { options, intake, waiting, current: None, skipped, done: Vec::new(), size, stopped: None })
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
        let table = match self.waiting.pop_front() {
            Some(Waiting::Open(table)) => table,
            Some(Waiting::Closed { found, id, size }) => {
                // Looked at once more, since it is opened once more.
                let table = Table::open(&found, &self.options)?;
                if table.file().id() != id.as_ref() || table.file().size() != size {
                    return Err(rfm_input::ErrorKind::Changed { position: Position::new(&found.name) }.into());
                }
                Arc::new(table)
            }
            None => return Ok(None),
        };
        self.intake.begin(table.layout());
        let columns = match self.options.read_options().drops_repeated_lines() {
            true => Columns::All,
            false => Columns::Needed,
        };
        Ok(Some(Reading::new(table, columns)))
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
            let before = reading.taken;
            match reading.next()? {
                Some(rows) => {
                    self.tell_progress(&reading, before);
                    self.intake.enter(rows);
                    self.current = Some(reading);
                }
                None => self.finish(reading)?,
            }
        }
        Ok(true)
    }

    /// Adds to the counter of stored bytes the share of the file that the rows are: of columns that are not read no byte is.
    fn tell_progress(&self, reading: &Reading, before: u64) {
        let Some(counter) = self.options.read_options().progress_counter() else { return };
        let (rows, size) = (u128::from(reading.table.rows()).max(1), u128::from(reading.table.file().size()));
        let bytes_at = |row: u64| u64::try_from(u128::from(row) * size / rows).unwrap_or(u64::MAX);
        counter.fetch_add(bytes_at(reading.taken) - bytes_at(before), Ordering::Relaxed);
    }

    fn finish(&mut self, reading: Reading) -> Result<(), Error> {
        let Reading { table, rows_of_groups, columns, taken, .. } = reading;
        let fingerprint = table.file().fingerprint()?;
        let (width, decoded) = table.width(columns);
        let mut report = InputReport::new(table.layout().site(), taken)
            .with_fingerprint(Some(fingerprint))
            .fact("format", "parquet")
            .fact("compression", table.compression())
            .fact("row_groups", rows_of_groups.len().to_string())
            .fact("columns_read", format!("{decoded} of {width}"));
        for (key, _) in &table.found().partitions {
            report = report.fact("partition", key);
        }
        let intake = self.intake.intake();
        self.done.push(report.formats(intake.formats(), intake.known()));
        Ok(())
    }
}

impl Reading {
    fn new(table: Arc<Table>, columns: Columns) -> Reading {
        Reading { columns, group: 0, rows_of_groups: table.row_groups(), table, rows: None, in_group: 0, taken: 0 }
    }

    /// The next rows; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<BatchRows>, Error> {
        while self.group < self.rows_of_groups.len() {
            if self.rows.is_none() {
                self.rows = Some(self.table.read(self.group, self.columns, self.in_group)?);
            }
            match self.rows.as_mut().map(GroupRows::next).transpose()?.flatten() {
                // Only the other columns tell a row of nothing from one that lacks what is needed.
                Some(rows) if self.columns == Columns::Needed && has_blank(&rows) => self.widen()?,
                Some(rows) => {
                    self.in_group += rows.len() as u64;
                    self.taken += rows.len() as u64;
                    return Ok(Some(rows));
                }
                None => {
                    self.rows = None;
                    self.group += 1;
                    self.in_group = 0;
                }
            }
        }
        Ok(None)
    }

    /// Reads on with all columns, from the same row.
    fn widen(&mut self) -> Result<(), Error> {
        self.table.check_pages(Columns::All)?;
        self.columns = Columns::All;
        self.rows = None;
        Ok(())
    }
}

fn has_blank(rows: &BatchRows) -> bool {
    (0..rows.len()).any(|row| rows.row(row).is_blank())
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
