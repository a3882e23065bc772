//! Looks for the list of merged cells while a sheet is read.
//!
//! It stands behind the cells, and the reader below us finds it only by parsing all of the sheet a second time. Most sheets of
//! data have none, and to look for the word in what passes costs almost nothing.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::memmem::Finder;

const WORD: &str = "mergeCell";

/// A reader that notes whether the word passes.
pub(crate) struct Watched<R> {
    reader: R,
    word: Finder<'static>,
    has_passed: Arc<AtomicBool>,
    /// The last bytes that passed: the word may lie across two reads.
    last: Vec<u8>,
}

impl<R> Watched<R> {
    pub(crate) fn new(reader: R, has_passed: Arc<AtomicBool>) -> Watched<R> {
        Watched { reader, word: Finder::new(WORD), has_passed, last: Vec::new() }
    }

    fn note(&mut self, bytes: &[u8]) {
        let before = WORD.len() - 1;
        let seam = bytes.len().min(before);
        self.last.extend(&bytes[..seam]);
        if self.word.find(&self.last).is_some() || self.word.find(bytes).is_some() {
            self.has_passed.store(true, Ordering::Relaxed);
        }
        self.last.extend(&bytes[seam.max(bytes.len().saturating_sub(before))..]);
        self.last.drain(..self.last.len().saturating_sub(before));
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(out)?;
        self.note(&out[..read]);
        Ok(read)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.reader.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_found_however_the_bytes_come() {
        for text in ["mergeCell", "<a/><mergeCells count=\"1\">", "mmergeCel", "mergeCelmergeCell", "nothing of it", ""]
        {
            for size in 1..12 {
                let has_passed = Arc::new(AtomicBool::new(false));
                let mut watched = Watched::new(text.as_bytes(), has_passed.clone());
                let mut buffer = vec![0; size];
                while watched.read(&mut buffer).unwrap() > 0 {}
                assert_eq!(has_passed.load(Ordering::Relaxed), text.contains(WORD), "{text} by {size}");
            }
        }
    }
}
