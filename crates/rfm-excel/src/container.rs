//! The zip container of a workbook, guarded: whatever is read of it went through our caps first.
//!
//! A part is inflated when somebody comes to it, window by window, and each window passes these checks before it is seen:
//!
//! - not more bytes than the directory declares, and the checksum at the end;
//! - well-formed nesting, no document type, no tag, text or cell beyond the caps ([`xml`]);
//! - an estimate of what is kept of it in memory, which may grow with the size of the file only.
//!
//! The directory is checked at the start ([`directory`]): number of entries, names, ranges within the file, no encryption.
//!
//! The sheets of `.xlsx` are read by us, through [`Windows`]. What calamine reads it would inflate by itself, reserve memory by
//! counts that the file states, and stop before the checksum. So it is given a [`Container`] instead of the file: a zip archive
//! made of the same parts, *stored* instead of deflated, which exists only while it is read. Of `.xlsx` it gets no strings and
//! no sheets ([`Questions`]); of other formats the shared strings alone are read beforehand, as calamine reserves memory by the
//! count in their first tag.
//!
//! A fault travels inside [`io::Error`] through calamine; [`Refusal::of`] takes it out of what comes back.
//!
//! Left unguarded: the records of `.xlsb`, which are no XML (only their bytes are counted), repeat counts of `.ods`, and everything
//! of `.xls`, which is no zip. These are read in a worker.

mod directory;
mod part;
mod refusal;
mod xml;

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rfm_core::Limits;

pub(crate) use refusal::Refusal;

use directory::Entry;
use part::Part;

/// How much a workbook may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caps {
    /// Entries of the zip directory.
    pub(crate) entries: usize,
    /// Bytes of one part, inflated.
    pub(crate) part_bytes: u64,
    /// Bytes of all parts that are read, inflated, each counted once.
    pub(crate) total_bytes: u64,
    /// Bytes of a part for each byte that is stored of it; asked of parts above 64 MiB. Sheets have 5 to 40.
    pub(crate) ratio: u64,
    /// Bytes of one cell, string, tag, text or comment, as they stand in the XML.
    pub(crate) item_bytes: usize,
    /// Bytes that the library may keep of one part (shared strings, formats, names), as estimated. Below that they may be 64 times
    /// what is stored of the part, or 32 MiB if that is more.
    pub(crate) kept_bytes: u64,
}

impl Default for Caps {
    fn default() -> Caps {
        Caps {
            entries: 10_000,
            part_bytes: 8 << 30,
            total_bytes: 16 << 30,
            ratio: 250,
            item_bytes: Limits::default().field_bytes,
            kept_bytes: 1 << 30,
        }
    }
}

impl From<&Limits> for Caps {
    /// The default with the limit of a field. XML takes more bytes than the text it stands for, and its tags take some whatever
    /// the limit; hence at least 64 KiB.
    fn from(limits: &Limits) -> Caps {
        Caps { item_bytes: limits.field_bytes.max(1 << 16), ..Caps::default() }
    }
}

/// The directory of an archive that has been checked, and the account of what is read of it. Its parts can be read by several
/// readers at once.
pub(crate) struct Archive {
    caps: Caps,
    entries: Vec<Entry>,
    /// `.xlsb` has parts that are no XML.
    has_records: bool,
    opened: Mutex<Opened>,
}

/// Parts that have been opened, and the sum of their declared sizes.
struct Opened {
    parts: Vec<bool>,
    total: u64,
}

impl Archive {
    /// Checks the directory of a zip archive: reads it, and the header of each entry. Takes some 200 bytes of memory for each.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] inside the error if the archive breaks a cap or a rule; otherwise what the reader says.
    pub(crate) fn open(reader: &mut (impl Read + Seek), caps: &Caps) -> io::Result<Archive> {
        let entries = directory::read(reader, caps)?;
        let has_records = entries.iter().any(Entry::is_workbook_of_records);
        let opened = Mutex::new(Opened { parts: vec![false; entries.len()], total: 0 });
        Ok(Archive { caps: *caps, entries, has_records, opened })
    }

