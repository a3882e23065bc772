//! Delimited text as a source of transactions.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rfm_core::cell::{
    Cell, CellError, CellFormats, CellProblem, Cells, DateFormats, IdFormat, Money, NumberFormat, TransactionBuffer,
};
use rfm_core::{ColumnRoles, Decimal, Refusal, Reject, Role, TransactionBatch, TransactionSource};

use crate::currency::Currencies;
use crate::error::{Error, ErrorKind, InputName, Position};
use crate::evidence::{Evidence, Known};
use crate::input::{FileId, Input, Ticket};
use crate::layout::{InputRecords, InputText, Layout, RecordKind};
use crate::options::{BadRows, CsvOptions};
use crate::records::{Record, Records};
use crate::rejects::{BatchLines, RejectedLine};
use crate::repeats::Repeats;
use crate::report::InputReport;

/// Rows in one batch: enough to make the cost of a batch vanish, few enough to stay in the cache.
const BATCH: usize = 8 * 1024;

/// Text in one batch, about: rows at the limits of their size must not add up to gigabytes.
const BATCH_BYTES: usize = 4 << 20;

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
    options: CsvOptions,
    formats: CellFormats,
    /// How the formats of dates and numbers are known.
    known: (Known, Known),
    /// The inputs that are still to be read, the next one last.
    waiting: Vec<Waiting>,
    current: Option<Reading>,
    currencies: Currencies,
    repeats: Option<Repeats>,
    done: Vec<InputReport>,
    buffer: TransactionBuffer,
    lines: BatchLines,
    refused: u64,
    float_ids: u64,
    size: Option<u64>,
    /// Where an error ended the reading.
    stopped: Option<Position>,
}

/// An input whose layout is settled.
#[derive(Debug)]
struct Waiting {
    layout: Layout,
    roles: ColumnRoles,
    text: Text,
}

/// The text of an input: at hand, or to be opened when its turn comes, so that many files do not need many handles.
#[derive(Debug)]
enum Text {
    Open { text: Box<InputText>, again: Option<Ticket> },
    Closed(Ticket),
}

#[derive(Debug)]
struct Reading {
    layout: Layout,
    roles: ColumnRoles,
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
    pub fn open<P: Into<PathBuf>>(paths: impl IntoIterator<Item = P>, options: CsvOptions) -> Result<CsvSource, Error> {
        let paths: Vec<PathBuf> = paths.into_iter().map(Into::into).collect();
        let mut known: HashMap<FileId, InputName> = HashMap::new();
        let several = paths.len() > 1;
        let inputs = paths.into_iter().map(|path| {
            let input = Input::open(&InputName::new(path))?;
            match input.id().and_then(|id| known.insert(id.clone(), input.name().clone())) {
                Some(other) => Err(ErrorKind::SameInput { position: Position::new(input.name()), other }.into()),
                None => Ok(input),
            }
        });
        CsvSource::start(inputs, several, options)
    }

    /// Reads a text in memory; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`CsvSource::open`].
    pub fn from_bytes(
        name: impl Into<PathBuf>,
        bytes: impl Into<Arc<[u8]>>,
        options: CsvOptions,
    ) -> Result<CsvSource, Error> {
        CsvSource::start([Input::from_bytes(&InputName::new(name), bytes)], false, options)
    }

