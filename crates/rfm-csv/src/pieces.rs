//! Delimited text for several threads.
//!
//! Whoever has nothing to do takes the next piece of the text: reads and digests it, decompresses and decodes it if need be, and cuts
//! it where a record certainly ends ([`Cutter`]). That is done by one at a time, and costs a fraction of what reading the cells does,
//! which all do at once.

use std::fmt;
use std::io::Read;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rfm_core::TransactionBatch;
use rfm_input::{Intake, PieceReader, Pieces, Site};

use crate::error::Error;
use crate::layout::{InputText, Layout};
use crate::options::CsvOptions;
use crate::records::{Cutter, Records, line_ends};
use crate::report::Counts;
use crate::source::{CsvSource, Waiting};

/// Bytes of a piece: enough to make the turn-taking vanish, few enough to stay in the second-level
/// cache between being read and being used.
pub(crate) const PIECE: usize = 512 * 1024;

/// The inputs of a [`CsvSource`] for several threads; made by [`CsvSource::into_pieces`].
///
/// Cut where a record certainly ends; where quotes leave it open, [`Pieces::finish`] has nothing to return.
///
/// # Examples
///
/// ```
/// use rfm_core::{CleaningPolicy, Summaries};
/// use rfm_csv::{CsvOptions, CsvSource, PieceReader, Pieces};
///
/// let text = "customer,date,amount\nann,2011-09-01,19.99\nbob,2011-10-03,5.00\n";
/// let source = CsvSource::from_bytes("orders.csv", text.as_bytes(), CsvOptions::default())?;
/// let pieces = source.into_pieces().expect("bytes can be read again");
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
/// let source = pieces.finish(&intakes).expect("nothing is wrong with the text");
/// assert_eq!(source.reports()[0].rows(), 2);
/// # let rows: u64 = summaries.iter().map(|summaries: &Summaries| summaries.account().used().lines()).sum();
/// # assert_eq!(rows, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CsvPieces {
    options: CsvOptions,
    /// Without a row so far.
    intake: Intake,
    size: Option<u64>,
    /// Those of a piece, about.
    bytes: usize,
    inputs: Vec<(Layout, Site)>,
    front: Mutex<Front>,
}

/// What one thread at a time works with.
#[derive(Debug)]
struct Front {
    /// The texts that are still to be read, the next one last, and their numbers.
    waiting: Vec<(usize, Waiting)>,
    current: Option<Current>,
    /// What was counted in each input.
    counts: Vec<Counts>,
    /// Whether the pieces cannot be used.
    has_failed: bool,
}

/// The text that is being cut.
#[derive(Debug)]
struct Current {
    input: usize,
    text: InputText,
    cutter: Cutter,
    /// What was read behind the last cut.
    rest: Vec<u8>,
    /// Lines before it, counted as far as the header may be ahead: nobody asks a piece where a line is.
    lines: u64,
}

/// Some records of one input.
struct Piece {
    input: usize,
    text: Vec<u8>,
    /// Lines before it, or some that the header is among.
    lines: u64,
}

impl CsvPieces {
    /// See [`CsvSource::into_pieces`].
    pub(crate) fn new(source: CsvSource, bytes: usize) -> Result<CsvPieces, Box<CsvSource>> {
        if source.options.read.need_order() || !source.is_fresh() || !source.waiting.iter().all(Waiting::is_repeatable)
        {
            return Err(Box::new(source));
        }
        let CsvSource { options, intake, waiting, size, .. } = source;
        let layout = |waiting: &Waiting| (waiting.layout.clone(), waiting.site.clone());
        let inputs: Vec<(Layout, Site)> = waiting.iter().rev().map(layout).collect();
        let counts = vec![Counts::default(); inputs.len()];
        let waiting = (0..inputs.len()).rev().zip(waiting).collect();
        let front = Mutex::new(Front { waiting, current: None, counts, has_failed: false });
        Ok(CsvPieces { options, intake, size, bytes: bytes.max(1), inputs, front })
    }

    fn front(&self) -> MutexGuard<'_, Front> {
        self.front.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pieces for CsvPieces {
    type Source = CsvSource;
    type Reader<'p> = CsvPieceReader<'p>;

    fn reader(&self) -> CsvPieceReader<'_> {
        CsvPieceReader { pieces: self, intake: self.intake.alike(), current: None, memory: Vec::new() }
    }

    fn give_up(&self) {
        self.front().has_failed = true;
    }

    fn finish<'i>(self, intakes: impl IntoIterator<Item = &'i Intake>) -> Option<CsvSource> {
        let CsvPieces { options, intake, size, inputs, front, .. } = self;
        let front = front.into_inner().unwrap_or_else(PoisonError::into_inner);
        if front.has_failed || front.current.is_some() || !front.waiting.is_empty() {
            return None;
        }
        let mut source = CsvSource::read_through(options, intake, size);
        let are_few = intakes.into_iter().all(|intake| source.intake.merge(intake));
        if !are_few || source.intake.finish().is_err() {
            return None;
        }
        for ((layout, site), counts) in inputs.iter().zip(&front.counts) {
            source.done(layout, site, counts).ok()?;
        }
        Some(source)
    }
}

