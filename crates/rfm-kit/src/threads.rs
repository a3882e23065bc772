//! Inputs read by several threads.

// Without a format there is nothing to read, and a crew is asked for all the same.
#![cfg_attr(not(any(feature = "csv", feature = "excel", feature = "parquet")), allow(dead_code))]

use std::num::NonZero;
use std::thread;
use std::time::Instant;

use rfm_core::{Returns, Summaries};
use rfm_input::{Intake, PieceReader as _, Pieces};

/// Bytes for which a thread is worth its start.
const BYTES: u64 = 2 << 20;

/// How several threads read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crew<'s> {
    pub(crate) threads: usize,
    /// Whose tables all threads fill.
    pub(crate) summaries: &'s Summaries,
    pub(crate) memory_limit: Option<usize>,
    pub(crate) deadline: Option<Instant>,
}

/// How it went.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The source is at its end; this has counted what was in it, and is to be merged.
    Read(Box<Summaries>),
    /// One thread has to read the source, from which nothing was taken.
    Unread,
    /// One thread has to read the inputs again, from their start: it stops with an error, or may do so.
    Failed,
    /// The deadline has passed.
    Late,
}

/// As many as the machine runs at once.
pub(crate) fn available_threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

impl Crew<'_> {
    /// Reads a source to its end, if that can be done; it is gone if it failed.
    pub(crate) fn read<P: Pieces>(
        self,
        source: Box<P::Source>,
        size: Option<u64>,
        into_pieces: impl FnOnce(P::Source) -> Result<P, Box<P::Source>>,
    ) -> (Option<Box<P::Source>>, Outcome) {
        let useful = size.map_or(1, |size| usize::try_from(size / BYTES).unwrap_or(usize::MAX).saturating_add(1));
        let threads = self.threads.min(useful);
        // Lines that wait for the end are looked at once more against the limit, when it is too late for one thread to begin.
        let waits = self.memory_limit.is_some() && self.summaries.policy().returns_mode() == Returns::Match;
        if threads < 2 || waits {
            return (Some(source), Outcome::Unread);
        }
        let pieces = match into_pieces(*source) {
            Ok(pieces) => pieces,
            Err(source) => return (Some(source), Outcome::Unread),
        };
        let mut all = self.summaries.share();
        let parts: Vec<(Summaries, Intake)> = thread::scope(|scope| {
            let others: Vec<_> = (1..threads)
                .map(|_| all.share())
                .map(|summaries| scope.spawn(|| self.work(&pieces, summaries)))
                .collect();
            let own = self.work(&pieces, all.share());
            let joined =
                others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            [own].into_iter().chain(joined).collect()
        });
        if self.is_late() {
            return (None, Outcome::Late);
        }
        let Some(source) = pieces.finish(parts.iter().map(|(_, intake)| intake)) else {
            return (None, Outcome::Failed);
        };
        for (part, _) in parts {
            if all.merge(part).is_err() {
                return (None, Outcome::Failed);
            }
        }
        (Some(Box::new(source)), Outcome::Read(Box::new(all)))
    }

    /// What one thread does.
    fn work(self, pieces: &impl Pieces, mut summaries: Summaries) -> (Summaries, Intake) {
        let mut reader = pieces.reader();
        while let Some(batch) = reader.next_batch() {
            if summaries.push_batch(&batch).is_err() || self.is_late() {
                pieces.give_up();
                break;
            }
        }
        (summaries, reader.into_intake())
    }

    fn is_late(self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() > deadline)
    }
}
