//! The progress bar: stored bytes of all, and lines, on a terminal only.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::screen;

const TICK: Duration = Duration::from_millis(100);

/// A bar that follows its counters until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    counters: Counters,
    /// Hanging up ends the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What has been read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counters {
    pub(crate) bytes: Arc<AtomicU64>,
    pub(crate) lines: Arc<AtomicU64>,
}

impl Progress {
    /// A bar over inputs, unless nobody would see it.
    pub(crate) fn start(inputs: &[PathBuf], is_quiet: bool) -> Option<Progress> {
        if is_quiet || !io::stderr().is_terminal() {
            return None;
        }
        let counters = Counters::default();
        let (end, ended) = channel();
        let (bar, watched) = (bar(inputs.iter().map(|input| size(input)).sum()), counters.clone());
        let thread = std::thread::Builder::new().spawn(move || follow(&bar, &watched, &ended)).ok()?;
        Some(Progress { counters, end: Some(end), thread: Some(thread) })
    }

    /// The counters that the bar follows.
    pub(crate) fn counters(&self) -> Counters {
        self.counters.clone()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // The bar is gone before anything else is printed.
            let _ = thread.join();
        }
    }
}

/// `None` for what does not tell, such as a pipe.
fn size(input: &Path) -> Option<u64> {
    let found = std::fs::metadata(input).ok().filter(std::fs::Metadata::is_file)?;
    (input != Path::new("-")).then_some(found.len())
}

fn bar(size: Option<u64>) -> ProgressBar {
    let (bar, template) = match size {
        Some(size) => (ProgressBar::new(size), "reading {bar:30} {bytes} of {total_bytes}, {msg}, {eta} left"),
        None => (ProgressBar::new_spinner(), "reading {spinner} {bytes}, {msg}"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn follow(bar: &ProgressBar, counters: &Counters, ended: &Receiver<()>) {
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.set_position(counters.bytes.load(Ordering::Relaxed));
        bar.set_message(screen::count(counters.lines.load(Ordering::Relaxed), "line"));
    }
    bar.finish_and_clear();
}
