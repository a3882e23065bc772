//! Workbooks for several threads.
//!
//! Whoever has nothing to do takes the next piece: a sheet, or all sheets of a workbook that threads cannot share, or the digest of a
//! file. The first one that reads of a workbook opens it, and those who come meanwhile wait for that; it is closed with the last one.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rfm_core::TransactionBatch;
use rfm_input::{Fingerprint, InputReport, Intake, PieceReader, Pieces, StoredFile};

use crate::error::Error;
use crate::layout::Layout;
use crate::reading::{Facts, Reading};
use crate::source::{ExcelSource, Opener, Waiting};
use crate::workbook::Sheets;

/// The inputs of an [`ExcelSource`] for several threads; made by [`ExcelSource::into_pieces`].
///
/// # Examples
///
/// ```no_run
/// use rfm_core::{CleaningPolicy, Summaries};
/// use rfm_excel::{ExcelOptions, ExcelSource, PieceReader, Pieces};
///
/// let source = ExcelSource::open(["orders.xlsx"], ExcelOptions::default())?;
/// let pieces = source.into_pieces().expect("several sheets, and no row has been read");
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
/// let source = pieces.finish(&intakes).expect("nothing is wrong with the workbook");
/// # let _: (ExcelSource, Vec<Summaries>) = (source, summaries);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ExcelPieces {
    opener: Box<Opener>,
    /// Without a row so far.
    intake: Intake,
    size: u64,
    files: Vec<File>,
    front: Mutex<Front>,
}

/// A workbook that is read, or will be.
struct File {
    stored: StoredFile,
    facts: Facts,
    book: Mutex<Book>,
}

/// A workbook while somebody wants it.
struct Book {
    open: Option<Box<dyn Sheets>>,
    /// The pieces for which it was not handed out yet.
    wanted: usize,
}

/// What there is to do, and what was done.
struct Front {
    pieces: VecDeque<Piece>,
    /// What was found out about each file.
    found: Vec<Found>,
    /// Whether the pieces cannot be used.
    has_failed: bool,
}

/// A piece of a file.
struct Piece {
    file: usize,
    work: Work,
}

enum Work {
    /// The tables that one reads; the first one has this number in the file.
    Tables {
        first: usize,
        layouts: VecDeque<Layout>,
    },
    Digest,
}

#[derive(Default)]
struct Found {
    pieces_left: usize,
    /// Those of each piece, by the number of its first table.
    reports: Vec<(usize, Vec<InputReport>)>,
    fingerprint: Option<Fingerprint>,
}

impl ExcelPieces {
    /// See [`ExcelSource::into_pieces`].
    pub(crate) fn new(source: ExcelSource) -> Result<ExcelPieces, Box<ExcelSource>> {
        let has_several = match source.waiting.as_slice() {
            [only] => only.is_shared && only.layouts.len() > 1,
            files => !files.is_empty(),
        };
        if !has_several || !source.is_free() {
            return Err(Box::new(source));
        }
        let ExcelSource { opener, intake, waiting, size, .. } = source;
        let mut front = Front { pieces: VecDeque::new(), found: Vec::new(), has_failed: false };
        let mut files = Vec::new();
        for Waiting { file: stored, book: open, is_shared, layouts, facts } in waiting.into_iter().rev() {
            let tables: Vec<VecDeque<Layout>> = match is_shared {
                true => layouts.into_iter().map(|layout| [layout].into()).collect(),
                false => vec![layouts],
            };
            let (file, wanted) = (files.len(), tables.len());
            let tables = (0..).zip(tables).map(|(first, layouts)| Work::Tables { first, layouts });
            front.pieces.extend(tables.chain([Work::Digest]).map(|work| Piece { file, work }));
            front.found.push(Found { pieces_left: wanted + 1, ..Found::default() });
            files.push(File { stored, facts, book: Mutex::new(Book { open, wanted }) });
        }
        Ok(ExcelPieces { opener, intake, size, files, front: Mutex::new(front) })
    }

    fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The workbook of a file for one piece of it.
    fn book(&self, file: &File) -> Result<Box<dyn Sheets>, Error> {
        let mut book = file.book.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match book.open.take() {
            Some(open) => open,
            None => (self.opener)(&file.stored)?,
        };
        book.wanted = book.wanted.saturating_sub(1);
        if book.wanted > 0 {
            book.open = open.share();
        }
        Ok(open)
    }

