//! The side of the child: reads what is asked, confines itself, sends rows.

use std::error::Error;
use std::fmt;
use std::io::{self, Read, Write};

use rfm_core::cell::Cell;

use super::frame::{FrameError, MAX_LENGTH};
use super::limits::confine;
use super::message::{FailureClass, ListedTable, Message};
use super::request;
use super::rows::{MAX_CELLS, RowsBuffer};

/// From here on rows are sent. Large enough that frames cost nothing, small enough that the parent is never idle for long.
const FULL: usize = 64 << 10;

/// Serves one question in the process that was started for it: takes it from `input`, puts the process under the limits that
/// came with it, and has `work` send tables and rows to `output`, which nothing else may write to.
///
/// When `work` returns, the parent is told that all is there, or why not. A parent that has gone is no error: nobody is left to
/// read of it.
///
/// Do not call this in a process that is to go on: the limits stay.
///
/// # Errors
///
/// `output` does not take what is sent; or `InvalidData` when `input` holds no question, which is so when a user starts the
/// program this way.
///
/// # Examples
///
/// ```no_run
/// use rfm_core::cell::Cell;
/// use rfm_input::worker::{ListedTable, serve};
///
/// serve(std::io::stdin(), std::io::stdout(), |question, rows| {
///     rows.tables(&[ListedTable { name: "2010".to_owned(), visible: true, facts: Vec::new() }])?;
///     rows.begin(0)?;
///     rows.row(1, [(0, Cell::Text("customer")), (1, Cell::Text("amount"))])?;
///     rows.row(2, [(0, Cell::Integer(13085)), (1, Cell::Float(9.95))])?;
///     rows.end()?;
///     Ok(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn serve(
    mut input: impl Read,
    mut output: impl Write,
    work: impl FnOnce(&[u8], &mut RowSender<'_>) -> Result<(), Stop>,
) -> io::Result<()> {
    let (limits, question) = request::read(&mut input).map_err(not_a_question)?;
    answer(&mut output, |rows| match confine(&limits) {
        Ok(()) => work(&question, rows),
        Err(error) => Err(Stop::new(FailureClass::Worker, &Unconfined(error))),
    })
}

