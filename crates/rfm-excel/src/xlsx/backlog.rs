//! From the windows of a part to whoever takes what is whole of them, over two threads.

use std::io::{self, Read, Seek};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::xml::{BROKEN, Halt};
use crate::container::Windows;
use crate::fault::Fault;

/// Windows that have been inflated and wait to be taken.
const AHEAD: usize = 4;

/// Bytes of a part that have not been taken yet.
#[derive(Default)]
struct Backlog {
    bytes: Vec<u8>,
    /// How many of them are known to be UTF-8; the last character may be cut.
    valid: usize,
    /// How many there have to be for another attempt: twice as many as were not enough, or long cells would be begun again with
    /// each window.
    wanted: usize,
}

impl Backlog {
    fn push(&mut self, window: &[u8]) -> Result<(), Fault> {
        self.bytes.extend_from_slice(window);
        match std::str::from_utf8(&self.bytes[self.valid..]) {
            Ok(_) => self.valid = self.bytes.len(),
            Err(error) if error.error_len().is_none() => self.valid += error.valid_up_to(),
            Err(_) => return Err(BROKEN),
        }
        Ok(())
    }

    /// Gives what there is, if it is enough, and keeps what is not taken.
    fn give(
        &mut self,
        take: &mut impl FnMut(&[u8]) -> Result<ControlFlow<(), usize>, Halt>,
    ) -> Result<ControlFlow<()>, Halt> {
        if self.valid < self.wanted {
            return Ok(ControlFlow::Continue(()));
        }
        let ControlFlow::Continue(taken) = take(&self.bytes[..self.valid])? else { return Ok(ControlFlow::Break(())) };
        self.bytes.drain(..taken);
        self.valid -= taken;
        self.wanted = 2 * self.valid;
        Ok(ControlFlow::Continue(()))
    }
}

/// Reads a part to its end, unless `take` breaks. It is given bytes that begin where it did not take them before and end anywhere;
/// it tells how many it took.
pub(super) fn read<R: Read + Seek + Send>(
    windows: Windows<R>,
    mut take: impl FnMut(&[u8]) -> Result<ControlFlow<(), usize>, Halt>,
) -> Result<ControlFlow<()>, Halt> {
    thread::scope(|scope| {
        let (sender, full) = sync_channel(AHEAD);
        let (returned, empty) = sync_channel(AHEAD);
        let inflating = thread::Builder::new().spawn_scoped(scope, move || inflate(windows, &sender, &empty));
        inflating.map_err(Fault::from)?;
        let mut backlog = Backlog::default();
        for window in full {
            let window = window.map_err(Fault::from)?;
            backlog.push(&window)?;
            // It is needed no more at the end.
            let _ = returned.try_send(window);
            if backlog.give(&mut take)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        backlog.wanted = 0;
        backlog.give(&mut take)
    })
}

/// Sends the windows of a part, and the error that ends it, in vectors that were used before.
fn inflate<R: Read + Seek>(
    mut windows: Windows<R>,
    sender: &SyncSender<io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) {
    loop {
        let mut window = empty.try_recv().unwrap_or_default();
        let next = match windows.next(&mut window) {
            Ok(true) => Ok(window),
            Ok(false) => return,
            Err(error) => Err(error),
        };
        let is_last = next.is_err();
        // Nobody wants more.
        if sender.send(next).is_err() || is_last {
            return;
        }
    }
}