    /// Takes down what a piece came to; after the last one of a file makes sure that it has not changed.
    fn done(&self, file: usize, take_down: impl FnOnce(&mut Found)) -> Result<(), Error> {
        let mut front = self.front();
        let found = &mut front.found[file];
        take_down(found);
        found.pieces_left = found.pieces_left.saturating_sub(1);
        match found.pieces_left {
            0 => Ok(self.files[file].stored.check()?),
            _ => Ok(()),
        }
    }
}

impl Found {
    /// The reports of a file in the order of its tables; `None` if one is missing.
    fn into_reports(mut self) -> Option<Vec<InputReport>> {
        if self.pieces_left > 0 {
            return None;
        }
        let fingerprint = Some(self.fingerprint?);
        self.reports.sort_by_key(|(first, _)| *first);
        let reports = self.reports.into_iter().flat_map(|(_, reports)| reports);
        Some(reports.map(|report| report.with_fingerprint(fingerprint)).collect())
    }
}

impl Pieces for ExcelPieces {
    type Source = ExcelSource;
    type Reader<'p> = ExcelPieceReader<'p>;

    fn reader(&self) -> ExcelPieceReader<'_> {
        ExcelPieceReader { pieces: self, intake: self.intake.alike(), current: None }
    }

    fn give_up(&self) {
        self.front().has_failed = true;
    }

    fn finish<'i>(self, intakes: impl IntoIterator<Item = &'i Intake>) -> Option<ExcelSource> {
        let ExcelPieces { opener, mut intake, size, front, .. } = self;
        let front = front.into_inner().unwrap_or_else(PoisonError::into_inner);
        if front.has_failed {
            return None;
        }
        let reports = front.found.into_iter().map(Found::into_reports).collect::<Option<Vec<_>>>()?;
        let are_few = intakes.into_iter().all(|other| intake.merge(other));
        if !are_few || intake.finish().is_err() {
            return None;
        }
        Some(ExcelSource::read_through(opener, intake, reports.into_iter().flatten().collect(), size))
    }
}

impl fmt::Debug for ExcelPieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExcelPieces").field("intake", &self.intake).finish_non_exhaustive()
    }
}

/// Reads pieces, a batch of rows at a time; made by [`Pieces::reader`].
pub struct ExcelPieceReader<'p> {
    pieces: &'p ExcelPieces,
    intake: Intake,
    current: Option<Current>,
}

/// The tables that are being read.
struct Current {
    file: usize,
    first: usize,
    reading: Reading,
}

impl PieceReader for ExcelPieceReader<'_> {
    fn next_batch(&mut self) -> Option<TransactionBatch<'_>> {
        match self.fill() {
            Ok(true) => Some(self.intake.batch()),
            Ok(false) => None,
            Err(_) => {
                self.pieces.give_up();
                None
            }
        }
    }

    fn into_intake(self) -> Intake {
        self.intake
    }
}

impl ExcelPieceReader<'_> {
    /// Fills a batch; `false` if there are no more pieces, or they cannot be used.
    fn fill(&mut self) -> Result<bool, Error> {
        self.intake.clear();
        // A sheet may be long: all end soon after one has failed.
        while !self.pieces.front().has_failed {
            let Some(Current { file, first, mut reading }) = self.current.take() else {
                let Some(piece) = self.pieces.front().pieces.pop_front() else { return Ok(false) };
                self.begin(piece)?;
                continue;
            };
            let has_more = reading.fill(&mut self.intake)?;
            if has_more {
                self.current = Some(Current { file, first, reading });
            } else {
                self.pieces.done(file, |found| found.reports.push((first, reading.into_reports())))?;
            }
            if !self.intake.is_empty() {
                return Ok(true);
            }
        }
        self.current = None;
        Ok(false)
    }

    fn begin(&mut self, Piece { file: number, work }: Piece) -> Result<(), Error> {
        let file = &self.pieces.files[number];
        match work {
            Work::Tables { first, layouts } => {
                let (book, facts) = (self.pieces.book(file)?, file.facts.clone());
                let reading = Reading::start(&file.stored, book, layouts, facts, &mut self.intake);
                self.current = Some(Current { file: number, first, reading });
                Ok(())
            }
            Work::Digest => {
                let fingerprint = file.stored.fingerprint()?;
                self.pieces.done(number, |found| found.fingerprint = Some(fingerprint))
            }
        }
    }
}

impl fmt::Debug for ExcelPieceReader<'_> {
    /// Without the rows, which are data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExcelPieceReader").field("intake", &self.intake).finish_non_exhaustive()
    }
}