    /// Reads a reader to its end; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`CsvSource::open`].
    pub fn from_reader(
        name: impl Into<PathBuf>,
        reader: impl Read + Send + 'static,
        options: CsvOptions,
    ) -> Result<CsvSource, Error> {
        CsvSource::start([Input::from_reader(&InputName::new(name), Box::new(reader))], false, options)
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
            if let (Some(counter), false) = (&options.progress, is_closed) {
                input = input.with_progress(counter.clone());
            }
            let (layout, text) = Layout::of(input, &options)?;
            is_partial |= !layout.is_complete && again.is_none();
            let roles = layout.roles(&options)?;
            layout.observe_sample(&text, &roles, &options, &mut evidence);
            let text = match again {
                Some(ticket) if is_closed => Text::Closed(ticket),
                again => Text::Open { text: Box::new(text), again },
            };
            waiting.push(Waiting { layout, roles, text });
        }
        if is_partial {
            evidence.set_partial();
        }
        // If the beginnings do not decide, the rest is looked at too, as far as it can be opened again.
        for Waiting { layout, roles, text } in waiting.iter().filter(|input| !input.layout.is_complete) {
            if let Text::Open { again: Some(ticket), .. } | Text::Closed(ticket) = text
                && !evidence.is_decided(&options)
            {
                layout.observe_all(ticket, roles, &options, &mut evidence)?;
            }
        }
        let formats = evidence.formats(&options)?;
        waiting.reverse();
        Ok(CsvSource {
            lines: BatchLines::new(options.keep_rejects),
            known: evidence.known(&options),
            formats,
            waiting,
            current: None,
            currencies: Currencies::default(),
            repeats: options.drops_repeats.then(Repeats::default),
            done: Vec::new(),
            buffer: match &options.zone {
                Some(zone) => TransactionBuffer::default().in_zone(zone.clone()),
                None => TransactionBuffer::default(),
            },
            options,
            refused: 0,
            float_ids: 0,
            size,
            stopped: None,
        })
    }

    /// The size of all inputs as they are stored; `None` if one of them does not tell.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// How the cells are read.
    #[must_use]
    pub fn formats(&self) -> CellFormats {
        self.formats
    }

    /// What was found out about each input that has been read to its end, in the order of reading.
    #[must_use]
    pub fn reports(&self) -> &[InputReport] {
        &self.done
    }

    /// Rows of which a number was rounded, as [`CsvOptions::round`] asked for.
    #[must_use]
    pub fn rounded(&self) -> u64 {
        self.buffer.rounded()
    }

    /// Rows so far whose customer id looks like a whole number from a float column, such as `13085.0`.
    #[must_use]
    pub fn float_ids(&self) -> u64 {
        self.float_ids
    }

    /// The lines of the last batch that do not count, with their texts, if [`CsvOptions::keep_rejects`] asked for them.
    ///
    /// `verdicts` are those of the rows of the batch, as [`rfm_core::Summaries::push_batch`] returns them.
    pub fn rejected_lines<'s>(&'s self, verdicts: &'s [Option<Reject>]) -> impl Iterator<Item = RejectedLine<'s>> {
        self.lines.rejected(verdicts)
    }

    /// The next input, opened; `false` if there is none.
    fn advance(&mut self) -> Result<bool, Error> {
        let Some(Waiting { layout, roles, text }) = self.waiting.pop() else { return Ok(false) };
        let text = match text {
            Text::Open { text, .. } => *text,
            Text::Closed(ticket) => {
                let input = ticket.open()?;
                let input = match &self.options.progress {
                    Some(counter) => input.with_progress(counter.clone()),
                    None => input,
                };
                Layout::of(input, &self.options)?.1
            }
        };
        self.lines.begin_input(layout.name.clone());
        let records = Records::new(text, layout.dialect, self.options.limits);
        self.current = Some(Reading { layout, roles, records, rows: 0 });
        Ok(true)
    }

    /// Fills the buffer with rows of one input; `false` at the end of all.
    fn fill(&mut self) -> Result<bool, Error> {
        self.buffer.clear();
        self.lines.clear();
        while self.buffer.is_empty() {
            if self.current.is_none() && !self.advance()? {
                self.currencies.check()?;
                return Ok(false);
            }
            if let Some(mut reading) = self.current.take() {
                match self.fill_from(&mut reading)? {
                    true => self.current = Some(reading),
                    false => self.finish(reading)?,
                }
            }
        }
        Ok(true)
    }

    /// Fills the buffer from the current input; `false` at its end.
    fn fill_from(&mut self, reading: &mut Reading) -> Result<bool, Error> {
        let Reading { layout, roles, records, rows } = reading;
        let mut bytes = 0;
        while self.buffer.len() < BATCH && bytes < BATCH_BYTES {
            let Some(record) = records.next_record().map_err(|error| layout.record_error(error))? else {
                return Ok(false);
            };
            let kind = layout.kind_of(&record);
            if kind == RecordKind::Header {
                continue;
            }
            *rows += 1;
            bytes += record.raw().len();
            if kind == RecordKind::Blank {
                self.exclude(Reject::BlankRow, Some(Decimal::default()), &record);
                continue;
            }
            let key = match &self.repeats {
                Some(repeats) if layout.check(&record).is_ok() => Some(repeats.key(&record, layout)),
                _ => None,
            };
            if let (Some(repeats), Some(key)) = (&self.repeats, key)
                && repeats.contains(key)
            {
                let worth = self.buffer.worth(&cells(&record, roles).money, &self.formats);
                self.exclude(Reject::RepeatedLine, worth, &record);
                continue;
            }
            let rules = CellRules { roles, formats: &self.formats, known: self.known, options: &self.options };
            match read_row(&record, layout, &rules, &mut self.buffer) {
                Ok(()) => {
                    if let (Some(repeats), Some(key)) = (&mut self.repeats, key) {
                        repeats.insert(key);
                    }
                    self.float_ids += u64::from(has_float_id(&record, roles));
                    self.currencies.observe(&record, layout, roles);
                    self.lines.push(&record);
                }
                Err(bad) => self.refuse(*bad, &record)?,
            }
        }
        Ok(true)
    }

    /// Leaves out a row that can be read but is not to count, and accounts for it.
    fn exclude(&mut self, reason: Reject, worth: Option<Decimal>, record: &Record<'_>) {
        self.buffer.refuse(Refusal { reason, amount: worth });
        self.lines.refuse(record, reason, None);
    }

    /// Stops at a bad row, or leaves it out and counts it, as asked for.
    fn refuse(&mut self, bad: BadRow, record: &Record<'_>) -> Result<(), Error> {
        let limit = match self.options.bad_rows {
            // The rows before it may be the ones that were read wrongly, so that leaving this one out is no remedy.
            _ if is_contradiction(&bad.error) => return Err(bad.error),
            BadRows::Fail => return Err(bad.error),
            BadRows::Skip { limit } => limit,
        };
        if let Some(limit) = limit.filter(|limit| self.refused >= *limit) {
            return Err(ErrorKind::TooManyBadRows { limit, last: Box::new(bad.error) }.into());
        }
        self.refused += 1;
        self.buffer.refuse(bad.refusal);
        self.lines.refuse(record, bad.refusal.reason, Some(&bad.error));
        Ok(())
    }

    fn finish(&mut self, reading: Reading) -> Result<(), Error> {
        let Reading { layout, roles, records, rows } = reading;
        if self.options.strict && records.ended_without_newline() {
            let position = layout.position(Some(records.lines()), None);
            return Err(ErrorKind::UnfinishedLine { position }.into());
        }
        self.done.push(InputReport::new(&layout, &roles, &records, rows, &self.formats, self.known));
        Ok(())
    }
}