    /// The name of a part as calamine looks it up: lower case, with slashes.
    pub(crate) fn key(&self, part: usize) -> &str {
        self.entries[part].key()
    }

    fn begin(&self, index: usize) -> io::Result<Part> {
        let entry = &self.entries[index];
        // Names decide nothing else: calamine takes any part for XML that another part points to.
        let is_xml = !(self.has_records && entry.key().ends_with(".bin"));
        let part = Part::begin(entry, is_xml, &self.caps)?;
        // Nothing panics while it is held.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if !opened.parts[index] {
            opened.parts[index] = true;
            opened.total = opened.total.saturating_add(entry.size());
        }
        if opened.total > self.caps.total_bytes {
            return Err(Refusal::TotalTooLarge { limit: self.caps.total_bytes }.into());
        }
        Ok(part)
    }
}

/// A part that is read from its start to its end, without calamine; see [`Archive`].
pub(crate) struct Windows<R> {
    archive: Arc<Archive>,
    index: usize,
    reader: R,
    part: Part,
}

impl<R: Read + Seek> Windows<R> {
    /// A part at its start; `reader` reads the archive.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] inside the error if what is declared of it breaks a cap.
    pub(crate) fn begin(archive: &Arc<Archive>, index: usize, reader: R) -> io::Result<Windows<R>> {
        Ok(Windows { archive: archive.clone(), index, reader, part: archive.begin(index)? })
    }

    /// Replaces what is in `window` by the next bytes, which have passed the checks; `false` at the end, when the checksum and
    /// the count of strings have passed too.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] inside the error if they break a cap or a rule; otherwise what the reader says.
    pub(crate) fn next(&mut self, window: &mut Vec<u8>) -> io::Result<bool> {
        if self.part.fill(&mut self.reader, window)? {
            return Ok(true);
        }
        self.part.check_count(&self.archive.entries[self.index])?;
        Ok(false)
    }
}

/// What a reader above asked a [`Container`] for. It tells which part is which: where strings and sheets are is for calamine to
/// find out, and what is in them is read by us.
#[derive(Clone, Default)]
pub(crate) struct Questions(Arc<Mutex<Asked>>);

#[derive(Default)]
struct Asked {
    parts: Vec<usize>,
    is_silent: bool,
}

impl Questions {
    /// From now on parts are asked for in vain.
    pub(crate) fn silence(&self) {
        self.lock().is_silent = true;
    }

