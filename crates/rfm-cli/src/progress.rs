//! The progress bar: stored bytes of all, on a terminal only.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const TICK: Duration = Duration::from_millis(100);

/// A bar that follows a counter until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    counter: Arc<AtomicU64>,
    /// Hanging up ends the thread.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// A bar over inputs, unless nobody would see it.
    pub(crate) fn start(inputs: &[PathBuf], is_quiet: bool) -> Option<Progress> {
        if is_quiet || !io::stderr().is_terminal() {
            return None;
        }
        let counter = Arc::new(AtomicU64::new(0));
        let (end, ended) = channel();
        let (bar, watched) = (bar(inputs.iter().map(|input| size(input)).sum()), counter.clone());
        let thread = std::thread::Builder::new().spawn(move || follow(&bar, &watched, &ended)).ok()?;
        Some(Progress { counter, end: Some(end), thread: Some(thread) })
    }

    /// The counter that the bar follows.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        self.counter.clone()
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
        Some(size) => {
            (ProgressBar::new(size), "reading {bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left")
        }
        None => (ProgressBar::new_spinner(), "reading {spinner} {bytes}, {bytes_per_sec}"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn follow(bar: &ProgressBar, counter: &AtomicU64, ended: &Receiver<()>) {
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.set_position(counter.load(Ordering::Relaxed));
        bar.tick();
    }
    bar.finish_and_clear();
}
