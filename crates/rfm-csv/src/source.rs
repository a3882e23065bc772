//! Delimited text as a source of transactions.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use rfm_core::cell::CellFormats;
use rfm_core::{Reject, TransactionBatch, TransactionSource};
use rfm_input::{Evidence, FileId, InputName, InputReport, Intake, Position, RejectedLine, Site};

use crate::error::{Error, ErrorKind};
use crate::input::{Input, Ticket};
use crate::layout::{InputRecords, InputText, Layout};
use crate::options::CsvOptions;
use crate::pieces::{CsvPieces, PIECE};
use crate::records::Records;
use crate::report::{Counts, report};

/// One or several delimited texts, read one after the other as one input, a batch of rows at a time.
///
/// Formats of dates and numbers are proven by the cells of all texts together, or asked for; what stays ambiguous is an
/// error. Each text has its own encoding, delimiter and order of columns.
///
/// # Examples
///
/// ```
/// use rfm_core::{CleaningPolicy, Summaries, TransactionSource};
/// use rfm_csv::{CsvOptions, CsvSource};
///
/// let text = "Kunde;Datum;Umsatz\nanna;17.04.2024;1.234,50\nbert;05.04.2024;80,00\n";
/// let mut source = CsvSource::from_bytes("orders.csv", text.as_bytes(), CsvOptions::default())?;
/// let mut summaries = Summaries::new(CleaningPolicy::default());
/// while let Some(batch) = source.next_batch()? {
///     summaries.push_batch(&batch)?;
/// }
/// let customers = summaries.finish()?;
/// assert_eq!(customers.get(0).expect("anna").total().to_string(), "1234.50");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CsvSource {
    pub(crate) options: CsvOptions,
    pub(crate) intake: Intake,
    /// The inputs that are still to be read, the next one last.
    pub(crate) waiting: Vec<Waiting>,
    current: Option<Reading>,
    done: Vec<InputReport>,
    pub(crate) size: Option<u64>,
    /// Where an error ended the reading.
    stopped: Option<Position>,
}

/// An input whose layout is settled.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) layout: Layout,
    pub(crate) site: Site,
    pub(crate) text: Text,
}

/// The text of an input: at hand, or to be opened when its turn comes, so that many files do not need many handles.
#[derive(Debug)]
pub(crate) enum Text {
    Open { text: Box<InputText>, again: Option<Ticket> },
    Closed(Ticket),
}

impl Waiting {
    /// Whether it can be opened again.
    pub(crate) fn is_repeatable(&self) -> bool {
        matches!(self.text, Text::Open { again: Some(_), .. } | Text::Closed(_))
    }
}

impl Text {
    pub(crate) fn open(self, options: &CsvOptions) -> Result<InputText, Error> {
        match self {
            Text::Open { text, .. } => Ok(*text),
            Text::Closed(ticket) => {
                let input = ticket.open()?;
                let input = match options.read.progress_counter() {
                    Some(counter) => input.with_progress(counter.clone()),
                    None => input,
                };
                Ok(Layout::of(input, options)?.1)
            }
        }
    }
}

#[derive(Debug)]
struct Reading {
    layout: Layout,
    site: Site,
    records: InputRecords,
    rows: u64,
}

impl CsvSource {
    /// Opens files, or standard input for `-`, as one input.
    ///
    /// # Errors
    ///
    /// [`Error`] if one cannot be opened or is given twice, has no header, has no columns for the roles, or if the formats of
    /// dates and numbers are neither given nor proven.
    pub fn open<P: Into<PathBuf>>(
        paths: impl IntoIterator<Item = P>,
        options: impl Into<CsvOptions>,
    ) -> Result<CsvSource, Error> {
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        let mut known: HashMap<FileId, InputName> = HashMap::new();
        let several = paths.len() > 1;
        let inputs = paths.into_iter().map(|path| {
            let input = Input::open(&InputName::new(path))?;
            match input.id().and_then(|id| known.insert(id.clone(), input.name().clone())) {
                Some(other) => Err(rfm_input::Error::same_input(input.name(), other).into()),
                None => Ok(input),
            }
        });
        CsvSource::start(inputs, several, options.into())
    }

    /// Reads a text in memory; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`CsvSource::open`].
    pub fn from_bytes(
        name: impl Into<PathBuf>,
        bytes: impl Into<Arc<[u8]>>,
        options: impl Into<CsvOptions>,
    ) -> Result<CsvSource, Error> {
        CsvSource::start([Input::from_bytes(&InputName::new(name), bytes)], false, options.into())
    }

    /// Reads a reader to its end; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`CsvSource::open`].
    pub fn from_reader(
        name: impl Into<PathBuf>,
        reader: impl Read + Send + 'static,
        options: impl Into<CsvOptions>,
    ) -> Result<CsvSource, Error> {
        CsvSource::start([Input::from_reader(&InputName::new(name), Box::new(reader))], false, options.into())
    }

