//! Parquet files for several threads.
//!
//! Whoever has nothing to do takes the next piece: the digest of a file, a row group, or a part of a row group where there are too
//! few of them for all threads. A part begins by passing over the pages before it, of which nothing but the headers is looked at.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use rfm_arrow::BatchIntake;
use rfm_core::TransactionBatch;
use rfm_input::{Fingerprint, InputName, InputReport, Intake, PieceReader, Pieces};

use crate::error::Error;
use crate::options::ParquetOptions;
use crate::reading::{Reading, report};
use crate::source::{ParquetSource, Waiting};
use crate::table::{BATCH, Columns, Stretch, Table};

/// Pieces for each thread, so that none waits long for the last one.
const PIECES: usize = 4;

/// The fewest rows of a part of a row group: a page at its beginning is decoded that other parts need, too.
const FEWEST: u64 = 64 * 1024;

/// How the row groups of files are cut.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    /// For so many threads.
    Threads(usize),
    /// After so many rows.
    Rows(u64),
}

/// The inputs of a [`ParquetSource`] for several threads; made by [`ParquetSource::into_pieces`].
///
/// # Examples
///
/// ```no_run
/// use rfm_core::{CleaningPolicy, Summaries};
/// use rfm_parquet::{ParquetOptions, ParquetSource, PieceReader, Pieces};
///
/// let source = ParquetSource::open(["orders.parquet"], ParquetOptions::default())?;
/// let pieces = source.into_pieces(2).expect("no row has been read");
/// let (summaries, intakes): (Vec<_>, Vec<_>) = std::thread::scope(|scope| {
///     let work = || {
///         let mut summaries = Summaries::new(CleaningPolicy::default());
///         let mut reader = pieces.reader();
///         while let Some(batch) = reader.next_batch() {
///             summaries.push_batch(&batch).expect("no sum is that large");
///         }
///         (summaries, reader.into_intake())
///     };
///     let threads = [scope.spawn(work), scope.spawn(work)];
///     threads.into_iter().map(|thread| thread.join().expect("no panic")).unzip()
/// });
/// let source = pieces.finish(&intakes).expect("nothing is wrong with the file");
/// # let _: (ParquetSource, Vec<Summaries>) = (source, summaries);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ParquetPieces {
    options: ParquetOptions,
    /// Without a row so far.
    intake: BatchIntake,
    skipped: Vec<InputName>,
    size: u64,
    cut: Cut,
    front: Mutex<Front>,
    /// Told when a file has been opened, or could not be.
    opened: Condvar,
}

/// What there is to do, and what was done.
#[derive(Debug)]
struct Front {
    /// The files that are still to be opened, and their numbers.
    waiting: VecDeque<(usize, Waiting)>,
    /// How many are being opened.
    opening: usize,
    pieces: VecDeque<Piece>,
    files: Vec<File>,
    /// Whether the pieces cannot be used.
    has_failed: bool,
}

/// A piece of a file.
#[derive(Debug)]
struct Piece {
    file: usize,
    table: Arc<Table>,
    /// Its rows; none where the bytes are digested.
    stretch: Option<Stretch>,
}

/// What was found out about a file so far.
#[derive(Debug, Default)]
struct File {
    pieces_left: usize,
    rows: u64,
    is_widened: bool,
    fingerprint: Option<Fingerprint>,
    report: Option<InputReport>,
}

impl ParquetPieces {
    /// See [`ParquetSource::into_pieces`].
    pub(crate) fn new(source: ParquetSource, cut: Cut) -> Result<ParquetPieces, Box<ParquetSource>> {
        if source.options.read_options().need_order() || !source.is_fresh() {
            return Err(Box::new(source));
        }
        let ParquetSource { options, intake, waiting, skipped, size, .. } = source;
        let waiting: VecDeque<(usize, Waiting)> = (0..).zip(waiting).collect();
        let files = waiting.iter().map(|_| File::default()).collect();
        let front = Front { waiting, opening: 0, pieces: VecDeque::new(), files, has_failed: false };
        Ok(ParquetPieces { options, intake, skipped, size, cut, front: Mutex::new(front), opened: Condvar::new() })
    }

    fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece; `None` if there is none, and after a failure.
    fn next(&self) -> Option<Piece> {
        let mut front = self.front();
        loop {
            if front.has_failed {
                return None;
            }
            if let Some(piece) = front.pieces.pop_front() {
                return Some(piece);
            }
            if let Some((file, waiting)) = front.waiting.pop_front() {
                front.opening += 1;
                drop(front);
                let mut opening = Opening { pieces: self, file, table: None };
                opening.table = waiting.open(&self.options).ok();
                drop(opening);
                front = self.front();
                continue;
            }
            if front.opening == 0 {
                return None;
            }
            front = self.opened.wait(front).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The parts of a file that are read one by one.
    fn stretches(&self, table: &Table) -> Vec<Stretch> {
        let groups = self.front().files.len().saturating_mul(table.row_groups()).max(1);
        let mut stretches = Vec::new();
        for Stretch { group, rows } in table.stretches() {
            let rows_of_part = match self.cut {
                Cut::Rows(rows) => rows.max(1),
                Cut::Threads(threads) => {
                    let parts = threads.saturating_mul(PIECES).div_ceil(groups).max(1) as u64;
                    // A page is decompressed for each part that needs it.
                    let fewest = FEWEST.max(table.page_rows().div_ceil(2));
                    rows.end.div_ceil(parts).max(fewest).next_multiple_of(BATCH as u64)
                }
            };
            let mut start = 0;
            // A row group without rows is looked at, too.
            while start < rows.end.max(1) {
                let end = start.saturating_add(rows_of_part);
                stretches.push(Stretch { group, rows: start..end.min(rows.end) });
                start = end;
            }
        }
        stretches
    }

    /// Takes down what a piece came to; after the last one of a file all that was found out about it.
    fn done(&self, piece: &Piece, found: Found, intake: &Intake) -> Result<(), Error> {
        let mut front = self.front();
        let Some(file) = front.files.get_mut(piece.file) else { return Ok(()) };
        match found {
            Found::Digest(fingerprint) => file.fingerprint = Some(fingerprint),
            Found::Rows { rows, columns } => {
                file.rows += rows;
                file.is_widened |= columns == Columns::All;
            }
        }
        file.pieces_left = file.pieces_left.saturating_sub(1);
        if let (0, Some(fingerprint)) = (file.pieces_left, file.fingerprint) {
            let columns = if file.is_widened { Columns::All } else { Columns::Needed };
            // It was digested before its rows were read, or at the same time.
            piece.table.file().check()?;
            file.report = Some(report(&piece.table, columns, file.rows, fingerprint, intake));
        }
        Ok(())
    }
}

/// What a piece came to.
enum Found {
    Digest(Fingerprint),
    Rows { rows: u64, columns: Columns },
}

/// A file that is being opened; whatever happens, those who wait for its pieces are told.
struct Opening<'p> {
    pieces: &'p ParquetPieces,
    file: usize,
    table: Option<Arc<Table>>,
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        let (number, pieces) = (self.file, self.pieces);
        let stretches = self.table.as_ref().map(|table| (table, pieces.stretches(table)));
        let mut front = pieces.front();
        match stretches {
            Some((table, stretches)) => {
                let piece = |stretch| Piece { file: number, table: Arc::clone(table), stretch };
                let all = [None].into_iter().chain(stretches.into_iter().map(Some));
                let before = front.pieces.len();
                front.pieces.extend(all.map(piece));
                let count = front.pieces.len() - before;
                if let Some(file) = front.files.get_mut(number) {
                    file.pieces_left = count;
                }
            }
            None => front.has_failed = true,
        }
        front.opening -= 1;
        drop(front);
        pieces.opened.notify_all();
    }
}

impl Pieces for ParquetPieces {
    type Source = ParquetSource;
    type Reader<'p> = ParquetPieceReader<'p>;

    fn reader(&self) -> ParquetPieceReader<'_> {
        ParquetPieceReader { pieces: self, intake: self.intake.alike(), current: None }
    }

    fn give_up(&self) {
        self.front().has_failed = true;
        self.opened.notify_all();
    }

    fn finish<'i>(self, intakes: impl IntoIterator<Item = &'i Intake>) -> Option<ParquetSource> {
        let ParquetPieces { options, mut intake, skipped, size, front, .. } = self;
        let front = front.into_inner().unwrap_or_else(PoisonError::into_inner);
        if front.has_failed {
            return None;
        }
        let reports = front.files.into_iter().map(|file| file.report).collect::<Option<Vec<InputReport>>>()?;
        let are_few = intakes.into_iter().all(|other| intake.merge(other));
        if !are_few || intake.intake().finish().is_err() {
            return None;
        }
        let mut source = ParquetSource::of(options, intake, VecDeque::new(), skipped, size);
        source.done = reports;
        Some(source)
    }
}

/// Reads pieces, a batch of rows at a time; made by [`Pieces::reader`].
pub struct ParquetPieceReader<'p> {
    pieces: &'p ParquetPieces,
    intake: BatchIntake,
    current: Option<(Piece, Reading)>,
}

impl PieceReader for ParquetPieceReader<'_> {
    fn next_batch(&mut self) -> Option<TransactionBatch<'_>> {
        let pieces = self.pieces;
        let batch = match self.has_rows() {
            Ok(true) => {
                let (_, reading) = self.current.as_ref()?;
                self.intake.next_batch(reading.table.layout()).map_err(Error::from)
            }
            Ok(false) => Ok(None),
            Err(error) => Err(error),
        };
        batch.unwrap_or_else(|_| {
            pieces.give_up();
            None
        })
    }

    fn into_intake(self) -> Intake {
        self.intake.into_intake()
    }
}

impl ParquetPieceReader<'_> {
    /// Goes to a batch that has rows left; `false` if there are no more pieces.
    fn has_rows(&mut self) -> Result<bool, Error> {
        while !self.intake.has_rows() {
            let Some((piece, mut reading)) = self.current.take() else {
                let Some(piece) = self.pieces.next() else { return Ok(false) };
                self.begin(piece)?;
                continue;
            };
            match reading.next(self.pieces.options.read_options())? {
                Some(rows) => {
                    self.intake.enter(rows);
                    self.current = Some((piece, reading));
                }
                None => {
                    let found = Found::Rows { rows: reading.taken, columns: reading.columns };
                    self.pieces.done(&piece, found, self.intake.intake())?;
                }
            }
        }
        Ok(true)
    }

    fn begin(&mut self, piece: Piece) -> Result<(), Error> {
        match &piece.stretch {
            None => {
                let fingerprint = piece.table.file().fingerprint()?;
                self.pieces.done(&piece, Found::Digest(fingerprint), self.intake.intake())
            }
            Some(stretch) => {
                self.intake.begin(piece.table.layout());
                let reading = Reading::new([stretch.clone()].into(), Arc::clone(&piece.table), Columns::Needed);
                self.current = Some((piece, reading));
                Ok(())
            }
        }
    }
}

impl fmt::Debug for ParquetPieceReader<'_> {
    /// Without the rows, which are data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetPieceReader").field("intake", &self.intake).finish_non_exhaustive()
    }
}