impl TransactionSource for CsvSource {
    type Error = Error;

    /// After an error, every further call is an error too: what was read no longer adds up.
    fn next_batch(&mut self) -> Result<Option<TransactionBatch<'_>>, Error> {
        if let Some(position) = self.stopped.clone() {
            return Err(ErrorKind::Stopped { position }.into());
        }
        match self.fill() {
            Ok(true) => {
                if let Some(counter) = &self.options.row_count {
                    counter.fetch_add(self.buffer.len() as u64, Ordering::Relaxed);
                }
                Ok(Some(self.buffer.batch()))
            }
            Ok(false) => Ok(None),
            Err(error) => {
                self.stopped = error.position().cloned();
                Err(error)
            }
        }
    }
}

/// A row that cannot be used: the error, and how it is accounted for.
pub(crate) struct BadRow {
    pub(crate) error: Error,
    pub(crate) refusal: Refusal,
}

/// What cells are read by.
#[derive(Clone, Copy)]
pub(crate) struct CellRules<'r> {
    pub(crate) roles: &'r ColumnRoles,
    pub(crate) formats: &'r CellFormats,
    pub(crate) known: (Known, Known),
    pub(crate) options: &'r CsvOptions,
}

/// Appends a record to a buffer, which stays as it is if the record cannot be used.
pub(crate) fn read_row(
    record: &Record<'_>,
    layout: &Layout,
    rules: &CellRules<'_>,
    buffer: &mut TransactionBuffer,
) -> Result<(), Box<BadRow>> {
    layout
        .check(record)
        .map_err(|error| Box::new(BadRow { error, refusal: Refusal { reason: Reject::BadRecord, amount: None } }))?;
    let cells = cells(record, rules.roles);
    buffer.push(&cells, rules.formats).map_err(|error| {
        let reason = error.reject();
        let amount = buffer.worth(&cells.money, rules.formats);
        let error = cell_error(error, record, layout, rules);
        Box::new(BadRow { error, refusal: Refusal { reason, amount } })
    })
}

fn cell_error(error: CellError, record: &Record<'_>, layout: &Layout, rules: &CellRules<'_>) -> Error {
    let column = rules.roles.column(error.role);
    let text = column.and_then(|column| record.field_str(column)).unwrap_or_default();
    let position = layout.position(Some(record.line()), column);
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
            let value = rules.options.show_values.then(|| text.to_owned()).filter(|_| column.is_some());
            ErrorKind::BadCell { position, problem: error.problem, value }.into()
        }
    }
}

/// Whether an error of a cell puts the format of the whole column in question.
fn is_contradiction(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::MixedDates { .. }
            | ErrorKind::UnknownDate { .. }
            | ErrorKind::MixedNumbers { .. }
            | ErrorKind::UnprovenNumber { .. }
    )
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

/// Whether the customer id looks like a whole number from a float column.
#[inline]
pub(crate) fn has_float_id(record: &Record<'_>, roles: &ColumnRoles) -> bool {
    let id = roles.column(Role::Customer).and_then(|column| record.field_str(column));
    id.is_some_and(IdFormat::is_float_written)
}

/// The cells of the roles. Fields that are not there, or no text, were found before.
pub(crate) fn cells<'r>(record: &Record<'r>, roles: &ColumnRoles) -> Cells<'r> {
    let optional = |role| roles.column(role).map(|column| Cell::Text(record.field_str(column).unwrap_or_default()));
    let cell = |role| optional(role).unwrap_or_default();
    let money = if roles.is_product() {
        Money::Product { quantity: cell(Role::Quantity), price: cell(Role::Price) }
    } else {
        Money::Amount { amount: cell(Role::Amount), quantity: optional(Role::Quantity), price: optional(Role::Price) }
    };
    Cells {
        customer: cell(Role::Customer),
        order: optional(Role::Order),
        date: cell(Role::Date),
        money,
        attribute: optional(Role::Attribute),
    }
}