    fn start(
        inputs: impl IntoIterator<Item = Result<Input, Error>>,
        several: bool,
        options: CsvOptions,
    ) -> Result<CsvSource, Error> {
        let mut size = Some(0);
        let mut waiting = Vec::new();
        let mut evidence = Evidence::default();
        let mut is_partial = false;
        for input in inputs {
            let mut input = input?;
            let again = input.ticket();
            let is_closed = several && again.is_some();
            size = size.zip(input.size()).map(|(sum, size)| sum + size);
            if let (Some(counter), false) = (options.read.progress_counter(), is_closed) {
                input = input.with_progress(counter.clone());
            }
            let (layout, text) = Layout::of(input, &options)?;
            is_partial |= !layout.is_complete && again.is_none();
            let site = layout.site(&options)?;
            layout.observe_sample(&text, &site, &options, &mut evidence);
            let text = match again {
                Some(ticket) if is_closed => Text::Closed(ticket),
                again => Text::Open { text: Box::new(text), again },
            };
            waiting.push(Waiting { layout, site, text });
        }
        if is_partial {
            evidence.set_partial();
        }
        // If the beginnings do not decide, the rest is looked at too, as far as it can be opened again.
        for Waiting { layout, site, text } in waiting.iter().filter(|input| !input.layout.is_complete) {
            if let Text::Open { again: Some(ticket), .. } | Text::Closed(ticket) = text
                && !evidence.is_decided(&options.read)
            {
                layout.observe_all(ticket, site, &options, &mut evidence)?;
            }
        }
        waiting.reverse();
        let intake = Intake::new(options.read.clone(), &evidence)?;
        Ok(CsvSource { waiting, ..CsvSource::read_through(options, intake, size) })
    }

    /// One that has no input left.
    pub(crate) fn read_through(options: CsvOptions, intake: Intake, size: Option<u64>) -> CsvSource {
        CsvSource { options, intake, waiting: Vec::new(), current: None, done: Vec::new(), size, stopped: None }
    }

    /// Whether no row has been read.
    pub(crate) fn is_fresh(&self) -> bool {
        self.current.is_none() && self.done.is_empty() && self.stopped.is_none()
    }

    /// The size of all inputs as they are stored; `None` if one of them does not tell.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// How the cells are read.
    #[must_use]
    pub fn formats(&self) -> CellFormats {
        *self.intake.formats()
    }

    /// What was found out about each input that has been read to its end, in the order of reading.
    #[must_use]
    pub fn reports(&self) -> &[InputReport] {
        &self.done
    }

    /// What became of the rows.
    #[must_use]
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The lines of the last batch that do not count, with their texts, if
    /// [`ReadOptions::keep_rejects`](rfm_input::ReadOptions::keep_rejects) asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.intake.rejected_lines(verdicts)
    }

    /// The next input, opened; `false` if there is none.
    fn advance(&mut self) -> Result<bool, Error> {
        let Some(Waiting { layout, site, text }) = self.waiting.pop() else { return Ok(false) };
        let text = text.open(&self.options)?;
        self.intake.begin(&site);
        let records = Records::new(text, layout.dialect, self.options.read.given_limits());
        self.current = Some(Reading { layout, site, records, rows: 0 });
        Ok(true)
    }

    /// Fills a batch with rows of one input; `false` at the end of all.
    fn fill(&mut self) -> Result<bool, Error> {
        self.intake.clear();
        while self.intake.is_empty() {
            if self.current.is_none() && !self.advance()? {
                self.intake.finish()?;
                return Ok(false);
            }
            if let Some(mut reading) = self.current.take() {
                let Reading { layout, site, records, rows } = &mut reading;
                match layout.take(records, site, &mut self.intake, rows)? {
                    true => self.current = Some(reading),
                    false => self.finish(&reading)?,
                }
            }
        }
        Ok(true)
    }

    fn finish(&mut self, reading: &Reading) -> Result<(), Error> {
        let Reading { layout, site, records, rows } = reading;
        self.done(layout, site, &Counts::of(records, *rows))
    }

    /// Takes down what was found out about an input.
    pub(crate) fn done(&mut self, layout: &Layout, site: &Site, counts: &Counts) -> Result<(), Error> {
        if self.options.strict && counts.ended_without_newline {
            let position = layout.position(Some(counts.lines), None);
            return Err(ErrorKind::UnfinishedLine { position }.into());
        }
        self.done.push(report(layout, site, counts, &self.intake));
        Ok(())
    }

    /// The inputs for several threads.
    ///
    /// # Errors
    ///
    /// The source itself, if it has to be read in order: an input can be read only once, so that what goes wrong could not be looked
    /// for; lines have begun to be read; lines that are repeated are dropped, or the rejected ones are kept.
    pub fn into_pieces(self) -> Result<CsvPieces, Box<CsvSource>> {
        self.into_pieces_of(PIECE)
    }

    /// The same in pieces of about so many bytes, or of one record where that is longer.
    ///
    /// # Errors
    ///
    /// As [`CsvSource::into_pieces`].
    pub fn into_pieces_of(self, bytes: usize) -> Result<CsvPieces, Box<CsvSource>> {
        CsvPieces::new(self, bytes)
    }
}

impl TransactionSource for CsvSource {
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
                self.stopped = error.position().cloned();
                Err(error)
            }
        }
    }
}
