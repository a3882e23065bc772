//! Rows of sheets from a thread that reads them.
//!
//! The reader of a sheet borrows its workbook, so that a source cannot hold both; a thread that owns the workbook can. It is
//! some thousand rows ahead at most.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rfm_input::Position;

use crate::error::{Error, ErrorKind};
use crate::rows::SheetRows;
use crate::workbook::{MergedArea, Sheets};

/// Batches of rows that wait to be taken.
const AHEAD: usize = 2;

/// What a feed delivers.
pub(crate) enum Part {
    Rows(SheetRows),
    EndOfSheet(Vec<MergedArea>),
}

#[derive(Debug)]
pub(crate) struct Feed {
    parts: Receiver<Result<Part, Error>>,
    thread: Option<JoinHandle<()>>,
    /// Sheets that have not ended.
    open: usize,
    position: Position,
}

impl Feed {
    /// Reads sheets one after the other.
    pub(crate) fn start(mut book: Box<dyn Sheets>, sheets: Vec<usize>, position: Position) -> Feed {
        let (sender, parts) = sync_channel(AHEAD);
        let open = sheets.len();
        let thread = std::thread::spawn(move || {
            for sheet in sheets {
                let sent = match read(&mut *book, sheet, &sender) {
                    Ok(merges) => sender.send(Ok(Part::EndOfSheet(merges))),
                    Err(error) => return drop(sender.send(Err(error))),
                };
                // Nobody takes it any more.
                if sent.is_err() {
                    return;
                }
            }
        });
        Feed { parts, thread: Some(thread), open, position }
    }

    /// The next part; `None` when all sheets have ended.
    pub(crate) fn next(&mut self) -> Result<Option<Part>, Error> {
        if self.open == 0 {
            return Ok(None);
        }
        let part = self.parts.recv().unwrap_or_else(|_| {
            // The thread has gone without a word.
            self.thread.take().map(JoinHandle::join);
            Err(ErrorKind::Failed { position: self.position.clone() }.into())
        })?;
        self.open -= usize::from(matches!(part, Part::EndOfSheet(_)));
        Ok(Some(part))
    }
}

fn read(
    book: &mut dyn Sheets,
    sheet: usize,
    sender: &SyncSender<Result<Part, Error>>,
) -> Result<Vec<MergedArea>, Error> {
    book.read(sheet, &mut |rows| match sender.send(Ok(Part::Rows(rows))) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    })
}