    /// The parts since this was asked last, in their order.
    pub(crate) fn take(&self) -> Vec<usize> {
        std::mem::take(&mut self.lock().parts)
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The shared strings as calamine sees them where they are read by us.
const NO_STRINGS: &[u8] = b"<sst/>";

/// Where the shared strings are under the folder of the workbook, whatever that is.
const STRINGS: &str = "sharedstrings.xml";

/// A zip archive of stored parts, made of another while it is read; see the module.
///
/// Parts are read from their start. Seeking is free.
pub(crate) struct Container<R> {
    reader: R,
    archive: Arc<Archive>,
    /// Who is told about parts that are asked for, and reads the strings instead.
    questions: Option<Questions>,
    /// What stands after the last part: a gap, the directory, its end.
    tail: Vec<u8>,
    position: u64,
    part: Option<Reading>,
}

/// The part that is being read.
struct Reading {
    index: usize,
    part: Part,
    window: Vec<u8>,
    /// What has been given of the window, and of the part.
    at: usize,
    given: u64,
}

/// Where the next part begins: parts are as long as they turn out to be, so each has room for any.
const STRIDE: u64 = 1 << 40;

/// Between the last part and the directory. Readers look for the end of the directory in the last 64 KiB.
const GAP: usize = 1 << 17;

/// Checks the directory of a zip archive alone, before anything else looks at it.
///
/// # Errors
///
/// As [`Container::open`].
pub(crate) fn check_directory(reader: &mut (impl Read + Seek), caps: &Caps) -> io::Result<()> {
    directory::read(reader, caps).map(|_| ())
}

impl<R: Read + Seek> Container<R> {
    /// Checks the shared strings of a zip archive as well, since calamine reserves memory by their count.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] inside the error if the archive breaks a cap or a rule; otherwise what the reader says.
    #[cfg(any(test, feature = "legacy"))]
    pub(crate) fn open(mut reader: R, caps: &Caps) -> io::Result<Container<R>> {
        let archive = Arc::new(Archive::open(&mut reader, caps)?);
        let mut container = Container::new(archive, reader);
        let archive = container.archive.clone();
        for index in (0..archive.entries.len()).filter(|index| archive.key(*index).ends_with(STRINGS)) {
            let mut windows = Windows::begin(&archive, index, &mut container.reader)?;
            let mut window = Vec::new();
            while windows.next(&mut window)? {}
        }
        Ok(container)
    }

    /// An archive without its strings, which does not give all that it is asked for; see [`Questions`].
    pub(crate) fn asked(archive: Arc<Archive>, reader: R, questions: Questions) -> Container<R> {
        Container { questions: Some(questions), ..Container::new(archive, reader) }
    }

    fn new(archive: Arc<Archive>, reader: R) -> Container<R> {
        let tail = directory::stored(&archive.entries, STRIDE, GAP);
        Container { reader, archive, questions: None, tail, position: 0, part: None }
    }

    fn read_part(&mut self, index: usize, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        if let Some(questions) = &self.questions {
            let mut asked = questions.lock();
            if offset == 0 {
                asked.parts.push(index);
            }
            if asked.is_silent {
                return Err(io::Error::from(io::ErrorKind::Unsupported));
            }
            if self.archive.key(index).ends_with(STRINGS) {
                return Ok(copy(NO_STRINGS, offset, out));
            }
        }
        if !self.part.as_ref().is_some_and(|part| part.index == index && part.given == offset) {
            if offset != 0 {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "parts are read from their start"));
            }
            let part = self.archive.begin(index)?;
            self.part = Some(Reading { index, part, window: Vec::new(), at: 0, given: 0 });
        }
        let part = self.part.as_mut().expect("it was set above");
        let result = part.read(&mut self.reader, out);
        if result.is_err() {
            self.part = None;
        }
        result
    }
}

impl Reading {
    /// Gives out what there is, or the next window.
    fn read(&mut self, reader: &mut (impl Read + Seek), out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.window.len() {
            self.at = 0;
            if !self.part.fill(reader, &mut self.window)? {
                return Ok(0);
            }
        }
        let length = copy(&self.window, self.at as u64, out);
        self.at += length;
        self.given += length as u64;
        Ok(length)
    }
}

impl<R: Read + Seek> Read for Container<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let index = usize::try_from(self.position / STRIDE).unwrap_or(usize::MAX);
        let offset = self.position % STRIDE;
        let read = if index >= self.archive.entries.len() {
            let start = self.position - self.archive.entries.len() as u64 * STRIDE;
            copy(&self.tail, start, out)
        } else {
            let header = self.archive.entries[index].stored_header();
            match offset.checked_sub(header.len() as u64) {
                Some(offset) => self.read_part(index, offset, out)?,
                None => copy(&header, offset, out),
            }
        };
        self.position += read as u64;
        Ok(read)
    }
}

fn copy(from: &[u8], start: u64, out: &mut [u8]) -> usize {
    let rest = usize::try_from(start).ok().and_then(|start| from.get(start..)).unwrap_or_default();
    let length = rest.len().min(out.len());
    out[..length].copy_from_slice(&rest[..length]);
    length
}

impl<R: Read + Seek> Seek for Container<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let end = self.archive.entries.len() as u64 * STRIDE + self.tail.len() as u64;
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => end.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests;
