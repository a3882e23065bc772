//! The zip container of a workbook, guarded: whatever calamine reads of it went through our caps first.
//!
//! calamine inflates parts by itself, reserves memory by counts that the file states, and holds whole cells, tags and comments.
//! A look at the parts beforehand would inflate the sheets twice. So calamine is given a [`Container`] instead of the file:
//! a zip archive made of the same parts, *stored* instead of deflated, which exists only while it is read. A part is inflated
//! when calamine comes to it, and each window of it passes these checks before calamine sees it:
//!
//! - not more bytes than the directory declares, and the checksum at the end (calamine stops before it, so it never looks);
//! - well-formed nesting, no document type, no tag, text or cell beyond the caps ([`xml`]);
//! - an estimate of what the library keeps of it in memory, which may grow with the size of the file only.
//!
//! The directory is checked at the start ([`directory`]): number of entries, names, ranges within the file, no encryption. The
//! shared strings alone are read beforehand, as calamine reserves memory by the count in their first tag.
//!
//! A fault travels inside [`io::Error`] through calamine; [`Refusal::of`] takes it out of what comes back.
//!
//! Left unguarded: the records of `.xlsb`, which are no XML (only their bytes are counted), repeat counts of `.ods`, and everything
//! of `.xls`, which is no zip. These are read in a worker. `XlsxCellReader::next_cell_with_formula` makes a list as long as a
//! number in the sheet says: use `next_cell_with_formula_metadata`.

mod directory;
mod part;
mod refusal;
mod xml;

use std::io::{self, Read, Seek, SeekFrom};

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

/// A zip archive of stored parts, made of another while it is read; see the module.
///
/// Parts are read from their start. Seeking is free.
pub(crate) struct Container<R> {
    reader: R,
    caps: Caps,
    entries: Vec<Entry>,
    /// `.xlsb` has parts that are no XML.
    has_records: bool,
    /// What stands after the last part: a gap, the directory, its end.
    tail: Vec<u8>,
    position: u64,
    part: Option<Part>,
    /// Parts that have been opened, and the sum of their declared sizes.
    opened: Vec<bool>,
    total: u64,
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
    /// Checks the directory and the shared strings of a zip archive. Reads the directory, the header of each entry, and the
    /// shared strings; takes some 200 bytes of memory for each entry.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] inside the error if the archive breaks a cap or a rule; otherwise what the reader says.
    pub(crate) fn open(mut reader: R, caps: &Caps) -> io::Result<Container<R>> {
        let entries = directory::read(&mut reader, caps)?;
        let has_records = entries.iter().any(Entry::is_workbook_of_records);
        let tail = directory::stored(&entries, STRIDE, GAP);
        let opened = vec![false; entries.len()];
        let mut container =
            Container { reader, caps: *caps, entries, has_records, tail, position: 0, part: None, opened, total: 0 };
        container.count_strings()?;
        Ok(container)
    }

    /// calamine looks for the strings under the folder of the workbook, whatever that is, in any case.
    fn count_strings(&mut self) -> io::Result<()> {
        for index in 0..self.entries.len() {
            if !self.entries[index].key().ends_with("sharedstrings.xml") {
                continue;
            }
            let mut part = self.begin(index)?;
            while part.fill(&mut self.reader)? {}
            if let Some((declared, found)) = part.lying_count() {
                let part = self.entries[index].shown();
                return Err(Refusal::StringCount { part, declared, found }.into());
            }
        }
        Ok(())
    }

    fn begin(&mut self, index: usize) -> io::Result<Part> {
        let entry = &self.entries[index];
        // Names decide nothing else: calamine takes any part for XML that another part points to.
        let is_xml = !(self.has_records && entry.key().ends_with(".bin"));
        let part = Part::begin(entry, is_xml, &self.caps)?;
        if !self.opened[index] {
            self.opened[index] = true;
            self.total = self.total.saturating_add(entry.size());
            if self.total > self.caps.total_bytes {
                return Err(Refusal::TotalTooLarge { limit: self.caps.total_bytes }.into());
            }
        }
        Ok(part)
    }

    fn read_part(&mut self, index: usize, offset: u64, out: &mut [u8]) -> io::Result<usize> {
        let is_next = |part: &Part| part.is_of(&self.entries[index]) && part.given() == offset;
        if !self.part.as_ref().is_some_and(is_next) {
            if offset != 0 {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "parts are read from their start"));
            }
            self.part = Some(self.begin(index)?);
        }
        let part = self.part.as_mut().expect("it was set above");
        let result = part.read(&mut self.reader, out);
        if result.is_err() {
            self.part = None;
        }
        result
    }
}

impl<R: Read + Seek> Read for Container<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        let index = usize::try_from(self.position / STRIDE).unwrap_or(usize::MAX);
        let offset = self.position % STRIDE;
        let read = if index >= self.entries.len() {
            let start = self.position - self.entries.len() as u64 * STRIDE;
            copy(&self.tail, start, out)
        } else {
            let header = self.entries[index].stored_header();
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
        let end = self.entries.len() as u64 * STRIDE + self.tail.len() as u64;
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