impl Front {
    /// The next piece, in `memory`; `None` at the end of all inputs, and after a failure.
    fn next(&mut self, pieces: &CsvPieces, mut memory: Vec<u8>) -> Option<Piece> {
        while !self.has_failed {
            let Some(current) = &mut self.current else {
                let (input, waiting) = self.waiting.pop()?;
                match Current::open(input, waiting, &pieces.options) {
                    Ok(current) => self.current = Some(current),
                    Err(_) => self.has_failed = true,
                }
                continue;
            };
            match current.next(&mut memory, pieces) {
                Some(Some(lines)) => return Some(Piece { input: current.input, text: memory, lines }),
                Some(None) => {
                    self.counts[current.input].fingerprint = current.text.get_ref().get_ref().fingerprint();
                    self.current = None;
                }
                None => self.has_failed = true,
            }
        }
        None
    }
}

impl Current {
    fn open(input: usize, waiting: Waiting, options: &CsvOptions) -> Result<Current, Error> {
        let dialect = waiting.layout.dialect;
        let text = waiting.text.open(options)?;
        Ok(Current { input, text, cutter: Cutter::new(dialect), rest: Vec::new(), lines: 0 })
    }

    /// Puts the next piece into `text` and returns how many lines are before it: none at the end. `None` if it cannot be told.
    fn next(&mut self, text: &mut Vec<u8>, pieces: &CsvPieces) -> Option<Option<u64>> {
        let most = pieces.options.read.given_limits().record_bytes.saturating_add(pieces.bytes);
        let mut length = self.rest.len();
        text.resize(pieces.bytes.max(length.saturating_mul(2)), 0);
        text[..length].copy_from_slice(&self.rest);
        self.rest.clear();
        loop {
            match self.text.read(&mut text[length..]) {
                Ok(0) => {
                    self.cutter.check_end(&text[..length]).ok()?;
                    break;
                }
                Ok(read) => length += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
            if length < text.len() {
                continue;
            }
            match self.cutter.cut(text).ok()? {
                0 if length > most => return None,
                0 => text.resize(length.saturating_mul(2), 0),
                cut => {
                    self.rest.extend_from_slice(&text[cut..]);
                    length = cut;
                    break;
                }
            }
        }
        text.truncate(length);
        if length == 0 {
            return Some(None);
        }
        let lines = self.lines;
        if pieces.inputs[self.input].0.header_line.is_some_and(|header| lines < header) {
            self.lines += line_ends(text);
        }
        Some(Some(lines))
    }
}

/// Reads pieces, a batch of rows at a time; made by [`Pieces::reader`].
pub struct CsvPieceReader<'p> {
    pieces: &'p CsvPieces,
    intake: Intake,
    current: Option<PieceRecords>,
    memory: Vec<u8>,
}

struct PieceRecords {
    input: usize,
    records: Records<std::io::Empty>,
    lines: u64,
    rows: u64,
}

impl PieceReader for CsvPieceReader<'_> {
    fn next_batch(&mut self) -> Option<TransactionBatch<'_>> {
        self.intake.clear();
        while self.intake.is_empty() {
            if self.current.is_none() && !self.advance() {
                return None;
            }
            match self.fill() {
                Ok(true) => {}
                Ok(false) => self.leave(),
                Err(_) => {
                    self.current = None;
                    self.pieces.give_up();
                    return None;
                }
            }
        }
        Some(self.intake.batch())
    }

    fn into_intake(self) -> Intake {
        self.intake
    }
}

impl CsvPieceReader<'_> {
    /// The next piece; `false` if there is none.
    fn advance(&mut self) -> bool {
        let memory = std::mem::take(&mut self.memory);
        let Some(Piece { input, text, lines }) = self.pieces.front().next(self.pieces, memory) else { return false };
        let (layout, site) = &self.pieces.inputs[input];
        self.intake.begin(site);
        let limits = self.pieces.options.read.given_limits();
        let records = Records::of_piece(text, lines, layout.dialect, limits);
        self.current = Some(PieceRecords { input, records, lines, rows: 0 });
        true
    }

    /// Counts a piece that has been read to its end.
    fn leave(&mut self) {
        let Some(PieceRecords { input, records, lines, rows }) = self.current.take() else { return };
        let counts = &mut self.pieces.front().counts[input];
        counts.rows += rows;
        counts.lines += records.lines() - lines;
        counts.blank_lines += records.blank_lines();
        counts.ended_without_newline |= records.ended_without_newline();
        self.memory = records.into_memory();
    }

    /// Fills the batch from the piece at hand; `false` at its end.
    fn fill(&mut self) -> Result<bool, Error> {
        let Some(PieceRecords { input, records, rows, .. }) = &mut self.current else { return Ok(false) };
        let (layout, site) = &self.pieces.inputs[*input];
        layout.take(records, site, &mut self.intake, rows)
    }
}

impl fmt::Debug for CsvPieceReader<'_> {
    /// Without the text, which holds data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvPieceReader").field("intake", &self.intake).finish_non_exhaustive()
    }
}