fn not_a_question(error: FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Has `work` send, and tells how it ended.
fn answer(output: &mut dyn Write, work: impl FnOnce(&mut RowSender<'_>) -> Result<(), Stop>) -> io::Result<()> {
    let mut rows = RowSender { out: output, buffer: RowsBuffer::default(), rows: 0 };
    let last = match work(&mut rows) {
        Ok(()) => rows.flush().map(|()| Message::Done),
        Err(Stop(Reason::Send(SendError::Io(error)))) => Err(error),
        Err(Stop(Reason::Send(error))) => Ok(Message::Failure(FailureClass::Worker, texts_of(&error))),
        Err(Stop(Reason::Failure(class, texts))) => Ok(Message::Failure(class, texts)),
    };
    let told = last.and_then(|last| last.write(rows.out)).and_then(|()| rows.out.flush());
    match told {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        told => told,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the limits of the reading process cannot be set")]
struct Unconfined(#[source] io::Error);

/// Sends tables and their rows, many rows at a time.
///
/// The order is: all tables once; then for each table that is read its beginning, its rows, its end. The parent refuses any other.
pub struct RowSender<'w> {
    out: &'w mut dyn Write,
    buffer: RowsBuffer,
    /// Rows of the current table.
    rows: u64,
}

impl fmt::Debug for RowSender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowSender").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl RowSender<'_> {
    /// Tells all tables of the file, read or not. They are sent at once.
    ///
    /// # Errors
    ///
    /// [`SendError::TablesTooLarge`], [`SendError::Io`].
    pub fn tables(&mut self, tables: &[ListedTable]) -> Result<(), SendError> {
        match Message::Tables(tables.to_vec()).write(self.out) {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(SendError::TablesTooLarge),
            written => written?,
        }
        Ok(self.out.flush()?)
    }

    /// Begins a table, by its index among [`tables`](RowSender::tables).
    ///
    /// # Errors
    ///
    /// [`SendError::Io`].
    pub fn begin(&mut self, table: usize) -> Result<(), SendError> {
        self.rows = 0;
        Ok(Message::Begin(table).write(self.out)?)
    }

    /// Sends a row under its number: cells with their columns, counted from 0 and ascending; empty ones may be left out.
    ///
    /// # Errors
    ///
    /// [`SendError::RowTooLarge`], [`SendError::UnknownCell`], [`SendError::Io`].
    pub fn row<'c>(
        &mut self,
        number: u64,
        cells: impl IntoIterator<Item = (usize, Cell<'c>)>,
    ) -> Result<(), SendError> {
        self.buffer.push(number, cells)?;
        self.rows += 1;
        if self.buffer.size() >= FULL {
            self.flush()?;
        }
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    ///
    /// [`SendError::Io`].
    pub fn end(&mut self) -> Result<(), SendError> {
        self.flush()?;
        Message::End(self.rows).write(self.out)?;
        Ok(self.out.flush()?)
    }

    /// Sends the rows that wait.
    fn flush(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.buffer.write(self.out)?;
        }
        self.out.flush()
    }
}

/// Why something could not be sent to the parent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// More cells or bytes than one message holds.
    #[error("row {row} does not fit the {MAX_LENGTH} bytes and {MAX_CELLS} cells that are sent at once")]
    RowTooLarge {
        /// The number of the row.
        row: u64,
    },
    /// A cell of a type, or with an error value, that messages do not have.
    #[error("row {row} has a cell in column {} that cannot be sent", column.saturating_add(1))]
    UnknownCell {
        /// The number of the row.
        row: u64,
        /// The column, from 0.
        column: usize,
    },
    /// More tables, or longer names, than one message holds.
    #[error("the names of the tables do not fit the {MAX_LENGTH} bytes that are sent at once")]
    TablesTooLarge,
    /// The pipe does not take what is sent; most often the parent has gone.
    #[error("nothing can be sent")]
    Io(#[from] io::Error),
}

/// Why the work of a child stops early.
#[derive(Debug)]
pub struct Stop(Reason);

#[derive(Debug)]
enum Reason {
    Failure(FailureClass, Vec<String>),
    Send(SendError),
}

impl Stop {
    /// An error of the adapter. Its text and those of its causes are what the parent will say, so they hold positions and no
    /// values, as everywhere.
    #[must_use]
    pub fn new(class: FailureClass, error: &dyn Error) -> Stop {
        Stop(Reason::Failure(class, texts_of(error)))
    }
}

impl From<SendError> for Stop {
    fn from(error: SendError) -> Stop {
        Stop(Reason::Send(error))
    }
}

fn texts_of(error: &dyn Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        cause = error.source();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::frame;

    fn messages(bytes: &[u8]) -> Vec<Message> {
        let (mut input, mut payload, mut messages) = (bytes, Vec::new(), Vec::new());
        while let Some(kind) = frame::read(&mut input, &mut payload).unwrap() {
            messages.push(Message::read(kind, &payload).unwrap());
        }
        messages
    }

    fn answered(work: impl FnOnce(&mut RowSender<'_>) -> Result<(), Stop>) -> Vec<Message> {
        let mut bytes = Vec::new();
        answer(&mut bytes, work).unwrap();
        messages(&bytes)
    }

    #[test]
    fn rows_travel_together_and_none_is_left_behind() {
        let messages = answered(|rows| {
            rows.tables(&[ListedTable::default()])?;
            rows.begin(0)?;
            for number in 0..10_000 {
                rows.row(number, [(0, Cell::Text("12345678"))])?;
            }
            Ok(rows.end()?)
        });
        let mut numbers = 0..;
        let (mut frames, mut others) = (0, Vec::new());
        for message in messages {
            let Message::Rows(rows) = message else {
                others.push(message);
                continue;
            };
            frames += 1;
            rows.iter().for_each(|row| assert_eq!(Some(row.number()), numbers.next()));
        }
        assert_eq!((frames, numbers.next()), (5, Some(10_000)));
        let tables = Message::Tables(vec![ListedTable::default()]);
        assert_eq!(others, [tables, Message::Begin(0), Message::End(10_000), Message::Done]);
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        let error = Unconfined(io::Error::other("not permitted"));
        let messages = answered(|_| Err(Stop::new(FailureClass::Io, &error)));
        let texts = vec!["the limits of the reading process cannot be set".to_owned(), "not permitted".to_owned()];
        assert_eq!(messages, [Message::Failure(FailureClass::Io, texts)]);
    }

    #[test]
    fn a_row_that_cannot_be_sent_is_told() {
        let long = "x".repeat(MAX_LENGTH);
        let messages = answered(|rows| Ok(rows.row(17, [(0, Cell::Text(&long))])?));
        let text = "row 17 does not fit the 16777216 bytes and 262144 cells that are sent at once";
        assert_eq!(messages, [Message::Failure(FailureClass::Worker, vec![text.to_owned()])]);
    }

    #[test]
    fn tables_that_cannot_be_sent_are_told() {
        let table = ListedTable { name: "x".repeat(MAX_LENGTH), ..ListedTable::default() };
        let messages = answered(|rows| Ok(rows.tables(&[table])?));
        let text = "the names of the tables do not fit the 16777216 bytes that are sent at once";
        assert_eq!(messages, [Message::Failure(FailureClass::Worker, vec![text.to_owned()])]);
    }

    /// A pipe whose reader has gone, or a disk that is full.
    struct Refusing(io::ErrorKind);

    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_parent_that_has_gone_ends_the_work_quietly() {
        let mut ended = false;
        let answered = answer(&mut Refusing(io::ErrorKind::BrokenPipe), |rows| {
            let begun = rows.begin(0);
            ended = begun.is_err();
            Ok(begun?)
        });
        assert!(answered.is_ok() && ended);
        let refused = answer(&mut Refusing(io::ErrorKind::StorageFull), |rows| Ok(rows.begin(0)?)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_user_who_starts_it_gets_an_error() {
        let error = serve(&b""[..], Vec::new(), |_, _| Ok(())).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
